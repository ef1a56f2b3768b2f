//go:build linux

package endtoend

import (
	"context"
	"image/color"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	pty "ioscope/screenshots/terminal"
)

// patience is how long a test waits for what must come. It is for slow machines;
// what is awaited usually comes within a frame.
const patience = time.Minute

// terminal is a program in a terminal. What goes wrong with it ends the test.
type terminal struct {
	*pty.Terminal
	t *testing.T
}

// open runs a program in a terminal of its own, which ends with the test.
func open(t *testing.T, cols, rows int, cmd *exec.Cmd) *terminal {
	t.Helper()
	e := blank(t, cols, rows)
	e.run(cmd)
	return e
}

// blank is a terminal in which nothing runs yet.
func blank(t *testing.T, cols, rows int) *terminal {
	t.Helper()
	// What is not over with its test is of no more use.
	o := pty.Options{Width: cols, Height: rows, Foreground: color.White, Background: color.Black, Grace: time.Nanosecond}
	term, err := pty.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	return &terminal{term, t}
}

func (e *terminal) run(cmd *exec.Cmd) {
	e.t.Helper()
	if err := e.Run(cmd); err != nil {
		e.t.Fatal(err)
	}
	e.t.Cleanup(func() {
		if e.t.Failed() {
			e.t.Logf("the screen at last:\n%s", e.screen())
		}
		if err := e.Close(); err != nil {
			e.t.Error(err)
		}
	})
}

// screen is what is to be seen now.
func (e *terminal) screen() screen { return screen(e.Rows()) }

// until waits until the screen is as wanted and returns it.
func (e *terminal) until(what string, wanted func(screen) bool) screen {
	e.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var s screen
	err := e.Await(ctx, func() bool {
		s = e.screen()
		return wanted(s)
	})
	if err != nil {
		e.t.Fatalf("waited for %s: %v", what, err)
	}
	return s
}

// see waits until all the texts are on the screen at once.
func (e *terminal) see(texts ...string) screen {
	e.t.Helper()
	return e.until(strings.Join(texts, " and "), func(s screen) bool {
		for _, text := range texts {
			if !s.has(text) {
				return false
			}
		}
		return true
	})
}

// gone waits until none of the texts is on the screen.
func (e *terminal) gone(texts ...string) screen {
	e.t.Helper()
	return e.until("the end of "+strings.Join(texts, " and "), func(s screen) bool {
		for _, text := range texts {
			if s.has(text) {
				return false
			}
		}
		return true
	})
}

// rest waits until nothing is drawn for a while and returns the screen. It is for
// what must not be seen: a frame may come in pieces.
func (e *terminal) rest() screen {
	e.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := e.Settle(ctx, 150*time.Millisecond); err != nil {
		e.t.Fatal(err)
	}
	return e.screen()
}

// press presses keys by their names, one after the other.
func (e *terminal) press(names ...string) {
	e.t.Helper()
	e.ok(e.Press(names...))
}

// write types a text, character by character.
func (e *terminal) write(text string) {
	e.t.Helper()
	for _, r := range text {
		e.ok(e.Type(string(r)))
	}
}

// paste pastes a text.
func (e *terminal) paste(text string) {
	e.t.Helper()
	e.ok(e.Paste(text))
}

// mouse waits until the program has asked for the mouse: a terminal says nothing
// of it before.
func (e *terminal) mouse() {
	e.t.Helper()
	e.until("the program asking for the mouse", func(screen) bool { return e.Mouse() })
}

// click presses and releases the left button on a cell, from 0.
func (e *terminal) click(x, y int) {
	e.t.Helper()
	e.mouse()
	e.ok(e.Click(x, y))
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
	if down {
		e.ok(e.Wheel(x, y, 1))
	} else {
		e.ok(e.Wheel(x, y, -1))
	}
}

// mode tells whether the program has a mode of the terminal turned on.
func (e *terminal) mode(m ansi.Mode) bool { return e.Modes()[m] }

// resize changes the terminal's size, of which the program is told.
func (e *terminal) resize(cols, rows int) {
	e.t.Helper()
	e.ok(e.Resize(cols, rows))
}

// ended waits for the program's end and returns its exit code.
func (e *terminal) ended() int {
	e.t.Helper()
	select {
	case <-e.Done():
	case <-time.After(patience):
		e.t.Fatalf("the program does not end:\n%s", e.screen())
	}
	return e.ExitCode()
}

// ok ends the test where there is an error.
func (e *terminal) ok(err error) {
	e.t.Helper()
	if err != nil {
		e.t.Fatalf("%v\n%s", err, e.screen())
	}
}
