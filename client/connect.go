package client

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"ioscope/client/bus"
	"ioscope/client/internal/wire"
)

// run makes one connection after the other until the client is closed. It is
// the reading goroutine: everything that is heard is told from here.
func (c *Client) run() {
	defer close(c.done)
	defer c.finish()
	var p pace
	for {
		p.attempt++
		c.become(bus.ConnChanged{State: bus.Connecting, Attempt: p.attempt})
		life, err := c.connect(p.attempt)
		if c.isClosed() {
			return
		}
		if c.once && life == 0 {
			c.fail(err)
			return
		}
		c.once = false
		c.wait(&p, life, err)
	}
}

// isClosed reports whether Close was called. It is true before ctx ends: Close
// waits first for the gateway's goodbye, and a connection that ends meanwhile is
// not to be made again.
func (c *Client) isClosed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closed
}

// pace counts attempts, and the misses among them since the last good one.
type pace struct {
	attempt, misses int
	// hurried is true once a lost connection was followed by a try at once. That
	// is due again only after one that lasted: a gateway that accepts and drops
	// must not be asked in a tight loop.
	hurried bool
}

// next is the pause after a connection that lived for so long, 0 for one that
// never did.
func (p *pace) next(life time.Duration, o *Options) time.Duration {
	if life > 0 {
		p.attempt = 0
	}
	if life >= steady {
		p.hurried = false
	}
	if life > 0 && !p.hurried {
		p.misses, p.hurried = 0, true
		return 0
	}
	p.misses++
	pause := o.RetryMin
	for n := 1; n < p.misses && pause < o.RetryMax; n++ {
		pause *= 2
	}
	pause = min(pause, o.RetryMax)
	// Many clients lose a gateway at once; at random they don't come back at once.
	return pause - rand.N(pause/2+1)
}

// wait passes the pause before the next try, which Retry and the end cut short.
// A refusal is waited out for ever.
func (c *Client) wait(p *pace, life time.Duration, err error) {
	change := bus.ConnChanged{State: bus.Lost, Attempt: p.attempt, Err: err}
	if life > 0 {
		change.Attempt = 0 // none has been made since
	}
	var due <-chan time.Time
	var refused *RefusedError
	if errors.As(err, &refused) {
		change.State = bus.Refused
		*p = pace{}
	} else {
		pause := p.next(life, &c.opts)
		change.RetryAt = time.Now().Add(pause)
		timer := time.NewTimer(pause)
		defer timer.Stop()
		due = timer.C
	}
	retry := make(chan struct{})
	c.mu.Lock()
	c.retry, c.failure = retry, err
	c.mu.Unlock()
	c.become(change)
	select {
	case <-due:
	case <-retry:
	case <-c.ctx.Done():
	}
	c.mu.Lock()
	c.retry = nil
	c.mu.Unlock()
}

// become changes the state and tells of it. That it is live is told first, so
// that whoever Ready lets go finds it heard; of the rest the state comes first,
// so that Retry may be called where it is heard.
func (c *Client) become(change bus.ConnChanged) {
	change.At, change.URL = time.Now(), c.url
	if change.State == bus.Live {
		c.emit(change)
	}
	c.mu.Lock()
	c.state = change.State
	c.listeners.changed(change)
	c.notify()
	c.mu.Unlock()
	if change.State != bus.Live {
		c.emit(change)
	}
}

// fail records why Dial failed, for good.
func (c *Client) fail(err error) {
	c.mu.Lock()
	c.failure = err
	c.mu.Unlock()
}

func (c *Client) finish() {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.cancel()
	c.closeSubscriptions() // one may have been accepted while we closed
	c.become(bus.ConnChanged{State: bus.Closed})
}

// connect makes a connection and serves it until it ends. It returns for how
// long it was live, 0 if it never was, and why it ended.
func (c *Client) connect(attempt int) (time.Duration, error) {
	if c.badIdentity != nil {
		return 0, &RefusedError{Err: &bus.Error{Reason: c.badIdentity.Error()}}
	}
	ctx, cancel := context.WithTimeout(c.ctx, loginTimeout)
	conn, err := c.opts.Dial(ctx, c.url)
	cancel()
	if err != nil {
		return 0, err
	}
	s := newSession(c, conn)
	defer s.close()
	var life time.Duration
	if err = s.login(); err == nil {
		if p, ok := conn.(wire.Pacer); ok {
			p.Pace(c.opts.ReadPause)
		}
		since := time.Now()
		s.enter(attempt)
		err = s.read()
		life = max(time.Since(since), 1)
	}
	err = s.cause(err)
	c.drop(s, err)
	return life, err
}

// login says hello, joins, and registers again what was registered.
func (s *session) login() error {
	guard := time.AfterFunc(loginTimeout, func() { s.cut(errSilent) })
	defer guard.Stop()
	welcome, err := s.hello(guard)
	if err != nil {
		return err
	}
	if err := s.welcome(welcome); err != nil {
		return err
	}
	guard.Reset(loginTimeout)
	joined := s.ask(wire.Frame{Domain: wire.Global, Type: wire.Join, Destination: wire.Quote(wire.AGM)})
	if r, err := s.until(joined); err != nil {
		return err
	} else if r.err != nil {
		return refusal(r.err)
	}
	return s.restore(guard)
}

var errSilent = errors.New("gateway does not answer the log-in")

