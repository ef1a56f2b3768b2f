package ui

import tea "github.com/charmbracelet/bubbletea"

// Keeper remembers what outlives the program. Its methods may be called from any
// goroutine.
type Keeper interface {
	// KeepTheme remembers the theme that was chosen.
	KeepTheme(name string) error
}

// keepTheme has the theme remembered.
func (a *App) keepTheme(name string) tea.Cmd {
	k := a.opts.Keeper
	if k == nil {
		return nil
	}
	return func() tea.Msg {
		if err := k.KeepTheme(name); err != nil {
			return sayMsg("the theme is not kept: " + err.Error())
		}
		return nil
	}
}
