package ui

import (
	"strings"
	"time"

	"ioscope/model"
	"ioscope/ui/screen"
)

// serveWriter writes a page of offers, from above.
type serveWriter struct {
	a *App
	v model.Provider
	// one is the offer that the page is about; nil for all.
	one     *model.Offering
	w       int
	at      model.RowID
	here    bool // there is a row under the cursor
	focused bool
	low     bool // blank rows cost too much
	lines   []screen.Line
	rows    map[int]model.RowID // line → row, for clicks
	cursor  int
	form    formPlace
}

// formPlace is where the form stands among the lines.
type formPlace struct{ top, height int }

// draw fills the workspace.
func (f serveFace) draw(a *App, r rect) []screen.Line {
	p := &serveWriter{a: a, v: f.v, w: r.w, low: r.h < 12, rows: map[int]model.RowID{}}
	p.one, _ = f.v.(*model.Offering)
	inForm := f.v.View().Form != nil
	p.focused = a.state.Focus == model.Workspace && len(a.dialogs) == 0 && !inForm
	if row, ok := a.state.ServeAt(f.v); ok {
		p.at, p.here = row.ID(), true
	}
	head := p.title(a.state.Focus == model.Workspace && len(a.dialogs) == 0)
	body := rect{r.x, r.y + 1, r.w, r.h - 1}
	if inForm && r.h < 20 {
		return append([]screen.Line{head}, p.onlyForm(body)...)
	}
	p.write(body)
	foot := p.status()
	if r.h >= 24 {
		body.h--
	}
	top := p.scroll(body.h, inForm)
	if p.form.height > 0 {
		// Only now it is known where it stands, which clicks need.
		copy(p.lines[p.form.top:], a.sheetOf(f.v, rect{body.x, body.y + p.form.top - top, body.w, p.form.height}))
	}
	shown := screen.Rows(p.lines[min(top, len(p.lines)):], r.w, body.h)
	for i := range shown {
		if id, ok := p.rows[top+i]; ok {
			a.click(rect{body.x, body.y + i, body.w, 1}, model.Workspace, func(a *App) { a.clickServe(f.v, id) })
		}
	}
	lines := append([]screen.Line{head}, shown...)
	if r.h >= 24 {
		lines = append(lines, foot)
	}
	return lines
}

func (a *App) clickServe(v model.Provider, id model.RowID) {
	a.focusWork()
	if row, ok := a.state.ServeAt(v); ok && row.ID() == id && v.View().Form == nil {
		a.queued = a.run(a.state.Enter())
		return
	}
	v.View().Form = nil
	a.state.PointServe(v, id)
}

// scroll is the first line that is seen: the cursor is, or the form.
func (p *serveWriter) scroll(h int, inForm bool) int {
	name := "serve"
	if p.one != nil {
		name += p.one.Def.Name
	}
	at := p.cursor
	if inForm {
		at = p.form.top + p.form.height - 1
	}
	top := p.a.window(name, at, len(p.lines), h)
	switch {
	case inForm:
		top = min(top, p.form.top-1)
	case at < h-2:
		top = 0
	}
	top = max(top, 0)
	p.a.tops[name] = top
	return top
}

func (p *serveWriter) title(focused bool) screen.Line {
	waits, word := 0, waitWords
	for _, o := range p.v.Served(p.a.state) {
		waits += len(o.Waiting)
		if o.Streaming() && p.one != nil {
			word = asksWords
		}
	}
	digit, name := p.a.digit("go.serve"), screen.L(plain, screen.T("Serve"))
	right := screen.L(muted, clean(p.counts()))
	if o := p.one; o != nil {
		digit, name = p.a.digit("go.workspace"), screen.L(plain, clean(o.Def.Name))
		right = screen.L(muted, screen.T("you are the server"))
		if o.Streaming() {
			right = screen.L(muted, screen.T("your stream"))
		}
		if o.Standing != model.Offered {
			right = p.a.offeringState(o)
		}
	}
	if waits > 0 {
		if right = right.Pad(2); p.w < 60 {
			right = screen.Line{} // who waits is what matters
		}
		right = right.Add(warn, clean(word(waits)))
	}
	if p.one != nil {
		return p.a.workTitle(p.w, name, right, focused)
	}
	return title(p.w, digit, name, right, focused)
}

// counts says how many methods and streams we offer.
func (p *serveWriter) counts() string {
	methods, streams := 0, 0
	for _, o := range p.v.Served(p.a.state) {
		if o.Streaming() {
			streams++
		} else {
			methods++
		}
	}
	return model.Count(methods, "method") + ", " + model.Count(streams, "stream")
}

func (p *serveWriter) blank() { p.lines = append(p.lines, screen.Line{}) }

