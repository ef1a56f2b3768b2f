package model

import "slices"

// What one round of work may look at: a few milliseconds, so that a hundred
// thousand rows never stop the screen.
const (
	workRows  = 8000
	workBytes = 4 << 20
)

// reading is how far those have come who read the rows after they were kept, a
// bounded number at a time: what costs time is done there, not in Append.
type reading struct {
	// fields is the number of the row that Fields learns from next.
	fields uint64
	known  Fields
	latest Latest
	chart  Chart
	order  rowOrder
	found  found
}

// again lets those who read what is shown begin anew, since that has changed.
func (r *reading) again() {
	r.latest.reset(r.latest.key, r.latest.number)
	r.chart.reset(r.chart.path, r.chart.key, r.chart.only)
	r.order.again()
	r.found.again()
}

// Work goes on with what is not finished, for a few milliseconds, and reports
// whether something is left for another time. One call is one frame.
func (t *Tail) Work() (more bool) {
	more = t.look(workRows, workBytes)
	more = t.learn(workRows, workBytes) || more
	r := &t.read
	r.latest.round++
	more = t.each(&r.latest.next, r.latest.add) || more
	if r.chart.path != nil {
		more = t.each(&r.chart.next, r.chart.add) || more
	}
	if r.found.looks != nil {
		more = t.each(&r.found.next, r.found.add) || more
	}
	if r.order.on() {
		more = t.each(&r.order.next, t.take) || more
	}
	return more
}

// learn reads what fields the payloads have.
func (t *Tail) learn(rows, size int) bool {
	r := &t.read
	for r.fields = max(r.fields, t.first); r.fields < t.next && rows > 0 && size > 0; rows-- {
		row := t.at(r.fields)
		r.fields++
		if row.GapKind == NoGap {
			size -= len(row.Data)
			r.known.Learn(row.Data)
		}
	}
	return r.fields < t.next
}

// each gives the events of the view from number next on to fn, as many as one
// round allows, and reports whether it leaves any. Of a tail that is held it
// gives those from before.
func (t *Tail) each(next *uint64, fn func(*TailRow)) (more bool) {
	end := t.next
	if t.paused {
		end = min(end, t.heldAt)
	}
	if t.filter != nil {
		end = min(end, max(t.judged, t.first))
	}
	rows, size := workRows, workBytes
	take := func(row *TailRow) bool {
		if rows <= 0 || size <= 0 {
			return false
		}
		rows--
		if row.GapKind == NoGap {
			size -= len(row.Data)
			fn(row)
		}
		*next = row.N + 1
		return true
	}
	if *next = max(*next, t.first); t.filter == nil {
		for *next < end {
			if !take(t.at(*next)) {
				return true
			}
		}
		return false
	}
	shown := t.matches[t.passed:]
	i, _ := slices.BinarySearch(shown, *next)
	for ; i < len(shown) && shown[i] < end; i++ {
		if !take(t.at(shown[i])) {
			return true
		}
	}
	*next = max(*next, end)
	return false
}

// Fields returns what is known of the fields of the payloads.
func (t *Tail) Fields() *Fields { return &t.read.known }

// Latest returns the latest of each key.
func (t *Tail) Latest() *Latest { return &t.read.latest }

// Chart returns the number over time that was asked for.
func (t *Tail) Chart() *Chart { return &t.read.chart }

// ByKey keeps the latest by a field, with a number of it.
func (t *Tail) ByKey(key, number Steps) { t.read.latest.reset(key, number) }

// Draw keeps a number over time, of the events with one value of the key.
func (t *Tail) Draw(number, key Steps, only string) { t.read.chart.reset(number, key, only) }

// Viewed is the traffic of what the filter lets through.
func (t *Tail) Viewed() *Traffic { return &t.viewed }
