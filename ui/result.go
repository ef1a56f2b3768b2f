package ui

import (
	"time"

	"ioscope/client/bus"
	"ioscope/model"
	"ioscope/ui/screen"
)

// resultPage draws a call that was sent: its form, folded, and the answers.
func (a *App) resultPage(t *model.Thing, r rect) []screen.Line {
	when := screen.L(muted, screen.T("asked ")).Muted(clock(t.Asked))
	var lines []screen.Line
	if t.Unfolded {
		focused := a.working(t, model.InForm)
		lines = append(lines, title(r.w, screen.Text{}, screen.L(plain, clean(t.Def.Name)), when, focused))
		form := a.formLines(t, r.w, max(r.h*2/3, 1), r.x, r.y+1)
		lines = append(lines, form[:min(len(form), max(r.h*2/3, 1))]...)
	} else {
		lines = append(lines, title(r.w, screen.Text{}, screen.L(plain, clean(t.Def.Name)), when, false))
		a.click(rect{r.x, r.y + 1, r.w, 1}, model.Workspace, func(a *App) { a.unfold() })
		lines = append(lines, a.asked(t, r.w))
	}
	lines = append(lines, asideLines(t, r)...)
	if r.h > 8 {
		lines = append(lines, screen.Line{})
	}
	focused := a.working(t, model.InResult)
	if t.Results.Compared != nil {
		name := screen.T("Results compared")
		switch {
		case t.Results.Compared.Before:
			name = screen.T("Compared with the call before")
		case r.w < 50:
			name = screen.T("Compared")
		}
		lines = append(lines, a.workTitle(r.w, screen.L(plain, name), a.resultNote(t), focused, t.Def.Name))
		return append(lines, a.comparePane(t, rect{r.x, r.y + len(lines), r.w, r.h - len(lines)}, focused)...)
	}
	lines = append(lines, a.workTitle(r.w, screen.L(plain, screen.T("Result")), a.resultNote(t), focused, t.Def.Name))
	return append(lines, a.answers(t, rect{r.x, r.y + len(lines), r.w, r.h - len(lines)}, focused)...)
}

// resultNote says how far the call has come.
func (a *App) resultNote(t *model.Thing) screen.Line {
	ok, failed, pending := t.Results.Counts()
	all := ok + failed + pending
	switch {
	case t.Phase == model.Asking:
		return screen.L(warn, a.spinner()).Pad(1).Fg(clean(model.Awaited(a.state.Now.Sub(t.Asked))))
	case t.GivenUp:
		return screen.L(muted, screen.T("given up"))
	case t.Err != nil:
		return screen.L(bad, screen.T("✗ not asked"))
	}
	took := screen.L(muted, clean("  "+model.Duration(t.Took())))
	var line screen.Line
	if ok > 0 {
		line = line.Add(okay, clean("✓ "+model.Number(ok)))
	}
	if failed+pending > 0 {
		if ok > 0 {
			line = line.Pad(2)
		}
		line = line.Add(bad, clean("✗ "+model.Number(failed+pending)))
	}
	line = line.Muted(clean(" of " + model.Number(all)))
	if n, _, _ := t.Results.Marks(); n > 0 && a.lay.class != single && t.Results.Compared == nil {
		// Returned is not right: what came does not fit what was promised.
		line = line.Pad(2).Add(warn, clean("! "+model.Count(n, "mark")))
	}
	return line.Plus(took)
}

// answers draws what each server said, as far as the rows go.
func (a *App) answers(t *model.Thing, r rect, focused bool) []screen.Line {
	res := &t.Results
	var head []screen.Line
	if lines := a.waitLines(t, r.w); len(lines) > 0 {
		head = append(lines, screen.Line{})
	}
	foot := a.resultFoot(t, r)
	height := max(r.h-len(head)-len(foot), 1)
	find := t.Sought()
	widths := map[int]int{}
	top := a.resultTop(t, height, r.w, widths)
	lines := head
	for i := top; i < res.Len() && len(lines) < len(head)+height; i++ {
		at, inside := res.Row(i)
		ans := res.Answers[at]
		here := i == res.Index()
		drawn := []screen.Line{}
		switch {
		case inside < 0:
			drawn = append(drawn, a.answerLine(t, ans, r.w-1))
		case t.Wrap:
			drawn = wrapped(ans.Tree.Row(inside), widths[at], r.w-a.indent()-1, height, find)
		default:
			drawn = append(drawn, valueLine(ans.Tree.Row(inside), widths[at], r.w-a.indent()-1, find))
		}
		for _, line := range drawn {
			if inside >= 0 {
				line = screen.Line{}.Pad(a.indent() - 1).Plus(line)
			}
			a.click(rect{r.x, r.y + len(lines), r.w, 1}, model.Workspace, func(a *App) { a.clickResult(t, i) })
			lines = append(lines, row(line, r.w, here, focused))
		}
		if inside < 0 && (len(res.Answers) <= 3 || here) {
			lines = append(lines, a.errorLines(ans, r.w)...)
		}
	}
	if len(foot) > 0 {
		lines = append(screen.Rows(lines, r.w, max(r.h-len(foot), 0)), foot...)
	}
	return lines
}

