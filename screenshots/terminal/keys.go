package terminal

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	uv "github.com/charmbracelet/ultraviolet"
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

// Type sends text as if it were typed.
func (t *Terminal) Type(text string) error {
	if _, err := t.file.WriteString(text); err != nil {
		return fmt.Errorf("type into the terminal: %w", err)
	}
	return nil
}

// Paste sends text as one paste, in brackets if the program asked for that.
func (t *Terminal) Paste(text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.vt.Paste(text)
}

// Click presses and releases the left button on a cell. A program that did not
// ask for the mouse hears nothing of it.
func (t *Terminal) Click(x, y int) {
	t.mouse(uv.MouseClickEvent{X: x, Y: y, Button: uv.MouseLeft})
	t.mouse(uv.MouseReleaseEvent{X: x, Y: y, Button: uv.MouseLeft})
}

// Wheel turns the wheel over a cell, up when steps is negative.
func (t *Terminal) Wheel(x, y, steps int) {
	button := uv.MouseWheelDown
	if steps < 0 {
		button, steps = uv.MouseWheelUp, -steps
	}
	for range steps {
		t.mouse(uv.MouseWheelEvent{X: x, Y: y, Button: button})
	}
}

func (t *Terminal) mouse(e uv.MouseEvent) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.vt.SendMouse(e)
}
