package ui

import (
	"slices"

	"ioscope/model"
	"ioscope/ui/screen"
)

// The history in groups, and what of it is exported.

// historyHeading is the heading of a group of calls. A click on its sign opens and
// closes it.
func (a *App) historyHeading(g *model.Group, r rect, i int, focused bool) screen.Line {
	a.click(r, model.Workspace, func(a *App) { a.clickHistory(i) })
	a.click(rect{r.x, r.y, 3 + 2*g.Depth, 1}, model.Workspace, func(a *App) { a.clickFold(model.History, g) })
	line := a.groupRow(model.History, g, r.w-2)
	return row(screen.Line{}.Pad(1).Plus(line), r.w, i == a.state.Lists[model.History].Index(), focused)
}

// outOfHistory folds the group that the cursor is on, or goes to the heading that it
// is under. It reports whether there was one.
func (a *App) outOfHistory() bool {
	l := a.state.List()
	if g := l.Group(); (g == nil || g.Folded) && l.Parent(l.Index()) < 0 {
		return false
	}
	a.outOfGroup()
	return true
}

// outcomesOf counts the calls of a group by how they went.
func (a *App) outcomesOf(members []model.RowID) map[model.Went]int {
	n := map[model.Went]int{}
	for _, id := range members {
		if r := a.state.Recorded(string(id)); r != nil {
			n[r.Went()]++
		}
	}
	return n
}

// groupOutcomes says how many calls of a group went wrong.
func (a *App) groupOutcomes(members []model.RowID) screen.Line {
	n := a.outcomesOf(members)
	if bad := n[model.WentWrong] + n[model.WentSilent]; bad > 0 {
		return screen.L(warn, clean("✗ "+model.Number(bad)))
	}
	return screen.Line{}
}

// groupOfCalls says of a group when its calls were made, and how they went.
func (a *App) groupOfCalls(g *model.Group, r rect) []screen.Line {
	lines := []screen.Line{{}, title(r.w, screen.Text{}, screen.L(plain, clean(g.Words())), screen.L(muted, clean(model.Count(len(g.Members), "call"))), false)}
	p := a.newPage(r.w)
	first, last := a.state.Recorded(string(g.Members[0])), a.state.Recorded(string(g.Members[0]))
	for _, id := range g.Members {
		switch c := a.state.Recorded(string(id)); {
		case c == nil:
		case first == nil || c.At.Before(first.At):
			first = c
		case last == nil || c.At.After(last.At):
			last = c
		}
	}
	if first != nil && last != nil {
		p.add(screen.L(muted, screen.T("made")).To(12).Fg(clean(between(model.When(first.At, a.state.Now), model.When(last.At, a.state.Now)))))
	}
	line, n := screen.L(muted, screen.T("went")).To(12), a.outcomesOf(g.Members)
	for _, o := range []struct {
		how   model.Went
		sign  string
		style screen.Style
	}{{model.WentWell, "✓", okay}, {model.WentWrong, "✗", bad}, {model.WentSilent, "!", warn}, {model.WentGivenUp, "○", muted}} {
		if n[o.how] > 0 {
			line = line.Add(o.style, clean(o.sign+" "+model.Number(n[o.how]))).Muted(clean(" " + string(o.how))).Pad(3)
		}
	}
	p.add(line)
	return append(lines, p.lines...)
}

// between are the first and the last of some times.
func between(first, last string) string {
	if first == last {
		return first
	}
	return first + " to " + last
}

// exportHistory offers the calls that the filter lets through, and all of them.
func (a *App) exportHistory() *exportDialog {
	d := &exportDialog{title: "History", stem: "history-" + a.state.Now.Format("20060102-150405")}
	l := &a.state.Lists[model.History]
	if l.Hidden() > 0 {
		d.add("what is shown", "call", l.Len, func() model.Document {
			var shown []*model.Record
			for _, id := range l.Things() {
				if r := a.state.Recorded(string(id)); r != nil {
					shown = append(shown, r)
				}
			}
			slices.Reverse(shown)
			return model.HistoryDocument(shown)
		})
	}
	d.add("all of it", "call", func() int { return len(a.state.History) }, func() model.Document {
		return model.HistoryDocument(a.state.History)
	})
	return d
}
