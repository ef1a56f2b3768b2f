package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"ioscope/model"
)

// lensBindings are the keys of the branch lens, and those that open it.
func lensBindings() []binding {
	in := []place{inLens}
	return []binding{
		{id: "stream.branches", keys: []string{"b"}, in: []place{inStreams, inRows}, does: "branch lens", footer: 6, label: words("branches"), why: noBranches, do: (*App).openLens},
		{id: "stream.branches-card", keys: []string{"b"}, in: []place{inOpen, inCard, inEvent}, does: "branch lens", why: noBranches, do: (*App).openLens},

		{id: "lens.open", keys: []string{"enter"}, in: in, does: "open this subscription", footer: 1, label: words("open"), why: onLens(noLensRow), do: func(a *App) tea.Cmd { return a.run(a.state.Enter()) }},
		{id: "lens.add", keys: []string{"N"}, in: in, does: "subscribe with other arguments", footer: 2, label: words("subscribe with"), do: onLensDo(func(a *App, l *model.Lens) { l.Subscribe(a.state) })},
		{id: "lens.pause", keys: []string{" "}, in: in, does: "pause, resume", footer: 3, label: lensPauseWords, do: onLensDo(func(a *App, l *model.Lens) { l.Pause(a.state.Now) })},
		{id: "lens.private", keys: []string{"p"}, in: in, does: "private events only", footer: 4, label: lensPrivateWords, do: onLensDo(func(_ *App, l *model.Lens) { l.PrivateOnly = !l.PrivateOnly })},
		{id: "lens.filter", keys: []string{"/"}, in: in, does: "filter the private events", do: do((*App).startFilter)},
		{id: "lens.close", keys: []string{"x"}, in: in, does: "close", footer: 6, do: (*App).closeShown},
	}
}

// lens is the branch lens that is shown, or nil.
func (a *App) lens() *model.Lens {
	l, _ := a.state.Content().(*model.Lens)
	return l
}

func onLens(why func(*App, *model.Lens) string) func(*App) string {
	return func(a *App) string {
		if l := a.lens(); l != nil {
			return why(a, l)
		}
		return "no branches here"
	}
}

func onLensDo(f func(*App, *model.Lens)) func(*App) tea.Cmd {
	return do(func(a *App) {
		if l := a.lens(); l != nil {
			f(a, l)
		}
	})
}

// lensStream is the stream whose branches b would show.
func (a *App) lensStream() *model.Method {
	if t := a.state.Shown(); t != nil && t.Content == nil && t.Stream() {
		if m := a.state.Dir.Method(t.Method); m != nil {
			return m
		}
		return &model.Method{ID: t.Method, Def: t.Def}
	}
	if m := a.state.CardMethod(); m != nil && m.Streaming() {
		return m
	}
	return nil
}

func (a *App) openLens() tea.Cmd {
	m := a.lensStream()
	return a.run(a.state.OpenLens(m.ID, m.Def))
}

func noBranches(a *App) string {
	if a.lensStream() == nil {
		return "only a stream has branches"
	}
	return ""
}

func noLensRow(a *App, l *model.Lens) string {
	if l.Cursor(l.View(a.state.Now)) == "" {
		return "no subscription yet; {lens.add} subscribes"
	}
	return ""
}

func lensPauseWords(a *App) string {
	if l := a.lens(); l != nil && !l.Paused().IsZero() {
		return "resume"
	}
	return "pause"
}

func lensPrivateWords(a *App) string {
	if l := a.lens(); l != nil && l.PrivateOnly {
		return "all events"
	}
	return "private only"
}
