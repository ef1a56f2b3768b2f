package ui

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/model"
	"ioscope/ui/screen"
)

// Lists in groups: their headings, the card of a group, and the dialog that
// chooses by what.

// groupedWords say by what a list is grouped, for its title; nothing where there is
// no room.
func (a *App) groupedWords(p model.Pane, w int) screen.Line {
	l := &a.state.Lists[p]
	if len(l.Groups) == 0 || a.state.Narrow != "" && p != model.Servers {
		return screen.Line{}
	}
	words := clean("by " + keyWords(l.Groups) + " ")
	if len(p.String())+words.Width() > w-14 {
		return screen.Line{}
	}
	return screen.L(muted, words)
}

// keyWords name the keys of groups, the outermost first.
func keyWords(by []model.GroupBy) string {
	names := make([]string, len(by))
	for i, one := range by {
		names[i] = string(one)
	}
	return strings.Join(names, ", ")
}

// grouped reports whether a list is grouped by a key.
func (a *App) grouped(p model.Pane, by model.GroupBy) bool {
	return slices.Contains(a.state.Lists[p].Groups, by)
}

// nameInGroup is a method's name, without what the heading above it says.
func (a *App) nameInGroup(m *model.Method) string {
	p := model.Methods
	if m.Streaming() {
		p = model.Streams
	}
	if a.grouped(p, model.GroupPrefix) {
		return m.Tail()
	}
	return m.Def.Name
}

// groupRow is the heading of a group: its sign, its name, and how many are in it.
// Folded, it tells what goes on in it.
func (a *App) groupRow(p model.Pane, g *model.Group, w int) screen.Line {
	sign, style := screen.T("▾ "), plain
	if g.Folded {
		sign = screen.T("▸ ")
	}
	if g.Name == "" {
		style = muted
	}
	left := screen.Line{}.Pad(2 * g.Depth).Muted(sign)
	if a.allGone(p, g.Members) {
		left, style = left.Muted(screen.T("† ")), muted
	}
	right := screen.L(muted, clean(model.Number(len(g.Members)))).Pad(1)
	if g.Folded {
		if state := a.groupState(p, g.Members); state.Width() > 0 && left.Width()+state.Width()+right.Width()+10 <= w {
			right = state.Pad(2).Plus(right)
		}
	}
	name := clean(g.Words())
	left = left.Add(style, name.CutMiddle(max(w-left.Width()-right.Width()-1, 1)))
	return left.To(w - right.Width()).Plus(right)
}

// allGone reports whether all that is in a group has left.
func (a *App) allGone(p model.Pane, members []model.RowID) bool {
	for _, id := range members {
		if p == model.History {
			return false
		}
		switch s, m := a.state.Dir.Server(id), a.state.Dir.Method(id); {
		case p == model.Servers && s != nil && !s.Gone():
			return false
		case p != model.Servers && m != nil && !m.Gone():
			return false
		}
	}
	return len(members) > 0
}

// groupState is what goes on in a group: the traffic of its servers, the rate of its
// streams, calls that are out.
func (a *App) groupState(p model.Pane, members []model.RowID) screen.Line {
	if p == model.History {
		return a.groupOutcomes(members)
	}
	if p == model.Servers {
		const cells = 5
		sum, any := make([]int, cells), 0
		for _, id := range members {
			if s := a.state.Dir.Server(id); s != nil && !s.Gone() {
				for i, n := range s.Traffic.Last(cells, a.state.Now) {
					sum[i] += n
					any += n
				}
			}
		}
		if any == 0 {
			return screen.Line{}
		}
		return screen.L(num, spark(sum, 8))
	}
	in := make(map[model.RowID]bool, len(members))
	for _, id := range members {
		in[id] = true
	}
	rate, subs, asking := 0.0, 0, 0
	for _, t := range a.state.Things {
		switch {
		case !in[t.Method] || a.state.NotYet(t):
		case t.Phase == model.Running:
			subs++
			rate += t.Rate(a.state.Now)
		case t.Phase == model.Asking:
			asking++
		}
	}
	switch {
	case subs > 0:
		return screen.L(num, clean(model.PerSecond(rate)))
	case asking > 0:
		return screen.L(warn, clean("… "+model.Number(asking)))
	}
	return screen.Line{}
}

// groupCount counts what is in a group, by its pane.
func groupCount(p model.Pane, n int) string {
	return model.Count(n, strings.TrimSuffix(strings.ToLower(p.String()), "s"))
}

