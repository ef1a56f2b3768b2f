package ui

import (
	"strings"
	"time"

	"ioscope/model"
	"ioscope/ui/screen"
)

// feedFace draws what happened on the bus, and the way through time.
type feedFace struct{ f *model.Chronicle }

func (feedFace) place(*App) place { return inFeed }

func (f feedFace) copyable(a *App) (text, what string) {
	e := f.f.Current(a.state)
	if e == nil {
		return "", ""
	}
	return e.At.Format(time.RFC3339) + " " + e.Words(), "what happened"
}

func (f feedFace) draw(a *App, r rect) []screen.Line {
	focused := a.state.Focus == model.Workspace && len(a.dialogs) == 0
	lines := []screen.Line{title(r.w, a.digit("go.feed"), screen.L(plain, screen.T("Feed")), f.note(a), focused)}
	tight := r.h < 30
	if r.h > 6 {
		lines = append(lines, f.timeline(a, r.w, r.h)...)
	}
	if r.h >= 14 {
		if !tight {
			lines = append(lines, screen.Line{})
		}
		lines = append(lines, f.counts(a, r.w))
	}
	if !tight {
		lines = append(lines, screen.Line{})
	}
	entry := f.f.Current(a.state)
	var below []screen.Line
	if entry != nil && r.h >= 20 {
		below = f.details(a, entry, r.w, min(8, r.h/3))
		if !tight {
			below = append([]screen.Line{{}}, below...)
		}
	}
	if at, past := a.state.Past(); past && r.h >= 18 {
		words := "the panes on the left show the bus at " + at.Format("15:04:05") + "; " + a.keyFor("feed.now") + " goes back to now"
		if len(words) > r.w-3 {
			words = "this is the bus at " + at.Format("15:04:05") + "; " + a.keyFor("feed.now") + " goes back to now"
		}
		below = append(below, screen.Line{}, screen.Line{}.Pad(1).Add(muted, clean(words).Cut(r.w-2)))
	}
	list := f.list(a, rect{r.x, r.y + len(lines), r.w, max(r.h-len(lines)-len(below), 1)}, focused)
	lines = append(lines, list...)
	if gap := r.h - len(lines) - len(below); gap > 0 && len(below) > 0 {
		// The sentence stands at the bottom, the details below the list.
		last := len(below)
		if _, past := a.state.Past(); past && r.h >= 18 {
			last--
		}
		lines = append(lines, below[:last]...)
		lines = screen.Rows(lines, r.w, r.h-(len(below)-last))
		return append(lines, below[last:]...)
	}
	return append(lines, below...)
}

// note is the moment that is shown.
func (f feedFace) note(a *App) screen.Line {
	at, past := a.state.Past()
	if !past {
		if n, held := f.f.Held(); held {
			return screen.L(warn, screen.T("‖ held")).Muted(clean("  " + model.Number(n) + " new"))
		}
		return screen.L(okay, screen.T("▼ now"))
	}
	if a.lay.class == single || a.lay.class == narrow {
		return screen.L(warn, clean("▲ at "+at.Format("15:04:05")))
	}
	return screen.L(warn, clean("▲ the bus at "+at.Format("15:04:05"))).Muted(clean("  " + model.Long(a.state.Now.Sub(at)) + " ago"))
}

// timeline draws how much happened when, and the moment in it.
func (f feedFace) timeline(a *App, w, h int) []screen.Line {
	cells := w - 6
	if cells < 12 {
		return nil
	}
	now := a.state.Now
	counts, from := f.f.Histogram(cells, now)
	var bars screen.Line
	blanks := 0
	most := 4
	for _, c := range counts {
		most = max(most, c)
	}
	for _, c := range counts {
		if c == 0 {
			blanks++
			continue
		}
		bars = bars.Pad(blanks).Add(num, sparks[min(c*7/most, 7)])
		blanks = 0
	}
	at, past := a.state.Past()
	where := cells - 1
	if span := now.Sub(from); past && span > 0 {
		where = min(max(int(int64(cells)*int64(at.Sub(from))/int64(span)), 0), cells-1)
	}
	mark, style := screen.T("▲"), warn
	if !past {
		mark, style = screen.T("▼"), okay
	}
	rule := screen.Line{}.Pad(3).Add(faint, screen.T("─").Repeat(where)).Add(style, mark).Add(faint, screen.T("─").Repeat(cells-1-where))
	if h < 12 {
		return []screen.Line{rule}
	}
	lines := []screen.Line{screen.Line{}.Pad(3).Plus(bars), rule, f.labels(a, cells, from, where)}
	if h >= 30 {
		lines = append([]screen.Line{{}}, lines...)
	}
	return lines
}

