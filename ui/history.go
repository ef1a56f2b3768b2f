package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"ioscope/model"
	"ioscope/ui/screen"
)

// Histories keeps calls over restarts. Its methods may be called from any goroutine.
type Histories interface {
	// Load returns the calls that are kept, the oldest first.
	Load() ([]*model.Record, error)
	// Keep keeps a call, in the place of one of the same ID.
	Keep(r *model.Record) error
	// Forget deletes calls.
	Forget(ids ...string) error
}

// recalledMsg brings the calls of earlier runs.
type recalledMsg struct {
	records []*model.Record
	err     error
}

// loadHistory reads the calls of earlier runs.
func (a *App) loadHistory() tea.Msg {
	if a.opts.Histories == nil {
		return nil
	}
	records, err := a.opts.Histories.Load()
	return recalledMsg{records, err}
}

// recalled gives the calls of earlier runs to all desks.
func (a *App) recalled(msg recalledMsg) {
	if msg.err != nil {
		a.state.Say("history: " + msg.err.Error())
	}
	a.past = msg.records
	for _, d := range a.desks {
		d.state.Apply([]model.Input{model.Recalled{Records: a.past}}, a.opts.Now())
	}
}

// keepCall keeps a call, or forgets some.
func (a *App) keepCall(e model.Effect) tea.Cmd {
	if a.opts.Histories == nil {
		return nil
	}
	if kept, ok := e.(model.Keep); ok {
		if _, film := a.replay(); film && kept.Record.Bus == a.state.Name {
			return nil // what happens in a replay stays there
		}
	}
	work := KeepCalls(a.opts.Histories, e)
	return func() tea.Msg {
		if err := work(); err != nil {
			return sayMsg(err.Error())
		}
		return nil
	}
}

// historyFace draws the history.
type historyFace struct{ p *model.HistoryPage }

func (historyFace) place(*App) place { return inHistory }

func (f historyFace) copyable(a *App) (text, what string) {
	r := f.p.Current(a.state)
	switch {
	case r == nil:
		return "", ""
	case r.Value != nil:
		return string(r.Value), "the value"
	case r.Err != "":
		return r.Err, "the error"
	}
	return string(r.Args), "the arguments"
}

// question is what the call under the cursor asked, for copying it as code.
func (f historyFace) question(a *App) (Question, bool) {
	r := f.p.Current(a.state)
	if r == nil {
		return Question{}, false
	}
	method, target, args := r.Question()
	return Question{method, target, args, r.Wait, r.Answer, nil}, true
}

// record is the call under the cursor of the history, or nil.
func (a *App) record() *model.Record {
	if f, ok := a.face().(historyFace); ok {
		return f.p.Current(a.state)
	}
	return nil
}

func (f historyFace) draw(a *App, r rect) []screen.Line {
	l := &a.state.Lists[model.History]
	focused := a.state.Focus == model.Workspace && len(a.dialogs) == 0
	var below []screen.Line
	rec := f.p.Current(a.state)
	switch g := l.Group(); {
	case r.h < 14:
	case rec != nil:
		below = a.recordLines(rec, r, r.h/3)
	case g != nil:
		below = a.groupOfCalls(g, r)
	}
	below = append(below, a.savedBelow(r)...)
	if f.p.Table != nil {
		lines := []screen.Line{a.workTitle(r.w, screen.L(plain, screen.T("Two calls compared")), screen.L(muted, clean(a.keyFor("nav.back")+" closes")), focused)}
		return append(lines, a.comparePane(f.p.Table, rect{r.x, r.y + 1, r.w, r.h - 1}, focused)...)
	}
	lines := []screen.Line{{}}
	typing := a.filtering && focused
	if typing || l.Filter != "" {
		lines = append(lines, a.filterLine("/ ", l.Filter, l.Hidden(), r.w, typing))
	}
	deep := 2 * len(l.Groups)
	c := a.historyColumns(a.historyShown(l, r.h), r.w-deep)
	if r.h >= 10 && len(l.Rows()) > 0 {
		if r.h >= 16 {
			lines = append(lines, screen.Line{})
		}
		lines = append(lines, screen.Line{}.Pad(deep).Plus(c.head(r.w-deep)))
	}
	height := max(r.h-len(lines)-len(below), 1)
	rows := l.Rows()
	top := a.window("history", l.Index(), len(rows), height)
	lines[0] = title(r.w, a.digit("go.history"), screen.L(plain, screen.T("History")), a.historyNote(l, top, height, r.w), focused)
	for i := top; i < min(top+height, len(rows)); i++ {
		if g := l.Heading(rows[i]); g != nil {
			lines = append(lines, a.historyHeading(g, rect{r.x, r.y + len(lines), r.w, 1}, i, focused))
			continue
		}
		rec := a.state.Recorded(string(l.Thing(rows[i])))
		if rec == nil {
			continue
		}
		line := screen.Line{}.Pad(2 * len(l.Groups)).Plus(c.row(a, rec, r.w-2*len(l.Groups), f.p.Marked == rec.ID))
		a.click(rect{r.x, r.y + len(lines), r.w, 1}, model.Workspace, func(a *App) { a.clickHistory(i) })
		lines = append(lines, row(line, r.w, i == l.Index(), focused))
	}
	if len(rows) == 0 {
		lines = append(lines, a.emptyPageList(l, r.w, "No call was made yet.",
			"What you call is kept here, over restarts too.  "+a.keyFor("go.methods")+" goes to the methods.")...)
	}
	return append(screen.Rows(lines, r.w, max(r.h-len(below), 1)), below...)
}

