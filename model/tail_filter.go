package model

import (
	"encoding/json"
	"slices"
)

// Verdict is what is said of a row from outside: whether it is shown, and as what.
type Verdict struct {
	Keep bool
	// Value is shown instead of the payload; nil shows the payload.
	Value json.RawMessage
}

// Filter lets only those rows into the view for which keep says yes; nil lets
// all in. Gap rows always stay. It looks at every row once, and at each new row
// as it comes, so keep must not change its mind.
func (t *Tail) Filter(keep func(*TailRow) bool) {
	t.Sieve(keep, false)
	for t.look(t.size(), 1<<62) {
	}
}

// Sieve is Filter that looks at nothing yet: Work does, a bounded number of rows
// at a time. With outside, what keep lets through waits for the verdict of Judge.
func (t *Tail) Sieve(keep func(*TailRow) bool, outside bool) {
	t.unshape()
	if keep == nil && outside {
		keep = func(*TailRow) bool { return true }
	}
	t.filter, t.outside, t.judged = keep, outside, t.first
	t.matches, t.passed, t.matched = t.matches[:0], 0, 0
	t.viewed = Traffic{}
	if keep == nil {
		t.matches = nil
		t.viewed = t.traffic // all that came is in the view
	}
	t.read.again()
}

// unshape forgets what an expression made of the rows.
func (t *Tail) unshape() {
	if !t.outside {
		return
	}
	for n := t.first; n < min(t.judged, t.next); n++ {
		if row := t.at(n); row.Shaped != nil {
			t.bytes -= int64(len(row.Shaped))
			row.Shaped = nil
		}
	}
}

// Filtered reports whether a filter is set.
func (t *Tail) Filtered() bool { return t.filter != nil }

// Unseen counts the rows that the filter has not looked at yet.
func (t *Tail) Unseen() int {
	if t.filter == nil {
		return 0
	}
	return int(t.next - max(t.judged, t.first))
}

// look lets the filter look at some rows more, and reports whether that leaves
// any. Where verdicts come from outside there is nothing to do.
func (t *Tail) look(rows, size int) bool {
	if t.filter == nil || t.outside {
		return false
	}
	for t.judged = max(t.judged, t.first); t.judged < t.next && rows > 0 && size > 0; rows-- {
		row := t.at(t.judged)
		size -= len(row.Data)
		t.judged++
		if row.GapKind != NoGap || t.filter(row) {
			t.let(row)
		}
	}
	return t.judged < t.next
}

// Unjudged returns the rows that wait for a verdict from outside, at most so many
// rows and bytes, and what is to be asked of each before; nil when none wait.
func (t *Tail) Unjudged(rows, size int) (batch []TailRow, keep func(*TailRow) bool) {
	if t.filter == nil || !t.outside {
		return nil, nil
	}
	for n := max(t.judged, t.first); n < t.next && len(batch) < rows && size > 0; n++ {
		row := t.at(n)
		size -= len(row.Data)
		batch = append(batch, *row)
	}
	return batch, t.filter
}

// Judge takes the verdicts on the rows from number n on. Rows that have fallen
// out meanwhile are passed over.
func (t *Tail) Judge(n uint64, verdicts []Verdict) {
	if t.filter == nil || !t.outside || n > t.judged && n > t.first {
		return
	}
	for i, v := range verdicts {
		at := n + uint64(i)
		if at < max(t.judged, t.first) || at >= t.next {
			continue
		}
		row := t.at(at)
		t.judged = at + 1
		if row.GapKind == NoGap && !v.Keep {
			continue
		}
		if v.Value != nil {
			row.Shaped = v.Value
			t.bytes += int64(len(v.Value))
		}
		t.let(row)
	}
	t.trim(t.lastAt)
}

// match lets a new row into the view, if the filter is as far as that.
func (t *Tail) match(row *TailRow) {
	switch {
	case t.filter == nil:
		if row.GapKind == NoGap {
			t.viewed.Add(1, row.At)
		}
	case t.outside || t.judged != row.N:
	default:
		t.look(1, 1)
	}
}

// let adds a row to the view.
func (t *Tail) let(row *TailRow) {
	if row.GapKind == NoGap {
		t.matched++
		t.viewed.Add(1, row.At)
	}
	t.matches = append(t.matches, row.N)
}

// unmatch takes the oldest row out of the view.
func (t *Tail) unmatch(row *TailRow) {
	if t.passed == len(t.matches) || t.matches[t.passed] != row.N {
		return
	}
	if row.GapKind == NoGap {
		t.matched--
	}
	if t.passed++; t.passed >= 1024 && t.passed*2 >= len(t.matches) {
		t.matches = append(t.matches[:0], t.matches[t.passed:]...)
		t.passed = 0
	}
}

// Shows reports whether a row is in the view.
func (t *Tail) Shows(n uint64) bool {
	if n < t.first || n >= t.next {
		return false
	}
	if t.filter == nil {
		return true
	}
	_, ok := slices.BinarySearch(t.matches[t.passed:], n)
	return ok
}
