package cli

import (
	"errors"
	"strings"
	"testing"
	"time"

	"ioscope/client/bus"
)

func TestReadArguments(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, stdin string
		pairs       []string
		accepts     string
		want        string // the arguments, or the error
	}{
		{"", "", nil, "", `{}`},
		{"", "", []string{"a=1"}, "int a", `{"a":1}`},
		{"", "", []string{"a=1"}, "string a", `{"a":"1"}`},
		{"", "", []string{"a=1"}, "", `{"a":1}`},
		{"", "", []string{"a=x"}, "", `{"a":"x"}`},
		{"", "", []string{"a=x=y"}, "string a", `{"a":"x=y"}`},
		{`{"a":1e400,"b":"<"}`, "", nil, "", `{"a":1e400,"b":"<"}`},
		{"-", "{\"a\":\n9007199254740993}", nil, "long a", "{\"a\":9007199254740993}"},
		{`{"a":1,"c":{"x":1,"y":2}}`, "", []string{"c.y=3", "b=2"}, "int a, composite: {int x, int y} c, int b", `{"a":1,"c":{"x":1,"y":3},"b":2}`},
		{`{"a":1,"a":2}`, "", nil, "", `--args: the key "a" twice`},
		{"-", "", nil, "", `--args: unexpected end of JSON input`},
		{"{\n \"é\": tru }", "", nil, "", `--args: line 2, character 10: invalid character ' ' in literal true (expecting 'e')`},
		{`"text"`, "", nil, "", `--args: one object is wanted, such as {"a": 1}`},
		{"", "", []string{"a=1", "a=2"}, "", `a: given twice`},
		{"", "", []string{"=1"}, "", `argument "=1": no key=value`},
		{"", "", nil, "int a, string b", "a: missing, wants int\nb: missing, wants string"},
	} {
		got := func() string {
			text := &c.text
			if c.text == "" {
				text = nil
			}
			a, err := readArguments(strings.NewReader(c.stdin), text, c.pairs)
			if err != nil {
				return err.Error()
			}
			args, _, err := a.fit(c.accepts, time.Now())
			if err != nil {
				return err.Error()
			}
			return string(args)
		}()
		if got != c.want {
			t.Errorf("--args %q %q by %q:\ngot  %s\nwant %s", c.text, c.pairs, c.accepts, got, c.want)
		}
	}
}

func TestFitNotes(t *testing.T) {
	t.Parallel()
	a := arguments{pairs: []string{"vip=1"}}
	for accepts, want := range map[string]string{
		"int? a":    "vip is not in the signature; it is sent as it is",
		"strin vip": `accepts can't be read: "strin vip", no type "strin" at character 1. The arguments are sent unchecked.`,
		"":          "",
	} {
		_, notes, err := a.fit(accepts, time.Now())
		if err != nil || strings.Join(notes, "|") != want {
			t.Errorf("by %q: notes %q, %v, want %q", accepts, notes, err, want)
		}
	}
}

// TestPlan: who is asked, by target and by the signature that the arguments fit.
func TestPlan(t *testing.T) {
	t.Parallel()
	offered := []bus.Candidate{
		offeredBy("A", "int a", false),
		offeredBy("B", "int a", true),
		offeredBy("B", "INT a", true),
		offeredBy("C", "string name", true),
		offeredBy("Me", "int a", true),
	}
	offered[4].Mine = true
	for _, c := range []struct {
		target string
		pair   string
		want   string
	}{
		{"best", "a=1", "B"},
		{"all", "a=1", "A B Me"},
		{"skipMine", "a=1", "A B"},
		{"a", "a=1", "A"},
		{"best", "name=Ada", "C"},
		{"all", "name=Ada", "C"},
		{"C", "a=1", "name: missing, wants string"},
		{"best", "b=1", "a: missing, wants int"},
		{"Nobody", "a=1", ""},
		{"Nobody b", "a=1", "B"},
		{"B A", "a=1", "B A"},
		{"/^[AB]$/ application=a", "a=1", "A B"},
		{"peerId=A application=/m/i", "a=1", "A Me"},
	} {
		w := wanted{name: "M", target: targetsOf(t, strings.Fields(c.target)...), args: arguments{pairs: []string{c.pair}}}
		p, ok, err := w.plan(offered, time.Now())
		got := strings.Join(namesOf(p.servers), " ")
		if err != nil {
			got = err.Error()
		}
		if got != c.want || ok != (err == nil && c.want != "") {
			t.Errorf("%s to %s: %q, %t, want %q", c.pair, c.target, got, ok, c.want)
		}
		if err != nil && exitCode(err) != exitUsage {
			t.Errorf("%s to %s: exit code %d", c.pair, c.target, exitCode(err))
		}
	}
}

func targetsOf(t *testing.T, texts ...string) (out targets) {
	t.Helper()
	for _, text := range texts {
		if err := out.Set(text); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func TestTargets(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		texts string
		want  string // the error
	}{
		{"all", ""},
		{"A B user=ada,machine=/^desk/", ""},
		{"all A", "all stands alone"},
		{"A best", "best stands alone"},
		{"skipMine all", "all stands alone"},
		{"user=", `target: "user=": key=value is wanted, such as user=ann`},
		{"pid=x", "target: pid x: not a process id"},
		{"/(/", "target: application /(/: error parsing regexp: missing closing ): `(`"},
	} {
		var all targets
		got := ""
		for _, text := range strings.Fields(c.texts) {
			if err := all.Set(text); err != nil {
				got = err.Error()
			}
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.texts, got, c.want)
		}
	}
}

// TestForLong: filters that mean nobody more are left out of what goes on.
func TestForLong(t *testing.T) {
	t.Parallel()
	offered := []bus.Candidate{offeredBy("A", "", true), offeredBy("B", "", true)}
	for texts, want := range map[string]int{"A": 1, "A peerId=A": 1, "A B": 2, "/./ A B": 1, "Nobody A": 1} {
		all := targetsOf(t, strings.Fields(texts)...)
		if got := len(all.forLong(offered).Filters); got != want {
			t.Errorf("%s: %d filters, want %d", texts, got, want)
		}
	}
	best := targets{}
	if got := best.forLong(offered); got.Mode != bus.Best {
		t.Errorf("best became %v", got)
	}
}

func offeredBy(app, accepts string, local bool) bus.Candidate {
	return bus.Candidate{
		Server: bus.Instance{PeerID: bus.PeerID(app), Application: app, Local: local},
		Method: bus.MethodDefinition{ID: bus.MethodID(`"` + accepts + `"`), Name: "M", Accepts: accepts},
	}
}

func namesOf(servers []bus.Instance) []string {
	return offer{servers: servers}.names()
}

func TestUsageErrorsUnwrap(t *testing.T) {
	t.Parallel()
	cause := errors.New("cause")
	if err := withHint(usagef("a: %w", cause), "hint"); !errors.Is(err, cause) {
		t.Errorf("%v does not lead to its cause", err)
	}
}
