package ui

import (
	"strings"

	"ioscope/model"
	"ioscope/ui/screen"
)

// sieveLines are the lines that narrow a stream or look for something: those that
// stand in one, the one that is typed in its own, and what is wrong with them.
func (a *App) sieveLines(t *model.Thing, w int, focused bool) []screen.Line {
	typing := a.filtering && focused
	expressing, finding := typing && a.sift.expressing, typing && a.finding
	filtering := typing && !expressing && !finding
	var lines []screen.Line
	if line := a.sieveLine(t, w, expressing, filtering); line.Width() > 0 {
		lines = append(lines, line)
	}
	_, kept := t.Tail.Shown()
	count := a.sieveCount(t)
	switch {
	case expressing:
		lines = append(lines, a.typedLine("| ", count, w))
	case filtering:
		lines = append(lines, a.typedLine("& ", count, w))
	}
	complaint := t.Sieve.JQ.Wrong
	if t.Sieve.Wrong != nil {
		complaint = t.Sieve.Wrong.Error()
	}
	if complaint == "" && kept > 0 {
		complaint = t.Complaint()
	}
	if complaint != "" {
		p := &page{w: w, indent: 4}
		p.text(warn, complaint)
		lines = append(lines, p.lines[:min(len(p.lines), 3)]...)
	}
	if typing && len(a.sift.candidates) > 0 {
		lines = append(lines, screen.Line{}.Pad(4).Muted(clean(strings.Join(a.sift.candidates, "  "))).Fit(w-1))
	}
	if finding || t.Find != "" {
		lines = append(lines, a.foundLine(t, w, finding))
	}
	return lines
}

// foundLine is the line in which is typed what to look for in the rows, and how many
// of them have it: those that are far off, too. By key it is the latest rows that count.
func (a *App) foundLine(t *model.Thing, w int, typing bool) screen.Line {
	right := screen.Line{}
	at, count := t.Tail.Found()
	unit, still := "row", !t.Tail.Following()
	if t.ByKeys() {
		at, count = t.FoundKeys(a.state.Now)
		unit, still = "latest row", true
	}
	switch {
	case t.Sought().Empty():
	case count == 0:
		right = screen.L(muted, clean("in no "+unit))
	case at > 0 && still:
		right = screen.L(plain, clean(model.Number(at)+" of "+model.Number(count)))
	default:
		right = screen.L(plain, clean("in "+model.Count(count, unit)))
	}
	if typing {
		return a.typedLine("/ ", right, w)
	}
	line := screen.Line{}.Pad(2).Add(accent, screen.T("/ ")).Add(bold, clean(t.Find))
	help := clean(a.keyFor("nav.back") + " clears")
	if line.Width()+right.Width()+help.Width()+5 <= w {
		right = right.Pad(3).Muted(help)
	}
	return line.Ends(right.Pad(1), w)
}

// typedLine is the line that has the text cursor.
func (a *App) typedLine(sign string, right screen.Line, w int) screen.Line {
	line := screen.Line{}.Pad(2).Add(accent, clean(sign))
	if right.Width() > w/2 {
		right = screen.Line{}
	}
	return line.Plus(a.inputText(w-line.Width()-right.Width()-2)).Ends(right.Pad(1), w).On(screen.Sel)
}

// sieveLine tells in one line what narrows the rows; of what is typed just now
// the other line tells.
func (a *App) sieveLine(t *model.Thing, w int, expressing, filtering bool) screen.Line {
	line := screen.Line{}.Pad(2)
	add := func(sign, text string) {
		if line.Width() > 2 {
			line = line.Pad(2)
		}
		line = line.Add(accent, clean(sign)).Pad(1).Add(bold, clean(text))
	}
	if j := t.Sieve.JQ; j.Text != "" && !expressing {
		add("|", j.Text)
	}
	if t.Filter != "" && !filtering {
		add("&", t.Filter)
	}
	if t.Sieve.Only != "" {
		add("=", t.KeyName()+" "+t.Sieve.Only)
	}
	if n := t.HiddenSources(); n > 0 {
		add("p", model.Count(n, "publisher")+" hidden")
	}
	if line.Width() == 2 {
		return screen.Line{}
	}
	var right screen.Line
	if !expressing && !filtering {
		right = a.sieveCount(t)
		if help := clean("  " + a.keyFor("nav.back") + " clears"); line.Width()+right.Width()+help.Width()+4 <= w {
			right = right.Muted(help)
		}
	}
	return line.Pad(2).Ends(right.Pad(1), w)
}

// sieveCount tells how many are shown of how many, or how far the look at what is
// kept has come.
func (a *App) sieveCount(t *model.Thing) screen.Line {
	shown, kept := t.Tail.Shown()
	if !t.Tail.Filtered() {
		return screen.Line{}
	}
	line := screen.L(plain, clean(model.Number(shown)+" of "+model.Number(kept)+" shown"))
	switch unseen := t.Tail.Unseen(); {
	case t.Sieve.JQ.Stopped:
		return line.Add(warn, screen.T(", stopped"))
	case unseen > 1000:
		return line.Muted(clean(", " + model.Number(unseen) + " to look at"))
	}
	line = line.Muted(clean(", " + model.Number(kept-shown) + " hidden"))
	if n := t.Sieve.JQ.Failed; n > 0 {
		line = line.Add(warn, clean(", "+model.Number(n)+" failed"))
	}
	return line
}
