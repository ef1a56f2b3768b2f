package ui

// shellBindings are the actions on the program itself: how it looks, how it is laid
// out, and where one has been.
func shellBindings() []binding {
	calm := []place{notTyping}
	return []binding{
		{id: "theme.pick", in: calm, does: "theme: try and choose", why: noThemes, do: do((*App).openThemes)},
		{id: "view.ascii", in: calm, does: "signs in ASCII, and back", do: do((*App).toggleASCII)},
		{id: "view.motion", in: calm, does: "motion off, on", do: do((*App).toggleMotion)},
		{id: "mouse.toggle", keys: []string{"M"}, in: calm, does: "mouse off, so that text can be selected, and on", do: (*App).toggleMouse},
	}
}
