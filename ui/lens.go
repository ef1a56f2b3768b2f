package ui

import (
	"strings"
	"time"

	"ioscope/model"
	"ioscope/ui/screen"
)

// lensFace draws the branches of a stream.
type lensFace struct{ l *model.Lens }

func (lensFace) place(*App) place { return inLens }

func (f lensFace) filter(*App) (string, func(string)) {
	return f.l.Filter, func(text string) { f.l.Filter = text }
}

func (f lensFace) copyable(a *App) (text, what string) {
	v := f.l.View(a.state.Now)
	id := f.l.Cursor(v)
	for _, e := range v.Private {
		if e.Row() == id {
			return string(e.Data), "the payload"
		}
	}
	for _, b := range v.Branches {
		if b.Row() == id {
			return branchName(b), "the branch"
		}
	}
	for _, g := range v.Groups {
		for _, m := range g.Members {
			if m.Row() == id {
				return string(m.Args), "the arguments"
			}
		}
	}
	return "", ""
}

func (f lensFace) row(a *App) (sign screen.Text, state screen.Line) {
	rate, lost := 0.0, false
	for _, t := range a.state.Things {
		if t.Content == nil && t.Method == f.l.Method && t.Phase == model.Running {
			rate += t.Rate(a.state.Now)
			lost = lost || !t.Interrupted.IsZero()
		}
	}
	if lost {
		return screen.T("≈"), screen.L(warn, screen.T("lost"))
	}
	state = screen.L(num, clean(model.PerSecond(rate)))
	if !f.l.Paused().IsZero() {
		state = screen.L(warn, screen.T("‖ ")).Plus(state)
	}
	return screen.T("≈"), state
}

// groupLetter is the letter of a group, in its colour; blank below 0.
func groupLetter(n int) screen.Line {
	if n < 0 {
		return screen.Line{}.Pad(1)
	}
	return letter(n)
}

func groupStyle(n int) screen.Style { return screen.In(series[max(n, 0)%len(series)]) }

// lensPage is a page with rows that the cursor can be on.
type lensPage struct {
	*page
	a      *App
	l      *model.Lens
	v      *model.LensView
	cursor model.RowID
	// at is the line of the cursor, rows tell which line is which row.
	at   int
	rows map[int]model.RowID
	// tight leaves out what can be done without.
	tight bool
}

func (f lensFace) draw(a *App, r rect) []screen.Line {
	v := f.l.View(a.state.Now)
	p := &lensPage{page: &page{w: r.w - 1, indent: a.indent() - 1}, a: a, l: f.l, v: v, cursor: f.l.Cursor(v), at: -1, rows: map[int]model.RowID{}, tight: r.h < 30}
	p.write(r.h - 1)
	height := max(r.h-1, 1)
	top := a.window("lens"+string(f.l.Method), p.at, len(p.lines), height)
	if p.at >= 0 && p.at < height-1 {
		top = 0
		a.tops["lens"+string(f.l.Method)] = 0
	}
	focused := a.state.Focus == model.Workspace && len(a.dialogs) == 0
	lines := []screen.Line{title(r.w, digits[0], screen.L(plain, clean("Branches of "+f.l.Def.Name)), f.note(a, v, top, len(p.lines)-top-height), focused)}
	for i := top; i < min(top+height, len(p.lines)); i++ {
		if id, ok := p.rows[i]; ok {
			a.click(rect{r.x, r.y + len(lines), r.w, 1}, model.Workspace, func(a *App) { a.clickLens(f.l, id) })
		}
		lines = append(lines, row(p.lines[i], r.w, i == p.at, focused))
	}
	return lines
}

func (a *App) clickLens(l *model.Lens, id model.RowID) {
	again := a.state.Focus == model.Workspace && l.Cursor(l.View(a.state.Now)) == id
	a.focusWork()
	if again {
		a.queued = a.run(l.Enter(a.state))
		return
	}
	l.Point(a.state, id)
}

