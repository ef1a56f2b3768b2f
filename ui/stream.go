package ui

import (
	"ioscope/client/bus"
	"ioscope/model"
	"ioscope/ui/screen"
)

// streamPage draws a subscription: what became of it, its counters, its rows and,
// where there is no room beside it, the event that was opened.
func (a *App) streamPage(t *model.Thing, r rect) []screen.Line {
	if t.Part == model.InEvent && t.Event != nil && a.lay.inspector.w == 0 && r.h < 30 {
		return a.eventPane(t, r)
	}
	focused := a.working(t, model.InRows)
	name := screen.L(plain, clean(t.Def.Name))
	if words := argWords(t.Args); words != "" {
		name = name.Pad(1).Add(plain, clean(words).Cut(24))
	}
	lines := []screen.Line{a.workTitle(r.w, name, a.streamNote(t), focused)}
	if t.Unfolded {
		form := a.formLines(t, r.w, max(r.h/2, 1), r.x, r.y+1)
		lines = append(lines, form[:min(len(form), max(r.h/2, 1))]...)
	}
	if words, style := ending(t, r.w); words != "" {
		p := &page{w: r.w, indent: 2}
		p.text(style, words)
		lines = append(lines, p.lines[:min(len(p.lines), errorLinesMost)]...)
	} else {
		lines = append(lines, a.subscriptionLine(t, r.w))
		lines = append(lines, a.leftOutLine(t, r.w)...)
	}
	if r.h >= 10 {
		lines = append(lines, a.counters(t, r.w))
	}
	lines = append(lines, a.sieveLines(t, r.w, focused)...)
	if r.h >= 16 {
		lines = append(lines, screen.Line{})
	}
	below := 0
	if t.Event != nil && a.lay.inspector.w == 0 {
		below = min(r.h/2, eventRows(t)+5)
	}
	lines = append(lines, a.streamRows(t, rect{r.x, r.y + len(lines), r.w, r.h - len(lines) - below}, focused)...)
	if below > 0 {
		lines = screen.Rows(lines, r.w, r.h-below+1)
		lines = append(lines, a.eventPane(t, rect{r.x, r.y + r.h - below + 1, r.w, below - 1})...)
	}
	return lines
}

// streamNote is the rate, and whether the rows follow or are held.
func (a *App) streamNote(t *model.Thing) screen.Line {
	rate := a.rateWords(t)
	switch {
	case t.Phase == model.Asking:
		return screen.L(warn, a.spinner()).Pad(1).Fg(screen.T("asking ")).Fg(clean(model.Awaited(a.state.Now.Sub(t.Asked))))
	case t.Phase == model.Ended && t.Err != nil:
		return a.heldWords(t, screen.L(bad, screen.T("✗ refused")))
	case t.Phase == model.Ended:
		return a.heldWords(t, screen.L(warn, screen.T("† ended")))
	case t.Phase == model.Waiting:
		return a.heldWords(t, screen.L(warn, screen.T("waits")))
	case t.Tail.Following() && !t.Interrupted.IsZero():
		return screen.L(warn, screen.T("! lost")).Pad(2).Muted(clean("as it was " + t.Interrupted.Format("15:04:05")))
	case t.Tail.Following() && t.View.Kind == model.LatestView && t.View.Key != "":
		return rate.Pad(2).Add(okay, screen.T("▼ live")).Pad(2).Muted(screen.T("latest by ")).Fg(clean(t.KeyName()))
	case t.Tail.Following() && t.View.Kind == model.ChartOver:
		return rate.Pad(2).Add(okay, screen.T("▼ live")).Pad(2).Muted(screen.T("chart"))
	case t.Tail.Following() && t.Tail.Sorted() != "":
		rate = rate.Pad(2).Add(okay, screen.T("▼ live"))
		if a.lay.class == single {
			return rate // the head of the column says it
		}
		return rate.Pad(2).Plus(sortedWords(t))
	case t.Tail.Following():
		return rate.Pad(2).Add(okay, screen.T("▼ following"))
	}
	since := screen.L(warn, clean("‖ paused "+t.Tail.Paused().Format("15:04:05")))
	n := t.Tail.New()
	if n == 0 {
		return rate.Pad(2).Plus(since)
	}
	// How much is new is what changes; since when stands in the rows as well.
	fresh := screen.L(bold, clean(model.Number(n)+" new"))
	switch a.lay.class {
	case single:
		return screen.L(warn, screen.T("‖ paused")).Pad(2).Plus(fresh)
	case narrow:
		return rate.Pad(2).Add(warn, screen.T("‖ paused")).Pad(2).Plus(fresh)
	case normal, wide:
	}
	return rate.Pad(2).Plus(since).Pad(2).Plus(fresh).Muted(screen.T(" below"))
}

// heldWords add what a pause still holds to what became of a stream: what came before
// it ended is below, unread.
func (a *App) heldWords(t *model.Thing, line screen.Line) screen.Line {
	if t.Tail.Following() {
		return line
	}
	line = line.Pad(2).Add(warn, screen.T("‖ paused"))
	n := t.Tail.New()
	if n == 0 {
		return line
	}
	line = line.Pad(2).Add(bold, clean(model.Number(n)+" new"))
	if a.lay.class == normal || a.lay.class == wide {
		return line.Muted(screen.T(" below"))
	}
	return line
}

// sortedWords tell by what the rows are ordered, and how many have no place yet.
func sortedWords(t *model.Thing) screen.Line {
	name := "publisher"
	if by := t.Tail.Sorted(); by != model.SortPublisher {
		name = model.PathName(by)
	}
	line := screen.L(muted, screen.T("sorted by ")).Fg(clean(name))
	if n := t.Tail.Unsorted(); n > 1000 {
		line = line.Muted(clean(", " + model.Number(n) + " to go"))
	}
	return line
}

