package ui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/client/bus"
	"ioscope/model"
)

// bindings is the one table of keys. It is filled in init because what a
// binding does may look at the table itself.
var bindings []binding

func init() { //nolint:gochecknoinits // the table refers to itself: help lists it
	bindings = append(bindings, generalBindings()...)
	bindings = append(bindings, railBindings()...)
	bindings = append(bindings, formBindings()...)
	bindings = append(bindings, workBindings()...)
	bindings = append(bindings, streamBindings()...)
	bindings = append(bindings, lensBindings()...)
	bindings = append(bindings, signatureBindings()...)
	bindings = append(bindings, callBindings()...)
	bindings = append(bindings, feedBindings()...)
	bindings = append(bindings, watchBindings()...)
	bindings = append(bindings, otherBindings()...)
	bindings = append(bindings, shellBindings()...)
	bindings = append(bindings, serveBindings()...)
	bindings = append(bindings, runBindings()...)
}

// do makes a binding's deed of a change of the state.
func do(f func(*App)) func(*App) tea.Cmd {
	return func(a *App) tea.Cmd {
		f(a)
		return nil
	}
}

func goTo(p model.Pane) func(*App) tea.Cmd { return do(func(a *App) { a.state.Go(p) }) }

func move(delta int) func(*App) tea.Cmd { return do(func(a *App) { a.state.MoveCursor(delta) }) }

func pageMove(sign int) func(*App) tea.Cmd {
	return do(func(a *App) { a.state.MoveCursor(sign * max(1, a.pageRows()/2)) })
}

const farAway = 1 << 40

func generalBindings() []binding {
	any, calm := []place{everywhere}, []place{notTyping}
	vertical, sideways := []place{upAndDown}, []place{inAndOut}
	return []binding{
		{id: "app.help", keys: []string{"f1"}, in: any, does: "keys and help", do: do((*App).openHelp)},
		{id: "app.palette", keys: []string{"ctrl+p"}, in: any, does: "palette", do: do((*App).openPalette)},
		{id: "app.quit-now", keys: []string{"ctrl+c"}, in: any, does: "quit", do: (*App).askQuit},
		{id: "app.suspend", keys: []string{"ctrl+z"}, in: any, does: "suspend", why: stuck, do: func(*App) tea.Cmd { return tea.Suspend }},
		{id: "app.redraw", keys: []string{"ctrl+l"}, in: any, does: "draw again", do: func(*App) tea.Cmd { return tea.ClearScreen }},
		{id: "nav.back", keys: []string{"esc"}, in: any, does: "back one step; never quits", do: do((*App).back)},

		{id: "app.help-key", keys: []string{"?"}, in: calm, does: "keys of this pane", do: do((*App).openHelp)},
		{id: "app.palette-key", keys: []string{":"}, in: calm, does: "palette", do: do((*App).openPalette)},
		{id: "app.quit", keys: []string{"q"}, in: calm, does: "quit", do: (*App).askQuit},
		{id: "pane.next", keys: []string{"tab"}, in: calm, does: "next pane", do: do(func(a *App) { a.turn(1) })},
		{id: "pane.prev", keys: []string{"shift+tab"}, in: calm, does: "previous pane", do: do(func(a *App) { a.turn(-1) })},
		{id: "go.workspace", keys: []string{"0"}, in: calm, does: "workspace", do: goTo(model.Workspace)},
		{id: "go.servers", keys: []string{"1"}, in: calm, does: "Servers", do: goTo(model.Servers)},
		{id: "go.methods", keys: []string{"2"}, in: calm, does: "Methods", do: goTo(model.Methods)},
		{id: "go.streams", keys: []string{"3"}, in: calm, does: "Streams", do: goTo(model.Streams)},
		{id: "go.open", keys: []string{"4"}, in: calm, does: "Open", do: goTo(model.Open)},
		{id: "open.prev", keys: []string{","}, in: calm, does: "previous open thing", why: nothingOpen, do: do(func(a *App) { a.state.MoveOpen(-1) })},
		{id: "open.next", keys: []string{"."}, in: calm, does: "next open thing", why: nothingOpen, do: do(func(a *App) { a.state.MoveOpen(1) })},
		{id: "view.full", keys: []string{"f"}, in: calm, does: "full, and back", do: do(func(a *App) { a.state.Full = !a.state.Full })},
		{id: "go.feed", keys: []string{"5"}, in: calm, does: "Feed", why: noPage(model.Feed), do: goTo(model.Feed)},
		{id: "go.history", keys: []string{"6"}, in: calm, does: "History", why: noPage(model.History), do: goTo(model.History)},
		{id: "go.saved", keys: []string{"7"}, in: calm, does: "Saved calls", why: noPage(model.Saved), do: goTo(model.Saved)},
		{id: "go.watches", keys: []string{"8"}, in: calm, does: "Watches", why: noPage(model.Watches), do: goTo(model.Watches)},
		{id: "go.serve", keys: []string{"9"}, in: calm, does: "Serve: all that you offer", why: noPage(model.Serve), do: goTo(model.Serve)},
		{id: "edit.external", keys: []string{"e"}, in: calm, does: "the arguments in $EDITOR; what can't be changed, in $PAGER", why: nothingToRead, do: (*App).openExternal},
		{id: "copy.menu", keys: []string{"y"}, in: calm, does: "copy: the value, its path, all, the call as a command", why: nothingToCopy, do: do((*App).openCopy)},

		{id: "nav.up", keys: []string{"up", "k"}, in: vertical, does: "up", do: move(-1)},
		{id: "nav.down", keys: []string{"down", "j"}, in: vertical, does: "down", do: move(1)},
		{id: "nav.half-up", keys: []string{"ctrl+u", "pgup"}, in: vertical, does: "half a page up", do: pageMove(-1)},
		{id: "nav.half-down", keys: []string{"ctrl+d", "pgdown"}, in: vertical, does: "half a page down", do: pageMove(1)},
		{id: "nav.first", keys: []string{"g", "home"}, in: vertical, does: "first", do: move(-farAway)},
		{id: "nav.last", keys: []string{"G", "end"}, in: vertical, does: "last; in a stream: follow", do: do((*App).toLast)},

		{id: "nav.out", keys: []string{"left", "h"}, in: sideways, does: "out: fold, or back to the list", do: do((*App).out)},
		{id: "nav.in", keys: []string{"right", "l"}, in: sideways, does: "in: unfold, or into the thing", do: (*App).in},

		{id: "text.start", keys: []string{"ctrl+a"}, in: []place{textField}, does: "start of line", do: do(textKey(tea.KeyCtrlA))},
		{id: "text.end", keys: []string{"ctrl+e"}, in: []place{textField}, does: "end of line", do: do(textKey(tea.KeyCtrlE))},
		{id: "text.cut-end", keys: []string{"ctrl+k"}, in: []place{textField}, does: "cut to the end", do: do(textKey(tea.KeyCtrlK))},
		{id: "text.cut-start", keys: []string{"ctrl+u"}, in: []place{textField}, does: "cut to the start", do: do(textKey(tea.KeyCtrlU))},
		{id: "text.cut-word", keys: []string{"ctrl+w"}, in: []place{textField}, does: "cut a word", do: do(textKey(tea.KeyCtrlW))},
	}
}

