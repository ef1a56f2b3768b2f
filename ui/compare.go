package ui

import (
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
	c, answers := t.Results.Compared, t.Results.Answers
	shape := tableFor(c, len(answers), r.w-4)
	lines := a.compareHead(t, shape, r.w)
	foot := a.compareFoot(t, r.w)
	height := max(r.h-len(lines)-len(foot), 1)
	top := a.window("compare"+string(t.Row()), c.At, c.Len(), height)
	for i := top; i < min(top+height, c.Len()); i++ {
		line := compareLine(c, answers, i, shape, r.w)
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
	answers := t.Results.Answers
	fastest := -1
	for i, ans := range answers {
		if !ans.Pending && ans.Err == nil && (fastest < 0 || ans.Took < answers[fastest].Took) {
			fastest = i
		}
	}
	line := func(name string, cell func(i int, ans *model.Answer) screen.Line) screen.Line {
		l := screen.Line{}.Pad(3).Muted(clean(name)).Fit(shape.names + 3)
		for i := shape.from; i < shape.to; i++ {
			l = l.Plus(cell(i, answers[i]).Fit(shape.cell - 1)).Pad(1)
		}
		return l
	}
	var best *model.Server
	if m := a.state.Dir.Method(t.Method); m != nil {
		best = a.best(m)
	}
	more := ""
	if hidden := len(answers) - (shape.to - shape.from); hidden > 0 {
		more = "+" + model.Count(hidden, "server") + " ←→"
	}
	return []screen.Line{
		{},
		line(more, func(i int, ans *model.Answer) screen.Line {
			return letter(i).Pad(1).Add(bold, clean(ans.Server.Name()))
		}),
		line("status", func(_ int, ans *model.Answer) screen.Line {
			switch {
			case ans.Pending:
				return screen.L(muted, screen.T("○ awaited"))
			case ans.Err != nil:
				return screen.L(bad, screen.T("✗ error"))
			}
			return screen.L(okay, screen.T("✓ ")).Fg(screen.T("returned"))
		}),
		line("took", func(i int, ans *model.Answer) screen.Line {
			l := screen.L(num, clean(model.Duration(ans.Took)))
			if i == fastest {
				l = l.Muted(screen.T(" fastest"))
			}
			return l
		}),
		line("best takes", func(_ int, ans *model.Answer) screen.Line {
			if best != nil && best.Instance.PeerID == ans.Server.PeerID {
				return screen.L(accent, screen.T("this one"))
			}
			return screen.Line{}
		}),
		screen.Line{}.Pad(3).Add(faint, screen.T("─").Repeat(w-5)),
	}
}

func compareLine(c *model.Compared, answers []*model.Answer, i int, shape table, w int) screen.Line {
	rows := c.Rows()
	differing := len(rows)
	if c.ShowSame {
		differing = len(rows) - c.Same
	}
	switch {
	case i < differing:
		return compareCells(rows[i], answers, shape, w)
	case i == differing && c.Same > 0:
		sign := screen.T("▸ ")
		if c.ShowSame {
			sign = screen.T("▾ ")
		}
		return screen.Line{}.Pad(2).Muted(sign).Muted(clean(model.Count(c.Same, "row") + " the same everywhere"))
	}
	return compareCells(rows[i-1], answers, shape, w)
}

func compareCells(r model.CompareRow, answers []*model.Answer, shape table, w int) screen.Line {
	line := screen.Line{}.Pad(2)
	if r.Differs {
		line = line.Add(warn, screen.T("≠ "))
	} else {
		line = line.Pad(2)
	}
	line = line.Add(key, clean(r.Path).CutMiddle(shape.names-4)).Fit(shape.names + 2)
	for i := shape.from; i < shape.to; i++ {
		line = line.Plus(compareCell(r, i, answers[i].Err == nil && !answers[i].Pending, shape.cell-1)).Pad(1)
	}
	return line.Fit(w - 1)
}

func compareCell(r model.CompareRow, i int, returned bool, w int) screen.Line {
	raw := r.Cells[i]
	switch {
	case raw == nil && returned:
		return screen.L(screen.Style{Role: screen.Warn, Underline: true}, screen.T("missing")).Fit(w)
	case raw == nil:
		return screen.L(muted, screen.T("–")).Fit(w)
	}
	tree := model.NewTree(raw, 0).Row(0)
	style := valueStyle(tree.Kind, tree.Foldable)
	style.Underline = r.Differs
	return screen.L(style, clean(string(raw)).Cut(w)).Fit(w)
}

// compareFoot says what the failed ones said, and why best takes the one it takes.
func (a *App) compareFoot(t *model.Thing, w int) []screen.Line {
	p := a.newPage(w)
	for _, ans := range t.Results.Answers {
		if ans.Err != nil && len(p.lines) < 6 {
			p.add(screen.L(bad, screen.T("✗ ")).Add(bold, clean(ans.Server.Name())).Pad(1).Plus(errorWords(ans)).Fit(w - p.indent - 2))
		}
	}
	if m := a.state.Dir.Method(t.Method); m != nil && len(m.Offers) > 1 {
		if best := a.best(m); best != nil {
			p.blank()
			p.add(screen.L(muted, screen.T("Best takes ")).Fg(clean(best.Instance.Name())).Muted(screen.T(": first on this machine, since ")).Muted(clock(m.Offers[0].Since)).Fit(w - p.indent - 2))
		}
	}
	differ := len(t.Results.Compared.Rows())
	if t.Results.Compared.ShowSame {
		differ -= t.Results.Compared.Same
	}
	where := ""
	if r, ok := t.Results.Compared.Row(); ok {
		where = "$." + r.Path
	}
	p.blank()
	p.lines = append(p.lines, screen.Line{}.Pad(1).Fg(clean(where)).Ends(screen.L(muted, clean(model.Count(differ, "row")+" that differ")).Pad(1), w))
	return p.lines
}
