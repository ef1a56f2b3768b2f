package replay

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/client/record"
)

// tape plays a recorded subscription to one branch of a stream. Its fields are
// guarded by its member's mu.
type tape struct {
	stream      string
	branch      string
	sub         *asked
	first       *client.Subscriber // who gets what is private, from this tape
	subscribers int
	stop        context.CancelFunc // nil before the first one
	stopped     chan struct{}      // closed when what stop ends has ended
	halted      bool               // until it is wound
	over        bool
}

// decide accepts whom it accepted then.
func (m *member) decide(stream string, q *client.Request) {
	p := m.c.p
	s := p.r.subscriptionTo(stream, m.actor, q.Args, p.position())
	switch {
	case s == nil:
		q.Reject(p.r.noSubscription(stream, m.actor))
	case s.refused != nil && s.refused.Silent:
		// Nor does it answer now.
	case s.refused != nil:
		q.Reject(s.refused.Reason)
	default:
		q.AcceptOnBranch(m.tape(stream, s).branch)
	}
}

// tape is the one that plays a recorded subscription, or a new one.
func (m *member) tape(stream string, s *asked) *tape {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, t := range m.tapes {
		if t.stream == stream && t.sub == s && !t.over {
			return t
		}
	}
	m.runs++
	t := &tape{stream: stream, branch: fmt.Sprintf("%s %d", clip(s.raw), m.runs), sub: s}
	m.tapes = append(m.tapes, t)
	return t
}

// find is the tape of a branch. m.mu is held.
func (m *member) find(branch string) *tape {
	for _, t := range m.tapes {
		if t.branch == branch {
			return t
		}
	}
	return nil
}

// cue is where a tape is: start is when, by the clock, it has its beginning, and skip
// how much of it is left out.
type cue struct{ start, skip time.Duration }

// cue is where a tape is that begins now. It begins with its first subscriber, but for
// who went to a moment: that one hears what came then, unless it was over by then.
func (p *Player) cue(s *asked) cue {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.tick.now()
	if !p.sought || now-p.origin > s.end {
		return cue{start: now}
	}
	start := p.origin + p.r.since(s.begin.At)
	return cue{start, max(now-start, 0)}
}

func (m *member) subscribed(s *client.Subscriber) {
	m.mu.Lock()
	defer m.mu.Unlock()
	t := m.find(s.Branch().Key())
	if t == nil {
		return
	}
	t.subscribers++
	if t.stop == nil {
		t.first = s
		at := m.c.p.cue(t.sub)
		if at.skip > 0 {
			m.alone(s, t.sub, min(at.skip, greeting))
		}
		m.roll(t, at)
		return
	}
	m.alone(s, t.sub, endless)
}

const (
	// greeting is how long after it was accepted a subscriber is greeted: what is
	// private then is for who comes in the middle, too.
	greeting = 2 * time.Second
	endless  = 1 << 62
)

// alone gives a subscriber what was private, of so long a time. m.mu is held.
func (m *member) alone(s *client.Subscriber, sub *asked, until time.Duration) {
	ctx, stop := context.WithCancel(m.c.ctx)
	m.private[s] = stop
	at := cue{start: m.c.p.tick.now()}
	go func() {
		_ = m.play(ctx, sub, at, func(l *record.Line, after time.Duration) bool {
			if l.What != record.Event || after >= until {
				return false
			}
			if l.Private {
				m.heed(s.PushWith(l.Data, beside(l)))
			}
			return true
		})
	}()
}

// roll plays a tape. m.mu is held.
func (m *member) roll(t *tape, at cue) {
	ctx, stop := context.WithCancel(m.c.ctx)
	done := make(chan struct{})
	t.stop, t.stopped, t.halted, t.over = stop, done, false, false
	sub := t.sub
	first, branch := t.first, t.first.Branch()
	go func() {
		defer close(done)
		ended := m.play(ctx, sub, at, func(l *record.Line, _ time.Duration) bool {
			switch {
			case l.What != record.Event:
				// Where the application or its stream left, it leaves now, too.
				if !l.Mine && !l.Failed && l.URI != bus.PeerRemoved && l.URI != bus.MethodRemoved {
					m.finish(t, l.Reason)
				}
				return false
			case l.Private:
				m.heed(first.PushWith(l.Data, beside(l)))
			default:
				m.heed(branch.PushWith(l.Data, beside(l)))
			}
			return true
		})
		if ended {
			m.mu.Lock()
			t.over = true
			m.mu.Unlock()
		}
	}()
}

