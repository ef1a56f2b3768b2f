package terminal

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// plainKeys are keys that send the same bytes whatever is held with them, but
// for alt, which puts an escape before.
var plainKeys = map[string]string{
	"enter": "\r", "tab": "\t", "esc": "\x1b", "space": " ", "backspace": "\x7f",
	"shift+tab": "\x1b[Z", "ctrl+space": "\x00", "ctrl+backspace": "\x08",
	"ctrl+\\": "\x1c", "ctrl+]": "\x1d", "ctrl+^": "\x1e", "ctrl+_": "\x1f",
}

// cursorKeys send CSI and a letter, with what is held as a number before it.
var cursorKeys = map[string]string{
	"up": "A", "down": "B", "right": "C", "left": "D", "home": "H", "end": "F",
	"f1": "P", "f2": "Q", "f3": "R", "f4": "S",
}

// numberKeys send CSI, a number and a tilde.
var numberKeys = map[string]int{
	"insert": 2, "delete": 3, "pgup": 5, "pgdown": 6,
	"f5": 15, "f6": 17, "f7": 18, "f8": 19, "f9": 20, "f10": 21, "f11": 23, "f12": 24,
}

// Key returns the bytes that a terminal sends for a key. Keys are named as the
// explorer names them: a character is itself, others are words (enter, tab, esc,
// space, backspace, delete, insert, up, down, left, right, home, end, pgup,
// pgdown, f1 to f12), and ctrl, alt and shift stand before with a plus.
func Key(name string) (string, error) {
	if s, ok := plainKeys[name]; ok {
		return s, nil
	}
	if rest, ok := strings.CutPrefix(name, "alt+"); ok && utf8.RuneCountInString(rest) == 1 {
		return "\x1b" + rest, nil
	}
	if rest, ok := strings.CutPrefix(name, "alt+"); ok && plainKeys[rest] != "" {
		return "\x1b" + plainKeys[rest], nil
	}
	if utf8.RuneCountInString(name) == 1 {
		return name, nil
	}
	if s := control(name); s != "" {
		return s, nil
	}
	if s := function(name); s != "" {
		return s, nil
	}
	return "", fmt.Errorf("no key %q", name)
}

// control is ctrl with a letter, and with alt before it.
func control(name string) string {
	rest, alt := strings.CutPrefix(name, "alt+")
	letter, ok := strings.CutPrefix(rest, "ctrl+")
	if !ok || len(letter) != 1 || letter[0] < 'a' || letter[0] > 'z' {
		return ""
	}
	if alt {
		return "\x1b" + string(letter[0]&0x1f)
	}
	return string(letter[0] & 0x1f)
}

// function is a cursor or function key with what is held.
func function(name string) string {
	held := 1
	for {
		word, rest, ok := strings.Cut(name, "+")
		bit := map[string]int{"shift": 1, "alt": 2, "ctrl": 4}[word]
		if !ok || bit == 0 {
			break
		}
		held, name = held+bit, rest
	}
	modifier := ""
	if held > 1 {
		modifier = ";" + strconv.Itoa(held)
	}
	letter, cursor := cursorKeys[name]
	number, other := numberKeys[name]
	switch {
	case cursor && modifier != "":
		return "\x1b[1" + modifier + letter
	case cursor && letter >= "P":
		return "\x1bO" + letter
	case cursor:
		return "\x1b[" + letter
	case other:
		return "\x1b[" + strconv.Itoa(number) + modifier + "~"
	}
	return ""
}

// Press sends keys by their names, see [Key].
func (t *Terminal) Press(names ...string) error {
	for _, name := range names {
		key, err := Key(name)
		if err != nil {
			return err
		}
		if err := t.Type(key); err != nil {
			return err
		}
	}
	return nil
}

// keyPause is how long a person takes at least from the escape key to another. A
// terminal sends an escape before alt+k and before an arrow too, so that a program
// can tell the key from them by nothing but time.
const keyPause = 30 * time.Millisecond

// patience is how long a program may take to read its keys.
const patience = 30 * time.Second

// errDeaf is that of a program that does not read its keys.
var errDeaf = errors.New("the program does not read what was typed")

// Type sends text as if it were typed, or the bytes of a key. After an escape it
// waits, as a person does, and until the program has read that.
func (t *Terminal) Type(text string) error {
	t.typing.Lock()
	defer t.typing.Unlock()
	if t.escaped {
		time.Sleep(keyPause)
		if err := t.taken(); err != nil {
			return err
		}
	}
	t.escaped = text == "\x1b"
	if _, err := t.file.WriteString(text); err != nil {
		return fmt.Errorf("type into the terminal: %w", err)
	}
	return nil
}

// taken waits until the program has read all that was typed, or is over. The kernel
// tells nobody when a queue becomes empty.
func (t *Terminal) taken() error {
	for end := time.Now().Add(patience); queued(t.tty) > 0; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			return errDeaf
		}
	}
	return nil
}

// Paste sends text as one paste, in brackets if the program asked for that.
func (t *Terminal) Paste(text string) error {
	if t.mode(ansi.ModeBracketedPaste) {
		text = "\x1b[200~" + text + "\x1b[201~"
	}
	return t.Type(text)
}

// Click presses and releases the left button on a cell. A program that did not
// ask for the mouse hears nothing of it.
func (t *Terminal) Click(x, y int) error {
	return errors.Join(t.mouse(ansi.MouseLeft, x, y, false), t.mouse(ansi.MouseLeft, x, y, true))
}

// Wheel turns the wheel over a cell, up when steps is negative.
func (t *Terminal) Wheel(x, y, steps int) error {
	button := ansi.MouseWheelDown
	if steps < 0 {
		button, steps = ansi.MouseWheelUp, -steps
	}
	for range steps {
		if err := t.mouse(button, x, y, false); err != nil {
			return err
		}
	}
	return nil
}

// Mouse reports whether the program has asked for the mouse, in the one way that is
// known here: buttons, as text of SGR.
func (t *Terminal) Mouse() bool {
	buttons := t.mode(ansi.ModeMouseNormal) || t.mode(ansi.ModeMouseButtonEvent) || t.mode(ansi.ModeMouseAnyEvent)
	return buttons && t.mode(ansi.ModeMouseExtSgr)
}

func (t *Terminal) mouse(button ansi.MouseButton, x, y int, released bool) error {
	if !t.Mouse() {
		return nil
	}
	return t.Type(ansi.MouseSgr(ansi.EncodeMouseButton(button, false, false, false, false), x, y, released))
}

func (t *Terminal) mode(m ansi.Mode) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.modes[m]
}
