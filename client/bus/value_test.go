package bus

import (
	"encoding/json"
	"strings"
	"testing"
)

const clientSignature = "string name, string? segment, composite: { string street, string? postcode } address, " +
	"composite: { string kind, string value }[] contacts, double creditLimit, datetime? since, bool active, long[]? accountIds, " +
	"tuple: { string label, int? weight }? rank, composite? anything"

func mustParse(t testing.TB, s string) Signature {
	t.Helper()
	sig, err := ParseSignature(s)
	if err != nil {
		t.Fatal(err)
	}
	return sig
}

func TestCheck(t *testing.T) {
	t.Parallel()
	const whole = `"name":"n","address":{"street":"s"},"contacts":[],"creditLimit":1.5,"active":true`
	for _, tc := range []struct{ name, raw, want string }{
		{"fits", "{" + whole + "}", ""},
		{"optional null", "{" + whole + `,"segment":null,"since":null,"accountIds":null}`, ""},
		{"dates", "{" + whole + `,"since":"#T42_DATE#1795248000000"}`, ""},
		{"ISO date", "{" + whole + `,"since":"2026-11-21T09:00:00+01:00"}`, ""},
		{"day", "{" + whole + `,"since":"2026-11-21"}`, ""},
		{"no date", "{" + whole + `,"since":"21 Nov 2026"}`, "since: string, wants datetime"},
		{"huge double", `{"name":"n","address":{"street":"s"},"contacts":[],"creditLimit":1e400,"active":true}`, ""},
		{"long", "{" + whole + `,"accountIds":[9007199254740993,9223372036854775807,-9223372036854775808]}`, ""},
		{"too long", "{" + whole + `,"accountIds":[1,9223372036854775808]}`, "accountIds[1]: 9223372036854775808, wants long"},
		{"fraction", "{" + whole + `,"accountIds":[2.0]}`, "accountIds[0]: 2.0, wants long"},
		{"tuple", "{" + whole + `,"rank":["x",3]}`, ""},
		{"tuple without its optional", "{" + whole + `,"rank":["x"]}`, ""},
		{"tuple, short", "{" + whole + `,"rank":[]}`, "rank.label: missing, wants string"},
		{"tuple, long", "{" + whole + `,"rank":["x",1,true]}`, "rank[2]: extra: not in the signature"},
		{"tuple as object", "{" + whole + `,"rank":{"label":"x"}}`, "rank: object, wants tuple"},
		{"open composite", "{" + whole + `,"anything":{"a":[1]}}`, ""},
		{"open composite, list", "{" + whole + `,"anything":[]}`, "anything: array, wants composite"},
		{
			"all missing", "{}",
			"name: missing, wants string; address: missing, wants composite; contacts: missing, wants composite[]; " +
				"creditLimit: missing, wants double; active: missing, wants bool",
		},
		{
			"types", `{"name":1,"address":{"street":null,"x":1},"contacts":[{"kind":"k"},7],"creditLimit":"1","active":"true","vip":true}`,
			"name: number, wants string; address.street: null, wants string; address.x: extra: not in the signature; " +
				"contacts[0].value: missing, wants string; contacts[1]: number, wants composite; " +
				"creditLimit: string, wants double; active: string, wants bool; vip: extra: not in the signature",
		},
		{"a key twice", `{"name":"a","name":"b"}`, `the key "name" twice, wants object`},
		{"no object", `[1]`, "array, wants object"},
		{"no JSON", `{"a":`, "no JSON, wants object"},
		{"nothing", ``, "no JSON, wants object"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			sig := mustParse(t, clientSignature)
			var got []string
			for _, p := range Check(sig, json.RawMessage(tc.raw)) {
				got = append(got, p.String())
			}
			if joined := strings.Join(got, "; "); joined != tc.want {
				t.Errorf("Check(%s)\n got %s\nwant %s", tc.raw, joined, tc.want)
			}
		})
	}
}

func TestCheckIsBounded(t *testing.T) {
	t.Parallel()
	raw := `{"a":[` + strings.Repeat(`"x",`, 50_000) + `"x"]}`
	if got := len(Check(mustParse(t, "int[] a"), json.RawMessage(raw))); got != MaxProblems {
		t.Errorf("%d problems, want %d", got, MaxProblems)
	}
}

func TestMerge(t *testing.T) {
	t.Parallel()
	got, err := Merge(json.RawMessage(`{"a":1,"b":{"x":1.10,"y":2},"c":[1]}`), json.RawMessage(`{"b":{"y":3,"z":4},"c":{"k":1},"d":9007199254740993}`))
	if want := `{"a":1,"b":{"x":1.10,"y":3,"z":4},"c":{"k":1},"d":9007199254740993}`; err != nil || string(got) != want {
		t.Errorf("Merge = %s, %v, want %s", got, err, want)
	}
	odd := "{ \"a\" : 1 , \"\\ud800\" : {\"x\xff\":2} }"
	if got, err := Merge(json.RawMessage(odd), json.RawMessage(`{}`)); err != nil || string(got) != strings.ReplaceAll(odd, " ", "") {
		t.Errorf("Merge = %q, %v", got, err)
	}
	for _, bad := range []string{`[]`, `{`, ``, `{"a":1,"a":2}`, `{} {}`} {
		if got, err := Merge(json.RawMessage(bad), json.RawMessage(`{}`)); err == nil {
			t.Errorf("Merge(%s, {}) = %s, want an error", bad, got)
		}
	}
}
