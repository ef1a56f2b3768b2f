package ui

import (
	"ioscope/model"
	"ioscope/ui/screen"
)

// inspector draws the opened event beside the workspace.
func (a *App) inspector(r rect) []screen.Line {
	t := a.state.Shown()
	if t == nil || t.Event == nil {
		return nil
	}
	return a.eventPane(t, r)
}

// eventPane draws the opened event as a tree.
func (a *App) eventPane(t *model.Thing, r rect) []screen.Line {
	focused := a.working(t, model.InEvent)
	e := t.EventRow
	name := "event " + model.Number(int(e.N))
	if e.Sequence != "" {
		name = "seq " + e.Sequence.String()
	}
	note := e.At.Format("15:04:05.000")
	lines := []screen.Line{title(r.w, screen.Text{}, screen.L(plain, clean(name)), screen.L(muted, clean(note)), focused)}
	if r.h > 8 {
		lines = append(lines, screen.Line{})
	}
	height := max(r.h-len(lines)-1, 1)
	tree := t.Event
	top := a.window("event"+string(t.Row()), tree.Cursor(), tree.Len(), height)
	rows := tree.Rows(top, height)
	width := nameWidth(rows)
	for i, tr := range rows {
		at := top + i
		a.click(rect{r.x, r.y + len(lines), r.w, 1}, model.Workspace, func(a *App) { a.clickTree(t, at) })
		lines = append(lines, row(screen.Line{}.Pad(1).Plus(treeLine(tr, width, r.w-3)), r.w, at == tree.Cursor(), focused))
	}
	lines = screen.Rows(lines, r.w, r.h-1)
	to := "shared"
	if e.Private {
		to = "private"
	}
	publisher := ""
	if s := a.state.Dir.ByPeer(e.Server); s != nil {
		publisher = s.Instance.Name()
	}
	right := screen.L(muted, clean(model.Bytes(len(e.Data)))).Pad(3).Muted(clean(publisher)).Pad(3).Muted(clean(to)).Pad(1)
	return append(lines, screen.Line{}.Pad(1).Fg(clean(tree.Row(tree.Cursor()).Path)).Ends(right, r.w))
}
