package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestPeek(t *testing.T) {
	t.Parallel()
	f, err := Peek([]byte(` {"type":"call","domain":"agm","peer_id":"p-1","request_id":77,
		"method_id":"0","arguments_kv":{"a": [1,  2]},"later":{"peer_id":"no"},"context":null} `))
	if err != nil {
		t.Fatal(err)
	}
	if f.Domain != AGM || f.Type != Call {
		t.Errorf("domain %q, type %q", f.Domain, f.Type)
	}
	for want, got := range map[string]Raw{
		`"p-1"`: f.PeerID, `77`: f.RequestID, `"0"`: f.MethodID,
		`{"a": [1,  2]}`: f.ArgumentsKV, `null`: f.Context, ``: f.Arguments,
	} {
		if string(got) != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestPeekErrors(t *testing.T) {
	t.Parallel()
	var syntax *SyntaxError
	for _, msg := range []string{
		``, ` `, `{`, `{"a"}`, `{"a":1,}`, `{"a":01}`, `{"a":1.}`, `{"a":"` + "\n" + `"}`, `{"a":"\x"}`, `{"a":"\u12g4"}`,
		`{"a":tru}`, `{"a":1}}`, `{"a":1} 2`, `[1 2]`, `{'a':1}`, `{"a":-}`, `{"a":1e}`, "{\"a\":1}\x00", "\ufeff{}",
		strings.Repeat("[", maxDepth+1) + strings.Repeat("]", maxDepth+1),
	} {
		if _, err := Peek([]byte(msg)); !errors.As(err, &syntax) {
			t.Errorf("%.40q: %v", msg, err)
		}
	}
	for _, msg := range []string{`5`, `null`, `[{}]`, `"x"`, ` true `} {
		if _, err := Peek([]byte(msg)); !errors.Is(err, ErrNotObject) {
			t.Errorf("%q: %v", msg, err)
		}
	}
	if _, err := Peek([]byte("{\"a\":\"\xff\"}")); !errors.Is(err, ErrNotText) {
		t.Errorf("no utf-8: %v", err)
	}
}

// raws are the places of a frame's fields, except that of the domain.
func raws(f *Frame) []*Raw {
	var list []*Raw
	v := reflect.ValueOf(f).Elem()
	for i := range v.NumField() {
		if at, ok := v.Field(i).Addr().Interface().(*Raw); ok && v.Type().Field(i).Name != "RawDomain" {
			list = append(list, at)
		}
	}
	return list
}

// TestAppend is the law of the codec: what Append writes, Peek reads back, and
// bodies are the bytes that they were.
func TestAppend(t *testing.T) {
	t.Parallel()
	var want Frame
	want.Domain, want.Type = AGM, "a \"type\""
	places := raws(&want)
	for i, at := range places {
		*at = Raw([]string{`{"a" :  1}`, `"x"`, `null`, `1e3`}[i%4])
	}
	msg := want.Bytes()
	if !json.Valid(msg) {
		t.Fatalf("not json: %s", msg)
	}
	got, err := Peek(msg)
	if err != nil {
		t.Fatal(err)
	}
	if got.Domain != want.Domain || got.Type != want.Type {
		t.Errorf("domain %q, type %q", got.Domain, got.Type)
	}
	got.RawDomain = nil
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %s\nwant %s", got.Bytes(), msg)
	}
	odd := Frame{RawDomain: Raw(`7`), Type: "x"}
	if s := string(odd.Bytes()); s != `{"domain":7,"type":"x"}` {
		t.Error(s)
	}
}

func TestEventSplice(t *testing.T) {
	t.Parallel()
	got := string(AppendEventTail(AppendEventHead(nil, "p\n", "s"), true, nil, Raw("false"), Raw(`{"p": 9007199254740993}`)))
	want := `{"domain":"agm","type":"event","peer_id":"p\n","subscription_id":"s",` +
		`"oob":true,"sequence":null,"snapshot":false,"data":{"p": 9007199254740993}}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{`"a"`: "a", `""`: "", `"a\u0042\n"`: "aB\n", `"\ud800"`: "\ufffd"} {
		if got, ok := Text(Raw(raw)); !ok || got != want {
			t.Errorf("%s: %q, %v", raw, got, ok)
		}
	}
	for _, raw := range []string{``, `1`, `null`, `{}`} {
		if _, ok := Text(Raw(raw)); ok {
			t.Errorf("%q is taken for a string", raw)
		}
	}
}

func TestMembers(t *testing.T) {
	t.Parallel()
	var got []string
	ok := Members(Raw(` {"b":1, "\u0061":{"c": 2},"b":3}`), func(k string, v Raw) { got = append(got, k+"="+string(v)) })
	if s := strings.Join(got, ";"); !ok || s != `b=1;a={"c": 2};b=3` {
		t.Errorf("%v %s", ok, s)
	}
	if Members(Raw(`[]`), nil) || Members(Raw(`{"a"}`), func(string, Raw) {}) {
		t.Error("members of what is no object")
	}
}

// FuzzPeek holds Peek against encoding/json: the same texts are accepted, and
// the same values found.
func FuzzPeek(f *testing.F) {
	for _, seed := range []string{
		`{"domain":"agm","type":"event","data":{"a":[1,2.5e-3,null]}}`,
		`{"type":"x","type":"y","peer_id":"\u0041"}`, `{"d\u006fmain":"agm","type":3}`, `[]`, `{`, `""`,
		` {"data" : "\ud83d\ude00" } `, `{"domain":null,"request_id":-0.0}`, "{\"a\":\"\u2028\xc3\"}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, msg []byte) {
		frame, err := Peek(msg)
		var object map[string]json.RawMessage
		jsonErr := json.Unmarshal(msg, &object)
		want := jsonErr == nil && object != nil && utf8.Valid(msg)
		if (err == nil) != want {
			t.Fatalf("peek says %v, encoding/json %v", err, jsonErr)
		}
		if err != nil {
			if errors.Is(err, ErrNotObject) != (json.Valid(msg) && utf8.Valid(msg)) {
				t.Fatalf("%v for %q", err, msg)
			}
			return
		}
		for key := range object {
			if at := frame.place([]byte(key)); at != nil && !bytes.Equal(*at, object[key]) {
				t.Fatalf("%s: %s, want %s", key, *at, object[key])
			}
		}
		var named struct{ Type string }
		if raw, ok := object["type"]; ok && json.Unmarshal(raw, &named.Type) == nil && string(raw) != "null" && frame.Type != named.Type {
			t.Fatalf("type %q, want %q", frame.Type, named.Type)
		}
	})
}
