package model

import (
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
}

func (r *Results) expect(servers []bus.Instance) {
	*r = Results{}
	for _, s := range servers {
		r.Answers = append(r.Answers, &Answer{Return: bus.Return{Server: s}, Pending: true})
	}
}

// resultDepth is how many levels of a value are open when it comes.
const resultDepth = 3

func (r *Results) fill(ret bus.Return) *Answer {
	for i, a := range r.Answers {
		if !a.Pending || a.Server.PeerID != ret.Server.PeerID {
			continue
		}
		a.Return, a.Pending = ret, false
		if ret.Err == nil {
			a.Tree = NewTree(ret.Value, resultDepth)
			if i == 0 {
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
	switch a := r.Current(); {
	case a == nil:
	case r.Inside && a.Tree != nil:
		a.Tree.Toggle(a.Tree.Cursor())
	default:
		a.Folded = !a.Folded
	}
}
