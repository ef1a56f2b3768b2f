package main

import (
	"slices"
	"strings"
	"testing"
)

func TestParseScene(t *testing.T) {
	t.Parallel()
	s, err := parseScene(`# a picture
size 80x24
theme paper
env A=b
run ioscope --url "ws://x y"

wait "8 servers" Addition   # both
press down*3 ctrl+s * +
within 20s
click 3,4
wheel Addition -2
shot main`)
	if err != nil {
		t.Fatal(err)
	}
	want := []step{
		{2, "size", []string{"80x24"}},
		{3, "theme", []string{"paper"}},
		{4, "env", []string{"A=b"}},
		{5, "run", []string{"ioscope", "--url", "ws://x y"}},
		{7, "wait", []string{"8 servers", "Addition"}},
		{8, "press", []string{"down*3", "ctrl+s", "*", "+"}},
		{9, "within", []string{"20s"}},
		{10, "click", []string{"3,4"}},
		{11, "wheel", []string{"Addition", "-2"}},
		{12, "shot", []string{"main"}},
	}
	if !slices.EqualFunc(s.steps, want, func(a, b step) bool {
		return a.line == b.line && a.verb == b.verb && slices.Equal(a.args, b.args)
	}) {
		t.Errorf("got %v", s.steps)
	}
}

func TestParseSceneErrors(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, want string }{
		{"", "nothing is run"},
		{"run x\nrun y", "line 2: run: the program runs already"},
		{"wait x\nrun y", "line 1: wait: nothing runs yet"},
		{"run x\ntheme dusk", "line 2: theme: the program runs already"},
		{"theme dawn\nrun x", "no such theme"},
		{"run x\njump y", `line 2: no command "jump"`},
		{"run x\nshot", "shot takes 1, got 0"},
		{"run x\nwait", "wait takes 1 or more, got 0"},
		{"run x\npress down hyper+x", `no key "hyper+x"`},
		{"size 80\nrun x", `no size: "80"`},
		{"size 0x9\nrun x", `no size: "0x9"`},
		{"run x\npause soon", "invalid duration"},
		{"run x\nwheel a b", "invalid syntax"},
		{"run x\nshot ../../x", "a name, not a path"},
		{"run x\ntype \"open", "a quote that does not end"},
		{"env A\nrun x", "wants NAME=VALUE"},
	}
	for _, tt := range tests {
		if _, err := parseScene(tt.text); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: %v, want %q", tt.text, err, tt.want)
		}
	}
}

func TestTimes(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]struct {
		name string
		n    int
	}{"down*3": {"down", 3}, "*": {"*", 1}, "**2": {"*", 2}, "*3": {"*3", 1}, "a*b": {"a*b", 1}, "a*0": {"a*0", 1}} {
		if name, n := times(word); name != want.name || n != want.n {
			t.Errorf("%s: %s %d", word, name, n)
		}
	}
}

// TestShippedScenes keeps the scenes readable; what they show is looked at.
func TestShippedScenes(t *testing.T) {
	t.Parallel()
	scenes, err := readScenes("../scenes", nil)
	if err != nil {
		t.Fatal(err)
	}
	shots := map[string]string{}
	for _, s := range scenes {
		for _, st := range s.steps {
			if st.verb != "shot" {
				continue
			}
			if other, ok := shots[st.args[0]]; ok {
				t.Errorf("%s and %s draw the same picture %s", other, s.name, st.args[0])
			}
			shots[st.args[0]] = s.name
		}
	}
	if len(shots) == 0 {
		t.Error("no picture")
	}
}
