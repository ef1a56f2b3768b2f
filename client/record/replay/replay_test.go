package replay_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/client/gateway"
	"ioscope/client/record"
	"ioscope/client/record/replay"
)

var start = time.Date(2026, time.July, 4, 12, 0, 0, 0, time.UTC)

// tape writes a recording line by line.
type tape struct{ text strings.Builder }

func newTape() *tape {
	t := &tape{}
	fmt.Fprintf(&t.text, `{"ioscope":"recording","version":1,"at":%q}`+"\n", start.Format(time.RFC3339Nano))
	return t
}

// at adds a line at so many milliseconds.
func (t *tape) at(ms int, what, rest string) *tape {
	fmt.Fprintf(&t.text, `{"at":%q,"what":%q,%s}`+"\n", start.Add(time.Duration(ms)*time.Millisecond).Format(time.RFC3339Nano), what, rest)
	return t
}

func (t *tape) app(ms int, peer, name string, methods ...string) *tape {
	t.at(ms, "join", fmt.Sprintf(`"peer":%q,"identity":{"application":%q,"user":"ada","machine":"desk-7","process":42,"team":"rates"}`, peer, name))
	if len(methods) > 0 {
		t.at(ms, "offer", fmt.Sprintf(`"peer":%q,"methods":[%s]`, peer, strings.Join(methods, ",")))
	}
	return t
}

const (
	sum   = `{"id":"1","name":"Sum","accepts":"int a, int b","returns":"int sum","description":"adds"}`
	ticks = `{"id":"2","name":"Ticks","accepts":"string desk","streaming":true}`
)

// a session that has something of everything.
func session() *tape {
	return newTape().
		app(0, "p1", "Calc", sum, `{"id":"3","name":"Never"}`).
		app(0, "p2", "Other", sum).
		app(0, "p3", "Feed", ticks).
		at(0, "join", `"peer":"me","mine":true,"identity":{"application":"ioscope","user":"ada"}`).
		at(100, "call", `"id":1,"method":"Sum","args":{"a":1,"b":2}`).
		at(150, "answer", `"id":1,"peer":"p1","took_ms":50,"value":{"sum":3}`).
		at(200, "call", `"id":2,"method":"Sum","args":{"b":2,"a":1}`).
		at(3250, "answer", `"id":2,"peer":"p1","took_ms":50,"value":{"sum":4}`).
		at(300, "call", `"id":3,"method":"Sum","args":{"a":9,"b":9}`).
		at(350, "answer", `"id":3,"peer":"p1","took_ms":10,"error":{"uri":"agm.errors.client_error","reason":"too big"}`).
		at(400, "call", `"id":4,"method":"Sum","args":{"a":0,"b":0}`).
		at(450, "answer", `"id":4,"peer":"p1","error":{"reason":"no answer","silent":true,"own":true}`).
		at(500, "subscribe", `"id":5,"method":"Ticks","args":{"desk":"rates"}`).
		at(500, "accepted", `"id":5,"peer":"p3","subscription":"s5"`).
		at(500, "subscribe", `"id":6,"method":"Ticks","args":{"desk":"guest"}`).
		at(510, "rejected", `"id":6,"peer":"p3","error":{"reason":"guests see nothing","uri":"x"}`).
		at(600, "event", `"id":5,"peer":"p3","private":true,"snapshot":true,"sequence":7,"data":{"n":0}`).
		at(1000, "event", `"id":5,"peer":"p3","sequence":12345678901234567890,"data":{"n":1,"exact":12345678901234567890.10}`).
		app(1500, "p4", "Late").
		at(2000, "event", `"id":5,"peer":"p3","data":{"n":2}`).
		at(2500, "leave", `"peer":"p4"`).
		at(2600, "withdraw", `"peer":"p1","methods":[{"id":"3"}]`).
		at(3000, "closed", `"id":5,"peer":"p3","reason":"end of day"`).
		at(4000, "end", `"why":"stopped"`)
}