// rateWords is the rate, or since when nothing came where that is unusual.
func (a *App) rateWords(t *model.Thing) screen.Line {
	if since, unusual := t.Tail.Silence(a.state.Now); unusual {
		return screen.L(warn, clean("silent "+model.Awaited(since)))
	}
	return screen.L(num, clean(model.PerSecond(t.Rate(a.state.Now))))
}

// subscriptionLine says what became of the subscription.
func (a *App) subscriptionLine(t *model.Thing, w int) screen.Line {
	line := screen.Line{}.Pad(2)
	who := t.Publisher.Name()
	switch {
	case t.Phase == model.Asking:
		to := instanceNames(instances(a.state.Reach(t)), 2)
		if to == "" {
			to = "nobody yet; waits until a server publishes it"
		}
		line = line.Add(warn, a.spinner()).Fg(clean(" asked " + to))
	case t.Phase == model.Waiting:
		line = line.Add(warn, clean("† "+who+" left "+model.Elapsed(a.state.Now.Sub(t.Interrupted)))).Muted(screen.T("  waiting for it.  ")).Plus(a.keySign("stream.unsubscribe")).Muted(screen.T(" stops waiting"))
		return line.Fit(w)
	case t.Phase == model.Running && !t.Interrupted.IsZero():
		line = line.Add(warn, clean("! connection lost "+model.Elapsed(a.state.Now.Sub(t.Interrupted)))).Muted(screen.T("  it is asked for again when the bus is back"))
	case t.Phase == model.Running:
		if len(t.Publishers) > 1 {
			who = instanceNames(t.Publishers, 3)
		}
		line = line.Add(okay, screen.T("● ")).Fg(clean("accepted by " + who + " ")).Muted(clock(t.Accepted))
	case t.Err != nil:
		line = line.Add(bad, clean("✗ "+t.Err.Error()))
	case t.Closing != nil && !t.Closing.Mine:
		line = line.Add(warn, screen.T("† ")).Fg(clean(closingWords(t)))
	default:
		line = line.Muted(clean("† unsubscribed at " + t.Over.Format("15:04:05")))
	}
	if t.Phase == model.Ended {
		return line.Fit(w)
	}
	if hasMembers(t.Args) {
		line = line.Pad(3).Plus(payload(t.Args, max(w/4, 10)))
	}
	if bars := spark(t.Tail.Traffic().Last(14, a.state.Now), 0); line.Width()+bars.Width()+4 <= w {
		return line.Ends(screen.L(num, bars).Pad(2), w)
	}
	return line.Fit(w - 1)
}

// closingWords say who ended a subscription, when and why.
func closingWords(t *model.Thing) string {
	words := t.Publisher.Name() + " closed this at " + t.Closing.At.Format("15:04:05")
	if t.Closing.Reason != "" {
		words += ": " + t.Closing.Reason
	}
	return words
}

// ending is all of what ended a subscription, for where one line cuts it.
func ending(t *model.Thing, w int) (string, screen.Style) {
	words, style := "", warn
	switch {
	case t.Phase != model.Ended:
	case t.Err != nil:
		words, style = "✗ "+t.Err.Error(), bad
	case t.Closing != nil && !t.Closing.Mine:
		words = "† " + closingWords(t)
	}
	if clean(words).Width() <= w-2 {
		return "", style
	}
	return words, style
}

func instances(list []*model.Server) []bus.Instance {
	out := make([]bus.Instance, len(list))
	for i, s := range list {
		out[i] = s.Instance
	}
	return out
}

// counters is the line that counts what came.
func (a *App) counters(t *model.Thing, w int) screen.Line {
	c := t.Tail.Counts()
	line := screen.Line{}.Pad(2)
	count := func(n int, word string, style screen.Style) {
		if n != 1 && (word == "event" || word == "gap" || word == "snapshot" || word == "key") {
			word += "s"
		}
		line = line.Add(style, clean(model.Number(n))).Muted(clean(" " + word)).Pad(3)
	}
	count(c.Total, "event", num)
	if c.Private > 0 {
		count(c.Private, "private", lit)
	}
	if c.Snapshots > 0 {
		count(c.Snapshots, "snapshot", num)
	}
	if c.Gaps > 0 {
		count(c.Gaps, "gap", warn)
	}
	if c.Missing > 0 {
		count(c.Missing, "missing", warn)
	}
	if c.Unclear > 0 {
		line = line.Add(warn, screen.T("then not looked at")).Pad(3)
	}
	if c.Repeats > 0 {
		count(c.Repeats, "repeated", warn)
	}
	if c.Late > 0 {
		count(c.Late, "late", warn)
	}
	if n := t.Tail.Latest().Len(); n > 0 && t.ByKeys() {
		count(n, "key", num)
	}
	if kept, bytes := t.Tail.Kept(); kept < c.Total {
		count(kept, "kept, "+model.Bytes(int(bytes)), num)
	}
	dropped := screen.L(muted, screen.T("0 dropped"))
	if c.Dropped > 0 {
		dropped = screen.L(warn, clean(model.Number(c.Dropped)+" dropped"))
	}
	return line.Ends(dropped.Pad(2), w)
}

// eventRows is how many rows the opened event has.
func eventRows(t *model.Thing) int {
	if t.Diffing() {
		return len(t.Diff.Rows)
	}
	return t.Event.Len()
}
