package ui

import (
	"strings"
	"time"

	"ioscope/model"
	"ioscope/ui/screen"
)

// rail draws the panes at the left, from above.
func (a *App) rail() []screen.Line {
	var lines []screen.Line
	for _, sec := range a.lay.sections {
		if sec.blank {
			lines = append(lines, screen.Line{})
		}
		lines = append(lines, a.list(sec)...)
	}
	return append(lines, a.railWatches(len(lines))...)
}

// list draws one pane of the rail: its title, its filter, its visible rows.
func (a *App) list(sec section) []screen.Line {
	p, r := sec.pane, sec.at
	l := &a.state.Lists[p]
	focused := a.state.Focus == p && len(a.dialogs) == 0
	rows := l.Rows()
	lines := []screen.Line{{}}
	a.click(rect{r.x, r.y, r.w, 1}, p, func(a *App) { a.state.Go(p) })
	if a.filtering && focused || l.Filter != "" {
		lines = append(lines, a.filterLine("/ ", l.Filter, l.Hidden(), r.w, a.filtering && focused))
		if err := l.FilterFault(); err != nil {
			lines = append(lines, screen.Line{}.Pad(2).Add(bad, clean("✗ "+err.Error())).Fit(r.w-1))
		}
	}
	height := max(r.h-len(lines), 1)
	top := a.window("list"+p.String(), l.Index(), len(rows), max(height, 1))
	for i := top; i < min(top+height, len(rows)); i++ {
		id := rows[i]
		here := i == l.Index()
		line := row(a.listRow(p, id, r.w), r.w, here && (focused || a.state.Rail == p), focused)
		a.click(rect{r.x, r.y + len(lines), r.w, 1}, p, func(a *App) { a.clickRow(p, id) })
		if g := l.Heading(id); g != nil {
			a.click(rect{r.x, r.y + len(lines), 3 + 2*g.Depth, 1}, p, func(a *App) { a.clickFold(p, g) })
		}
		lines = append(lines, line)
	}
	if len(rows) == 0 && height > 0 {
		lines = append(lines, screen.Line{}.Pad(2).Muted(clean(a.emptyWords(p))).Fit(r.w-1))
	}
	if r.h == 1 {
		// However low the pane, the row under the cursor is drawn.
		return lines[len(lines)-1:]
	}
	lines[0] = title(r.w, a.digit(paneActions[p]), screen.L(plain, clean(p.String())), a.listCount(p, top, height, r.w), focused)
	return lines[:min(len(lines), max(r.h, 1))]
}

// listCount is what stands at the right of a list's title: how many there are,
// and whether the list goes on beyond the pane.
func (a *App) listCount(p model.Pane, top, height, w int) screen.Line {
	l := &a.state.Lists[p]
	n := l.Len()
	line := a.groupedWords(p, w)
	switch above, below := top > 0, top+height < len(l.Rows()); {
	case above && below:
		line = line.Muted(screen.T("↕ "))
	case above:
		line = line.Muted(screen.T("↑ "))
	case below:
		line = line.Muted(screen.T("↓ "))
	}
	line = line.Fg(clean(model.Number(n)))
	s := a.state.Dir.Server(a.state.Narrow)
	narrowed := s != nil && (p == model.Methods || p == model.Streams)
	switch {
	case narrowed:
		line = line.Muted(clean(" of " + model.Number(a.state.Dir.Known(p == model.Streams))))
	case l.Hidden() > 0:
		line = line.Muted(clean(" of " + model.Number(n+l.Hidden())))
	}
	if narrowed {
		line = line.Muted(screen.T(" · ")).Add(accent, clean(s.Instance.Name()).CutMiddle(a.lay.rail.w/2))
	}
	return line
}

// filterLine is the line in which a filter is typed, or stands.
func (a *App) filterLine(sign, filter string, hidden, w int, typing bool) screen.Line {
	line := screen.Line{}.Pad(2).Add(accent, clean(sign))
	var right screen.Line
	if hidden > 0 {
		right = right.Muted(clean(model.Number(hidden) + " hidden "))
	}
	if !typing {
		line = line.Add(bold, clean(filter))
		if help := clean(a.keyFor("nav.back") + " clears "); line.Width()+right.Width()+help.Width()+1 <= w {
			right = right.Muted(help)
		}
		return line.Ends(right, w)
	}
	return line.Plus(a.inputText(w-line.Width()-right.Width()-1)).Ends(right, w).On(screen.Sel)
}

