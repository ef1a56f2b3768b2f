package ui

import (
	tea "github.com/charmbracelet/bubbletea"
)

// streamBindings are the keys of a stream's rows and of an event that is open.
func streamBindings() []binding {
	rows, event := []place{inRows}, []place{inEvent}
	return []binding{
		{id: "stream.pause", keys: []string{" "}, in: rows, does: "pause, resume; nothing is lost", footer: 1, label: (*App).pauseWords, why: notRunning, do: do((*App).pause)},
		{
			id: "stream.open", keys: []string{"enter"}, in: rows, does: "open the event", footer: 2, label: (*App).rowWords, why: noRowsYet,
			do: func(a *App) tea.Cmd { return a.run(a.state.Enter()) },
		},
		{id: "find.start", keys: []string{"/"}, in: rows, does: "find (hides nothing)", footer: 3, label: words("find"), why: noRows, do: do((*App).startFind)},
		{id: "find.next", keys: []string{"n"}, in: rows, does: "next hit", why: nothingSought, do: do(func(a *App) { a.findNext(1) })},
		{id: "find.prev", keys: []string{"N"}, in: rows, does: "hit before", why: nothingSought, do: do(func(a *App) { a.findNext(-1) })},
		{id: "stream.filter", keys: []string{"&"}, in: rows, does: "filter rows: word, !word, /regex/", footer: 4, label: words("filter"), why: noRows, do: do((*App).startFilter)},
		{id: "stream.jq", keys: []string{"|"}, in: rows, does: "jq expression: filter or reshape", why: noRows, do: do((*App).startJQ)},
		{id: "stream.time", keys: []string{"t"}, in: rows, does: "time: clock, ago, since the one before", why: noRows, do: do((*App).turnTimes)},
		{id: "stream.order", keys: []string{"o"}, in: rows, does: "newest last, first", why: noRows, do: do(func(a *App) { t := a.state.Shown(); t.NewestFirst = !t.NewestFirst })},
		{id: "stream.follow", keys: nil, in: rows, does: "follow the tail", do: do((*App).toLast)},
		{id: "stream.unsubscribe", keys: []string{"u"}, in: rows, does: "unsubscribe, subscribe again", footer: 5, label: (*App).unsubscribeWords, why: stillAsked, do: (*App).unsubscribe},
		{id: "stream.form", keys: []string{"i"}, in: rows, does: "change the arguments", footer: 7, label: words("arguments"), do: do((*App).unfold)},
		{id: "stream.clear", keys: []string{"C"}, in: rows, does: "clear what is kept", do: do(func(a *App) { a.state.Shown().ClearTail() })},
		{id: "event.close", keys: []string{"x"}, in: event, does: "close the event", footer: 5, label: words("close"), do: do((*App).back)},
		{id: "event.next", keys: []string{"n"}, in: event, does: "next event", footer: 2, do: do(func(a *App) { a.stepEvent(1) })},
		{id: "event.prev", keys: []string{"p"}, in: event, does: "event before", footer: 3, do: do(func(a *App) { a.stepEvent(-1) })},
	}
}
