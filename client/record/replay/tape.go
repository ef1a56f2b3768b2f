package replay

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"ioscope/client"
	"ioscope/client/record"
)

// tapeKey is a recorded subscription as one of our streams plays it.
type tapeKey struct {
	stream string
	*asked
}

// tape plays a recorded subscription to one branch. Its fields are guarded by its
// member's mu.
type tape struct {
	branch      string
	sub         *asked
	first       *client.Subscriber // who gets what is private, from this tape
	subscribers int
	stop        context.CancelFunc // nil before the first one
	over        bool
}

// decide accepts whom it accepted then.
func (m *member) decide(stream string, q *client.Request) {
	p := m.c.p
	s := p.r.subscriptionTo(stream, m.actor, q.Args, p.tick.now())
	switch {
	case s == nil:
		q.Reject(p.r.noSubscription(stream, m.actor))
	case s.refused != nil && s.refused.Silent:
		// Nor does it answer now.
	case s.refused != nil:
		q.Reject(s.refused.Reason)
	default:
		m.mu.Lock()
		key := tapeKey{stream, s}
		t := m.tapes[key]
		if t == nil || t.over {
			m.runs++
			t = &tape{branch: fmt.Sprintf("%s %d", clip(s.raw), m.runs), sub: s}
			m.tapes[key] = t
		}
		m.mu.Unlock()
		q.AcceptOnBranch(t.branch)
	}
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

func (m *member) subscribed(s *client.Subscriber) {
	m.mu.Lock()
	defer m.mu.Unlock()
	t := m.find(s.Branch().Key())
	if t == nil {
		return
	}
	t.subscribers++
	ctx, stop := context.WithCancel(m.c.ctx)
	if t.stop == nil {
		t.stop, t.first = stop, s
		go m.play(ctx, t, func(l *record.Line) {
			if l.Private {
				m.heed(s.PushWith(l.Data, beside(l)))
			} else {
				m.heed(s.Branch().PushWith(l.Data, beside(l)))
			}
		}, true)
		return
	}
	m.private[s] = stop
	go m.play(ctx, t, func(l *record.Line) {
		if l.Private {
			m.heed(s.PushWith(l.Data, beside(l)))
		}
	}, false)
}

func (m *member) unsubscribed(s *client.Subscriber) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if stop := m.private[s]; stop != nil {
		stop()
		delete(m.private, s)
	}
	for key, t := range m.tapes {
		if t.branch != s.Branch().Key() {
			continue
		}
		if t.subscribers--; t.subscribers == 0 {
			t.stop()
			delete(m.tapes, key)
		}
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

// play gives the events of a tape in their rhythm, and where whole is true ends what
// was ended.
func (m *member) play(ctx context.Context, t *tape, push func(*record.Line), whole bool) {
	p := m.c.p
	began := p.tick.now()
	err := p.r.events(t.sub, func(l *record.Line, after time.Duration) bool {
		if !p.tick.wait(ctx, began+after) {
			return false
		}
		if l.What == record.Event {
			push(l)
			return true
		}
		if whole && !l.Mine && !l.Failed {
			m.finish(t, l.Reason)
		}
		return false
	})
	if err != nil && ctx.Err() == nil {
		p.log.Warn("replay: a stream breaks off", "err", err)
	}
	if whole && ctx.Err() == nil {
		m.mu.Lock()
		t.over = true
		m.mu.Unlock()
	}
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
// came, until on says no or it was closed.
func (r *Recording) events(s *asked, on func(l *record.Line, after time.Duration) bool) error {
	in := record.SkipTo(io.NewSectionReader(r.in, s.begin.Offset, r.size-s.begin.Offset), s.begin)
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
		case e.ID != s.id || e.What != record.Event && e.What != record.Closed:
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
