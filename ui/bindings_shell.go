package ui

// shellBindings are the actions on the program itself: how it looks, how it is laid
// out, and where one has been.
func shellBindings() []binding {
	calm, nobody := []place{notTyping}, []place{inNobody}
	return []binding{
		{id: "theme.pick", in: calm, does: "theme: try and choose", why: noThemes, do: do((*App).openThemes)},
		{id: "view.ascii", in: calm, does: "signs in ASCII, and back", do: do((*App).toggleASCII)},
		{id: "view.motion", in: calm, does: "motion off, on", do: do((*App).toggleMotion)},
		{id: "bus.switch", keys: []string{"B"}, in: append([]place{inNobody, inEmpty}, calm...), does: "another bus", footer: 3, label: words("buses"), why: noBuses, do: do((*App).openBuses)},
		{id: "bus.up", keys: []string{"up", "k"}, in: nobody, does: "the bus before, in the list", why: aloneHere, do: do(func(a *App) { a.moveBus(-1) })},
		{id: "bus.down", keys: []string{"down", "j"}, in: nobody, does: "the next bus in the list", why: aloneHere, do: do(func(a *App) { a.moveBus(1) })},
		{id: "mouse.toggle", keys: []string{"M"}, in: calm, does: "mouse off, so that text can be selected, and on", do: (*App).toggleMouse},
	}
}
