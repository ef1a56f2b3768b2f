package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"ioscope/model"
)

// serveBindings are the keys of what we offer.
func serveBindings() []binding {
	serve, form := []place{inServe}, []place{inForm, inJSON}
	return []binding{
		{
			id: "offer.new", keys: []string{"N"}, in: []place{inEmpty, inServe}, does: "offer a method or a stream yourself", footer: 7,
			label: words("new offer"), why: forbidden(model.ToOffer, nil), do: do((*App).newOffer),
		},
		{id: "offer.here", keys: []string{"N"}, in: []place{inMethods, inStreams}, does: "offer a method or a stream yourself", why: forbidden(model.ToOffer, nil), do: do((*App).newOffer)},
		{id: "offer.file", in: []place{notTyping}, does: "offer what a file of ioscope serve has", why: forbidden(model.ToOffer, nil), do: (*App).openOffers},
		{
			id: "serve.answer", keys: []string{"enter"}, in: serve, does: "answer; accept; on a branch or a subscriber: push; change a rule", footer: 1,
			label: (*App).serveEnterWords, why: nothingServed, do: func(a *App) tea.Cmd { return a.run(a.state.Enter()) },
		},
		{id: "serve.accept", keys: []string{"a"}, in: serve, does: "accept a subscriber", why: forbidden(model.ToAnswer, noRequest), do: (*App).serveAccept},
		{id: "serve.accept-branch", keys: []string{"b"}, in: serve, does: "accept on a branch", footer: 2, label: words("on a branch"), why: forbidden(model.ToAnswer, noRequest), do: (*App).serveAcceptBranch},
		{id: "serve.refuse", keys: []string{"x"}, in: serve, does: "answer with an error, reject, close, delete", footer: 3, label: (*App).serveRefuseWords, why: nothingToRefuse, do: (*App).serveRefuse},
		{id: "serve.rule", keys: []string{"r"}, in: serve, does: "a rule that answers, made from what the cursor is on", footer: 3, label: words("rule"), why: forbidden(model.ToAnswer, nothingOffered), do: do((*App).serveRule)},
		{id: "serve.push", keys: []string{"p"}, in: serve, does: "push to all subscribers", footer: 3, label: words("push"), why: forbidden(model.ToPush, noOwnStream), do: do(func(a *App) { a.servePush(true) })},
		{id: "serve.push-timer", keys: []string{"t"}, in: serve, does: "push on a timer", footer: 3, label: words("on a timer"), why: forbidden(model.ToPush, noOwnStream), do: do((*App).serveTimer)},
		{id: "serve.rule-up", keys: []string{"K"}, in: serve, does: "rule up; the first that fits answers", why: noRule, do: func(a *App) tea.Cmd { return a.run(a.state.MoveRule(a.provider(), -1)) }},
		{id: "serve.rule-down", keys: []string{"J"}, in: serve, does: "rule down", why: noRule, do: func(a *App) tea.Cmd { return a.run(a.state.MoveRule(a.provider(), 1)) }},
		{
			id: "serve.accept-all", keys: []string{"A"}, in: serve, does: "accept every subscriber, or ask again", footer: 8, label: (*App).acceptAllWords, why: forbidden(model.ToAnswer, noOwnStream),
			do: func(a *App) tea.Cmd { return a.run(a.state.ToggleAccept(a.serving())) },
		},
		{
			id: "serve.change", keys: []string{"c"}, in: serve, does: "change the definition: name, signature, how long callers wait", footer: 9, label: words("change"),
			why: forbidden(model.ToOffer, nothingOffered), do: do(func(a *App) { a.state.ChangeForm(a.provider(), a.serving()) }),
		},
		{
			id: "serve.unregister", keys: []string{"u"}, in: serve, does: "unregister, register again", footer: 9, label: (*App).unregisterWords, why: forbidden(model.ToOffer, nothingOffered),
			do: (*App).unregister,
		},
		{id: "serve.clear", keys: []string{"C"}, in: serve, does: "clear the past", why: nothingPast, do: do(func(a *App) { a.state.Say("cleared " + model.Count(a.state.ClearPast(a.provider()), "row")) })},
		{
			id: "answer.error", keys: []string{"alt+e"}, in: form, does: "answer with an error (in an answer form)", footer: 3, label: words("error"), why: notAnswering,
			do: do(func(a *App) { a.state.RefuseForm(a.provider(), a.answering().Call) }),
		},
		{id: "answer.rule", keys: []string{"alt+r"}, in: form, does: "always answer so (in an answer form)", footer: 4, label: words("always so"), why: notAnswering, do: (*App).alwaysSo},
	}
}

