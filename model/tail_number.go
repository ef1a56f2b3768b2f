package model

import (
	"slices"
	"strconv"
	"strings"
)

// Most publishers give the bus no sequence and number their events in the payload,
// each key by itself where there are keys. What is such a number is found by how it
// behaves: its name says so, and it grows by one from event to event.

// numbering tells where the numbers of events stand: in a field of the payload, or
// nil, in the event; all together, or each key by itself.
type numbering struct{ steps, key Steps }

// sequenceNames are what such a field is called.
var sequenceNames = []string{"seq", "sequence", "seqno", "seqnum", "seqnr", "sequenceno", "sequencenumber", "n", "no", "nr", "number", "num", "offset", "index", "counter", "version"}

// Bounds of the look at how a field behaves.
const (
	numberRows  = 600
	numberPairs = 24
)

// findNumbering looks among what came first for a field that numbers the events,
// and from then on follows it. It reports whether it found one.
func (t *Tail) findNumbering(fields *Fields, key Steps) bool {
	if t.numbers.steps != nil || t.numbers.key != nil {
		return true
	}
	for _, f := range fields.List() {
		name := strings.ReplaceAll(strings.ToLower(f.Steps.last()), "_", "")
		if !f.Number() || len(f.Steps) == 0 || !slices.Contains(sequenceNames, name) {
			continue
		}
		if t.tries(numbering{steps: f.Steps}) || len(key) > 0 && t.tries(numbering{steps: f.Steps, key: key}) {
			return true
		}
	}
	return len(key) > 0 && t.tries(numbering{key: key})
}

// tries takes a numbering if nearly every event is one above the one before.
func (t *Tail) tries(n numbering) bool {
	last := map[seriesID]int64{}
	good, pairs := 0, 0
	for at := max(t.first, t.next-min(t.next-1, numberRows)); at < t.next; at++ {
		row := t.at(at)
		if row.GapKind != NoGap || row.Private || row.Snapshot {
			continue
		}
		raw := []byte(row.Sequence)
		if n.steps != nil {
			raw = n.steps.In(row.Data)
		}
		seq, err := strconv.ParseInt(string(raw), 10, 64)
		if err != nil {
			continue
		}
		id := seriesID{server: row.Server}
		if n.key != nil {
			id.key = string(n.key.In(row.Data))
		}
		if before, ok := last[id]; ok {
			if pairs++; seq == before+1 {
				good++
			}
		}
		last[id] = seq
	}
	if pairs < numberPairs || good*10 < pairs*9 {
		return false
	}
	t.numbers = n
	t.series = nil
	for id, seq := range last {
		if s := t.seriesOf(id.server, []byte(id.key)); s != nil {
			s.last, s.known, s.epoch, s.numbered, s.at = seq, true, t.epoch, pairs, t.lastAt
		}
	}
	return true
}
