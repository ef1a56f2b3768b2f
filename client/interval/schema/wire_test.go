package schema

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// rpc is a message of a recorded conversation.
type rpc struct {
	Kind, MethodName string
	Data             struct {
		IOCall, Value, Result, Page *string
	}
}

// recorded gives each message of the recordings of the real parties.
func recorded(t testing.TB, each func(file string, line int, m rpc)) {
	t.Helper()
	files, err := filepath.Glob("../testdata/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatalf("recordings: %v, %d files", err, len(files))
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(bytes.NewReader(text))
		lines.Buffer(nil, 1<<20)
		for n := 1; lines.Scan(); n++ {
			var l struct{ Data string }
			var m rpc
			if json.Unmarshal(lines.Bytes(), &l) == nil && json.Unmarshal([]byte(l.Data), &m) == nil {
				each(filepath.Base(name), n, m)
			}
		}
	}
}

// bare drops what says nothing: undefined, and null where absence means the
// same.
func bare(v any) any {
	switch v := v.(type) {
	case Record:
		out := Record{}
		for _, m := range v {
			if !Missing(m.Value) || m.Name == "title" || m.Name == "description" || m.Name == "fileUrls" {
				out = append(out, Member{m.Name, bare(m.Value)})
			}
		}
		return out
	case List:
		out := List{}
		for _, item := range v {
			out = append(out, bare(item))
		}
		return out
	}
	return v
}

// TestRecordedRenders reads every render of the real SDK and writes it again:
// nothing may be lost.
func TestRecordedRenders(t *testing.T) {
	t.Parallel()
	seen := map[Method]bool{}
	recorded(t, func(file string, line int, m rpc) {
		if m.MethodName != "SEND_IO_CALL" || m.Data.IOCall == nil {
			return
		}
		r, err := DecodeRender([]byte(*m.Data.IOCall))
		if err != nil {
			t.Errorf("%s:%d: %v", file, line, err)
			return
		}
		for i := range r.Components {
			seen[r.Components[i].Method()] = true
			if !r.Components[i].Method().Known() {
				t.Errorf("%s:%d: unknown %s", file, line, r.Components[i].Method())
			}
		}
		text, err := r.Encode()
		if err != nil {
			t.Errorf("%s:%d: encode: %v", file, line, err)
			return
		}
		compare(t, file, line, text, []byte(*m.Data.IOCall))
	})
	for _, m := range Methods() {
		// The SDK offers no list of progress, and credentials are refused.
		if !seen[m] && m != CredentialsMethod && m != DisplayProgressThroughListMethod {
			t.Errorf("no recording shows %s", m)
		}
	}
}

// compare looks at what two renders say, notes applied.
func compare(t *testing.T, file string, line int, got, want []byte) {
	t.Helper()
	g, w := noted(t, got), noted(t, want)
	if !Equal(g, w) {
		t.Errorf("%s:%d: written again:\n got %s\nwant %s", file, line, got, want)
	}
}

func noted(t *testing.T, text []byte) any {
	t.Helper()
	v, err := parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return bare(applyPropsMeta(v))
}

// applyPropsMeta replaces props and propsMeta by what both say.
func applyPropsMeta(v any) any {
	switch v := v.(type) {
	case List:
		for i := range v {
			v[i] = applyPropsMeta(v[i])
		}
	case Record:
		out := Record{}
		meta, _ := v.Get("propsMeta")
		for _, m := range v {
			switch m.Name {
			case "props":
				out = append(out, Member{"props", annotate(m.Value, meta)})
			case "propsMeta":
			default:
				out = append(out, Member{m.Name, applyPropsMeta(m.Value)})
			}
		}
		return out
	}
	return v
}

func TestRecordedResponses(t *testing.T) {
	t.Parallel()
	n := 0
	recorded(t, func(file string, line int, m rpc) {
		if m.MethodName != "IO_RESPONSE" || m.Data.Value == nil || file == "rpc-errors.jsonl" {
			return
		}
		r, err := DecodeResponse([]byte(*m.Data.Value))
		if err != nil {
			if file != "bad-values.jsonl" {
				t.Errorf("%s:%d: %v", file, line, err)
			}
			return
		}
		n++
		text, err := r.Encode()
		if err != nil {
			t.Fatal(err)
		}
		again, err := DecodeResponse(text)
		if err != nil || !Equal(List(again.Values), List(r.Values)) || again.Kind != r.Kind {
			t.Errorf("%s:%d: %v\n got %s\nwant %s", file, line, err, text, *m.Data.Value)
		}
	})
	if n < 100 {
		t.Errorf("only %d responses", n)
	}
}

func TestRecordedResultsAndPages(t *testing.T) {
	t.Parallel()
	results, pages := 0, 0
	recorded(t, func(file string, line int, m rpc) {
		if m.Data.Result != nil {
			results++
			r, err := DecodeResult([]byte(*m.Data.Result))
			if err != nil {
				t.Fatalf("%s:%d: %v", file, line, err)
			}
			text, err := r.Encode()
			again, err2 := DecodeResult(text)
			if err != nil || err2 != nil || again.Status != r.Status || !Equal(again.Data, r.Data) {
				t.Errorf("%s:%d: %v %v\n got %s\nwant %s", file, line, err, err2, text, *m.Data.Result)
			}
		}
		if m.Data.Page != nil {
			pages++
			l, err := DecodeLayout([]byte(*m.Data.Page))
			if err != nil {
				t.Fatalf("%s:%d: %v", file, line, err)
			}
			text, err := l.Encode()
			if err != nil {
				t.Fatal(err)
			}
			compare(t, file, line, text, []byte(*m.Data.Page))
		}
	})
	if results < 100 || pages < 10 {
		t.Errorf("only %d results and %d pages", results, pages)
	}
}