// unregister takes an offer back, or offers it again; it asks where that hurts.
func (a *App) unregister() tea.Cmd {
	o := a.serving()
	if hurts := o.Hurts(); hurts != "" && o.Standing == model.Offered {
		a.confirm("Unregister "+o.Def.Name+"?", hurts+".", "Keep it", "Unregister", func() tea.Cmd { return a.run(a.state.Unregister(o)) })
		return nil
	}
	return a.run(a.state.Unregister(o))
}

// The reasons why something can't be done now, and words that depend on the moment.

func nothingOffered(a *App) string {
	if a.serving() == nil {
		return "you offer nothing; {offer.here} offers a method or a stream"
	}
	return ""
}

func nothingToRefuse(a *App) string {
	if row, ok := a.serveRow(); ok && row.Kind == model.RowPast {
		return "it is over; {serve.clear} clears the past, {open.close} in {go.open} closes the " + row.Of.Kind()
	}
	return nothingOffered(a)
}

func nothingServed(a *App) string {
	if _, ok := a.serveRow(); !ok {
		if a.serving() != nil {
			return "nothing came yet"
		}
		return nothingOffered(a)
	}
	return ""
}

func noRequest(a *App) string {
	if row, ok := a.serveRow(); ok && row.Kind == model.RowWaiting && row.Of.Streaming() {
		return ""
	}
	return "nobody who asks to subscribe here"
}

func noOwnStream(a *App) string {
	if o := a.serving(); o == nil || !o.Streaming() {
		return "only a stream can do that"
	}
	return ""
}

func noRule(a *App) string {
	if row, ok := a.serveRow(); !ok || row.Kind != model.RowRule {
		return "no rule here"
	}
	return ""
}

func nothingPast(a *App) string {
	if v := a.provider(); v == nil || len(a.state.PastCalls(v)) == 0 {
		return "nothing is past"
	}
	return ""
}

func notAnswering(a *App) string {
	if a.answering() == nil {
		return "only the answer to a call has that"
	}
	return ""
}

func (a *App) serveEnterWords() string {
	row, _ := a.serveRow()
	switch row.Kind {
	case model.RowWaiting:
		if row.Of.Streaming() {
			return "accept"
		}
		return "answer"
	case model.RowRule, model.RowTimer:
		return "change"
	case model.RowBranch, model.RowSubscriber:
		return "push to it"
	case model.RowPast:
		if row.In.Open {
			return "less"
		}
		return "more"
	case model.RowOffering:
	}
	return "into it"
}

func (a *App) serveRefuseWords() string {
	row, ok := a.serveRow()
	switch {
	case !ok:
		return "close it"
	case row.Kind == model.RowWaiting && row.Of.Streaming():
		return "reject"
	case row.Kind == model.RowWaiting:
		return "error"
	case row.Kind == model.RowRule:
		return "delete"
	case row.Kind == model.RowTimer:
		return "stop"
	case row.Kind == model.RowBranch, row.Kind == model.RowSubscriber:
		return "close"
	}
	return "close " + row.Of.Kind()
}

func (a *App) acceptAllWords() string {
	if o := a.serving(); o != nil && o.AutoAccept() != nil {
		return "ask again"
	}
	return "accept all"
}

func (a *App) unregisterWords() string {
	if o := a.serving(); o != nil && (o.Standing == model.Withdrawn || o.Standing == model.Refused) {
		return "register"
	}
	return "unregister"
}