func railBindings() []binding {
	servers, methods, streams := []place{inServers}, []place{inMethods}, []place{inStreams}
	lists := []place{inServers, inMethods, inStreams}
	asked := []place{inMethods, inStreams}
	return []binding{
		{
			id: "server.narrow", keys: []string{"enter"}, in: servers, does: "narrow methods and streams to it, and go there", footer: 1,
			label: words("narrow"), why: emptyList, do: func(a *App) tea.Cmd { return a.run(a.state.Enter()) },
		},
		{
			id: "server.toggle", keys: []string{" "}, in: servers, does: "narrow, stay here", footer: 2, label: (*App).narrowWords, why: emptyList,
			do: do(func(a *App) { a.state.NarrowTo(a.state.Lists[model.Servers].Cursor()) }),
		},
		{
			id: "method.form", keys: []string{"enter"}, in: methods, does: "form", footer: 1, why: notAsked,
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
			id: "stream.subscribe", keys: []string{"enter"}, in: streams, does: "subscribe", footer: 1, why: notAsked,
			do: func(a *App) tea.Cmd { return a.run(a.state.Enter()) },
		},
		{id: "list.filter", keys: []string{"/"}, in: append([]place{inOpen, inServe, inHistory, inSaved}, lists...), does: "filter: word, !word, /regex/", footer: 4, label: words("filter"), do: do((*App).startFilter)},
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
			id: "open.repeat", keys: []string{"r"}, in: []place{inOpen, inResult, inCompare}, does: "ask the same again", footer: 3, label: words("repeat"), why: mayInvoke(notSent),
			do: (*App).repeat,
		},
		{id: "open.pause", keys: []string{" "}, in: []place{inOpen}, does: "pause, resume", footer: 4, label: (*App).pauseWords, why: notAStream, do: do((*App).pause)},
		{id: "open.move-up", keys: []string{"K"}, in: []place{inOpen}, does: "move up", why: nothingOpen, do: do(func(a *App) { a.state.MoveThing(-1) })},
		{id: "open.move-down", keys: []string{"J"}, in: []place{inOpen}, does: "move down", why: nothingOpen, do: do(func(a *App) { a.state.MoveThing(1) })},

		{
			id: "card.do", keys: []string{"enter"}, in: []place{inCard}, does: "open the form, or subscribe", footer: 1, label: (*App).cardWords, why: noCard,
			do: func(a *App) tea.Cmd { return a.run(a.state.Enter()) },
		},
	}
}

