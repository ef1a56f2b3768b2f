package model

import (
	"encoding/json"
	"hash/maphash"
	"math/bits"
	"time"

	"ioscope/client/bus"
)

// A subscriber is never told on which branch of a stream it is. What can be seen
// is which subscriptions receive the same publishes: those of one branch receive
// all of them together, those of two only what the publisher pushes to both.

const (
	// kinMost is how many subscriptions are compared with each other.
	kinMost = 16
	// kinNumbered and kinBare are how far apart two arrivals of one publish may
	// be: with a sequence number, which says much, and without.
	kinNumbered, kinBare = time.Second, 250 * time.Millisecond
	// kinGrace is how long after its acceptance a subscription may miss what is
	// on the way.
	kinGrace = 100 * time.Millisecond
	// kinWaiting bounds the publishes that wait for their other arrivals.
	kinWaiting = 1 << 16
	// kinAlike is how many equal publishes at one time are told apart.
	kinAlike = 8
)

// kin compares what several receivers hear. All that it does for one event is
// bounded by constants, and so is what it keeps.
type kin struct {
	seed    maphash.Seed
	members [kinMost]kinMember
	pairs   [kinMost][kinMost]pair // by lower and higher index
	open    map[mark]*sighting
	// queue has the sightings in the order of their first arrival, from head on.
	queue []*sighting
	head  int
	clock time.Time
}

// kinMember is one receiver: what it hears from one publisher.
type kinMember struct {
	used   bool
	server bus.PeerID
	// since is when it began to hear, until when it ended; zero while it lasts.
	since, until time.Time
	// Between blindFrom and blindTo it may have missed something. blind is true
	// while the end is not known.
	blind              bool
	blindFrom, blindTo time.Time
	shared             int
}

// pair is what two receivers have in common.
type pair struct {
	// both counts the publishes that both heard, numbered those among them that
	// had a sequence number, and one those that only one heard.
	both, numbered, one int
	// apart is the longest time between two arrivals of one publish.
	apart time.Duration
}

// mark is what makes publishes equal.
type mark struct {
	server bus.PeerID
	seq    json.Number
	sum    uint64
}

// sighting is a publish, and who has heard it.
type sighting struct {
	mark mark
	at   time.Time
	got  uint16
	// off are the arrivals after the first one, in microseconds.
	off [kinMost]int32
	// next is the next equal publish.
	next *sighting
}

func newKin() *kin { return &kin{seed: maphash.MakeSeed(), open: map[mark]*sighting{}} }

// join takes a receiver in; false when there is no room.
func (k *kin) join(server bus.PeerID, since time.Time) (int, bool) {
	for i := range k.members {
		if !k.members[i].used {
			k.members[i] = kinMember{used: true, server: server, since: since}
			return i, true
		}
	}
	return 0, false
}

// leave forgets a receiver, and makes its place free.
func (k *kin) leave(i int) {
	k.members[i] = kinMember{}
	for j := range k.pairs {
		k.pairs[i][j], k.pairs[j][i] = pair{}, pair{}
	}
	for _, s := range k.queue[k.head:] {
		s.got &^= 1 << i
	}
}

// end tells that a receiver hears nothing more.
func (k *kin) end(i int, at time.Time) { k.members[i].until = at }

// miss tells that a receiver may have missed something from now on, and a while
// before, until it hears again.
func (k *kin) miss(i int) {
	m := &k.members[i]
	if !m.blind && (m.blindTo.IsZero() || m.blindTo.Add(kinNumbered).Before(k.clock)) {
		m.blindFrom = k.clock.Add(-kinNumbered)
	}
	m.blind = true
}

// hears reports whether what was published at a time must have reached the
// receiver.
func (m *kinMember) hears(server bus.PeerID, at time.Time) bool {
	switch {
	case !m.used || m.server != server || at.Before(m.since.Add(kinGrace)):
		return false
	case !m.until.IsZero() && at.After(m.until.Add(-kinGrace)):
		return false
	case m.blindFrom.IsZero() || at.Before(m.blindFrom):
		return true
	}
	return !m.blind && at.After(m.blindTo)
}

