package ui

import tea "github.com/charmbracelet/bubbletea"

// due does what is due at every turn of the clock, at all buses, and arms the
// clock again.
func (a *App) due() tea.Cmd {
	a.slept()
	cmds := tea.BatchMsg{a.tick()}
	sits := a.desk
	for _, d := range a.desks {
		a.desk = d
		d.state.Tick(a.opts.Now())
		if cmd := a.run(d.state.Beat()); cmd != nil {
			cmds = append(cmds, cmd)
		}
	}
	a.desk = sits
	if cmd := a.lookAtShelf(); cmd != nil {
		cmds = append(cmds, cmd)
	}
	return func() tea.Msg { return cmds }
}
