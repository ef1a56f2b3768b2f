package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"ioscope/model"
)

// watchBindings are the keys of the watches, and the one that pins a value.
func watchBindings() []binding {
	in := []place{inWatches}
	return []binding{
		{id: "watch.add", keys: []string{"W"}, in: []place{inEvent, inRows, inResult}, does: "watch this value", why: notPinnable, do: (*App).addWatch},
		{id: "watch.open", keys: []string{"enter"}, in: in, does: "go to it", footer: 1, why: noWatch, do: func(a *App) tea.Cmd { return a.run(a.state.Enter()) }},
		{id: "watch.new", keys: []string{"N"}, in: in, does: "new watch", footer: 2, do: onWatches(func(a *App, l *model.WatchList) tea.Cmd { l.New(a.state, nil); return nil })},
		{id: "watch.condition", keys: []string{"c"}, in: in, does: "condition, path, how often", footer: 3, label: words("condition"), why: noWatch, do: onWatches(func(a *App, l *model.WatchList) tea.Cmd { l.Edit(a.state, l.Current(a.state)); return nil })},
		{id: "watch.bell", keys: []string{"b"}, in: in, does: "bell on, off", footer: 5, label: bellWords, why: noWatch, do: onWatches((*App).toggleBell)},
		{id: "watch.pause", keys: []string{" "}, in: in, does: "pause, resume", footer: 4, label: watchPauseWords, why: noWatch, do: onWatches((*App).pauseWatch)},
		{id: "watch.remove", keys: []string{"x"}, in: in, does: "remove", footer: 6, why: noWatch, do: onWatches(func(a *App, l *model.WatchList) tea.Cmd { return a.run(a.state.DropWatch(l.Current(a.state))) })},
		{id: "watch.filter", keys: []string{"/"}, in: in, does: "filter", do: do((*App).startFilter)},
	}
}

func onWatches(f func(*App, *model.WatchList) tea.Cmd) func(*App) tea.Cmd {
	return func(a *App) tea.Cmd { return f(a, a.state.WatchList()) }
}

func (a *App) toggleBell(l *model.WatchList) tea.Cmd {
	w := l.Current(a.state)
	w.Quiet = !w.Quiet
	if w.Quiet {
		a.state.Say("no bell; what rings is marked all the same")
	} else {
		a.state.Say("the bell is on")
	}
	return nil
}

func (a *App) pauseWatch(l *model.WatchList) tea.Cmd {
	w := l.Current(a.state)
	w.Paused = !w.Paused
	return nil
}

func notPinnable(a *App) string {
	_, _, why := a.pinnable()
	return why
}

func noWatch(a *App) string {
	if a.state.WatchList().Current(a.state) == nil {
		return "nothing is watched; {watch.new} pins something"
	}
	return ""
}

func bellWords(a *App) string {
	if w := a.state.WatchList().Current(a.state); w != nil && w.Quiet {
		return "bell on"
	}
	return "bell off"
}

func watchPauseWords(a *App) string {
	if w := a.state.WatchList().Current(a.state); w != nil && w.Paused {
		return "resume"
	}
	return "pause"
}
