package model

import (
	"encoding/json"
	"slices"

	"ioscope/client/bus"
)

// Answer is the place of one server in the results of a call.
type Answer struct {
	bus.Return
	// Pending is true until the server answered.
	Pending bool
	// Folded hides the value.
	Folded bool
	// Tree is the returned value; nil while pending and after an error.
	Tree *Tree
	// Objects counts the objects in the value.
	Objects int
}

// Rows counts the rows of the answer: its own line, and those of its value.
func (a *Answer) rows() int {
	if a.Folded || a.Tree == nil {
		return 1
	}
	return 1 + a.Tree.Len()
}

// Results are the answers to one call, in the order of the servers asked, and a
// cursor that walks through all of them.
type Results struct {
	Answers []*Answer
	// At is the answer that the cursor is in; Inside is true when it is on the
	// answer's value, at the tree's own cursor.
	At     int
	Inside bool
	// Hit and Hits say which of how many rows of what was looked for the cursor is on.
	Hit, Hits int
	// moved is true once a person moved the cursor.
	moved bool
	// Compared shows all answers in one table; nil while they stand one below
	// the other.
	Compared *Compared
}

// Column is one answer in the table, under its name.
type Column struct {
	Title  string
	Answer *Answer
}

// Lone is a server that replied in one of two calls alone.
type Lone struct {
	Server string
	Column int // 0 is the earlier call
}

// Compared is a table of answers, and the place in it.
type Compared struct {
	Columns []Column
	// Before is true when the columns are this call and the one before, not servers.
	Before bool
	// Lone are the servers that replied in one of two calls alone, and are in no column.
	Lone []Lone
	rows []CompareRow
	// Returned counts the columns that have a value; the others have none in any row.
	Returned int
	// Same counts the rows that are the same in all that returned, ShowSame unfolds them.
	Same     int
	ShowSame bool
	// At is the row that the cursor is on, Left the first server that is shown.
	At, Left int
}

// Rows returns the rows that show: those that differ first, then, unfolded, the rest.
func (c *Compared) Rows() []CompareRow {
	if c.ShowSame {
		return c.rows
	}
	return c.rows[:len(c.rows)-c.Same]
}

// Len counts the rows that the cursor can be on: the fold is one.
func (c *Compared) Len() int {
	n := len(c.Rows())
	if c.Same > 0 {
		n++
	}
	return n
}

// Move moves the cursor, and keeps it inside.
func (c *Compared) Move(delta int) { c.At = min(max(c.At+delta, 0), max(c.Len()-1, 0)) }

// OnFold reports whether the cursor is on the fold of what is the same.
func (c *Compared) OnFold() bool { return c.Same > 0 && c.At == len(c.rows)-c.Same }

// Row returns the row under the cursor; false on the fold.
func (c *Compared) Row() (CompareRow, bool) {
	i := c.At
	switch {
	case c.OnFold():
		return CompareRow{}, false
	case c.Same > 0 && i > len(c.rows)-c.Same:
		i--
	}
	if i >= len(c.rows) {
		return CompareRow{}, false
	}
	return c.rows[i], true
}

// NextDiffers goes to the next row that differs, or with -1 to the one before.
func (c *Compared) NextDiffers(delta int) {
	n := len(c.rows) - c.Same
	if n > 0 {
		c.At = (min(c.At, n) + delta + n) % n
	}
}

// ToggleCompared turns panels into one table, and back.
func (r *Results) ToggleCompared() {
	if r.Compared != nil {
		r.Compared = nil
		return
	}
	columns := make([]Column, len(r.Answers))
	for i, a := range r.Answers {
		columns[i] = Column{a.Server.Name(), a}
	}
	r.Compared = NewCompared(columns)
}

// NewCompared lays answers beside each other: what differs stands first.
func NewCompared(columns []Column) *Compared {
	c := &Compared{Columns: columns}
	values := make([]json.RawMessage, len(columns))
	for i, col := range columns {
		if col.Answer.Err == nil && !col.Answer.Pending {
			c.Returned++
			values[i] = append(json.RawMessage{}, col.Answer.Value...) // nothing is an answer, too
		}
	}
	c.rows = Compare(values)
	slices.SortStableFunc(c.rows, func(a, b CompareRow) int { return order(a) - order(b) })
	for _, row := range c.rows {
		if !row.Differs {
			c.Same++
		}
	}
	c.ShowSame = c.Same == len(c.rows) // where nothing differs, the answers are what is to be seen
	return c
}

