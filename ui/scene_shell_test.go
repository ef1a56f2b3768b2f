package ui

import (
	"time"

	"ioscope/client/bus"
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
	{"buses", mainSizes},
	{"tour", mainSizes},
	{"tours", smallSize},
	{"split", mainSizes},
	{"nobody-buses", mainSizes},
	{"empty-buses", smallSize},
}

var shellScenes = []scene{
	{name: "theme", make: func(h *harness) {
		h.main()
		h.app.opts.Themes = someThemes()
		h.palette("theme.pick")
		h.press("up")
	}},
	{name: "split", make: func(h *harness) {
		h.main()
		h.press("4", "g", "enter")
		h.press("\\")
		if h.app.lay.class == wide {
			h.press("\\")
		}
	}},
	{name: "tours", make: func(h *harness) { h.main(); h.palette("tour.start") }},
	{name: "tour", make: func(h *harness) {
		h.main()
		h.palette("tour.start")
		h.press("enter", "2")
	}},
	{name: "buses", make: func(h *harness) {
		h.main()
		h.named()
		h.app.desk.name = "local"
		h.press("B", "down")
	}},
	{name: "nobody-buses", set: elsewhere, make: func(h *harness) {
		h.named()
		h.pass(12*time.Minute + 41*time.Second)
		h.hear(bus.ConnChanged{
			State: bus.Lost, At: h.now.Add(-4 * time.Second), URL: h.app.opts.Start.URL, Attempt: 4,
			RetryAt: h.now.Add(6 * time.Second), Err: unreachable,
		})
	}},
	{name: "empty-buses", make: func(h *harness) {
		h.named()
		h.live()
		h.pass(2*time.Minute + 14*time.Second)
	}},
}

// someBuses are those of a config.
type someBuses struct {
	choices []BusChoice
	// joined is what a bus that is gone to is like.
	joined map[string]Joined
	err    error
	asked  []string
}

func (b *someBuses) List() []BusChoice { return b.choices }

func (b *someBuses) Join(name string) (Joined, error) {
	b.asked = append(b.asked, name)
	return b.joined[name], b.err
}

// named gives the harness the buses of a config, and says that it is at trading.
func (h *harness) named() *someBuses {
	b := &someBuses{choices: []BusChoice{
		{Name: "trading", URL: "ws://10.0.4.12:8385/gw3", User: "dev"},
		{Name: "local", URL: "ws://127.0.0.1:8385/gw3", User: "dev", Seen: bornAt.Add(7 * time.Minute)},
		{Name: "uat", URL: "wss://bus.uat.example/gw3", User: "dev"},
	}}
	h.app.opts.Buses = b
	h.app.desk.name = "trading"
	return b
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