// savedBelow are the first of the saved calls, below the history where there is room.
func (a *App) savedBelow(r rect) []screen.Line {
	f := savedFace{a.state.Saves()}
	calls := f.p.Library.Calls
	if r.h < 34 || len(calls) == 0 {
		return nil
	}
	shown := calls[:min(len(calls), 4)]
	note := f.note(r.w)
	if more := len(calls) - len(shown); more > 0 {
		note = screen.L(muted, clean("↓ "+model.Number(more))).Pad(2).Plus(note)
	}
	lines := []screen.Line{{}, title(r.w, a.digit("go.saved"), screen.L(plain, screen.T("Saved calls")), note, false)}
	cols := f.measure(shown, r.w)
	for _, c := range shown {
		lines = append(lines, screen.Line{}.Pad(1).Plus(cols.row(c, r.w)).Fit(r.w))
	}
	n := len(lines)
	a.click(rect{r.x, r.y + r.h - n + 1, r.w, n - 1}, model.Workspace, func(a *App) { a.state.Go(model.Saved) })
	return lines
}

// historyShown are the calls that may be seen, to measure columns by.
func (a *App) historyShown(l *model.List, h int) []*model.Record {
	rows := l.Rows()
	from := max(l.Index()-h, 0)
	var out []*model.Record
	for _, id := range rows[from:min(from+2*h, len(rows))] {
		if r := a.state.Recorded(string(l.Thing(id))); r != nil {
			out = append(out, r)
		}
	}
	return out
}

func (a *App) clickHistory(i int) {
	l := &a.state.Lists[model.History]
	again := l.Index() == i && a.state.Focus == model.Workspace
	a.focusWork()
	a.state.Point(model.History, l.Rows()[i])
	if again {
		a.queued = a.run(a.state.Enter())
	}
}

func (a *App) historyNote(l *model.List, top, height, w int) screen.Line {
	n := l.Len()
	line := a.groupedWords(model.History, w)
	if top+height < len(l.Rows()) {
		line = line.Muted(screen.T("↓ "))
	}
	line = line.Fg(clean(model.Number(n)))
	if l.Hidden() > 0 {
		line = line.Muted(clean(" of " + model.Number(n+l.Hidden()) + ", " + model.Number(l.Hidden()) + " hidden"))
	}
	if l.Sort != 0 || l.Reverse {
		line = line.Muted(clean("  by " + model.OrderWord(l.Sort)))
	}
	return line
}

// historyTable are the columns of the history, as wide as they can be; 0 leaves one
// out.
type historyTable struct{ indent, when, what, to, with, answer, took int }

func (a *App) historyColumns(shown []*model.Record, w int) historyTable {
	c := historyTable{indent: a.indent() - 2, when: 10, what: 8, took: 7}
	to := 0
	for _, r := range shown {
		width := clean(r.Name).Width()
		if a.state.Changed(r) {
			width += 2
		}
		c.what = max(c.what, width)
		to = max(to, clean(model.TargetWord(r.Target)).Width())
	}
	c.what = min(c.what, max(w/4, 12))
	rest := w - 2 - c.indent - c.when - 1 - c.what - 2 - c.took - 1
	if rest > 40 {
		c.to = min(max(to, 4), 12)
		rest -= c.to + 2
	}
	if rest > 30 {
		c.with = (rest - 2) * 55 / 100
		rest -= c.with + 2
	}
	if w < 60 {
		rest += c.took + 1
		c.took = 0
	}
	c.answer = max(rest, 4)
	return c
}

func (c historyTable) head(w int) screen.Line {
	line := screen.Line{}.Pad(1 + c.indent).Muted(screen.T("when")).To(1 + c.indent + c.when + 1)
	add := func(n int, words string) {
		if n > 0 {
			at := line.Width()
			line = line.Muted(clean(words)).To(at + n + 2)
		}
	}
	add(c.what, "what")
	add(c.to, "to")
	add(c.with, "with")
	line = line.Muted(screen.T("answer"))
	if c.took > 0 {
		return line.Ends(screen.L(muted, screen.T("took")).Pad(1), w)
	}
	return line.Fit(w)
}