func TestNotes(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, meta string }{
		{`"2024-03-01T12:00:00.000Z"`, `{"values":["Date"]}`},
		{`null`, `{"values":["undefined"]}`},
		{`{"when":"2024-03-01T12:00:00.000Z","u":null}`, `{"values":{"when":["Date"],"u":["undefined"]}}`},
		{`[1,"2024-03-01T12:00:00.000Z"]`, `{"values":{"1":["Date"]}}`},
		{`{"a":{"b":[{"c":"2024-03-01T12:00:00.000Z"}]}}`, `{"values":{"a.b.0.c":["Date"]}}`},
		{`"12"`, `{"values":["bigint"]}`},
		{`"NaN"`, `{"values":["number"]}`},
		{`"-0"`, `{"values":["number"]}`},
		{`["2024-03-01T12:00:00.000Z",1]`, `{"values":["set",{"0":["Date"]}]}`},
		{`[["k","2024-03-01T12:00:00.000Z"]]`, `{"values":["map",{"0.1":["Date"]}]}`},
		{`"/a+/gi"`, `{"values":["regexp"]}`},
		{`{"a.b":"1"}`, `{"values":{"a\\.b":["bigint"]}}`},
		{`{"big":12345678901234567890.000000000001}`, ``},
	}
	for _, test := range tests {
		v, err := Decode([]byte(test.text), []byte(test.meta))
		if err != nil {
			t.Fatal(err)
		}
		text, meta, err := Encode(v)
		if err != nil || string(text) != test.text || string(meta) != test.meta {
			t.Errorf("%s %s: %v, written as %s %s", test.text, test.meta, err, text, meta)
		}
	}
	for _, strange := range []string{
		`{"values":{"a.b":["Date"]}}`, `{"values":{"x.y.z":["Date"]}}`, `{"values":["nonsense"]}`, `{"values":7}`, `[]`,
	} {
		v, err := Decode([]byte(`{"a.b":"no date"}`), []byte(strange))
		if err != nil || !Equal(v, Record{{"a.b", "no date"}}) {
			t.Errorf("%s: %v, %v", strange, v, err)
		}
	}
	v, err := Decode([]byte(`{"a.b":"7"}`), []byte(`{"values":{"a.b":["bigint"]}}`))
	if got := v.(Record)[0].Value; err != nil || Text(got) != "7" || Equal(got, "7") {
		t.Errorf("a path without its backslash: %T", got)
	}
}

func TestShapes(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{"no json", `{`, "render: unexpected EOF"},
		{"two values", `{} {}`, "render: text after the end of json"},
		{"no id", `{"inputGroupKey":"k","toRender":[],"kind":"RENDER"}`, "render: id: want a value, got nothing"},
		{"id", `{"id":7,"inputGroupKey":"k","toRender":[],"kind":"RENDER"}`, "render: id: want text, got number 7"},
		{"empty", `{"id":"1","inputGroupKey":"k","toRender":[],"kind":"RENDER"}`, "render: toRender: want a component at least, got none"},
		{"list", `{"id":"1","inputGroupKey":"k","toRender":{},"kind":"RENDER"}`, "render: toRender: want list, got object"},
		{"kind", `{"id":"1","inputGroupKey":"k","toRender":[],"kind":"X"}`, `render: kind: want RENDER, got text "X"`},
		{
			"props", `{"id":"1","inputGroupKey":"k","toRender":[{"methodName":"INPUT_TEXT","label":"L","props":{"minLength":"x"}}],"kind":"RENDER"}`,
			`render: INPUT_TEXT "L" (component 1): props: minLength: want whole number, got text "x"`,
		},
		{
			"deep", `{"id":"1","inputGroupKey":"k","toRender":` + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + `,"kind":"RENDER"}`,
			"render: nested too deeply",
		},
	}
	for _, test := range tests {
		_, err := DecodeRender([]byte(test.text))
		if err == nil || err.Error() != test.want {
			t.Errorf("%s: %v, want %s", test.name, err, test.want)
		}
	}
	r, err := DecodeRender([]byte(`{"id":"1","inputGroupKey":"k","toRender":[{"methodName":"INPUT_FUTURE","label":"L","props":{"a":1}}],"kind":"RENDER"}`))
	if err != nil || r.Components[0].Method() != "INPUT_FUTURE" || Check(&r.Components[0], "x") == nil {
		t.Errorf("a component of the future: %+v, %v", r, err)
	}
	r, err = DecodeRender([]byte(`{"id":"1","inputGroupKey":"k","toRender":[{"methodName":"CONFIRM","label":"L","props":null}],"continueButton":{},"kind":"RENDER"}`))
	if err != nil || len(r.Buttons) != 1 || r.Buttons[0].Value != "Continue" {
		t.Errorf("an old continue button: %+v, %v", r, err)
	}
}

func FuzzRender(f *testing.F) {
	recorded(f, func(_ string, _ int, m rpc) {
		if m.Data.IOCall != nil && len(*m.Data.IOCall) < 2000 {
			f.Add([]byte(*m.Data.IOCall))
		}
	})
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := DecodeRender(text)
		if err != nil {
			return
		}
		first, err := r.Encode()
		if err != nil {
			t.Fatalf("read but not written: %v", err)
		}
		again, err := DecodeRender(first)
		if err != nil {
			t.Fatalf("written but not read: %v\n%s", err, first)
		}
		second, err := again.Encode()
		if err != nil || !bytes.Equal(first, second) {
			t.Fatalf("not stable: %v\n%s\n%s", err, first, second)
		}
		for i := range r.Components {
			_ = Check(&r.Components[i], Initial(&r.Components[i]))
		}
	})
}