// note stands at the right of the title.
func (f lensFace) note(a *App, v *model.LensView, above, below int) screen.Line {
	n := 0
	for _, g := range v.Groups {
		n += len(g.Members)
	}
	line := screen.Line{}
	switch {
	case above > 0 && below > 0:
		line = line.Muted(screen.T("↕ "))
	case above > 0:
		line = line.Muted(screen.T("↑ "))
	case below > 0:
		line = line.Muted(screen.T("↓ "))
	}
	if at := f.l.Paused(); !at.IsZero() {
		return line.Add(warn, clean("‖ paused "+at.Format("15:04:05")))
	}
	switch a.lay.class {
	case single:
		return line.Fg(clean(model.Number(n))).Muted(screen.T(" subs"))
	case narrow:
		return line.Muted(clean(model.Count(n, "subscription")))
	case normal, wide:
	}
	return line.Muted(screen.T("inferred from ")).Fg(clean(model.Count(n, "subscription")))
}

// write writes the page; h is how many rows there are to see it in.
func (p *lensPage) write(h int) {
	focused := p.a.filtering && p.a.state.Focus == model.Workspace
	if focused || p.l.Filter != "" {
		p.lines = append(p.lines, p.a.filterLine("/ ", p.l.Filter, p.v.Hidden, p.w, focused))
	}
	none := len(p.v.Groups) == 0
	if none {
		p.blank()
		p.text(plain, "No subscription of yours to "+p.l.Def.Name+" has heard anything yet.")
		p.add(screen.L(accent, screen.T("N")).Muted(screen.T("  subscribes")))
		p.blank()
	}
	if !p.l.PrivateOnly {
		if !p.tight && !none {
			p.text(muted, "A subscriber is never told its branch. This is what the events show.")
			p.blank()
		}
		for i, g := range p.v.Groups {
			p.group(i, g)
			p.space()
		}
		if p.v.Uncompared > 0 {
			p.text(warn, "! "+model.Count(p.v.Uncompared, "subscription")+" more: 16 can be compared at once")
		}
		if !none {
			p.timeline()
			p.space()
		}
	}
	if p.v.Privates > 0 || p.l.PrivateOnly {
		p.private(h)
		p.space()
	}
	if !p.l.PrivateOnly {
		p.truth()
	}
}

// space is a blank row where there is room for it.
func (p *lensPage) space() {
	if !p.tight {
		p.blank()
	}
}

// head is the title of a part of the page.
func (p *lensPage) head(name, right screen.Line) {
	right = right.Fit(min(right.Width(), max(p.w-name.Width()-6, 0)))
	line := name.Pad(1)
	rule := p.w - 1 - line.Width() - right.Width()
	if right.Width() > 0 {
		rule--
	}
	line = line.Add(faint, screen.T("─").Repeat(rule))
	if right.Width() > 0 {
		line = line.Pad(1).Plus(right)
	}
	p.lines = append(p.lines, line)
}

// thing adds a line that the cursor can be on.
func (p *lensPage) thing(id model.RowID, line screen.Line) {
	if id == p.cursor {
		p.at = len(p.lines)
	}
	p.rows[len(p.lines)] = id
	p.lines = append(p.lines, line)
}

// group draws the subscriptions of one branch.
func (p *lensPage) group(i int, g model.LensGroup) {
	name := groupLetter(i).Pad(2)
	if len(g.Members) > 1 {
		name = name.Fg(screen.T("one branch"))
	} else {
		name = name.Fg(screen.T("alone"))
	}
	p.head(name, p.verdict(g))
	for _, m := range g.Members {
		p.member(i, m)
	}
	if words := p.evidence(g); words != "" && !(p.tight && len(g.Members) == 1) {
		p.text(muted, words)
	}
}

// verdict says how sure it is that a group is one branch, or alone.
func (p *lensPage) verdict(g model.LensGroup) screen.Line {
	share := clean(model.Number(g.Both) + " of " + model.Number(g.All))
	word := screen.L(warn, clean(g.Verdict.String()))
	if g.Verdict == model.Sure {
		word = screen.L(okay, screen.T("sure"))
	}
	if len(g.Members) > 1 {
		line := word.Pad(2).Muted(share)
		if p.a.lay.class != single {
			line = line.Muted(screen.T(" shared events equal"))
		}
		return line
	}
	switch {
	case g.Nearest < 0:
		return screen.L(muted, screen.T("nothing to compare with"))
	case g.Verdict == model.TooEarly:
		return word.Pad(2).Muted(clean(model.Number(g.All) + " of 10 events that tell"))
	case g.Verdict != model.Apart:
		return word.Pad(2).Muted(share)
	case g.Both == 0:
		return screen.L(muted, screen.T("nothing in common with ")).Plus(groupLetter(g.Nearest)).Muted(clean(" in " + model.Number(g.All) + " events"))
	}
	return screen.L(muted, share.Plus(screen.T(" in common with "))).Plus(groupLetter(g.Nearest))
}

