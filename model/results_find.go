package model

// Going through the answers of a call: what is sought, and what is marked.

// FindNext goes to the next row that has what is looked for, through all answers
// and around the end. It returns which of how many in its answer it is; 0 where
// there is none.
func (r *Results) FindNext(find *Filter, delta int) (at, count int) {
	defer func() { r.Hit, r.Hits = at, count }()
	return r.around(delta, func(a *Answer, first bool) (int, int) {
		if first {
			return a.Tree.Seek(find, delta, false)
		}
		return a.Tree.SeekEdge(find, delta)
	})
}

// around asks the answers for a place to go to, from the one that the cursor is in
// on, and that one again at last.
func (r *Results) around(delta int, ask func(a *Answer, first bool) (at, count int)) (at, count int) {
	n := len(r.Answers)
	for i := range n + 1 {
		k := ((r.At+i*delta)%n + n) % n
		a := r.Answers[k]
		if a.Tree == nil {
			continue
		}
		if at, count = ask(a, i == 0 && r.Inside); at > 0 {
			r.moved, a.Folded = true, false
			r.At, r.Inside = k, true
			return at, count
		}
	}
	return 0, 0
}

// NextMark goes to the next mark against returns, through all answers. It reports
// whether there is one.
func (r *Results) NextMark(delta int) bool {
	at, _ := r.around(delta, func(a *Answer, first bool) (int, int) {
		n, _ := a.Tree.Marks()
		switch {
		case n == 0:
			return 0, 0
		case !first:
			a.Tree.SetCursor(0)
			if delta < 0 {
				a.Tree.SetCursor(a.Tree.Len() - 1)
			}
			if row := a.Tree.Row(a.Tree.Cursor()); row.Mark != NoMark {
				return 1, n
			}
		case len(r.Answers) > 1 && a.Tree.atEdge(delta):
			return 0, 0
		}
		if !a.Tree.NextMark(delta) {
			return 0, 0
		}
		return 1, n
	})
	return at > 0
}

// Marks counts the marks of all answers, and reports whether there may be more, and
// whether one was too large to be looked at.
func (r *Results) Marks() (n int, more, unchecked bool) {
	for _, a := range r.Answers {
		if a.Tree != nil {
			k, m := a.Tree.Marks()
			n, more, unchecked = n+k, more || m, unchecked || a.Tree.Unchecked()
		}
	}
	return n, more, unchecked
}

// Unfit counts what of a call's values does not fit returns.
func (t *Thing) Unfit() int {
	n, _, _ := t.Results.Marks()
	return n
}
