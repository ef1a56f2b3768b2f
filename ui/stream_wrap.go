package ui

import (
	"ioscope/model"
	"ioscope/ui/screen"
)

// wrapMost is how many lines of one payload are shown.
const wrapMost = 40

// wrappedRows draws rows whose payloads take as many lines as they need. The row
// under the cursor is seen from its first line on.
func (a *App) wrappedRows(t *model.Thing, r rect, cols columns, lines []screen.Line, at int, focused bool) []screen.Line {
	height := max(r.h-1, 1)
	name := "rows" + string(t.Row())
	top := a.window(name, at, t.Tail.Len(), height)
	if t.Tail.Following() {
		top = max(t.Tail.Len()-height, 0)
	}
	rows := t.Tail.Window(top, height)
	drawn := make([][]screen.Line, len(rows))
	for i := range rows {
		drawn[i] = a.wrapped(cols, t, rows, i, r.w-1)
	}
	// Rows go at the top until the one under the cursor fits.
	skip, used := 0, 0
	for i := 0; i <= at-top && i < len(drawn); i++ {
		used += len(drawn[i])
		for used > height && skip < i {
			used -= len(drawn[skip])
			skip++
		}
	}
	a.tops[name] = top + skip
	order := make([]int, 0, len(rows))
	for i := skip; i < len(rows); i++ {
		order = append(order, i)
	}
	if t.NewestFirst {
		for i, j := 0, len(order)-1; i < j; i, j = i+1, j-1 {
			order[i], order[j] = order[j], order[i]
		}
	}
	for _, i := range order {
		n := rows[i].N
		here := top+i == at && (focused || t.Part == model.InEvent)
		for _, line := range drawn[i] {
			if len(lines) > height {
				return lines
			}
			a.click(rect{r.x, r.y + len(lines), r.w, 1}, model.Workspace, func(a *App) { a.clickEvent(t, n) })
			lines = append(lines, row(line, r.w, here, focused))
		}
	}
	return lines
}

// wrapped is one row over as many lines as it needs.
func (a *App) wrapped(c columns, t *model.Thing, rows []model.TailRow, k, w int) []screen.Line {
	r := rows[k]
	if r.GapKind != model.NoGap {
		return []screen.Line{c.row(a, t, rows, k, w)}
	}
	start := c.start(a, t, rows, k)
	room := max(w-start.Width()-1, 10)
	// All of it, with what is nested, as it came.
	whole := screen.L(plain, clean(string(r.Payload())).Cut(room*wrapMost))
	if t.Hit(&r) {
		whole = marked(whole, t.Sought())
	}
	var out []screen.Line
	for from := 0; from == 0 || from < whole.Width(); from += room {
		line := screen.Line{}.Pad(start.Width())
		if from == 0 {
			line = start
		}
		out = append(out, line.Plus(whole.Cells(from, from+room)))
	}
	return out
}
