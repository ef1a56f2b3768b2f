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
	if r.h > 8 {
		lines = append(lines, screen.Line{})
	}
	focused := a.working(t, model.InResult)
	if t.Results.Compared != nil {
		lines = append(lines, title(r.w, digits[0], screen.L(plain, screen.T("Results compared")), a.resultNote(t), focused))
		return append(lines, a.comparePane(t, rect{r.x, r.y + len(lines), r.w, r.h - len(lines)}, focused)...)
	}
	lines = append(lines, title(r.w, digits[0], screen.L(plain, screen.T("Result")), a.resultNote(t), focused))
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
	return line.Muted(clean(" of " + model.Number(all))).Plus(took)
}

// answers draws what each server said, as far as the rows go.
func (a *App) answers(t *model.Thing, r rect, focused bool) []screen.Line {
	res := &t.Results
	var head []screen.Line
	if lines := a.waitLines(t, r.w); len(lines) > 0 {
		head = append(lines, screen.Line{})
	}
	foot := 0
	if r.h > 12 {
		foot = 2
	}
	height := max(r.h-len(head)-foot, 1)
	top := a.window("result"+string(t.Row()), res.Index(), res.Len(), height)
	lines := head
	widths := map[int]int{}
	for i := top; i < min(top+height, res.Len()); i++ {
		at, inside := res.Row(i)
		ans := res.Answers[at]
		here := i == res.Index()
		var line screen.Line
		if inside < 0 {
			line = a.answerLine(t, ans, r.w-1)
		} else {
			if _, ok := widths[at]; !ok {
				widths[at] = nameWidth(ans.Tree.Rows(max(inside-height, 0), 2*height))
			}
			line = screen.Line{}.Pad(a.indent() - 1).Plus(treeLine(ans.Tree.Row(inside), widths[at], r.w-4))
		}
		a.click(rect{r.x, r.y + len(lines), r.w, 1}, model.Workspace, func(a *App) { a.clickResult(t, i) })
		lines = append(lines, row(line, r.w, here, focused))
		if inside < 0 && (len(res.Answers) <= 3 || here) {
			lines = append(lines, a.errorLines(ans, r.w)...)
		}
	}
	if foot > 0 {
		lines = screen.Rows(lines, r.w, r.h-1)
		lines = append(lines, a.resultFoot(t, r.w))
	}
	return lines
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
		took = screen.L(muted, clean(model.Bytes(len(ans.Value)))).Pad(2).Add(num, clean(model.Duration(ans.Took)))
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
		p.add(screen.L(accent, screen.T("x")).Muted(screen.T(" gives up")))
	case t.Phase == model.Asking:
		p.add(a.progress(elapsed, t.AnswerIn, w-6).Pad(3).Add(accent, screen.T("x")).Muted(screen.T(" gives up")))
	case t.GivenUp:
		p.text(muted, "given up after "+model.Awaited(t.Over.Sub(t.Asked))+". A late answer is not shown.")
	case t.Err != nil:
		p.text(bad, "✗ "+t.Err.Error())
		p.add(screen.L(accent, screen.T("enter")).Muted(screen.T(" opens the form   ")).Add(accent, screen.T("r")).Muted(screen.T(" asks again")))
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

// resultFoot tells the path of the cursor.
func (a *App) resultFoot(t *model.Thing, w int) screen.Line {
	res := &t.Results
	ans := res.Current()
	if ans == nil || !res.Inside || ans.Tree == nil {
		return screen.Line{}
	}
	tree := ans.Tree
	where := "row " + model.Number(tree.Cursor()+1) + " of " + model.Number(tree.Len())
	return screen.Line{}.Pad(1).Fg(clean(tree.Row(tree.Cursor()).Path)).Ends(screen.L(muted, clean(where)).Pad(1), w)
}
