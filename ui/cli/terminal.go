package cli

import (
	"os"

	"github.com/charmbracelet/x/term"
)

// leaveScreen undoes what the screen turned on: the other buffer, a hidden
// cursor, the mouse, bracketed paste, and colours.
const leaveScreen = "\x1b[?1049l\x1b[?25h\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[0m"

// guardTerminal remembers how the terminal is, and returns what puts it back so.
// Bubble Tea does this too, but not after a panic in a goroutine of its own
// program's.
func guardTerminal() func() {
	fd := os.Stdin.Fd()
	state, err := term.GetState(fd)
	if err != nil {
		return func() {}
	}
	return func() { _ = term.Restore(fd, state) }
}
