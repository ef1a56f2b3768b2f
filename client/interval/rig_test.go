package interval

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ioscope/client/internal/leak"
	"ioscope/client/internal/wire"
	"ioscope/client/interval/schema"
)

// TestMain fails the run when goroutines of this module outlive the tests.
func TestMain(m *testing.M) {
	flag.Parse()
	// What a host covers differs from run to run, since its goroutines race. The
	// minimizer would try a minute for each input that seems new, and find nothing.
	if f := flag.Lookup("test.fuzzminimizetime"); f != nil && f.Value.String() == f.DefValue {
		_ = flag.Set("test.fuzzminimizetime", "10x")
	}
	os.Exit(leak.Run(m))
}

// link is a way between a host and a runner that can be cut.
type link struct {
	wire.Conn
	before func(text []byte) (deliver, cut bool) // for each frame that is written
	cut    func()
}

func (l *link) Write(ctx context.Context, text []byte) error {
	if l.before == nil {
		return l.Conn.Write(ctx, text)
	}
	deliver, cut := l.before(text)
	var err error
	if deliver {
		err = l.Conn.Write(ctx, text)
	}
	if cut {
		l.cut()
		return errors.New("cut")
	}
	return err
}

// rig is a runner with hosts that reach it in memory.
type rig struct {
	t      testing.TB
	runner *Runner
	// before, if not nil, decides about each frame: up is from the host.
	before func(up bool, text []byte) (deliver, cut bool)
	// down keeps hosts from connecting until that moment.
	down func() time.Time

	work sync.WaitGroup

	mu      sync.Mutex
	changed chan struct{}
	events  []Event
	persons []func(Event)
	conns   []func()
}

func newRig(t testing.TB, opts RunnerOptions) *rig {
	g := &rig{t: t, changed: make(chan struct{})}
	opts.OnEvent = g.heard
	g.runner = NewRunner(&opts)
	t.Cleanup(func() {
		g.runner.Close()
		g.work.Wait()
	})
	return g
}

func (g *rig) heard(e Event) {
	g.mu.Lock()
	g.events = append(g.events, e)
	persons := slices.Clone(g.persons)
	close(g.changed)
	g.changed = make(chan struct{})
	g.mu.Unlock()
	for _, p := range persons {
		p(e)
	}
}

func (g *rig) person(p func(Event)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.persons = append(g.persons, p)
}

// dial is how hosts reach the runner.
func (g *rig) dial(ctx context.Context, _ string, header http.Header) (Conn, error) {
	if g.down != nil && time.Now().Before(g.down()) {
		return nil, errors.New("the network is down")
	}
	host, runner := wire.Pipe()
	cut := func() {
		_ = host.Close(wire.CodeCut, "")
		_ = runner.Close(wire.CodeCut, "")
	}
	g.mu.Lock()
	g.conns = append(g.conns, cut)
	g.mu.Unlock()
	a, b := &link{Conn: host, cut: cut}, &link{Conn: runner, cut: cut}
	if g.before != nil {
		a.before = func(text []byte) (bool, bool) { return g.before(true, text) }
		b.before = func(text []byte) (bool, bool) { return g.before(false, text) }
	}
	g.work.Go(func() {
		_ = g.runner.Serve(b, Hello{InstanceID: header.Get("X-Instance-Id"), Key: header.Get("X-Api-Key")})
	})
	return a, ctx.Err()
}

// cutAll breaks every connection without a goodbye.
func (g *rig) cutAll() {
	g.mu.Lock()
	conns := g.conns
	g.conns = nil
	g.mu.Unlock()
	for _, cut := range conns {
		cut()
	}
}

// host makes a host that listens when it is returned.
func (g *rig) host(opts HostOptions, actions ...Action) *Host {
	g.t.Helper()
	h := g.quietHost(opts, actions...)
	if err := h.Listen(g.t.Context()); err != nil {
		g.t.Fatal(err)
	}
	return h
}

func (g *rig) quietHost(opts HostOptions, actions ...Action) *Host {
	opts.Dial, opts.Endpoint = g.dial, "ws://rig/websocket"
	h := NewHost(opts)
	for _, a := range actions {
		h.Action(a)
	}
	g.t.Cleanup(h.Close)
	return h
}

// await waits for an event.
func await[E Event](g *rig, which func(E) bool) E {
	g.t.Helper()
	timeout := time.NewTimer(10 * time.Minute)
	defer timeout.Stop()
	for from := 0; ; {
		g.mu.Lock()
		events, changed := g.events, g.changed
		g.mu.Unlock()
		for ; from < len(events); from++ {
			if e, ok := events[from].(E); ok && (which == nil || which(e)) {
				return e
			}
		}
		select {
		case <-changed:
		case <-timeout.C:
			var none E
			g.t.Fatalf("no %T; there were %s", none, g.story())
		}
	}
}

// story tells the events for the log of a failure.
func (g *rig) story() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	var out strings.Builder
	for _, e := range g.events {
		text := fmt.Sprintf("%+v", e)
		if r, ok := e.(Rendered); ok {
			text = fmt.Sprintf("%s %s update %v refused %v waits %v", r.Render.InputGroupKey[:4], r.Render.Components[0].Label, r.Update, r.Refused, r.Waits)
		}
		fmt.Fprintf(&out, "\n  %T %s", e, clip(text, 300))
	}
	return out.String()
}

// start runs an action.
func (g *rig) start(slug string, params ...schema.Member) string {
	g.t.Helper()
	id, err := g.runner.Start(slug, &StartOptions{Params: params})
	if err != nil {
		g.t.Fatal(err)
	}
	return id
}

// asked waits until a transaction asks something with that label.
func (g *rig) asked(id, label string) Rendered {
	g.t.Helper()
	return await(g, func(e Rendered) bool {
		return e.Transaction == id && e.Render.Components[0].Label == label
	})
}

// ended waits for the end of a transaction.
func (g *rig) ended(id string) *schema.Result {
	g.t.Helper()
	return await(g, func(e Ended) bool { return e.Transaction == id }).Result
}

// answer answers what is asked.
func (g *rig) answer(r Rendered, values ...any) {
	g.t.Helper()
	if err := g.runner.Respond(r.Transaction, r.Render.InputGroupKey, values, ""); err != nil {
		g.t.Fatal(err)
	}
}

// succeeded checks a result.
func succeeded(t testing.TB, r *schema.Result, want any) {
	t.Helper()
	v, err := schema.ValueOf(want)
	if err != nil {
		t.Fatal(err)
	}
	if r.Status != schema.StatusSuccess || !schema.Equal(r.Data, v) {
		t.Errorf("ended with %s %s %v, want %s", r.Status, schema.Text(r.Data), r.Failure, schema.Text(v))
	}
}