// evidence names what the verdict rests on.
func (p *lensPage) evidence(g model.LensGroup) string {
	if len(g.Members) < 2 {
		if g.Nearest < 0 && g.Heard > 0 {
			return "one subscription alone shows nothing; N subscribes with other arguments"
		}
		return ""
	}
	words := "evidence: "
	switch g.Numbered {
	case g.Both:
		words += "same sequence and same payload"
	case 0:
		words += "same payload, without a sequence"
	default:
		words += "same payload, " + model.Number(g.Numbered) + " with the same sequence"
	}
	if g.Within < time.Millisecond {
		words += ", less than 1 ms apart"
	} else {
		words += ", at most " + model.Duration(g.Within) + " apart"
	}
	if lone := g.All - g.Both; lone > 0 {
		words += "; " + model.Number(lone) + " came to one alone"
	}
	return words
}

// label is how a subscription is called: A #1.
func label(group, number int) screen.Line {
	return groupLetter(group).Pad(1).Add(groupStyle(group), clean("#"+itoa(int64(number)))).Fit(6)
}

func (p *lensPage) member(group int, m model.LensMember) {
	t := p.a.state.Thing(m.Thing)
	if t == nil {
		return
	}
	rate := p.a.thingState(t)
	private := clean(model.Number(m.Private) + " private")
	right := rate.Pad(3).Add(plain, private)
	since := screen.L(muted, screen.T("since ")).Muted(clock(m.Since))
	if s := p.a.state.Dir.ByPeer(m.Server); s != nil && t.Target.Mode != 0 {
		since = since.Muted(screen.T("  from ")).Muted(clean(s.Instance.Name()).Cut(16))
	}
	left := screen.Line{}.Pad(p.indent).Plus(label(group, m.Number))
	w := p.w - 2
	if p.a.lay.class == single {
		right = rate
	}
	if p.tight {
		since = screen.Line{}
	}
	args := argsLine(m.Args, max(w-left.Width()-right.Width()-since.Width()-4, 8))
	left = left.Plus(args)
	if since.Width() > 0 && left.Width()+since.Width()+right.Width()+4 <= w {
		left = left.Pad(3).Plus(since)
	}
	p.thing(m.Row(), left.Ends(right, w))
}

// timeline draws when what came to whom in the last seconds.
func (p *lensPage) timeline() {
	n := 0
	for _, g := range p.v.Groups {
		n += len(g.Members)
	}
	if n == 0 {
		return
	}
	legend := screen.L(muted, screen.T("● shared   ○ private   ╎ 1 s"))
	if p.a.lay.class == single {
		legend = screen.L(muted, screen.T("● shared  ○ private"))
	}
	p.head(screen.L(plain, screen.T("last 4 seconds")), legend)
	from := p.indent + 6
	cells := p.w - from - 2
	if cells < 8 {
		return
	}
	step := model.BeatSpan / time.Duration(cells)
	// Whole columns, so that what is drawn moves and does not flicker.
	end := p.v.At.Truncate(step)
	p.space()
	for i, g := range p.v.Groups {
		for _, m := range g.Members {
			line := screen.Line{}.Pad(p.indent).Plus(label(i, m.Number))
			blanks := 0
			for c := range cells {
				shared, private := m.Beats.Between(end.Add(time.Duration(c-cells)*step), end.Add(time.Duration(c+1-cells)*step))
				sign := screen.T("●")
				switch {
				case private > 0:
					sign = screen.T("○")
				case shared == 0:
					blanks++
					continue
				}
				line = line.Pad(blanks).Add(groupStyle(i), sign)
				blanks = 0
			}
			p.lines = append(p.lines, line.Pad(blanks))
		}
	}
	p.axis(from, cells, step, end)
}

// axis marks the whole seconds below the timeline.
func (p *lensPage) axis(from, cells int, step time.Duration, end time.Time) {
	line := screen.Line{}.Pad(from)
	first := true
	for c := range cells {
		a, b := end.Add(time.Duration(c-cells)*step), end.Add(time.Duration(c+1-cells)*step)
		second := b.Truncate(time.Second)
		if second.Before(a) || !second.Before(b) || line.Width() > from+c {
			continue
		}
		words := "╎ " + second.Format(":05")
		if first {
			words = "╎ " + second.Format("15:04:05")
		}
		if from+c+clean(words).Width() > from+cells {
			break
		}
		line = line.To(from + c).Muted(clean(words)).Pad(1)
		first = false
	}
	p.lines = append(p.lines, line)
}

