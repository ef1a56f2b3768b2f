package ui

import (
	"slices"

	"ioscope/model"
)

// startFind gives the line in which is typed what to look for the keyboard.
func (a *App) startFind() {
	a.finding = true
	a.startFilter()
}

// findNext goes to the next hit, or says that there is none.
func (a *App) findNext(delta int) {
	t := a.state.Shown()
	if !t.FindNext(delta, a.state) {
		a.state.Say(`nothing kept has "` + t.Find + `"`)
	}
}

// startFilter gives the filter line of the focused pane the keyboard.
func (a *App) startFilter() {
	a.filtering = true
	a.filterOld = a.filterText()
	a.lineAt = "filter"
	a.line.SetValue(a.filterOld)
	a.line.CursorEnd()
}

// filterText is the filter of the focused pane.
func (a *App) filterText() string {
	if a.state.Focus == model.Workspace && a.state.Page == model.Workspace {
		t := a.state.Shown()
		switch f, ok := a.face().(filterFace); {
		case ok:
			text, _ := f.filter(a)
			return text
		case t == nil || t.Content != nil:
			return ""
		case a.finding:
			return t.Find
		}
		return t.Filter
	}
	return a.state.List().Filter
}

func (a *App) setFilter(text string) {
	if a.state.Focus == model.Workspace && a.state.Page == model.Workspace {
		f, ok := a.face().(filterFace)
		switch t := a.state.Shown(); {
		case ok:
			_, set := f.filter(a)
			set(text)
		case t == nil || !t.Stream():
		case a.finding:
			t.Find = text
		default:
			t.SetFilter(text)
		}
		return
	}
	a.state.SetFilter(a.state.ListPane(), text)
}

func (a *App) keepFilter() {
	a.filtering = false
	text := a.filterText()
	l := a.state.List()
	if text != "" && !slices.Contains(l.Terms, text) {
		l.Terms = append(l.Terms, text)
	}
	if a.finding {
		a.finding = false
		if text != "" {
			a.findNext(-1)
		}
	}
}

func (a *App) clearFilter() {
	a.filtering = false
	a.setFilter("")
	a.finding = false
}

// terms are the filters that were used in this pane before.
func (a *App) terms() []string { return a.state.List().Terms }

// earlierTerm puts the term before the one shown into the line.
func (a *App) earlierTerm() {
	terms := a.terms()
	i := slices.Index(terms, a.line.Value())
	if i < 0 {
		i = len(terms)
	}
	text := terms[max(i-1, 0)]
	a.line.SetValue(text)
	a.line.CursorEnd()
	a.setFilter(text)
}