// inputText draws the text cursor's line in at most w cells, with the cursor.
func (a *App) inputText(w int) screen.Line {
	if a.suggested {
		// The cursor is on all of it: what is typed takes its place.
		text := clean(a.line.Value())
		if over := text.Width() - w; over > 0 {
			text = screen.T("…").Plus(text.From(over + 1))
		}
		return screen.L(screen.Style{Reverse: true}, text)
	}
	return a.cursorText([]rune(a.line.Value()), a.line.Position(), w)
}

// cursorText draws a text with a cursor in it, scrolled so that it is seen. A
// terminal without colours shows no reverse either, and gets a sign.
func (a *App) cursorText(text []rune, at, w int) screen.Line {
	at = min(max(at, 0), len(text))
	before, under, after := clean(string(text[:at])), screen.T(" "), screen.Text{}
	switch {
	case a.painter.Plain():
		under, after = screen.T("_"), clean(string(text[at:]))
	case at < len(text):
		under, after = clean(string(text[at:at+1])), clean(string(text[at+1:]))
	}
	room := max(w-under.Width(), 0)
	if before.Width() > room {
		before = screen.T("…").Plus(before.From(before.Width() - room + 1))
	}
	line := screen.L(plain, before).Add(screen.Style{Reverse: true}, under)
	return line.Fg(after.Cut(max(w-line.Width(), 0)))
}

// emptyWords says why a list is empty, and which key helps.
func (a *App) emptyWords(p model.Pane) string {
	l := &a.state.Lists[p]
	switch {
	case l.Filter != "":
		return `nothing matches "` + l.Filter + `".  ` + a.keyFor("nav.back") + " clears"
	case a.state.Narrow != "" && (p == model.Methods || p == model.Streams):
		if s := a.state.Dir.Server(a.state.Narrow); s != nil {
			return s.Instance.Name() + " offers none.  " + a.keyFor("nav.back") + " widens"
		}
		return "none.  " + a.keyFor("nav.back") + " widens"
	case p == model.Open:
		return "nothing open"
	}
	return "none yet"
}

func (a *App) listRow(p model.Pane, id model.RowID, w int) screen.Line {
	l := &a.state.Lists[p]
	if g := l.Heading(id); g != nil {
		return a.groupRow(p, g, w-1)
	}
	if deep := 2 * len(l.Groups); deep > 0 {
		return screen.Line{}.Pad(deep).Plus(a.thingOfList(p, l.Thing(id), w-deep))
	}
	return a.thingOfList(p, id, w)
}

// thingOfList draws what a row of a list stands for.
func (a *App) thingOfList(p model.Pane, id model.RowID, w int) screen.Line {
	switch p {
	case model.Servers:
		if s := a.state.Dir.Server(id); s != nil {
			return a.serverRow(s, w-1)
		}
	case model.Methods, model.Streams:
		if m := a.state.Dir.Method(id); m != nil {
			return a.methodRow(m, w-1)
		}
	case model.Open:
		for _, t := range a.state.Things {
			if t.Row() == id {
				return a.thingRow(t, w-1)
			}
		}
	default:
	}
	return screen.Line{}
}

// roomy is the width of the rail from which rows have their sparkline and last
// result.
const roomy = 34