// labels name times below the timeline; the moment's own always has its place.
func (f feedFace) labels(a *App, cells int, from time.Time, where int) screen.Line {
	now := a.state.Now
	at, past := a.state.Past()
	layout := "15:04"
	if now.Sub(from) < 10*time.Minute {
		layout = "15:04:05"
	}
	mine := clean(at.Format("15:04:05"))
	mineAt := min(max(where-mine.Width()/2, 0), cells-mine.Width())
	line := screen.Line{}.Pad(3)
	told := !past
	step := max(cells/5, 12)
	for c := 0; c < cells; c += step {
		words := clean(from.Add(time.Duration(int64(now.Sub(from)) * int64(c) / int64(cells))).Format(layout))
		if c+step >= cells {
			words = screen.T("now")
			c = cells - 3
		}
		if !told && mineAt <= c+words.Width() {
			if mineAt >= line.Width()-3 {
				line = line.To(3+mineAt).Add(screen.In(screen.Warn), mine).Pad(1)
			}
			told = true
		}
		if c < line.Width()-3 || c+words.Width() > cells {
			continue
		}
		line = line.To(3 + c).Muted(words).Pad(1)
	}
	if !told && mineAt >= line.Width()-3 {
		line = line.To(3+mineAt).Add(warn, mine)
	}
	return line
}

// counts tells what was on the bus then, and what is now.
func (f feedFace) counts(a *App, w int) screen.Line {
	then := [3]int{}
	then[0], then[1], then[2] = a.state.Dir.Counts()
	long := model.Count(then[0], "server") + ", " + model.Count(then[1], "method") + ", " + model.Count(then[2], "stream")
	_, past := a.state.Past()
	if past && w < 70 || len(long)+8 > w {
		// Numbers alone would not say of what.
		long = model.Number(then[0]) + " srv, " + model.Number(then[1]) + " mth, " + model.Number(then[2]) + " str"
	}
	line := screen.Line{}.Pad(3)
	if !past {
		return line.Muted(screen.T("Now  ")).Fg(clean(long))
	}
	servers, methods, streams := a.state.CountsNow()
	line = line.Muted(screen.T("Then  ")).Fg(clean(long))
	return line.Pad(min(6, max(w/12, 2))).Muted(screen.T("Now  ")).Fg(clean(model.Number(servers) + ", " + model.Number(methods) + ", " + model.Number(streams))).Fit(w)
}

// list draws what happened, in the rows that are left.
func (f feedFace) list(a *App, r rect, focused bool) []screen.Line {
	l := &a.state.Lists[model.Feed]
	rows := l.Rows()
	words := model.Number(len(f.f.Entries())) + " since you came"
	looked := "you looked"
	if f.f.Absent {
		looked = "you were here"
	}
	if n, ok := f.f.NewSince(); ok {
		words += ", " + model.Number(n) + " since " + looked
	}
	if f.f.Since {
		words = "only what changed since " + looked
	}
	head := screen.L(plain, screen.T("What happened"))
	lines := []screen.Line{subtitle(head, screen.L(muted, clean(words)), r.w)}
	typing := a.filtering && focused
	if typing || l.Filter != "" {
		lines = append(lines, a.filterLine("/ ", l.Filter, l.Hidden(), r.w, typing))
	}
	height := max(r.h-len(lines), 1)
	if len(rows) == 0 {
		return append(lines, screen.Line{}.Pad(2).Muted(clean(f.none(a, l))).Fit(r.w-1))
	}
	// The row that tells what changed since takes one of theirs.
	mark := -1
	if !f.f.Looked.IsZero() && !f.f.Since {
		for i, id := range rows {
			if e := f.f.Entry(id); e != nil && f.f.Changed(e) {
				mark = i
				break
			}
		}
	}
	at := l.Index()
	shape := f.measure(rows, r.w)
	room := height
	if mark >= 0 {
		room = max(height-1, 1)
	}
	top := a.window("feed", at, len(rows), room)
	for i := top; i < min(top+room, len(rows)); i++ {
		if i == mark {
			words := "╌╌ changed since " + looked + ", " + f.f.SinceWords(a.state.Now) + " "
			line := screen.Line{}.Pad(1).Add(accent, clean(words))
			lines = append(lines, line.Add(accent, screen.T("╌").Repeat(r.w-line.Width()-2)))
		}
		id := rows[i]
		e := f.f.Entry(id)
		if e == nil {
			continue
		}
		a.click(rect{r.x, r.y + len(lines), r.w, 1}, model.Workspace, func(a *App) { a.clickFeed(f.f, id) })
		lines = append(lines, row(shape.line(a, e), r.w, i == at, focused))
	}
	return lines[:min(len(lines), r.h)]
}

