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

// eventPane draws the opened event: as a tree, or as its difference to the one before.
func (a *App) eventPane(t *model.Thing, r rect) []screen.Line {
	focused := a.working(t, model.InEvent)
	e := t.EventRow
	note := screen.L(muted, clean(e.At.Format("15:04:05.000")))
	if t.Diffing() || t.Wanting() {
		note = diffNote(t)
	}
	lines := []screen.Line{title(r.w, screen.Text{}, screen.L(plain, clean(eventName(&e))), note, focused)}
	if r.h > 8 {
		lines = append(lines, screen.Line{})
	}
	height := max(r.h-len(lines)-1, 1)
	path := ""
	if t.Diffing() {
		lines = append(lines, a.diffLines(t, rect{r.x, r.y + len(lines), r.w, height}, focused)...)
		path = t.Diff.Row().Path
	} else {
		lines = append(lines, a.eventTree(t, rect{r.x, r.y + len(lines), r.w, height}, focused)...)
		path = t.Event.Row(t.Event.Cursor()).Path
	}
	lines = screen.Rows(lines, r.w, r.h-1)
	to := "shared"
	if e.Private {
		to = "private"
	}
	publisher := a.state.Dir.NameOf(e.Server)
	right := screen.L(muted, clean(model.Bytes(len(e.Data)))).Pad(3).Muted(clean(publisher)).Pad(3).Muted(clean(to)).Pad(1)
	return append(lines, screen.Line{}.Pad(1).Fg(clean(path)).Ends(right, r.w))
}

// eventTree draws the opened event as a tree.
func (a *App) eventTree(t *model.Thing, r rect, focused bool) []screen.Line {
	tree := t.Event
	top := a.window("event"+string(t.Row()), tree.Cursor(), tree.Len(), r.h)
	rows := tree.Rows(top, r.h)
	width := nameWidth(rows)
	var lines []screen.Line
	for i, tr := range rows {
		at := top + i
		a.click(rect{r.x, r.y + len(lines), r.w, 1}, model.Workspace, func(a *App) { a.clickTree(t, at) })
		lines = append(lines, row(screen.Line{}.Pad(1).Plus(treeLine(tr, width, r.w-3)), r.w, at == tree.Cursor(), focused))
	}
	return lines
}
