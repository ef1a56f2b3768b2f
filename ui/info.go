package ui

import (
	"fmt"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"ioscope/model"
	"ioscope/ui/screen"
)

// Fact is a line of what the program tells about itself.
type Fact struct{ What, Value string }

// infoDialog tells about the program: what one is asked for when something is wrong.
type infoDialog struct{ top int }

func (d *infoDialog) width() int { return 84 }

// facts are those of the start, and those of now.
func (a *App) facts() []Fact {
	colours := map[termenv.Profile]string{
		termenv.TrueColor: "16.7 million colours", termenv.ANSI256: "256 colours", termenv.ANSI: "16 colours", termenv.Ascii: "no colours",
	}[a.opts.Renderer.ColorProfile()]
	signs := either(a.opts.ASCII, "ASCII", "Unicode")
	facts := append([]Fact{}, a.opts.Facts...)
	facts = append(facts,
		Fact{"terminal", fmt.Sprintf("%d x %d, %s, %s", a.lay.w, a.lay.h, colours, signs)},
		Fact{"theme", a.opts.Theme.Name},
		Fact{"bus", a.state.Name + ", " + a.state.Conn.URL},
	)
	if self := a.state.Conn.Self; self.User != "" {
		facts = append(facts, Fact{"you", self.User + ", peer " + string(self.PeerID)})
	}
	if a.state.Interval != "" {
		facts = append(facts, Fact{"Interval", "hosts join at " + a.state.Interval})
	}
	if n := len(a.desks); n > 1 {
		facts = append(facts, Fact{"open", model.Number(n) + " buses"})
	}
	return append(facts, Fact{"since", model.Elapsed(a.state.Now.Sub(a.state.Born))})
}

func (d *infoDialog) draw(a *App, w, h int) (string, []screen.Line, string) {
	lines := []screen.Line{{}}
	for _, f := range a.facts() {
		lines = append(lines, screen.L(muted, clean(f.What)).To(12).Fg(clean(f.Value).CutMiddle(max(w-12, 4))))
	}
	lines = append(lines, screen.Line{})
	d.top = max(min(d.top, len(lines)-h), 0)
	return "ioscope", lines[d.top:], "y copies it   esc closes"
}

func (d *infoDialog) press(a *App, msg tea.KeyMsg) tea.Cmd {
	switch msg.String() {
	case "up", "k", "ctrl+p":
		d.top--
	case "down", "j", "ctrl+n":
		d.top++
	case "enter":
		a.closeDialog()
	case "y":
		text := ""
		for _, f := range a.facts() {
			text += f.What + "\t" + f.Value + "\n"
		}
		a.closeDialog()
		return a.run([]model.Effect{model.Copy{Text: text, What: "what ioscope is"}})
	}
	return nil
}
