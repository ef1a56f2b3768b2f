package client

import (
	"runtime/debug"
	"slices"
	"sync/atomic"

	"ioscope/client/bus"
)

// listeners are those of the On methods. Guarded by c.mu, under which they are
// told: so that what a new one is shown of the past, and what it then hears,
// fit together without a gap and without anything twice.
type listeners struct {
	serverAdded         topic[bus.Instance]
	serverRemoved       topic[departure]
	methodAdded         topic[bus.MethodDefinition]
	methodRemoved       topic[bus.MethodDefinition]
	serverMethodAdded   topic[bus.Candidate]
	serverMethodRemoved topic[bus.Candidate]
	connection          topic[bus.ConnChanged]
	// offered counts the servers of each method.
	offered map[bus.MethodKey]int
	// last is what the connection did last.
	last bus.ConnChanged
}

// departure is a server that went, and why.
type departure struct {
	server bus.Instance
	reason string
}

// topic is what one kind of listener hears.
type topic[T any] struct{ heard []*listener[T] }

// listener has a queue of its own, without a bound: discovery is never dropped,
// and who is slow delays nobody else.
type listener[T any] struct {
	c       *Client
	hear    func(T)
	queue   inOrder
	stopped atomic.Bool
}

// tell never blocks. c.mu is held.
func (t *topic[T]) tell(v T) {
	for _, l := range t.heard {
		l.tell(v)
	}
}

func (l *listener[T]) tell(v T) {
	l.queue.do(&l.c.workers, func() {
		defer func() {
			if p := recover(); p != nil {
				l.c.log.Error("listener panicked", "panic", p, "stack", string(debug.Stack()))
			}
		}()
		if !l.stopped.Load() {
			l.hear(v)
		}
	})
}

// listen adds a listener, which first hears what now gives, under c.mu.
func listen[T any](c *Client, t *topic[T], hear func(T), now func() []T) (stop func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return listenLocked(c, t, hear, now)
}

// listenLocked is listen where c.mu is held already.
func listenLocked[T any](c *Client, t *topic[T], hear func(T), now func() []T) (stop func()) {
	l := &listener[T]{c: c, hear: hear}
	if c.closed {
		return func() {}
	}
	t.heard = append(t.heard, l)
	for _, v := range now() {
		l.tell(v)
	}
	return func() {
		l.stopped.Store(true)
		c.mu.Lock()
		defer c.mu.Unlock()
		t.heard = slices.DeleteFunc(slices.Clone(t.heard), func(o *listener[T]) bool { return o == l })
	}
}

func nothing[T any]() []T { return nil }

// OnServerAdded hears of every application that joins and, first, of those that
// are there, the client itself among them.
//
// All On methods are alike. What is there already is told in the order in which
// it came, beside the caller: perhaps before the method returns, perhaps after.
// Each listener is called by a goroutine of its own, one call at a time, and may
// do what it likes; what comes meanwhile waits, however much it is. The order
// among several listeners is not fixed. A panic is logged. The function that is
// returned ends it: no call begins after, though one may be under way. Listeners
// stay over reconnects, where everything is removed, and then added again. On a
// closed client they hear nothing.
func (c *Client) OnServerAdded(hear func(bus.Instance)) (stop func()) {
	return listen(c, &c.listeners.serverAdded, hear, c.dir.servers)
}

// OnServerRemoved hears of every application that leaves, after its methods. The
// reason is what the gateway said, which may be nothing, or "reset" when our own
// connection was lost and the application may still be there. See OnServerAdded.
func (c *Client) OnServerRemoved(hear func(server bus.Instance, reason string)) (stop func()) {
	return listen(c, &c.listeners.serverRemoved, func(d departure) { hear(d.server, d.reason) }, nothing)
}

// OnMethodAdded hears of a method, or a stream, when a first server offers it.
// What its name, accepts and returns are the same of is the same method (gw3
// 10.2). Of the methods that are there it hears first, once each. See
// OnServerAdded.
func (c *Client) OnMethodAdded(hear func(bus.MethodDefinition)) (stop func()) {
	return listen(c, &c.listeners.methodAdded, hear, func() []bus.MethodDefinition {
		return distinct(c.dir.candidates(bus.MethodFilter{}, false))
	})
}

// OnMethodRemoved hears of a method, or a stream, when its last server is gone
// or offers it no more. See OnServerAdded.
func (c *Client) OnMethodRemoved(hear func(bus.MethodDefinition)) (stop func()) {
	return listen(c, &c.listeners.methodRemoved, hear, nothing)
}

// OnServerMethodAdded hears of every method and stream of every server, also of
// those that are there. See OnServerAdded.
func (c *Client) OnServerMethodAdded(hear func(bus.Candidate)) (stop func()) {
	return listen(c, &c.listeners.serverMethodAdded, hear, func() []bus.Candidate {
		return c.dir.candidates(bus.MethodFilter{}, false)
	})
}

// OnServerMethodRemoved hears of every method and stream that a server offers no
// more. See OnServerAdded.
func (c *Client) OnServerMethodRemoved(hear func(bus.Candidate)) (stop func()) {
	return listen(c, &c.listeners.serverMethodRemoved, hear, nothing)
}

// OnConnection hears of every change of the connection and, first, of the last
// one that was. See OnServerAdded.
func (c *Client) OnConnection(hear func(bus.ConnChanged)) (stop func()) {
	return listen(c, &c.listeners.connection, hear, func() []bus.ConnChanged {
		if c.listeners.last.At.IsZero() {
			return nil
		}
		return []bus.ConnChanged{c.listeners.last}
	})
}

// methodsCame tells that a server offers more. c.mu is held.
func (l *listeners) methodsCame(server bus.Instance, mine bool, methods []bus.MethodDefinition) {
	if l.offered == nil {
		l.offered = make(map[bus.MethodKey]int)
	}
	for _, m := range methods {
		key := m.Key()
		if l.offered[key]++; l.offered[key] == 1 {
			l.methodAdded.tell(m)
		}
		l.serverMethodAdded.tell(bus.Candidate{Server: server, Method: m, Mine: mine})
	}
}

// methodsWent tells that a server offers less. c.mu is held.
func (l *listeners) methodsWent(server bus.Instance, mine bool, methods []bus.MethodDefinition) {
	for _, m := range methods {
		key := m.Key()
		if l.offered[key]--; l.offered[key] <= 0 {
			delete(l.offered, key)
			l.methodRemoved.tell(m)
		}
		l.serverMethodRemoved.tell(bus.Candidate{Server: server, Method: m, Mine: mine})
	}
}

// serverWent tells that a server is gone with all that it offered. c.mu is held.
func (l *listeners) serverWent(gone server, reason string) {
	l.methodsWent(gone.instance, gone.mine, gone.methods)
	l.serverRemoved.tell(departure{gone.instance, reason})
}

// changed tells what the connection does. c.mu is held.
func (l *listeners) changed(change bus.ConnChanged) {
	l.last = change
	l.connection.tell(change)
}
