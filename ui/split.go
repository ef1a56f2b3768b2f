package ui

import (
	"ioscope/model"
	"ioscope/ui/screen"
)

// The least that a slot of a split workspace wants.
const (
	leastSlotWidth  = 40
	leastSlotHeight = 6
)

// slotRects shares the workspace among n slots, side by side where there is room, else
// one above the other; nil where there is room for one alone. Between two lies a
// hairline, or a title.
func slotRects(r rect, n int) []rect {
	columns := 1
	if r.w >= 3*leastSlotWidth || n > 2 && r.w >= 2*leastSlotWidth {
		columns = 2
	}
	rows := (n + columns - 1) / columns
	if rows > 1 && r.h/rows < leastSlotHeight {
		return nil
	}
	var out []rect
	for c := range columns {
		in := rows
		if c == columns-1 {
			in = n - rows*c
		}
		w := (r.w - columns + 1) / columns
		x := r.x + c*(w+1)
		if c == columns-1 {
			w = r.x + r.w - x
		}
		y := r.y
		for i := range in {
			h := (r.y + r.h - y) / (in - i)
			out = append(out, rect{x, y, w, h})
			y += h
		}
	}
	return out
}

// slots draws a split workspace: the slot with the keyboard as ever, the others as if
// it was elsewhere.
func (a *App) slots(r rect) ([]screen.Line, bool) {
	s := a.state
	if !s.Splits() || s.Page != model.Workspace || s.Welcome {
		return nil, false
	}
	rects := slotRects(r, len(s.Slots))
	if rects == nil {
		return nil, false
	}
	drawn := make([][]screen.Line, len(rects))
	for i, at := range rects {
		t := s.Thing(s.Slots[i])
		if i == s.Slot {
			a.slotAt = at
			drawn[i] = screen.Rows(a.alone(at), at.w, at.h)
			continue
		}
		hits := len(a.hits)
		back := s.Peek(t)
		drawn[i] = screen.Rows(a.alone(at), at.w, at.h)
		back()
		a.hits = a.hits[:hits]
		enter := func(a *App) { a.state.ShowThing(t); a.state.Settle() }
		a.click(at, model.Workspace, enter)
		a.hits[len(a.hits)-1].first = enter
	}
	out := make([]screen.Line, r.h)
	hairline := screen.L(faint, screen.T("│"))
	for i, at := range rects {
		for y, line := range drawn[i] {
			row := &out[at.y-r.y+y]
			if at.x > r.x {
				*row = row.Plus(hairline)
			}
			*row = row.Plus(line)
		}
	}
	return out, true
}

// mostSlots is how many things the workspace can show at once.
func (a *App) mostSlots() int {
	if a.lay.class == wide {
		return 4
	}
	return 2
}

func noSplit(a *App) string {
	switch {
	case a.state.Splits():
		return ""
	case a.state.Shown() == nil:
		return "open something first; what is open is split"
	case !a.state.CanSplit():
		return "nothing else is open to stand beside it"
	case a.lay.work.w > 0 && slotRects(a.lay.work, 2) == nil:
		return "too low for two here"
	}
	return ""
}
