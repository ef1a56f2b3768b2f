package gateway

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ioscope/client/internal/wire"
)

func TestRestrictions(t *testing.T) {
	t.Parallel()
	own := map[string]any{"user": "u", "pid": 5.0, "application": "own"}
	other := map[string]any{"user": "u", "pid": 5.0, "application": "c", "flag": false, "version": "5"}
	for text, want := range map[string]bool{
		"":                             true,
		"  ":                           true,
		"$application=='c'":            true,
		"$application == 'd'":          false,
		"$user==#user":                 true,
		"$application != #application": true,
		"$application ? '[bc].*' && ($user != 'zz' || $pid == 5)": true,
		"$pid == 5.0":                true,
		"$version == 5":              false,
		"$nothing == $nowhere":       true,
		"$nothing ? '.*'":            false,
		"$application ? $nothing":    false,
		"$application ? '['":         false,
		"$application ? 'cc'":        false,
		"$pid ? '5'":                 false,
		"$user":                      true,
		"$flag":                      false,
		"$nothing":                   false,
		"$nothing || $user":          true,
		"$user || $nothing && $flag": false,
		"($user=='u')==($pid==5)":    true,
		"$user == 'u' == $flag":      false,
		"'' == ''":                   true,
		"-1.5 == -1.5":               true,
	} {
		e, err := parseRestriction(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if got := e.holds(own, other); got != want {
			t.Errorf("%q is %v", text, got)
		}
	}
	for _, text := range []string{
		"$", "$$$", "$user = 'a'", "$user ==", "== 1", "'a", "(1", "1)", "$user && ", "$a b", "1.2.3", "#", "a", "1 & 2", "$a1 == 1",
		strings.Repeat("(", maxNesting+1) + "1" + strings.Repeat(")", maxNesting+1),
	} {
		if _, err := parseRestriction(text); err == nil {
			t.Errorf("%.40q is accepted", text)
		}
	}
}

func FuzzRestriction(f *testing.F) {
	for _, seed := range []string{"$a=='x'&&(#b?'.*'||1==1)", "((1", "'", "$a?'['"} {
		f.Add(seed)
	}
	f.Fuzz(func(_ *testing.T, text string) {
		if e, err := parseRestriction(text); err == nil {
			e.holds(map[string]any{"a": "x"}, map[string]any{"a": text})
		}
	})
}

func TestDelta(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ data, delta, want string }{
		{`{"x":1}`, `{}`, `{"x":1}`},
		{`{"x":1}`, `{"zzz":{"y":1}}`, `{"x":1}`},
		{`{"x":1}`, `{"reset":{"y": 2}}`, `{"y": 2}`},
		{`{"x":1,"o":{"p":1,"q":2}}`, `{"added":{"n":1},"updated":{"o":{"q":3,"r":4},"x":2},"removed":["n"]}`, `{"x":2,"o":{"p":1,"q":3,"r":4}}`},
		{`{"o":{"p":{"a":1}}}`, `{"updated":{"o":{"p":{"b":2}}}}`, `{"o":{"p":{"b":2}}}`},
		{`{"o":{"p":1}}`, `{"updated":{"o":[1]}}`, `{"o":[1]}`},
		{`{"o":{"p":1}}`, `{"added":{"o":{"q":1}}}`, `{"o":{"q":1}}`},
		{`{}`, `{"added":{"m":1},"commands":[{"type":"set","path":"m","value":2}],"removed":["x"]}`, `{"m":2}`},
		{`{"a":5}`, `{"commands":[{"type":"set","path":"a.b.c","value":[1]},{"type":"set","path":"n","value":null}]}`, `{"a":{"b":{"c":[1]}},"n":null}`},
		{`{"a":{"b":1,"c":2}}`, `{"commands":[{"type":"remove","path":"a.b"},{"type":"remove","path":"no.where"},{"type":"remove","path":"a.c.d"}]}`, `{"a":{"c":2}}`},
		{`{"a":1}`, `{"commands":[{"type":"set","path":"","value":{"r":1}}]}`, `{"r":1}`},
		{`{"a":1}`, `{"commands":[{"type":"remove","path":""}]}`, `{}`},
		{`5`, `{"added":{"a":1}}`, `{"a":1}`},
		{`{"a":1}`, `{"added":null,"removed":null}`, `{"a":1}`},
		{`{"big":12345678901234567890}`, `{"added":{"a":1e400}}`, `{"big":12345678901234567890,"a":1e400}`},
	} {
		got, err := applyDelta(wire.Raw(c.data), wire.Raw(c.delta))
		if err != nil || string(got) != c.want {
			t.Errorf("%s with %s: %s, %v; want %s", c.data, c.delta, got, err, c.want)
		}
	}
	deep := `{"commands":[{"type":"set","path":"` + strings.Repeat("a.", maxPath) + `a","value":1}]}`
	for _, delta := range []string{`5`, `{"added":5}`, `{"reset":[]}`, `{"removed":[5]}`, `{"commands":{}}`, `{"commands":[{"type":"x"}]}`, deep} {
		if got, err := applyDelta(wire.Raw(`{}`), wire.Raw(delta)); err == nil {
			t.Errorf("%.60s is accepted and gives %.60s", delta, got)
		}
	}
}

