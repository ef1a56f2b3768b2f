package ui

import (
	"strings"

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
	lines := []screen.Line{title(r.w, digits[0], name, a.streamNote(t), focused)}
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
	}
	if r.h >= 10 {
		lines = append(lines, a.counters(t, r.w))
	}
	typing := a.filtering && focused
	if typing && !a.finding || t.Filter != "" {
		shown, kept := t.Tail.Shown()
		lines = append(lines, a.filterLine("& ", t.Filter, kept-shown, r.w, typing && !a.finding))
	}
	if typing && a.finding || t.Find != "" {
		lines = append(lines, a.filterLine("/ ", t.Find, 0, r.w, typing && a.finding))
	}
	if r.h >= 16 {
		lines = append(lines, screen.Line{})
	}
	below := 0
	if t.Event != nil && a.lay.inspector.w == 0 {
		below = min(r.h/2, t.Event.Len()+5)
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
		return screen.L(bad, screen.T("✗ refused"))
	case t.Phase == model.Ended:
		return screen.L(warn, screen.T("† ended"))
	case t.Phase == model.Waiting:
		return screen.L(warn, screen.T("waits"))
	case t.Tail.Following():
		return rate.Pad(2).Add(okay, screen.T("▼ following"))
	}
	line := rate.Pad(2).Add(warn, clean("‖ paused "+t.Tail.Paused().Format("15:04:05")))
	if n := t.Tail.New(); n > 0 {
		line = line.Pad(2).Add(bold, clean(model.Number(n)+" new")).Muted(screen.T(" below"))
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
		line = line.Add(warn, clean("† "+who+" left "+model.Elapsed(a.state.Now.Sub(t.Interrupted)))).Muted(screen.T("  waiting for it.  ")).Add(accent, screen.T("u")).Muted(screen.T(" stops waiting"))
		return line.Fit(w)
	case t.Phase == model.Running && !t.Interrupted.IsZero():
		line = line.Add(warn, clean("! connection lost "+model.Elapsed(a.state.Now.Sub(t.Interrupted)))).Muted(screen.T("  it is asked for again when the bus is back"))
	case t.Phase == model.Running:
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
		if n != 1 && (word == "event" || word == "gap" || word == "snapshot") {
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
	if kept, bytes := t.Tail.Kept(); kept < c.Total {
		count(kept, "kept, "+model.Bytes(int(bytes)), num)
	}
	dropped := screen.L(muted, screen.T("0 dropped"))
	if c.Dropped > 0 {
		dropped = screen.L(warn, clean(model.Number(c.Dropped)+" dropped"))
	}
	return line.Ends(dropped.Pad(2), w)
}

// streamRows draws the visible rows of the tail.
func (a *App) streamRows(t *model.Thing, r rect, focused bool) []screen.Line {
	if r.h <= 0 {
		return nil
	}
	cols := columnsFor(r.w, t.Target.Mode != bus.Best)
	lines := []screen.Line{cols.head(t, r.w)}
	height := r.h - 1
	if t.Tail.Len() == 0 {
		return append(lines, a.silentLines(t, r.w)...)
	}
	at := t.Tail.Index(t.Tail.Cursor())
	top := a.window("rows"+string(t.Row()), at, t.Tail.Len(), max(height, 1))
	if t.Tail.Following() {
		top = max(t.Tail.Len()-height, 0)
		a.tops["rows"+string(t.Row())] = top
	}
	rows := t.Tail.Window(top, height)
	for i := range rows {
		k := i
		if t.NewestFirst {
			k = len(rows) - 1 - i
		}
		line := cols.row(a, t, rows, k, r.w-1)
		n := rows[k].N
		a.click(rect{r.x, r.y + len(lines), r.w, 1}, model.Workspace, func(a *App) { a.clickEvent(t, n) })
		here := top+k == at && (focused || t.Part == model.InEvent)
		lines = append(lines, row(line, r.w, here, focused))
	}
	return lines
}

// silentLines say why there are no rows, and what helps.
func (a *App) silentLines(t *model.Thing, w int) []screen.Line {
	p := &page{w: w, indent: 2}
	p.blank()
	switch {
	case t.Filter != "" && t.Tail.Counts().Total > 0:
		_, kept := t.Tail.Shown()
		p.add(screen.L(plain, clean(`Nothing matches "`+t.Filter+`".  `+model.Number(kept)+" hidden.  ")).Add(accent, screen.T("esc")).Muted(screen.T(" clears")))
	case t.Phase == model.Asking:
		limit := t.AnswerIn
		if len(a.state.Reach(t)) == 0 {
			limit = t.WaitFor
		}
		p.add(a.progress(a.state.Now.Sub(t.Asked), limit, w-6).Pad(3).Add(accent, screen.T("x")).Muted(screen.T(" gives up")))
	case t.Phase == model.Running:
		p.text(muted, "accepted, nothing came for "+model.Awaited(a.state.Now.Sub(t.Accepted))+". Last: never.")
	default:
		p.add(screen.L(accent, screen.T("enter")).Muted(screen.T(" changes the arguments   ")).Add(accent, screen.T("u")).Muted(screen.T(" asks again")))
	}
	return p.lines
}

// columns says which columns of a stream's rows there is room for.
type columns struct {
	millis, server, to bool
}

// columnsFor chooses the columns for a width. Who published is told in each row
// where several may, or where there is room.
func columnsFor(w int, several bool) columns {
	return columns{millis: w >= 44, to: w >= 50, server: w >= 110 || several && w >= 60}
}

func (c columns) timeWidth() int {
	if c.millis {
		return len("15:04:05.000")
	}
	return len("15:04:05")
}

func (c columns) head(t *model.Thing, w int) screen.Line {
	order := screen.T("newest last")
	if t.NewestFirst {
		order = screen.T("newest first")
	}
	line := screen.Line{}.Pad(2).Muted(screen.T("time")).To(2 + c.timeWidth() + 2)
	if c.to {
		line = line.Muted(screen.T("to")).Pad(2)
	}
	if c.server {
		line = line.Muted(screen.T("publisher")).To(line.Width() + 16)
	}
	return line.Muted(screen.T("payload")).Ends(screen.L(muted, order).Pad(1), w)
}

// row draws the k-th of the rows that are visible.
func (c columns) row(a *App, t *model.Thing, rows []model.TailRow, k, w int) screen.Line {
	r := rows[k]
	if r.GapKind != model.NoGap {
		style := warn
		if r.GapKind == model.GapLost {
			style = bad
		}
		line := screen.Line{}.Pad(1).Add(style, screen.T("╌╌ ")).Add(style, clean(r.Gap)).Pad(1)
		return line.Add(style, screen.T("╌").Repeat(w-line.Width()-1))
	}
	line := screen.Line{}.Pad(1).Muted(c.time(a, t, rows, k)).Pad(2)
	if c.to {
		to := screen.Blank(2)
		if r.Private {
			to = screen.T("me")
		}
		line = line.Add(lit, to).Pad(2)
	}
	if c.server {
		name := ""
		if s := a.state.Dir.ByPeer(r.Server); s != nil {
			name = s.Instance.Name()
		}
		line = line.Muted(clean(name).CutMiddle(14)).To(line.Width() + 16)
	}
	if r.Snapshot {
		line = line.Add(lit, screen.T("snapshot ")).Pad(1)
	}
	line = line.Plus(payload(r.Data, w-line.Width()-1))
	if t.Hit(&r) {
		line = marked(line, t.Find)
	}
	return line
}

// time tells when a row came, in the way that was chosen.
func (c columns) time(a *App, t *model.Thing, rows []model.TailRow, k int) screen.Text {
	at := rows[k].At
	switch t.Times {
	case model.Ago:
		return right(model.Awaited(a.state.Now.Sub(at)), c.timeWidth())
	case model.SinceBefore:
		if k == 0 {
			return screen.Blank(c.timeWidth())
		}
		return right("+"+model.Duration(at.Sub(rows[k-1].At)), c.timeWidth())
	case model.ByClock:
	}
	layout := "15:04:05"
	if c.millis {
		layout = "15:04:05.000"
	}
	return clean(at.Format(layout))
}

// marked marks where the words of a search stand in a line.
func marked(line screen.Line, find string) screen.Line {
	text := strings.ToLower(line.Plain())
	for _, word := range strings.Fields(strings.ToLower(find)) {
		if strings.HasPrefix(word, "!") {
			continue
		}
		i := strings.Index(text, word)
		if i < 0 {
			continue
		}
		from := clean(text[:i]).Width()
		hit := line.Cells(from, from+clean(word).Width())
		line = line.Over(hit.As(screen.Style{Role: screen.MarkText, Ground: screen.MarkGround}), from)
	}
	return line
}

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
