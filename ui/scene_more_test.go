package ui

import "slices"

// moreScenes are pages with something more in them than usual.
var moreScenes = []scene{
	{name: "history-saved", make: func(h *harness) {
		sceneNamed(h.t, "history").make(h)
		h.update(savedMsg{library: savedLibrary()})
	}},
	{name: "serve-change", make: func(h *harness) {
		h.shop()
		h.press("9", "c", "ctrl+u")
		h.write("string symbol")
		h.press("ctrl+s")
	}},
	{name: "serve-kept", make: func(h *harness) {
		h.shop()
		k := &fakeKeeper{}
		h.app.opts.Keeper = k
		_ = h.app.Keep()
		kept, _ := k.Bus(h.app.desk.key())
		for _, o := range slices.Clone(h.app.state.Serving().Offerings) {
			h.app.state.Close(h.app.state.ThingOf(o))
		}
		kept.Memory.Things, kept.Memory.Watches = nil, nil
		h.app.state.Recall(kept.Memory)
		h.press("9")
	}},
}

func init() { //nolint:gochecknoinits // each file brings its scenes
	scenes = append(scenes, moreScenes...)
	for _, s := range moreScenes {
		pictures = append(pictures, struct {
			scene string
			sizes [][2]int
		}{s.name, mainSizes})
	}
}
