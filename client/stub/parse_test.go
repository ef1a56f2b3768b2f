package stub

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestProblems(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		file, text string
		want       string // a line each
	}{
		"empty":        {"a.yaml", "# nothing\n", "a.yaml: empty; write at least the line application: NAME"},
		"empty json":   {"a.json", " \n", "a.json: empty; write at least the line application: NAME"},
		"no object":    {"a.yaml", "- a", "a.yaml:1: a list, an object is wanted; it has the members application, identity, seed, methods, streams"},
		"no name":      {"a.yaml", "seed: 1", "a.yaml:1: the application has no name; write application: NAME"},
		"yaml":         {"a.yaml", "application: A\nmethods: [\n", "a.yaml:2: did not find expected node content"},
		"tab":          {"a.yaml", "application: A\nmethods:\n\t- name: B", "a.yaml:3: found character that cannot start any token"},
		"two":          {"a.yaml", "application: A\n---\napplication: B", "a.yaml:2: a second document begins here; one application a file"},
		"json":         {"a.json", "{\n \"application\": tru\n}", "a.json:2: invalid character '\\n' in literal true (expecting 'e')"},
		"json cut":     {"a.json", "{\"application\": \"A\",\n\"methods\": [", "a.json:2: the file ends in the middle"},
		"json more":    {"a.json", "{\"application\": \"A\"}\n{}", "a.json:2: something follows the object; one application a file"},
		"not utf8":     {"a.yaml", "application: \xff", "a.yaml: not UTF-8; save it as UTF-8"},
		"number name":  {"a.yaml", "application: 7", `a.yaml:1: application: a number, a text is wanted; put it in quotes: "7"`},
		"misspelled":   {"a.yaml", "application: A\nmethod: []", `a.yaml:2: no member "method" is known here; is methods meant?`},
		"unknown":      {"a.yaml", "application: A\nport: 1", `a.yaml:2: no member "port" is known here; there are application, identity, seed, methods, streams`},
		"twice":        {"a.yaml", "application: A\napplication: B", "a.yaml:2: application: stands twice, first in line 1; take one away"},
		"no list":      {"a.yaml", "application: A\nmethods: {name: B}", "a.yaml:2: methods: an object, a list is wanted; put a - before each item"},
		"seed":         {"a.yaml", "application: A\nseed: -1", "a.yaml:2: seed: a whole number from 0 on is wanted"},
		"identity":     {"a.yaml", "application: A\nidentity: EMEA", "a.yaml:2: identity: a text, an object is wanted; such as {region: EMEA}"},
		"method name":  {"a.yaml", aMethod("value: 1"), "a.yaml:3: methods[0]: the name is missing; write name: NAME"},
		"taken":        {"a.yaml", aMethod("name: M") + "  - name: M\n", `a.yaml:4: methods[1].name: "M" is taken in line 3; an application offers a name once`},
		"taken stream": {"a.yaml", aMethod("name: M") + "streams: [{name: M}]\n", `a.yaml:4: streams[0].name: "M" is taken in line 3; an application offers a name once`},
		"two answers":  {"a.yaml", aMethod("name: M, value: 1, error: no"), "a.yaml:3: methods[0].error: stands beside value; one of answers, value, jq, error is enough"},
		"when outside": {"a.yaml", aMethod("name: M, when: .a, value: 1"), `a.yaml:3: methods[0]: no member "when" is known here; there are name, displayName, description, accepts, returns, objectTypes, version, flags, restrictions, after, value, jq, error, answers`},
		"after list":   {"a.yaml", aMethod("name: M, after: 1s, answers: [{value: 1}]"), "a.yaml:3: methods[0].after: stands beside answers; move it into each of the answers"},
		"duration":     {"a.yaml", aMethod("name: M, after: 2 seconds"), `a.yaml:3: methods[0].after: "2 seconds" is no duration; it looks like 500ms, 2s or 1m30s`},
		"negative":     {"a.yaml", aMethod("name: M, after: -2s"), `a.yaml:3: methods[0].after: -2s is too short; the least is 0s`},
		"refusal":      {"a.yaml", aMethod("name: M, error: {context: 1}"), "a.yaml:3: methods[0].error: neither reason nor uri; write reason: TEXT"},
		"jq":           {"a.yaml", aMethod("name: M, jq: '{a: .b'"), `a.yaml:3: methods[0].jq: jq: unexpected EOF at ""`},
		"jq function":  {"a.yaml", aMethod("name: M, jq: nosuch"), "a.yaml:3: methods[0].jq: jq: function not defined: nosuch/0"},
		"jq variable":  {"a.yaml", aMethod("name: M, jq: $args.a"), "a.yaml:3: methods[0].jq: jq: variable not defined: $args; there are $caller and $n"},
		"jq block":     {"a.yaml", "application: A\nmethods:\n  - name: M\n    jq: |\n      {a: 1,\n       b: }\n", `a.yaml:6: methods[0].jq: jq: unexpected token "}" at "}"`},
		"merge":        {"a.yaml", "application: A\nmethods:\n  - name: M\n    value:\n      <<: {a: 1}", "a.yaml:5: methods[0].value: << is not taken here; write the members out"},
		"key twice":    {"a.yaml", aMethod(`name: M, value: {a: 1, "a": 2}`), `a.yaml:3: methods[0].value: the key "a" twice`},
		"infinity":     {"a.yaml", aMethod(`name: M, value: .inf`), `a.yaml:3: methods[0].value: .inf is no number that JSON can say`},
		"bomb":         {"a.yaml", bomb, "a.yaml:3: identity: too large, or nested too deep\na.yaml:3: methods[0].value: too large, or nested too deep"},
		"rule":         {"a.yaml", aStream("accept: [{reject: no, branch: .a}]"), "a.yaml:3: streams[0].accept[0].reject: stands beside branch; one of branch, reject is enough"},
		"nothing sent": {"a.yaml", aStream("data: [{every: 1s}]"), "a.yaml:3: streams[0].data[0]: nothing to send; write value: or jq:"},
		"no object 2":  {"a.yaml", aStream("data: [{value: 7}]"), "a.yaml:3: streams[0].data[0].value: a number, an object is wanted; data is one on this bus; write {value: …}"},
		"too often":    {"a.yaml", aStream("data: [{every: 1us, value: {}}]"), "a.yaml:3: streams[0].data[0].every: 1us is too short; the least is 1ms"},
		"times":        {"a.yaml", aStream("data: [{times: 2, value: {}}]"), "a.yaml:3: streams[0].data[0].times: stands without every; write every: 1s, or take it away"},
		"private":      {"a.yaml", aStream("data: [{private: 1, value: {}}]"), "a.yaml:3: streams[0].data[0].private: a number, true or false is wanted"},
		"close":        {"a.yaml", aStream("close: {}"), "a.yaml:3: streams[0].close: after is missing; write after: 10s"},
		"all of them":  {"a.yaml", "methods: 1\nseed: x\nstream: 2", "a.yaml:1: methods: a number, a list is wanted; put a - before each item\na.yaml:1: the application has no name; write application: NAME\na.yaml:2: seed: a whole number from 0 on is wanted\na.yaml:3: no member \"stream\" is known here; is streams meant?"},
	} {
		_, err := Parse(c.file, []byte(c.text))
		var problems Problems
		if !errors.As(err, &problems) || problems.Error() != c.want {
			t.Errorf("%s:\ngot  %v\nwant %s", name, err, c.want)
		}
	}
}

