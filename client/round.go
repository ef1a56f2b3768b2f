package client

import (
	"encoding/json"
	"errors"
	"slices"
	"time"

	"ioscope/client/bus"
	"ioscope/client/internal/wire"
)

// round is one asking of publishers for a subscription: the first, or the one
// after a reconnect. All of it is guarded by c.mu.
type round struct {
	sub      *Subscription
	s        *session
	restored bool
	open     []*asking // who has not answered
	accepted bool      // somebody has accepted, in this round or before
	timer    *time.Timer
	done     chan error // takes the outcome of a first round, or of a joining one
	settled  bool
	joins    bool           // it asks others into a subscription that runs
	joined   []bus.Instance // those that accepted
	failed   []error        // what the others said
}

// asking is the question to one publisher.
type asking struct {
	server bus.Instance
	id     string // request id
	member *member
}

// ask sends the question to all targets at once.
func (s *Subscription) ask(session *session, targets []bus.Candidate, restored bool) *round {
	r := &round{sub: s, s: session, restored: restored, accepted: restored, done: make(chan error, 1)}
	s.c.mu.Lock()
	defer s.c.mu.Unlock()
	if s.closed {
		r.settle(ErrClosed)
		return r
	}
	r.send(targets)
	return r
}

// send asks each target, and makes this the round of its subscription. c.mu is held.
func (r *round) send(targets []bus.Candidate) {
	sub := r.sub
	sub.round = r
	for _, target := range targets {
		a := &asking{server: target.Server}
		r.open = append(r.open, a)
		a.id = r.s.send(wire.Frame{
			Type:     wire.Subscribe,
			ServerID: wire.Quote(string(target.Server.PeerID)), MethodID: wire.Raw(target.Method.ID),
			ArgumentsKV: sub.args,
		}, &question{
			server: target.Server.PeerID, method: target.Method.ID, standing: true,
			answer: func(said reply) { r.answered(a, said) },
		})
	}
	r.timer = time.AfterFunc(sub.opts.ResponseTimeout, r.expire)
}

// answered takes what came for one question: an acceptance, a refusal, the end
// of the connection or, after the acceptance, the end of the subscription.
func (r *round) answered(a *asking, said reply) {
	r.sub.c.mu.Lock()
	if said.err == nil && said.frame.Type == wire.Subscribed {
		r.accept(a, string(said.frame.SubscriptionID))
	} else {
		r.refuse(a, said.err)
	}
	r.sub.c.mu.Unlock()
	r.sub.events.deliver()
}

func (r *round) accept(a *asking, id string) {
	sub := r.sub
	switch {
	case r.s.gone || a.member != nil: // a publisher may accept again (gw3 5.6)
		return
	case sub.closed || !slices.Contains(r.open, a):
		// Nobody waits for it any more, but the publisher would go on sending.
		delete(r.s.pending, a.id)
		r.s.unsubscribe(wire.Raw(id))
		return
	}
	a.member = &member{sub: sub, server: a.server, id: id, request: a.id}
	r.s.members[id] = a.member
	sub.members = append(sub.members, a.member)
	sub.events.post(bus.StreamAccepted{
		At: time.Now(), Server: a.server, Subscription: words(wire.Raw(id)), Restored: r.restored, Joined: r.joins,
	})
	r.joined = append(r.joined, a.server)
	if !r.accepted {
		r.accepted = true
		sub.c.subs = append(sub.c.subs, sub)
	}
	r.close(a)
	if !r.joins {
		r.settle(nil)
	}
}

func (r *round) refuse(a *asking, err error) {
	said := (*bus.Error)(nil)
	if a.member != nil {
		if errors.As(err, &said) {
			r.s.part(a.member, said)
		}
		return
	}
	if !slices.Contains(r.open, a) {
		return
	}
	if errors.As(err, &said) {
		err = &RejectedError{Server: a.server, Reason: publisherSaid(said.Reason), Err: said}
	}
	r.failed = append(r.failed, err)
	r.close(a)
	if len(r.open) > 0 || len(r.sub.members) > 0 {
		return
	}
	r.fail(a.server, err)
}

// close takes a question from the open ones, and the round from its
// subscription when it was the last.
func (r *round) close(a *asking) {
	r.open = slices.DeleteFunc(r.open, func(o *asking) bool { return o == a })
	if len(r.open) == 0 {
		r.abandon()
	}
}

// abandon waits for nobody any more. Who accepts later is unsubscribed. Whoever waits
// for those that were to join is told.
func (r *round) abandon() {
	r.open = nil
	if r.timer != nil {
		r.timer.Stop()
	}
	if r.sub.round == r {
		r.sub.round = nil
	}
	if r.joins {
		r.settle(errors.Join(r.failed...))
	}
}

// fail ends the subscription that nobody serves. One that never was live has no
// events; its Subscribe returns the error.
func (r *round) fail(server bus.Instance, err error) {
	if !r.accepted {
		r.sub.closed = true
		r.settle(err)
		return
	}
	if lost := (*LostError)(nil); errors.As(err, &lost) {
		return // the next connection asks again
	}
	r.sub.end(closing(server, err), err)
}