func (a *App) serverRow(s *model.Server, w int) screen.Line {
	name, style := clean(s.Instance.Name()), plain
	mark, markStyle := screen.T("●"), okay
	if s.Gone() || s.Stale {
		style, markStyle = muted, muted
	}
	if s.Gone() {
		mark = screen.T("†")
	}
	left := screen.Line{}.Pad(1).Add(markStyle, mark).Pad(1)
	right := a.offersColumn(s)
	if w >= roomy-1 {
		right = right.Pad(1).Plus(a.trafficSpark(&s.Traffic, !s.Gone()))
	}
	right = right.Pad(1)
	var note screen.Line
	switch {
	case s.Gone() && w >= roomy-1:
		note = note.Muted(clean("left " + a.leftWords(s) + " "))
	case s.Mine:
		note = note.Muted(screen.T("you "))
	case s.Host != nil && s.Host.Closing:
		note = note.Add(warn, screen.T("closing "))
	case s.Host != nil:
		note = note.Muted(screen.T("host "))
	case s.Instance.User != a.state.Conn.Self.User && s.Instance.User != "":
		note = note.Muted(clean(s.Instance.User).Cut(12).Plus(screen.T(" ")))
	}
	room := w - left.Width() - right.Width() - 1
	if name.Width()+note.Width() > room {
		note = screen.Line{}
	}
	left = left.Add(style, name.CutMiddle(room))
	return left.To(w - right.Width() - note.Width()).Plus(note).Plus(right)
}

// leftWords tell how long ago a server left, at the moment that is shown.
func (a *App) leftWords(s *model.Server) string {
	ago := a.state.Moment().Sub(s.Left)
	if _, past := a.state.Past(); past && ago < time.Second {
		return "now"
	}
	return model.Elapsed(ago)
}

// offersColumn counts what a server offers, in columns that all rows share.
func (a *App) offersColumn(s *model.Server) screen.Line {
	methods := screen.T("ƒ")
	if s.Host != nil {
		methods = screen.T("◆")
	}
	column := func(sign screen.Text, n, digits int) screen.Line {
		if n == 0 {
			return screen.Line{}.Pad(1 + digits)
		}
		return screen.L(muted, sign.Plus(clean(model.Number(n)))).Fit(1 + digits)
	}
	line := column(methods, s.Methods, a.offers.methods)
	if a.offers.streams > 0 {
		line = line.Pad(1).Plus(column(screen.T("≈"), s.Streams, a.offers.streams))
	}
	return line
}

// offerDigits are the widths of the columns that count what servers offer.
type offerDigits struct{ methods, streams int }

func (a *App) measureOffers() offerDigits {
	d := offerDigits{methods: 1}
	for _, id := range a.state.Lists[model.Servers].Rows() {
		s := a.state.Dir.Server(a.state.Lists[model.Servers].Thing(id))
		if s == nil {
			continue
		}
		d.methods = max(d.methods, len(model.Number(s.Methods)))
		if s.Streams > 0 {
			d.streams = max(d.streams, len(model.Number(s.Streams)))
		}
	}
	return d
}

func (a *App) methodRow(m *model.Method, w int) screen.Line {
	if m.Action != nil {
		return a.actionRow(m, w)
	}
	left := screen.Line{}.Pad(1)
	style := plain
	offers := len(m.Offers)
	if m.Gone() {
		left = left.Muted(screen.T("† "))
		style, offers = muted, len(m.Last)
	}
	right := screen.L(muted, clean("×"+model.Number(max(offers, 1)))).Pad(1)
	if m.Streaming() {
		right = a.streamState(m, w).Plus(right)
	} else if w >= roomy-1 {
		right = a.lastResult(m).Pad(3).Plus(right)
	}
	name := clean(a.nameInGroup(m))
	room := w - left.Width() - right.Width() - 1
	if m.Drift {
		room -= 2
	}
	left = left.Add(style, name.CutMiddle(max(room, 1)))
	if m.Drift {
		left = left.Pad(1).Add(warn, screen.T("≠"))
	}
	return left.To(w - right.Width()).Plus(right)
}

// lastResult is how the last call to the method went: a sign and how long it took.
func (a *App) lastResult(m *model.Method) screen.Line {
	for _, t := range a.state.Things {
		if t.Method == m.ID && t.Phase == model.Asking {
			return screen.L(warn, screen.T("… ")).Fg(right(model.Awaited(a.state.Now.Sub(t.Asked)), 7))
		}
	}
	r := m.Call
	if r == nil {
		return screen.Line{}.Pad(9)
	}
	sign := screen.L(okay, screen.T("✓ "))
	switch {
	case r.Failed > 0:
		sign = screen.L(bad, screen.T("✗ "))
	case r.Marks > 0:
		sign = screen.L(warn, screen.T("! "))
	}
	took := right(model.Duration(r.Took), 7)
	if a.just(r.At.Add(r.Took)) {
		return sign.Add(a.lively(true), took)
	}
	return sign.Fg(took)
}

