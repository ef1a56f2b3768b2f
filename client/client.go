package client

import (
	"context"
	"log/slog"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"ioscope/client/bus"
	"ioscope/client/internal/wire"
)

// Client is one application on the bus, over one connection that it keeps up.
// Dial and Open make one.
type Client struct {
	url  string
	opts Options
	log  *slog.Logger
	// hello is what the gateway is told first, the same after each reconnect.
	identity, authentication wire.Raw
	// access is the token of the last welcome; of the reading goroutine.
	access string
	// badIdentity is why there is no identity; no log-in is tried then.
	badIdentity error
	// once is true while the first failure is to be the last: Dial reports it.
	once bool

	ctx    context.Context
	cancel context.CancelFunc
	// done is closed when the reading goroutine has ended.
	done chan struct{}
	// workers counts handlers, callbacks of streams and restored subscriptions.
	workers sync.WaitGroup
	// ids counts request ids, method ids and stream ids; none is used twice.
	ids atomic.Int64

	// mu guards everything below, and the state of sessions, subscriptions and
	// streams. Nothing waits and no callback runs while it is held.
	mu      sync.Mutex
	state   bus.ConnState
	failure error         // why it is Refused, or why Dial failed
	changed chan struct{} // closed and replaced at every change of state or directory
	retry   chan struct{} // closed by Retry; nil unless a pause is under way
	closed  bool
	session *session // nil unless logged in
	self    bus.Instance
	dir     directory
	names   map[string]bool // names of our methods and streams
	regs    []*registration // what is registered, and again after a reconnect
	subs    []*Subscription // what is subscribed, and again after a reconnect
	// listeners are those of the On methods.
	listeners listeners
	// contexts is what is known of shared contexts.
	contexts sharedState
}

// Limits of time. None is in the protocol; they keep a dead or a strange
// gateway from holding anybody for ever.
const (
	// loginTimeout bounds the making of a connection, and then each answer of the
	// log-in.
	loginTimeout = 20 * time.Second
	// seenAgain is the pause before a log-in that the gateway refused because it
	// has not yet noticed the end of our last connection (gw3 11.1).
	seenAgain = time.Second
	// steady is how long a connection must have been live to count as a good one.
	steady = time.Second
	// goodbye bounds leaving, and the wait for handlers, in Close.
	goodbye = 2 * time.Second
	// writeTimeout is how long a single message may take to leave.
	writeTimeout = 30 * time.Second
)

// Dial joins the bus at a ws:// or wss:// address and returns when logged in and
// joined. Any failure of this first try is returned, a *RefusedError where the
// gateway refused the log-in, and nothing stays behind. Later losses are mended
// as with Open. Options.OnEvent has heard of what is on the bus by then.
func Dial(ctx context.Context, url string, o *Options) (*Client, error) {
	c := newClient(url, o)
	c.once = true
	go c.run()
	err := c.Ready(ctx)
	if err == nil {
		return c, nil
	}
	c.mu.Lock()
	if c.failure != nil {
		err = c.failure
	}
	c.mu.Unlock()
	_ = c.Close()
	return nil, err
}

// Open joins the bus at a ws:// or wss:// address in the background and keeps
// trying. Options.OnEvent tells how it goes, Ready waits for it. Until then the
// bus looks empty. An identity that can't be marshalled shows as Refused.
func Open(url string, o *Options) *Client {
	c := newClient(url, o)
	go c.run()
	return c
}

func newClient(url string, o *Options) *Client {
	c := &Client{
		url:     url,
		opts:    o.withDefaults(),
		done:    make(chan struct{}),
		changed: make(chan struct{}),
		names:   make(map[string]bool),
	}
	c.log = c.opts.Logger
	c.ctx, c.cancel = context.WithCancel(context.Background())
	c.authentication = c.opts.authentication()
	c.identity, c.badIdentity = c.opts.identity()
	return c
}

// Ready waits until the client is live, which it is from the start when Dial
// returned it. It returns early with a *RefusedError when the gateway refused
// the log-in, with ErrClosed, or with ctx's error.
func (c *Client) Ready(ctx context.Context) error {
	_, err := c.live(ctx)
	return err
}

