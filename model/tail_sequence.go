package model

import (
	"strconv"
	"strings"
	"time"

	"ioscope/client/bus"
)

// The sequence of a publisher is a promise that nothing in the protocol
// enforces: a publisher may number its events, and then by rules of its own.
// What follows is therefore careful to call something missing.

const (
	// restartRun is how many events in a row below the highest number make a
	// sequence one that began again; fewer are repeats.
	restartRun = 8
	// oddEvents and oddShare say when a sequence is no help: so many jumps, and
	// one in so many events. A publisher that numbers all its branches together
	// looks like that to the subscriber of one.
	oddEvents, oddShare = 8, 4
)

// series is the sequence of one publisher, or of one key of it.
type series struct {
	key   string
	epoch int
	last  int64 // the highest number
	at    time.Time
	// known is false when last can't be compared with what comes next.
	known bool
	// low and run count the events in a row that came below last.
	low, run int64
	// numbered and odd count the events, and the jumps among them.
	numbered, odd int
	// holes are the last ones that were told of, as ranges.
	holes [8][2]int64
	hole  int
}

// seriesID tells series apart.
type seriesID struct {
	server bus.PeerID
	key    string
}

// seriesMost is how many series are followed.
const seriesMost = 10_000

// seriesOf finds the series that an event belongs to; nil where there are too many.
func (t *Tail) seriesOf(server bus.PeerID, key []byte) *series {
	s := t.series[seriesID{server, string(key)}]
	if s != nil {
		return s
	}
	if len(t.series) >= seriesMost {
		return nil
	}
	if t.series == nil {
		t.series = map[seriesID]*series{}
	}
	s = &series{key: ValueText(key)}
	t.series[seriesID{server, string(key)}] = s
	return s
}

// follow compares an event's number with the one before. What is no whole
// number is not compared.
func (t *Tail) follow(e *bus.StreamData) {
	raw := []byte(nil)
	switch {
	case t.numbers.steps != nil:
		raw = t.numbers.steps.In(e.Data)
	case e.Sequence != "":
		raw = []byte(e.Sequence)
	}
	if len(raw) == 0 {
		return
	}
	seq, err := strconv.ParseInt(string(raw), 10, 64)
	if err != nil {
		return
	}
	var key []byte
	if t.numbers.key != nil {
		if key = t.numbers.key.In(e.Data); key == nil {
			return
		}
	}
	s := t.seriesOf(e.Server, key)
	if s == nil {
		return
	}
	if s.epoch != t.epoch {
		s.epoch, s.known = t.epoch, false
	}
	defer func() { s.at = e.At }()
	if s.odd >= oddEvents && s.odd*oddShare > s.numbered {
		return
	}
	if e.Private && (!s.known || seq != s.last+1) {
		return // a unicast may be numbered apart
	}
	s.numbered++
	switch {
	case !s.known || e.Snapshot:
		s.last, s.known, s.run = seq, true, 0
	case seq > s.last:
		if seq > s.last+1 {
			t.missing(s, seq, e.At)
		}
		s.last, s.run = seq, 0
	case seq <= 1 && s.last > 1:
		t.restart(s, seq, seq, e)
	default:
		t.behind(s, seq, e)
	}
}

// behind counts an event whose number is not above the highest one: a repeat,
// until so many have come in order that it must be another beginning.
func (t *Tail) behind(s *series, seq int64, e *bus.StreamData) {
	if s.fills(seq) {
		t.counts.Late++
		return
	}
	t.counts.Repeats++
	if s.run == 0 || seq != s.low+s.run {
		s.low, s.run = seq, 0
	}
	if s.run++; s.run == restartRun {
		t.counts.Repeats -= restartRun
		t.restart(s, s.low, seq, e)
	}
}

func (t *Tail) restart(s *series, from, last int64, e *bus.StreamData) {
	s.last, s.run = last, 0
	words := "sequence begins again at " + strconv.FormatInt(from, 10)
	if t.o.Name != nil {
		words = t.o.Name(e.Server) + " restarted: " + words
	}
	if t.numbers.key != nil {
		words = s.key + ": sequence begins again at " + strconv.FormatInt(from, 10)
	}
	t.jump(s, GapRestarted, words, e.At)
}

// fills reports whether a number is one that was missing, and takes it as come.
func (s *series) fills(seq int64) bool {
	for i := range s.holes {
		h := &s.holes[i]
		switch {
		case h[0] == 0 && h[1] == 0, seq < h[0], seq > h[1]:
			continue
		case seq == h[0]:
			h[0]++
		case seq == h[1]:
			h[1]--
		default:
			s.note(seq+1, h[1])
			h[1] = seq - 1
		}
		if h[0] > h[1] {
			*h = [2]int64{}
		}
		return true
	}
	return false
}

// note remembers a hole.
func (s *series) note(from, to int64) {
	s.holes[s.hole%len(s.holes)] = [2]int64{from, to}
	s.hole++
}

// missing says that the numbers between the last one and seq never came.
func (t *Tail) missing(s *series, seq int64, at time.Time) {
	from, to := s.last+1, seq-1
	count := to - from + 1
	if count <= 0 { // more than an int64 holds
		return
	}
	t.counts.Missing += int(count)
	s.note(from, to)
	if row := t.newest(); row != nil && row.GapKind == GapLost {
		// The loss of the connection is why: one row tells both.
		head, _, _ := strings.Cut(row.Gap, ";")
		row.Gap = head + ": " + numbers(from, to) + gone(count)
		return
	}
	of := ""
	if t.numbers.key != nil {
		of = " of " + s.key
	}
	words := Number(int(count)) + " missing" + of + ": " + numbers(from, to) + ", within " + Duration(at.Sub(s.at))
	t.jump(s, GapMissing, words, at)
}

// jump adds the row, and gives up on a sequence that does nothing but jump.
func (t *Tail) jump(s *series, kind GapKind, words string, at time.Time) {
	t.Mark(kind, words, at)
	if s.odd++; s.odd >= oddEvents && s.odd*oddShare > s.numbered {
		words := "the sequence jumps too often to tell what is missing; from here on it is not looked at"
		if t.numbers.key != nil {
			words = s.key + ": " + words
		}
		t.counts.Unclear++
		t.Mark(GapUnclear, words, at)
	}
}

func (t *Tail) newest() *TailRow {
	if t.size() == 0 {
		return nil
	}
	return t.at(t.next - 1)
}

// numbers names a range of sequence numbers.
func numbers(from, to int64) string {
	a, b := strconv.FormatInt(from, 10), strconv.FormatInt(to, 10)
	switch to - from {
	case 0:
		return "seq " + a
	case 1:
		return "seq " + a + " and " + b
	}
	return "seq " + a + " to " + b
}

func gone(count int64) string {
	if count == 1 {
		return " is gone"
	}
	return " are gone"
}
