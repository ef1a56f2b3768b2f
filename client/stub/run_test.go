package stub

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/client/gateway"
)

// stage is a bus in memory with one application from a text, and a visitor.
// Time is synctest's, which also checks that no goroutine is left.
type stage struct {
	t       *testing.T
	me      *client.Client
	running *Running

	mu  sync.Mutex
	log []Entry // guarded by mu
}

func onStage(t *testing.T, text string, f func(*stage)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		app, err := Parse("a.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		gw := gateway.New(nil)
		dial := func(name string) *client.Client {
			c, err := client.Dial(t.Context(), "ws://in.memory/gw3", &client.Options{
				Application: name, User: "ada",
				Dial: func(context.Context, string) (client.Conn, error) { return gw.Connect(false), nil },
			})
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		s := &stage{t: t, me: dial("Visitor")}
		theirs := dial(app.Name)
		if s.running, err = app.Start(t.Context(), theirs, &Options{Log: s.hear}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		f(s)
		for _, closing := range []func() error{s.running.Close, theirs.Close, s.me.Close, gw.Close} {
			if err := closing(); err != nil {
				t.Error(err)
			}
		}
	})
}

func (s *stage) hear(e Entry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log = append(s.log, e)
}

// logged is the log, a word each.
func (s *stage) logged() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, e := range s.log {
		line := e.What.String() + " " + e.Name
		if e.Branch != "" {
			line += "/" + e.Branch
		}
		if e.Err != nil {
			line += ": " + e.Err.Error()
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

// ask calls a method; an error is told as text, with its URI and context.
func (s *stage) ask(method, args string) string {
	s.t.Helper()
	r, err := s.me.Invoke(s.t.Context(), bus.MethodFilter{Name: method}, json.RawMessage(args), nil)
	if err != nil {
		s.t.Fatal(err)
	}
	var said *bus.Error
	if errors.As(r.First().Err, &said) {
		return strings.TrimSpace(fmt.Sprintf("%s %s %s", said.URI, said.Reason, said.Context))
	}
	if r.First().Err != nil {
		s.t.Fatal(r.First().Err)
	}
	return string(r.First().Value)
}

// tail is a subscription and what it heard, in a line each.
type tail struct {
	*client.Subscription
	mu     sync.Mutex
	events []string // guarded by mu
}

func (l *tail) hear(e bus.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch e := e.(type) {
	case bus.StreamData:
		mark := ""
		if e.Private {
			mark = "private "
		}
		if e.Snapshot {
			mark += "snapshot "
		}
		if e.Sequence != "" {
			mark += "seq " + e.Sequence.String() + " "
		}
		l.events = append(l.events, mark+string(e.Data))
	case bus.StreamClosed:
		if !e.Mine {
			l.events = append(l.events, "closed: "+e.Reason)
		}
	}
}

// take gives what was heard since the last time.
func (l *tail) take() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := l.events
	l.events = nil
	return out
}

func (s *stage) follow(args string) *tail {
	s.t.Helper()
	l := &tail{}
	sub, err := s.me.Subscribe(s.t.Context(), bus.MethodFilter{Name: "S"}, &client.SubscribeOptions{Args: json.RawMessage(args), OnEvent: l.hear})
	if err != nil {
		s.t.Fatal(err)
	}
	l.Subscription = sub
	synctest.Wait()
	return l
}

// refused is the reason why a subscription is.
func (s *stage) refused(args string) string {
	s.t.Helper()
	_, err := s.me.Subscribe(s.t.Context(), bus.MethodFilter{Name: "S"}, &client.SubscribeOptions{Args: json.RawMessage(args)})
	var no *client.RejectedError
	if !errors.As(err, &no) {
		s.t.Fatalf("subscribed with %s: %v", args, err)
	}
	return no.Reason
}

func pass(d time.Duration) {
	time.Sleep(d) // of synctest's time
	synctest.Wait()
}

func want(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\ngot  %q\nwant %q", what, got, want)
	}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	onStage(t, `
application: A
seed: 7
methods:
  - {name: Fixed, value: {n: 12345678901234567890.10, html: <&>}}
  - {name: Scalar, value: 7}
  - {name: Nothing}
  - {name: Made, jq: '{sum: (.a + .b), same: .big, who: $caller.application, $n}'}
  - {name: Empty, jq: empty}
  - {name: Slow, after: 2s, value: {late: true}}
  - {name: Refuses, error: not today}
  - {name: RefusesMore, error: {reason: no, uri: my.uri, context: {a: 1.50}}}
  - {name: Throws, jq: 'error("no \(.what)")'}
  - {name: ThrowsMore, jq: 'error({reason: "r", uri: "u", context: [1]})'}
  - {name: Fails, jq: '.a.b'}
  - {name: Dates, jq: '0.5 | datetime | {at: .}'}
  - {name: BadDate, jq: '"x" | datetime'}
  - {name: Dice, jq: '[random(6), random(6), (random | . >= 0 and . < 1)]'}
  - name: Cases
    answers:
      - {when: '.a == 1', value: {is: one}}
      - {when: '.a == 2', error: two}
      - {when: '.a.b', value: {}}
`, func(s *stage) {
		for _, c := range []struct{ method, args, want string }{
			{"Fixed", `{}`, `{"n":12345678901234567890.10,"html":"<&>"}`},
			{"Scalar", `{}`, `{"_value":7}`},
			{"Nothing", `{}`, `{}`},
			{"Made", `{"a":1,"b":2,"big":9007199254740993}`, `{"n":0,"same":9007199254740993,"sum":3,"who":"Visitor"}`},
			{"Made", `{"a":1,"b":2,"big":1.10}`, `{"n":1,"same":1.10,"sum":3,"who":"Visitor"}`},
			{"Empty", `{}`, `{}`},
			{"Refuses", `{}`, `agm.errors.client_error not today`},
			{"RefusesMore", `{}`, `my.uri no {"a":1.50}`},
			{"Throws", `{"what":"way"}`, `agm.errors.client_error no way`},
			{"ThrowsMore", `{}`, `u r [1]`},
			{"Fails", `{"a":1}`, `agm.errors.client_error expected an object but got: number (1)`},
			{"Dates", `{}`, `{"at":"#T42_DATE#500"}`},
			{"BadDate", `{}`, `agm.errors.client_error datetime: seconds since 1970 are wanted, as in: now | datetime`},
			{"Cases", `{"a":1}`, `{"is":"one"}`},
			{"Cases", `{"a":2}`, `agm.errors.client_error two`},
			{"Cases", `{"a":3}`, `agm.errors.client_error expected an object but got: number (3)`},
			{"Cases", `{"a":{"b":null}}`, `agm.errors.client_error no answer is written for these arguments`},
		} {
			if got := s.ask(c.method, c.args); strings.TrimSuffix(got, " {}") != c.want {
				t.Errorf("%s of %s:\ngot  %s\nwant %s", c.method, c.args, got, c.want)
			}
		}
		before := time.Now()
		if got := s.ask("Slow", `{}`); got != `{"late":true}` || time.Since(before) != 2*time.Second {
			t.Errorf("slow answer: %s after %s", got, time.Since(before))
		}
		if got := s.ask("Dice", `{}`); !strings.HasSuffix(got, ",true]}") {
			t.Errorf("dice: %s", got)
		}
	})
}

// TestSeed: the same seed makes the same numbers, another one others.
func TestSeed(t *testing.T) {
	t.Parallel()
	roll := func(seed string) (got string) {
		onStage(t, "application: A\nseed: "+seed+"\nmethods: [{name: M, jq: '{a: random, b: random(1000000)}'}]", func(s *stage) {
			got = s.ask("M", `{}`) + s.ask("M", `{}`)
		})
		return got
	}
	if a, b, c := roll("7"), roll("7"), roll("8"); a != b || a == c {
		t.Errorf("seed 7: %s\nagain:  %s\nseed 8: %s", a, b, c)
	}
}

func TestRules(t *testing.T) {
	t.Parallel()
	onStage(t, `
application: A
streams:
  - name: S
    accept:
      - {when: '.desk == "guest"', reject: guests may not}
      - {when: '.desk == "odd"', branch: '.a.b.c'}
      - {when: .desk, branch: .desk}
      - {when: '$subscriber.application == "Nobody"'}
      - {when: .all, branch: 'null'}
      - {when: .number, branch: .number}
`, func(s *stage) {
		for args, want := range map[string]string{
			`{"desk":"guest"}`:        "guests may not",
			`{}`:                      "no rule accepts these arguments",
			`{"desk":"odd","a":true}`: "expected an object but got: boolean (true)",
		} {
			if got := s.refused(args); got != want {
				t.Errorf("%s: %q, want %q", args, got, want)
			}
		}
		for _, args := range []string{`{"desk":"fx"}`, `{"all":1}`, `{"number":1.50}`} {
			_ = s.follow(args).Close()
			synctest.Wait()
		}
		for _, line := range []string{"accepted S/fx\nleft S/fx\naccepted S\nleft S\naccepted S/1.50\nleft S/1.50", "rejected S: guests may not"} {
			if !strings.Contains(s.logged(), line) {
				t.Errorf("no %q in the log:\n%s", line, s.logged())
			}
		}
	})
}

// TestData: shared data flows per branch, counted from its first subscriber;
// private data goes to each of them.
func TestData(t *testing.T) {
	t.Parallel()
	onStage(t, `
application: A
streams:
  - name: S
    accept: [{branch: .desk}]
    data:
      - {every: 500ms, jq: '{n, branch, asked: .args.who}'}
      - {private: true, jq: '{hello: $subscriber.application, who: .args.who}'}
      - {after: 700ms, branch: fx, value: {only: fx}}
      - {every: 1s, times: 2, after: 100ms, branch: eq, value: {twice: 1.50}}
`, func(s *stage) {
		first := s.follow(`{"desk":"fx","who":"1"}`)
		want(t, "at once", first.take(), []string{`private {"hello":"Visitor","who":"1"}`})
		pass(time.Second)
		want(t, "a second", first.take(), []string{`{"asked":"1","branch":"fx","n":0}`, `{"only":"fx"}`, `{"asked":"1","branch":"fx","n":1}`})
		second, other := s.follow(`{"desk":"fx","who":"2"}`), s.follow(`{"desk":"eq"}`)
		pass(600 * time.Millisecond)
		want(t, "second", second.take(), []string{`private {"hello":"Visitor","who":"2"}`, `{"asked":"1","branch":"fx","n":2}`})
		want(t, "another branch", other.take(), []string{`private {"hello":"Visitor","who":null}`, `{"twice":1.50}`, `{"asked":null,"branch":"eq","n":0}`})
		first.take()
		_, _ = first.Close(), second.Close()
		pass(time.Minute)
		other.take()
		want(t, "closed", first.take(), nil)
		again := s.follow(`{"desk":"fx"}`)
		pass(500 * time.Millisecond)
		want(t, "from 0 again", again.take(), []string{`private {"hello":"Visitor","who":null}`, `{"asked":null,"branch":"fx","n":0}`})
	})
}

// TestNumberedData: events have their n as sequence number, what jq leaves out is a
// hole, and snapshots are marked.
func TestNumberedData(t *testing.T) {
	t.Parallel()
	onStage(t, `
application: A
streams:
  - name: S
    data:
      - {every: 100ms, numbered: true, jq: 'if .n == 1 or .n == 2 then empty else {n} end'}
      - {private: true, snapshot: true, numbered: true, value: {all: true}}
      - {after: 150ms, snapshot: true, value: {again: true}}
`, func(s *stage) {
		first := s.follow(`{}`)
		pass(450 * time.Millisecond)
		want(t, "numbered", first.take(), []string{`private snapshot seq 0 {"all":true}`, `seq 0 {"n":0}`, `snapshot {"again":true}`, `seq 3 {"n":3}`})
	})
}

// TestFailingData: what jq can't make ends its feed and no other.
func TestFailingData(t *testing.T) {
	t.Parallel()
	onStage(t, `
application: A
streams:
  - name: S
    data:
      - {every: 1s, jq: 'if .n == 1 then 7 else {n} end'}
      - {every: 1s, jq: '.n.x'}
      - {every: 1s, jq: 'select(.n % 2 == 0) | {even: .n}'}
`, func(s *stage) {
		l := s.follow(`{}`)
		pass(3 * time.Second)
		got := l.take()
		slices.Sort(got)
		want(t, "data", got, []string{`{"even":0}`, `{"even":2}`, `{"n":0}`})
		for _, line := range []string{
			"failed S: event 0: expected an object but got: number (0); no more of this is sent here",
			"failed S: event 1: data is an object on this bus, not 7; no more of this is sent here",
		} {
			if strings.Count(s.logged(), line) != 1 {
				t.Errorf("not once %q in the log:\n%s", line, s.logged())
			}
		}
	})
}

func TestClosing(t *testing.T) {
	t.Parallel()
	onStage(t, `
application: A
streams:
  - {name: S, close: {after: 3s, reason: end of day}, data: [{every: 2s, value: {a: 1}}]}
`, func(s *stage) {
		l := s.follow(`{}`)
		pass(5 * time.Second)
		want(t, "heard", l.take(), []string{`{"a":1}`, "closed: end of day"})
	})
}

// TestCloseWhileAnswering: an application may go while somebody waits for it.
func TestCloseWhileAnswering(t *testing.T) {
	t.Parallel()
	onStage(t, `
application: A
methods: [{name: M, value: {}}]
streams: [{name: S, data: [{every: 1ms, value: {}}]}]
`, func(s *stage) {
		l := s.follow(`{}`)
		if err := s.running.Close(); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		if got := l.take(); len(got) == 0 || !strings.HasPrefix(got[len(got)-1], "closed: ") {
			t.Errorf("the subscription heard %q", got)
		}
		if left := s.me.Methods(bus.MethodFilter{}); len(left) > 0 {
			t.Errorf("still offered: %v", left)
		}
	})
}

func TestNameTaken(t *testing.T) {
	t.Parallel()
	onStage(t, "application: A\nmethods: [{name: M}]", func(s *stage) {
		if _, err := s.me.Register(s.t.Context(), bus.MethodDefinition{Name: "M"}, func(context.Context, client.Call) (any, error) { return nil, nil }); err != nil {
			s.t.Fatal(err)
		}
		var taken *client.NameTakenError
		if _, err := s.running.app.Start(s.t.Context(), s.me, nil); !errors.As(err, &taken) {
			s.t.Errorf("started under a name that is taken: %v", err)
		}
	})
}