// live waits for a session that is live.
func (c *Client) live(ctx context.Context) (*session, error) {
	for {
		c.mu.Lock()
		state, failure, s, changed, closed := c.state, c.failure, c.session, c.changed, c.closed
		c.mu.Unlock()
		switch {
		case closed || state == bus.Closed:
			return nil, ErrClosed
		case state == bus.Live:
			return s, nil
		case state == bus.Refused:
			return nil, failure
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// Retry tries now to connect, instead of after the pause that is under way. It
// also tries again after the log-in was refused. At other times it does nothing.
func (c *Client) Retry() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.retry == nil {
		return
	}
	close(c.retry)
	c.retry = nil
	// Whoever calls Ready next must wait for the new try.
	c.state, c.failure = bus.Connecting, nil
}

// Close leaves the bus, ends the connection and all subscriptions, cancels the
// contexts of handlers and waits for them, for 2 seconds at most. It returns nil,
// also when called again. It must not be called where events are heard; called
// by a handler or a listener, it waits for that one too, in vain.
func (c *Client) Close() error {
	c.mu.Lock()
	first := !c.closed
	c.closed = true
	s := c.session
	c.notify()
	c.mu.Unlock()
	if first {
		c.closeSubscriptions()
		if s != nil {
			s.leave()
		}
		c.cancel()
	}
	c.settle()
	return nil
}

// settle waits for the goroutines, but not for a handler that does not listen.
func (c *Client) settle() {
	all := make(chan struct{})
	go func() {
		<-c.done
		c.workers.Wait()
		close(all)
	}()
	patience := time.NewTimer(goodbye)
	defer patience.Stop()
	select {
	case <-all:
	case <-patience.C:
		c.log.Warn("handlers are still running after close")
	}
}

// Self is the client's own instance, with the peer id of the present connection
// or, between connections, of the last one. It is zero before the first.
func (c *Client) Self() bus.Instance {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.self
}

// Servers lists the applications on the bus in the order in which they were
// announced, the client itself first. It is empty between connections.
func (c *Client) Servers() []bus.Instance {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.dir.servers()
}

// Methods lists what is offered and fits, one entry per server and method, in
// the order in which they were announced.
func (c *Client) Methods(f bus.MethodFilter) []bus.Candidate {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.dir.candidates(f, false)
}

// find waits until a target is there, and returns whom it means and the session
// on which they were announced. A negative wait is none, 0 the default.
func (c *Client) find(ctx context.Context, f bus.MethodFilter, t bus.Target, wait time.Duration) (*session, []bus.Candidate, error) {
	if wait == 0 {
		wait = bus.DefaultTimeout
	}
	timer := time.NewTimer(max(wait, 0))
	defer timer.Stop()
	for expired := wait < 0; ; {
		c.mu.Lock()
		s, closed, changed := c.session, c.closed, c.changed
		offers := c.dir.candidates(f, true)
		c.mu.Unlock()
		if closed {
			return nil, nil, ErrClosed
		}
		if chosen := t.Choose(offers); s != nil && len(chosen) > 0 {
			return s, chosen, nil
		}
		if expired {
			return nil, nil, &NoMethodError{Filter: f, Target: t, Waited: max(wait, 0), Offered: len(offers) > 0}
		}
		select {
		case <-changed:
		case <-timer.C:
			expired = true
		case <-ctx.Done():
			return nil, nil, ctx.Err()
		}
	}
}

// notify wakes whoever waits for a change. c.mu is held.
func (c *Client) notify() {
	close(c.changed)
	c.changed = make(chan struct{})
}

// emit tells of an event. Only the reading goroutine calls it, without c.mu.
func (c *Client) emit(e bus.Event) {
	if c.opts.OnEvent != nil {
		c.opts.OnEvent(e)
	}
}

// nextID is an id for a method or a stream that this client has not used
// before: digits, as official clients have them.
func (c *Client) nextID() wire.Raw {
	return wire.Quote(strconv.FormatInt(c.ids.Add(1)-1, 10))
}

// nextRequest is an id for a request. A letter keeps it apart from the ids that
// a gateway makes, which stand in the same place in some errors (gw3 5.5).
func (c *Client) nextRequest() wire.Raw {
	return wire.Quote("q" + strconv.FormatInt(c.ids.Add(1)-1, 10))
}
