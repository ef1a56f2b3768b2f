package ui

import (
	"errors"
	"strings"
	"time"

	"ioscope/client/bus"
	"ioscope/model"
	"ioscope/ui/screen"
)

// Pages that take the place of the bus while there is none, or nobody on it.

// nobodyWords say what is wrong with the connection, in one sentence.
func (a *App) nobodyWords() string {
	c := a.state.Conn
	var why *model.ConnError
	switch {
	case c.State == bus.Connecting && c.Attempt <= 1:
		return "Connecting to " + c.URL
	case errors.As(c.Err, &why):
		return why.Sentence
	case c.Err != nil:
		return c.Err.Error()
	}
	return "No connection to " + c.URL
}

func (a *App) nobodyPage(b rect) []screen.Line {
	c := a.state.Conn
	p := &page{w: b.w, indent: 3}
	if b.h > 16 {
		p.blank()
		p.blank()
	}
	p.blank()
	if c.State == bus.Connecting && c.Attempt <= 1 {
		p.add(screen.L(warn, a.spinner()).Pad(1).Fg(clean(a.nobodyWords())))
		if a.state.Now.Sub(c.Since) > 5*time.Second {
			p.text(muted, "The gateway takes its time.")
		}
	} else {
		p.text(bad, "✗ "+a.nobodyWords())
	}
	p.blank()
	a.nobodyDetails(p)
	p.heading(screen.T("What you can do"))
	for _, b := range a.footerBindings(inNobody) {
		does := b.does
		switch b.id {
		case "bus.retry":
			does = a.retryWords()
		case "bus.demo":
			does = "start the demo bus instead"
		}
		p.add(screen.L(accent, clean(keyName(first(b.keys)))).To(8).Fg(clean(does)))
	}
	p.add(screen.L(accent, clean(a.keyFor("copy.menu"))).To(8).Fg(screen.T("copy the error")))
	p.add(screen.L(accent, clean(a.keyFor("app.quit"))).To(8).Fg(screen.T("quit")))
	return a.withBuses(p.lines, b)
}

// withBuses puts the list of buses at the bottom of a page, where there is room.
func (a *App) withBuses(lines []screen.Line, b rect) []screen.Line {
	h := min(b.h-len(lines)-1, len(a.busRows())+3)
	table := a.busTable(b.w, h)
	if table == nil {
		return lines
	}
	return append(screen.Rows(lines, b.w, b.h-h), table...)
}

func (a *App) nobodyDetails(p *page) {
	c := a.state.Conn
	var why *model.ConnError
	if errors.As(c.Err, &why) {
		words := why.Cause
		if c.Attempt > 1 && c.State != bus.Refused {
			words += ", " + ordinal(c.Attempt) + " try"
		}
		p.indent += 2
		p.text(muted, words)
		p.indent -= 2
	}
	switch wait := c.RetryAt.Sub(a.state.Now); {
	case c.State == bus.Lost && wait > 0:
		p.add(screen.Line{}.Pad(2).Muted(clean("next try in "+model.Countdown(wait))).Pad(2).Plus(a.countdown(wait)).Pad(2).Add(accent, clean(a.keyFor("bus.retry"))).Muted(screen.T(" tries now")))
	case c.State == bus.Connecting && c.Attempt > 1:
		p.add(screen.Line{}.Pad(2).Add(warn, a.spinner()).Muted(screen.T(" trying")))
	}
}

// countdown is a bar of the time until the next try.
func (a *App) countdown(wait time.Duration) screen.Line {
	const cells = 20
	whole := a.state.Conn.RetryAt.Sub(a.state.Conn.Since)
	left := cells
	if whole > 0 {
		left = min(int(cells*wait/whole), cells)
	}
	return screen.L(accent, screen.T("━").Repeat(cells-left)).Add(faint, screen.T("─").Repeat(left))
}

