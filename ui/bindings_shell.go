package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"ioscope/client/bus"
)

// shellBindings are the actions on the program itself: how it looks, how it is laid
// out, and where one has been.
func shellBindings() []binding {
	calm, nobody := []place{notTyping}, []place{inNobody}
	return []binding{
		{id: "theme.pick", in: calm, does: "theme: try and choose", why: noThemes, do: do((*App).openThemes)},
		{id: "view.ascii", in: calm, does: "signs in ASCII, and back", do: do((*App).toggleASCII)},
		{id: "view.motion", in: calm, does: "motion off, on", do: do((*App).toggleMotion)},
		{id: "place.back", keys: []string{"["}, in: calm, does: "back to where you were", why: noBack, do: do(func(a *App) { a.wander(&a.behind, &a.ahead) })},
		{id: "place.forward", keys: []string{"]"}, in: calm, does: "forward again", why: noAhead, do: do(func(a *App) { a.wander(&a.ahead, &a.behind) })},
		{id: "place.last", keys: []string{"-"}, in: calm, does: "last place, and back", why: noBack, do: do((*App).swap)},
		{id: "view.bigger", keys: []string{"+"}, in: calm, does: "pane bigger", why: noSizes, do: do(func(a *App) { a.resizePane(1) })},
		{id: "view.smaller", keys: []string{"_"}, in: calm, does: "pane smaller", why: noSizes, do: do(func(a *App) { a.resizePane(-1) })},
		{id: "view.split", keys: []string{"\\"}, in: calm, does: "split the workspace here, and back", why: noSplit, do: do(func(a *App) { a.state.Split(a.mostSlots()) })},
		{id: "view.hide", in: calm, does: "hide this pane of the rail; its digit shows it", why: notInRail, do: do((*App).hidePane)},
		{id: "layout.reset", in: calm, does: "lay the screen out as it was at first", do: do((*App).resetLayout)},
		{id: "bus.switch", keys: []string{"B"}, in: append([]place{inNobody, inEmpty}, calm...), does: "another bus", footer: 3, label: words("buses"), why: noBuses, do: do((*App).openBuses)},
		{id: "bus.up", keys: []string{"up", "k"}, in: nobody, does: "the bus before, in the list", why: aloneHere, do: do(func(a *App) { a.moveBus(-1) })},
		{id: "bus.down", keys: []string{"down", "j"}, in: nobody, does: "the next bus in the list", why: aloneHere, do: do(func(a *App) { a.moveBus(1) })},
		{id: "tour.start", in: calm, does: "tour: be led through a call, or a stream", why: noTour, do: do(func(a *App) { a.openDialog(&tourDialog{}) })},
		{id: "open.reopen", in: calm, does: "reopen what was closed last; undo what was cleared or deleted", why: nothingAway, do: func(a *App) tea.Cmd { return a.run(a.state.Reopen()) }},
		{id: "bus.try", twin: "bus.retry", keys: []string{"ctrl+r"}, in: calm, does: "try the connection now", why: connected, do: (*App).tryNow},
		{id: "bus.log-in", in: append([]place{inNobody}, calm...), does: "log in under another name", do: do((*App).openLogin)},
		{id: "app.info", in: append([]place{inNobody}, calm...), does: "what this program is, where it keeps what, where Interval hosts join", do: do(func(a *App) { a.openDialog(&infoDialog{}) })},
		{id: "mouse.toggle", keys: []string{"M"}, in: calm, does: "mouse off, so that text can be selected, and on", do: (*App).toggleMouse},
	}
}

func nothingAway(a *App) string {
	if !a.state.CanReopen() {
		return "nothing was closed, cleared or deleted in the last 5 minutes"
	}
	return ""
}

// connected is why the connection can't be tried now.
func connected(a *App) string {
	if a.state.Conn.State == bus.Live {
		return "the bus is connected"
	}
	return connectingNow(a)
}