func formBindings() []binding {
	form, both := []place{inForm}, []place{inForm, inJSON}
	return []binding{
		{id: "form.next", keys: []string{"tab", "down", "enter"}, in: form, does: "next field; enter on a button presses it", footer: 1, label: words("next field"), do: (*App).nextField},
		{id: "form.prev", keys: []string{"shift+tab", "up"}, in: form, does: "previous field", do: do(func(a *App) { a.moveField(-1) })},
		{id: "form.send", keys: []string{"ctrl+s", "alt+enter"}, in: both, does: "send", footer: 2, label: (*App).sendWords, why: maySend, do: (*App).send},
		{id: "form.target", keys: []string{"ctrl+t"}, in: both, does: "target", footer: 3, why: noTarget, do: do((*App).openTargets)},
		{id: "form.add", keys: []string{"ctrl+n"}, in: form, does: "add an item after this", footer: 4, label: words("add item"), why: noItems, do: do((*App).addItem)},
		{id: "form.json", keys: []string{"ctrl+g"}, in: form, does: "form, JSON", footer: 5, label: words("JSON"), why: jsonOnly, do: do((*App).flip)},
		{id: "form.form", keys: []string{"ctrl+g"}, in: []place{inJSON}, does: "form, JSON", footer: 5, label: words("form"), why: jsonOnly, do: do((*App).flip)},
		{id: "edit.field", keys: []string{"f4"}, in: both, does: "the arguments in $EDITOR", do: (*App).openEditor},
		{id: "form.leave-out", keys: []string{"ctrl+x"}, in: form, does: "leave out, or remove the item", do: do((*App).leaveOut)},
		{id: "form.item-up", keys: []string{"alt+up"}, in: form, does: "item up", why: noItem, do: do(func(a *App) { a.moveItem(-1) })},
		{id: "form.item-down", keys: []string{"alt+down"}, in: form, does: "item down", why: noItem, do: do(func(a *App) { a.moveItem(1) })},
		{id: "form.toggle", keys: []string{" "}, in: form, does: "on a box, a choice, a left-out field or a fold: change it", do: do((*App).toggleField)},
		{id: "json.format", keys: []string{"alt+f"}, in: []place{inJSON}, does: "format", footer: 4, do: do((*App).formatJSON)},
		{id: "json.repair", keys: []string{"ctrl+r"}, in: []place{inJSON}, does: "repair; again: as it was before", footer: 3, label: (*App).repairWords, why: notBroken, do: do((*App).repairJSON)},
		{id: "json.compact", keys: []string{"alt+c"}, in: []place{inJSON}, does: "compact", do: do((*App).compactJSON)},
		{id: "json.next", keys: []string{"tab"}, in: []place{inJSON}, does: "next: the button", footer: 1, label: words("to the button"), do: do(func(a *App) { a.moveField(1) })},
		{id: "json.prev", keys: []string{"shift+tab"}, in: []place{inJSON}, does: "back: the timeouts", do: do(func(a *App) { a.moveField(-1) })},
	}
}

