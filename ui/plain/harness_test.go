package plain

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"ioscope/client/bus"
	"ioscope/model"
	"ioscope/ui"
)

// rig is a plain explorer without a bus: the test types, plays the bus and lets
// time go by. It lives in a synctest bubble.
type rig struct {
	t     *testing.T
	inbox *ui.Inbox
	bus   *fakeBus
	in    *io.PipeWriter
	done  chan error
	stop  context.CancelFunc
	named *fakeFilters

	mu  sync.Mutex
	out bytes.Buffer
	// all is what was printed, with the time of each line.
	all []printed
}

type printed struct {
	at   time.Time
	text string
}

// Write takes what is printed.
func (r *rig) Write(b []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.out.Write(b)
	for _, line := range strings.SplitAfter(string(b), "\n") {
		if line != "" {
			r.all = append(r.all, printed{time.Now(), line})
		}
	}
	return len(b), nil
}

// fakeBus answers as its fields say.
type fakeBus struct {
	mu sync.Mutex
	// answer answers an invocation; it may wait.
	answer func(ctx context.Context, q ui.Question, sent func([]bus.Instance), returned func(bus.Return)) error
	// refuse refuses subscriptions.
	refuse error
	// accepts has who is asked for a stream accept at once.
	accepts *bus.Instance
	asked   []ui.Question
	events  []func(bus.Event)
	ended   int
	did     []string
}

func (b *fakeBus) Invoke(ctx context.Context, q ui.Question, sent func([]bus.Instance), returned func(bus.Return)) error {
	b.mu.Lock()
	b.asked = append(b.asked, q)
	b.mu.Unlock()
	return b.answer(ctx, q, sent, returned)
}

func (b *fakeBus) Subscribe(_ context.Context, q ui.Question, on func(bus.Event)) (ui.Subscription, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.asked = append(b.asked, q)
	if b.refuse != nil {
		return nil, b.refuse
	}
	b.events = append(b.events, on)
	if b.accepts != nil {
		on(bus.StreamAccepted{At: time.Now(), Server: *b.accepts})
	}
	return subscription{b}, nil
}

// subscription notes what is done to it.
type subscription struct{ b *fakeBus }

func (s subscription) Close() error {
	s.b.mu.Lock()
	defer s.b.mu.Unlock()
	s.b.ended++
	return nil
}

func (s subscription) Join(context.Context) ([]bus.Instance, error) {
	s.b.note("join")
	return nil, nil
}

func (b *fakeBus) note(what string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.did = append(b.did, what)
}

func (b *fakeBus) Retry()                      { b.note("retry") }
func (b *fakeBus) LogIn(user, password string) { b.note("login " + user + " " + password) }
func (b *fakeBus) Connect(url string)          { b.note("connect " + url) }
func (b *fakeBus) StartDemo() error            { b.note("demo"); return errors.New("no room for it") }

func (b *fakeBus) Complete(string) []string { return nil }

// Serve takes an offer back only when it was asked to.
func (b *fakeBus) Serve(e model.ServeEffect) func() error {
	b.note("serve")
	if _, back := e.(model.Withdraw); back {
		return func() error { return nil }
	}
	return nil
}

// play runs a test with a rig on a live bus.
func play(t *testing.T, test func(r *rig)) {
	t.Helper()
	playWith(t, test)
}

// playWith is play with more than the explorer of a test has.
func playWith(t *testing.T, test func(r *rig), more ...func(*Options)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, model.Options{Name: "demo bus", URL: "ws://127.0.0.1:8385/gw3", User: "dev"}, more...)
		defer r.end()
		r.hear(someBus()...)
		r.hear(bus.ConnChanged{State: bus.Live, At: time.Now()})
		r.expect("bus: demo bus, ws://127.0.0.1:8385/gw3, live\n", "servers: 4, methods: 4, streams: 1\n")
		test(r)
	})
}

func newRig(t *testing.T, start model.Options, more ...func(*Options)) *rig {
	t.Helper()
	in, out := io.Pipe()
	r := &rig{t: t, inbox: ui.NewInbox(), bus: &fakeBus{}, named: &fakeFilters{}, in: out, done: make(chan error, 1)}
	ctx, stop := context.WithCancel(context.Background())
	r.stop = stop
	o := Options{Bus: r.bus, Inbox: r.inbox, Start: start, Version: "1.0", Console: NewPipe(in, r, false), Commands: asksTwice, Filters: r.named}
	for _, change := range more {
		change(&o)
	}
	go func() { r.done <- Run(ctx, o) }()
	synctest.Wait()
	return r
}

