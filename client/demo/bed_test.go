package demo

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/client/gateway"
)

// bed is a bus in memory with all apps on it, and a visitor. Time is synctest's.
type bed struct {
	t    *testing.T
	gw   *gateway.Gateway
	apps *Apps
	me   *client.Client

	mu  sync.Mutex
	saw []bus.Event // discovery; guarded by mu
}

// onBed runs f on a bed of its own. That no goroutine is left when all is closed
// is checked by synctest itself.
func onBed(t *testing.T, o Options, f func(*bed)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b := &bed{t: t, gw: gateway.New(nil)}
		o.User, o.Dial = "demo", b.dial
		// The context is over when Start has returned: it limits no more than that.
		ctx, cancel := context.WithCancel(t.Context())
		var err error
		b.apps, err = Start(ctx, "ws://in.memory/gw3", &o)
		cancel()
		if err != nil {
			t.Fatal(err)
		}
		b.me, err = client.Dial(t.Context(), "ws://in.memory/gw3", &client.Options{
			Application: "Visitor", User: "demo", Dial: b.dial, OnEvent: b.hear,
		})
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		f(b)
		b.close()
	})
}

func (b *bed) dial(context.Context, string) (client.Conn, error) { return b.gw.Connect(false), nil }

func (b *bed) hear(e bus.Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.saw = append(b.saw, e)
}

func (b *bed) heard() []bus.Event {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]bus.Event(nil), b.saw...)
}

func (b *bed) close() {
	for _, closing := range []func() error{b.me.Close, b.apps.Close, b.gw.Close} {
		if err := closing(); err != nil {
			b.t.Error(err)
		}
	}
}

// ask calls a method of one application and returns its answer, or its error.
func (b *bed) ask(application, method, arguments string) (string, error) {
	b.t.Helper()
	result, err := b.me.Invoke(b.t.Context(), bus.MethodFilter{Name: method}, json.RawMessage(arguments), &client.InvokeOptions{
		Target: bus.Target{Mode: bus.Matching, Filters: []bus.InstanceFilter{{Application: application}}},
	})
	if err != nil {
		b.t.Fatalf("%s of %s: %v", method, application, err)
	}
	if len(result.Returns) != 1 {
		b.t.Fatalf("%s of %s: %d answers", method, application, len(result.Returns))
	}
	first := result.First()
	return string(first.Value), first.Err
}

// mustAsk is ask where an error is none of the plan.
func (b *bed) mustAsk(application, method, arguments string) string {
	b.t.Helper()
	value, err := b.ask(application, method, arguments)
	if err != nil {
		b.t.Fatalf("%s of %s: %v", method, application, err)
	}
	return value
}

// tail is what a subscription heard so far.
type tail struct {
	mu     sync.Mutex
	events []bus.Event
}

func (l *tail) hear(e bus.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.events = append(l.events, e)
}

// data returns the stream's events of one kind: private ones, or shared ones.
func (l *tail) data(private bool) []bus.StreamData {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []bus.StreamData
	for _, e := range l.events {
		if d, ok := e.(bus.StreamData); ok && d.Private == private {
			out = append(out, d)
		}
	}
	return out
}

// closing returns the event that ended it, or false while it goes on.
func (l *tail) closing() (bus.StreamClosed, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range l.events {
		if c, ok := e.(bus.StreamClosed); ok {
			return c, true
		}
	}
	return bus.StreamClosed{}, false
}

// subscribe begins to follow a stream.
func (b *bed) subscribe(stream, arguments string) (*tail, *client.Subscription, error) {
	l := &tail{}
	sub, err := b.me.Subscribe(b.t.Context(), bus.MethodFilter{Name: stream}, &client.SubscribeOptions{
		Args: json.RawMessage(arguments), OnEvent: l.hear,
	})
	return l, sub, err
}

// follow follows a stream for a while, and returns what it heard.
func (b *bed) follow(stream, arguments string, d time.Duration) *tail {
	b.t.Helper()
	l, sub, err := b.subscribe(stream, arguments)
	if err != nil {
		b.t.Fatal(err)
	}
	time.Sleep(d)
	synctest.Wait()
	if err := sub.Close(); err != nil {
		b.t.Error(err)
	}
	synctest.Wait()
	return l
}

// fields reads an event's payload, numbers with their digits.
func fields(t *testing.T, raw json.RawMessage) map[string]any {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(string(raw)))
	decoder.UseNumber()
	var m map[string]any
	if err := decoder.Decode(&m); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	return m
}

// whole reads a whole number of a payload.
func whole(t *testing.T, m map[string]any, key string) int64 {
	t.Helper()
	n, ok := m[key].(json.Number)
	if !ok {
		t.Fatalf("%s is %v, no number", key, m[key])
	}
	v, err := n.Int64()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// reasonOf is what the other side said.
func reasonOf(err error) string {
	var rejected *client.RejectedError
	if errors.As(err, &rejected) {
		return rejected.Reason
	}
	var said *bus.Error
	if errors.As(err, &said) {
		return said.Reason
	}
	return ""
}
