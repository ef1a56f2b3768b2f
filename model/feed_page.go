package model

import (
	"slices"
	"time"
)

// The feed as a page: its list, and going through time in it.

// Chronicle is what happened on the bus.
func (s *State) Chronicle() *Chronicle { return s.feed }

// Rows implements [Listed].
func (f *Chronicle) Rows(s *State, l *List) ([]RowID, int) {
	if away := s.Now.Sub(f.seen); !f.seen.IsZero() && away > 3*time.Second && f.held < 0 {
		f.Looked, f.Absent = f.seen, false
	}
	f.seen = s.Now
	key := feedRows{f.count, len(f.entries), f.held, f.Since, f.Looked, l.Filter}
	if key == f.rowsFor {
		return f.rows, f.hidden
	}
	following := s.past == nil && (l.cursor == "" || len(f.rows) > 0 && l.cursor == f.rows[len(f.rows)-1])
	f.rowsFor = key
	f.rows, f.hidden = make([]RowID, 0, len(f.entries)), 0
	for _, e := range f.entries {
		switch {
		case f.held >= 0 && e.N > f.held:
		case f.Since && !f.Changed(e):
		case !l.Passes(e.Words()):
			f.hidden++
		default:
			f.rows = append(f.rows, e.row)
		}
	}
	if following && len(f.rows) > 0 {
		l.cursor = f.rows[len(f.rows)-1]
	}
	return f.rows, f.hidden
}

// Entry is the entry of a row, or nil.
func (f *Chronicle) Entry(id RowID) *FeedEntry {
	i := slices.IndexFunc(f.entries, func(e *FeedEntry) bool { return e.row == id })
	if i < 0 {
		return nil
	}
	return f.entries[i]
}

// Current is the entry that the cursor is on, or nil.
func (f *Chronicle) Current(s *State) *FeedEntry { return f.Entry(s.Lists[Feed].Cursor()) }

// Move implements [Content]. While the past is shown, the moment goes with the
// cursor; far enough down is now.
func (f *Chronicle) Move(s *State, delta int) {
	l := &s.Lists[Feed]
	if delta >= far {
		s.GoNow()
	}
	l.move(delta)
	if s.past != nil {
		f.show(s)
	}
}

// far is a move to the end.
const far = 1 << 30

// show shows the bus as it was when the entry under the cursor had happened.
func (f *Chronicle) show(s *State) {
	i := slices.Index(f.entries, f.Current(s))
	if i < 0 {
		return
	}
	i = f.found(i)
	number := 0
	for _, e := range f.entries[:i+1] { // what was told of later may have happened before
		number = max(number, e.number)
	}
	s.goTo(number, f.entries[i].At)
}

// start is the place of the earliest entry that can be gone to: the bus as it was
// found, behind our own arrival.
func (f *Chronicle) start() int {
	i := slices.IndexFunc(f.entries, func(e *FeedEntry) bool { return e.Kind != FeedBack })
	if i < 0 || f.entries[i].Kind != FeedHere {
		return 0
	}
	return f.found(i)
}

// found is the place of the last of those who were there when we came, where an entry
// is one of them: the bus was there as a whole.
func (f *Chronicle) found(i int) int {
	if f.entries[i].Kind != FeedHere {
		return i
	}
	for j := i + 1; j < len(f.entries) && (f.entries[j].Kind == FeedHere || f.entries[j].Kind == FeedSecond); j++ {
		if f.entries[j].Kind == FeedHere {
			i = j
		}
	}
	return i
}

// GoToEntry shows the bus as it was when something had happened.
func (f *Chronicle) GoToEntry(s *State, e *FeedEntry) {
	f.list(s).point(e.row)
	f.show(s)
}

// list is the list of the feed as it stands, also where its page is not shown.
func (f *Chronicle) list(s *State) *List {
	l := &s.Lists[Feed]
	l.set(f.Rows(s, l))
	return l
}

// Enter implements [Content]: it shows the bus as it was then.
func (f *Chronicle) Enter(s *State) []Effect {
	f.show(s)
	return nil
}

