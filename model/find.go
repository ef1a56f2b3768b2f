package model

import "time"

// Finding in the rows of a stream: what matches is marked, nothing is hidden.

// Times is how the rows of a stream tell the time.
type Times int

// The ways to tell the time: by the clock, how long ago, and how long after the
// row before.
const (
	ByClock Times = iota
	Ago
	SinceBefore
)

// String returns the way's words.
func (t Times) String() string { return [...]string{"clock", "ago", "since the one before"}[t] }

// NextTimes turns to the next way.
func (t *Thing) NextTimes() { t.Times = (t.Times + 1) % (SinceBefore + 1) }

// Sought is what was looked for, read; nil where there is nothing or it can't be
// read.
func (t *Thing) Sought() *Filter {
	if t.Find != t.findText || t.sought == nil {
		t.findText = t.Find
		t.sought, _ = ReadFilter(t.Find)
	}
	return t.sought
}

// SetFind looks for something else, and lets the rows be counted that have it.
func (t *Thing) SetFind(text string) {
	t.Find = text
	if t.Tail == nil {
		return
	}
	if t.Sought().Empty() {
		t.Tail.Seek(nil)
		return
	}
	t.Tail.Seek(t.Hit)
	t.Tail.Work()
}

// Hit reports whether a row of the stream is one that was looked for.
func (t *Thing) Hit(row *TailRow) bool {
	if t.Find == "" || row.GapKind != NoGap {
		return false
	}
	find := t.Sought()
	return !find.Empty() && find.Passes(row.Payload())
}

// FindNext goes to the next row that was looked for, or with -1 to the one
// before, around the end; where the cursor walks keys, to the next of which the latest
// is such a row, which holds nothing. It reports whether there is one.
func (t *Thing) FindNext(delta int, s *State) bool {
	if t.ByKeys() {
		return t.findKey(delta, s.Now)
	}
	look := t.Tail.Next
	if delta < 0 {
		look = t.Tail.Prev
	}
	n, ok := look(t.Tail.Cursor(), t.Hit)
	if ok {
		t.touched = true
		t.Tail.Pause(s.Now)
		t.Tail.SetCursor(n, s.Now)
	}
	return ok
}

func (t *Thing) findKey(delta int, now time.Time) bool {
	keys := t.Keys(now)
	at := t.KeyIndex(keys)
	for i := range keys {
		if e := keys[((at+delta*(i+1))%len(keys)+len(keys))%len(keys)]; t.hitKey(e) {
			t.PointKey(e.Key)
			return true
		}
	}
	return false
}

func (t *Thing) hitKey(e *Entry) bool {
	find := t.Sought()
	return !find.Empty() && find.Passes(e.Data)
}

// FoundKeys counts the keys of which the latest was looked for, and tells which of them
// the cursor is on; 0 where it is on none.
func (t *Thing) FoundKeys(now time.Time) (at, count int) {
	keys := t.Keys(now)
	cursor := t.KeyIndex(keys)
	for i, e := range keys {
		if !t.hitKey(e) {
			continue
		}
		if count++; i == cursor {
			at = count
		}
	}
	return at, count
}
