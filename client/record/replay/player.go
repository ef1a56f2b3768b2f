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
	// From is the position at which it begins, as Seek would go there; default 0.
	From time.Duration
	// OnOver hears when the recording has come to its end. It must not wait.
	OnOver func()
	// OnSeek hears of each Seek and Restart, from where to where, behind the last
	// event of before and ahead of the first one of after. It must not wait.
	OnSeek func(from, to time.Duration)
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

	turn    sync.Mutex // held by who begins or ends a run, or goes somewhere in it
	closed  bool       // guarded by turn
	company *company   // guarded by turn

	mu   sync.Mutex
	over bool // guarded by mu
	// origin is the time of tick at which the recording began, by its present
	// position. sought is true once somebody went somewhere. Both guarded by mu.
	origin time.Duration
	sought bool
}

// Start brings the recording's applications to the bus at url. It returns when those
// that were there at the position where it begins are there, which ctx limits; all
// else comes at its time.
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
	if err := p.begin(ctx, p.within(p.o.From), p.o.From > 0); err != nil {
		return nil, err
	}
	return p, nil
}

func (p *Player) within(at time.Duration) time.Duration { return min(max(at, 0), p.r.Length()) }

func clamp(speed float64) float64 { return min(max(speed, Slowest), Fastest) }

// begin starts a run, and returns when all are there who were there at that moment.
func (p *Player) begin(ctx context.Context, at time.Duration, sought bool) error {
	run, stop := context.WithCancel(context.Background())
	p.company = &company{p: p, ctx: run, stop: stop, members: map[*actor]*member{}}
	p.place(at, sought)
	next, err := p.company.stage(ctx, at)
	if err != nil {
		p.company.leave()
		return err
	}
	p.place(at, sought)
	p.company.goOn(next)
	return nil
}

// place says where the recording is now.
func (p *Player) place(at time.Duration, sought bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.origin, p.sought, p.over = p.tick.now()-at, sought, sought && at == p.r.Length()
}

// position is where it is.
func (p *Player) position() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.tick.now() - p.origin
}

// State tells how far it is.
func (p *Player) State() State {
	s := State{Length: p.r.Length()}
	p.mu.Lock()
	p.tick.mu.Lock()
	s.Position, s.Speed, s.Paused = p.tick.time()-p.origin, p.tick.speed, p.tick.paused
	p.tick.mu.Unlock()
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

// Seek goes to a position, forward or back, and plays on from there: the bus becomes
// what it was then, without what happened on the way. Who was there then and is
// there now stays, with its subscribers, whose streams go on with what came to them
// at that moment. A position beyond the ends is the end. After an error, which is that
// of ctx or of applications that could not join, it plays on all the same.
func (p *Player) Seek(ctx context.Context, at time.Duration) error {
	p.turn.Lock()
	defer p.turn.Unlock()
	if p.closed {
		return client.ErrClosed
	}
	from := p.State().Position
	p.company.halt()
	for _, m := range p.company.members {
		m.halt()
	}
	at = p.within(at)
	p.place(at, true)
	next, err := p.company.stage(ctx, at)
	p.went(from, at)
	// What all this took is no time of the recording.
	p.place(at, true)
	for _, m := range p.company.members {
		m.wind(at)
	}
	p.company.goOn(next)
	return err
}

// went tells of a jump, as soon as what was pushed before it has arrived.
func (p *Player) went(from, to time.Duration) {
	if p.o.OnSeek == nil {
		return
	}
	const onTheWay = 20 * time.Millisecond
	time.Sleep(onTheWay)
	p.o.OnSeek(from, to)
}

// Restart plays it from the beginning: all leave, and those come back who were there
// then.
func (p *Player) Restart(ctx context.Context) error {
	p.turn.Lock()
	defer p.turn.Unlock()
	if p.closed {
		return client.ErrClosed
	}
	from := p.State().Position
	p.company.leave()
	p.went(from, 0)
	if err := p.begin(ctx, 0, false); err != nil {
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
		p.company.leave()
	}
	return nil
}

// company are the applications of one run. The goroutine that plays has it alone,
// and where none plays, who holds the player's turn.
type company struct {
	p       *Player
	ctx     context.Context // ends with the run
	stop    context.CancelFunc
	members map[*actor]*member

	pause  context.CancelFunc // ends the playing; nil before it
	paused chan struct{}      // closed when it has ended
}

// goOn plays the steps from that one on.
func (c *company) goOn(next int) {
	ctx, pause := context.WithCancel(c.ctx)
	c.pause, c.paused = pause, make(chan struct{})
	go func(done chan<- struct{}) {
		defer close(done)
		c.play(ctx, c.p.r.steps[next:])
	}(c.paused)
}

// halt ends the playing.
func (c *company) halt() {
	if c.pause != nil {
		c.pause()
		<-c.paused
	}
}

// play does the steps at their times, and tells of the end.
func (c *company) play(ctx context.Context, steps []step) {
	c.p.mu.Lock()
	origin := c.p.origin
	c.p.mu.Unlock()
	for _, s := range steps {
		if !c.p.tick.wait(ctx, origin+s.at) {
			return
		}
		if err := c.do(ctx, s); err != nil && ctx.Err() == nil {
			c.p.log.Warn("replay: a step is left out", "line", s.line, "what", string(s.what), "err", err)
		}
	}
	if !c.p.tick.wait(ctx, origin+c.p.r.Length()) {
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
		_, err := c.enter(ctx, s.actor)
		return err
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

// leave ends the run, and makes all go, at once.
func (c *company) leave() {
	c.stop()
	c.halt()
	var all sync.WaitGroup
	for _, m := range c.members {
		all.Go(func() { _ = m.client.Close() })
	}
	all.Wait()
	clear(c.members)
}

// enter lets an application join.
func (c *company) enter(ctx context.Context, a *actor) (*member, error) {
	m, err := c.join(ctx, a)
	if err != nil {
		return nil, fmt.Errorf("bring %s back: %w", a.instance.Name(), err)
	}
	c.members[a] = m
	return m, nil
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
		private: map[*client.Subscriber]context.CancelFunc{},
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
