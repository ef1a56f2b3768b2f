package model

import "slices"

// List is the cursor and the filter of one pane of the rail. The cursor stands
// on a thing, not on a row number: rows may come and go around it.
type List struct {
	// Filter narrows the rows, as [ReadFilter] reads it.
	Filter string
	// Terms are the filters used before, the latest last.
	Terms []string
	// Sort is the column by which rows are ordered, Reverse the other way round.
	Sort    SortBy
	Reverse bool
	// Groups are by what the rows are grouped, the outermost first; none: a flat list.
	Groups []GroupBy

	// young is true while the bus is still coming in: the cursor then stays on
	// the first row, as if all had been there at once.
	young bool
	// narrowed is true once the filter changed: where what the cursor was on does
	// not pass, the first that does is meant.
	narrowed bool
	// wish names the row that the cursor is to be on if it turns up meanwhile, and
	// want is that row.
	wish   string
	want   RowID
	cursor RowID
	// on is the thing that the cursor is on.
	on     RowID
	index  int
	rows   []RowID
	hidden int
	// items are the rows before they are put into groups; byName orders the groups
	// by their names.
	items  []item
	byName bool
	// folds are the folded groups, seeking those while the filter sought stands.
	folds, seeking folds
	sought         string
	// heads are the headings among the rows, things what rows in groups stand for.
	heads  map[RowID]*Group
	things map[RowID]RowID
	// sieve is the filter as it was read, from the text read.
	sieve *Filter
	fault error
	read  string
}

// SortBy is a column by which a list can be ordered.
type SortBy int

// The orders of a list. ByTraffic puts the busiest first.
const (
	ByName SortBy = iota
	ByTraffic
	BySince
)

// String returns the column's word.
func (s SortBy) String() string { return [...]string{"name", "traffic", "newest"}[s] }

// Rows returns what the list shows, in order.
func (l *List) Rows() []RowID { return l.rows }

// Hidden counts the rows that the filter holds back.
func (l *List) Hidden() int { return l.hidden }

// Cursor returns the thing that the cursor is on, or the heading; empty in an empty
// list.
func (l *List) Cursor() RowID { return l.on }

// Row returns the row that the cursor is on: in groups, a thing may have several.
func (l *List) Row() RowID { return l.cursor }

// Index returns the cursor's place among the rows; 0 in an empty list.
func (l *List) Index() int { return l.index }

// set gives the list new rows. The cursor stays on its thing; when that is gone,
// it goes to what stands in its place.
func (l *List) set(rows []RowID, hidden int) {
	l.rows, l.hidden = rows, hidden
	if l.young {
		for _, id := range []RowID{l.want, RowID(l.wish)} {
			if i := l.find(id); id != "" && i >= 0 {
				l.goTo(i)
				return
			}
		}
		l.goTo(l.firstThing())
		return
	}
	narrowed := l.narrowed
	l.narrowed = false
	if i := slices.Index(rows, l.cursor); i >= 0 {
		// A filter means things, not headings.
		if narrowed && l.heads[l.cursor] != nil && i+1 < len(rows) && l.heads[rows[i+1]] == nil {
			i++
		}
		l.goTo(i)
		return
	}
	if i := l.find(l.on); i >= 0 {
		l.goTo(i)
		return
	}
	if narrowed {
		l.goTo(l.firstThing())
		return
	}
	l.goTo(l.index)
}

func (l *List) goTo(i int) {
	if len(l.rows) == 0 {
		l.cursor, l.on, l.index = "", "", 0
		return
	}
	l.index = min(max(i, 0), len(l.rows)-1)
	l.cursor = l.rows[l.index]
	l.on = l.Thing(l.cursor)
}

func (l *List) move(delta int) {
	l.young = false
	l.goTo(l.index + delta)
}

func (l *List) point(id RowID) bool {
	if l.reveal(id) {
		l.young = false
	}
	i := l.find(id)
	if i >= 0 {
		l.young = false
		l.goTo(i)
	}
	return i >= 0
}

// Passes reports whether a text passes the list's filter. While a filter can't be
// read, everything does; FilterFault then says why.
func (l *List) Passes(text string) bool {
	if l.sieve == nil || l.read != l.Filter {
		l.sieve, l.fault = ReadFilter(l.Filter)
		l.read = l.Filter
	}
	return l.fault != nil || l.sieve.Empty() || l.sieve.Passes([]byte(text))
}

// FilterFault says why the filter can't be read; nil when it can.
func (l *List) FilterFault() error {
	l.Passes("")
	return l.fault
}
