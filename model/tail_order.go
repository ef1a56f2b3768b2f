package model

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// SortPublisher orders rows by who sent them.
const SortPublisher = "@publisher"

// orderText is how much of a text counts for its place.
const orderText = 80

// rowOrder is the view of a tail by the values of a field instead of by time. It
// reads behind the ring, a bounded number of rows at a time: what it has read
// waits in fresh, is sorted by itself and then merged, so that a new row never
// costs a sort of all. Gap rows have no values and no place in it.
type rowOrder struct {
	by      string
	steps   Steps
	reverse bool
	next    uint64
	rows    []orderRow
	fresh   []orderRow
	// first is the oldest row that was there when fallen ones were taken out last.
	first  uint64
	second int64
	// settled is true once all that was there at the beginning has its place.
	settled bool
	// at is where the cursor was, for when its row falls out; moved is true once a
	// person chose its row.
	at    int
	moved bool
}

// orderRow is a row's place: numbers first, then texts, then what has no value.
type orderRow struct {
	n    uint64
	rank uint8
	num  float64
	text string
}

func (o *rowOrder) on() bool { return o.by != "" }

// again begins anew with the same field.
func (o *rowOrder) again() {
	*o = rowOrder{by: o.by, steps: o.steps, reverse: o.reverse, at: o.at, moved: o.moved}
}

// place reads what orders a row.
func (t *Tail) place(row *TailRow) orderRow {
	o := &t.read.order
	out := orderRow{n: row.N, rank: 2}
	if o.by == SortPublisher {
		out.text = string(row.Server)
		if t.o.Name != nil {
			out.text = t.o.Name(row.Server)
		}
		out.rank = 1
		return out
	}
	raw := o.steps.In(row.Payload())
	if v, ok := Float(raw); ok {
		out.rank, out.num = 0, v
	} else if len(raw) > 0 {
		text := strings.ToLower(ValueText(raw))
		out.rank, out.text = 1, strings.Clone(text[:min(len(text), orderText)])
	}
	return out
}

// compare orders two rows. What is equal stays in the order of time, and what has
// no value stands last in both orders.
func (o *rowOrder) compare(a, b orderRow) int {
	if a.rank == 2 || b.rank == 2 {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.n, b.n))
	}
	by := cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.num, b.num), cmp.Compare(a.text, b.text))
	return cmp.Or(flip(o.reverse, by), cmp.Compare(a.n, b.n))
}

// SortBy shows the rows by the values of a path, [SortPublisher] or, when it is
// empty, by time. The cursor stays on its row.
func (t *Tail) SortBy(path string, reverse bool) {
	o := &t.read.order
	if o.by == path && o.reverse == reverse {
		return
	}
	t.cursor = t.Cursor()
	steps, _ := ReadPath(path)
	if path == SortPublisher {
		steps = nil
	}
	*o = rowOrder{by: path, steps: steps, reverse: reverse}
	if o.on() {
		t.each(&o.next, t.take)
		t.merge()
	}
}

// Sorted tells by what the rows are shown; empty by time.
func (t *Tail) Sorted() string { return t.read.order.by }

// Unsorted counts the rows that have no place in the order yet.
func (t *Tail) Unsorted() int {
	o := &t.read.order
	if !o.on() {
		return 0
	}
	end := t.next
	if t.paused {
		end = min(end, t.heldAt)
	}
	return int(max(end, o.next, t.first) - max(o.next, t.first))
}

func (t *Tail) take(row *TailRow) {
	o := &t.read.order
	o.fresh = append(o.fresh, t.place(row))
}

// Arrange gives the rows that were read their places: once a second, so that
// rows can be read, and at once while what was there before is being sorted.
func (t *Tail) Arrange(now time.Time) {
	o := &t.read.order
	if !o.on() || len(o.fresh) == 0 || o.second == now.Unix() && o.settled {
		return
	}
	o.second = now.Unix()
	o.settled = t.Unsorted() == 0
	t.merge()
}

// ArrangeAll gives all rows of the view their places, however many there are.
func (t *Tail) ArrangeAll() {
	o := &t.read.order
	if !o.on() {
		return
	}
	for t.each(&o.next, t.take) {
		t.merge()
	}
	t.merge()
}

// merge puts the fresh rows among the others, from the end on.
func (t *Tail) merge() {
	t.tidy()
	o := &t.read.order
	slices.SortFunc(o.fresh, o.compare)
	i, k := len(o.rows)-1, len(o.fresh)-1
	o.rows = append(o.rows, o.fresh...)
	for to := len(o.rows) - 1; k >= 0; to-- {
		if i >= 0 && o.compare(o.rows[i], o.fresh[k]) > 0 {
			o.rows[to] = o.rows[i]
			i--
		} else {
			o.rows[to] = o.fresh[k]
			k--
		}
	}
	if o.fresh = o.fresh[:0]; cap(o.fresh) > 2*workRows {
		o.fresh = nil
	}
}

// tidy takes the rows out that have fallen out of the ring.
func (t *Tail) tidy() {
	o := &t.read.order
	if o.first == t.first {
		return
	}
	o.first = t.first
	gone := func(r orderRow) bool { return r.n < t.first }
	o.rows = slices.DeleteFunc(o.rows, gone)
	o.fresh = slices.DeleteFunc(o.fresh, gone)
}

// orderIndex is the place of the row with the number n, or of the nearest.
func (t *Tail) orderIndex(n uint64) int {
	o := &t.read.order
	if n < t.first || n >= t.next {
		return min(o.at, len(o.rows)-1)
	}
	row := t.at(n)
	if row.GapKind != NoGap {
		return min(o.at, len(o.rows)-1)
	}
	i, _ := slices.BinarySearchFunc(o.rows, t.place(row), o.compare)
	return min(i, len(o.rows)-1)
}
