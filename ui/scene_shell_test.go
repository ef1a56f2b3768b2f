package ui

import (
	"ioscope/themes"
)

func init() { //nolint:gochecknoinits // the scenes of the shell stand apart
	scenes = append(scenes, shellScenes...)
	pictures = append(pictures, shellPictures...)
}

var shellPictures = []struct {
	scene string
	sizes [][2]int
}{
	{"theme", mainSizes},
}

var shellScenes = []scene{
	{name: "theme", make: func(h *harness) {
		h.main()
		h.app.opts.Themes = someThemes()
		h.palette("theme.pick")
		h.press("up")
	}},
}

// palette runs an action by its name.
func (h *harness) palette(id string) {
	h.t.Helper()
	h.press("ctrl+p")
	h.write(id)
	h.press("enter")
}

// someThemes are those that ship, and one that can't be read well.
func someThemes() []ThemeChoice {
	var out []ThemeChoice
	for _, name := range themes.Names() {
		t, err := themes.Load(name)
		if err != nil {
			panic(err)
		}
		out = append(out, ThemeChoice{Theme: t})
	}
	mine := out[0].Theme
	mine.Name, mine.Muted, mine.Short = "mine", "#5f6b7c", ""
	return append(out, ThemeChoice{Theme: mine, Own: true, Wrong: "mine: muted on sel is 2.4"})
}
