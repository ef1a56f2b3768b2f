package ui

import (
	"strings"
	"time"

	"ioscope/model"
	"ioscope/ui/screen"
)

// Results compared: all servers in one table, what differs first.

// series are the styles that tell servers apart, always with their letter.
var series = []screen.Role{screen.Series1, screen.Series2, screen.Series3, screen.Series4, screen.Series5, screen.Series6}

func letter(i int) screen.Line {
	return screen.L(screen.Strong(series[i%len(series)]), clean(string(rune('A'+i%26))))
}

// table is the shape of a comparison: the width of the names and of a server, and
// the servers that there is room for.
type table struct {
	names, cell, from, to int
}

func tableFor(c *model.Compared, servers, w int) table {
	t := table{names: 14}
	for _, r := range c.Rows() {
		t.names = max(t.names, clean(r.Path).Width()+4)
	}
	t.names = min(t.names, w/3)
	room := w - t.names
	t.cell = min(max(room/max(servers, 1), 17), 34)
	fit := max(room/t.cell, 1)
	t.from = min(c.Left, max(servers-fit, 0))
	t.to = min(t.from+fit, servers)
	return t
}

// comparePane draws the table.
func (a *App) comparePane(t *model.Thing, r rect, focused bool) []screen.Line {
	c := t.Results.Compared
	shape := tableFor(c, len(c.Columns), r.w-4)
	lines := a.compareHead(t, shape, r.w)
	foot := a.compareFoot(t, r.w)
	switch {
	case r.h < 8:
		// The names and the rows are what one came for.
		lines, foot = lines[1:min(3, len(lines))], nil
	case r.h < len(lines)+len(foot)+4:
		lines, foot = lines[1:], foot[len(foot)-1:]
	}
	height := max(r.h-len(lines)-len(foot), 1)
	top := a.window("compare"+string(t.Row()), c.At, c.Len(), height)
	for i := top; i < min(top+height, c.Len()); i++ {
		line := compareLine(c, i, shape, r.w)
		a.click(rect{r.x, r.y + len(lines), r.w, 1}, model.Workspace, func(a *App) {
			a.state.Go(model.Workspace)
			c.At = i
		})
		lines = append(lines, row(line, r.w, i == c.At, focused))
	}
	return append(screen.Rows(lines, r.w, max(r.h-len(foot), 0)), foot...)
}

// compareHead names the servers and tells how each answered.
func (a *App) compareHead(t *model.Thing, shape table, w int) []screen.Line {
	columns := t.Results.Compared.Columns
	fastest := -1
	for i, col := range columns {
		if ans := col.Answer; !ans.Pending && ans.Err == nil && (fastest < 0 || ans.Took < columns[fastest].Answer.Took) {
			fastest = i
		}
	}
	line := func(name string, cell func(i int, ans *model.Answer) screen.Line) screen.Line {
		l := screen.Line{}.Pad(3).Muted(clean(name)).Fit(shape.names + 3)
		for i := shape.from; i < shape.to; i++ {
			l = l.Plus(cell(i, columns[i].Answer).Fit(shape.cell - 1)).Pad(1)
		}
		return l
	}
	var best *model.Server
	if m := a.state.Dir.Method(t.Method); m != nil {
		best = a.best(m)
	}
	more := ""
	if hidden := len(columns) - (shape.to - shape.from); hidden > 0 {
		more = "+" + model.Count(hidden, "server") + " ←→"
	}
	head := []screen.Line{
		{},
		line(more, func(i int, _ *model.Answer) screen.Line {
			return letter(i).Pad(1).Add(bold, clean(columns[i].Title))
		}),
		line("status", func(_ int, ans *model.Answer) screen.Line {
			switch {
			case ans.Pending:
				return screen.L(muted, screen.T("○ awaited"))
			case ans.Err != nil:
				return screen.L(bad, screen.T("✗ error"))
			}
			line := screen.L(okay, screen.T("✓ ")).Fg(screen.T("returned"))
			if ans.Tree != nil {
				if n, _ := ans.Tree.Marks(); n > 0 {
					marks := "! " + model.Count(n, "mark")
					if line.Width()+2+len(marks) >= shape.cell {
						marks = "! " + model.Number(n)
					}
					line = line.Pad(2).Add(warn, clean(marks))
				}
			}
			return line
		}),
		line("took", func(i int, ans *model.Answer) screen.Line {
			l := screen.L(num, clean(model.Duration(ans.Took)))
			if i == fastest {
				l = l.Muted(screen.T(" fastest"))
			}
			return l
		}),
	}
	if !t.Results.Compared.Before {
		head = append(head, line("best takes", func(_ int, ans *model.Answer) screen.Line {
			if best != nil && best.Instance.PeerID == ans.Server.PeerID {
				return screen.L(accent, screen.T("this one"))
			}
			return screen.Line{}
		}))
	}
	return append(head, screen.Line{}.Pad(3).Add(faint, screen.T("─").Repeat(w-5)))
}

func compareLine(c *model.Compared, i int, shape table, w int) screen.Line {
	rows := c.Rows()
	differing := len(rows)
	if c.ShowSame {
		differing = len(rows) - c.Same
	}
	switch {
	case i < differing:
		return compareCells(rows[i], c.Columns, shape, w)
	case i == differing && c.Same > 0:
		sign := screen.T("▸ ")
		if c.ShowSame {
			sign = screen.T("▾ ")
		}
		return screen.Line{}.Pad(2).Muted(sign).Muted(clean(c.SameWords("row")))
	}
	return compareCells(rows[i-1], c.Columns, shape, w)
}

