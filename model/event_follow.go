package model

import "time"

// An opened event may go with the stream: each newer one takes its place, and the
// cursor stays on its field.

// eventLarge is from which size on an event that follows is opened once a second.
const eventLarge = 64 << 10

// FollowEvent lets the opened event go with the stream, or holds it.
func (s *State) FollowEvent(t *Thing) {
	if t.Event == nil {
		return
	}
	t.touched = true
	if t.Follows = !t.Follows; !t.Follows {
		t.Tail.Pause(s.Now)
		t.Tail.SetCursor(t.EventRow.N, s.Now)
		return
	}
	t.Tail.Follow()
	t.latestEvent(s.Now)
}

// latestEvent opens the newest event of what is shown, where one is followed.
func (t *Thing) latestEvent(now time.Time) {
	switch {
	case !t.Follows:
		return
	case t.Event == nil || t.Part != InEvent || !t.Tail.Following():
		t.Follows = false
		return
	case len(t.EventRow.Data) > eventLarge && now.Unix() == t.opened.Unix():
		return
	}
	n := t.Tail.newestShown()
	if n == 0 || n == t.EventRow.N {
		return
	}
	row, _ := t.Tail.Get(n)
	t.EventRow, t.opened = row, now
	t.openEvent(row)
}

// openEvent shows an event. What was folded stays so, and the cursor stays at its
// path where that is there, too.
func (t *Thing) openEvent(row TailRow) {
	path := ""
	if t.Diff != nil {
		if path = t.Diff.Row().Path; path == t.diffAstray.landed && t.diffAstray.from != "" {
			path = t.diffAstray.from
		}
	}
	if t.Event != nil && t.Part == InEvent {
		t.Event.Reload(row.Data)
	} else {
		t.Event = NewTree(row.Data, eventDepth)
		t.Event.Against(t.Def.Returns)
	}
	t.compare()
	if t.Diff == nil || path == "" {
		return
	}
	t.diffAstray = astray{path, t.Diff.Row().Path}
	for i := range t.Diff.Rows {
		if t.Diff.Rows[i].Path == path {
			t.Diff.SetCursor(i)
			t.diffAstray = astray{}
		}
	}
}

// newestShown is the number of the newest event in the view; 0 when there is none.
func (t *Tail) newestShown() uint64 {
	for n := t.next; n > t.first && t.next-n < watchLooksBack; n-- {
		if t.at(n-1).GapKind == NoGap && t.Shows(n-1) {
			return n - 1
		}
	}
	return 0
}

// ToggleDiffMarked shows the opened event as its difference to the row that was
// marked last, or as it is.
func (t *Thing) ToggleDiffMarked() {
	t.toMarked = !t.toMarked
	t.diffing = t.toMarked
	t.compare()
}

// MarkedRow is the row that was marked last, as long as it is kept and is another
// than the one that is open or under the cursor.
func (t *Thing) MarkedRow() (TailRow, bool) {
	here := t.Tail.Cursor()
	if t.Part == InEvent {
		here = t.EventRow.N
	}
	if t.View.lastMark == here || t.View.lastMark == 0 || !t.View.Marked(t.View.lastMark) {
		return TailRow{}, false
	}
	row, ok := t.Tail.Get(t.View.lastMark)
	return row, ok && row.GapKind == NoGap
}

// DiffMarked reports whether the difference is that to a marked row.
func (t *Thing) DiffMarked() bool { return t.toMarked && t.diffing }
