package model

import (
	"encoding/json"
	"math"
	"time"
)

// Bounds of what is kept by key.
const (
	keysMost    = 10_000
	latestBytes = 16 << 20
	// SparkCells are the steps of a key's sparkline, sparkStep seconds each.
	SparkCells = 24
	sparkStep  = 5
	// sampleEvery is the distance between two rows of the sample.
	sampleEvery = 333 * time.Millisecond
	sampleKept  = 64
)

// Entry is the latest of one key.
type Entry struct {
	Key string
	// N is the number of the latest row, At when it came, Count how many came.
	N     uint64
	At    time.Time
	Count int
	// Data is the latest payload, Before the one before it.
	Data, Before json.RawMessage

	second int64
	counts [4]int32
	spark  [SparkCells]float64
	cell   int64
	round  int
}

// Latest is the latest event of each key. An event costs the same however many
// keys there are and however many rows are kept.
type Latest struct {
	key, number Steps
	next        uint64
	entries     map[string]*Entry
	list        []*Entry
	bytes       int64
	others      int
	round       int
	seen        Traffic
	sample      []TailRow
	// grown counts the keys that came, for whoever keeps them in order.
	grown int
}

// Len counts the keys.
func (l *Latest) Len() int { return len(l.list) }

// Others counts the events of keys that are beyond what is kept.
func (l *Latest) Others() int { return l.others }

// Entry returns what is known of a key, or nil.
func (l *Latest) Entry(key string) *Entry { return l.entries[key] }

// Sample returns some of the rows that came, about three a second, the latest last.
func (l *Latest) Sample(n int) []TailRow { return l.sample[max(0, len(l.sample)-n):] }

// reset begins anew with other fields.
func (l *Latest) reset(key, number Steps) { *l = Latest{key: key, number: number} }

// add takes in a row.
func (l *Latest) add(row *TailRow) {
	if n := len(l.sample); n == 0 || row.At.Sub(l.sample[n-1].At) >= sampleEvery {
		if n >= 2*sampleKept {
			l.sample = append(l.sample[:0], l.sample[n-sampleKept:]...)
		}
		l.sample = append(l.sample, *row)
	}
	if l.key == nil {
		return
	}
	data := row.Payload()
	raw := l.key.In(data)
	if raw == nil {
		return
	}
	if len(raw) > 1 && raw[0] == '"' {
		raw = raw[1 : len(raw)-1]
	}
	e := l.entries[string(raw)]
	if e == nil {
		if e = l.open(string(raw), data); e == nil {
			l.others++
			return
		}
	}
	if e.round != l.round {
		e.round = l.round
		l.seen.Add(1, row.At)
	}
	l.bytes += int64(len(data) - len(e.Before))
	e.Data, e.Before = data, e.Data
	if l.bytes > latestBytes {
		l.bytes -= int64(len(e.Before))
		e.Before = nil
	}
	e.N, e.At = row.N, row.At
	e.Count++
	e.tick(row.At.Unix())
	e.counts[e.second&3]++
	if v, ok := Float(l.number.In(data)); ok && l.number != nil {
		e.draw(row.At.Unix()/sparkStep, v)
	}
}

// open makes the entry of a key that was not there before; nil where there are
// too many.
func (l *Latest) open(raw string, data []byte) *Entry {
	if len(l.list) >= keysMost || l.bytes+int64(len(data)) > latestBytes {
		return nil
	}
	e := &Entry{Key: ValueText([]byte(`"` + raw + `"`)), round: -1}
	for i := range e.spark {
		e.spark[i] = math.NaN()
	}
	if l.entries == nil {
		l.entries = map[string]*Entry{}
	}
	l.entries[raw] = e
	l.list = append(l.list, e)
	l.grown++
	return e
}

// tick turns the counts of seconds on.
func (e *Entry) tick(second int64) {
	if second-e.second >= int64(len(e.counts)) {
		e.counts = [4]int32{}
		e.second = second
		return
	}
	for e.second < second {
		e.second++
		e.counts[e.second&3] = 0
	}
}

// Rate is the events a second of the key, over the last two whole seconds. It turns
// nothing on: rows that are read anew belong to the seconds in which they came.
func (e *Entry) Rate(now time.Time) float64 {
	n := int32(0)
	for s := now.Unix() - 2; s < now.Unix(); s++ {
		if s <= e.second && e.second-s < int64(len(e.counts)) {
			n += e.counts[s&3]
		}
	}
	return float64(n) / 2
}

// draw puts a value into the sparkline. A cell without one keeps the value before.
func (e *Entry) draw(cell int64, v float64) {
	e.turn(cell)
	e.spark[e.cell%SparkCells] = v
}

func (e *Entry) turn(cell int64) {
	if e.cell == 0 {
		e.cell = cell
	}
	last := e.spark[e.cell%SparkCells]
	if cell-e.cell > SparkCells {
		e.cell = cell - SparkCells
	}
	for e.cell < cell {
		e.cell++
		e.spark[e.cell%SparkCells] = last
	}
}

// Spark returns the number of the last two minutes, oldest first; NaN before the
// first.
func (e *Entry) Spark(now time.Time) []float64 {
	out := make([]float64, SparkCells)
	first := now.Unix()/sparkStep + 1 - SparkCells
	for i := range out {
		switch cell := first + int64(i); {
		case e.cell == 0 || e.cell-cell >= SparkCells:
			out[i] = math.NaN()
		default:
			out[i] = e.spark[min(cell, e.cell)%SparkCells]
		}
	}
	return out
}

// Change is how the number differs from the one before of the same key.
func (l *Latest) Change(e *Entry) (string, bool) {
	if e.Before == nil || l.number == nil {
		return "", false
	}
	return Difference(l.number.In(e.Data), l.number.In(e.Before))
}

// Share is how many of the events of the last seconds a person could see: of
// those that came between two frames, the last of each key.
func (l *Latest) Share(all *Traffic, now time.Time) (seen, came float64) {
	return l.seen.Rate(now), all.Rate(now)
}
