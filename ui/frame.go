package ui

import (
	"strings"

	"ioscope/model"
	"ioscope/ui/screen"
)

// hit is a place that can be clicked, and what a click there does.
type hit struct {
	at rect
	// pane is what the wheel turns there.
	pane model.Pane
	do   func(*App)
	// first is done before the wheel turns what is there; may be nil.
	first func(*App)
}

// frame draws the whole screen, as lines of exactly its width.
func (a *App) frame() []screen.Line {
	a.hits = a.hits[:0]
	a.load()
	a.layOut()
	lines := make([]screen.Line, 0, a.lay.h)
	if a.lay.header {
		lines = append(lines, a.header(a.lay.w))
	}
	lines = append(lines, a.body()...)
	if a.lay.reel {
		lines = append(lines, a.reelRow(a.lay.w))
	}
	if a.lay.caption {
		lines = append(lines, a.caption(a.lay.w))
	}
	if a.lay.footer {
		lines = append(lines, a.footer(a.lay.w))
	}
	lines = screen.Rows(lines, a.lay.w, a.lay.h)
	return a.overlay(lines)
}

// layOut says where everything is in this frame.
func (a *App) layOut() {
	content := map[model.Pane]int{}
	for _, p := range railPanes {
		content[p.pane] = max(len(a.state.Lists[p.pane].Rows()), 1)
		if a.filtering && a.state.Focus == p.pane || a.state.Lists[p.pane].Filter != "" {
			content[p.pane]++
			if a.state.Lists[p.pane].FilterFault() != nil {
				content[p.pane]++
			}
		}
	}
	a.offers = a.measureOffers()
	inspect := false
	if t := a.state.Shown(); t != nil {
		inspect = t.Event != nil
	}
	w, h, caption, reel := a.lay.w, a.lay.h, 0, 0
	if a.tour.tour != nil && h >= 12 {
		caption = 1
	}
	if _, ok := a.replay(); ok && h >= 16 {
		reel = 1
	}
	a.lay = arrange(w, h-caption-reel, content, a.state.Focus, a.state.Rail, a.state.Full, inspect, a.shape)
	a.lay.h, a.lay.caption, a.lay.reel = h, caption > 0, reel > 0
}

// body draws rail, workspace and inspector side by side.
func (a *App) body() []screen.Line {
	b := a.lay.body
	if a.nobody() {
		return screen.Rows(a.nobodyPage(b), b.w, b.h)
	}
	columns := make([][]screen.Line, 0, 3)
	if a.lay.rail.w > 0 {
		columns = append(columns, screen.Rows(a.rail(), a.lay.rail.w, b.h))
	}
	if a.lay.work.w > 0 {
		columns = append(columns, screen.Rows(a.workspace(a.lay.work), a.lay.work.w, b.h))
	}
	if a.lay.inspector.w > 0 {
		columns = append(columns, screen.Rows(a.inspector(a.lay.inspector), a.lay.inspector.w, b.h))
	}
	out := make([]screen.Line, b.h)
	hairline := screen.L(faint, screen.T("│"))
	for i := range out {
		for c, column := range columns {
			if c > 0 {
				out[i] = out[i].Plus(hairline)
			}
			out[i] = out[i].Plus(column[i])
		}
	}
	return out
}

// click remembers a place that can be clicked.
func (a *App) click(at rect, pane model.Pane, do func(*App)) {
	a.hits = append(a.hits, hit{at: at, pane: pane, do: do})
}

// window keeps the first visible row of what scrolls, so that the cursor is seen
// and stays on its screen line where it can.
func (a *App) window(name string, cursor, total, height int) int {
	top := a.tops[name]
	top = min(top, total-height)
	top = max(top, 0)
	if cursor >= 0 {
		top = min(top, cursor)
		top = max(top, cursor-height+1)
	}
	a.tops[name] = top
	return top
}

// title is the title line of a pane: its digit, its name, a rule that is heavy
// where the keyboard is, and what stands at the right.
func title(w int, digit screen.Text, name, right screen.Line, focused bool) screen.Line {
	line := screen.Line{}.Pad(1)
	rule, style := screen.T("─"), faint
	if focused {
		rule, style = screen.T("━"), screen.Strong(screen.Accent)
		name = name.As(screen.Strong(screen.Accent))
	}
	if !digit.Empty() {
		d := muted
		if focused {
			d = screen.Strong(screen.Accent)
		}
		line = line.Add(d, digit).Pad(1)
	}
	if most := max(w-18, w/2); right.Width() > most {
		right = right.Fit(most)
	}
	room := w - line.Width() - right.Width() - 3
	if right.Width() > 0 {
		room--
	}
	if name.Width() > room-2 {
		name = name.Fit(max(room-2, 1))
	}
	line = line.Plus(name).Pad(1)
	end := w - 1
	if right.Width() > 0 {
		end -= right.Width() + 1
	}
	line = line.Add(style, rule.Repeat(end-line.Width()))
	if right.Width() > 0 {
		line = line.Pad(1).Plus(right)
	}
	return line.Pad(1).Fit(w)
}

// workTitle is the title line of the workspace. Where no other pane is seen, the way to
// it stands before its name.
func (a *App) workTitle(w int, name, right screen.Line, focused bool, steps ...string) screen.Line {
	digit := a.digit("go.workspace")
	if way := a.way(w-name.Width()-right.Width()-digit.Width()-1, steps...); !way.Empty() {
		digit = digit.Plus(screen.T(" ")).Plus(way)
	}
	return title(w, digit, name, right, focused)
}

// way is how one came to the workspace where no other pane is seen, as far as there is
// room in a title: the pane that it was entered from, and the steps after it.
func (a *App) way(room int, steps ...string) screen.Text {
	from := a.state.Behind()
	if a.lay.class != single || from == model.Workspace {
		return screen.Text{}
	}
	for n := len(steps); n >= 0; n-- {
		words := clean(strings.Join(append([]string{from.String()}, steps[:n]...), " › ") + " ›")
		if words.Width()+8 <= room {
			return words
		}
	}
	return screen.Text{}
}

// row puts the gutter before a line and, where the cursor is, its bar and ground.
// However narrow the pane, the bar is seen.
func row(line screen.Line, w int, cursor, focused bool) screen.Line {
	line = line.Fit(max(w-1, 0))
	switch {
	case cursor && focused:
		return screen.L(accent, screen.T("▌")).Plus(line).On(screen.Sel)
	case cursor:
		return screen.L(muted, screen.T("▌")).Plus(line)
	}
	return screen.Line{}.Pad(1).Plus(line)
}

// paneActions are what goes to the panes of the rail; their titles begin with the key.
var paneActions = [...]string{"go.workspace", "go.servers", "go.methods", "go.streams", "go.open"}

// digit is the key that goes to a pane, which its title begins with; usually a digit.
func (a *App) digit(action string) screen.Text {
	key, _ := a.keymap.key(action)
	return clean(key)
}

// clean makes a safe text of any string.
func clean(s string) screen.Text { return screen.Clean(s) }