func workBindings() []binding {
	tree := []place{inResult, inEvent}
	return []binding{
		{
			id: "tree.fold", keys: []string{"enter", " "}, in: tree, does: "fold, unfold", footer: 1, label: (*App).foldWords, why: nothingToFold,
			do: func(a *App) tea.Cmd { return a.run(a.state.Enter()) },
		},
		{id: "tree.close-deep", keys: []string{"H"}, in: tree, does: "fold all below", do: onTree(func(t *model.Tree) { t.FoldDeep(t.Cursor()) })},
		{id: "tree.open-deep", keys: []string{"L"}, in: tree, does: "unfold all below", do: onTree(func(t *model.Tree) { t.UnfoldDeep(t.Cursor()) })},
		{id: "tree.open-all", keys: []string{"o"}, in: tree, does: "unfold all", footer: 4, why: noTree, do: onTree(func(t *model.Tree) { t.OpenAll() })},
		{id: "tree.close-all", keys: []string{"O"}, in: tree, does: "fold all", do: onTree((*model.Tree).CloseAll)},
		{id: "result.compare", keys: []string{"c"}, in: []place{inResult}, does: "all servers in one table", footer: 3, label: words("compare"), why: oneAnswer, do: do((*App).compare)},
		{id: "compare.panels", keys: []string{"c"}, in: []place{inCompare}, does: "one panel a server", footer: 1, label: words("panels"), do: do((*App).compare)},
		{id: "compare.left", keys: []string{"left", "h"}, in: []place{inCompare}, does: "servers to the left", do: do(func(a *App) { a.slide(-1) })},
		{id: "compare.right", keys: []string{"right", "l"}, in: []place{inCompare}, does: "servers to the right", do: do(func(a *App) { a.slide(1) })},
		{id: "compare.same", keys: []string{"enter", " "}, in: []place{inCompare}, does: "what is the same everywhere: show, hide", footer: 3, label: words("same rows"), do: func(a *App) tea.Cmd { return a.run(a.state.Enter()) }},
		{id: "compare.next", keys: []string{"n"}, in: []place{inCompare}, does: "next row that differs", footer: 2, label: words("next difference"), do: do(func(a *App) { a.state.Shown().Results.Compared.NextDiffers(1) })},
		{id: "compare.prev", keys: []string{"N"}, in: []place{inCompare}, does: "row before that differs", do: do(func(a *App) { a.state.Shown().Results.Compared.NextDiffers(-1) })},
		{id: "result.form", keys: []string{"i"}, in: []place{inResult}, does: "open the form again", footer: 5, label: words("form"), why: enterDoes, do: do((*App).unfold)},
	}
}

func otherBindings() []binding {
	filter, nobody := []place{inFilter}, []place{inNobody}
	return []binding{
		{id: "filter.keep", keys: []string{"enter"}, in: filter, does: "keep", footer: 1, do: do((*App).keepFilter)},
		{id: "filter.clear", keys: []string{"esc"}, in: filter, does: "clear", footer: 2, do: do((*App).clearFilter)},
		{id: "filter.earlier", keys: []string{"up"}, in: filter, does: "earlier terms", footer: 3, label: words("earlier"), why: noTerms, do: do((*App).earlierTerm)},
		{id: "filter.later", keys: []string{"down"}, in: filter, does: "later terms; in a list: keep, and into the rows", do: do((*App).laterTerm)},
		{id: "filter.complete", keys: []string{"tab"}, in: filter, does: "complete the name of a field; in a list: keep", do: do((*App).complete)},

		{id: "bus.retry", keys: []string{"enter"}, in: nobody, does: "try now; after a refusal, log in again", footer: 1, label: (*App).retryWords, why: connectingNow, do: (*App).retry},
		{id: "bus.address", keys: []string{"a"}, in: nobody, does: "change the address", footer: 2, label: words("address"), do: do((*App).openAddress)},
		{
			id: "bus.demo", keys: []string{"d"}, in: []place{inNobody, inEmpty}, does: "start the demo bus, or the demo apps", footer: 4, label: (*App).demoWords, why: noDemo,
			do: (*App).startDemo,
		},

		{id: "dialog.close", keys: []string{"esc"}, in: []place{inDialog}, does: "close, nothing changed"},
		{id: "dialog.do", keys: []string{"enter"}, in: []place{inDialog}, does: "do it"},
		{id: "dialog.up", keys: []string{"up", "ctrl+p"}, in: []place{inDialog}, does: "up"},
		{id: "dialog.down", keys: []string{"down", "ctrl+n"}, in: []place{inDialog}, does: "down"},
		{id: "dialog.choose", keys: []string{" "}, in: []place{inDialog}, does: "choose"},
		{id: "dialog.quit", keys: []string{"ctrl+c"}, in: []place{inDialog}, does: "quit", do: (*App).askQuit},
		{id: "dialog.suspend", keys: []string{"ctrl+z"}, in: []place{inDialog}, does: "suspend", why: stuck, do: func(*App) tea.Cmd { return tea.Suspend }},
	}
}

func words(s string) func(*App) string { return func(*App) string { return s } }