func compareCells(r model.CompareRow, columns []model.Column, shape table, w int) screen.Line {
	line := screen.Line{}.Pad(2)
	if r.Differs {
		line = line.Add(warn, screen.T("≠ "))
	} else {
		line = line.Pad(2)
	}
	line = line.Add(key, clean(r.Path).CutMiddle(shape.names-4)).Fit(shape.names + 2)
	for i := shape.from; i < shape.to; i++ {
		line = line.Plus(compareCell(r, i, columns[i].Answer.Err == nil && !columns[i].Answer.Pending, shape.cell-1)).Pad(1)
	}
	return line.Fit(w - 1)
}

func compareCell(r model.CompareRow, i int, returned bool, w int) screen.Line {
	raw := r.Cells[i]
	if raw == nil && !returned {
		return screen.L(muted, screen.T("–")).Fit(w)
	}
	style, text := warn, screen.T("missing")
	if raw != nil {
		tree := model.NewTree(raw, 0).Row(0)
		style, text = valueStyle(tree.Kind, tree.Foldable), clean(string(raw))
	}
	if r.Odd == nil || !r.Odd[i] {
		return screen.L(style, text.Cut(w)).Fit(w)
	}
	// The sign stands beside it, since without colours nothing is underlined.
	style.Underline = true
	return screen.L(style, text.Cut(max(w-2, 1))).Pad(1).Add(warn, screen.T("≠")).Fit(w)
}

// compareFoot says what the failed ones said, and why best takes the one it takes.
func (a *App) compareFoot(t *model.Thing, w int) []screen.Line {
	p := a.newPage(w)
	for _, col := range t.Results.Compared.Columns {
		if ans := col.Answer; ans.Err != nil && len(p.lines) < 6 {
			p.add(screen.L(bad, screen.T("✗ ")).Add(bold, clean(col.Title)).Pad(1).Plus(errorWords(ans)).Fit(w - p.indent - 2))
		}
	}
	for _, lone := range t.Results.Compared.Lone {
		if len(p.lines) >= 6 {
			break
		}
		words := " was asked before, and not this time"
		if lone.Column > 0 {
			words = " was not asked before"
		}
		p.add(screen.L(warn, screen.T("! ")).Add(bold, clean(lone.Server)).Fg(clean(words)).Fit(w - p.indent - 2))
	}
	if m := a.state.Dir.Method(t.Method); m != nil && len(m.Offers) > 1 && !t.Results.Compared.Before {
		a.whyBest(p, m, w)
	}
	differ := len(t.Results.Compared.Rows())
	if t.Results.Compared.ShowSame {
		differ -= t.Results.Compared.Same
	}
	var where screen.Line
	if r, ok := t.Results.Compared.Row(); ok {
		where = screen.L(plain, clean("$."+r.Path)).Pad(3).Add(warn, clean(oddWords(r, t.Results.Compared.Columns)))
	}
	p.blank()
	p.lines = append(p.lines, screen.Line{}.Pad(1).Plus(where).Ends(screen.L(muted, clean(differWords(differ))).Pad(1), w))
	return p.lines
}

// oddWords say which servers disagree, by their letters: of two both do.
func oddWords(r model.CompareRow, columns []model.Column) string {
	var odd []string
	returned := 0
	for i, col := range columns {
		if col.Answer.Err == nil && !col.Answer.Pending {
			returned++
		}
		if r.Odd != nil && r.Odd[i] {
			odd = append(odd, letter(i).Plain())
		}
	}
	switch {
	case len(odd) == 0:
		return ""
	case returned == 2 && len(columns) == 2:
		return "A and B disagree"
	}
	return strings.Join(odd, ", ") + map[bool]string{true: " disagrees", false: " disagree"}[len(odd) == 1]
}

// whyBest tells in three steps how target best comes to its server: who offers it,
// who of them is on this machine, who of those was the first.
func (a *App) whyBest(p *page, m *model.Method, w int) {
	best := a.best(m)
	if best == nil {
		return
	}
	var all, local []string
	var since, next time.Time
	for _, o := range m.Offers {
		name := o.Server.Instance.Name()
		all = append(all, name)
		if o.Server.Instance.Local {
			local = append(local, name)
		}
		switch {
		case o.Server == best:
			since = o.Since
		case !since.IsZero() && next.IsZero() && o.Server.Instance.Local == best.Instance.Local:
			next = o.Since
		}
	}
	step := func(n int, words string, line screen.Line) {
		p.add(screen.L(muted, clean(itoa(int64(n)))).Pad(2).Fg(clean(words)).To(24).Plus(line).Fit(w - p.indent - 2))
	}
	p.blank()
	p.add(screen.L(bold, clean("Why best takes "+best.Instance.Name())).Fit(w - p.indent - 2))
	step(1, "offers it", screen.L(plain, clean(strings.Join(all, ", "))))
	if len(local) == 0 {
		step(2, "on this machine", screen.L(muted, screen.T("none, so that all count")))
	} else {
		step(2, "on this machine", screen.L(plain, clean(strings.Join(local, ", "))))
	}
	first := screen.L(plain, clean(best.Instance.Name())).Pad(2).Muted(clean("since " + model.When(since, a.state.Now)))
	if !next.IsZero() {
		first = first.Muted(clean(", " + model.Duration(next.Sub(since)) + " before the next"))
	}
	step(3, "the first to offer", first)
}

func differWords(n int) string {
	switch n {
	case 0:
		return "no row differs"
	case 1:
		return "1 row that differs"
	}
	return model.Count(n, "row") + " that differ"
}