// end closes the input and lets all go.
func (r *rig) end() {
	r.stop()
	_ = r.in.Close()
	synctest.Wait()
	if err := <-r.done; err != nil {
		r.t.Errorf("Run: %v", err)
	}
}

// hear delivers what a bus would tell.
func (r *rig) hear(events ...bus.Event) {
	for _, e := range events {
		r.inbox.Hear(e)
	}
	r.pass(40 * time.Millisecond)
}

// pass lets time go by.
func (r *rig) pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// say types a line.
func (r *rig) say(line string) {
	_, _ = io.WriteString(r.in, line+"\n")
	r.pass(50 * time.Millisecond)
}

// take empties what was printed.
func (r *rig) take() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.out.String()
	r.out.Reset()
	return s
}

// expect wants texts in what was printed since the last time, in this order.
func (r *rig) expect(texts ...string) {
	r.t.Helper()
	got := r.take()
	rest := got
	for _, text := range texts {
		_, after, ok := strings.Cut(rest, text)
		if !ok {
			r.t.Fatalf("%q was not said, or not in this order, in:\n%s", text, got)
		}
		rest = after
	}
}

// expectNot wants a text not to have been printed; it takes nothing away.
func (r *rig) expectNot(text string) {
	r.t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if strings.Contains(r.out.String(), text) {
		r.t.Fatalf("%q was said:\n%s", text, r.out.String())
	}
}

// push delivers an event of the latest subscription.
func (r *rig) push(e bus.Event) {
	r.bus.mu.Lock()
	on := r.bus.events[len(r.bus.events)-1]
	r.bus.mu.Unlock()
	on(e)
}

func instance(name string) bus.Instance {
	return bus.Instance{PeerID: bus.PeerID("peer-" + name), Application: name, User: "ada", Machine: "desk", Local: true}
}

// someBus has three servers of one method, one of them with another signature
// beside, and a stream.
func someBus() []bus.Event {
	now := time.Now()
	add := bus.MethodDefinition{ID: `"1"`, Name: "Addition", Accepts: "int a, int b", Returns: "int sum"}
	var out []bus.Event
	for _, name := range []string{"CalcPrecise", "CalcClassic", "Grumpy"} {
		out = append(out, bus.ServerAdded{At: now, Server: instance(name)},
			bus.MethodsAdded{At: now, Peer: instance(name).PeerID, Methods: []bus.MethodDefinition{add}})
	}
	return append(out, bus.ServerAdded{At: now, Server: instance("PriceFeed")},
		bus.MethodsAdded{At: now, Peer: instance("PriceFeed").PeerID, Methods: []bus.MethodDefinition{
			{ID: `"1"`, Name: "MarketData.Prices", Accepts: "string symbol", Streaming: true},
			{ID: `"2"`, Name: "Prices.Get", Accepts: "string symbol", Returns: "double bid"},
			{ID: `"3"`, Name: "Prices.Get", Accepts: "string sym", Returns: "double close"},
			{ID: `"4"`, Name: "Clients.Create", DisplayName: "New client", Accepts: "string name, composite: { string city } address, string[]? tags", Returns: "long id"},
		}})
}

// answers makes an answer of values by server; an error stands for a failure.
func answers(values map[string]any) func(context.Context, ui.Question, func([]bus.Instance), func(bus.Return)) error {
	return func(_ context.Context, q ui.Question, sent func([]bus.Instance), returned func(bus.Return)) error {
		var who []bus.Instance
		for _, name := range []string{"CalcPrecise", "CalcClassic", "Grumpy", "PriceFeed"} {
			if _, ok := values[name]; ok {
				who = append(who, instance(name))
			}
		}
		sent(who)
		for _, i := range who {
			ret := bus.Return{Server: i, Took: 4 * time.Millisecond, At: time.Now()}
			switch v := values[i.Application].(type) {
			case error:
				ret.Err = v
			case string:
				ret.Value = json.RawMessage(v)
			}
			returned(ret)
		}
		return nil
	}
}
