package ui

func init() { //nolint:gochecknoinits // the scenes of timers stand apart
	scenes = append(scenes, scene{name: "serve-timer", make: func(h *harness) {
		h.shop()
		h.press("4", "g", "j", "enter", "t", "tab", "tab", "tab", "tab", " ")
	}})
	pictures = append(pictures, struct {
		scene string
		sizes [][2]int
	}{"serve-timer", mainSizes})
}
