package model

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// ViewKind is how a stream is shown.
type ViewKind int

// The views, in the order of their turning.
const (
	RowsView ViewKind = iota
	ColumnsView
	LatestView
	ChartOver
	RatesView
	viewCount
)

// String returns the view's words.
func (k ViewKind) String() string {
	return [...]string{"rows", "columns", "latest by key", "chart", "condensed"}[k]
}

// What a sort of the latest by key may go by, beside the path of a column.
const (
	SortKey    = ""
	SortChange = "@change"
	SortRate   = "@rate"
	SortAge    = "@age"
)

// View is how a stream is looked at.
type View struct {
	Kind ViewKind
	// ByHand is true once a person chose the view: it then stays.
	ByHand bool
	// Condensed is true while the view was turned by what came too fast.
	Condensed bool
	// Columns are the paths that were chosen; nil shows what fits.
	Columns []string
	// Key is the path of what tells events apart, Number that of what is charted.
	Key, Number string
	// Sort and Reverse order the latest by key.
	Sort    string
	Reverse bool
	// RowSort is the path that orders the rows in columns, or [SortPublisher];
	// empty for time.
	RowSort    string
	RowReverse bool
	// Range is how far a chart reaches back; 0 is all.
	Range time.Duration
	// Wrap shows payloads over as many lines as they need.
	Wrap bool
	// Marks are the numbers of the rows that a person marked.
	Marks []uint64

	// lastMark is the row that was marked last.
	lastMark uint64

	keyChosen, numberChosen bool
	guessed                 int
	cursor                  string
	order                   []*Entry
	ordered                 orderedAt
	charted                 string
	toTail                  *Tail
}

// orderedAt tells of what the order of the keys was made.
type orderedAt struct {
	grown   int
	sort    string
	reverse bool
	second  int64
	known   bool // whether the rates of that second are
	tail    *Tail
	rates   bool
}

// seqNames are what the number of an event in its sequence is often called.
var seqNames = []string{"seq", "sequence", "seqno", "seqnum", "sequencenumber", "n", "no", "number", "offset", "index", "version", "counter", "count", "id", "time", "timestamp", "ts", "at"}

// guessEnd is after how many events guesses stay as they are.
const guessEnd = 1024

// Guess chooses key and number from what is known of the fields, as long as no
// person chose and little has come.
func (t *Thing) guess() {
	v := &t.View
	if v.toTail != t.Tail {
		v.toTail, v.guessed = t.Tail, 0
		t.aim()
	}
	f := t.Tail.Fields()
	if f.Seen() == 0 || f.Seen() < 2*v.guessed || v.guessed > guessEnd {
		return
	}
	v.guessed = f.Seen()
	key, number := v.Key, v.Number
	if !v.keyChosen {
		if one := f.Key(); one != nil {
			v.Key = one.Path
		}
	}
	if !v.numberChosen {
		v.Number = guessNumber(f)
	}
	if key != v.Key || number != v.Number {
		t.aim()
	}
	steps, _ := ReadPath(v.Key)
	t.Tail.findNumbering(f, steps)
}

// guessNumber chooses what to chart: the first number that is not there to count
// events.
func guessNumber(f *Fields) string {
	first := ""
	for _, one := range f.List() {
		if !one.Number() {
			continue
		}
		if !slices.Contains(seqNames, strings.ToLower(one.Steps.last())) {
			return one.Path
		}
		first = cmp.Or(first, one.Path)
	}
	return first
}

// aim lets the tail keep what the view shows.
func (t *Thing) aim() {
	key, _ := ReadPath(t.View.Key)
	number, _ := ReadPath(t.View.Number)
	t.Tail.ByKey(key, number)
	t.View.order, t.View.charted = nil, ""
	t.draw()
}

// draw lets the tail keep the chart that is seen: of the key under the cursor
// where there are several.
func (t *Thing) draw() {
	v := &t.View
	if v.Kind == ColumnsView {
		t.Tail.SortBy(v.RowSort, v.RowReverse)
	} else {
		t.Tail.SortBy("", false)
	}
	only := ""
	if t.Tail.Latest().Len() > 1 {
		only = t.CursorKey()
	}
	wanted := v.Number + "\x00" + v.Key + "\x00" + only
	if v.Kind != ChartOver && v.Kind != LatestView {
		wanted = ""
	}
	if wanted == v.charted {
		return
	}
	v.charted = wanted
	if wanted == "" {
		t.Tail.Draw(nil, nil, "")
		return
	}
	number, _ := ReadPath(v.Number)
	key, _ := ReadPath(v.Key)
	t.Tail.Draw(number, key, only)
}

