package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"ioscope/model"
)

// pinnable is what W would watch here, or why it can't; form is true where it has
// to be asked which value is meant.
func (a *App) pinnable() (w *model.Watch, form bool, why string) {
	t := a.state.Shown()
	if a.face() != nil || t == nil || t.Gen == 0 {
		return nil, false, "no value to watch here"
	}
	if !t.Stream() {
		if why := a.state.Forbids(model.ToInvoke); why != "" {
			return nil, false, why
		}
	}
	if tree := a.tree(); tree != nil {
		w := t.Subject(tree.Row(tree.Cursor()).Path)
		if t.Part == model.InEvent {
			w.OneKey(t.View.Key, t.KeyOf(t.EventRow.Data))
		}
		return w, false, ""
	}
	switch {
	case t.Stream() && t.ByKeys() && t.View.Number != "":
		w := t.Subject(t.View.Number)
		if e := t.KeyEntry(a.state.Now); e != nil {
			w.OneKey(t.View.Key, e.Key)
		}
		return w, true, ""
	case t.Stream() && t.View.Number != "" && t.View.Kind != model.RowsView:
		w := t.Subject(t.View.Number)
		if row, ok := t.Tail.Current(); ok {
			w.OneKey(t.View.Key, t.KeyOf(row.Data))
		}
		return w, true, ""
	case t.Stream():
		row, ok := t.Tail.Current()
		if !ok || row.GapKind != model.NoGap {
			return nil, false, "nothing came yet"
		}
		return t.Subject(model.NumberPath(row.Data)).OneKey(t.View.Key, t.KeyOf(row.Data)), true, ""
	}
	if ans := t.Results.Current(); ans != nil && ans.Err == nil && !ans.Pending {
		return t.Subject(model.NumberPath(ans.Value)), true, ""
	}
	return nil, false, "no value to watch here"
}

func (a *App) addWatch() tea.Cmd {
	w, form, _ := a.pinnable()
	a.touch()
	if form {
		a.state.WatchList().New(a.state, w)
		return nil
	}
	return a.run(a.state.Pin(w))
}