// resultTop is the first row that shows. Rows that wrap take more than a line, so the
// cursor's may have to be brought in.
func (a *App) resultTop(t *model.Thing, height, w int, widths map[int]int) int {
	res := &t.Results
	top := a.window("result"+string(t.Row()), res.Index(), res.Len(), height)
	for i, ans := range res.Answers {
		if ans.Tree != nil {
			from := 0
			if i == res.At {
				from = ans.Tree.Cursor()
			}
			widths[i] = nameWidth(ans.Tree.Rows(max(from-height, 0), 2*height))
		}
	}
	if !t.Wrap {
		return top
	}
	for used, i := 0, res.Index(); i >= top; i-- {
		if at, inside := res.Row(i); inside < 0 {
			used++
		} else {
			used += len(wrapped(res.Answers[at].Tree.Row(inside), widths[at], w-a.indent()-1, height, nil))
		}
		if used > height {
			top = min(i+1, res.Index())
			a.tops["result"+string(t.Row())] = top
			break
		}
	}
	return top
}

// answerLine is the line of one server: how it went, who it was, how long it took.
func (a *App) answerLine(t *model.Thing, ans *model.Answer, w int) screen.Line {
	line := screen.Line{}.Pad(a.indent() - 1)
	name := a.instanceWords(ans.Server, w)
	var took screen.Line
	switch {
	case ans.Pending && t.Phase == model.Asking:
		line = line.Add(warn, a.spinner()).Pad(1).Plus(name)
		took = screen.L(num, clean(model.Awaited(a.state.Now.Sub(t.Asked))))
	case ans.Pending:
		line = line.Muted(screen.T("○ ")).Plus(name).Pad(2).Muted(screen.T("not awaited any more"))
	case ans.Err != nil:
		line = line.Add(bad, screen.T("✗ ")).Plus(name)
		if words := errorWords(ans); words.Width() <= w-line.Width()-14 {
			line = line.Pad(2).Plus(words)
		}
		took = screen.L(num, clean(model.Duration(ans.Took)))
	default:
		line = line.Add(okay, screen.T("✓ ")).Plus(name)
		if ans.Folded {
			line = line.Pad(2).Plus(payload(ans.Value, max(w-line.Width()-22, 0)))
		}
		size := model.Bytes(len(ans.Value))
		if ans.Objects > 1 {
			size = model.Count(ans.Objects, "object") + "  " + size
		}
		took = screen.L(muted, clean(size)).Pad(2).Add(num, clean(model.Duration(ans.Took)))
	}
	return line.Ends(took.Pad(2), w)
}

func (a *App) instanceWords(i bus.Instance, w int) screen.Line {
	line := screen.L(bold, clean(i.Name()))
	if w > 70 {
		for _, s := range []string{i.Machine, i.User} {
			if s != "" {
				line = line.Pad(2).Muted(clean(s).CutMiddle(16))
			}
		}
		if i.PID != 0 {
			line = line.Pad(2).Muted(clean("pid " + itoa(i.PID)))
		}
	}
	return line
}

// errorWords tells the server's own words from ours.
func errorWords(ans *model.Answer) screen.Line {
	if words := model.Unreasoned(ans.Err); words != "" {
		return screen.L(muted, screen.T("failed and ")).Fg(clean(words))
	}
	if said, ok := model.Said(ans.Err); ok {
		return screen.L(muted, screen.T("says: ")).Fg(clean(said))
	}
	return screen.L(plain, clean(ans.Err.Error()))
}

// errorLinesMost bounds the lines that one error may take.
const errorLinesMost = 8

// errorLines are the whole words of an error that has no room on the server's
// own line.
func (a *App) errorLines(ans *model.Answer, w int) []screen.Line {
	if ans.Err == nil {
		return nil
	}
	words := errorWords(ans)
	name := a.instanceWords(ans.Server, w-1)
	if words.Width() <= w-1-a.indent()-1-name.Width()-14 {
		return nil
	}
	text := ans.Err.Error()
	if said, ok := model.Said(ans.Err); ok {
		text = "says: " + said
	}
	if words := model.Unreasoned(ans.Err); words != "" {
		text = "failed and " + words
	}
	p := &page{w: w, indent: a.indent() + 2}
	p.text(plain, text)
	return p.lines[:min(len(p.lines), errorLinesMost)]
}

