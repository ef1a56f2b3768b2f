package ui

import (
	"slices"
	"strings"
	"time"

	"ioscope/client/bus"
	"ioscope/model"
	"ioscope/ui/screen"
)

// slowConnect is how long the first attempt may take before the screen tells of it.
const slowConnect = 400 * time.Millisecond

// header tells which bus this is, how the connection is, and what is on it. What
// goes first when it gets narrow: the address, the sparkline, long words, the
// product's name, the end of the bus's; never the connection.
func (a *App) header(w int) screen.Line {
	const last = 5
	for step := range last + 1 {
		left, right := a.headerLeft(step, 0), a.headerRight(step)
		both := left.Width() + right.Width()
		if both+4 > w && step < last {
			continue
		}
		if both+3 > w {
			left = a.headerLeft(step, both+3-w)
		}
		return screen.Line{}.Pad(1).Plus(left).Ends(right.Pad(1), w).On(screen.Surface)
	}
	return screen.Line{}
}

// headerLeft is the left part at a step, with the bus's name shorter by so many cells.
func (a *App) headerLeft(step, less int) screen.Line {
	var l screen.Line
	if step < 4 {
		l = l.Add(screen.Strong(screen.Accent), screen.T("ioscope")).Pad(2)
	}
	name := a.state.Name
	if step >= 4 {
		name = strings.TrimSuffix(name, " bus")
	}
	bus := clean(name)
	if less > 0 {
		const least = 6
		bus = bus.Cut(max(bus.Width()-less, least))
	}
	l = l.Add(bold, bus)
	if _, past := a.state.Past(); step < 1 && !past {
		l = l.Pad(2).Muted(clean(a.state.Conn.URL))
	}
	l = l.Pad(3).Plus(a.connection(step))
	if a.state.ReadOnly {
		l = l.Pad(2).Add(warn, screen.T("read-only"))
	}
	return l
}

// connection is the state of the connection, in the one place that it has.
func (a *App) connection(step int) screen.Line {
	c := a.state.Conn
	since := a.state.Now.Sub(c.Since)
	at, past := a.state.Past()
	switch c.State {
	case bus.Live:
		if past {
			return a.inThePast(at, step)
		}
		if r, ok := a.replay(); ok {
			return a.replayMark(r, step)
		}
		l := screen.L(okay, screen.T("●")).Fg(screen.T(" live"))
		if step < 3 {
			l = l.Pad(1).Fg(clean(model.Elapsed(since)))
		}
		return l
	case bus.Connecting:
		if c.Ever {
			return a.lost()
		}
		return screen.L(warn, a.spinner()).Fg(screen.T(" connecting ")).Fg(clean(model.Elapsed(since)))
	case bus.Lost:
		if c.Ever {
			return a.lost()
		}
		return screen.L(bad, screen.T("✗ offline ")).Fg(clean(model.Elapsed(a.state.Now.Sub(a.state.Born))))
	case bus.Refused:
		return screen.L(bad, screen.T("✗ refused"))
	case bus.Closed:
		return screen.L(muted, screen.T("† closed"))
	}
	return screen.Line{}
}

// inThePast tells the moment that the panes show.
func (a *App) inThePast(at time.Time, step int) screen.Line {
	l := screen.L(warn, clean("▲ "+at.Format("15:04:05")))
	if step < 4 {
		l = l.Add(warn, screen.T(", the past"))
	}
	if step < 2 {
		l = l.Pad(3).Add(okay, screen.T("●")).Fg(screen.T(" live goes on"))
	}
	return l
}

func (a *App) lost() screen.Line {
	c := a.state.Conn
	l := screen.L(warn, screen.T("! lost ")).Add(warn, clean(model.Elapsed(a.state.Now.Sub(c.LostAt))))
	if wait := c.RetryAt.Sub(a.state.Now); wait > 0 {
		return l.Muted(clean("  retry in " + model.Countdown(wait)))
	}
	return l.Muted(screen.T("  trying"))
}

func (a *App) headerRight(step int) screen.Line {
	c := a.state.Conn
	if !c.Ever {
		return screen.L(muted, screen.T("nothing yet"))
	}
	servers, methods, streams := a.state.Dir.Counts()
	var l screen.Line
	if c.State != bus.Live {
		l = l.Add(warn, screen.T("as it was:")).Pad(1)
	}
	switch {
	case step < 2:
		l = l.Fg(clean(model.Count(servers, "server"))).Pad(2).Fg(clean(model.Count(methods, "method"))).Pad(2).Fg(clean(model.Count(streams, "stream")))
	case step < 4:
		l = l.Fg(clean(model.Number(servers) + " srv")).Pad(2).Fg(clean(model.Number(methods) + " mth")).Pad(2).Fg(clean(model.Number(streams) + " str"))
	}
	if mark := a.recordMark(step); mark.Width() > 0 {
		if l.Width() > 0 {
			l = l.Pad(3)
		}
		l = l.Plus(mark)
	}
	if c.State != bus.Live {
		return l
	}
	if step < 2 {
		l = l.Pad(3).Muted(spark(a.state.Traffic.Last(6, a.state.Now), 0))
	}
	rate := clean(model.PerSecond(a.state.Traffic.Rate(a.state.Now)))
	return l.Pad(max(2, 7-rate.Width())).Fg(rate)
}

