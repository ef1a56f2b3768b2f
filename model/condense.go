package model

import "time"

// When a stream is condensed by itself, in rows a second that pass the filter:
// more than a person reads turns rows into the latest by key, and more than the
// eye can follow there into rates.
const (
	condenseAbove, restoreBelow = 60, 40
	ratesAbove, latestBelow     = 1000, 700
	condenseAfter, restoreAfter = 2, 3 // seconds
)

// condense turns the view by how fast rows come. A view that a person chose stays
// until the subscription is closed, and one that is held or looked into does, too.
func (t *Thing) condense(now time.Time) {
	v := &t.View
	if v.ByHand || t.Phase != Running || !t.Tail.Following() || t.Part != InRows || v.Kind == ColumnsView || v.Kind == ChartOver {
		return
	}
	if !t.Tail.RatesKnown(now) {
		return // what is not read yet is no silence
	}
	above := func(limit int) bool {
		return all(t.Tail.viewed.Last(condenseAfter, now), func(n int) bool { return n > limit })
	}
	below := func(limit int) bool {
		return all(t.Tail.viewed.Last(restoreAfter, now), func(n int) bool { return n < limit })
	}
	keyed := t.Tail.Latest().Len() > 0
	to := v.Kind
	switch {
	case below(restoreBelow):
		to = RowsView
	case above(ratesAbove) || !keyed && (v.Kind == RatesView || above(condenseAbove)):
		to = RatesView
	case v.Kind == RatesView && !below(latestBelow):
	case v.Kind == RatesView, v.Kind == RowsView && above(condenseAbove):
		to = LatestView
	}
	if to != v.Kind {
		t.Show(to)
	}
	v.Condensed = to != RowsView
}

func all(list []int, ok func(int) bool) bool {
	for _, n := range list {
		if !ok(n) {
			return false
		}
	}
	return true
}