// hello logs in, one way after the other, and again and again while the gateway
// still sees our last connection.
func (s *session) hello(guard *time.Timer) (wire.Frame, error) {
	question := wire.Frame{
		Domain: wire.Global, Type: wire.Hello,
		Identity: s.c.identity,
	}
	ways := s.c.credentials()
	for {
		question.Authentication = ways[0]
		guard.Reset(loginTimeout)
		r, err := s.until(s.ask(question))
		switch {
		case err != nil:
			return wire.Frame{}, err
		case r.err == nil && r.frame.Type == wire.Welcome:
			s.c.keepAccess(r.frame.Options)
			return r.frame, nil
		case len(ways) > 1 && !isSeen(r.err):
			s.c.log.Info("gateway does not take its access token, logging in as at first", "err", r.err)
			ways = ways[1:]
			continue
		case r.err == nil:
			return wire.Frame{}, refusal(&bus.Error{Reason: "gateway wants a log-in in several steps: " + r.frame.Type})
		case !isSeen(r.err):
			return wire.Frame{}, refusal(r.err)
		}
		s.c.log.Info("gateway still sees our last connection", "again_in", seenAgain)
		guard.Stop()
		if err := s.pause(seenAgain); err != nil {
			return wire.Frame{}, err
		}
	}
}

// isSeen reports whether the gateway has not yet noticed the end of our last
// connection.
func isSeen(err error) bool {
	return errors.Is(err, &bus.Error{URI: "global.errors.already_seen"})
}

// refusal keeps what the gateway said, whatever it was.
func refusal(err error) error {
	var lost *LostError
	if errors.As(err, &lost) {
		return err
	}
	var said *bus.Error
	if !errors.As(err, &said) {
		said = &bus.Error{Reason: err.Error()}
	}
	return &RefusedError{Err: said}
}

// welcome takes our peer id and identity. From here on the session is the
// client's, and the client its own first server.
func (s *session) welcome(f wire.Frame) error {
	id, ok := wire.Text(f.PeerID)
	if !ok || id == "" {
		return refusal(&bus.Error{Reason: "gateway's welcome names no peer id"})
	}
	identity := f.ResolvedIdentity
	if wire.IsNull(identity) {
		identity = s.c.identity
	}
	self := bus.ParseInstance(bus.PeerID(id), identity, true)
	c := s.c
	c.mu.Lock()
	s.peer = f.PeerID
	c.session, c.self = s, self
	if c.dir.add(self, true) {
		c.listeners.serverAdded.tell(self)
	}
	c.notify()
	c.mu.Unlock()
	c.emit(bus.ServerAdded{At: time.Now(), Server: self, Mine: true})
	return nil
}

// restore registers again, all at once, and waits for the answers. What the
// gateway refuses now is kept for the next time.
func (s *session) restore(guard *time.Timer) error {
	c := s.c
	c.mu.Lock()
	var answers []<-chan reply
	regs := append([]*registration(nil), c.regs...)
	for _, reg := range regs {
		done := make(chan reply, 1)
		s.register(reg, func(r reply) { done <- r })
		answers = append(answers, done)
	}
	c.mu.Unlock()
	for i, answer := range answers {
		guard.Reset(loginTimeout)
		r, err := s.until(answer)
		if err != nil {
			return err
		}
		if r.err != nil {
			c.log.Error("registration not restored", "method", regs[i].def.Name, "err", r.err)
			continue
		}
		s.restored++
	}
	return nil
}

// enter makes the client live and asks again for its subscriptions.
func (s *session) enter(attempt int) {
	c := s.c
	c.mu.Lock()
	subs := append([]*Subscription(nil), c.subs...)
	self := c.self
	c.mu.Unlock()
	c.become(bus.ConnChanged{
		State: bus.Live, Attempt: attempt, Self: self,
		Registrations: s.restored, Subscriptions: len(subs),
	})
	for _, sub := range subs {
		c.workers.Go(func() { sub.restore(s) })
	}
}

// drop ends everything that hung on a session, and tells of it.
func (c *Client) drop(s *session, cause error) {
	now := time.Now()
	c.mu.Lock()
	if c.closed {
		cause = ErrClosed
	}
	lost := &LostError{Err: cause}
	s.gone = true
	pending := s.pending
	for _, r := range s.interests {
		if !r.settled {
			r.withdraw()
		}
	}
	s.pending, s.methods, s.interests = nil, nil, nil
	if c.session == s {
		c.session = nil
		c.state = bus.Connecting // what comes next, so that nobody takes it for live
	}
	for _, reg := range c.regs {
		if reg.stream != nil {
			reg.stream.forget()
		}
	}
	subs := append([]*Subscription(nil), c.subs...)
	for _, sub := range subs {
		sub.lose(now)
	}
	c.contexts.reset()
	servers := c.dir.reset()
	for _, gone := range servers {
		c.listeners.serverWent(gone, "reset")
	}
	c.notify()
	c.mu.Unlock()

	for _, q := range pending {
		q.answer(reply{err: lost})
	}
	for _, sub := range subs {
		sub.events.deliver()
	}
	for _, gone := range servers {
		if len(gone.methods) > 0 {
			c.emit(bus.MethodsRemoved{At: now, Peer: gone.instance.PeerID, Methods: gone.methods, Reset: true})
		}
		c.emit(bus.ServerRemoved{At: now, Server: gone.instance, Reason: "reset", Reset: true})
	}
}