// SetKey chooses what tells events apart; empty for nothing.
func (t *Thing) SetKey(path string) {
	t.View.Key, t.View.keyChosen = path, true
	t.aim()
}

// SetNumber chooses what is charted.
func (t *Thing) SetNumber(path string) {
	t.View.Number, t.View.numberChosen = path, true
	t.aim()
}

// NextNumber chooses the next number to chart, or with -1 the one before.
func (t *Thing) NextNumber(delta int) bool {
	var paths []string
	for _, one := range t.Tail.Fields().List() {
		if one.Number() {
			paths = append(paths, one.Path)
		}
	}
	if len(paths) == 0 {
		return false
	}
	i := slices.Index(paths, t.View.Number)
	t.SetNumber(paths[(max(i, 0)+delta+len(paths))%len(paths)])
	return true
}

// NextView turns to the next view that has something to show. From then on it
// stays as the person wants it.
func (t *Thing) NextView() {
	v := &t.View
	v.ByHand, v.Condensed = true, false
	t.Show((v.Kind + 1) % viewCount)
}

// Show turns to a view.
func (t *Thing) Show(k ViewKind) {
	t.View.Kind = k
	t.draw()
}

// ByKeys reports whether the cursor walks keys, not rows.
func (t *Thing) ByKeys() bool { return t.View.Kind >= LatestView }

// SortRows orders the rows in columns: by a path, by [SortPublisher], or by time
// when it is empty. A row that a person went to keeps the cursor: by time it is
// held there.
func (t *Thing) SortRows(by string, reverse bool, now time.Time) {
	t.touched = true
	o := &t.Tail.read.order
	at, moved := t.Tail.Cursor(), o.on() && o.moved
	t.View.RowSort, t.View.RowReverse = by, reverse
	t.draw()
	if o.moved = moved; moved && by == "" {
		t.Tail.SetCursor(at, now)
	}
}

// ranges are how far charts reach back.
var ranges = []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 0}

// NextRange turns to the next stretch of time.
func (t *Thing) NextRange() {
	t.View.Range = ranges[(slices.Index(ranges, t.View.Range)+1)%len(ranges)]
}

// RangeWords names the stretch of the chart.
func (v *View) RangeWords() string {
	if v.Range == 0 {
		return "all of it"
	}
	return "last " + Number(int(v.Range/time.Minute)) + " min"
}

// Keys are the keys in the order that was chosen; in the condensed view the
// busiest first. What changes all the time is put in order once a second, so
// that rows can be read.
func (t *Thing) Keys(now time.Time) []*Entry {
	v, l := &t.View, t.Tail.Latest()
	at := orderedAt{grown: l.grown, sort: v.Sort, reverse: v.Reverse, tail: t.Tail, rates: v.Kind == RatesView}
	if at.rates || v.Sort != SortKey {
		at.second, at.known = now.Unix(), t.Tail.RatesKnown(now)
	}
	if at == v.ordered && len(v.order) == len(l.list) {
		return v.order
	}
	v.ordered = at
	v.order = append(v.order[:0:0], l.list...)
	steps, _ := ReadPath(v.Sort)
	by := func(a, b *Entry) int {
		switch {
		case at.rates, v.Sort == SortRate:
			return cmp.Compare(b.Rate(now), a.Rate(now))
		case v.Sort == SortAge:
			return b.At.Compare(a.At)
		case v.Sort == SortChange:
			x, _ := l.Change(a)
			y, _ := l.Change(b)
			return compareValues([]byte(strings.TrimPrefix(x, "+")), []byte(strings.TrimPrefix(y, "+")))
		case steps != nil:
			return compareValues(steps.In(a.Data), steps.In(b.Data))
		}
		return 0
	}
	slices.SortStableFunc(v.order, func(a, b *Entry) int {
		return flip(v.Reverse && !at.rates, cmp.Or(by(a, b), compareValues([]byte(`"`+a.Key+`"`), []byte(`"`+b.Key+`"`))))
	})
	if !slices.ContainsFunc(v.order, func(e *Entry) bool { return e.Key == v.cursor }) {
		v.cursor = ""
	}
	return v.order
}

