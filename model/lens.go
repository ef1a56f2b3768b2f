package model

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"ioscope/client/bus"
)

// Lens looks at the branches of a stream: over all subscriptions of ours to it,
// which of them hear the same, and what each hears alone.
type Lens struct {
	Method RowID
	Def    bus.MethodDefinition
	// PrivateOnly shows private events alone, Filter those with its words.
	PrivateOnly bool
	Filter      string
	// Truth is what the bus or the publisher told, where one of them is ours.
	Truth Truth

	members  []*LensMember
	numbers  int
	kin      *kin
	private  []PrivateEvent
	privates int // in all
	size     int // bytes of private
	held     *LensView
	heldAt   time.Time
	cursor   RowID
	index    int
}

// LensMember is one subscription, as far as it hears one publisher.
type LensMember struct {
	// Number tells it from the others in the lens, from 1.
	Number    int
	Thing     ThingID
	Server    bus.PeerID
	Args      json.RawMessage
	Since     time.Time
	Private   int
	Beats     Beats
	gen, slot int // slot is its place among those compared; -1 without one
}

// Row is the member's id among the rows of the lens.
func (m *LensMember) Row() RowID { return RowID("member" + strconv.Itoa(m.Number)) }

// PrivateEvent is an event that came to one subscription alone.
type PrivateEvent struct {
	N        int
	At       time.Time
	Member   int // its number
	Thing    ThingID
	Snapshot bool
	Data     json.RawMessage
}

// Row is the event's id among the rows of the lens.
func (e PrivateEvent) Row() RowID { return RowID("private" + strconv.Itoa(e.N)) }

// What is kept of the private events.
const (
	privatesKept     = 200
	privateBytesKept = 4 << 20
)

// lensPast is how many rows of each subscription a new lens looks back at.
const lensPast = 2000

// LensOf is the lens of a stream that is open, or nil.
func (s *State) LensOf(id RowID) *Lens {
	for _, l := range s.lenses {
		if l.Method == id {
			return l
		}
	}
	return nil
}

// OpenLens opens the branch lens of a stream, or goes to the one that is open. It
// asks at once who knows the true branches.
func (s *State) OpenLens(id RowID, def bus.MethodDefinition) []Effect {
	ask := []Effect{AskBranches{id, def}}
	if l := s.LensOf(id); l != nil {
		s.show(s.ThingOf(l))
		return ask
	}
	l := &Lens{Method: id, Def: def, kin: newKin()}
	s.lenses = append(s.lenses, l)
	l.lookBack(s)
	s.OpenThing(l)
	return ask
}

// lookBack hears what the subscriptions kept, in the order in which it came.
func (l *Lens) lookBack(s *State) {
	type source struct {
		t    *Thing
		next uint64
	}
	var from []source
	for _, t := range s.subscriptions(l.Method) {
		from = append(from, source{t, max(t.Tail.next-min(lensPast, uint64(t.Tail.size())), t.Tail.first)})
		if t.Publisher.PeerID != "" {
			l.member(t, t.Publisher.PeerID, t.Accepted)
		}
	}
	// Where one reaches back further than another, the other has merely forgotten.
	since := time.Time{}
	for _, f := range from {
		if f.next < f.t.Tail.next && f.next > 1 {
			if at := f.t.Tail.at(f.next).At; at.After(since) {
				since = at
			}
		}
	}
	for {
		best := -1
		for i, f := range from {
			if f.next < f.t.Tail.next && (best < 0 || f.t.Tail.at(f.next).At.Before(from[best].t.Tail.at(from[best].next).At)) {
				best = i
			}
		}
		if best < 0 {
			break
		}
		f := &from[best]
		row := f.t.Tail.at(f.next)
		f.next++
		switch row.GapKind {
		case NoGap:
			l.hear(f.t, bus.StreamData{At: row.At, Server: row.Server, Private: row.Private, Snapshot: row.Snapshot, Sequence: row.Sequence, Data: row.Data}, row.At.Before(since))
		case GapDropped, GapLost, GapOverrun, GapRestored, GapReplay, GapStood:
			l.miss(f.t.ID)
		case GapMissing, GapRestarted, GapUnclear, GapPart:
		}
	}
}

