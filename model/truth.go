package model

import (
	"time"

	"ioscope/client/bus"
)

// Truth is what is known of the branches of a stream where the bus or its
// publisher is ours.
type Truth struct {
	Known bool
	// Source says who told.
	Source   string
	Branches []TrueBranch
	at       time.Time
}

// Told reports whether it was said yet that they are known, or not.
func (t *Truth) Told() bool { return !t.at.IsZero() }

// TrueBranch is a branch as its publisher or the gateway knows it.
type TrueBranch struct {
	// ID tells it from others, Key is the publisher's word for it. KeyKnown is
	// false where only the publisher knows the key.
	ID       string
	Key      string
	KeyKnown bool
	// Publisher is who publishes it.
	Publisher   bus.PeerID
	Subscribers []TrueSubscriber
	// Events counts what was published on it, Rate a second.
	Events uint64
	Rate   float64
}

// TrueSubscriber is one who is on a branch.
type TrueSubscriber struct {
	Name string
	// Subscription is its id on the wire, and Thing the subscription of ours that
	// it is; 0 for others.
	Subscription string
	Thing        ThingID
}

// Row is the branch's id among the rows of the lens.
func (b TrueBranch) Row() RowID { return RowID("branch " + string(b.Publisher) + " " + b.ID) }

// AskBranches asks for the true branches of a stream, where they can be known.
type AskBranches struct {
	Method RowID
	Def    bus.MethodDefinition
}

func (AskBranches) effect() {}

// BranchesTold is the answer to [AskBranches].
type BranchesTold struct {
	Method RowID
	Truth  Truth
}

func (BranchesTold) input() {}

// told takes in the true branches. A rate is made of two answers.
func (l *Lens) told(s *State, in Truth) {
	if !in.Known {
		// What was known is worth more than nothing: a connection may be away.
		if !l.Truth.Told() {
			l.Truth.at = s.Now
		}
		return
	}
	was := map[RowID]TrueBranch{}
	for _, b := range l.Truth.Branches {
		was[b.Row()] = b
	}
	past := s.Now.Sub(l.Truth.at)
	for i := range in.Branches {
		b := &in.Branches[i]
		if old, ok := was[b.Row()]; ok && past > 0 && b.Events >= old.Events {
			b.Rate = float64(b.Events-old.Events) / past.Seconds()
		}
		for j := range b.Subscribers {
			sub := &b.Subscribers[j]
			for _, t := range s.subscriptions(l.Method) {
				if t.holds(sub.Subscription) {
					sub.Thing = t.ID
				}
			}
		}
	}
	in.at = s.Now
	l.Truth = in
}

// holds reports whether a subscription has this id on the wire.
func (t *Thing) holds(id string) bool {
	for _, own := range t.wire {
		if own == id && id != "" {
			return true
		}
	}
	return false
}

// Beat does what is due once a second, and returns what the world must do.
func (s *State) Beat() []Effect {
	if s.Now.Unix() == s.beaten {
		return nil
	}
	s.beaten = s.Now.Unix()
	s.compareAway()
	s.tellKept()
	effects := append(s.reviveWatches(), s.watchBeat()...)
	for _, l := range s.lenses {
		l.beat(s)
		effects = append(effects, AskBranches{l.Method, l.Def})
	}
	return effects
}
