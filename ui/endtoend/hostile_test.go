//go:build linux

package endtoend

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// TestHostileText looks at all that an app sends to disturb a terminal, and reads
// what the program has written: there must be nothing in it but what the program
// says itself.
func TestHostileText(t *testing.T) {
	t.Parallel()
	e := explore(t, 120, 40, demo(t))
	e.choose("1", "Oddities")
	e.press("enter")
	e.until("its methods", focused("2"))
	for range 13 {
		card := strings.Join(e.screen().pane("0"), "")
		e.press("j")
		e.until("the next card", func(s screen) bool { return strings.Join(s.pane("0"), "") != card })
	}
	e.form("2", "Oddities.Hostile")
	e.press("ctrl+s")
	e.work("✓ 1 of 1", `[31mred`, "bell")
	e.press("o", "G")
	e.rest()
	e.form("2", "Oddities.HostileError")
	e.press("ctrl+s")
	e.work("✗ Oddities", "owned", "says:")
	e.rest()
	e.press("3", "/", "ctrl+u", "enter")
	e.form("3", "Oddities.Noise")
	e.press("ctrl+s")
	e.until("all kinds of noise", func(s screen) bool { return events(s) >= 13 })
	e.press("space", "g", "j", "j", "j", "j", "j", "enter")
	e.until("an event", func(s screen) bool { return strings.HasPrefix(s.focus(), "event") })
	for range 6 {
		event := e.screen().focus()
		e.press("o", "J")
		e.until("the next event", func(s screen) bool { return s.focus() != event && strings.HasPrefix(s.focus(), "event") })
	}
	e.press("esc", "esc", "1")
	e.rest()
	e.resize(40, 10)
	e.rest()
	e.press("q")
	if code := e.ended(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	for _, problem := range hostile(e.Output()) {
		t.Error(problem)
	}
}

// TestHostileIsNoticed makes sure that the test above would notice.
func TestHostileIsNoticed(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"\x1b]52;c;b3duZWQ=\x07", "\x1b]0;owned\x07", "\x1bP+q544e\x1b\\", "\a", "\b", "\x1b[6n", "\x1b[5i", "\u009b31m",
		"\u202e", "\u2066", "\u200b", "\ufeff", "\u2028", "\xff", "\x1bc",
	} {
		if len(hostile([]byte("\x1b[?1049hok"+text+"ok"))) == 0 {
			t.Errorf("%q is let through", text)
		}
	}
	if problems := hostile([]byte("\x1b[?1049h\x1b[1;38;2;1;2;3mü世\x1b[0m\x1b[K\r\n")); len(problems) > 0 {
		t.Errorf("what the program says itself is held back: %v", problems)
	}
}

var (
	// own are the control sequences that the program writes itself.
	own = regexp.MustCompile(`^\x1b(\[[0-9;]*[mABCDGHJKLMXSTdr]|\[\?[0-9;]+[hl]|\[\?2026\$p|\]1[01];\?(\x07|\x1b\\))$`)
	// asks is what it asks the terminal before it draws.
	asks = regexp.MustCompile(`^\x1b\[(6n|c|>0q|\?u)$`)
	// unseen are the characters that turn or hide text.
	unseen = regexp.MustCompile(`[\x{200b}-\x{200f}\x{2028}-\x{202e}\x{2060}-\x{206f}\x{061c}\x{feff}\x{fff9}-\x{fffb}\x{e0000}-\x{e0fff}]`)
)

// hostile lists what is in an output that is not text and that the program does
// not write of itself.
func hostile(output []byte) (problems []string) {
	var state byte
	started := false
	for len(output) > 0 {
		seq, _, n, next := ansi.DecodeSequence(output, state, nil)
		state, output = next, output[n:]
		started = started || string(seq) == "\x1b[?1049h"
		switch s := string(seq); {
		case s == "\r" || s == "\n" || own.Match(seq):
		case !started && asks.Match(seq):
		case !utf8.ValidString(s) || unseen.MatchString(s) || strings.ContainsFunc(s, unicode.IsControl):
			problems = append(problems, fmt.Sprintf("the terminal was sent %q", s))
		}
	}
	return problems
}