// closing is the last event for an error.
func closing(server bus.Instance, err error) bus.StreamClosed {
	last := bus.StreamClosed{Server: server, Failed: true}
	if err != nil {
		last.Reason = err.Error()
	}
	if refused := (*RejectedError)(nil); errors.As(err, &refused) {
		last.Reason, last.URI = refused.Reason, refused.Err.URI
	}
	return last
}

// settle gives the outcome to Subscribe, once.
func (r *round) settle(err error) {
	if !r.settled {
		r.settled = true
		r.done <- err
	}
}

// expire gives up on those who have not answered in time.
func (r *round) expire() {
	r.sub.c.mu.Lock()
	if len(r.open) > 0 {
		last := r.open[len(r.open)-1].server
		for _, a := range r.open {
			r.failed = append(r.failed, &NoAnswerError{Server: a.server, Waited: r.sub.opts.ResponseTimeout})
		}
		r.abandon()
		if len(r.sub.members) == 0 {
			r.fail(last, &NoAnswerError{Server: last, Waited: r.sub.opts.ResponseTimeout})
		}
	}
	r.sub.c.mu.Unlock()
	r.sub.events.deliver()
}

// giveUp ends a first round that nobody waits for any more. It reports false if
// the outcome was there already.
func (s *Subscription) giveUp(r *round) bool {
	s.c.mu.Lock()
	defer s.c.mu.Unlock()
	if r.settled {
		return false
	}
	r.abandon()
	r.settled, s.closed = true, true
	return true
}

// lose tells of the end of the connection. c.mu is held, and events are not yet
// delivered.
func (s *Subscription) lose(now time.Time) {
	if s.closed {
		return
	}
	if s.round != nil {
		s.round.failed = append(s.round.failed, &LostError{Err: errors.New("while others were asked to join")})
		s.round.abandon()
	}
	if len(s.members) > 0 {
		s.members = nil
		s.events.post(bus.StreamLost{At: now})
	}
}

// restore asks again on a new connection. A publisher that lost its connection
// too may need a while to come back, so it waits, even where the first asking
// did not.
func (s *Subscription) restore(session *session) {
	patience := s.opts.WaitTimeout
	if patience < 0 {
		patience = bus.DefaultTimeout
	}
	on, targets, err := s.c.find(session.ctx, s.filter, s.opts.Target, patience)
	if err != nil {
		s.c.mu.Lock()
		if !session.gone && session.ctx.Err() == nil && !s.c.closed {
			s.end(closing(bus.Instance{}, err), err)
		}
		s.c.mu.Unlock()
		s.events.deliver()
		return
	}
	if on == session { // else a later connection's own restoring is at it
		s.ask(session, targets, true)
	}
}

// dropSubscription forgets it. c.mu is held.
func (c *Client) dropSubscription(s *Subscription) {
	c.subs = slices.DeleteFunc(slices.Clone(c.subs), func(o *Subscription) bool { return o == s })
}

// part takes a publisher from its subscription, and ends that with the last
// one. c.mu is held.
func (s *session) part(m *member, why *bus.Error) {
	delete(s.members, m.id)
	delete(s.pending, m.request)
	sub := m.sub
	sub.members = slices.DeleteFunc(slices.Clone(sub.members), func(o *member) bool { return o == m })
	if len(sub.members) == 0 && sub.round == nil {
		sub.end(bus.StreamClosed{Server: m.server, Reason: why.Reason, URI: why.URI}, why)
		return
	}
	if !sub.closed {
		sub.events.post(bus.StreamLeft{At: time.Now(), Server: m.server, Reason: why.Reason, URI: why.URI})
	}
}

// cancelled ends a publisher's part in a subscription.
func (s *session) cancelled(f wire.Frame) {
	s.c.mu.Lock()
	m := s.members[string(f.SubscriptionID)]
	if m != nil {
		s.part(m, said(f))
	}
	s.c.mu.Unlock()
	if m == nil {
		s.c.log.Debug("unknown subscription was cancelled", "subscription", string(f.SubscriptionID))
		return
	}
	m.sub.events.deliver()
}

// event hands data to its subscription. It is the one message of which many
// come, so it allocates what it hands over and nothing else.
func (s *session) event(d *wire.Delivery) {
	s.c.mu.Lock()
	m := s.members[string(d.SubscriptionID)]
	if m == nil || m.sub.closed {
		s.c.mu.Unlock()
		return
	}
	kept := m.sub.events.data(bus.StreamData{
		At: time.Now(), Server: m.server.PeerID,
		Private: string(d.OOB) == "true", Snapshot: string(d.Snapshot) == "true",
		Sequence: number(d.Sequence), Data: wire.OrNull(d.Data),
	})
	if !kept {
		m.sub.overflow()
	}
	s.c.mu.Unlock()
	m.sub.events.deliver()
}

// number is raw if it is one.
func number(raw wire.Raw) json.Number {
	if len(raw) == 0 || raw[0] != '-' && (raw[0] < '0' || raw[0] > '9') {
		return ""
	}
	return json.Number(raw)
}
