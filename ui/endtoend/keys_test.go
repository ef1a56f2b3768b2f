//go:build linux

package endtoend

import (
	"fmt"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// keyBytes is what a terminal sends for the keys that are no characters.
var keyBytes = map[string]string{
	"enter": "\r", "tab": "\t", "shift+tab": "\x1b[Z", "esc": "\x1b", "space": " ", "backspace": "\x7f",
	"up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D",
	"home": "\x1b[H", "end": "\x1b[F", "pgup": "\x1b[5~", "pgdown": "\x1b[6~", "f1": "\x1bOP",
}

// press presses keys by their names, one after the other.
func (e *terminal) press(names ...string) {
	e.t.Helper()
	for _, name := range names {
		e.send(keyOf(name))
	}
}

func keyOf(name string) string {
	if bytes, ok := keyBytes[name]; ok {
		return bytes
	}
	var letter rune
	if _, err := fmt.Sscanf(name, "ctrl+%c", &letter); err == nil {
		return string(letter & 0x1f)
	}
	if _, err := fmt.Sscanf(name, "alt+%c", &letter); err == nil {
		return "\x1b" + string(letter)
	}
	if utf8.RuneCountInString(name) == 1 {
		return name
	}
	panic("no key " + name)
}

// write types a text, character by character.
func (e *terminal) write(text string) {
	e.t.Helper()
	for _, r := range text {
		e.send(string(r))
	}
}

// paste pastes a text, which a terminal puts in brackets.
func (e *terminal) paste(text string) {
	e.t.Helper()
	e.send("\x1b[200~" + text + "\x1b[201~")
}

// mouse waits until the program has asked for the mouse: a terminal says nothing
// of it before.
func (e *terminal) mouse() {
	e.t.Helper()
	e.until("the program asking for the mouse", func(screen) bool {
		return e.mode(ansi.ModeMouseButtonEvent) && e.mode(ansi.ModeMouseExtSgr)
	})
}

// click presses and releases the left button on a cell, from 0.
func (e *terminal) click(x, y int) {
	e.t.Helper()
	e.mouse()
	e.send(fmt.Sprintf("\x1b[<0;%d;%dM", x+1, y+1))
	e.send(fmt.Sprintf("\x1b[<0;%d;%dm", x+1, y+1))
}

// clickOn clicks the first cell of a text, as soon as it is on the screen.
func (e *terminal) clickOn(text string) {
	e.t.Helper()
	x, y, _ := e.see(text).find(text)
	e.click(x, y)
}

// wheel turns the wheel by one notch over a cell.
func (e *terminal) wheel(x, y int, down bool) {
	e.t.Helper()
	e.mouse()
	button := 64
	if down {
		button = 65
	}
	e.send(fmt.Sprintf("\x1b[<%d;%d;%dM", button, x+1, y+1))
}
