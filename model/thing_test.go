package model

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestParseTimeout(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		want time.Duration
		err  string
	}{
		{"30s", 30 * time.Second, ""},
		{" 30 s ", 30 * time.Second, ""},
		{"500ms", 500 * time.Millisecond, ""},
		{"2m", 2 * time.Minute, ""},
		{"1m30s", 90 * time.Second, ""},
		{"1.5", 1500 * time.Millisecond, ""},
		{"30", 30 * time.Second, ""},
		{"1h", time.Hour, ""},
		{"", 0, `not a duration: ""`},
		{"soon", 0, `not a duration: "soon"`},
		{"30 sec", 0, "not a duration"},
		{"0", 0, `not a timeout: "0"`},
		{"0s", 0, "not a timeout"},
		{"-5s", 0, "not a timeout"},
		{"99999999999999999999", 0, "not a duration"},
	} {
		got, err := ParseTimeout(c.text)
		switch {
		case c.err == "" && (err != nil || got != c.want):
			t.Errorf("%q is %v, %v, want %v", c.text, got, err, c.want)
		case c.err != "" && (err == nil || !strings.HasPrefix(err.Error(), c.err)):
			t.Errorf("%q: %v, want %s", c.text, err, c.err)
		}
	}
}

func TestStops(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.join(app("a", 1), sum, def("Nothing", "", ""), def("Group", "composite: { int x } p, bool q", ""))
	for _, c := range []struct {
		thing *Thing
		want  []FieldPath
		first FieldPath
	}{
		{w.open(sum, `{}`), []FieldPath{StopTarget, StopWait, StopAnswer, "a", "b", StopSend}, "a"},
		{w.open(def("Group", "composite: { int x } p, bool q", ""), `{}`), []FieldPath{StopTarget, StopWait, StopAnswer, "p", "p.x", "q", StopSend}, "p.x"},
		{w.open(def("Nothing", "", ""), `{}`), []FieldPath{StopTarget, StopWait, StopAnswer, StopJSON, StopSend}, StopJSON},
	} {
		if got := c.thing.Stops(w.now); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.thing.Def.Name, got, c.want)
		}
		if got := c.thing.FirstStop(w.now); got != c.first {
			t.Errorf("%s: begins at %q, want %q", c.thing.Def.Name, got, c.first)
		}
	}
}

func TestTyping(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := def("Group", "composite: { int x } p, bool q", "")
	w.join(app("a", 1), d)
	thing := w.open(d, `{}`)
	for stop, want := range map[FieldPath]bool{
		StopTarget: false, StopWait: true, StopAnswer: true, StopJSON: true, StopSend: false, "p": false, "p.x": true, "q": false, "none": false,
	} {
		if thing.Focus = stop; thing.Typing(w.now) != want {
			t.Errorf("%s: typing is %v", stop, !want)
		}
	}
	thing.Focus, thing.Part = "p.x", InResult
	if thing.Typing(w.now) {
		t.Error("typing in a result")
	}
}

func TestWrongIsForgotten(t *testing.T) {
	t.Parallel()
	thing := &Thing{Sheet: Sheet{Wrong: []FieldError{{Path: "a", Reason: "needed"}, {Path: "b", Reason: "not an int"}}}}
	if thing.WrongAt("b") != "not an int" || thing.WrongAt("c") != "" {
		t.Error("the reasons are mixed up")
	}
	thing.ForgetWrong("b")
	if thing.WrongAt("b") != "" || thing.WrongAt("a") == "" {
		t.Error("another reason was forgotten")
	}
}
