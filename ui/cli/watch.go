package cli

import (
	"bufio"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
)

// follow prints what comes and goes until ctx ends, or the time that was given.
func (l *listing) follow(ctx context.Context, env Env, f *flags) error {
	heard := &backlog{some: make(chan struct{}, 1)}
	c, err := f.connectAs(ctx, func(o *client.Options) { o.OnEvent = heard.add })
	if err != nil {
		return quietEnd(ctx, err)
	}
	defer c.Close()
	ctx, cancel := lasting(ctx, l.until)
	defer cancel()
	w := &watcher{
		listing: l, out: bufio.NewWriter(env.Stdout),
		peers: map[bus.PeerID]*present{}, offered: map[bus.MethodKey]int{}, state: bus.Connecting,
	}
	for {
		for _, e := range heard.take() {
			w.hear(e)
		}
		if err := w.out.Flush(); err != nil {
			return fmt.Errorf("print: %w", err)
		}
		if w.refused != nil {
			return f.explain(w.refused)
		}
		select {
		case <-heard.some:
		case <-ctx.Done():
			return nil
		}
	}
}

// lasting ends the context after a time; 0 is for ever.
func lasting(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	if d == 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, d)
}

// backlog holds events between the line that reads the connection, which may not
// wait, and stdout. It has no bound: nothing that was discovered may be lost.
type backlog struct {
	some chan struct{} // gets a value when there are events

	mu     sync.Mutex
	events []bus.Event // guarded by mu
}

func (b *backlog) add(e bus.Event) {
	b.mu.Lock()
	b.events = append(b.events, e)
	b.mu.Unlock()
	select {
	case b.some <- struct{}{}:
	default:
	}
}

func (b *backlog) take() []bus.Event {
	b.mu.Lock()
	defer b.mu.Unlock()
	events := b.events
	b.events = nil
	return events
}

// present is a server that is on the bus.
type present struct {
	server  bus.Instance
	methods []bus.MethodDefinition
	// shown are those of methods that were printed as added; listed is true when
	// the server itself was.
	shown  []bus.MethodDefinition
	listed bool
}

// watcher turns the events of the bus into those of a list that has filters: a
// server fits from its first fitting method to its last. It belongs to one
// goroutine, and prints to out, whose errors show when it is flushed.
type watcher struct {
	*listing
	out   *bufio.Writer
	peers map[bus.PeerID]*present
	// offered counts the servers of a method that was printed.
	offered map[bus.MethodKey]int
	state   bus.ConnState
	refused error
}

// change is when and why something is another way than before.
type change struct {
	at     time.Time
	gone   bool // the server has left
	reason string
	reset  bool
}

func (w *watcher) hear(e bus.Event) {
	switch e := e.(type) {
	case bus.ConnChanged:
		w.connection(e)
	case bus.ServerAdded:
		if !e.Mine {
			w.peers[e.Server.PeerID] = &present{server: e.Server}
			w.refresh(e.Server.PeerID, change{at: e.At})
		}
	case bus.MethodsAdded:
		w.methodsAdded(e)
	case bus.MethodsRemoved:
		w.methodsRemoved(e)
	case bus.ServerRemoved:
		w.refresh(e.Server.PeerID, change{e.At, true, e.Reason, e.Reset})
		delete(w.peers, e.Server.PeerID)
	}
}

func (w *watcher) methodsAdded(e bus.MethodsAdded) {
	p := w.peers[e.Peer]
	if p == nil { // our own
		return
	}
	for _, m := range e.Methods {
		p.methods = append(without(p.methods, m.ID), m)
	}
	w.refresh(e.Peer, change{at: e.At})
}

func (w *watcher) methodsRemoved(e bus.MethodsRemoved) {
	p := w.peers[e.Peer]
	if p == nil {
		return
	}
	for _, m := range e.Methods {
		p.methods = without(p.methods, m.ID)
	}
	w.refresh(e.Peer, change{at: e.At, reset: e.Reset})
}

func without(methods []bus.MethodDefinition, id bus.MethodID) []bus.MethodDefinition {
	return slices.DeleteFunc(slices.Clone(methods), func(m bus.MethodDefinition) bool { return m.ID == id })
}

// refresh prints what is another way now with a server.
func (w *watcher) refresh(peer bus.PeerID, c change) {
	p := w.peers[peer]
	switch {
	case p == nil:
	case w.kind == listServers:
		w.server(p, c)
	default:
		w.methods(p, c)
	}
}

func (w *watcher) server(p *present, c change) {
	f := &w.filters
	fits := !c.gone && f.fitsServer(p.server) && (f.anyMethod() || slices.ContainsFunc(p.methods, f.fitsOffer))
	server := serverObject(p.server).raw("identity", p.server.Identity)
	switch {
	case fits && !p.listed:
		w.print(entry(c.at, "serverAdded").raw("server", server.bytes()))
	case !fits && p.listed:
		w.print(entry(c.at, "serverRemoved").raw("server", server.bytes()).set("reason", c.reason).set("reset", c.reset))
	}
	p.listed = fits
}

func (w *watcher) methods(p *present, c change) {
	var now []bus.MethodDefinition
	for _, m := range p.methods {
		if !c.gone && m.Streaming == w.filters.streams && w.filters.fitsServer(p.server) && w.filters.fitsMethod(m) {
			now = append(now, m)
		}
	}
	for _, m := range p.shown {
		if !has(now, m) {
			w.removed(p.server, m, c)
		}
	}
	for _, m := range now {
		if !has(p.shown, m) {
			w.added(p.server, m, c)
		}
	}
	p.shown = now
}

func has(methods []bus.MethodDefinition, m bus.MethodDefinition) bool {
	return slices.ContainsFunc(methods, func(o bus.MethodDefinition) bool {
		return o.ID == m.ID && string(o.Raw) == string(m.Raw)
	})
}

func (w *watcher) added(s bus.Instance, m bus.MethodDefinition, c change) {
	if w.offered[m.Key()]++; w.offered[m.Key()] == 1 {
		w.print(entry(c.at, "methodAdded").raw("method", methodObject(m).bytes()))
	}
	w.print(entry(c.at, "serverMethodAdded").raw("server", serverRef(&object{}, s).bytes()).
		raw("method", methodObject(m).bytes()))
}

func (w *watcher) removed(s bus.Instance, m bus.MethodDefinition, c change) {
	if w.offered[m.Key()]--; w.offered[m.Key()] == 0 {
		delete(w.offered, m.Key())
		w.print(entry(c.at, "methodRemoved").raw("method", methodObject(m).bytes()).set("reset", c.reset))
	}
	w.print(entry(c.at, "serverMethodRemoved").raw("server", serverRef(&object{}, s).bytes()).
		raw("method", methodObject(m).bytes()).set("reset", c.reset))
}

// connection tells of the states that matter to who reads the lines.
func (w *watcher) connection(e bus.ConnChanged) {
	if e.State == bus.Refused {
		w.refused = e.Err
	}
	if e.State == w.state || e.State != bus.Live && e.State != bus.Lost && e.State != bus.Refused {
		return
	}
	w.state = e.State
	o := entry(e.At, "connection").set("state", e.State.String())
	if e.Err != nil {
		w.print(o.set("error", e.Err.Error()))
		return
	}
	w.print(o.set("error", nil))
}

// print writes a line. Its error stays in the writer until that is flushed.
func (w *watcher) print(o *object) { _, _ = w.out.Write(o.line()) }
