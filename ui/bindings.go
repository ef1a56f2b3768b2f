package ui

import (
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
	bindings = append(bindings, groupBindings()...)
	bindings = append(bindings, namedBindings()...)
	bindings = append(bindings, formBindings()...)
	bindings = append(bindings, resultBindings()...)
	bindings = append(bindings, streamBindings()...)
	bindings = append(bindings, lensBindings()...)
	bindings = append(bindings, signatureBindings()...)
	bindings = append(bindings, callBindings()...)
	bindings = append(bindings, feedBindings()...)
	bindings = append(bindings, watchBindings()...)
	bindings = append(bindings, otherBindings()...)
	bindings = append(bindings, shellBindings()...)
	bindings = append(bindings, recordBindings()...)
	bindings = append(bindings, replayBindings()...)
	bindings = append(bindings, serveBindings()...)
	bindings = append(bindings, runBindings()...)
	bindings = append(bindings, runAgainBindings()...)
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

// generalBindings are the keys that hold in most places.
func generalBindings() []binding {
	any, calm := []place{everywhere}, []place{notTyping}
	vertical, sideways := []place{upAndDown}, []place{inAndOut}
	return []binding{
		{id: "app.help", twin: "app.help-key", keys: []string{"f1"}, in: any, does: "keys and help", do: do((*App).openHelp)},
		{id: "app.palette", twin: "app.palette-key", keys: []string{"ctrl+p"}, in: any, does: "palette", do: do((*App).openPalette)},
		{id: "app.quit-now", twin: "app.quit", keys: []string{"ctrl+c"}, in: any, does: "quit", do: (*App).askQuit},
		{id: "app.suspend", keys: []string{"ctrl+z"}, in: any, does: "suspend", why: stuck, do: (*App).suspend},
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

// otherBindings are the keys of the filter line, of dialogs, and of a screen without
// a bus.
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
		{id: "dialog.suspend", keys: []string{"ctrl+z"}, in: []place{inDialog}, does: "suspend", why: stuck, do: (*App).suspend},
	}
}

func words(s string) func(*App) string { return func(*App) string { return s } }

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

func connectingNow(a *App) string {
	if _, other := a.otherBus(); !other && a.state.Conn.State == bus.Connecting {
		return "it is being tried"
	}
	return ""
}

func noTerms(a *App) string {
	if len(*a.terms()) == 0 {
		return "no earlier terms"
	}
	return ""
}