func onTree(f func(*model.Tree)) func(*App) tea.Cmd {
	return do(func(a *App) {
		if t := a.tree(); t != nil {
			a.state.Shown().Touch()
			f(t)
		}
	})
}

// The reasons why something can't be done now.

// forbidden puts the reason of read-only before another.
func forbidden(d model.Deed, why func(*App) string) func(*App) string {
	return func(a *App) string {
		if forbids := a.state.Forbids(d); forbids != "" || why == nil {
			return forbids
		}
		return why(a)
	}
}

// mayInvoke is forbidden for what asks again, where it is a method that is asked.
func mayInvoke(why func(*App) string) func(*App) string {
	return func(a *App) string {
		if t := a.state.Shown(); t != nil && t.Stream() {
			return why(a)
		}
		return forbidden(model.ToInvoke, why)(a)
	}
}

// maySend asks whether the form may be sent. A face answers for its own forms.
func maySend(a *App) string {
	if a.face() != nil {
		return ""
	}
	return mayInvoke(func(*App) string { return "" })(a)
}

// noDemo says why no demo apps can be started on the bus that we are on; a bus of
// our own may always be.
func noDemo(a *App) string {
	if a.state.Conn.State == bus.Live {
		return a.state.Forbids(model.ToStart)
	}
	return ""
}

func noPage(p model.Pane) func(*App) string {
	return func(a *App) string {
		if a.state.Pages[p] == nil {
			return "no " + p.String() + " here"
		}
		return ""
	}
}

func stuck(a *App) string { return a.opts.Stuck }

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
		return "it is being asked; x gives up"
	}
	return ""
}

func notAStream(a *App) string {
	if t := a.state.Shown(); t == nil || !t.Stream() || t.Gen == 0 {
		return "only a subscription can be paused"
	}
	return ""
}

func noTree(a *App) string {
	if a.tree() == nil {
		return "no value here"
	}
	return ""
}

func oneAnswer(a *App) string {
	if len(a.state.Shown().Results.Answers) < 2 {
		return "only one server was asked"
	}
	return ""
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

func noRowsYet(a *App) string {
	if t := a.state.Shown(); t.Tail.Len() == 0 && t.Phase != model.Ended {
		return "nothing came yet"
	}
	return ""
}

func stillAsked(a *App) string {
	if a.state.Shown().Phase == model.Asking {
		return "it is being asked; x gives up"
	}
	return ""
}

func enterDoes(a *App) string {
	if t := a.state.Shown(); t.Phase == model.Ended && len(t.Results.Answers) == 0 {
		return "enter opens it"
	}
	return ""
}

func connectingNow(a *App) string {
	if _, other := a.otherBus(); !other && a.state.Conn.State == bus.Connecting {
		return "it is being tried"
	}
	return ""
}

func nothingSought(a *App) string {
	if a.state.Shown().Find == "" {
		return "nothing to find yet; / asks for it"
	}
	return ""
}

func noRows(a *App) string {
	if t := a.state.Shown(); t.Phase == model.Ended && t.Tail.Len() == 0 {
		return "nothing came to be paused"
	}
	return ""
}

func noCard(a *App) string {
	if a.state.CardServer() != nil {
		return "enter in 1 narrows to this server"
	}
	return notAsked(a)
}

func notBroken(a *App) string {
	if f := a.sheet().Form; f.Broken() == nil && !f.Repaired() {
		return "it is JSON already"
	}
	return ""
}

func noItems(a *App) string {
	if _, ok := a.itemHere(); !ok {
		return "no list of items here"
	}
	return ""
}

func noItem(a *App) string {
	if !strings.Contains(string(a.sheet().Focus), "[") {
		return "no item here"
	}
	return ""
}

func jsonOnly(a *App) string { return a.sheet().Form.Reason }

func noTarget(a *App) string {
	if a.face() != nil {
		return "no target here"
	}
	return ""
}

func nothingToFold(a *App) string {
	t := a.state.Shown()
	if t.Part == model.InEvent && t.Diffing() {
		return "a difference does not fold; d shows the event as it is"
	}
	if t.Part != model.InResult {
		return ""
	}
	switch ans := t.Results.Current(); {
	case ans == nil && t.Phase == model.Ended:
		return ""
	case ans == nil || ans.Pending:
		return "no answer yet"
	}
	return ""
}

func noTerms(a *App) string {
	if len(*a.terms()) == 0 {
		return "no earlier terms"
	}
	return ""
}

func nothingToCopy(a *App) string {
	if text, _ := a.copyable(); text == "" {
		return "nothing to copy here"
	}
	return ""
}