// CursorKey is the key that the cursor is on; empty when there is none.
func (t *Thing) CursorKey() string {
	v := &t.View
	if len(v.order) == 0 {
		if list := t.Tail.Latest().list; len(list) > 0 && v.cursor == "" {
			return list[0].Key
		}
		return v.cursor
	}
	if v.cursor == "" {
		return v.order[0].Key
	}
	return v.cursor
}

// KeyIndex is the cursor's place among the keys; 0 when there are none.
func (t *Thing) KeyIndex(keys []*Entry) int {
	at := t.CursorKey()
	for i, e := range keys {
		if e.Key == at {
			return i
		}
	}
	return 0
}

// MoveKey moves the cursor by keys.
func (t *Thing) MoveKey(delta int, now time.Time) {
	if keys := t.Keys(now); len(keys) > 0 {
		t.View.cursor = keys[min(max(t.KeyIndex(keys)+delta, 0), len(keys)-1)].Key
		t.draw()
	}
}

// PointKey puts the cursor on a key.
func (t *Thing) PointKey(key string) {
	t.View.cursor = key
	t.draw()
}

// ChosenColumns counts the columns that were chosen and are on the screen.
func (t *Thing) ChosenColumns() int {
	if t.View.Kind != ColumnsView {
		return 0
	}
	return len(t.View.Columns)
}

// ColumnFields are the fields that get columns: those that were chosen, or those
// that fit a cell and are not rare beside the commonest, in the order in which they
// came.
func (t *Thing) ColumnFields() []*Field {
	var out []*Field
	f := t.Tail.Fields()
	if t.View.Columns != nil {
		for _, path := range t.View.Columns {
			if one := f.Find(path); one != nil {
				out = append(out, one)
			} else if steps, ok := ReadPath(path); ok {
				out = append(out, &Field{Path: path, Steps: steps})
			}
		}
		return out
	}
	// What is common is measured by the commonest, so that shapes that take turns
	// have columns, too.
	most := 0
	for _, one := range f.List() {
		if one.Scalar() {
			most = max(most, one.Seen)
		}
	}
	for _, one := range f.List() {
		if one.Scalar() && one.Seen*4 >= most {
			out = append(out, one)
		}
	}
	return out
}

// KeyEntry is the latest of the key under the cursor; nil where the cursor walks
// rows, or nothing came.
func (t *Thing) KeyEntry(now time.Time) *Entry {
	if keys := t.Keys(now); t.ByKeys() && len(keys) > 0 {
		return keys[t.KeyIndex(keys)]
	}
	return nil
}

// ToggleMark marks the event that is open or the row under the cursor, or takes the mark away. It reports
// whether it is marked now.
func (t *Thing) ToggleMark() bool {
	n, v := t.Tail.Cursor(), &t.View
	if t.Part == InEvent {
		n = t.EventRow.N
	}
	if i := slices.Index(v.Marks, n); i >= 0 {
		v.Marks = slices.Delete(v.Marks, i, i+1)
		return false
	}
	v.Marks, v.lastMark = append(v.Marks, n), n
	slices.Sort(v.Marks)
	return true
}

// Marked reports whether a row is marked.
func (v *View) Marked(n uint64) bool {
	_, ok := slices.BinarySearch(v.Marks, n)
	return ok
}

// NextMark goes to the next marked row that is still there and shown, around the
// end, and holds the rows. It reports whether there is one.
func (t *Thing) NextMark(now time.Time) bool {
	v := &t.View
	v.Marks = slices.DeleteFunc(v.Marks, func(n uint64) bool { return n < t.Tail.first })
	at := t.Tail.Cursor()
	found := uint64(0)
	for _, n := range v.Marks {
		if t.Tail.Shows(n) && (found == 0 || found <= at && n > at) {
			found = n
		}
	}
	if found == 0 {
		return false
	}
	t.touched = true
	t.Tail.Pause(now)
	t.Tail.SetCursor(found, now)
	return true
}
