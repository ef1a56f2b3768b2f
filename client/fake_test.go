package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/client/internal/wire"
)

// fake is a gateway that does what a test says, message by message. Tests run
// it inside a synctest bubble, where its timeouts cost no time.
type fake struct {
	t     *testing.T
	links chan *link
	mu    sync.Mutex
	// refuse is what the next dials fail with, guarded by mu.
	refuse []error
	dials  []time.Time
}

func newFake(t *testing.T) *fake { return &fake{t: t, links: make(chan *link, 16)} }

func (f *fake) dial(context.Context, string) (client.Conn, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.dials = append(f.dials, time.Now())
	if len(f.refuse) > 0 {
		err := f.refuse[0]
		f.refuse = f.refuse[1:]
		return nil, err
	}
	near, far := wire.Pipe()
	f.links <- &link{t: f.t, conn: far}
	return near, nil
}

// dialled tells when the client dialled.
func (f *fake) dialled() []time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.dials)
}

// link gives the next connection that a client made.
func (f *fake) link() *link {
	f.t.Helper()
	select {
	case l := <-f.links:
		return l
	case <-time.After(time.Hour):
		f.t.Fatal("no connection came")
		return nil
	}
}

// link is the gateway's end of one connection.
type link struct {
	t    *testing.T
	conn wire.Conn
}

// any gives the next message, but for pings.
func (l *link) any() wire.Frame {
	l.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	defer cancel()
	for {
		msg, err := l.conn.Read(ctx)
		if err != nil {
			l.t.Fatalf("gateway read: %v", err)
		}
		f, err := wire.Peek(msg)
		if err != nil {
			l.t.Fatalf("client sent %q: %v", msg, err)
		}
		if f.Type != wire.Ping {
			return f
		}
	}
}

// want gives the next message and insists on its type.
func (l *link) want(kind string) wire.Frame {
	l.t.Helper()
	f := l.any()
	if f.Type != kind {
		l.t.Fatalf("client sent %s, want %s", f.Bytes(), kind)
	}
	return f
}

// silent insists that the client sends nothing for a while.
func (l *link) silent(d time.Duration) {
	l.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	for {
		msg, err := l.conn.Read(ctx)
		if errors.Is(err, context.DeadlineExceeded) {
			return
		}
		if f, _ := wire.Peek(msg); err != nil || f.Type != wire.Ping {
			l.t.Fatalf("client sent %s, %v, want nothing", msg, err)
		}
	}
}

func (l *link) send(format string, args ...any) {
	l.t.Helper()
	if err := l.conn.Write(context.Background(), fmt.Appendf(nil, format, args...)); err != nil {
		l.t.Fatalf("gateway write: %v", err)
	}
}

func (l *link) success(f wire.Frame) {
	l.t.Helper()
	l.send(`{"domain":"agm","type":"success","request_id":%s,"peer_id":"me"}`, f.RequestID)
}

func (l *link) fail(f wire.Frame, uri, reason string) {
	l.t.Helper()
	l.send(`{"domain":"agm","type":"error","request_id":%s,"reason_uri":%q,"reason":%q}`, f.RequestID, uri, reason)
}

// welcome answers the log-in, up to the join, which it returns.
func (l *link) welcome() wire.Frame {
	l.t.Helper()
	hello := l.want(wire.Hello)
	l.send(`{"domain":"global","type":"welcome","request_id":%s,"peer_id":"me",
		"resolved_identity":{"application":"Tester","instance":"i-1","user":"ann","process":7}}`, hello.RequestID)
	return l.want(wire.Join)
}

// accept answers the log-in and the join, and registers what the client restores.
func (l *link) accept() {
	l.t.Helper()
	l.success(l.welcome())
}

func (l *link) peer(id, application string) {
	l.t.Helper()
	l.send(`{"domain":"agm","type":"peer-added","peer_id":"me","new_peer_id":%q,"identity":{"application":%q},"meta":{"local":true}}`, id, application)
}

// methods announces methods; an entry is the JSON of a definition.
func (l *link) methods(server string, definitions ...string) {
	l.t.Helper()
	list, _ := json.Marshal(raws(definitions))
	l.send(`{"domain":"agm","type":"methods-added","peer_id":"me","server_id":%q,"source_type":"local","methods":%s}`, server, list)
}

func raws(texts []string) []json.RawMessage {
	out := make([]json.RawMessage, len(texts))
	for i, text := range texts {
		out[i] = json.RawMessage(text)
	}
	return out
}

