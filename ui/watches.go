package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"ioscope/model"
	"ioscope/ui/screen"
)

// watchFace draws what is pinned, and the form of a watch.
type watchFace struct{ l *model.WatchList }

func (f watchFace) place(*App) place {
	switch s := f.l.Sheet; {
	case s == nil:
		return inWatches
	case s.Form.Mode() == model.JSONMode && s.Focus == model.StopJSON:
		return inJSON
	}
	return inForm
}

func (f watchFace) sheet(*App) *model.Sheet { return f.l.Sheet }

func (f watchFace) press(a *App, _ model.FieldPath) tea.Cmd {
	effects := f.l.Submit(a.state)
	if s := f.l.Sheet; s != nil {
		a.state.Say(model.Count(len(s.Wrong), "field") + " to fix")
	}
	return a.run(effects)
}

// sendWords is what the footer says of the button.
func (f watchFace) sendWords() string {
	if f.l.Of != nil {
		return "keep"
	}
	return "watch"
}

func (f watchFace) copyable(a *App) (text, what string) {
	w := f.l.Current(a.state)
	if w == nil {
		return "", ""
	}
	return w.Value, "the value"
}

func (f watchFace) draw(a *App, r rect) []screen.Line {
	focused := a.state.Focus == model.Workspace && len(a.dialogs) == 0
	all := f.l.All()
	note := screen.L(muted, clean(model.Count(len(all), "watch")))
	if n := len(all); n > 1 {
		note = screen.L(muted, clean(model.Number(n)+" watches"))
	}
	lines := []screen.Line{title(r.w, a.digit("go.watches"), screen.L(plain, screen.T("Watches")), note, focused)}
	if f.l.Sheet != nil {
		return append(lines, f.form(a, r)...)
	}
	list := &a.state.Lists[model.Watches]
	typing := a.filtering && focused
	if typing || list.Filter != "" {
		lines = append(lines, a.filterLine("/ ", list.Filter, list.Hidden(), r.w, typing))
	}
	rows := list.Rows()
	if len(rows) == 0 {
		return append(lines, f.none(a, list, r.w)...)
	}
	if r.h >= 16 {
		lines = append(lines, screen.Line{})
	}
	cols := f.measure(r.w)
	if r.h >= 8 {
		lines = append(lines, cols.head(r.w))
	}
	var below []screen.Line
	if w := f.l.Current(a.state); w != nil && r.h >= 18 {
		below = append([]screen.Line{{}}, f.details(a, w, r.w)...)
	}
	height := max(r.h-len(lines)-len(below), 1)
	at := list.Index()
	top := a.window("watches", at, len(rows), height)
	for i := top; i < min(top+height, len(rows)); i++ {
		w := f.find(rows[i])
		if w == nil {
			continue
		}
		id := rows[i]
		a.click(rect{r.x, r.y + len(lines), r.w, 1}, model.Workspace, func(a *App) { a.clickWatch(f.l, id) })
		lines = append(lines, row(cols.row(a, w), r.w, i == at, focused))
	}
	return append(lines, below...)
}

func (a *App) clickWatch(l *model.WatchList, id model.RowID) {
	again := a.state.Focus == model.Workspace && a.state.Page == model.Watches && a.state.Lists[model.Watches].Cursor() == id
	a.state.Point(model.Watches, id)
	if again {
		a.queued = a.run(l.Enter(a.state))
	}
}

func (f watchFace) find(id model.RowID) *model.Watch {
	for _, w := range f.l.All() {
		if w.Row() == id {
			return w
		}
	}
	return nil
}

// none says why nothing is here, and what helps.
func (f watchFace) none(a *App, list *model.List, w int) []screen.Line {
	p := &page{w: w, indent: a.indent()}
	p.blank()
	if list.Filter != "" {
		p.text(plain, a.hiddenWords(list))
		return p.lines
	}
	p.text(plain, "Nothing is watched.")
	p.blank()
	p.add(a.keySign("watch.add").To(4).Fg(screen.T("in an event, a result or a stream pins the value there")))
	p.add(a.keySign("watch.new").To(4).Fg(screen.T("pins a field of a stream, or of a call every few seconds")))
	p.blank()
	p.text(muted, `A watch may have a condition that rings: > 5, == "x", changes, silent 10 s.`)
	return p.lines
}

func (f watchFace) form(a *App, r rect) []screen.Line {
	button := "Watch"
	if w := f.l.Of; w != nil {
		button = "Keep"
		head := screen.Line{}.Pad(a.indent()).Fg(clean(w.Name())).Pad(2).Muted(clean(model.PathName(w.Path)))
		rest := a.sheetLines(f.l.Sheet, f.look(a, button), rect{r.x, r.y + 2, r.w, r.h - 2})
		return append([]screen.Line{head}, rest...)
	}
	return a.sheetLines(f.l.Sheet, f.look(a, button), rect{r.x, r.y + 1, r.w, r.h - 1})
}

func (f watchFace) look(a *App, button string) sheetLook {
	return sheetLook{
		name: "watch form", active: a.state.Focus == model.Workspace, unsent: "Nothing is watched until they are right.",
		buttons: []sheetButton{{stop: model.StopSend, words: button, key: a.keyFor("form.send"), note: `rings on > 5, == "x", changes, silent 10 s, or jq`}},
	}
}