func (f feedFace) none(a *App, l *model.List) string {
	switch {
	case l.Filter != "":
		return a.hiddenWords(l)
	case f.f.Since:
		return "Nothing changed since " + f.f.SinceWords(a.state.Now) + ".  " + a.keyFor("nav.back") + " shows all"
	}
	return "Nothing happened yet. Who joins or leaves is told here."
}

func (a *App) clickFeed(f *model.Chronicle, id model.RowID) {
	again := a.state.Focus == model.Workspace && a.state.Lists[model.Feed].Cursor() == id
	a.state.Point(model.Feed, id)
	if again {
		a.queued = a.run(f.Enter(a.state))
	}
}

// feedShape are the widths of the feed's columns.
type feedShape struct {
	f          *model.Chronicle
	name, what int
}

func (f feedFace) measure(rows []model.RowID, w int) feedShape {
	s := feedShape{f: f.f, name: 8, what: 6}
	for _, id := range rows[max(0, len(rows)-200):] {
		if e := f.f.Entry(id); e != nil {
			s.name = max(s.name, clean(e.Name).Width())
			s.what = max(s.what, clean(e.What).Width())
		}
	}
	s.name = min(s.name, max(w/5, 8))
	return s
}

// line tells an entry; what happened after the moment that is shown is muted.
func (s feedShape) line(a *App, e *model.FeedEntry) screen.Line {
	text := plain
	if at, past := a.state.Past(); past && e.At.After(at) {
		text = muted
	}
	when := e.At.Format("15:04:05")
	if y, m, d := e.At.Date(); true {
		if y2, m2, d2 := a.state.Now.Date(); y != y2 || m != m2 || d != d2 {
			when = e.At.Format("Mon 15h")
		}
	}
	line := screen.Line{}.Pad(1).Muted(clean(when)).To(11).Plus(feedSign(e.Kind)).Pad(1)
	line = line.Add(text, clean(e.Name).CutMiddle(s.name)).To(13 + s.name + 2)
	line = line.Muted(clean(e.What)).To(13 + s.name + 2 + s.what + 2)
	return line.Add(text, clean(feedWords(e)))
}

func feedWords(e *model.FeedEntry) string {
	offers := strings.Join(e.Offers, ", ")
	switch {
	case e.Kind == model.FeedLeft && len(e.Offers) > 0:
		return e.Note + ", " + offerCount(len(e.Offers))
	case e.Note != "" && offers != "":
		return offers + "; " + e.Note
	case e.Note != "":
		return e.Note
	case offers == "" && (e.Kind == model.FeedHere || e.Kind == model.FeedJoined):
		return "offers nothing"
	}
	return offers
}

func offerCount(n int) string { return model.Count(n, "offer") }

// feedSign is the sign of what happened.
func feedSign(k model.FeedKind) screen.Line {
	switch k {
	case model.FeedHere:
		return screen.L(okay, screen.T("●"))
	case model.FeedJoined, model.FeedAdded:
		return screen.L(okay, screen.T("+"))
	case model.FeedLeft, model.FeedRemoved:
		return screen.L(bad, screen.T("-"))
	case model.FeedSecond:
		return screen.L(warn, screen.T("≠"))
	case model.FeedLost:
		return screen.L(warn, screen.T("!"))
	case model.FeedBack:
		return screen.L(okay, screen.T("✓"))
	}
	return screen.Line{}.Pad(1)
}

// details say more of the entry under the cursor, in at most h rows.
func (f feedFace) details(a *App, e *model.FeedEntry, w, h int) []screen.Line {
	lines := []screen.Line{subtitle(screen.L(plain, clean(e.Name)), screen.L(muted, clean(e.What+" "+e.At.Format("15:04:05"))), w)}
	for _, fact := range a.state.Facts(e) {
		line := screen.Line{}.Pad(3).Muted(clean(fact.Name)).To(17)
		lines = append(lines, line.Fg(clean(fact.Words)).Fit(w-1))
	}
	return lines[:min(len(lines), h)]
}

// subtitle is the title of a part of a page.
func subtitle(name, right screen.Line, w int) screen.Line {
	right = right.Fit(min(right.Width(), max(w-name.Width()-7, 0)))
	line := screen.Line{}.Pad(1).Plus(name).Pad(1)
	rule := w - 1 - line.Width() - right.Width()
	if right.Width() > 0 {
		rule--
	}
	line = line.Add(faint, screen.T("─").Repeat(rule))
	if right.Width() > 0 {
		line = line.Pad(1).Plus(right)
	}
	return line.Fit(w)
}