func aMethod(members string) string { return "application: A\nmethods:\n  - {" + members + "}\n" }

func aStream(members string) string {
	return "application: A\nstreams:\n  - {name: S, " + members + "}\n"
}

// bomb grows tenfold with each line.
var bomb = func() string {
	b := "application: A\nidentity:\n  a: &a [0,0,0,0,0,0,0,0,0,0]\n"
	for _, c := range "bcdef" {
		one := "*" + string(c-1)
		b += "  " + string(c) + ": &" + string(c) + " [" + strings.Repeat(one+",", 9) + one + "]\n"
	}
	return b + "methods:\n  - {name: M, value: *f}\n"
}()

func TestNotes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"application: A":                                                 "a.yaml:1: it has neither methods nor streams",
		aMethod("name: M, accepts: strin id"):                            `a.yaml:3: methods[0].accepts: can't be read: no type "strin" at character 1; it is announced as it is`,
		aMethod(`name: M, returns: int a, value: {a: x}`):                "a.yaml:3: methods[0].value: does not fit the signature: a: string, wants int; it is returned as it is",
		aMethod(`name: M, returns: int a, value: 7`):                     "a.yaml:3: methods[0].value: a number where the signature returns int a; it goes as {_value: …}",
		aStream("accept: [{}, {reject: never}], data: [{value: {}}]"):    "a.yaml:3: streams[0].accept: never reached: the rule before has no when; move that one to the end",
		aMethod(`name: M, returns: int a, answers: [{value: {a: 1.5}}]`): "a.yaml:3: methods[0].answers[0].value: does not fit the signature: a: 1.5, wants int; it is returned as it is",
		aMethod(`name: M, value: {a: 1}`):                                "",
	} {
		a, err := Parse("a.yaml", []byte(text))
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := Problems(a.Notes).Error(); got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", text, got, want)
		}
	}
}

