package model

import (
	"slices"
	"time"
)

// Len returns how many rows the view has, gap rows too.
func (t *Tail) Len() int {
	if t.read.order.on() {
		t.tidy()
		return len(t.read.order.rows)
	}
	if t.filter == nil {
		return t.size()
	}
	return len(t.matches) - t.passed
}

// Shown returns how many events the filter lets through, of how many kept.
func (t *Tail) Shown() (shown, kept int) {
	kept = t.size() - t.gaps
	if t.filter == nil {
		return kept, kept
	}
	return t.matched, kept
}

// Window returns at most n rows of the view from row top on.
func (t *Tail) Window(top, n int) []TailRow {
	top = min(max(top, 0), t.Len())
	rows := make([]TailRow, min(max(n, 0), t.Len()-top))
	for i := range rows {
		rows[i] = *t.at(t.number(top + i))
	}
	return rows
}

// number returns the N of a row of the view.
func (t *Tail) number(i int) uint64 {
	if t.read.order.on() {
		return t.read.order.rows[i].n
	}
	if t.filter == nil {
		return t.first + uint64(i)
	}
	return t.matches[t.passed+i]
}

// Index returns the row of the view that has the number n, or the nearest: the
// next one after it, else the last. It is -1 when the view is empty.
func (t *Tail) Index(n uint64) int {
	if t.Len() == 0 {
		return -1
	}
	if t.read.order.on() {
		return t.orderIndex(n)
	}
	i := 0
	if t.filter == nil {
		i = int(max(n, t.first) - t.first)
	} else {
		i, _ = slices.BinarySearch(t.matches[t.passed:], n)
	}
	return min(i, t.Len()-1)
}

// Next returns the number of the first row of the view after row n for which hit
// says yes, going on from the top after the end. It comes back to n itself last.
func (t *Tail) Next(n uint64, hit func(*TailRow) bool) (uint64, bool) { return t.find(n, 1, hit) }

// Prev is Next, backwards.
func (t *Tail) Prev(n uint64, hit func(*TailRow) bool) (uint64, bool) { return t.find(n, -1, hit) }

func (t *Tail) find(n uint64, step int, hit func(*TailRow) bool) (uint64, bool) {
	size := t.Len()
	if size == 0 {
		return 0, false
	}
	i := t.Index(n)
	if t.number(i) != n && step > 0 {
		i-- // the nearest row is itself the first one after n
	}
	for range size {
		i = (i + step + size) % size
		if found := t.number(i); hit(t.at(found)) {
			return found, true
		}
	}
	return 0, false
}

// Following reports whether the cursor goes with the newest row.
func (t *Tail) Following() bool { return !t.paused }

// Follow ends a pause: the cursor goes to the newest row and on with it, and
// what was held beyond the bound falls out.
func (t *Tail) Follow() {
	t.paused, t.fresh, t.overrun, t.told = false, 0, 0, false
	t.trim(t.lastAt)
}

// Pause keeps the cursor where it is. Nothing is lost by it until the bound of
// bytes is reached. A pause that is on already goes on.
func (t *Tail) Pause(now time.Time) {
	if t.paused {
		return
	}
	t.cursor = t.Cursor()
	t.paused, t.since, t.fresh, t.overrun, t.told, t.heldAt = true, now, 0, 0, false, t.next
}

// Paused returns since when the tail is paused; zero when it follows.
func (t *Tail) Paused() time.Time {
	if !t.paused {
		return time.Time{}
	}
	return t.since
}

// New returns how many events came since the pause began.
func (t *Tail) New() int { return t.fresh }

// Overrun returns how many events fell out during the pause, because it held
// all it could.
func (t *Tail) Overrun() int { return t.overrun }

// Cursor returns the number of the row that the cursor is on; 0 when the view
// is empty. A row that fell out or was filtered away gives the nearest.
func (t *Tail) Cursor() uint64 {
	switch {
	case t.Len() == 0:
		return 0
	case t.read.order.on():
		o := &t.read.order
		o.at = t.orderIndex(t.cursor)
		t.cursor = t.number(o.at) // a row that fell out leaves its place to the next
		return t.cursor
	case !t.paused:
		return t.number(t.Len() - 1)
	}
	return t.number(t.Index(t.cursor))
}

// Current returns the row that the cursor is on; false when the view is empty.
func (t *Tail) Current() (TailRow, bool) { return t.Get(t.Cursor()) }

// SetCursor puts the cursor on the row with the number n, or the nearest. A row
// that is not the newest pauses the tail, where the rows stand by time.
func (t *Tail) SetCursor(n uint64, now time.Time) {
	if i := t.Index(n); i >= 0 {
		t.goTo(i, now)
	}
}

// MoveCursor moves the cursor by rows of the view. Going up pauses the tail;
// coming back to the newest row does not end the pause, Follow does.
func (t *Tail) MoveCursor(delta int, now time.Time) {
	if t.Len() > 0 {
		t.goTo(min(max(t.Index(t.Cursor())+delta, 0), t.Len()-1), now)
	}
}

func (t *Tail) goTo(i int, now time.Time) {
	if t.read.order.on() {
		t.read.order.moved = true
	} else if i < t.Len()-1 {
		t.Pause(now)
	}
	t.cursor = t.number(i)
}