// streamState is the rate of our subscriptions to a stream, and their number.
func (a *App) streamState(m *model.Method, w int) screen.Line {
	subs, rate, active := 0, 0.0, false
	for _, t := range a.state.Things {
		if t.Method == m.ID && t.Phase == model.Running && !a.state.NotYet(t) {
			subs++
			active = active || a.just(t.Tail.Last())
			rate += t.Rate(a.state.Now)
		}
	}
	if subs == 0 {
		return screen.Line{}
	}
	line := screen.L(a.lively(active), clean(model.PerSecond(rate)))
	if w >= roomy-1 {
		return line.Pad(2).Muted(clean("≈" + model.Number(subs))).Pad(3)
	}
	return line.Pad(1)
}

func (a *App) thingRow(t *model.Thing, w int) screen.Line {
	sign := screen.T("→")
	if t.Stream() {
		sign = screen.T("≈")
	}
	var state screen.Line
	if f, ok := faceOf(t.Content).(rowFace); ok {
		sign, state = f.row(a)
	} else {
		state = a.thingState(t)
	}
	if a.state.NotYet(t) {
		state = screen.L(muted, screen.T("not yet"))
	}
	state = state.Pad(1)
	left := screen.Line{}.Pad(1).Muted(sign).Pad(1)
	name := t.Name()
	if t.Stream() {
		name = strings.TrimSpace(model.ShortName(name) + " " + argWords(t.Args))
	}
	return left.Fg(clean(name).CutMiddle(w - left.Width() - state.Width() - 1)).To(w - state.Width()).Plus(state)
}

// thingState is the live state at the right of a row of Open.
func (a *App) thingState(t *model.Thing) screen.Line {
	switch t.Phase {
	case model.Filling:
		if n := len(t.Wrong); n > 0 {
			return screen.L(warn, clean(model.Number(n)+" to fix"))
		}
		return screen.L(muted, screen.T("form"))
	case model.Asking:
		return screen.L(warn, a.spinner()).Pad(1).Add(num, clean(model.Awaited(a.state.Now.Sub(t.Asked))))
	case model.Running:
		if !t.Interrupted.IsZero() {
			return screen.L(warn, screen.T("lost"))
		}
		rate := screen.L(a.lively(a.just(t.Tail.Last())), clean(model.PerSecond(t.Rate(a.state.Now))))
		if !t.Tail.Following() {
			return screen.L(warn, screen.T("‖ ")).Plus(rate)
		}
		return rate
	case model.Waiting:
		return screen.L(warn, screen.T("waits"))
	case model.Ended:
	}
	return endedState(t)
}

func endedState(t *model.Thing) screen.Line {
	if t.Stream() {
		switch {
		case t.Err != nil:
			return screen.L(bad, screen.T("✗ refused"))
		case t.Closing != nil && !t.Closing.Mine:
			return screen.L(warn, screen.T("† closed"))
		}
		return screen.L(muted, screen.T("† ended"))
	}
	ok, failed, pending := t.Results.Counts()
	switch {
	case t.GivenUp:
		return screen.L(muted, screen.T("given up"))
	case t.Err != nil:
		return screen.L(bad, screen.T("✗"))
	case failed+pending > 0:
		return screen.L(bad, clean("✗ "+model.Number(failed+pending)+" of "+model.Number(ok+failed+pending)))
	}
	if n := t.Unfit(); n > 0 {
		return screen.L(warn, clean("! "+model.Count(n, "mark")))
	}
	return screen.L(okay, screen.T("✓ ")).Fg(clean(model.Duration(t.Took())))
}

// right right-aligns a word in n cells.
func right(word string, n int) screen.Text {
	t := clean(word)
	return screen.Blank(n - t.Width()).Plus(t)
}

func clock(t time.Time) screen.Text { return clean(t.Format("15:04:05")) }
