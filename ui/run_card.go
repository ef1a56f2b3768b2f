package ui

import (
	"strings"

	"ioscope/model"
	"ioscope/ui/screen"
)

// The cards and rows of Interval hosts and of what they offer.

// actionRow is the row of an action or a page among the methods.
func (a *App) actionRow(m *model.Method, w int) screen.Line {
	left, style := screen.Line{}.Pad(1), plain
	if m.Gone() {
		left, style = left.Muted(screen.T("† ")), muted
	}
	left = left.Add(lit, screen.T("◆ "))
	right := screen.L(muted, clean("×"+model.Number(max(len(m.Offers), 1)))).Pad(1)
	if m.Action.Page {
		right = screen.L(muted, screen.T("page")).Pad(1)
	}
	if state, ok := a.runningState(m); ok && left.Width()+clean(m.Action.Name).Width()+state.Width()+right.Width()+4 <= w {
		right = state.Pad(2).Plus(right)
	}
	room := max(w-left.Width()-right.Width()-1, 1)
	name := clean(m.Action.Title())
	if a.grouped(model.Methods, model.GroupPrefix) {
		name = clean(m.Action.Name)
	}
	if name.Width() > room && len(m.Action.Group) > 0 {
		name = clean("… › " + m.Action.Name)
	}
	return left.Add(style, name.CutMiddle(room)).To(w - right.Width()).Plus(right)
}

// runningState is how the latest run of an action stands.
func (a *App) runningState(m *model.Method) (screen.Line, bool) {
	for i := len(a.state.Things) - 1; i >= 0; i-- {
		r, ok := a.state.Things[i].Content.(*model.Run)
		if ok && !r.Action.Page && r.Action.Slug == m.Action.Slug && r.Stage > model.RunForm {
			return runFace{r}.state(a, true), true
		}
	}
	return screen.Line{}, false
}

func actionKind(m *model.Method) string {
	kind := "action"
	if m.Action.Page {
		kind = "page"
	}
	if m.Gone() {
		return "gone · " + kind
	}
	return kind + " · " + model.Count(len(m.Offers), "host")
}

func (a *App) hostCard(p *page, s *model.Server) {
	h := s.Host
	p.blank()
	switch {
	case s.Gone():
		p.text(bold, s.Instance.Name()+" left at "+s.Left.Format("15:04:05")+", after "+model.Duration(s.Left.Sub(s.Since)))
		p.text(muted, s.LeftWhy)
		p.text(muted, "Runs wait for it for a minute and go on if it comes back.")
	case h.Closing:
		p.text(warn, "It takes nothing new and goes when its runs are over.")
	default:
		p.text(plain, hereWords(s))
	}
	p.blank()
	fact := func(name, value string) {
		if value != "" {
			p.add(screen.L(muted, clean(name)).To(15).Fg(clean(value)))
		}
	}
	fact("SDK", strings.TrimSpace(h.SDK))
	fact("from", h.Remote)
	fact("API key", h.Key)
	fact("environment", h.Environment)
	fact("process", h.ID)
	fact("connected to", a.state.Interval)
	a.offeredActions(p, h, false, screen.T("Actions"))
	a.offeredActions(p, h, true, screen.T("Pages"))
}

func (a *App) offeredActions(p *page, h *model.Host, pages bool, word screen.Text) {
	first, widest := true, 0
	for i := range h.Actions {
		widest = max(widest, clean(h.Actions[i].Title()).Width())
	}
	column := min(max(32, widest+4), max(p.w/2, 32))
	for i := range h.Actions {
		act := &h.Actions[i]
		if act.Page != pages {
			continue
		}
		if first {
			p.heading(word)
			first = false
		}
		line := screen.L(lit, screen.T("◆ ")).Fg(clean(act.Title()))
		p.add(line.To(max(column, line.Width()+2)).Muted(clean(act.Description)).Fit(p.w - p.indent - 2))
	}
}

func (a *App) actionCard(p *page, m *model.Method) {
	act := m.Action
	p.blank()
	p.few(bold, act.Name, 3)
	if act.Description != "" {
		p.few(plain, act.Description, 6)
	}
	p.blank()
	p.add(screen.L(muted, screen.T("slug")).To(15).Fg(clean(act.Slug)))
	if len(act.Group) > 0 {
		p.add(screen.L(muted, screen.T("group")).To(15).Fg(clean(strings.Join(act.Group, " › "))))
	}
	if act.Unlisted {
		p.add(screen.L(muted, screen.T("unlisted")).To(15).Fg(screen.T("yes")))
	}
	p.heading(screen.T("Offered by"))
	list := m.Offers
	if m.Gone() {
		list = m.Last
	}
	for i, o := range list {
		line := a.serverWords(o.Server, 0)
		if i == len(list)-1 && len(list) > 1 && !m.Gone() {
			line = line.Pad(3).Add(accent, screen.T("is asked")).Muted(screen.T(", the newest"))
		}
		p.add(line)
	}
	p.blank()
	switch {
	case m.Gone():
		p.text(muted, "Nobody offers it any more, since "+m.GoneAt.Format("15:04:05"))
	case act.Page:
		p.add(a.keySign("method.form").Muted(screen.T("  opens the page")))
	default:
		p.add(a.keySign("method.form").Muted(clean("  its parameters, then " + a.enterOr("run.next", "run.submit") + " starts it")))
	}
}