// gone removes a peer as the gateway does when its connection ends.
func (l *link) gone(server string) {
	l.t.Helper()
	l.send(`{"domain":"agm","type":"peer-removed","peer_id":"me","removed_id":%q,"reason_uri":"agm.peer-removed","reason":"Peer has been removed"}`, server)
}

// registered answers a register by the announcement and success.
func (l *link) registered(f wire.Frame) bus.MethodID {
	l.t.Helper()
	var definitions []struct {
		ID json.RawMessage `json:"id"`
	}
	if err := json.Unmarshal(f.Methods, &definitions); err != nil || len(definitions) != 1 {
		l.t.Fatalf("register with %s: %v", f.Methods, err)
	}
	l.send(`{"domain":"agm","type":"methods-added","peer_id":"me","server_id":"me","methods":%s}`, f.Methods)
	l.success(f)
	return bus.MethodID(definitions[0].ID)
}

func (l *link) cut() { _ = l.conn.Close(wire.CodeCut, "") }

// heard collects events.
type heard struct {
	mu     sync.Mutex
	events []bus.Event
}

func (h *heard) on(e bus.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.events = append(h.events, e)
}

// take gives what was heard since the last take, a line each.
func (h *heard) take() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []string
	for _, e := range h.events {
		out = append(out, line(e))
	}
	h.events = nil
	return out
}

func line(e bus.Event) string {
	names := func(methods []bus.MethodDefinition) (out []string) {
		for _, m := range methods {
			out = append(out, m.Name)
		}
		return out
	}
	switch e := e.(type) {
	case bus.ConnChanged:
		switch e.State {
		case bus.Live:
			return fmt.Sprintf("live as %s, %d registrations, %d subscriptions", e.Self.PeerID, e.Registrations, e.Subscriptions)
		case bus.Lost, bus.Refused:
			return fmt.Sprintf("%s after try %d: %v", e.State, e.Attempt, e.Err)
		}
		return fmt.Sprintf("%s, try %d", e.State, e.Attempt)
	case bus.ServerAdded:
		return fmt.Sprintf("server %s mine=%v", e.Server.PeerID, e.Mine)
	case bus.ServerRemoved:
		return fmt.Sprintf("server %s gone reset=%v: %s", e.Server.PeerID, e.Reset, e.Reason)
	case bus.MethodsAdded:
		return fmt.Sprintf("methods %s %v", e.Peer, names(e.Methods))
	case bus.MethodsRemoved:
		return fmt.Sprintf("methods %s %v gone reset=%v", e.Peer, names(e.Methods), e.Reset)
	case bus.StreamAccepted:
		joined := ""
		if e.Joined {
			joined = " joined"
		}
		return fmt.Sprintf("accepted by %s restored=%v%s", e.Server.PeerID, e.Restored, joined)
	case bus.StreamData:
		return fmt.Sprintf("data from %s private=%v %s", e.Server, e.Private, e.Data)
	case bus.StreamLost:
		return "lost"
	case bus.StreamLeft:
		return fmt.Sprintf("left by %s %s: %s", e.Server.PeerID, e.URI, e.Reason)
	case bus.StreamClosed:
		return fmt.Sprintf("closed by %s mine=%v %s: %s", e.Server.PeerID, e.Mine, e.URI, e.Reason)
	}
	return fmt.Sprintf("%T", e)
}

func wantLines(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("heard\n  %q\nwant\n  %q", got, want)
	}
}

// opened is a client that is live on a fake gateway.
func opened(t *testing.T, o client.Options) (*client.Client, *fake, *link) {
	t.Helper()
	f := newFake(t)
	o.Application, o.User, o.Dial = "Tester", "ann", f.dial
	c := client.Open("ws://fake/gw3", &o)
	t.Cleanup(func() { _ = c.Close() })
	l := f.link()
	l.accept()
	if err := c.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	return c, f, l
}

// later runs f beside the test and gives its outcome.
func later[T any](f func() (T, error)) <-chan outcome[T] {
	done := make(chan outcome[T], 1)
	go func() {
		v, err := f()
		done <- outcome[T]{v, err}
	}()
	return done
}

type outcome[T any] struct {
	value T
	err   error
}

func (o outcome[T]) must(t *testing.T) T {
	t.Helper()
	if o.err != nil {
		t.Fatal(o.err)
	}
	return o.value
}