// Step goes one entry back in time with -1, or ahead; past the last one is now.
func (f *Chronicle) Step(s *State, delta int) {
	l := f.list(s)
	switch {
	case delta > 0 && s.past == nil:
		s.Say("this is now")
	case delta > 0 && l.index >= len(l.rows)-1:
		s.GoNow()
	case delta < 0 && s.past != nil && l.index == 0:
		s.Say("further back nothing is kept")
	default:
		l.move(delta)
		f.show(s)
	}
}

// Minute goes a minute back with -1, or ahead.
func (f *Chronicle) Minute(s *State, delta int) {
	at := s.Moment().Add(time.Duration(delta) * time.Minute)
	f.GoTo(s, at)
}

// GoTo shows the bus as it was at a time.
func (f *Chronicle) GoTo(s *State, at time.Time) {
	if !at.Before(s.Now) {
		if s.past == nil {
			s.Say("this is now")
		}
		f.now(s)
		return
	}
	if len(f.entries) == 0 {
		return
	}
	if at.Before(f.entries[0].At) {
		at = f.entries[f.start()].At
		s.Say("further back nothing is kept")
	}
	l := f.list(s)
	for _, e := range slices.Backward(f.entries) {
		if !e.At.After(at) && l.point(e.row) {
			break
		}
	}
	s.goTo(f.journal.before(at), at)
}

// now goes back to now, with the cursor on what happened last.
func (f *Chronicle) now(s *State) {
	s.GoNow()
	s.Lists[Feed].move(far)
}

// Back implements [Content].
func (f *Chronicle) Back(s *State) bool {
	switch {
	case s.past != nil:
		s.GoNow()
	case f.Since:
		f.Since = false
		s.refresh()
	default:
		return false
	}
	return true
}

// Mark remembers a moment: what happens after it is what has changed.
func (s *State) Mark(at time.Time) {
	s.feed.Looked, s.feed.Absent = at, false
	s.refresh()
}

// NewSince counts what happened since the feed was looked at or marked; false
// when it never was.
func (f *Chronicle) NewSince() (int, bool) {
	if f.Looked.IsZero() {
		return 0, false
	}
	n := 0
	for _, e := range slices.Backward(f.entries) {
		if !e.At.After(f.Looked) {
			break
		}
		if f.Changed(e) {
			n++
		}
	}
	return n, true
}

// SinceWords tell since when changes are shown.
func (f *Chronicle) SinceWords(now time.Time) string {
	y, m, d := now.Date()
	if y2, m2, d2 := f.Looked.Date(); y != y2 || m != m2 || d != d2 {
		return f.Looked.Format("Mon 2 Jan 15:04")
	}
	return f.Looked.Format("15:04:05")
}

// ToMark puts the cursor on what happened first after the mark.
func (f *Chronicle) ToMark(s *State) {
	for _, e := range f.entries {
		if f.Changed(e) && s.Lists[Feed].point(e.row) {
			if s.past != nil {
				f.show(s)
			}
			return
		}
	}
	s.Say("nothing happened since " + f.SinceWords(s.Now))
}

// ToggleSince shows only what has changed since the mark, or all again.
func (f *Chronicle) ToggleSince(s *State) {
	f.Since = !f.Since
	s.refresh()
}

// Hold keeps the list as it is, or lets it go on.
func (f *Chronicle) Hold(s *State) {
	if f.held >= 0 {
		f.held = -1
	} else {
		f.held = f.count
	}
	s.refresh()
}

// Held counts the entries that came while the list is held; false when it is not.
func (f *Chronicle) Held() (int, bool) { return f.count - f.held, f.held >= 0 }

// Histogram counts the entries in n equal parts of the time from the first one
// to now.
func (f *Chronicle) Histogram(n int, now time.Time) (counts []int, from time.Time) {
	counts = make([]int, n)
	if len(f.entries) == 0 || n == 0 {
		return counts, now
	}
	from = f.entries[0].At
	if now.Sub(from) < time.Minute {
		from = now.Add(-time.Minute)
	}
	span := now.Sub(from)
	for _, e := range f.entries {
		i := int(int64(n) * int64(e.At.Sub(from)) / max(int64(span), 1))
		counts[min(max(i, 0), n-1)]++
	}
	return counts, from
}
