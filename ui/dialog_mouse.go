package ui

import (
	"regexp"
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

// dialogButton is what can be clicked in a dialog beside its rows.
type dialogButton struct {
	at rect
	do func(*App) tea.Cmd
}

// chooser is a question with two buttons.
type chooser interface {
	dialog
	// choose marks the second button, or the first.
	choose(second bool)
}

// buttonText finds buttons, marked and not; boxes are none.
var buttonText = regexp.MustCompile(`\[> .+? <\]|\[ [^\]\s].*? \]`)

// dialogButtons finds the buttons of a question in what it drew: a click on one marks
// and presses it. A click on a box is space, one on an item of a
// menu its key.
func dialogButtons(d dialog, inside []screen.Line, x, y int) []dialogButton {
	var out []dialogButton
	if menu, ok := d.(interface{ low() bool }); ok && menu.low() {
		for i, l := range inside {
			items := strings.TrimSpace(l.Plain())
			out = append(out, footButtons(d, l, items, items, x, y+i)...)
		}
		return out
	}
	c, ok := d.(chooser)
	if !ok {
		return nil
	}
	for i, l := range inside {
		text := l.Plain()
		if bare := strings.TrimSpace(text); strings.HasPrefix(bare, "[ ]") || strings.HasPrefix(bare, "[x]") {
			out = append(out, dialogButton{rect{x, y + i, l.Width(), 1}, func(a *App) tea.Cmd { return d.press(a, tea.KeyMsg{Type: tea.KeySpace, Runes: []rune{' '}}) }})
			continue
		}
		for n, at := range buttonText.FindAllStringIndex(text, 2) {
			out = append(out, dialogButton{cells(text, at[0], at[1], x, y+i), func(a *App) tea.Cmd {
				c.choose(n == 1)
				return c.press(a, tea.KeyMsg{Type: tea.KeyEnter})
			}})
		}
	}
	return out
}

// cells are where a part of a line of text stands on the screen.
func cells(text string, from, to, x, y int) rect {
	return rect{x + clean(text[:from]).Width(), y, clean(text[from:to]).Width(), 1}
}

// clickedKeys are the keys with names in the lower edges of dialogs.
var clickedKeys = map[string]tea.KeyMsg{
	"enter": {Type: tea.KeyEnter},
	"esc":   {Type: tea.KeyEsc},
	"tab":   {Type: tea.KeyTab},
	"space": {Type: tea.KeySpace, Runes: []rune{' '}},
}

// footButtons finds the keys in the lower edge of a dialog: a click on one is the key.
func footButtons(d dialog, edge screen.Line, foot, said string, x, y int) []dialogButton {
	var out []dialogButton
	text, from := edge.Plain(), 0
	shown := strings.Split(said, "   ")
	for n, item := range strings.Split(foot, "   ") {
		key, words, ok := strings.Cut(item, " ")
		item = shown[n]
		i := strings.Index(text[from:], item)
		if !ok || i < 0 { // there was no room for it
			continue
		}
		msg, ok := clickedKeys[key]
		if r := []rune(key); len(r) == 1 && r[0] < 0x80 {
			msg, ok = tea.KeyMsg{Type: tea.KeyRunes, Runes: r}, true
		}
		if !ok || words == "" {
			continue
		}
		out = append(out, dialogButton{cells(text, from+i, from+i+len(item), x, y), func(a *App) tea.Cmd {
			return a.dialogUsual(d, msg, msg)
		}})
		from += i + len(item)
	}
	return out
}

// clickDialog takes a click on a dialog: the cursor goes to the row, as it would by
// keys; a click on the row that has it is enter. A click beside the dialog does
// nothing: what it asks wants an answer.
func (a *App) clickDialog(d dialog, e tea.MouseEvent) tea.Cmd {
	for _, b := range a.dialogPress {
		if b.at.holds(e.X, e.Y) {
			return b.do(a)
		}
	}
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