// emptyPage says why nobody is there, and what to do.
func (a *App) emptyPage(r rect) []screen.Line {
	p := a.newPage(r.w)
	p.lines = append(p.lines, title(r.w, screen.Text{}, screen.L(plain, screen.T("Waiting for the first app")), screen.Line{}, false))
	p.blank()
	p.text(plain, "The bus answers, and no app has joined.")
	p.heading(screen.T("Apps join at"))
	p.ends(screen.L(bold, clean(a.state.Conn.URL)), screen.L(accent, clean(a.keyFor("copy.menu"))).Muted(screen.T(" copy ")))
	if a.state.Interval != "" {
		p.add(screen.L(muted, screen.T("Interval hosts join at  ")).Fg(clean(a.state.Interval)))
	}
	p.blank()
	p.add(screen.L(plain, screen.T("You are logged in as  ")).Add(bold, clean(a.state.Conn.Self.User)))
	p.text(muted, "An app of another user stays hidden from you.")
	p.blank()
	p.add(screen.L(accent, clean(a.keyFor("bus.demo"))).To(4).Fg(screen.T("start the demo apps on this bus")))
	p.add(screen.L(accent, clean(a.keyFor("offer.new"))).To(4).Fg(screen.T("offer a method or a stream yourself")))
	if noBuses(a) == "" {
		p.add(screen.L(accent, clean(a.keyFor("bus.switch"))).To(4).Fg(screen.T("go to another bus")))
	}
	p.blank()
	p.text(muted, "Here for "+model.Elapsed(a.state.Now.Sub(a.state.Conn.LiveSince))+". An app that joins shows at once.")
	return p.lines
}

// welcomePage greets on a demo bus, once.
func (a *App) welcomePage(r rect) []screen.Line {
	p := a.newPage(r.w)
	right := screen.L(muted, clean(a.keyFor("nav.back")+" closes, once"))
	p.lines = append(p.lines, title(r.w, a.digit("go.workspace"), screen.L(plain, screen.T("Welcome")), right, a.state.Focus == model.Workspace))
	p.blank()
	why := "This is a bus of its own"
	if a.state.Asked != "" {
		why = "No gateway ran at " + hostOf(a.state.Asked) + ", so this is a bus of its own"
	}
	p.text(plain, why+", with "+model.Count(a.state.DemoApps, "demo app")+" on it.")
	if a.state.Note != "" {
		p.text(warn, a.state.Note)
	}
	p.heading(screen.T("Your apps can join at"))
	p.ends(screen.L(bold, clean(a.state.Conn.URL)), screen.L(accent, clean(a.keyFor("copy.menu"))).Muted(screen.T(" copy ")))
	if a.state.Interval != "" {
		p.add(screen.L(muted, screen.T("Interval hosts join at  ")).Fg(clean(a.state.Interval)))
	}
	p.heading(screen.T("Try"))
	try := func(keys, what string) {
		p.add(screen.L(accent, clean(keys)).To(15).Fg(clean(what)))
	}
	try(a.keyFor("go.methods")+"  then "+a.keyFor("method.form"), "Addition: fill in, "+a.keyFor("form.send"))
	try(a.keyFor("go.streams")+"  then "+a.keyFor("stream.subscribe"), "MarketData.Prices: it flows")
	try(a.keyFor("stream.pause"), "holds it, "+a.keyFor("nav.last")+" follows again")
	try(a.keyFor("app.help-key"), "all keys, here and now")
	p.blank()
	p.text(muted, "Another bus: ioscope --url ws://HOST:PORT/gw3")
	p.text(muted, "Two guided tours: "+a.keyFor("app.palette-key")+" tour")
	return p.lines
}

// hostOf is an address without its scheme and path.
func hostOf(url string) string {
	_, rest, ok := strings.Cut(url, "://")
	if !ok {
		rest = url
	}
	host, _, _ := strings.Cut(rest, "/")
	return host
}

// emptyPageList says why the list of a page has no rows: the filter hides them, or
// there are none, and what helps.
func (a *App) emptyPageList(l *model.List, w int, none, helps string) []screen.Line {
	p := a.newPage(w)
	p.blank()
	if l.Hidden() > 0 {
		p.text(muted, a.hiddenWords(l))
	} else {
		p.text(plain, none)
		p.text(muted, helps)
	}
	return p.lines
}

// hiddenWords say that a filter hides all rows of a list.
func (a *App) hiddenWords(l *model.List) string {
	return `Nothing matches "` + l.Filter + `".  ` + model.Number(l.Hidden()) + " hidden.  " + a.keyFor("nav.back") + " clears"
}
