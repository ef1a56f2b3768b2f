package ui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/ui/screen"
)

// rowsOfDialog are the rows of a dialog that can be clicked: where they stand, and
// which of them has the cursor.
type rowsOfDialog struct {
	at rect
	on int
}

// dialogRows finds the rows of a dialog in what it drew: those without a gap around
// the one with the cursor. It is false where none has it.
func dialogRows(inside []screen.Line, x, y, w int) (rowsOfDialog, bool) {
	on := -1
	for i, l := range inside {
		if strings.HasPrefix(l.Plain(), "▌") {
			on = i
		}
	}
	if on < 0 {
		return rowsOfDialog{}, false
	}
	first, last := on, on
	row := func(i int) bool {
		return i >= 0 && i < len(inside) && strings.TrimSpace(inside[i].Plain()) != "" && strings.HasPrefix(inside[i].Plain(), " ")
	}
	for row(first - 1) {
		first--
	}
	for row(last + 1) {
		last++
	}
	return rowsOfDialog{rect{x, y + first, w, last - first + 1}, on - first}, true
}

// clickDialog takes a click on a dialog: the cursor goes to the row, as it would by
// keys; a click on the row that has it is enter. A click beside the dialog does
// nothing: what it asks wants an answer.
func (a *App) clickDialog(d dialog, e tea.MouseEvent) tea.Cmd {
	rows := a.dialogAt
	if !rows.at.holds(e.X, e.Y) {
		return nil
	}
	key, steps := tea.KeyMsg{Type: tea.KeyDown}, e.Y-rows.at.y-rows.on
	switch {
	case steps == 0:
		key, steps = tea.KeyMsg{Type: tea.KeyEnter}, 1
	case steps < 0:
		key, steps = tea.KeyMsg{Type: tea.KeyUp}, -steps
	}
	var cmds []tea.Cmd
	for range steps {
		cmds = append(cmds, d.press(a, key))
	}
	return tea.Batch(cmds...)
}