func TestTokensExpire(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		keys := newKeyring()
		token := keys.access.sign(claims{User: "u"}, time.Minute)
		time.Sleep(time.Minute - time.Second)
		if c, err := keys.access.verify(token); err != nil || c.User != "u" {
			t.Errorf("still good: %v, %v", c, err)
		}
		time.Sleep(time.Second)
		if l := keys.reenter(&token); l.refused == nil || !strings.HasPrefix(l.refused.reason, "Invalid or expired token: Token is expired ") {
			t.Errorf("expired: %+v", l)
		}
		other := newKeyring()
		for name, forged := range map[string]string{
			"other key": other.access.sign(claims{User: "u"}, time.Hour),
			"other end": token[:len(token)-4] + "AAAA",
			"none":      "", "one dot": "a.b", "dots": "..",
		} {
			if _, err := keys.access.verify(forged); err == nil {
				t.Errorf("%s is accepted", name)
			}
		}
		if l := keys.enter(keys.gateway.sign(claims{User: "u", Type: "x"}, time.Hour)); l.refused == nil || l.refused.reason != "Invalid gateway token type: x" {
			t.Errorf("wrong type: %+v", l)
		}
	})
}

func TestMethodKeys(t *testing.T) {
	t.Parallel()
	same := [][2]string{{`"a"`, `"\u0061"`}, {`1`, `1.0`}, {`10`, `1e1`}, {`null`, `null`}}
	other := [][2]string{{`"1"`, `1`}, {`"null"`, `null`}, {`1`, `2`}, {`1234567890123456788`, `1234567890123456789`}, {`true`, `"true"`}}
	for _, pair := range same {
		if methodKey(wire.Raw(pair[0])) != methodKey(wire.Raw(pair[1])) {
			t.Errorf("%s and %s differ", pair[0], pair[1])
		}
	}
	for _, pair := range other {
		if methodKey(wire.Raw(pair[0])) == methodKey(wire.Raw(pair[1])) {
			t.Errorf("%s and %s are the same", pair[0], pair[1])
		}
	}
	if methodKey(nil) != methodKey(wire.Null) {
		t.Error("absent and null differ")
	}
}

func TestTopics(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pattern, topic string
		want           bool
	}{
		{"a.b", "a.b", true},
		{"a.b", "aXb", false},
		{"a.*", "a.b_1", true},
		{"a.*", "a.b.c", false},
		{"a.*", "a.", false},
		{"a.>", "a.b.c", true},
		{"a.>", "a.", true},
		{"a.>", "a", false},
		{">", "", true},
		{"*.b", "a.b", true},
		{"[*]", "[x]", true},
	} {
		s := topicSubscription{topic: c.pattern, pattern: topicPattern(c.pattern)}
		if got := s.fits(c.topic, nil); got != c.want {
			t.Errorf("%q on %q: %v", c.pattern, c.topic, got)
		}
	}
}

func TestMachine(t *testing.T) {
	t.Parallel()
	if got := machine("192.0.2.7"); got != "192.0.2.7" {
		t.Error(got)
	}
	if got := machine("127.0.0.1"); got == "" {
		t.Error("no name for this machine")
	}
}
