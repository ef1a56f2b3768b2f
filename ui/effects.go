package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"ioscope/model"
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
		case model.StartRun:
			if why := a.state.Forbids(model.ToRun); why != "" && !e.Page {
				a.state.Say(why)
				continue
			}
		case model.AnswerRun, model.UploadRun:
			if why := a.state.Forbids(model.ToRun); why != "" {
				a.state.Say(why)
				continue
			}
		case model.OpenAddress:
			cmds = append(cmds, a.showAddress(e.URL))
			continue
		case model.Keep, model.Unkeep:
			cmds = append(cmds, a.keepCall(e))
			continue
		case model.Ring:
			cmds = append(cmds, a.ring())
			continue
		case model.JudgeWatch:
			cmds = append(cmds, a.judgeWatch(e))
			continue
		case model.Copy:
			cmds = append(cmds, a.copy(e))
			continue
		case model.Export:
			cmds = append(cmds, a.export(e))
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
