package bus

import (
	"errors"
	"testing"
)

func TestFromPairs(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, sig string
		pairs     []string
		want      string
	}{
		{"none", "int a", nil, `{}`},
		{"order kept", "int a, int b", []string{"b=1", "a=2"}, `{"b":1,"a":2}`},
		{"numbers", "long a, double b", []string{"a=9007199254740993", "b=0.1000"}, `{"a":9007199254740993,"b":0.1000}`},
		{"text where it says text", "String q, string? r", []string{"q=17", "r="}, `{"q":"17","r":""}`},
		{"text is literal", "string q, string e", []string{`q="x"`, "e=a=b"}, `{"q":"\"x\"","e":"a=b"}`},
		{"lists", "int[] a, string[] b", []string{"a=1,2", "b=x, y"}, `{"a":[1,2],"b":["x","y"]}`},
		{"date", "datetime d", []string{"d=today 09:00"}, `{"d":"#T42_DATE#1795248000000"}`},
		{"not in the signature", "int a", []string{"v=true", "w=0.10", "x=007", "y={\"k\": 1}", "z=", "u.v=1"}, `{"v":true,"w":0.10,"x":"007","y":{"k":1},"z":"","u.v":1}`},
		{"composite in parts", clientSignature, []string{"address.city=A", "name=n", "address.street=12"}, `{"address":{"city":"A","street":"12"},"name":"n"}`},
		{"composite as a whole", clientSignature, []string{`address={"street":"s"}`}, `{"address":{"street":"s"}}`},
		{"open composite", clientSignature, []string{"anything.a.b=1"}, `{"anything":{"a.b":1}}`},
		{"items", clientSignature, []string{"contacts[1].kind=2", "contacts[0].kind=1"}, `{"contacts":[{"kind":"1"},{"kind":"2"}]}`},
		{"tuple", clientSignature, []string{"rank.weight=2"}, `{"rank":[null,2]}`},
		{"scalar items", clientSignature, []string{"accountIds[0]=9007199254740993"}, `{"accountIds":[9007199254740993]}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := FromPairs(mustParse(t, tc.sig), true, tc.pairs, testNow)
			if err != nil || string(got) != tc.want {
				t.Errorf("FromPairs(%q) = %s, %v\nwant %s", tc.pairs, got, err, tc.want)
			}
		})
	}
}

func TestFromPairsWithoutSignature(t *testing.T) {
	t.Parallel()
	got, err := FromPairs(nil, false, []string{"a=1.10", "b=x y", "c.d=null", `e="1"`}, testNow)
	if want := `{"a":1.10,"b":"x y","c.d":null,"e":"1"}`; err != nil || string(got) != want {
		t.Errorf("FromPairs = %s, %v, want %s", got, err, want)
	}
}

func TestFromPairsErrors(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		pairs []string
		want  string
	}{
		{[]string{"name"}, `"name" is no key=value`},
		{[]string{"=x"}, `"=x" is no key=value`},
		{[]string{"creditLimit=2.5.1"}, `creditLimit: not a double: a second "." at character 4`},
		{[]string{"creditLimit="}, `creditLimit: not a double: ""`},
		{[]string{"name=a", "name=b"}, "name: given twice"},
		{[]string{"address={\"street\":\"s\"}", "address.street=x"}, "address.street: given as a whole and in parts"},
		{[]string{"address.street=x", "address={\"street\":\"s\"}"}, "address: given as a whole and in parts"},
		{[]string{"contacts[1].kind=x"}, "contacts[0]: missing, while a later item is given"},
		{[]string{"address=12"}, "address: number, wants composite"},
	} {
		got, err := FromPairs(mustParse(t, clientSignature), true, tc.pairs, testNow)
		var input *InputError
		if !errors.As(err, &input) || err.Error() != tc.want {
			t.Errorf("FromPairs(%q) = %s, %v\nwant %s", tc.pairs, got, err, tc.want)
		}
	}
}
