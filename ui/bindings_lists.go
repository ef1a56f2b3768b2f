package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"ioscope/client/bus"
	"ioscope/model"
)

// railBindings are the keys of the lists at the left, and of the card of what the
// cursor is on.
func railBindings() []binding {
	servers, methods, streams := []place{inServers}, []place{inMethods}, []place{inStreams}
	lists := []place{inServers, inMethods, inStreams}
	asked := []place{inMethods, inStreams}
	return []binding{
		{
			id: "server.narrow", keys: []string{"enter"}, in: servers, does: "narrow methods and streams to it, and go there", footer: 1,
			label: or((*App).groupWords, "narrow"), why: emptyList, do: func(a *App) tea.Cmd { return a.run(a.state.Enter()) },
		},
		{
			id: "server.toggle", keys: []string{" "}, in: servers, does: "narrow, stay here", footer: 2, label: (*App).narrowWords, why: onlyServers,
			do: do((*App).narrowHere),
		},
		{
			id: "method.form", keys: []string{"enter"}, in: methods, does: "form", footer: 1, label: or((*App).groupWords, "form"), why: unlessGroup(notAsked),
			do: func(a *App) tea.Cmd { return a.run(a.state.Enter()) },
		},
		{
			id: "call.repeat", keys: []string{"r"}, in: []place{inMethods, inCard}, does: "repeat last call", footer: 2, label: words("repeat"), why: mayInvoke(notCalled),
			do: (*App).repeatLast,
		},
		{
			id: "method.ask-all", keys: []string{"A"}, in: []place{inMethods, inCard}, does: "form with target all", footer: 3, label: (*App).askAllWords, why: onlyOne,
			do: do(func(a *App) { a.state.OpenForm(a.state.CardMethod(), bus.Target{Mode: bus.All}) }),
		},
		{
			id: "stream.subscribe", keys: []string{"enter"}, in: streams, does: "subscribe", footer: 1, label: or((*App).groupWords, "subscribe"), why: unlessGroup(notAsked),
			do: func(a *App) tea.Cmd { return a.run(a.state.Enter()) },
		},
		{id: "list.filter", keys: []string{"/"}, in: append([]place{inOpen, inServe, inHistory, inSaved}, lists...), does: "filter: word, !word, ~letters, /regex/", footer: 4, label: words("filter"), do: do((*App).startFilter)},
		{id: "list.sort", keys: []string{"s"}, in: lists, does: "sort by the next column", footer: 5, label: (*App).sortWords, do: do(func(a *App) { a.state.CycleSort(a.state.Focus) })},
		{id: "list.reverse", keys: []string{"S"}, in: lists, does: "other order", do: do(func(a *App) { a.state.Reverse(a.state.Focus) })},
		{id: "list.forget", keys: []string{"x"}, in: lists, does: "clear this tombstone", footer: 6, label: words("clear it"), why: noTombstone, do: do(func(a *App) { a.forget(false) })},
		{id: "list.forget-all", keys: []string{"X"}, in: lists, does: "clear all tombstones", do: do(func(a *App) { a.forget(true) })},
		{id: "method.widen", keys: []string{"backspace"}, in: asked, does: "widen again", why: notNarrowed, do: do(func(a *App) { a.state.NarrowTo(a.state.Narrow) })},

		{
			id: "open.enter", keys: []string{"enter"}, in: []place{inOpen}, does: "into it", footer: 1, why: nothingOpen,
			do: func(a *App) tea.Cmd { return a.run(a.state.Enter()) },
		},
		{
			id: "open.close", keys: []string{"x"}, in: []place{inOpen, inResult, inCompare, inRows}, does: "close it; gives up a call, unsubscribes", footer: 6, label: (*App).closeWords, why: nothingShown,
			do: (*App).closeShown,
		},
		{
			id: "open.repeat", twin: "call.repeat", keys: []string{"r"}, in: []place{inOpen, inResult, inCompare}, does: "ask the same again", footer: 3, label: words("repeat"), why: mayInvoke(notSent),
			do: (*App).repeat,
		},
		{id: "open.pause", twin: "stream.pause", keys: []string{" "}, in: []place{inOpen}, does: "pause, resume", footer: 4, label: (*App).pauseWords, why: notAStream, do: do((*App).pause)},
		{id: "open.unsubscribe", twin: "stream.unsubscribe", keys: []string{"u"}, in: []place{inOpen}, does: "unsubscribe, subscribe again", why: notSubscribed, do: (*App).unsubscribe},
		{
			id: "open.close-over", keys: []string{"X"}, in: []place{inOpen}, does: "close all that is over: answered calls, ended subscriptions and runs", footer: 7, label: (*App).overWords, why: nothingOver,
			do: func(a *App) tea.Cmd { return a.run(a.state.CloseOver()) },
		},
		{id: "open.move-up", keys: []string{"K"}, in: []place{inOpen}, does: "move up", why: nothingOpen, do: do(func(a *App) { a.state.MoveThing(-1) })},
		{id: "open.move-down", keys: []string{"J"}, in: []place{inOpen}, does: "move down", why: nothingOpen, do: do(func(a *App) { a.state.MoveThing(1) })},

		{
			id: "card.do", keys: []string{"enter"}, in: []place{inCard}, does: "open the form, or subscribe", footer: 1, label: (*App).cardWords, why: noCard,
			do: func(a *App) tea.Cmd { return a.run(a.state.Enter()) },
		},
	}
}