// stage is a bus on which a recording is played.
type stage struct {
	t  *testing.T
	gw *gateway.Gateway
	r  *replay.Recording
	p  *replay.Player
	me *client.Client
}

func open(t *testing.T, text string) *replay.Recording {
	t.Helper()
	r, err := replay.Open(strings.NewReader(text), int64(len(text)))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// counted counts what is read.
type counted struct {
	*strings.Reader
	bytes atomic.Int64
}

func (c *counted) ReadAt(b []byte, at int64) (int, error) {
	n, err := c.Reader.ReadAt(b, at)
	c.bytes.Add(int64(n))
	return n, err
}

func on(t *testing.T, text string, o replay.Options, f func(*stage)) {
	t.Helper()
	onRecording(t, open(t, text), o, f)
}

func onRecording(t *testing.T, r *replay.Recording, o replay.Options, f func(*stage)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &stage{t: t, gw: gateway.New(nil), r: r}
		dial := func(context.Context, string) (client.Conn, error) { return s.gw.Connect(false), nil }
		o.Dial = dial
		var err error
		if s.p, err = replay.Start(t.Context(), "ws://in.memory/gw3", s.r, &o); err != nil {
			t.Fatal(err)
		}
		s.me, err = client.Dial(t.Context(), "ws://in.memory/gw3", &client.Options{Application: "Visitor", User: "ada", Dial: dial})
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		f(s)
		for _, c := range []io.Closer{s.me, s.p, s.gw} {
			if err := c.Close(); err != nil {
				t.Error(err)
			}
		}
	})
}

