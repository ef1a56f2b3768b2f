package model

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestRepairJSON(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want, said string }{
		{`{"a": 1}`, `{"a": 1}`, ""},
		{"{\n  \"a\": 1,\n}", "{\n  \"a\": 1\n}", "1 trailing comma"},
		{`{'a': 'it\'s', "b": [1, 2,],}`, `{"a": "it's", "b": [1, 2]}`, "4 single quotes, 2 trailing commas"},
		{`{a: 1, $b_2: "x", c-d: true}`, `{"a": 1, "$b_2": "x", "c-d": true}`, "3 unquoted keys"},
		{"{\"a\": 1, // one\n \"b\": /* two */ 2 # three\n}", "{\"a\": 1, \n \"b\":  2 \n}", "3 comments"},
		{`{"a": True, "b": None, "c": undefined, "d": False}`, `{"a": true, "b": null, "c": null, "d": false}`, "True as true, None as null, undefined as null, False as false"},
		{`{"a": [1, {"b": 2`, `{"a": [1, {"b": 2}]}`, "3 brackets not closed"},
		{`{"a": [1, 2}`, `{"a": [1, 2]}`, "1 bracket not closed"},
		{`{“a”: “b”, ‘c’: «d»}`, `{"a": "b", "c": "d"}`, "8 smart quotes"},
		{`{"a": 25000.5.1}`, `{"a": 25000.51}`, "25000.5.1 as 25000.51"},
		{
			`{"a": +3, "b": .5, "c": 5., "d": 0x1F, "e": 1_000, "f": 9007199254740993n}`, `{"a": 3, "b": 0.5, "c": 5, "d": 31, "e": 1000, "f": 9007199254740993}`,
			"+3 as 3, .5 as 0.5, 5. as 5, 0x1F as 31, 1_000 as 1000, 9007199254740993n as 9007199254740993",
		},
		{`{"a": 0xFFFFFFFFFFFFFFFFFF,}`, `{"a": 4722366482869645213695}`, "0xFFFFFFFFFFFFFFFFFF as 4722366482869645213695, 1 trailing comma"},
		{`{"a": 9007199254740993123456789.10, "b": 1E400,}`, `{"a": 9007199254740993123456789.10, "b": 1E400}`, "1 trailing comma"},
		{"{\"a\": 1\n \"b\": [1 2]}", "{\"a\": 1,\n \"b\": [1, 2]}", "2 missing commas"},
		{`{"a": 1,, "b": 2}`, `{"a": 1, "b": 2}`, "1 comma too many"},
		{"```json\n{\"a\": 1}\n```", "{\"a\": 1}", "1 text around it"},
		{`const order = {"a": 1};`, `{"a": 1}`, "1 text around it, 1 semicolon"},
		{`callback({"a": 1});`, `{"a": 1}`, "1 text around it"},
		{`a: 1, b: x`, `{"a": 1, "b": "x"}`, "2 brackets missing, 2 unquoted keys, 1 unquoted text"},
		{`{"a": 1}}`, `{"a": 1}`, "1 bracket too many"},
		{`{"a" => 1, "b" = 2}`, `{"a" : 1, "b" : 2}`, "=> as :, = as :"},
		{"{\"a\": \"x\ny\tz\"}", `{"a": "x\ny\tz"}`, "1 broken line, 1 tab in a text"},
		{"{\"a\": \"x,\n \"b\": 2}", "{\"a\": \"x\",\n \"b\": 2}", "1 text not closed"},
		{`{"a": "b`, `{"a": "b"}`, "1 text not closed, 1 bracket not closed"},
		{`{"a": "C:\data"}`, `{"a": "C:\\data"}`, "1 lone backslash"},
		{`{"a": '\x41"'}`, `{"a": "\u0041\""}`, "1 escape of another language, 2 single quotes"},
		{`{"a": (1, 2), "u": u'x'}`, `{"a": [1, 2], "u": "x"}`, "1 tuple, 1 prefix of a text, 2 single quotes"},
		{`{"name": Northwind Traders, "url": http://x.example/y}`, `{"name": "Northwind Traders", "url": "http://x.example/y"}`, "2 unquoted texts"},
		{"{\u00a0\"a\":\u00a01}", `{ "a": 1}`, "2 odd blanks"},
	} {
		got, mends, err := RepairJSON(c.text)
		if err != nil || strings.TrimSpace(got) != c.want || mends.String() != c.said {
			t.Errorf("%s\n got %s, %q, %v\nwant %s, %q", c.text, got, mends, err, c.want, c.said)
		}
	}
}

// What would be a guess stays as it is, and the reason says where.
func TestRepairJSONCant(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, reason string
		line, column int
	}{
		{``, "empty; {} is an object without values", 1, 1},
		{`["a"]`, "wants an object {...}", 1, 1},
		{`hello`, "wants an object {...}", 1, 1},
		{"{a: 1,\n b: NaN}", "NaN is no number that JSON has", 2, 5},
		{`{a: 007}`, "a number with a 0 in front; a text needs quotes", 1, 5},
		{`{a: 2026-11-21}`, `a "-" in a number`, 1, 9},
		{`{a: new Date()}`, `new Date() is code`, 1, 5},
		{`{a: ObjectId("1")}`, `ObjectId( is code; its value is wanted`, 1, 5},
		{`{a: 1} {b: 2}`, `"{" after the end`, 1, 8},
		{`{a: 1, a: 2}`, `the name "a" twice`, 1, 0},
		{`{"a" 1}`, `a ":" is missing before "1"`, 1, 6},
		{`{a: 1e}`, `a digit is missing in a number`, 1, 0},
		{`{a: -}`, `a digit is missing in a number`, 1, 0},
	} {
		got, mends, err := RepairJSON(c.text)
		if got != c.text || mends != nil || err == nil {
			t.Errorf("%s was made %s, %q, %v", c.text, got, mends, err)
			continue
		}
		if !strings.Contains(err.Reason, c.reason) || err.Line != c.line || c.column > 0 && err.Column != c.column {
			t.Errorf("%s: %+v, want %d:%d %s", c.text, err, c.line, c.column, c.reason)
		}
	}
}

// What is JSON already is never touched, and what was repaired is JSON.
func FuzzRepairJSON(f *testing.F) {
	for _, s := range []string{`{"a":1}`, `{a:'b',}`, `{"a": 1.2.3 /* x`, `a=1`, "{\"a\": \"x\n\"b\":", `[(`, `{“a”`, "```{}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, mends, err := RepairJSON(text)
		if err != nil {
			if got != text || mends != nil {
				t.Fatalf("%q fails and changes: %q", text, got)
			}
			return
		}
		if !json.Valid([]byte(got)) {
			t.Fatalf("%q became %q, which is no JSON", text, got)
		}
		if checkJSON(text) == nil && got != text {
			t.Fatalf("%q was whole and became %q", text, got)
		}
		if got != text && len(mends) == 0 {
			t.Fatalf("%q became %q, and nothing is said", text, got)
		}
		if again, more, err := RepairJSON(got); again != got || more != nil || err != nil {
			t.Fatalf("%q is repaired again: %q, %v", got, again, err)
		}
	})
}