// add adds a line of a row, with the bar where the cursor is on it.
func (p *serveWriter) add(line screen.Line, of model.ServeRow) {
	id := of.ID()
	on := p.here && id == p.at
	if on {
		p.cursor = len(p.lines)
	}
	p.rows[len(p.lines)] = id
	p.lines = append(p.lines, row(line, p.w, on, p.focused))
}

// say adds a line that belongs to no row.
func (p *serveWriter) say(line screen.Line) {
	p.lines = append(p.lines, screen.Line{}.Pad(1).Plus(line).Fit(p.w))
}

// section begins a part of the page.
func (p *serveWriter) section(name screen.Line, right screen.Line) {
	if n := len(p.lines); n > 0 && p.lines[n-1].Width() > 0 && !p.low {
		p.blank()
	}
	p.lines = append(p.lines, title(p.w, screen.Text{}, name, right, false))
}

func (p *serveWriter) write(r rect) {
	all := p.v.Served(p.a.state)
	if p.one != nil {
		p.summary(p.one, true)
	}
	if l := p.a.state.ServeFilter(p.v); p.a.filtering && p.a.state.Focus == model.Workspace || l.Filter != "" {
		p.lines = append(p.lines, p.a.filterLine("/ ", l.Filter, p.hidden(), p.w, p.a.filtering && p.a.state.Focus == model.Workspace))
	}
	if len(all) == 0 && p.v.View().Form == nil {
		p.nothing()
		return
	}
	p.calls()
	p.sheet(r)
	for _, o := range all {
		if p.one == nil {
			p.offerHead(o)
			p.summary(o, false)
		}
		p.offer(o)
	}
	p.past()
	p.quiet()
}

// quiet says what will stand here, while nothing does.
func (p *serveWriter) quiet() {
	o := p.one
	if o == nil || o.Kept || p.v.View().Form != nil || len(o.Waiting)+len(o.Past)+len(o.Rules)+len(o.Subscribers) > 0 {
		return
	}
	pg := p.a.newPage(p.w)
	pg.blank()
	switch {
	case o.Standing == model.Withdrawn:
		pg.add(screen.L(plain, screen.T("It is taken back: nobody sees it.  ")).Add(accent, clean(p.a.keyFor("serve.unregister"))).Muted(screen.T(" offers it again")))
	case o.Streaming():
		pg.text(plain, "Who subscribes waits here, and you accept it, on a branch or not, or reject it.")
		pg.blank()
		pg.add(screen.L(accent, clean(p.a.keyFor("serve.accept-all"))).To(6).Fg(screen.T("accept everybody")))
		pg.add(screen.L(accent, clean(p.a.keyFor("serve.rule"))).To(6).Fg(screen.T("a rule that decides")))
		pg.add(screen.L(accent, clean(p.a.keyFor("serve.push-timer"))).To(6).Fg(screen.T("push on a timer, while somebody listens")))
	default:
		pg.text(plain, "Calls wait here, and you answer them.")
		pg.blank()
		pg.add(screen.L(accent, clean(p.a.keyFor("serve.rule"))).To(6).Fg(screen.T("a rule that answers")))
		pg.add(screen.L(accent, clean(p.a.keyFor("serve.unregister"))).To(6).Fg(screen.T("take it back")))
	}
	p.lines = append(p.lines, pg.lines...)
}

// hidden counts what the filter holds back.
func (p *serveWriter) hidden() int {
	all, shown := 0, len(p.a.state.PastCalls(p.v))+len(p.a.state.Unanswered(p.v))
	for _, o := range p.v.Served(p.a.state) {
		all += len(o.Past) + len(o.Waiting)
		shown += len(p.a.state.Requests(p.v, o))
	}
	return all - shown
}

// nothing says that we offer nothing, and which keys help.
func (p *serveWriter) nothing() {
	pg := p.a.newPage(p.w)
	pg.blank()
	pg.text(plain, "You offer nothing.")
	pg.blank()
	pg.text(plain, "What you offer here, other apps can call and subscribe to. Calls that come in wait here, and you answer them by hand, by a rule, or with an error.")
	pg.heading(screen.T("What you can do"))
	pg.add(screen.L(accent, clean(p.a.keyFor("offer.new"))).To(6).Fg(screen.T("offer a method or a stream")))
	pg.add(screen.L(accent, clean(p.a.keyFor("app.palette-key"))).To(6).Fg(screen.T("offer what a file of ioscope serve has")))
	if why := p.a.state.Forbids(model.ToOffer); why != "" {
		pg.blank()
		pg.text(warn, why)
	}
	p.lines = append(p.lines, pg.lines...)
}

