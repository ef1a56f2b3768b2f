package model

import "slices"

// found are the rows of the view that were looked for, read behind the ring as all
// that costs time.
type found struct {
	looks func(*TailRow) bool // nil when nothing is looked for
	next  uint64
	rows  []uint64
}

func (f *found) again() { f.next, f.rows = 0, f.rows[:0] }

func (f *found) add(row *TailRow) {
	if f.looks(row) {
		f.rows = append(f.rows, row.N)
	}
}

// Seek counts the rows for which looks says yes from here on; nil ends it.
func (t *Tail) Seek(looks func(*TailRow) bool) {
	t.read.found.looks = looks
	t.read.found.again()
}

// Found tells how many rows of the view were looked for, and which of them the cursor
// is on; 0 where it is on none.
func (t *Tail) Found() (at, count int) {
	f := &t.read.found
	fallen, _ := slices.BinarySearch(f.rows, t.first)
	if fallen > 0 && fallen*2 > len(f.rows) {
		f.rows = slices.Delete(f.rows, 0, fallen)
		fallen = 0
	}
	rows := f.rows[fallen:]
	if i, ok := slices.BinarySearch(rows, t.Cursor()); ok {
		at = i + 1
	}
	return at, len(rows)
}