// SameWords say of the rows that are the same where that is so: whoever failed, or has
// not answered, has no value there.
func (c *Compared) SameWords(noun string) string {
	words := Count(c.Same, noun)
	switch {
	case c.Returned == len(c.Columns):
		return words + " the same everywhere"
	case c.Returned == 1:
		return words + " of the only one that returned"
	}
	return words + " the same where returned"
}

func order(r CompareRow) int {
	if r.Differs {
		return 0
	}
	return 1
}

func (r *Results) expect(servers []bus.Instance) {
	*r = Results{}
	for _, s := range servers {
		r.Answers = append(r.Answers, &Answer{Return: bus.Return{Server: s}, Pending: true})
	}
}

// resultDepth is how many levels of a value are open when it comes.
const resultDepth = 3

// fill takes in the answer of a server. returns is the signature that it is to fit.
func (r *Results) fill(ret bus.Return, returns string) *Answer {
	if r.Compared != nil && !r.Compared.Before {
		defer func() { r.ToggleCompared(); r.ToggleCompared() }()
	}
	for i, a := range r.Answers {
		if !a.Pending || a.Server.PeerID != ret.Server.PeerID {
			continue
		}
		a.Return, a.Pending = ret, false
		if ret.Err == nil {
			a.Tree = NewTree(ret.Value, resultDepth)
			a.Tree.Against(returns)
			a.Objects = Objects(ret.Value)
			if i == 0 && !r.moved {
				r.At, r.Inside = 0, a.Tree.Len() > 0
			}
		}
		return a
	}
	return nil
}

// Counts tells how many returned, how many failed and how many are awaited.
func (r *Results) Counts() (ok, failed, pending int) {
	for _, a := range r.Answers {
		switch {
		case a.Pending:
			pending++
		case a.Err != nil:
			failed++
		default:
			ok++
		}
	}
	return ok, failed, pending
}

// Len counts all rows, Index is the cursor's place among them.
func (r *Results) Len() int {
	n := 0
	for _, a := range r.Answers {
		n += a.rows()
	}
	return n
}

// Index returns the cursor's row.
func (r *Results) Index() int {
	n := 0
	for i, a := range r.Answers {
		if i == r.At {
			if r.Inside && a.rows() > 1 {
				return n + 1 + a.Tree.Cursor()
			}
			return n
		}
		n += a.rows()
	}
	return 0
}

// Row tells what stands at a row: the answer, and the row of its value, or -1
// for the answer's own line.
func (r *Results) Row(i int) (answer, row int) {
	for k, a := range r.Answers {
		if n := a.rows(); i < n {
			return k, i - 1
		} else {
			i -= n
		}
	}
	return len(r.Answers) - 1, -1
}

// Move moves the cursor, and keeps it inside.
func (r *Results) Move(delta int) { r.GoTo(r.Index() + delta) }

// GoTo sets the cursor to a row.
func (r *Results) GoTo(i int) {
	if len(r.Answers) == 0 {
		return
	}
	r.moved = true
	answer, row := r.Row(min(max(i, 0), r.Len()-1))
	r.At, r.Inside = answer, row >= 0
	if row >= 0 {
		r.Answers[answer].Tree.SetCursor(row)
	}
}

// Current returns the answer that the cursor is in, or nil.
func (r *Results) Current() *Answer {
	if r.At >= len(r.Answers) {
		return nil
	}
	return r.Answers[r.At]
}

// Toggle folds or unfolds what the cursor is on.
func (r *Results) Toggle() {
	r.moved = true
	switch a := r.Current(); {
	case a == nil:
	case r.Inside && a.Tree != nil:
		a.Tree.Toggle(a.Tree.Cursor())
	default:
		a.Folded = !a.Folded
	}
}
