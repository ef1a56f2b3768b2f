package ui

import (
	"strings"

	"ioscope/model"
	"ioscope/ui/screen"
)

// foot is the log, and what else goes on.
func (f runFace) foot(a *App, w, h int) []screen.Line {
	var lines []screen.Line
	if n := len(f.r.Logs); n > 0 && h >= 20 {
		rows := min(n, max(3, h/7))
		lines = append(lines, screen.Line{}, ruled(w, screen.T("Log"), logCount(f.r)))
		for _, l := range f.r.Logs[n-rows:] {
			lines = append(lines, logLine(a, l, w))
		}
	}
	if h >= 30 {
		for _, t := range a.state.Things {
			if r, ok := t.Content.(*model.Run); ok && r != f.r && r.Going() && r.Loading != nil {
				lines = append(lines, screen.Line{})
				lines = append(lines, progressLines(a, r.Loading, w, screen.L(lit, screen.T("◆ ")).Add(bold, clean(r.Action.Name)).Muted(screen.T(" runs beside this")))...)
				break
			}
		}
	}
	if f.r.Stage == model.RunLost {
		if h >= 12 {
			lines = append(lines, screen.Line{})
		}
		for i, part := range clean(f.lostWords(a)).Wrap(max(w-a.indent()-1, 8)) {
			if i > 0 && h < 12 {
				break // the title says it too
			}
			lines = append(lines, screen.Line{}.Pad(a.indent()).Add(warn, part).Fit(w))
		}
	} else if f.r.Going() && h >= 24 {
		hint := "leaving this pane keeps it running; " + a.keyFor("run.cancel") + " asks, then cancels"
		if n := len(f.r.Logs); n > 0 && h < 20 {
			hint = logCount(f.r) + ", " + a.keyFor("run.log") + " shows them"
		}
		lines = append(lines, screen.Line{}, screen.Line{}.Pad(1).Muted(clean(hint)).Fit(w))
	}
	return lines
}

// lostWords tell of a run whose host is gone. They stand at the foot, where they are
// seen however long the transcript is.
func (f runFace) lostWords(a *App) string {
	if a.state.HostAnew(f.r) {
		return "! " + f.r.HostName + " is here again, as another process that knows nothing of this run. " +
			a.keyFor("run.cancel") + " ends it, then " + a.keyFor("run.repeat") + " runs it again with the same answers."
	}
	gone := model.Elapsed(a.state.Now.Sub(f.r.LostAt))
	waits := ". The run waits; it goes on if the host does. "
	if f.r.Held {
		waits = ". Your answer waits, and is sent when the host is back. "
	}
	return "! " + f.r.HostName + " is gone since " + gone + waits + a.keyFor("run.cancel") + " ends it."
}

func logCount(r *model.Run) string {
	text := model.Count(len(r.Logs), "line")
	if r.Dropped > 0 {
		text += ", " + model.Number(r.Dropped) + " dropped"
	}
	return text
}

func logLine(a *App, l model.LogLine, w int) screen.Line {
	line := screen.Line{}.Pad(a.indent()).Muted(clock(l.At.Local())).Pad(2)
	return line.Fg(clean(strings.ReplaceAll(l.Text, "\n", " ")).Cut(max(w-line.Width()-1, 1)))
}

// logLines draw the log alone.
func (f runFace) logLines(a *App, w, h int) []screen.Line {
	lines := []screen.Line{ruled(w, screen.T("Log"), logCount(f.r))}
	if len(f.r.Logs) == 0 {
		lines = append(lines, screen.Line{}, screen.Line{}.Pad(a.indent()).Muted(clean("nothing was logged yet.  "+a.keyFor("run.log")+" goes back")))
		return lines
	}
	height := max(h-1, 1)
	most := max(len(f.r.Logs)-height, 0)
	f.r.Scroll = min(f.r.Scroll, most)
	top := most - f.r.Scroll
	for _, l := range f.r.Logs[top:min(top+height, len(f.r.Logs))] {
		lines = append(lines, logLine(a, l, w))
	}
	return lines
}

// ruled is the title of a part inside a pane.
func ruled(w int, name screen.Text, note string) screen.Line {
	right := screen.L(muted, clean(note))
	if note != "" {
		right = screen.Line{}.Pad(1).Plus(right)
	}
	name = name.Cut(max(w-right.Width()-6, 4))
	line := screen.Line{}.Pad(1).Fg(name).Pad(1)
	return line.Add(faint, screen.T("─").Repeat(w-line.Width()-right.Width()-1)).Plus(right).Pad(1).Fit(w)
}

// progressLines draw a progress: what, how far, and the bar.
func progressLines(a *App, p *model.Progress, w int, name screen.Line) []screen.Line {
	in := a.indent()
	share, counted := p.Share()
	var right screen.Line
	if counted {
		right = right.Add(num, clean(shareWords(share))).Pad(3).Fg(clean(model.Number(*p.Done) + " of " + model.Number(*p.Queue)))
		if left, ok := p.Left(a.state.Now); ok && w > 50 {
			right = right.Pad(3).Muted(clean("about " + model.Elapsed(left) + " left"))
		}
	} else {
		right = right.Add(warn, a.spinner())
		if p.Done != nil {
			right = right.Pad(1).Fg(clean(model.Number(*p.Done) + " done"))
		}
	}
	lines := []screen.Line{screen.Line{}.Pad(in).Plus(name).Ends(right.Pad(2), w)}
	if counted {
		n := max(w-in-2, 4)
		done := int(share * float64(n))
		lines = append(lines, screen.Line{}.Pad(in).Add(num, screen.T("━").Repeat(done)).Add(faint, screen.T("─").Repeat(n-done)))
	}
	return lines
}
