//go:build linux

package endtoend

import (
	"fmt"
	"strings"
	"syscall"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// usualModes are those that are on in a terminal that nobody has touched.
var usualModes = map[ansi.Mode]bool{ansi.ModeTextCursorEnable: true, ansi.ModeAutoWrap: true}

// exploring opens the explorer from a shell and waits until it has the terminal.
func exploring(t *testing.T) *job {
	t.Helper()
	j := startJob(t, "--url", serve(t, "127.0.0.1:0").url)
	j.see("● live", "no app has joined")
	j.holdsTerminal()
	if now := j.line(); *now == *j.before {
		t.Error("the line is not raw in the explorer, so its end proves nothing")
	}
	return j
}

// holdsTerminal waits until the explorer has turned on all that it needs.
func (j *job) holdsTerminal() {
	j.t.Helper()
	for _, m := range []ansi.Mode{ansi.ModeAltScreenSaveCursor, ansi.ModeBracketedPaste, ansi.ModeMouseButtonEvent, ansi.ModeMouseExtSgr} {
		j.until(fmt.Sprintf("mode %d of the terminal", m.Mode()), func(screen) bool { return j.mode(m) })
	}
}

// TestQuit leaves the explorer in each way that there is; the terminal is as it
// was found.
func TestQuit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		quit func(*job)
	}{
		{"q", func(j *job) { j.press("q") }},
		{"ctrl+c", func(j *job) { j.press("ctrl+c") }},
		{"ctrl+c in a dialog", func(j *job) {
			j.press("?")
			j.see("esc closes")
			j.press("ctrl+c")
		}},
		{"SIGTERM", func(j *job) {
			_ = syscall.Kill(j.pid, syscall.SIGTERM)
		}},
		{"SIGINT", func(j *job) {
			_ = syscall.Kill(j.pid, syscall.SIGINT)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			j := exploring(t)
			c.quit(j)
			if got := j.report(); got != "exit 0" {
				t.Errorf("the shell says %q", got)
			}
			j.restored()
		})
	}
}

// TestTerminatedAtOnce ends the explorer while it is still starting to draw, again
// and again: a signal must never be lost or wait for anybody.
func TestTerminatedAtOnce(t *testing.T) {
	t.Parallel()
	url := serve(t, "127.0.0.1:0").url
	for range 4 {
		j := startJob(t, "--url", url)
		j.see("● live")
		_ = syscall.Kill(j.pid, syscall.SIGTERM)
		if got := j.report(); got != "exit 0" {
			t.Fatalf("the shell says %q", got)
		}
		j.restored()
	}
}

// TestSuspend stops the explorer and brings it back.
func TestSuspend(t *testing.T) {
	t.Parallel()
	j := exploring(t)
	for range 2 {
		j.suspendAndResume()
	}
	j.press("q")
	if got := j.report(); got != "exit 0" {
		t.Errorf("the shell says %q", got)
	}
	j.restored()
}

// suspendAndResume stops the explorer and brings it to the foreground again.
func (j *job) suspendAndResume() {
	j.t.Helper()
	j.press("2")
	j.until("the methods", focused("2"))
	j.press("ctrl+z")
	if got := j.report(); got != "stopped" {
		j.t.Fatalf("the shell says %q", got)
	}
	j.restored()
	if _, err := j.commands.WriteString("fg\n"); err != nil {
		j.t.Fatal(err)
	}
	j.until("the explorer again", func(s screen) bool {
		return s.focus() == "2" && strings.Contains(s.header(), "● live") && strings.Contains(s.footer(), "? keys")
	})
	j.press("1")
	j.until("the servers, by a key", focused("1"))
}

// TestMouseAfterSuspend: the explorer asks for the mouse again when it is back.
func TestMouseAfterSuspend(t *testing.T) {
	t.Parallel()
	j := exploring(t)
	j.suspendAndResume()
	j.holdsTerminal()
	j.clickOn("2 Methods")
	j.until("the methods, by a click", focused("2"))
}

// TestTerminalGoes takes the terminal away, as when its window is closed: the
// program ends and does not go on without anybody seeing it.
func TestTerminalGoes(t *testing.T) {
	t.Parallel()
	j := exploring(t)
	_ = syscall.Kill(j.pid, syscall.SIGHUP)
	if got := j.report(); got == "stopped" {
		t.Errorf("the shell says %q", got)
	}
}