// private lists what came to one subscription alone.
func (p *lensPage) private(h int) {
	p.head(screen.L(plain, screen.T("private, only to you")), screen.L(plain, clean(model.Number(p.v.Privates))))
	list := p.v.Private
	most := max(4, h/8)
	if p.l.PrivateOnly {
		most = len(list)
	}
	here := len(list) - 1
	for i, e := range list {
		if e.Row() == p.cursor {
			here = i
		}
	}
	from := max(min(here-most/2, len(list)-most), 0)
	if p.v.Privates == 0 {
		p.text(muted, "nothing came to one of them alone")
	}
	for _, e := range list[from:min(from+most, len(list))] {
		line := screen.Line{}.Pad(p.indent).Muted(clean(e.At.Format("15:04:05.000"))).Pad(2)
		group := p.v.GroupOf(e.Member)
		line = line.Plus(groupLetter(group)).Pad(1).Fg(clean("#" + itoa(int64(e.Member)))).Pad(3)
		tail := screen.Line{}
		if e.Snapshot {
			tail = tail.Pad(2).Add(lit, screen.T("snapshot"))
		}
		p.thing(e.Row(), line.Plus(payload(e.Data, max(p.w-2-line.Width()-tail.Width(), 4))).Plus(tail))
	}
}

// truth lists the branches as the bus or the publisher knows them.
func (p *lensPage) truth() {
	known := p.l.Truth
	if !known.Known {
		if !p.tight {
			p.head(screen.L(plain, screen.T("true branches")), screen.L(muted, screen.T("not known: neither bus nor publisher is ours")))
		}
		return
	}
	p.head(screen.L(plain, screen.T("true branches")), screen.L(muted, clean(known.Source)))
	if len(p.v.Branches) == 0 {
		p.text(muted, "none now: nobody is subscribed")
		return
	}
	names := 6
	for _, b := range p.v.Branches {
		names = max(names, clean(branchName(b)).Width())
	}
	names = min(names, max(p.w/3, 6))
	at := p.indent + 2
	line := screen.Line{}.Pad(at).Muted(screen.T("key")).To(at + names + 2).Muted(screen.T("subscribers"))
	p.lines = append(p.lines, line.Ends(screen.L(muted, screen.T("events      /s")), p.w-2))
	for _, b := range p.v.Branches {
		line := screen.Line{}.Pad(p.indent).Plus(groupLetter(p.v.Letter(b))).Pad(1)
		style := plain
		if !b.KeyKnown {
			style = muted
		}
		line = line.Add(style, clean(branchName(b)).CutMiddle(names)).To(at + names + 2)
		rate := strings.TrimSuffix(model.PerSecond(b.Rate), "/s")
		right := screen.L(num, right(model.Number(int(b.Events)), 9)).Add(num, right8(rate))
		line = line.Fg(clean(p.subscribers(b)).Cut(max(p.w-4-line.Width()-right.Width(), 4)))
		p.thing(b.Row(), line.Ends(right, p.w-2))
	}
	p.space()
	if n := len(p.v.Groups); n > 0 {
		style, words := muted, "inferred and true agree on "+model.Number(p.v.Agree)+" of "+model.Count(n, "group")
		if p.v.Agree < n && !p.early() {
			style = warn
			words = "! " + words
		}
		p.text(style, words)
	}
}

// early reports whether a group waits for its verdict.
func (p *lensPage) early() bool {
	for _, g := range p.v.Groups {
		if g.Verdict == model.TooEarly {
			return true
		}
	}
	return false
}

func right8(words string) screen.Text { return right(words, 8) }

func branchName(b model.TrueBranch) string {
	switch {
	case !b.KeyKnown:
		return "stream id " + b.ID
	case b.Key == "":
		return "(none)"
	}
	return b.Key
}

// subscribers names who is on a branch, ours by their numbers.
func (p *lensPage) subscribers(b model.TrueBranch) string {
	names := make([]string, len(b.Subscribers))
	for i, s := range b.Subscribers {
		names[i] = s.Name
		if number := p.l.NumberOf(s.Thing); s.Thing != 0 && number != "" {
			names[i] += " " + number
		}
	}
	return strings.Join(names, ", ")
}