// hear takes in a publish that a receiver heard.
func (k *kin) hear(i int, at time.Time, seq json.Number, data []byte) {
	m := &k.members[i]
	m.shared++
	if at.After(k.clock) {
		k.clock = at
	}
	if m.blind {
		m.blind, m.blindTo = false, at.Add(kinGrace)
	}
	k.expire(k.clock)
	key := mark{m.server, seq, maphash.Bytes(k.seed, data)}
	within := kinBare
	if seq != "" {
		within = kinNumbered
	}
	var last *sighting
	alike := 0
	for s := k.open[key]; s != nil; s = s.next {
		if s.got&(1<<i) == 0 && at.Sub(s.at).Abs() <= within {
			k.meet(s, i, at)
			return
		}
		last = s
		if alike++; alike == kinAlike {
			return // too many equal ones to say anything
		}
	}
	s := &sighting{mark: key, at: at, got: 1 << i}
	if last != nil {
		last.next = s
	} else {
		k.open[key] = s
	}
	k.queue = append(k.queue, s)
	if len(k.queue)-k.head > kinWaiting {
		k.drop() // without a verdict: too much at once
	}
}

// meet counts what a receiver heard that others have heard before.
func (k *kin) meet(s *sighting, i int, at time.Time) {
	off := int32(at.Sub(s.at).Microseconds())
	for rest := s.got; rest != 0; rest &= rest - 1 {
		j := bits.TrailingZeros16(rest)
		p := k.pair(i, j)
		p.both++
		if s.mark.seq != "" {
			p.numbered++
		}
		p.apart = max(p.apart, (time.Duration(off-s.off[j]) * time.Microsecond).Abs())
	}
	s.got |= 1 << i
	s.off[i] = off
}

func (k *kin) pair(i, j int) *pair { return &k.pairs[min(i, j)][max(i, j)] }

// expire ends the waiting for what came long before now: who has not heard it by
// then did not get it.
func (k *kin) expire(now time.Time) {
	for k.head < len(k.queue) && now.Sub(k.queue[k.head].at) > 2*kinNumbered {
		s := k.drop()
		for j := range k.members {
			if s.got&(1<<j) != 0 || s.got == 0 || !k.members[j].hears(s.mark.server, s.at) {
				continue
			}
			for rest := s.got; rest != 0; rest &= rest - 1 {
				k.pair(bits.TrailingZeros16(rest), j).one++
			}
		}
	}
}

// drop takes the oldest sighting out.
func (k *kin) drop() *sighting {
	s := k.queue[k.head]
	k.queue[k.head] = nil
	if k.head++; k.head >= 1024 && k.head*2 >= len(k.queue) {
		k.queue = append(k.queue[:0], k.queue[k.head:]...)
		k.head = 0
	}
	if first := k.open[s.mark]; first == s {
		if s.next == nil {
			delete(k.open, s.mark)
		} else {
			k.open[s.mark] = s.next
		}
	} else {
		for ; first != nil; first = first.next {
			if first.next == s {
				first.next = s.next
				break
			}
		}
	}
	return s
}

// Kinship says whether subscriptions are on one branch, as far as events show.
type Kinship int

// The verdicts.
const (
	TooEarly Kinship = iota
	Apart
	Likely
	Sure
)

// String returns the verdict's words.
func (k Kinship) String() string { return [...]string{"too early", "apart", "likely", "sure"}[k] }

// How many publishes a verdict needs, and what share of them must be common.
const (
	kinTells, kinSure = 10, 50
	kinShare          = 0.95
)

// verdict says what a pair's counts mean.
func (p pair) verdict() Kinship {
	switch all := p.both + p.one; {
	case all < kinTells:
		return TooEarly
	case p.one == 0 && p.both >= kinSure:
		return Sure
	case float64(p.both) >= kinShare*float64(all):
		return Likely
	}
	return Apart
}

// groups parts the receivers, given in order, into those that are on one branch.
func (k *kin) groups(order []int) [][]int {
	var out [][]int
	for _, i := range order {
		joined := false
		for g, group := range out {
			same, apart := false, false
			for _, j := range group {
				switch k.pair(i, j).verdict() {
				case Sure, Likely:
					same = true
				case Apart:
					apart = true
				case TooEarly:
				}
			}
			if same && !apart {
				out[g], joined = append(group, i), true
				break
			}
		}
		if !joined {
			out = append(out, []int{i})
		}
	}
	return out
}