// offerHead is the title of one offer among several.
func (p *serveWriter) offerHead(o *model.Offering) {
	p.blank()
	of := model.ServeRow{Kind: model.RowOffering, Of: o}
	right := screen.L(muted, clean(o.Kind())).Pad(2).Plus(p.a.offeringState(o))
	line := title(p.w-1, screen.Text{}, screen.L(bold, clean(o.Def.Name)), right, false)
	p.add(line.Cells(1, p.w-1), of)
}

// summary says what an offer is, and what became of it so far.
func (p *serveWriter) summary(o *model.Offering, kind bool) {
	left := screen.Line{}.Pad(p.a.indent() - 1)
	if kind {
		left = left.Muted(clean(o.Kind())).Pad(2)
	}
	left = left.Fg(clean(signatureWords(o.Def)))
	var parts []string
	if o.Streaming() {
		parts = append(parts, model.Count(len(o.Subscribers), "subscriber"), model.Number(o.Pushed)+" pushed")
		if o.AutoAccept() != nil {
			parts = append(parts, "accepts everybody")
		}
	} else {
		parts = append(parts, model.Number(o.Answered)+" answered")
		if o.Failed > 0 {
			parts = append(parts, model.Number(o.Failed)+" refused")
		}
		if o.RuleServed > 0 {
			parts = append(parts, model.Number(o.RuleServed)+" by rule")
		}
	}
	right := screen.L(muted, clean(strings.Join(parts, ", "))).Pad(2)
	if room := p.w - right.Width() - 3; room < 16 {
		left = screen.Line{}.Pad(p.a.indent() - 1)
	} else if left.Width() > room {
		left = left.Fit(room)
	}
	p.say(left.Ends(right, p.w-1))
	switch {
	case o.Kept:
		p.say(screen.Line{}.Pad(p.a.indent()-1).Add(warn, screen.T("not offered: kept from last time.  ")).Add(accent, clean(p.a.keyFor("serve.unregister"))).Muted(screen.T(" offers it")))
	case o.Err != nil:
		p.say(screen.Line{}.Pad(p.a.indent()-1).Add(bad, clean("✗ "+o.Err.Error())))
	case o.CloseAfter > 0:
		p.say(screen.Line{}.Pad(p.a.indent() - 1).Muted(clean("ends each subscription after " + model.Duration(o.CloseAfter) + ": " + o.CloseReason)))
	}
}

// calls are those that wait for an answer.
func (p *serveWriter) calls() {
	list := p.a.state.Unanswered(p.v)
	if len(list) == 0 {
		return
	}
	p.section(screen.L(plain, screen.T("Waiting for an answer")), screen.L(warn, clean(model.Number(len(list)))))
	for _, in := range list {
		of := model.ServeRow{Kind: model.RowWaiting, Of: in.Of, In: in}
		p.add(p.incoming(in, screen.L(bold, clean("#"+model.Number(in.ID))), p.countdown(in)), of)
	}
}

// incoming is a row of somebody who asks.
func (p *serveWriter) incoming(in *model.Incoming, mark, right screen.Line) screen.Line {
	line := screen.Line{}.Pad(p.a.indent() - 1).Plus(mark).Pad(2)
	if p.one == nil && (!in.Of.Streaming() || in.How != model.Undecided) {
		line = line.Muted(clean(in.Of.Def.Name).CutMiddle(20)).Pad(2)
	}
	line = line.Fg(clean(in.Caller.Name()).CutMiddle(16)).Pad(3)
	if in.Subscriber != 0 && in.Branch != "" {
		line = line.Muted(screen.T("on ")).Fg(clean(in.Branch).CutMiddle(16)).Pad(3)
	}
	if room := p.w - 2 - right.Width() - line.Width() - 1; room > 5 {
		line = line.Plus(argsLine(in.Args, room))
	}
	return line.Ends(right.Pad(1), p.w-1)
}

// urgent is when a deadline is near.
const urgent = 10 * time.Second

// countdown tells how long somebody still waits.
func (p *serveWriter) countdown(in *model.Incoming) screen.Line {
	left := max(in.Deadline.Sub(p.a.state.Now), 0)
	style := muted
	if left < urgent {
		style = warn
	}
	line := screen.L(style, clean(secondsLeft(left)))
	if p.w < 60 {
		return line
	}
	const cells = 12
	whole := in.Deadline.Sub(in.At)
	n := cells
	if whole > 0 {
		n = min(int((left*cells+whole-1)/whole), cells)
	}
	bar := num
	if left < urgent {
		bar = warn
	}
	return line.Muted(screen.T(" left ")).Add(bar, screen.T("━").Repeat(n)).Add(faint, screen.T("─").Repeat(cells-n))
}

// secondsLeft is a time that runs down; its last seconds have tenths.
func secondsLeft(d time.Duration) string {
	if d < urgent {
		return model.Awaited(d)
	}
	return model.Countdown(d)
}