// there are the applications that are on the bus, without the visitor.
func (s *stage) there() string {
	synctest.Wait()
	var names []string
	for _, i := range s.me.Servers() {
		if i.Application != "Visitor" {
			names = append(names, i.Application)
		}
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

func (s *stage) ask(app, args string) (string, time.Duration, error) {
	s.t.Helper()
	return s.askFor("Sum", app, args)
}

func (s *stage) askFor(method, app, args string) (string, time.Duration, error) {
	s.t.Helper()
	res, err := s.me.Invoke(s.t.Context(), bus.ByName(method), json.RawMessage(args), &client.InvokeOptions{
		Target: bus.Target{Mode: bus.Matching, Filters: []bus.InstanceFilter{{Application: app}}}, WaitTimeout: -1, ResponseTimeout: time.Minute,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	one := res.First()
	return string(one.Value), one.Took, one.Err
}

// heard is what a subscription has heard.
type heard struct {
	mu     sync.Mutex
	events []bus.Event
	at     []time.Duration
	since  time.Time
}

func (h *heard) hear(e bus.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.events = append(h.events, e)
	h.at = append(h.at, time.Since(h.since).Round(time.Millisecond))
}

func (h *heard) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []string
	for i, e := range h.events {
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
			out = append(out, fmt.Sprintf("%s%s %s", mark, e.Data, h.at[i]))
		case bus.StreamClosed:
			out = append(out, fmt.Sprintf("closed %q %s", e.Reason, h.at[i]))
		}
	}
	return strings.Join(out, "; ")
}

func (s *stage) subscribe(args string) (*heard, *client.Subscription, error) {
	h := &heard{since: time.Now()}
	sub, err := s.me.Subscribe(s.t.Context(), bus.ByName("Ticks"), &client.SubscribeOptions{Args: json.RawMessage(args), OnEvent: h.hear, WaitTimeout: -1, ResponseTimeout: time.Minute})
	return h, sub, err
}

func TestReplayOfApplications(t *testing.T) {
	t.Parallel()
	on(t, session().text.String(), replay.Options{}, func(s *stage) {
		if got := s.there(); got != "Calc Feed Other" {
			t.Errorf("at first there are %s", got)
		}
		var calc bus.Instance
		for _, i := range s.me.Servers() {
			if i.Application == "Calc" {
				calc = i
			}
		}
		if calc.User != "ada" || calc.Machine != "desk-7" || calc.PID != 42 || !strings.Contains(string(calc.Identity), `"team":"rates"`) {
			t.Errorf("Calc is %+v", calc)
		}
		methods := s.me.Methods(bus.ByName("Sum"))
		if len(methods) != 2 || methods[0].Method.Accepts != "int a, int b" || methods[0].Method.Description != "adds" {
			t.Errorf("Sum is %+v", methods)
		}
		if st := s.p.State(); st.Length != 4*time.Second || st.Position != 0 || st.Speed != 1 || !st.At.Equal(start) {
			t.Errorf("state %+v", st)
		}
		time.Sleep(1600 * time.Millisecond)
		if got := s.there(); got != "Calc Feed Late Other" {
			t.Errorf("after 1.6 s there are %s", got)
		}
		time.Sleep(1100 * time.Millisecond)
		if got := s.there(); got != "Calc Feed Other" {
			t.Errorf("after 2.7 s there are %s", got)
		}
		if n := len(s.me.Methods(bus.ByName("Never"))); n != 0 {
			t.Error("what was withdrawn is there")
		}
		time.Sleep(2 * time.Second)
		if st := s.p.State(); !st.Over || st.Position != 4*time.Second {
			t.Errorf("at the end %+v", st)
		}
		if got := s.there(); got != "Calc Feed Other" {
			t.Errorf("at the end there are %s", got)
		}
	})
}

func TestReplayOfCalls(t *testing.T) {
	t.Parallel()
	on(t, session().text.String(), replay.Options{Speed: 1}, func(s *stage) {
		for _, c := range []struct {
			app, args, want, err string
			took                 time.Duration
		}{
			{"Calc", `{"a":1,"b":2}`, `{"sum":3}`, "", 50 * time.Millisecond},
			{"Calc", `{"b": 2, "a": 1}`, `{"sum":3}`, "", 50 * time.Millisecond},
			{"Calc", `{"a":9,"b":9}`, "", "too big", 10 * time.Millisecond},
			{"Calc", `{"a":9,"b":8}`, "", `too big (a recording: this was the answer for {"a":9,"b":9})`, 10 * time.Millisecond},
			{"Calc", `{"a":1,"b":7}`, `{"sum":3,"_replay":"a recording: this was the answer for {\"a\":1,\"b\":2}"}`, "", 50 * time.Millisecond},
			{"Other", `{"a":1,"b":2}`, `{"sum":3,"_replay":"a recording: this was the answer of Calc"}`, "", 50 * time.Millisecond},
		} {
			value, took, err := s.ask(c.app, c.args)
			said := ""
			if err != nil {
				said = err.Error()
			}
			if value != c.want || said != c.err || took.Round(time.Millisecond) != c.took {
				t.Errorf("%s %s: %s %q after %s; want %s %q after %s", c.app, c.args, value, said, took, c.want, c.err, c.took)
			}
		}
		if _, _, err := s.askFor("Never", "Calc", "{}"); err == nil || !strings.Contains(err.Error(), "this is a recording, and nobody called Never") {
			t.Errorf("what nobody called: %v", err)
		}
		var silent *client.NoAnswerError
		if _, took, err := s.ask("Calc", `{"a":0,"b":0}`); !errors.As(err, &silent) || took < time.Minute {
			t.Errorf("what nobody answered: %v after %s", err, took)
		}
		// By now the later answer to the same arguments is the last one.
		if value, _, _ := s.ask("Calc", `{"a":1,"b":2}`); value != `{"sum":4}` {
			t.Errorf("later: %s", value)
		}
	})
}

func TestReplayOfStreams(t *testing.T) {
	t.Parallel()
	on(t, session().text.String(), replay.Options{}, func(s *stage) {
		first, _, err := s.subscribe(`{"desk":"rates"}`)
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = s.subscribe(`{"desk":"guest"}`)
		var no *client.RejectedError
		if !errors.As(err, &no) || no.Reason != "guests see nothing" {
			t.Errorf("a guest: %v", err)
		}
		_, _, err = s.subscribe(`{"desk":"else"}`)
		if !errors.As(err, &no) || no.Reason != `this is a recording, and Ticks was subscribed to with other arguments: {"desk":"rates"}` {
			t.Errorf("somebody else: %v", err)
		}
		time.Sleep(700 * time.Millisecond)
		second, sub, err := s.subscribe(`{"desk":"rates"}`)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Second)
		synctest.Wait()
		want := `private snapshot seq 7 {"n":0} 100ms; seq 12345678901234567890 {"n":1,"exact":12345678901234567890.10} 500ms; {"n":2} 1.5s; closed "end of day" 2.5s`
		if got := first.String(); got != want {
			t.Errorf("the first heard\n%s\nwant\n%s", got, want)
		}
		want = `private snapshot seq 7 {"n":0} 100ms; {"n":2} 800ms; closed "end of day" 1.8s`
		if got := second.String(); got != want {
			t.Errorf("the second heard\n%s\nwant\n%s", got, want)
		}
		_ = sub.Close()
		// Behind the end of the recording it begins anew for who comes.
		third, _, err := s.subscribe(`{"desk":"rates"}`)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if got := third.String(); !strings.HasPrefix(got, `private snapshot seq 7 {"n":0} 100ms; seq 12345678901234567890 {"n":1`) || !strings.HasSuffix(got, "2.5s") {
			t.Errorf("the third heard %s", got)
		}
	})
}

func TestReplayPausesAndHurries(t *testing.T) {
	t.Parallel()
	over := 0
	on(t, session().text.String(), replay.Options{Paused: true, Speed: 2, OnOver: func() { over++ }}, func(s *stage) {
		h, _, err := s.subscribe(`{"desk":"rates"}`)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		if st := s.p.State(); st.Position != 0 || !st.Paused || h.String() != "" {
			t.Errorf("at rest: %+v, %s", st, h)
		}
		if value, took, _ := s.ask("Calc", `{"a":1,"b":2}`); value != `{"sum":3}` || took.Round(time.Millisecond) != 25*time.Millisecond {
			t.Errorf("at rest it answers %s after %s", value, took)
		}
		s.p.Resume()
		time.Sleep(300 * time.Millisecond) // 600 ms of the recording
		s.p.Pause()
		time.Sleep(time.Minute)
		if st := s.p.State(); st.Position != 600*time.Millisecond {
			t.Errorf("position %s", st.Position)
		}
		s.p.SetSpeed(1000)
		s.p.Resume()
		if st := s.p.State(); st.Speed != replay.Fastest {
			t.Errorf("speed %v", st.Speed)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if st := s.p.State(); !st.Over || over != 1 {
			t.Errorf("%+v, over %d times", st, over)
		}
		if got := h.String(); strings.Count(got, ";") != 3 {
			t.Errorf("heard %s", got)
		}
		s.p.SetSpeed(1)
		if err := s.p.Restart(s.t.Context()); err != nil {
			t.Fatal(err)
		}
		if st := s.p.State(); st.Over || st.Position != 0 || s.there() != "Calc Feed Other" {
			t.Errorf("from the beginning: %+v with %s", st, s.there())
		}
		time.Sleep(1600 * time.Millisecond)
		if got := s.there(); got != "Calc Feed Late Other" {
			t.Errorf("1.6 s after it there are %s", got)
		}
	})
}

// TestReplayOverALostConnection: who was only out of our sight stays.
func TestReplayOverALostConnection(t *testing.T) {
	t.Parallel()
	text := newTape().
		app(0, "p1", "Stays", sum).
		app(0, "p2", "Goes", ticks).
		at(1000, "withdraw", `"peer":"p1","methods":[{"id":"1"}],"reset":true`).
		at(1000, "leave", `"peer":"p1","reset":true`).
		at(1000, "leave", `"peer":"p2","reset":true`).
		at(1000, "connection", `"state":"lost"`).
		at(5000, "connection", `"state":"live"`).
		app(5000, "q1", "Stays", sum, `{"id":"4","name":"New"}`).
		at(10000, "end", `"why":"stopped"`).text.String()
	on(t, text, replay.Options{}, func(s *stage) {
		joined := 0
		s.me.OnServerAdded(func(i bus.Instance) {
			if i.Application == "Stays" {
				joined++
			}
		})
		time.Sleep(3 * time.Second)
		if got := s.there(); got != "Goes Stays" {
			t.Errorf("while it is lost there are %s", got)
		}
		time.Sleep(3 * time.Second)
		if n := len(s.me.Methods(bus.ByName("New"))); n != 1 || joined != 1 {
			t.Errorf("%d methods New, joined %d times", n, joined)
		}
		time.Sleep(5 * time.Second)
		if got := s.there(); got != "Stays" {
			t.Errorf("at the end there are %s", got)
		}
	})
}

func TestOpenTellsOfBrokenLines(t *testing.T) {
	t.Parallel()
	text := session().text.String() + `{"at":"2026-07-04T12:00:05Z","what":"answer","id":77,"value":{}}` + "\n" +
		`{"at":"2026-07-04T12:00:05Z","what":"offer","peer":"nobody"}` + "\n" + `{"at":"2026-07-0`
	r := open(t, text)
	var said []string
	first, further := r.Problems()
	for _, p := range first {
		said = append(said, p.Error())
	}
	if got := strings.Join(said, "; "); further != 0 || !strings.Contains(got, "line 29: an answer to the call 77") ||
		!strings.Contains(got, `line 30: offer of "nobody"`) || !strings.Contains(got, "line 31: cut off") {
		t.Errorf("problems: %s", got)
	}
	if c := r.Counts(); c.Applications != 4 || c.Answers != 4 || c.Subscriptions != 2 || c.Events != 3 {
		t.Errorf("counts %+v", c)
	}
	for name, bad := range map[string]string{"empty": "", "else": "hello\n", "version": `{"ioscope":"recording","version":9}`} {
		if _, err := replay.Open(strings.NewReader(bad), int64(len(bad))); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestRecordedIsReplayed: what a tap records, a replay gives, to the event.
func TestRecordedIsReplayed(t *testing.T) {
	t.Parallel()
	text := session().text.String()
	var again bytes.Buffer
	on(t, text, replay.Options{}, func(s *stage) {
		tap := record.NewTap()
		c, err := client.Dial(s.t.Context(), "ws://in.memory/gw3", &client.Options{
			Application: "Recorder", User: "ada", OnEvent: tap.Hear,
			Dial: func(context.Context, string) (client.Conn, error) { return s.gw.Connect(false), nil },
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tap.Start(keep{&again}, nil); err != nil {
			t.Fatal(err)
		}
		args := json.RawMessage(`{"desk":"rates"}`)
		note := tap.Subscribe(bus.ByName("Ticks"), bus.Target{}, args)
		if _, err := c.Subscribe(s.t.Context(), bus.ByName("Ticks"), &client.SubscribeOptions{Args: args, OnEvent: note.Hear}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Second)
		synctest.Wait()
		tap.Stop()
		_ = c.Close()
	})
	var first string
	on(t, text, replay.Options{}, func(s *stage) {
		h, _, err := s.subscribe(`{"desk":"rates"}`)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Second)
		first = h.String()
	})
	on(t, again.String(), replay.Options{}, func(s *stage) {
		h, _, err := s.subscribe(`{"desk":"rates"}`)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Second)
		if got := h.String(); got != first {
			t.Errorf("the recording of the replay gives\n%s\nwant\n%s", got, first)
		}
	})
}

type keep struct{ io.Writer }

func (keep) Close() error { return nil }
