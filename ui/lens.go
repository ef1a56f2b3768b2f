package ui

import (
	"ioscope/model"
	"ioscope/ui/screen"
)

// lensFace draws the branches of a stream.
type lensFace struct{ l *model.Lens }

func (lensFace) place(*App) place { return inLens }

func (f lensFace) filter(*App) (string, func(string)) {
	return f.l.Filter, func(text string) { f.l.Filter = text }
}

func (f lensFace) copyable(a *App) (text, what string) {
	v := f.l.View(a.state.Now)
	id := f.l.Cursor(v)
	for _, e := range v.Private {
		if e.Row() == id {
			return string(e.Data), "the payload"
		}
	}
	for _, b := range v.Branches {
		if b.Row() == id {
			return branchName(b), "the branch"
		}
	}
	for _, g := range v.Groups {
		for _, m := range g.Members {
			if m.Row() == id {
				return string(m.Args), "the arguments"
			}
		}
	}
	return "", ""
}

func (f lensFace) row(a *App) (sign screen.Text, state screen.Line) {
	rate, lost := 0.0, false
	for _, t := range a.state.Things {
		if t.Content == nil && t.Method == f.l.Method && t.Phase == model.Running {
			rate += t.Rate(a.state.Now)
			lost = lost || !t.Interrupted.IsZero()
		}
	}
	if lost {
		return screen.T("≈"), screen.L(warn, screen.T("lost"))
	}
	state = screen.L(num, clean(model.PerSecond(rate)))
	if !f.l.Paused().IsZero() {
		state = screen.L(warn, screen.T("‖ ")).Plus(state)
	}
	return screen.T("≈"), state
}

// lensPage is a page with rows that the cursor can be on.
type lensPage struct {
	*page
	a      *App
	l      *model.Lens
	v      *model.LensView
	cursor model.RowID
	// at is the line of the cursor, rows tell which line is which row.
	at   int
	rows map[int]model.RowID
	// tight leaves out what can be done without.
	tight bool
}

func (f lensFace) draw(a *App, r rect) []screen.Line {
	v := f.l.View(a.state.Now)
	p := &lensPage{page: &page{w: r.w - 1, indent: a.indent() - 1}, a: a, l: f.l, v: v, cursor: f.l.Cursor(v), at: -1, rows: map[int]model.RowID{}, tight: r.h < 30}
	p.write(r.h - 1)
	height := max(r.h-1, 1)
	top := a.window("lens"+string(f.l.Method), p.at, len(p.lines), height)
	if p.at >= 0 && p.at < height-1 {
		top = 0
		a.tops["lens"+string(f.l.Method)] = 0
	}
	focused := a.state.Focus == model.Workspace && len(a.dialogs) == 0
	lines := []screen.Line{a.workTitle(r.w, screen.L(plain, clean("Branches of "+f.l.Def.Name)), f.note(a, v, top, len(p.lines)-top-height), focused)}
	for i := top; i < min(top+height, len(p.lines)); i++ {
		if id, ok := p.rows[i]; ok {
			a.click(rect{r.x, r.y + len(lines), r.w, 1}, model.Workspace, func(a *App) { a.clickLens(f.l, id) })
		}
		lines = append(lines, row(p.lines[i], r.w, i == p.at, focused))
	}
	return lines
}

func (a *App) clickLens(l *model.Lens, id model.RowID) {
	again := a.state.Focus == model.Workspace && l.Cursor(l.View(a.state.Now)) == id
	a.focusWork()
	if again {
		a.queued = a.run(l.Enter(a.state))
		return
	}
	l.Point(a.state, id)
}

// note stands at the right of the title.
func (f lensFace) note(a *App, v *model.LensView, above, below int) screen.Line {
	n := 0
	for _, g := range v.Groups {
		n += len(g.Members)
	}
	line := screen.Line{}
	switch {
	case above > 0 && below > 0:
		line = line.Muted(screen.T("↕ "))
	case above > 0:
		line = line.Muted(screen.T("↑ "))
	case below > 0:
		line = line.Muted(screen.T("↓ "))
	}
	if at := f.l.Paused(); !at.IsZero() {
		return line.Add(warn, clean("‖ paused "+at.Format("15:04:05")))
	}
	switch a.lay.class {
	case single:
		return line.Fg(clean(model.Number(n))).Muted(screen.T(" subs"))
	case narrow:
		return line.Muted(clean(model.Count(n, "subscription")))
	case normal, wide:
	}
	return line.Muted(screen.T("inferred from ")).Fg(clean(model.Count(n, "subscription")))
}

// write writes the page; h is how many rows there are to see it in.
func (p *lensPage) write(h int) {
	focused := p.a.filtering && p.a.state.Focus == model.Workspace
	if focused || p.l.Filter != "" {
		p.lines = append(p.lines, p.a.filterLine("/ ", p.l.Filter, p.v.Hidden, p.w, focused))
	}
	none := len(p.v.Groups) == 0
	if none {
		p.blank()
		p.text(plain, "No subscription of yours to "+p.l.Def.Name+" has heard anything yet.")
		p.add(p.a.keySign("lens.add").Muted(screen.T("  subscribes")))
		p.blank()
	}
	if !p.l.PrivateOnly {
		if !p.tight && !none {
			p.text(muted, "A subscriber is never told its branch. This is what the events show.")
			p.blank()
		}
		for i, g := range p.v.Groups {
			p.group(i, g)
			p.space()
		}
		if p.v.Uncompared > 0 {
			p.text(warn, "! "+model.Count(p.v.Uncompared, "subscription")+" more: 16 can be compared at once")
		}
		if !none {
			p.timeline()
			p.space()
		}
	}
	if p.v.Privates > 0 || p.l.PrivateOnly {
		p.private(h)
		p.space()
	}
	if !p.l.PrivateOnly {
		p.truth()
	}
}

// space is a blank row where there is room for it.
func (p *lensPage) space() {
	if !p.tight {
		p.blank()
	}
}

// head is the title of a part of the page.
func (p *lensPage) head(name, right screen.Line) {
	right = right.Fit(min(right.Width(), max(p.w-name.Width()-6, 0)))
	line := name.Pad(1)
	rule := p.w - 1 - line.Width() - right.Width()
	if right.Width() > 0 {
		rule--
	}
	line = line.Add(faint, screen.T("─").Repeat(rule))
	if right.Width() > 0 {
		line = line.Pad(1).Plus(right)
	}
	p.lines = append(p.lines, line)
}

// thing adds a line that the cursor can be on.
func (p *lensPage) thing(id model.RowID, line screen.Line) {
	if id == p.cursor {
		p.at = len(p.lines)
	}
	p.rows[len(p.lines)] = id
	p.lines = append(p.lines, line)
}
