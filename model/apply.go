package model

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"ioscope/client/bus"
)

// Apply takes in what was heard, in order, and returns what the world must do
// about it.
func (s *State) Apply(inputs []Input, now time.Time) []Effect {
	s.Now = now
	var effects []Effect
	for _, in := range inputs {
		effects = append(effects, s.apply(in)...)
	}
	s.refresh()
	return append(effects, s.revive()...)
}

func (s *State) apply(in Input) []Effect {
	switch in := in.(type) {
	case Heard:
		return s.heard(in.Event)
	case Moved:
		s.moved(in.Options)
	case Sent:
		if t := s.current(in.Thing, in.Gen); t != nil {
			t.Reaches = in.Servers
			t.Results.expect(in.Servers)
		}
	case Returned:
		return s.returned(in)
	case Finished:
		return s.finished(in)
	case SavedRead:
		s.Saves().take(in.Library)
		s.FillVariables()
	case Recalled:
		s.recalled(in)
	case Streamed:
		if t := s.current(in.Thing, in.Gen); t != nil {
			return s.streamed(t, in.Event)
		}
	case Subscribed:
		return s.subscribed(in)
	case AsideSaid:
		s.aside(in)
	case Told:
		s.Say(in.Text)
	case ReplaySought:
		s.sought(in)
	case Overrun:
		if t := s.current(in.Thing, in.Gen); t != nil && t.Tail != nil {
			t.Tail.Drop(in.Count, s.Now)
			if l := s.LensOf(t.Method); l != nil {
				l.miss(t.ID)
			}
		}
	case WatchJudged:
		return s.watchJudged(in)
	case BranchesTold:
		if l := s.LensOf(in.Method); l != nil {
			l.told(s, in.Truth)
		}
	default:
		return append(s.served(in), s.heardRun(in)...)
	}
	return nil
}

// moved begins anew on another bus. What was called stays in the history.
func (s *State) moved(o Options) {
	history := s.History
	o.ReadOnly = o.ReadOnly || s.ReadOnly
	o.Interval = cmp.Or(o.Interval, s.Interval)
	o.KeepRows, o.KeepBytes = cmp.Or(o.KeepRows, s.KeepRows), cmp.Or(o.KeepBytes, s.KeepBytes)
	fresh := New(o, s.Now)
	fresh.Born, fresh.History, fresh.nextThing = s.Born, history, s.nextThing
	fresh.Notice = s.Notice
	// Hosts of actions are no part of the bus that was left.
	for _, h := range s.Dir.hostsOf() {
		h.At = s.Now
		fresh.hearHost(h)
	}
	for _, t := range s.Things {
		if _, ok := t.Content.(*Run); ok {
			fresh.Things = append(fresh.Things, t)
		}
	}
	fresh.Session, fresh.historyVersion = cmp.Or(s.Session, o.Session), s.historyVersion+1
	*s = *fresh
}

// current returns the thing, unless it is gone or was asked anew since.
func (s *State) current(id ThingID, gen int) *Thing {
	if t := s.Thing(id); t != nil && t.Gen == gen {
		return t
	}
	return nil
}

func (s *State) heard(e bus.Event) []Effect {
	if e, ok := e.(bus.ConnChanged); ok {
		s.connChanged(e)
		return nil
	}
	s.hear(e)
	if e, ok := e.(bus.ServerRemoved); ok {
		return s.callerWent(e)
	}
	return nil
}

func (s *State) connChanged(e bus.ConnChanged) {
	c := &s.Conn
	was, since := c.State, c.Since
	if (was == bus.Live) != (e.State == bus.Live) {
		s.hear(e)
	}
	if c.State != e.State {
		c.Since = e.At
	}
	c.State, c.Attempt, c.RetryAt = e.State, e.Attempt, e.RetryAt
	if e.Err != nil {
		c.Err = e.Err
	}
	if e.URL != "" {
		c.URL = e.URL
	}
	switch e.State {
	case bus.Live:
		if c.Ever {
			words := "live again"
			if !c.LostAt.IsZero() {
				words += " after " + Duration(e.At.Sub(c.LostAt))
			}
			s.Say(words + restored(e))
		}
		c.Ever, c.LiveSince, c.Self, c.Err = true, e.At, e.Self, nil
	case bus.Lost, bus.Refused:
		if was == bus.Live {
			c.LostAt = e.At
		}
		if c.LostAt.IsZero() {
			c.LostAt = since
		}
	case bus.Connecting:
		if was == bus.Live { // somebody else logs in: nothing was lost
			c.LostAt = time.Time{}
		}
	case bus.Closed:
	}
}

