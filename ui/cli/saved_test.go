package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ioscope/model"
)

// What is saved comes back as it was, to the digit, from a file that people can read.
func TestShelf(t *testing.T) {
	t.Parallel()
	s := &shelf{folder: filepath.Join(t.TempDir(), "calls")}
	if l, err := s.Load(); err != nil || len(l.Calls) != 0 {
		t.Fatalf("an empty folder: %+v, %v", l, err)
	}
	want := &model.SavedCall{
		Path: "orders/place-small", Method: "Orders.Place", Target: []string{"application=/^Calc/,user=ada", "Grumpy"}, Wait: 2 * time.Second,
		Args: json.RawMessage(`{"symbol":"{{symbol}}","qty":9007199254740993,"limit":1.10,"exp":1E400,"yes":"true","num":"007","date":"2026-11-21","none":null,"deep":{"list":[1,{"a":true},[]],"empty":{}},"text":"two\nlines: #no comment"}`),
		Note: "",
	}
	if err := s.Save(want); err != nil {
		t.Fatal(err)
	}
	l, err := s.Load()
	if err != nil || len(l.Calls) != 1 {
		t.Fatalf("%+v, %v", l, err)
	}
	got := l.Calls[0]
	if got.Fault != "" || !got.Same(want) {
		text, _ := os.ReadFile(filepath.Join(s.folder, "orders", "place-small.yaml"))
		t.Errorf("got %+v\nargs %s\nwant %s\nfile\n%s", got, got.Args, want.Args, text)
	}
	for _, path := range []string{"../out", "/abs", ""} {
		if err := s.Save(&model.SavedCall{Path: path, Method: "M"}); err == nil {
			t.Errorf("%q is saved", path)
		}
	}
	if err := s.Delete(want.Path); err != nil {
		t.Fatal(err)
	}
	if l, _ := s.Load(); len(l.Calls) != 0 {
		t.Error("it is still there")
	}
}

// Variables become values, those that have none stay.
// What is wrong with a file is said in our words, with its line.
func TestFaultsOfSavedCalls(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for name, c := range map[string]struct{ text, want string }{
		"whole.yaml":  {"calls:\n  - place\n  - method: Addition\n", "line 3: calls: has names of saved calls; a call in full needs a file of its own"},
		"one.yaml":    {"calls: place\n", "line 1: calls: wants a list of names of saved calls, as [orders/place, orders/cancel]"},
		"method.yaml": {"method: {{name}}\n", "line 1: wants a text; one that begins with { or [ needs quotes"},
		"target.yaml": {"method: A\ntarget:\n  - application: Calc\n", "line 3: wants a text; one that begins with { or [ needs quotes"},
		"old.yml":     {"method: A\n", "the name of a saved call ends in .yaml"},
		"good.yaml":   {"calls: [place]\n", ""},
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		l, err := (&shelf{folder: folder}).Load()
		path := strings.TrimSuffix(name, ".yaml")
		if found := l.Find(path); err != nil || found == nil || found.Fault != c.want {
			t.Errorf("%s: %+v %v", name, found, err)
		}
	}
}

func TestVariables(t *testing.T) {
	t.Parallel()
	c := &model.SavedCall{Method: "{{kind}}.Get", Args: json.RawMessage(`{"id":"{{ id }}","text":"a {{id}} b {{kind}}","n":1.10,"list":["{{open}}"]}`)}
	filled, missing := c.With(model.Environment{Vars: map[string]json.RawMessage{"kind": json.RawMessage(`"Orders"`), "id": json.RawMessage(`9007199254740993`)}})
	if filled.Method != "Orders.Get" || string(filled.Args) != `{"id":9007199254740993,"text":"a 9007199254740993 b Orders","n":1.10,"list":["{{open}}"]}` {
		t.Errorf("%s %s", filled.Method, filled.Args)
	}
	if len(missing) != 1 || missing[0] != "open" {
		t.Errorf("missing %v", missing)
	}
}