// halt stops the tapes. Nothing comes from them after it.
func (m *member) halt() {
	var ends []chan struct{}
	m.mu.Lock()
	for _, t := range m.tapes {
		if t.stop != nil {
			t.stop()
			t.halted = true
			ends = append(ends, t.stopped)
		}
	}
	m.mu.Unlock()
	for _, stopped := range ends {
		<-stopped
	}
}

// wind lets the tapes that were halted go on at a position of the recording.
func (m *member) wind(position time.Duration) {
	p := m.c.p
	p.mu.Lock()
	origin := p.origin
	p.mu.Unlock()
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, t := range m.tapes {
		if !t.halted {
			continue // it began since then
		}
		if s := p.r.sameAsked(t.stream, m.actor, t.sub, position); s != nil {
			t.sub = s
		}
		m.inherit(t)
		begin := p.r.since(t.sub.begin.At)
		m.roll(t, cue{origin + begin, max(position-begin, 0)})
	}
}

// inherit lets another get what is private where the first one has gone. m.mu is held.
func (m *member) inherit(t *tape) {
	all := t.first.Branch().Subscribers()
	if len(all) == 0 || slices.Contains(all, t.first) {
		return
	}
	t.first = all[0]
	if stop := m.private[t.first]; stop != nil {
		stop()
		delete(m.private, t.first)
	}
}

func (m *member) unsubscribed(s *client.Subscriber) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if stop := m.private[s]; stop != nil {
		stop()
		delete(m.private, s)
	}
	t := m.find(s.Branch().Key())
	if t == nil {
		return
	}
	if t.subscribers--; t.subscribers == 0 {
		t.stop()
		m.tapes = slices.DeleteFunc(m.tapes, func(o *tape) bool { return o == t })
	}
}

// beside is what its publisher told beside the data of an event.
func beside(l *record.Line) *client.PushOptions {
	return &client.PushOptions{Sequence: l.Sequence, Snapshot: l.Snapshot}
}

func (m *member) heed(err error) {
	if err != nil && !errors.Is(err, client.ErrClosed) {
		m.c.p.log.Debug("replay: push", "err", err)
	}
}

// play gives the lines of a subscription in their rhythm until on says no. It reports
// whether it came so far.
func (m *member) play(ctx context.Context, sub *asked, at cue, on func(l *record.Line, after time.Duration) bool) bool {
	p := m.c.p
	err := p.r.events(sub, at.skip, func(l *record.Line, after time.Duration) bool {
		if l.What == record.Event && after < at.skip {
			return ctx.Err() == nil
		}
		return p.tick.wait(ctx, at.start+after) && on(l, after)
	})
	if err != nil && ctx.Err() == nil {
		p.log.Warn("replay: a stream breaks off", "err", err)
	}
	return ctx.Err() == nil
}

// finish closes all that hear a tape, as its publisher did.
func (m *member) finish(t *tape, reason string) {
	for _, s := range m.client.Streams() {
		for _, sub := range s.Branch(t.branch).Subscribers() {
			sub.CloseWith(reason)
		}
	}
}

// events gives the events of a subscription, and how long after its acceptance each
// came, until on says no or it was closed. Those that came earlier than skip may be
// left out.
func (r *Recording) events(s *asked, skip time.Duration, on func(l *record.Line, after time.Duration) bool) error {
	from := s.begin
	if skip > 0 {
		from = r.before(s.begin.At.Add(skip), s.begin)
	}
	in := record.SkipTo(io.NewSectionReader(r.in, from.Offset, r.size-from.Offset), from)
	for {
		e, err := in.Next()
		var broken *record.LineError
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.As(err, &broken):
			continue // Open told of it
		case err != nil:
			return err
		case e.Offset > s.last:
			return nil
		case e.ID != s.id || e.What != record.Event && e.What != record.Closed && (e.What != record.Parted || e.Offset != s.last):
			continue
		}
		l, err := e.Decode()
		if err != nil {
			continue
		}
		if l.What == record.Event && !r.by(l, s) {
			continue
		}
		if !on(l, e.At.Sub(s.begin.At)) {
			return nil
		}
	}
}

// by reports whether an event is of the application that the subscription is about.
func (r *Recording) by(l *record.Line, s *asked) bool {
	from, known := r.senders[l.Peer]
	return !known || from == s.from
}
