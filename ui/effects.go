package ui

import (
	"encoding/base64"
	"fmt"

	"github.com/aymanbagabas/go-osc52/v2"
	tea "github.com/charmbracelet/bubbletea"

	"ioscope/model"
	"ioscope/ui/screen"
)

// run turns effects into commands. Nothing else here asks the bus.
func (a *App) run(effects []model.Effect) tea.Cmd {
	var cmds []tea.Cmd
	for _, e := range effects {
		switch e := e.(type) {
		case model.Invoke:
			if why := a.state.Forbids(model.ToInvoke); why != "" {
				a.state.Say(why) // whoever asked for it
				continue
			}
		case model.StartDemo:
			if why := noDemo(a); why != "" {
				a.state.Say(why)
				continue
			}
		case model.Copy:
			cmds = append(cmds, a.copy(e))
			continue
		}
		if ask := a.asker.Ask(e); ask != nil {
			cmds = append(cmds, command(e, ask))
		}
	}
	return tea.Batch(cmds...)
}

// failing is what is said before the reason when an effect came to nothing.
func failing(e model.Effect) string {
	if _, ok := e.(model.StartDemo); ok {
		return "demo: "
	}
	return ""
}

// command makes a command of what an effect asks of the bus.
func command(e model.Effect, ask func() error) tea.Cmd {
	return func() tea.Msg {
		if err := ask(); err != nil {
			return sayMsg(failing(e) + err.Error())
		}
		return nil
	}
}

// osc52Limit is how many bytes of base64 terminals take in an OSC 52 sequence.
const osc52Limit = 74_994

func (a *App) copy(e model.Copy) tea.Cmd {
	out := a.opts.Clipboard
	return func() tea.Msg {
		size := model.Bytes(len(e.Text))
		switch {
		case out == nil:
			return sayMsg("not copied: this terminal takes no clipboard text")
		case base64.StdEncoding.EncodedLen(len(e.Text)) > osc52Limit:
			return sayMsg(fmt.Sprintf("not copied: %s is over the 74 kB that OSC 52 carries", size))
		}
		if _, err := osc52.New(e.Text).WriteTo(out); err != nil {
			return sayMsg("not copied: " + err.Error())
		}
		said := fmt.Sprintf("copied %s, %s, OSC 52", e.What, size)
		if n := screen.Controls(e.Text); n > 0 {
			said += fmt.Sprintf(", with %s", model.Count(n, "control character"))
		}
		return sayMsg(said)
	}
}
