package ui

import "ioscope/model"

// streamBindings are the keys of a stream's rows and of an event that is open.
func streamBindings() []binding {
	rows, event := []place{inRows}, []place{inEvent}
	return append([]binding{
		{id: "stream.pause", keys: []string{" "}, in: rows, does: "pause, resume; nothing is lost", footer: 1, label: (*App).pauseWords, why: notPaused, do: do((*App).pause)},
		{
			id: "stream.open", keys: []string{"enter"}, in: rows, does: "open the event; by key: its rows", footer: 4, label: (*App).rowWords, why: noRowsYet,
			do: (*App).openRow,
		},
		{id: "find.start", keys: []string{"/"}, in: []place{inRows, inResult, inEvent}, does: "find (hides nothing)", footer: 2, label: words("find"), why: nowhereToFind, do: do((*App).startFind)},
		{id: "find.next", keys: []string{"n"}, in: []place{inRows, inResult, inEvent}, does: "next hit; in a value also the next mark against returns", why: nothingNext, do: do(func(a *App) { a.nextHit(1) })},
		{id: "find.prev", keys: []string{"N"}, in: []place{inRows, inResult, inEvent}, does: "hit or mark before", why: nothingNext, do: do(func(a *App) { a.nextHit(-1) })},
		{id: "stream.filter", keys: []string{"&"}, in: rows, does: "filter rows: word, !word, ~letters, /regex/", footer: 2, label: words("filter"), why: noRows, do: do((*App).startFilter)},
		{id: "stream.jq", keys: []string{"|"}, in: rows, does: "jq expression: filter or reshape", why: noRows, do: do((*App).startJQ)},
		{id: "stream.view", keys: []string{"v"}, in: rows, does: "view: rows, columns, latest by key, chart, condensed", footer: 3, label: words("view"), why: nothingCame, do: do((*App).nextView)},
		{id: "stream.columns", keys: []string{"c"}, in: rows, does: "choose columns", why: noFields, do: do((*App).openColumns)},
		{id: "stream.key", keys: []string{"K"}, in: rows, does: "key field", why: noFields, do: do((*App).openKeyField)},
		{id: "stream.range", keys: []string{"T"}, in: rows, does: "stretch of the chart alone: last 1, 5, 15, 60 min, all", footer: 5, label: chartRangeWords, why: noChart, do: do((*App).nextRange)},
		{id: "stream.number-next", keys: []string{">"}, in: rows, does: "chart the next number", why: noRows, do: do(func(a *App) { a.nextNumber(1) })},
		{id: "stream.number-prev", keys: []string{"<"}, in: rows, does: "chart the number before", why: noRows, do: do(func(a *App) { a.nextNumber(-1) })},
		{id: "stream.sort", keys: []string{"s"}, in: rows, does: "columns, latest by key: sort by the next column", footer: 4, label: words("sort"), why: notSorted, do: do((*App).sortRows)},
		{id: "stream.reverse", keys: []string{"S"}, in: rows, does: "columns, latest by key: other order", why: notSorted, do: do((*App).reverseRows)},
		{id: "stream.sources", keys: []string{"p"}, in: rows, does: "publishers: show, hide", why: nothingCame, do: do((*App).openSources)},
		{id: "stream.wrap", twin: "view.wrap", keys: []string{"w"}, in: rows, does: "wrap payloads", why: nothingCame, do: do((*App).wrapRows)},
		{id: "mark.set", keys: []string{"m"}, in: []place{inRows, inEvent}, does: "mark this event, or take the mark away", why: noEvent, do: do((*App).markRow)},
		{id: "mark.go", keys: []string{"'"}, in: rows, does: "go to the next mark", why: noMarks, do: do((*App).goMark)},
		{id: "stream.time", keys: []string{"t"}, in: rows, does: "time: clock, ago, since the one before", why: noRows, do: do((*App).turnTimes)},
		{id: "stream.order", keys: []string{"o"}, in: rows, does: "newest last, first", why: noRows, do: do(func(a *App) { t := a.state.Shown(); t.NewestFirst = !t.NewestFirst })},
		{id: "stream.follow", twin: "nav.last", keys: nil, in: rows, does: "follow the tail", do: do((*App).toLast)},
		{id: "stream.unsubscribe", keys: []string{"u"}, in: rows, does: "unsubscribe, subscribe again", footer: 5, label: (*App).unsubscribeWords, why: stillAsked, do: (*App).unsubscribe},
		{id: "stream.join", keys: []string{"A"}, in: rows, does: "ask the publishers that do not send to it", footer: 2, label: (*App).joinWords, why: nobodyLeftOut, do: (*App).joinLeftOut},
		{id: "stream.form", keys: []string{"i"}, in: rows, does: "change the arguments", footer: 7, label: words("arguments"), do: do((*App).unfold)},
		{id: "stream.clear", keys: []string{"C"}, in: rows, does: "clear what is kept", do: do(func(a *App) { a.state.ClearStream(a.state.Shown()) })},
		{id: "stream.diff", keys: []string{"d"}, in: []place{inRows, inEvent}, does: "difference to the one before, same key", footer: 3, label: (*App).diffWords, why: noEvent, do: do((*App).diff)},
		{id: "stream.diff-marked", keys: []string{"D"}, in: []place{inRows, inEvent}, does: "difference to the event that was marked last", why: noMarkedEvent, do: do((*App).diffMarked)},
		{id: "event.follow", keys: []string{"F"}, in: event, does: "let the event follow the newest, with the cursor on its field", footer: 4, label: followWords, why: notRunning, do: do(func(a *App) { a.state.FollowEvent(a.state.Shown()) })},
		{id: "event.close", twin: "open.close", keys: []string{"x"}, in: event, does: "close the event", footer: 5, label: words("close"), do: do((*App).back)},
		{id: "event.next", keys: []string{"J"}, in: event, does: "next event", footer: 2, do: do(func(a *App) { a.stepEvent(1) })},
		{id: "event.prev", keys: []string{"K"}, in: event, does: "event before", footer: 3, do: do(func(a *App) { a.stepEvent(-1) })},
	}, exportBindings()...)
}

func notRunning(a *App) string {
	if t := a.state.Shown(); t.Phase == model.Ended {
		return "it has ended; nothing comes to be held"
	}
	if a.state.Shown().Tail.Counts().Total == 0 {
		return "nothing came yet"
	}
	return ""
}

// notPaused lets a pause end after its stream has.
func notPaused(a *App) string {
	if !a.state.Shown().Tail.Following() {
		return ""
	}
	return notRunning(a)
}

func noRowsYet(a *App) string {
	if t := a.state.Shown(); t.Tail.Len() == 0 && t.Phase != model.Ended {
		return "nothing came yet"
	}
	return ""
}

func stillAsked(a *App) string {
	if a.state.Shown().Phase == model.Asking {
		return "it is being asked; {open.close} gives up"
	}
	return ""
}

func nothingSought(a *App) string {
	if a.state.Shown().Find == "" {
		return "nothing to find yet; {find.start} asks for it"
	}
	return ""
}

func noRows(a *App) string {
	if t := a.state.Shown(); t.Phase == model.Ended && t.Tail.Len() == 0 {
		return "nothing came to be paused"
	}
	return ""
}