var sparks = []screen.Text{
	screen.T("▁"), screen.T("▂"), screen.T("▃"), screen.T("▄"),
	screen.T("▅"), screen.T("▆"), screen.T("▇"), screen.T("█"),
}

// spark draws counts as bars, scaled to their largest or to top if that is more.
func spark(counts []int, top int) screen.Text {
	var out screen.Text
	for _, cell := range sparkCells(counts, top) {
		out = out.Plus(cell)
	}
	return out
}

// sparkCells are the cells of a sparkline.
func sparkCells(counts []int, top int) []screen.Text {
	for _, c := range counts {
		top = max(top, c)
	}
	out := make([]screen.Text, len(counts))
	for n, c := range counts {
		i := 0
		if c > 0 && top > 0 {
			i = min(1+c*6/top, len(sparks)-1)
		}
		out[n] = sparks[i]
	}
	return out
}

var spins = []screen.Text{screen.T("◐"), screen.T("◓"), screen.T("◑"), screen.T("◒")}

// spinner turns four times a second.
func (a *App) spinner() screen.Text {
	if a.opts.Still {
		return spins[0]
	}
	return spins[a.state.Now.UnixMilli()/250%4]
}

// footer offers the keys that work now; for a while it says what just happened.
func (a *App) footer(w int) screen.Line {
	c := a.context()
	helpKey := a.keyFor("app.help-key")
	if slices.Contains(active(c), textField) {
		helpKey = a.keyFor("app.help")
	}
	right := screen.L(accent, clean(helpKey)).Fg(screen.T(" keys"))
	y := a.lay.h - 1
	if c == inDialog {
		right = screen.Line{}
	}
	a.click(rect{w - right.Width() - 1, y, right.Width(), 1}, model.Workspace, (*App).openHelp)
	items := a.footerItems(c)
	if n := a.state.Notice; n.Text != "" && a.state.Now.Before(n.Until) {
		words := clean(a.keyed(n.Text))
		// What just happened stands beside the keys; where there is no room even for the
		// first of them, it has the line for itself.
		beside := screen.L(faint, screen.T("│")).Pad(1).Fg(words).Pad(3).Plus(right)
		first := 0
		if len(items) > 0 {
			first = a.footerItem(items[0]).Width()
		}
		if first+beside.Width()+5 > w {
			return screen.Line{}.Pad(1).Fg(words).Ends(right.Pad(1), w)
		}
		right = beside
	}
	line := screen.Line{}.Pad(1)
	for i, b := range items {
		item := a.footerItem(b)
		gap := 3
		if i == 0 {
			gap = 0
		}
		if line.Width()+gap+item.Width()+right.Width()+4 > w {
			break
		}
		line = line.Pad(gap)
		a.click(rect{line.Width(), y, item.Width(), 1}, model.Workspace, func(a *App) { a.clickKey(b) })
		line = line.Plus(item)
	}
	words, palette := screen.T("palette"), clean(a.keyFor("app.palette-key"))
	if !slices.Contains(active(c), textField) && c != inDialog && line.Width()+words.Width()+palette.Width()+right.Width()+8 <= w {
		line = line.Pad(3)
		a.click(rect{line.Width(), y, words.Width() + palette.Width() + 1, 1}, model.Workspace, (*App).openPalette)
		line = line.Add(accent, palette).Pad(1).Muted(words)
	}
	return line.Ends(right.Pad(1), w)
}

// footerItem is a key of the footer, and what it does.
func (a *App) footerItem(b binding) screen.Line {
	return screen.L(accent, clean(firstSign(b))).Pad(1).Muted(clean(b.words(a)))
}

// footerItems are what the footer offers: in the welcome, the ways out of it.
func (a *App) footerItems(c place) []binding {
	if !a.state.Welcome || c == inDialog || a.filtering {
		return append(a.whileLost(c), a.footerBindings(c)...)
	}
	var out []binding
	for _, way := range []struct{ id, word string }{{"go.methods", "methods"}, {"go.streams", "streams"}, {"nav.back", "close"}} {
		for _, b := range a.keymap.table {
			if b.id == way.id && len(b.keys) > 0 {
				b.label = words(way.word)
				out = append(out, b)
			}
		}
	}
	return out
}

// whileLost is what the footer offers before all else while the connection is lost.
func (a *App) whileLost(c place) []binding {
	if !a.state.Conn.Ever || !slices.Contains(active(c), notTyping) {
		return nil
	}
	for _, b := range a.keymap.table {
		if b.id == "bus.try" && len(b.keys) > 0 && b.reason(a) == "" {
			b.label = words(a.tryWords())
			return []binding{b}
		}
	}
	return nil
}

func first(keys []string) string {
	if len(keys) == 0 {
		return ""
	}
	return keys[0]
}