func emptyList(a *App) string {
	if len(a.state.Lists[a.state.Focus].Rows()) == 0 {
		return "nothing here"
	}
	return ""
}

// notAsked is why nothing can be asked of what the cursor is on. What nobody offers
// now can be asked: the question waits for somebody who does.
func notAsked(a *App) string {
	if m := a.state.CardMethod(); m != nil && m.Gone() && m.Action == nil {
		return a.state.NotThen()
	}
	return notOffered(a)
}

func notOffered(a *App) string {
	m := a.state.CardMethod()
	switch {
	case m == nil:
		return "nothing here"
	case a.state.NotThen() != "":
		return a.state.NotThen()
	case m.Gone():
		return "nobody offers " + m.Def.Name + " now"
	}
	return ""
}

func notCalled(a *App) string {
	m := a.state.CardMethod()
	switch {
	case m == nil || m.Streaming() || m.Action != nil:
		return "nothing to repeat here"
	case len(a.state.Calls(m.ID, 1)) == 0:
		return "nothing to repeat: " + m.Def.Name + " was not called yet"
	}
	return notOffered(a)
}

func onlyOne(a *App) string {
	m := a.state.CardMethod()
	switch {
	case m == nil || m.Streaming() || m.Action != nil:
		return "no method here"
	case len(m.Offers) == 1:
		return "only one server offers " + m.Def.Name
	}
	return notOffered(a)
}

func noTombstone(a *App) string {
	if !a.onTombstone() {
		return "only what left can be cleared"
	}
	return ""
}

func notNarrowed(a *App) string {
	if a.state.Narrow == "" {
		return "not narrowed to a server"
	}
	return ""
}

func nothingOpen(a *App) string {
	if len(a.state.Things) == 0 {
		return "nothing is open"
	}
	return ""
}

func nothingOver(a *App) string {
	if len(a.state.Over()) == 0 {
		return "nothing that is open is over"
	}
	return ""
}

func (a *App) overWords() string { return "close " + model.Number(len(a.state.Over())) + " over" }

func nothingShown(a *App) string {
	if a.state.Shown() == nil {
		return "nothing is open"
	}
	return ""
}

func notSent(a *App) string {
	switch t := a.state.Shown(); {
	case t == nil:
		return "nothing is open"
	case t.Content != nil:
		return "nothing to repeat here"
	case t.Gen == 0:
		return "nothing to repeat: " + t.Def.Name + " was not sent yet"
	case t.Phase == model.Asking:
		return "it is being asked; {open.close} gives up"
	}
	return ""
}

func notAStream(a *App) string {
	if t := a.state.Shown(); t == nil || !t.Stream() || t.Gen == 0 {
		return "only a subscription can be paused"
	}
	return notPaused(a)
}

func notSubscribed(a *App) string {
	if t := a.state.Shown(); t == nil || !t.Stream() || t.Gen == 0 {
		return "only a subscription can be ended and begun again"
	}
	return stillAsked(a)
}

func noCard(a *App) string {
	if a.state.CardServer() != nil {
		return "{server.narrow} in {go.servers} narrows to this server"
	}
	return notAsked(a)
}