func (c historyTable) row(a *App, r *model.Record, w int, marked bool) screen.Line {
	when := screen.L(muted, clean(model.When(r.At, a.state.Now)))
	if marked {
		when = screen.L(warn, screen.T("≠ ")).Plus(when)
	}
	line := screen.Line{}.Pad(c.indent).Plus(when.Fit(c.when)).Pad(1)
	name := screen.L(plain, clean(r.Name).CutMiddle(c.what))
	if m := a.state.Dir.Method(r.Method); m == nil || m.Gone() {
		name = screen.L(muted, clean(r.Name).CutMiddle(c.what))
	}
	if a.state.Changed(r) {
		name = screen.L(muted, clean(r.Name).CutMiddle(c.what-2)).Add(warn, screen.T(" ≠"))
	}
	line = line.Plus(name.Fit(c.what)).Pad(2)
	if c.to > 0 {
		line = line.Plus(screen.L(muted, clean(model.TargetWord(r.Target))).Fit(c.to)).Pad(2)
	}
	if c.with > 0 {
		with := argsLine(r.Args, c.with)
		if r.Args == nil && r.ArgsSize > 0 {
			with = screen.L(muted, clean(model.Bytes(r.ArgsSize)+", not kept"))
		}
		line = line.Plus(with.Fit(c.with)).Pad(2)
	}
	line = line.Plus(historyAnswer(r, c.answer).Fit(c.answer))
	if c.took > 0 {
		line = line.Ends(screen.L(num, clean(model.Duration(r.Took))).Pad(1), w-1)
	}
	return line
}

// historyAnswer says in a few words how a call went.
func historyAnswer(r *model.Record, w int) screen.Line {
	switch {
	case r.GivenUp && r.OK == 0:
		return screen.L(muted, screen.T("○ given up"))
	case len(r.Replies) == 1 && r.Replies[0].Silent:
		return screen.L(warn, screen.T("! no answer"))
	case r.OK == 1 && r.Failed == 0 && r.Value == nil && r.Marks == 0:
		return screen.L(okay, screen.T("✓ ")).Muted(screen.T("returned"))
	}
	return outcome(r, w)
}

// recordLines are a call and what each server said, in at most n lines.
func (a *App) recordLines(r *model.Record, at rect, n int) []screen.Line {
	when := clean(model.When(r.At, a.state.Now) + "  " + r.Name)
	note := historyAnswer(r, 24)
	switch all := r.OK + r.Failed; {
	case len(r.Replies) > 0 && r.Failed == 0 && r.Marks > 0:
		note = screen.L(warn, clean("! "+model.Count(r.Marks, "mark")+" against returns"))
	case len(r.Replies) > 0 && r.Failed == 0:
		note = screen.L(okay, clean("✓ "+model.Number(r.OK)+" of "+model.Number(r.OK)))
	case len(r.Replies) > 1:
		note = screen.L(bad, clean("✗ "+model.Number(r.Failed)+" of "+model.Number(all)))
	}
	lines := []screen.Line{{}, title(at.w, screen.Text{}, screen.L(plain, when), note, false)}
	p := a.newPage(at.w)
	room := at.w - p.indent - 2
	to := screen.L(muted, clean("to "+model.TargetWord(r.Target)+", wait "+model.TimeoutText(r.Wait)+", answer "+model.TimeoutText(r.Answer)))
	if to.Width() > room/2 {
		to = screen.L(muted, clean("to "+model.TargetWord(r.Target)))
	}
	asked := screen.L(muted, screen.T("asked")).To(12).Plus(argsLine(r.Args, max(room-to.Width()-16, 8)))
	p.ends(asked, to)
	for i, reply := range r.Replies {
		if len(p.lines) == n-3 && i+1 < len(r.Replies) {
			p.add(screen.L(muted, clean("… "+model.Number(len(r.Replies)-i)+" more")))
			break
		}
		p.ends(replyLine(reply, room-10), screen.L(num, clean(model.Duration(reply.Took))))
	}
	if len(r.Replies) == 0 && r.Err != "" {
		p.few(bad, "✗ "+r.Err, 2)
	}
	if why := a.state.CantRepeat(r); why != "" {
		p.add(screen.L(warn, clean("! "+why)).Fit(room))
	}
	return append(lines, p.lines...)
}

func replyLine(r model.Reply, w int) screen.Line {
	name := func(l screen.Line) screen.Line {
		return l.Add(bold, clean(r.Server).CutMiddle(max(w/3, 8))).To(max(16, l.Width()+clean(r.Server).Width()+2))
	}
	switch {
	case r.Silent:
		return name(screen.L(muted, screen.T("○ "))).Muted(screen.T("no answer"))
	case r.Err != "":
		return name(screen.L(bad, screen.T("✗ "))).Fg(clean(r.Err)).Fit(w)
	}
	line := name(screen.L(okay, screen.T("✓ ")))
	if r.Late {
		line = line.Add(warn, screen.T("late")).Pad(2)
	}
	if r.Value == nil {
		return line.Muted(clean(model.Bytes(r.Size) + ", too much to be kept")).Fit(w)
	}
	return line.Plus(payload(r.Value, max(w-line.Width(), 4)))
}