// subscriptions are those of ours to a stream, in the order of asking.
func (s *State) subscriptions(id RowID) []*Thing {
	var out []*Thing
	for _, list := range [][]*Thing{s.Things, s.hidden} {
		for _, t := range list {
			if t.Content == nil && t.Method == id && t.Stream() && t.Gen > 0 {
				out = append(out, t)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b *Thing) int { return int(a.ID - b.ID) })
	return out
}

// member finds the member of a subscription and a publisher, or makes it.
func (l *Lens) member(t *Thing, server bus.PeerID, since time.Time) *LensMember {
	for _, m := range l.members {
		if m.Thing == t.ID && m.gen != t.Gen {
			l.forget(t.ID) // it was asked anew, and may be on another branch
			break
		}
	}
	for _, m := range l.members {
		if m.Thing == t.ID && m.Server == server {
			return m
		}
	}
	l.numbers++
	m := &LensMember{Number: l.numbers, Thing: t.ID, Server: server, Args: t.Args, Since: since, gen: t.Gen, slot: -1}
	if slot, ok := l.kin.join(server, since); ok {
		m.slot = slot
	}
	l.members = append(l.members, m)
	return m
}

// forget takes the members of a subscription out.
func (l *Lens) forget(id ThingID) {
	l.members = slices.DeleteFunc(l.members, func(m *LensMember) bool {
		if m.Thing == id && m.slot >= 0 {
			l.kin.leave(m.slot)
		}
		return m.Thing == id
	})
}

// drop takes one member out.
func (l *Lens) drop(m *LensMember) {
	if m.slot >= 0 {
		l.kin.leave(m.slot)
	}
	l.members = slices.DeleteFunc(l.members, func(o *LensMember) bool { return o == m })
}

// hear takes in an event. One that is early is not compared, because the others
// don't reach back so far.
func (l *Lens) hear(t *Thing, e bus.StreamData, early bool) {
	since := t.Accepted
	if since.IsZero() {
		since = e.At
	}
	m := l.member(t, e.Server, since)
	m.Beats.add(e.At, e.Private)
	if e.Private {
		m.Private++
		l.keep(PrivateEvent{At: e.At, Member: m.Number, Thing: t.ID, Snapshot: e.Snapshot, Data: e.Data})
		return
	}
	if m.slot >= 0 && !early {
		l.kin.hear(m.slot, e.At, e.Sequence, e.Data)
	}
}

func (l *Lens) keep(e PrivateEvent) {
	l.privates++
	e.N = l.privates
	l.private = append(l.private, e)
	l.size += len(e.Data)
	for len(l.private) > privatesKept || l.size > privateBytesKept && len(l.private) > 1 {
		l.size -= len(l.private[0].Data)
		l.private = slices.Delete(l.private, 0, 1)
	}
}

// accepted hears that a publisher accepted, for the first time or again.
func (l *Lens) accepted(t *Thing, e bus.StreamAccepted) {
	m := l.member(t, e.Server.PeerID, e.At)
	m.Args = t.Args
	if e.Restored {
		l.miss(t.ID)
	}
}

// miss tells that a subscription may have missed something.
func (l *Lens) miss(id ThingID) {
	for _, m := range l.members {
		if m.Thing == id && m.slot >= 0 {
			l.kin.miss(m.slot)
		}
	}
}

// ended tells that a subscription hears nothing more.
func (l *Lens) ended(id ThingID, at time.Time) {
	for _, m := range l.members {
		if m.Thing == id && m.slot >= 0 {
			l.kin.end(m.slot, at)
		}
	}
}

// beat lets time go by: what has not come by now will not, and subscriptions
// that were closed are not looked at any more.
func (l *Lens) beat(s *State) {
	// What the screen has not taken in yet may still be waiting.
	l.kin.expire(s.Now.Add(-kinNumbered))
	for _, m := range slices.Clone(l.members) {
		t := s.Thing(m.Thing)
		switch {
		case t == nil:
			l.forget(m.Thing)
		case t.Phase == Ended:
			l.ended(t.ID, t.Over)
		case t.Phase == Running && t.Interrupted.IsZero() && t.Publisher.PeerID != m.Server && s.Dir.ByPeer(m.Server) == nil:
			// After a restart of the bus the publisher is another peer: what is heard
			// from it may be another branch.
			l.drop(m)
		}
	}
}

// Beats are the events of the last seconds, by time.
type Beats struct{ ring [beatSlots]beatSlot }

type beatSlot struct {
	at              int64
	shared, private uint32
}

// beatTime is how long one slot is; all of them reach over [BeatSpan] and some
// more, so that what is drawn may be a moment old.
const (
	beatTime  = 20 * time.Millisecond
	beatSlots = 256
	// BeatSpan is how far back the beats are drawn.
	BeatSpan = 4 * time.Second
)

func (b *Beats) add(at time.Time, private bool) {
	n := at.UnixMilli() / beatTime.Milliseconds()
	slot := &b.ring[uint64(n)%beatSlots]
	if slot.at != n {
		*slot = beatSlot{at: n}
	}
	if private {
		slot.private++
	} else {
		slot.shared++
	}
}

// Between counts the events from one time to another.
func (b *Beats) Between(from, to time.Time) (shared, private int) {
	unit := beatTime.Milliseconds()
	for n := from.UnixMilli() / unit; n < to.UnixMilli()/unit; n++ {
		if slot := b.ring[uint64(n)%beatSlots]; slot.at == n {
			shared += int(slot.shared)
			private += int(slot.private)
		}
	}
	return shared, private
}
