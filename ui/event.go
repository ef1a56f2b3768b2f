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
	if t.Follows {
		note = screen.L(okay, screen.T("▼ follows")).Pad(2).Plus(note)
	}
	lines := []screen.Line{title(r.w, a.way(r.w-len(eventName(&e))-note.Width(), t.Def.Name), screen.L(plain, clean(eventName(&e))), note, focused)}
	if r.h > 8 {
		lines = append(lines, screen.Line{})
	}
	foot := a.eventFoot(t, r)
	height := max(r.h-len(lines)-1-len(foot), 1)
	path := ""
	if t.Diffing() {
		lines = append(lines, a.diffLines(t, rect{r.x, r.y + len(lines), r.w, height}, focused)...)
		path = t.Diff.Row().Path
	} else {
		lines = append(lines, a.eventTree(t, rect{r.x, r.y + len(lines), r.w, height}, focused)...)
		path = t.Event.Row(t.Event.Cursor()).Path
	}
	lines = append(screen.Rows(lines, r.w, max(r.h-1-len(foot), 1)), foot...)
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
	tree, find := t.Event, t.Sought()
	if t.Find == "" {
		find = nil
	}
	w := r.w - 3
	top := a.window("event"+string(t.Row()), tree.Cursor(), tree.Len(), r.h)
	width := nameWidth(tree.Rows(top, r.h))
	draw := func(at int) []screen.Line {
		if t.Wrap {
			return wrapped(tree.Row(at), width, w, r.h, find)
		}
		return []screen.Line{valueLine(tree.Row(at), width, w, find)}
	}
	if t.Wrap {
		// What wraps pushes the cursor down: its row is to be seen.
		for used, at := 0, tree.Cursor(); at >= top; at-- {
			if used += len(draw(at)); used > r.h {
				top = min(at+1, tree.Cursor())
				a.tops["event"+string(t.Row())] = top
				break
			}
		}
	}
	var lines []screen.Line
	for at := top; at < tree.Len() && len(lines) < r.h; at++ {
		for _, line := range draw(at) {
			a.click(rect{r.x, r.y + len(lines), r.w, 1}, model.Workspace, func(a *App) { a.clickTree(t, at) })
			lines = append(lines, row(screen.Line{}.Pad(1).Plus(line), r.w, at == tree.Cursor(), focused))
		}
	}
	return lines[:min(len(lines), r.h)]
}

// eventFoot tells what is marked against the stream's returns, and what is sought.
func (a *App) eventFoot(t *model.Thing, r rect) []screen.Line {
	finding := a.filtering && a.finding && a.working(t, model.InEvent)
	var lines []screen.Line
	if t.Diffing() || r.h <= 6 && !finding {
		return nil
	}
	if n, _ := t.Event.Marks(); n > 0 {
		lines = append(lines, screen.Line{}.Pad(1).Add(warn, clean("! "+model.Count(n, "mark")+" against returns")).Pad(2).Plus(a.keySign("find.next")).Muted(screen.T(" next")).Fit(r.w))
	}
	if finding {
		lines = append(lines, a.filterLine("/ ", t.Find, 0, r.w, finding))
	}
	return lines
}