// TestValues: what stands in a file goes out as JSON, digit by digit.
func TestValues(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ file, value, want string }{
		{"a.yaml", `{n: 12345678901234567890.10, h: 0x1F, u: 1_000, p: +3, d: .5}`, `{"n":12345678901234567890.10,"h":31,"u":1000,"p":3,"d":0.5}`},
		{"a.yaml", `{d: 2026-11-21, y: yes, t: True, z: ~, q: "7", s: "<&>"}`, `{"d":"2026-11-21","y":"yes","t":true,"z":null,"q":"7","s":"<&>"}`},
		{"a.yaml", `[&a {x: 1}, *a]`, `[{"x":1},{"x":1}]`},
		{"a.json", `{"n": 9007199254740993, "f": 1.50, "e": 1e400, "s": "\ud83d\ude00\/", "l": [true, null]}`, `{"n":9007199254740993,"f":1.50,"e":1e400,"s":"😀/","l":[true,null]}`},
	} {
		text := aMethod("name: M, value: " + c.value)
		if c.file == "a.json" {
			text = `{"application": "A", "methods": [{"name": "M", "value": ` + c.value + `}]}`
		}
		a, err := Parse(c.file, []byte(text))
		if err != nil {
			t.Errorf("%s: %v", c.value, err)
			continue
		}
		if got := string(a.methods[0].answers[0].value); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

func TestLoad(t *testing.T) {
	t.Parallel()
	a, err := Load("testdata/accounts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if a.Name != "Accounts" || a.Methods() != 4 || a.Streams() != 1 || len(a.Notes) > 0 || a.Identity["region"] != "EMEA" {
		t.Errorf("read %+v", a)
	}
	gone := filepath.Join(t.TempDir(), "none.yaml")
	if _, err := Load(gone); !errors.Is(err, os.ErrNotExist) || strings.Count(err.Error(), gone) != 1 {
		t.Errorf("of a file that is not there: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	example, err := os.ReadFile("testdata/accounts.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add("a.yaml", string(example))
	f.Add("a.json", `{"application": "A", "methods": [{"name": "M", "value": 1.50}]}`)
	f.Add("a.yaml", bomb)
	f.Add("a.yaml", "application: &a [*a]")
	f.Add("a.yaml", aStream("accept: [{when: 1, branch: .a}]"))
	f.Fuzz(func(t *testing.T, name, text string) {
		a, err := Parse(name, []byte(text))
		var problems Problems
		switch {
		case err == nil && a.Name == "":
			t.Error("an application without a name")
		case err != nil && (!errors.As(err, &problems) || len(problems) == 0):
			t.Errorf("an error without a problem: %v", err)
		}
	})
}