// waitLines tell how much of the time is gone, or why nothing could be asked.
func (a *App) waitLines(t *model.Thing, w int) []screen.Line {
	p := a.newPage(w)
	elapsed := a.state.Now.Sub(t.Asked)
	switch {
	case t.Phase == model.Asking && len(t.Reaches) == 0:
		p.add(a.progress(elapsed, t.WaitFor, w-6).Pad(3).Muted(screen.T("until a server offers it")))
		p.add(a.keySign("open.close").Muted(screen.T(" gives up")))
	case t.Phase == model.Asking:
		p.add(a.progress(elapsed, t.AnswerIn, w-6).Pad(3).Plus(a.keySign("open.close")).Muted(screen.T(" gives up")))
	case t.GivenUp:
		p.text(muted, "given up after "+model.Awaited(t.Over.Sub(t.Asked))+". A late answer goes to the history.")
	case t.Err != nil:
		p.text(bad, "✗ "+t.Err.Error())
		p.add(a.keySign("tree.fold").Muted(screen.T(" opens the form   ")).Plus(a.keySign("open.repeat")).Muted(screen.T(" asks again")))
	}
	return p.lines
}

// progress is a bar of a time limit: how much of it is gone.
func (a *App) progress(elapsed, limit time.Duration, w int) screen.Line {
	const cells = 24
	n := min(cells, max(0, w-30))
	done := 0
	if limit > 0 {
		done = min(int(int64(n)*int64(elapsed)/int64(limit)), n)
	}
	style := accent
	if limit > 0 && elapsed*5 >= limit*4 {
		style = warn
	}
	return screen.L(style, a.spinner()).Pad(1).Fg(clean(model.Awaited(elapsed)+" of "+model.Awaited(limit))).Pad(3).
		Add(style, screen.T("━").Repeat(done)).Add(faint, screen.T("─").Repeat(n-done))
}

// resultFoot tells what is marked, what is sought, and the path of the cursor. It is
// empty in a pane that has no room for it.
func (a *App) resultFoot(t *model.Thing, r rect) []screen.Line {
	res := &t.Results
	finding := a.filtering && a.finding && a.working(t, model.InResult)
	if r.h <= 6 && !finding {
		return nil
	}
	var notes []screen.Line
	if line := a.marksLine(t); line.Width() > 0 {
		notes = append(notes, line.Fit(r.w))
	}
	if t.Find != "" || finding {
		notes = append(notes, a.findLine(t, r.w, finding))
	}
	last := screen.Line{}
	if ans := res.Current(); ans != nil && res.Inside && ans.Tree != nil {
		tree := ans.Tree
		where := screen.L(muted, clean("row "+model.Number(tree.Cursor()+1)+" of "+model.Number(tree.Len()))).Pad(1)
		path := clean(brief(tree.Row(tree.Cursor()).Path, r.w)).CutMiddle(max(r.w-where.Width()-3, 1))
		last = screen.Line{}.Pad(1).Fg(path).Ends(where, r.w)
	}
	notes = append(notes, last)
	if r.h > 16 {
		var apart []screen.Line
		for _, line := range notes {
			apart = append(apart, screen.Line{}, line)
		}
		return apart
	}
	if r.h > 12 {
		return append([]screen.Line{{}}, notes...)
	}
	if finding {
		return notes[len(notes)-2 : len(notes)-1]
	}
	return notes[max(len(notes)-1, 0):]
}

// marksLine counts what does not fit returns.
func (a *App) marksLine(t *model.Thing) screen.Line {
	n, more, unchecked := t.Results.Marks()
	line := screen.Line{}.Pad(a.indent())
	switch {
	case n > 0:
		words := model.Count(n, "mark") + " against returns"
		if more {
			words = "more than " + words
		}
		return line.Add(warn, clean(words)).Pad(2).Plus(a.keySign("find.next")).Muted(screen.T(" goes to the next"))
	case unchecked:
		return line.Muted(screen.T("too large to be checked against returns"))
	}
	return screen.Line{}
}

// findLine is the line in which is typed what to look for, and how much there is.
func (a *App) findLine(t *model.Thing, w int, typing bool) screen.Line {
	line := screen.Line{}.Pad(1).Add(accent, screen.T("/ "))
	right := screen.L(muted, clean(a.keyed("{find.next} {find.prev} go, {nav.back} clears"))).Pad(1)
	if t.Results.Hits > 0 {
		right = screen.L(plain, clean(model.Number(t.Results.Hit)+" of "+model.Number(t.Results.Hits))).Pad(3).Plus(right)
	}
	if typing {
		right = a.keySign("filter.keep").Muted(screen.T(" finds  ")).Plus(a.keySign("filter.clear")).Muted(screen.T(" clears")).Pad(1)
		return line.Plus(a.inputText(max(w-line.Width()-right.Width()-1, 1))).Ends(right, w).On(screen.Sel)
	}
	return line.Fg(clean(t.Find)).Ends(right, w)
}
