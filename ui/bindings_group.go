package ui

import (
	"ioscope/model"
)

// groupBindings are the keys that put the rows of a list into groups.
func groupBindings() []binding {
	lists := []place{inServers, inMethods, inStreams, inHistory}
	return []binding{
		{id: "list.group", keys: []string{"v"}, in: lists, does: "view: in groups by a key that you choose, or flat", footer: 6, label: words("group"), why: nothingToGroup, do: do((*App).openGroups)},
		{id: "list.open-all", keys: []string{"o"}, in: lists, does: "open all groups", why: notInGroups, do: do(func(a *App) { a.state.List().FoldAll(false) })},
		{id: "list.close-all", keys: []string{"O"}, in: lists, does: "close all groups", why: notInGroups, do: do(func(a *App) { a.state.List().FoldAll(true) })},
		{id: "list.open-deep", keys: []string{"L"}, in: lists, does: "open this group and all in it", why: notInGroups, do: do(func(a *App) { a.foldDeep(false) })},
		{id: "list.close-deep", keys: []string{"H"}, in: lists, does: "close this group and all in it", why: notInGroups, do: do(func(a *App) { a.foldDeep(true) })},
		{id: "group.fold", keys: []string{" "}, in: []place{inMethods, inStreams, inHistory}, does: "open, close the group", why: noHeading, do: do(func(a *App) { a.toggleGroup() })},
	}
}

// or is the label of what has other words on the heading of a group.
func or(special func(*App) string, usual string) func(*App) string {
	return func(a *App) string {
		if word := special(a); word != "" {
			return word
		}
		return usual
	}
}

// groupWords say what enter does on the heading of a group; empty elsewhere.
func (a *App) groupWords() string {
	switch g := a.state.List().Group(); {
	case g == nil:
		return ""
	case g.Folded:
		return "open the group"
	}
	return "close the group"
}

// unlessGroup asks for a reason where the cursor is on no heading: there enter
// always works.
func unlessGroup(why func(*App) string) func(*App) string {
	return func(a *App) string {
		if a.state.List().Group() != nil {
			return ""
		}
		return why(a)
	}
}

// onlyServers says why nothing can be narrowed to what the cursor is on.
func onlyServers(a *App) string {
	if a.state.List().Group() != nil {
		return ""
	}
	return emptyList(a)
}

func noHeading(a *App) string {
	if a.state.List().Group() == nil {
		return "only a group opens and closes"
	}
	return ""
}

func notInGroups(a *App) string {
	if l := a.state.List(); len(l.Groups) == 0 {
		return "not in groups; " + a.keyFor("list.group") + " groups"
	}
	return ""
}

func nothingToGroup(a *App) string {
	if f, ok := a.face().(historyFace); ok && f.p.Table != nil {
		return "two calls are compared; " + a.keyFor("nav.back") + " closes"
	}
	if l := a.state.List(); l.Len()+l.Hidden() == 0 && len(l.Groups) == 0 {
		return "nothing here"
	}
	return ""
}

// toggleGroup folds or unfolds the group under the cursor. It reports whether there is
// one.
func (a *App) toggleGroup() bool {
	l := a.state.List()
	g := l.Group()
	if g != nil {
		l.Fold(g.ID, !g.Folded, false)
	}
	return g != nil
}

// foldDeep folds or unfolds the group that the cursor is in, with all in it.
func (a *App) foldDeep(folded bool) {
	l := a.state.List()
	id := l.Row()
	if l.Group() == nil {
		i := l.Parent(l.Index())
		if i < 0 {
			return
		}
		id = l.Rows()[i]
	}
	l.Fold(id, folded, true)
}

// outOfGroup folds the group under the cursor; from what is in one, it goes to its
// heading.
func (a *App) outOfGroup() {
	l := a.state.List()
	if g := l.Group(); g != nil && !g.Folded {
		l.Fold(g.ID, true, false)
		return
	}
	if i := l.Parent(l.Index()); i >= 0 {
		a.state.MoveCursor(i - l.Index())
	}
}

// inGroup unfolds the group under the cursor, or goes to its first row. It reports
// whether the cursor was on a heading.
func (a *App) inGroup() bool {
	l := a.state.List()
	g := l.Group()
	switch {
	case g == nil:
		return false
	case g.Folded:
		l.Fold(g.ID, false, false)
	default:
		a.state.MoveCursor(1)
	}
	return true
}

// clickFold folds or unfolds a group whose sign was clicked.
func (a *App) clickFold(p model.Pane, g *model.Group) {
	a.state.Point(p, g.ID)
	a.state.Lists[p].Fold(g.ID, !g.Folded, false)
}
