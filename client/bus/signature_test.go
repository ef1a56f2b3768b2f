package bus

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

func TestParseSignature(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, text string
		want       Signature
	}{
		{"empty", "", nil},
		{"blank", " \t\n", nil},
		{"documented", "string name, string[]? titles", Signature{
			{Kind: String, Name: "name"}, {Kind: String, Array: true, Optional: true, Name: "titles"},
		}},
		{"any case", "String symbol, DOUBLE Price, DateTime? at", Signature{
			{Kind: String, Name: "symbol"}, {Kind: Double, Name: "Price"}, {Kind: DateTime, Optional: true, Name: "at"},
		}},
		{"tuple", "tuple: { string name, int age } personalDetails", Signature{
			{Kind: Tuple, Name: "personalDetails", Fields: []Param{{Kind: String, Name: "name"}, {Kind: Int, Name: "age"}}},
		}},
		{"array of composites, tight", "Composite:{String id,bool? ok}[]x", Signature{
			{Kind: Composite, Array: true, Name: "x", Fields: []Param{{Kind: String, Name: "id"}, {Kind: Bool, Optional: true, Name: "ok"}}},
		}},
		{"blank before the modifier", "composite: { string brokerId } [] brokers", Signature{
			{Kind: Composite, Array: true, Name: "brokers", Fields: []Param{{Kind: String, Name: "brokerId"}}},
		}},
		{"modifiers in the other order", "int?[] a", Signature{{Kind: Int, Array: true, Optional: true, Name: "a"}}},
		{"descriptions", "int a (how many, at most 3 (three)), long b()", Signature{
			{Kind: Int, Name: "a", Description: "how many, at most 3 (three)"}, {Kind: Long, Name: "b"},
		}},
		{"open composite", "composite party, composite: {}? other", Signature{
			{Kind: Composite, Name: "party"}, {Kind: Composite, Optional: true, Name: "other"},
		}},
		{"comma at the end", "int a, ", Signature{{Kind: Int, Name: "a"}}},
		{"odd names", "int order-id, int $x, int naïve.пример", Signature{
			{Kind: Int, Name: "order-id"}, {Kind: Int, Name: "$x"}, {Kind: Int, Name: "naïve.пример"},
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := ParseSignature(tc.text)
			if err != nil {
				t.Fatalf("ParseSignature(%q): %v", tc.text, err)
			}
			if !reflect.DeepEqual(got, tc.want) {
				t.Errorf("ParseSignature(%q)\n got %+v\nwant %+v", tc.text, got, tc.want)
			}
			again, err := ParseSignature(got.String())
			if err != nil || !reflect.DeepEqual(again, got) {
				t.Errorf("read again from %q: %+v, %v", got.String(), again, err)
			}
		})
	}
}

func TestParseSignatureErrors(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		text, reason string
		character    int
	}{
		{"strin name", `no type "strin"`, 1},
		{"int a, Fdc3Instrument context", `no type "Fdc3Instrument"`, 8},
		{"int", `no name after "int"`, 4},
		{"String room, Composite:{String id}[]", `no name after "composite[]"`, 37},
		{"int a int b", `wants "," or the end, found "int"`, 7},
		{"int a,, int b", `wants a type, found ","`, 7},
		{"int[][] a", "an array of arrays is not in the grammar", 6},
		{"int[3] a", `wants "]", found "3"`, 5},
		{"int?? a", `a second "?"`, 5},
		{"int a, string a", `the name "a" twice`, 8},
		{"composite: string a", `wants "{", found "string"`, 12},
		{"composite: { int a x", `wants "," or "}", found "x"`, 20},
		{"composite: { int a", `"{" is not closed`, 12},
		{"int a }", `wants "," or the end, found "}"`, 7},
		{"int a (x", `"(" is not closed`, 7},
		{"int ä (x", `"(" is not closed`, 7},
		{strings.Repeat("composite:{", 33), "nested deeper than 32", 363},
		{strings.Repeat(" ", MaxSignature+1), "longer than 65536 bytes", MaxSignature + 1},
	} {
		_, err := ParseSignature(tc.text)
		var syntax *SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("ParseSignature(%.40q) = %v, want a *SyntaxError", tc.text, err)
			continue
		}
		if syntax.Reason != tc.reason || syntax.Character(tc.text) != tc.character {
			t.Errorf("ParseSignature(%.40q) = %q at %d, want %q at %d", tc.text, syntax.Reason, syntax.Character(tc.text), tc.reason, tc.character)
		}
	}
}

func TestParseSignatureCountsEntries(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range MaxSignatureParams + 1 {
		b.WriteString("int a" + strings.Repeat("b", i%7) + string(rune('à'+i)) + ",")
	}
	text := b.String()
	if _, err := ParseSignature(text); err == nil || !strings.Contains(err.Error(), "more than 4096") {
		t.Errorf("%d entries: %v", MaxSignatureParams+1, err)
	}
}

func TestTypeString(t *testing.T) {
	t.Parallel()
	sig, err := ParseSignature("int[]? a, composite: {int x}[] b, datetime c, tuple: {int y} d")
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"int[]", "composite[]", "datetime", "tuple"} {
		if got := sig[i].TypeString(); got != want {
			t.Errorf("TypeString of %v = %q, want %q", sig[i], got, want)
		}
	}
}

func TestParamFor(t *testing.T) {
	t.Parallel()
	sig, err := ParseSignature("string a.b, composite: { string b, composite: {int d}[] c } a, tuple: { int n, int[] m } t")
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"a":        "composite: { string b, composite: { int d }[] c } a",
		"a.b":      "string a.b",
		`["a.b"]`:  "string a.b",
		"a.c":      "composite: { int d }[] c",
		"a.c[3]":   "composite: { int d } c",
		"a.c[3].d": "int d",
		"t.m[0]":   "int m",
	} {
		got, ok := ParamFor(sig, path)
		if !ok || got.String() != want {
			t.Errorf("ParamFor(%q) = %v, %v, want %s", path, got, ok, want)
		}
	}
	for _, path := range []string{"", "x", "a.", "a.x", "a[0]", "a.c[].d", "a.c[-1]", "a.c[01]", "a.c[0]d", "t.m[0][0]"} {
		if got, ok := ParamFor(sig, path); ok {
			t.Errorf("ParamFor(%q) = %v, want none", path, got)
		}
	}
}

// What parses prints to a text that parses to the same, and that text is
// printed unchanged. No input panics or takes long.
func FuzzParseSignature(f *testing.F) {
	for _, s := range []string{
		"", "String Q", "int a, int b", "string name, string[]? titles",
		"tuple: { string name, int age } personalDetails (who (exactly))",
		"Composite: { String topic, Composite: {String id, String text }[] messages }[] history",
		"composite party", "int?[] a,", "composite:{composite:{composite:{", "int a (\u2028 x )",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		sig, err := ParseSignature(s)
		if err != nil {
			var syntax *SyntaxError
			if !errors.As(err, &syntax) || syntax.Offset < 0 || syntax.Offset > len(s) || syntax.Reason == "" {
				t.Fatalf("ParseSignature(%q): %#v", s, err)
			}
			return
		}
		printed := sig.String()
		again, err := ParseSignature(printed)
		if len(printed) > MaxSignature {
			return
		}
		if err != nil || !reflect.DeepEqual(sig, again) || again.String() != printed {
			t.Fatalf("%q parsed to %+v, printed %q, parsed to %+v, %v", s, sig, printed, again, err)
		}
	})
}