// restored says what came back with the connection.
func restored(e bus.ConnChanged) string {
	var parts []string
	for _, p := range []struct {
		n    int
		noun string
	}{{e.Registrations, "registration"}, {e.Subscriptions, "subscription"}} {
		if p.n > 0 {
			parts = append(parts, Count(p.n, p.noun))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return ": " + strings.Join(parts, ", ") + " restored"
}

func (s *State) returned(in Returned) []Effect {
	if effects, mine := s.watchReturned(in); mine {
		return effects
	}
	if effects, late := s.answeredLate(in); late {
		return effects
	}
	t := s.current(in.Thing, in.Gen)
	if t == nil {
		return nil
	}
	a := t.Results.fill(in.Return, t.Def.Returns)
	if a == nil {
		return nil
	}
	s.Traffic.Add(1, s.Now)
	srv := s.bus().ByPeer(in.Return.Server.PeerID)
	if srv == nil {
		return nil
	}
	srv.Traffic.Add(1, s.Now)
	if m := s.bus().Method(t.Method); m != nil {
		st := m.Stats[srv.ID]
		if st == nil {
			st = &Stats{}
			m.Stats[srv.ID] = st
		}
		st.add(in.Return.Err == nil, in.Return.Took)
		st.Last = s.Now
	}
	return nil
}

func (s *State) streamed(t *Thing, e bus.Event) []Effect {
	lens := s.LensOf(t.Method)
	switch e := e.(type) {
	case bus.StreamAccepted:
		s.accepted(t, e)
		if lens != nil {
			lens.accepted(t, e)
		}
	case bus.StreamData:
		srv := s.bus().ByPeer(e.Server)
		if srv != nil && !t.Tail.Knows(e.Server) {
			t.meet(srv)
		}
		t.Tail.Append(e)
		if lens != nil {
			lens.hear(t, e, false)
		}
		s.Traffic.Add(1, e.At)
		if srv != nil {
			srv.Traffic.Add(1, e.At)
		}
		return s.watchStream(t, e)
	case bus.StreamLost:
		t.Interrupted, t.wire, t.Publishers = e.At, nil, nil
		if lens != nil {
			lens.miss(t.ID)
		}
	case bus.StreamLeft:
		t.parted(e)
	case bus.StreamClosed:
		e.Reason = e.Why()
		t.Phase, t.Over, t.Closing = Ended, e.At, &e
		if e.Server.PeerID != "" {
			t.Publisher = e.Server
		}
		if e.URI == peerRemoved || e.URI == methodRemoved {
			return s.awaitPublisher(t)
		}
	}
	return nil
}

// The reasons of the gateway when a publisher went, or took its stream away.
const (
	peerRemoved   = bus.PeerRemoved
	methodRemoved = bus.MethodRemoved
)

// forever is how long a publisher that left is waited for.
const forever = 365 * 24 * time.Hour

// awaitPublisher asks for the same stream again, without end: an application that
// is being restarted is the usual case.
func (s *State) awaitPublisher(t *Thing) []Effect {
	old := t.Gen
	t.Gen++
	t.Phase, t.wire, t.Publishers = Waiting, nil, nil
	t.Interrupted = s.Now
	return []Effect{
		Stop{t.ID, old},
		Subscribe{t.ID, t.Gen, t.Def.Exactly(), t.Target, t.Args, forever, t.AnswerIn},
	}
}

// Woke notes that the program stood still: what came meanwhile is read only now, and
// bears that time.
func (s *State) Woke(since, now time.Time) {
	s.stood("ioscope was stopped for "+Duration(now.Sub(since))+"; what came then was read only now", now)
}

// Slept notes by how much the clock of the machine jumped: mostly it slept, and what was
// sent then may never have come.
func (s *State) Slept(jump time.Duration, now time.Time) {
	words := "the machine slept for " + Duration(jump) + ", or its clock was set ahead; what was sent then may be missing"
	if jump < 0 {
		words = "the clock of this machine was set back by " + Duration(-jump)
	}
	s.stood(words, now)
}

// stood marks every stream that runs where time and its rows part.
func (s *State) stood(words string, now time.Time) {
	s.Now = now
	for _, t := range slices.Concat(s.Things, s.hidden) {
		if t.Tail == nil || t.Phase != Running || !t.Interrupted.IsZero() {
			continue
		}
		t.Tail.Mark(GapStood, words, now)
		t.Tail.Resume(now)
		if lens := s.LensOf(t.Method); lens != nil {
			lens.miss(t.ID)
		}
	}
}

// parted notes that one of several publishers sends no more.
func (t *Thing) parted(e bus.StreamLeft) {
	t.Publishers = slices.DeleteFunc(t.Publishers, func(p bus.Instance) bool { return p.PeerID == e.Server.PeerID })
	if n := len(t.Publishers); n > 0 {
		t.Publisher = t.Publishers[n-1]
	}
	words := e.Server.Name() + " ended its part"
	switch {
	case e.URI == peerRemoved:
		words = e.Server.Name() + " left"
	case e.URI == methodRemoved:
		words = e.Server.Name() + " took the stream back"
	case e.Why() != "":
		words += ": " + e.Why()
	}
	t.Tail.Mark(GapPart, words+"; "+Count(len(t.Publishers), "publisher")+" still here", e.At)
}

func (s *State) accepted(t *Thing, e bus.StreamAccepted) {
	waited := t.Phase == Waiting
	t.wire = append(t.wire, e.Subscription)
	t.Publishers = append(t.Publishers, e.Server)
	t.Phase, t.Publisher, t.Closing = Running, e.Server, nil
	gap := Duration(e.At.Sub(t.Interrupted))
	t.Tail.Resume(e.At)
	switch {
	case waited:
		t.Tail.Mark(GapRestored, e.Server.Name()+" is back after "+gap, e.At)
	case e.Restored:
		t.Tail.Mark(GapLost, "connection lost for "+gap+"; what was sent then is gone", e.At)
	case e.Joined:
		s.joined(t, e)
	default:
		t.Accepted = e.At
		if !t.left.IsZero() {
			t.Tail.Interrupt(GapRestored, "subscribed again after "+Duration(e.At.Sub(t.left))+"; what was sent between is not here", e.At)
		}
	}
	t.Interrupted, t.left = time.Time{}, time.Time{}
}

func (s *State) subscribed(in Subscribed) []Effect {
	t := s.current(in.Thing, in.Gen)
	if t == nil || in.Err == nil || t.GivenUp {
		return nil
	}
	var said *bus.Error
	if t.Phase == Waiting && errors.As(in.Err, &said) && (said.URI == peerRemoved || said.URI == methodRemoved) {
		// It was asked while the publisher was just going: that is no refusal.
		since := t.Interrupted
		effects := s.awaitPublisher(t)
		t.Interrupted = since
		return effects
	}
	t.Phase, t.Over, t.Err = Ended, s.Now, in.Err
	t.Interrupted = time.Time{}
	return nil
}

// Said tells what the other side said in an error, without our own words around
// it. The second result is false when the other side said nothing.
func Said(err error) (string, bool) {
	var said *bus.Error
	if errors.As(err, &said) {
		return said.Error(), true
	}
	return "", false
}

// Unreasoned tells of a server that said no and not why, in a sentence about it:
// "gave no reason: agm.errors.client_error". It is empty for all other errors.
func Unreasoned(err error) string {
	var said *bus.Error
	switch {
	case !errors.As(err, &said) || said.Reason != "":
		return ""
	case said.URI == "":
		return "gave no reason"
	}
	return "gave no reason: " + said.URI
}