// groupCard lists what is in a group.
func (a *App) groupCard(p *page, g *model.Group, r rect) {
	p.blank()
	if about := g.By.About(); about != "" {
		p.text(muted, "grouped by "+string(g.By)+": "+about)
	} else {
		p.text(muted, "grouped by "+string(g.By))
	}
	p.blank()
	pane := a.state.Rail
	for i, id := range g.Members {
		if left := len(g.Members) - i; len(p.lines)+2 >= r.h && left > 1 {
			p.add(screen.L(muted, clean("… and "+model.Number(left)+" more")))
			break
		}
		a.click(rect{r.x, r.y + 1 + len(p.lines), r.w, 1}, model.Workspace, func(a *App) { a.state.Point(pane, id) })
		line := a.thingOfList(pane, id, min(p.w-p.indent-1, 60))
		p.add(line)
	}
}

// groupDialog chooses by what a list is grouped.
type groupDialog struct {
	pane model.Pane
	row  int
	// by are the keys that were chosen with space, the outermost first; picked is
	// true once one was.
	by     []model.GroupBy
	picked bool
}

func (a *App) openGroups() {
	p := a.state.ListPane()
	d := &groupDialog{pane: p, by: slices.Clone(a.state.Lists[p].Groups)}
	if len(d.by) > 0 {
		d.row = slices.Index(model.GroupKeys(p), d.by[0]) + 1
	}
	a.openDialog(d)
}

func (d *groupDialog) width() int { return 64 }

func (d *groupDialog) keys() []model.GroupBy { return model.GroupKeys(d.pane) }

func (d *groupDialog) draw(a *App, w, h int) (string, []screen.Line, string) {
	keys := d.keys()
	d.row = min(max(d.row, 0), len(keys))
	lines := []screen.Line{{}}
	height := max(h-3, 1)
	top := a.window("groups", d.row, len(keys)+1, height)
	for i := top; i < min(top+height, len(keys)+1); i++ {
		var line, note screen.Line
		if i == 0 {
			line = chosenSign(len(d.by) == 0).Muted(screen.T("no groups: one flat list"))
		} else {
			by := keys[i-1]
			line = chosenSign(slices.Contains(d.by, by)).Fg(clean(string(by)))
			if at := slices.Index(d.by, by); at >= 0 && len(d.by) > 1 {
				line = line.Pad(1).Add(accent, clean(model.Number(at+1)))
			}
			line = line.To(18).Muted(clean(by.About()))
			note = screen.L(muted, clean(model.Count(a.state.CountGroups(d.pane, by), "group")))
		}
		lines = append(lines, row(line.Ends(note, w-1), w, i == d.row, true))
	}
	foot := "enter by this   space one in another   esc as it was"
	if d.picked {
		foot = "enter keeps it   space takes in, out   esc as it was"
	}
	return d.pane.String() + " in groups", append(lines, screen.Line{}), foot
}

// chosenSign is the box of a row that can be chosen.
func chosenSign(chosen bool) screen.Line {
	if chosen {
		return screen.L(accent, screen.T("[x] "))
	}
	return screen.L(plain, screen.T("[ ] "))
}

func (d *groupDialog) press(a *App, msg tea.KeyMsg) tea.Cmd {
	n := len(d.keys()) + 1
	switch msg.String() {
	case "up", "k", "ctrl+p", "shift+tab":
		d.row = (d.row - 1 + n) % n
	case "down", "j", "ctrl+n", "tab":
		d.row = (d.row + 1) % n
	case "pgup", "ctrl+u", "g", "home":
		d.row = 0
	case "pgdown", "ctrl+d", "G", "end":
		d.row = n - 1
	case " ":
		d.toggle()
	case "enter":
		d.keep(a)
	}
	return nil
}

// toggle takes the key under the cursor in as the innermost, or out.
func (d *groupDialog) toggle() {
	d.picked = true
	if d.row == 0 {
		d.by = nil
		return
	}
	by := d.keys()[d.row-1]
	if i := slices.Index(d.by, by); i >= 0 {
		d.by = slices.Delete(d.by, i, i+1)
	} else {
		d.by = append(d.by, by)
	}
}

// keep groups by what was chosen with space; where nothing was, by what the cursor
// is on.
func (d *groupDialog) keep(a *App) {
	if !d.picked {
		d.by = nil
		if d.row > 0 {
			d.by = []model.GroupBy{d.keys()[d.row-1]}
		}
	}
	a.closeDialog()
	a.state.SetGroups(d.pane, d.by)
}
