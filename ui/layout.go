package ui

import "ioscope/model"

// rect is a place on the screen, in cells.
type rect struct{ x, y, w, h int }

func (r rect) holds(x, y int) bool { return x >= r.x && x < r.x+r.w && y >= r.y && y < r.y+r.h }

// class is a size of the screen.
type class int

// The classes, from one pane at a time to three columns.
const (
	single class = iota
	narrow
	normal
	wide
)

func classOf(w, h int) class {
	switch {
	case w >= 160 && h >= 40:
		return wide
	case w >= 100 && h >= 16:
		return normal
	case w >= 72 && h >= 16:
		return narrow
	}
	return single
}

// layout says where the parts of the screen are.
type layout struct {
	class  class
	w, h   int
	header bool
	footer bool
	// caption is true where a row above the footer says what to do.
	caption bool
	// reel is true where a row above that shows the position in a recording.
	reel       bool
	body       rect
	rail, work rect
	inspector  rect
	// sections are the panes of the rail, from above, with their rows.
	sections []section
}

// reelAt is the row of the reel.
func (l *layout) reelAt() int {
	y := l.h - 1
	for _, below := range []bool{l.footer, l.caption} {
		if below {
			y--
		}
	}
	return y
}

// section is one pane of the rail. blank is true when an empty row stands above it.
type section struct {
	pane  model.Pane
	at    rect
	blank bool
}

// arrange lays the screen out. content is how many rows each pane of the rail
// would like, focus the pane that had the keyboard last, alone asks for one pane
// over the whole body, and inspect for an inspector where there is room at the side.
// shape is what a person changed of it.
func arrange(w, h int, content map[model.Pane]int, focus model.Pane, rail model.Pane, alone, inspect bool, by shape) layout {
	l := layout{class: classOf(w, h), w: w, h: h, header: h >= 10, footer: h >= 6}
	l.body = rect{0, 0, w, h}
	if l.header {
		l.body.y, l.body.h = 1, l.body.h-1
	}
	if l.footer {
		l.body.h--
	}
	l.body.h = max(l.body.h, 1)
	if l.class == single || alone {
		if focus == model.Workspace {
			l.work = l.body
		} else {
			l.rail = l.body
			l.sections = []section{{pane: focus, at: l.body}}
		}
		return l
	}
	panes := by.panes(focus)
	if len(panes) == 0 {
		l.work = l.body
		l.giveSide(inspect, by)
		return l
	}
	railWidth := 44
	switch l.class {
	case normal:
		railWidth = min(max(w*32/100, 34), 38)
	case narrow:
		railWidth = min(max(w*33/100, 24), 30)
	case wide, single:
	}
	railWidth = by.railWidth(w, railWidth)
	l.rail = rect{0, l.body.y, railWidth, l.body.h}
	l.work = rect{railWidth + 1, l.body.y, w - railWidth - 1, l.body.h}
	l.giveSide(inspect, by)
	l.sections = stack(l.rail, h >= 36, content, rail, panes)
	return l
}

// giveSide takes the inspector's room from the workspace's, where there is enough.
func (l *layout) giveSide(inspect bool, by shape) {
	if l.class != wide || !inspect {
		return
	}
	side := by.sideWidth(l.w, l.work.w, min(max((l.w-46)*4/10, 48), 72))
	l.inspector = rect{l.w - side, l.body.y, side, l.body.h}
	l.work.w -= side + 1
}

// railPanes are the panes of the rail from above, with their share in a hundred
// of the rows when not everything fits.
var railPanes = []railPane{{model.Servers, 30}, {model.Methods, 35}, {model.Streams, 20}, {model.Open, 15}}

// railPane is a pane of the rail, and its share.
type railPane struct {
	pane  model.Pane
	share int
}

// stack shares the rows of the rail among its panes.
func stack(rail rect, airy bool, content map[model.Pane]int, last model.Pane, panes []railPane) []section {
	n := len(panes)
	rows := rail.h - n
	if airy {
		rows -= n - 1
	}
	heights := make(map[model.Pane]int, n)
	total := 0
	for _, p := range panes {
		heights[p.pane] = max(content[p.pane], 1)
		total += heights[p.pane]
	}
	if total > rows {
		shareOut(heights, rows, content, last, panes)
	}
	var out []section
	y := rail.y
	for i, p := range panes {
		s := section{pane: p.pane, blank: airy && i > 0}
		if s.blank {
			y++
		}
		s.at = rect{rail.x, y, rail.w, 1 + heights[p.pane]}
		y += s.at.h
		out = append(out, s)
	}
	return out
}

func shareOut(heights map[model.Pane]int, rows int, content map[model.Pane]int, last model.Pane, panes []railPane) {
	left := rows
	for _, p := range panes {
		share := max(rows*p.share/100, min(3, rows/len(panes)))
		heights[p.pane] = max(min(max(content[p.pane], 1), share), 0)
		left -= heights[p.pane]
	}
	give := func(p model.Pane) {
		if _, shown := heights[p]; !shown {
			return
		}
		more := min(left, max(content[p], 1)-heights[p])
		if more > 0 {
			heights[p] += more
			left -= more
		}
	}
	if last != model.Workspace {
		give(last)
	}
	give(model.Methods)
	for _, p := range panes {
		give(p.pane)
	}
	// Rows that nobody asked for stay empty at the bottom; rows that were
	// promised twice are taken back from above.
	for i := 0; left < 0; i = (i + 1) % len(panes) {
		if p := panes[i].pane; heights[p] > 0 {
			heights[p]--
			left++
		}
	}
}
