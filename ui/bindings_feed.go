package ui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/model"
)

// feedBindings are the keys of the feed, and the mark of the list of servers.
func feedBindings() []binding {
	in := []place{inFeed}
	return []binding{
		{id: "feed.back", keys: []string{"left", "h"}, in: in, does: "one event back in time", footer: 1, label: words("step back"), why: nothingHappened, do: onFeed(func(a *App, f *model.Chronicle) { f.Step(a.state, -1) })},
		{id: "feed.ahead", keys: []string{"right", "l"}, in: in, does: "one event ahead", why: nothingHappened, do: onFeed(func(a *App, f *model.Chronicle) { f.Step(a.state, 1) })},
		{id: "feed.minute-back", keys: []string{"{"}, in: in, does: "a minute back", footer: 2, why: nothingHappened, do: onFeed(func(a *App, f *model.Chronicle) { f.Minute(a.state, -1) })},
		{id: "feed.minute-ahead", keys: []string{"}"}, in: in, does: "a minute ahead", why: nothingHappened, do: onFeed(func(a *App, f *model.Chronicle) { f.Minute(a.state, 1) })},
		{id: "feed.go", keys: []string{"enter"}, in: in, does: "show the bus as it was then", footer: 3, label: words("go there"), why: nothingHappened, do: func(a *App) tea.Cmd { return a.run(a.state.Enter()) }},
		{id: "feed.now", keys: []string{"G", "end"}, in: in, does: "now", footer: 4, label: words("now"), why: nowShown, do: do(func(a *App) { a.state.MoveCursor(farAway) })},
		{id: "feed.since", keys: []string{"c"}, in: in, does: "changed since I looked, all", footer: 5, label: sinceWords, why: notLooked, do: onFeed(func(a *App, f *model.Chronicle) { f.ToggleSince(a.state) })},
		{id: "feed.filter", keys: []string{"/"}, in: in, does: "filter", footer: 6, do: do((*App).startFilter)},
		{id: "feed.mark", keys: []string{"m"}, in: in, does: "mark this moment; what happens after it has changed", footer: 7, label: words("mark"), do: do(func(a *App) { a.mark(a.state.Moment()) })},
		{id: "feed.to-mark", keys: []string{"'"}, in: in, does: "go to the mark", why: notLooked, do: onFeed(func(a *App, f *model.Chronicle) { f.ToMark(a.state) })},
		{id: "feed.pause", keys: []string{" "}, in: in, does: "hold the list, let it go on", do: onFeed(func(a *App, f *model.Chronicle) { f.Hold(a.state) })},

		{id: "list.mark", keys: []string{"m"}, in: []place{inServers}, does: "mark; the feed shows what changed since", do: do(func(a *App) { a.mark(a.state.Now) })},
	}
}

func onFeed(f func(*App, *model.Chronicle)) func(*App) tea.Cmd {
	return do(func(a *App) { f(a, a.state.Chronicle()) })
}

func (a *App) mark(at time.Time) {
	a.state.Mark(at)
	a.state.Say("marked " + at.Format("15:04:05") + "; the feed tells what changes after it")
}

func nothingHappened(a *App) string {
	if len(a.state.Lists[model.Feed].Rows()) == 0 {
		return "nothing happened yet"
	}
	return ""
}

func nowShown(a *App) string {
	if _, past := a.state.Past(); !past {
		return "this is now"
	}
	return ""
}

func notLooked(a *App) string {
	if a.state.Chronicle().Looked.IsZero() {
		return "no moment to compare with yet; {feed.mark} marks one"
	}
	return ""
}

func sinceWords(a *App) string {
	if a.state.Chronicle().Since {
		return "all"
	}
	return "since I looked"
}
