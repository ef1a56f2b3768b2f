package replay

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/client/record"
)

// Options say how to play. nil is fine.
type Options struct {
	// User is the name that all applications log in with, where most gateways show
	// apps to others of the same user only. Default: to each its recorded one.
	User string
	// Password logs in.
	Password string
	// Dial makes a connection. Default: as in client.Options, a websocket.
	Dial func(ctx context.Context, url string) (client.Conn, error)
	// Speed is how many times faster than then; default 1. Paused begins at rest.
	Speed  float64
	Paused bool
	// OnOver hears when the recording has come to its end. It must not wait.
	OnOver func()
	// Logger hears of what goes wrong. Default: discard.
	Logger *slog.Logger
}

// The speeds between which a replay can be.
const (
	Slowest = 1.0 / 16
	Fastest = 64.0
)

// State tells how far a replay has come.
type State struct {
	// At is the time in the recording, Position how far that is from its beginning,
	// and Length how long it is.
	At               time.Time
	Position, Length time.Duration
	Speed            float64
	Paused, Over     bool
}

// Player plays a recording on a bus. It is safe for concurrent use.
type Player struct {
	url  string
	r    *Recording
	o    Options
	log  *slog.Logger
	tick *clock

	turn   sync.Mutex // held by who begins or ends a run
	closed bool       // guarded by turn
	stop   context.CancelFunc
	ended  chan struct{} // closed when the run of stop has let everybody go

	mu   sync.Mutex
	over bool
}

// Start brings the recording's applications to the bus at url. It returns when those
// that were there at its beginning are there, which ctx limits; all else comes at its
// time.
func Start(ctx context.Context, url string, r *Recording, o *Options) (*Player, error) {
	p := &Player{url: url, r: r}
	if o != nil {
		p.o = *o
	}
	p.o.Speed = clamp(cmp.Or(p.o.Speed, 1))
	if p.log = p.o.Logger; p.log == nil {
		p.log = slog.New(slog.DiscardHandler)
	}
	p.tick = newClock(p.o.Speed, p.o.Paused)
	if err := p.begin(ctx); err != nil {
		return nil, err
	}
	return p, nil
}

func clamp(speed float64) float64 { return min(max(speed, Slowest), Fastest) }

// begin starts a run, and returns when all are there who were there at the beginning.
func (p *Player) begin(ctx context.Context) error {
	run, stop := context.WithCancel(context.Background())
	c := &company{p: p, ctx: run, members: map[*actor]*member{}}
	first := 0
	for first < len(p.r.steps) && p.r.steps[first].at <= 0 {
		if err := c.do(ctx, p.r.steps[first]); err != nil {
			stop()
			c.leave()
			return err
		}
		first++
	}
	ended := make(chan struct{})
	p.stop, p.ended = stop, ended
	go func() {
		defer close(ended)
		defer c.leave()
		c.play(p.r.steps[first:])
		<-run.Done()
	}()
	return nil
}

// end ends the run.
func (p *Player) end() {
	p.stop()
	<-p.ended
}

// State tells how far it is.
func (p *Player) State() State {
	p.tick.mu.Lock()
	s := State{Position: p.tick.position(), Length: p.r.Length(), Speed: p.tick.speed, Paused: p.tick.paused}
	p.tick.mu.Unlock()
	p.mu.Lock()
	s.Over = p.over
	p.mu.Unlock()
	s.Position = min(s.Position, s.Length)
	s.At = p.r.header.At.Add(s.Position)
	return s
}

// Pause stops the time of the replay; Resume lets it go on. Calls are answered all
// the same.
func (p *Player) Pause() { p.tick.set(func(c *clock) { c.paused = true }) }

// Resume lets it go on.
func (p *Player) Resume() { p.tick.set(func(c *clock) { c.paused = false }) }

// SetSpeed makes it so many times faster than it was then.
func (p *Player) SetSpeed(times float64) {
	p.tick.set(func(c *clock) { c.speed = clamp(times) })
}

// Restart plays it from the beginning: all leave, and those come back who were there
// then.
func (p *Player) Restart(ctx context.Context) error {
	p.turn.Lock()
	defer p.turn.Unlock()
	if p.closed {
		return client.ErrClosed
	}
	p.end()
	p.mu.Lock()
	p.over = false
	p.mu.Unlock()
	p.tick.set(func(c *clock) { c.from = 0 })
	if err := p.begin(ctx); err != nil {
		p.closed = true
		return err
	}
	return nil
}

// Close makes all leave.
func (p *Player) Close() error {
	p.turn.Lock()
	defer p.turn.Unlock()
	if !p.closed {
		p.closed = true
		p.end()
	}
	return nil
}

// company are the applications of one run. The goroutine that plays has it alone.
type company struct {
	p       *Player
	ctx     context.Context
	members map[*actor]*member
}

// play does the steps at their times, and tells of the end.
func (c *company) play(steps []step) {
	for _, s := range steps {
		if !c.p.tick.wait(c.ctx, s.at) {
			return
		}
		if err := c.do(c.ctx, s); err != nil && c.ctx.Err() == nil {
			c.p.log.Warn("replay: a step is left out", "line", s.line, "what", string(s.what), "err", err)
		}
	}
	if !c.p.tick.wait(c.ctx, c.p.r.Length()) {
		return
	}
	c.p.mu.Lock()
	c.p.over = true
	c.p.mu.Unlock()
	if c.p.o.OnOver != nil {
		c.p.o.OnOver()
	}
}

// stepTime is how long one step may take.
const stepTime = 20 * time.Second

func (c *company) do(ctx context.Context, s step) error {
	ctx, cancel := context.WithTimeout(ctx, stepTime)
	defer cancel()
	m := c.members[s.actor]
	switch {
	case s.what == record.Join && m == nil:
		m, err := c.join(ctx, s.actor)
		if err != nil {
			return fmt.Errorf("bring %s back: %w", s.actor.instance.Name(), err)
		}
		c.members[s.actor] = m
		return nil
	case m == nil, s.what == record.Join:
		return nil // it could not join
	case s.what == record.Leave:
		delete(c.members, s.actor)
		return m.client.Close()
	}
	l, err := c.p.r.line(s.place)
	if err != nil {
		return err
	}
	if s.what == record.Offer {
		return m.offer(ctx, l.Methods)
	}
	return m.withdraw(ctx, l.Methods)
}

// leave makes all go, at once.
func (c *company) leave() {
	var all sync.WaitGroup
	for _, m := range c.members {
		all.Go(func() { _ = m.client.Close() })
	}
	all.Wait()
	clear(c.members)
}

// join connects an application under what it was then, as far as a gateway lets it.
func (c *company) join(ctx context.Context, a *actor) (*member, error) {
	o := &client.Options{
		Application: a.instance.Application, User: cmp.Or(c.p.o.User, a.instance.User), Password: c.p.o.Password,
		Dial: c.p.o.Dial, Logger: c.p.log.With("app", a.instance.Application),
		Identity: identity(a),
	}
	conn, err := client.Dial(ctx, c.p.url, o)
	if err != nil {
		return nil, err
	}
	return &member{
		c: c, actor: a, client: conn, offered: map[bus.MethodID]taken{}, names: map[string]bus.MethodID{},
		tapes: map[tapeKey]*tape{}, private: map[*client.Subscriber]context.CancelFunc{},
	}, nil
}

// identity is what the application told of itself. User and log-in are the
// gateway's affair.
func identity(a *actor) map[string]any {
	out, _ := bus.Decode(a.identity).(map[string]any)
	if out == nil {
		out = map[string]any{}
	}
	delete(out, "user")
	delete(out, "login")
	return out
}
