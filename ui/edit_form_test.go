package ui

import (
	"strings"
	"testing"

	"ioscope/model"
)

// TestLettersDoNoHarmInAForm types the letters that are commands elsewhere at every
// stop of a form that takes no text, and past its last one.
func TestLettersDoNoHarmInAForm(t *testing.T) {
	t.Parallel()
	h := sceneNamed(t, "form").play(t, 120, 40)
	thing := h.app.State().Shown()
	for range 2 * len(thing.Stops(h.now)) {
		before := string(thing.Form.Draft(h.now))
		if !thing.Typing(h.now) {
			for _, r := range "xqrdCue0589" {
				h.press(string(r))
			}
			if row, _ := thing.FieldRow(h.now); row.Kind == model.RowBool {
				h.shows("true or false: space changes it, t and f set it")
			} else {
				h.shows("nothing can be typed here;")
				if string(thing.Form.Draft(h.now)) != before {
					t.Errorf("letters at %s change the form", thing.Focus)
				}
			}
		}
		if h.app.context() != inForm || h.app.state.Shown() != thing || h.quit || thing.Gen != 0 {
			t.Fatalf("letters at %s led to %v", thing.Focus, h.app.context())
		}
		h.press("tab")
	}
	thing.Focus = model.StopSend
	h.write("x")
	h.shows("enter presses the button, shift+tab goes back to the fields, esc leaves")
	h.press("down", "down")
	if thing.Focus != model.StopSend {
		t.Errorf("the arrow runs on to %s", thing.Focus)
	}
	h.press("tab")
	if thing.Focus != model.StopTarget {
		t.Errorf("tab goes to %s", thing.Focus)
	}
	h.press("up", "shift+tab")
	if thing.Focus != model.StopSend {
		t.Errorf("shift+tab goes to %s", thing.Focus)
	}
	h.press("esc")
	if h.app.state.Focus != model.Methods {
		t.Errorf("esc leads to %v", h.app.state.Focus)
	}
}

// TestABoxTakesTheLettersOfItsValues sets a box by typing.
func TestABoxTakesTheLettersOfItsValues(t *testing.T) {
	t.Parallel()
	h := sceneNamed(t, "form").play(t, 120, 40)
	thing := h.app.State().Shown()
	thing.Focus = "active"
	for _, c := range []struct {
		key string
		on  bool
	}{{"t", true}, {"t", true}, {"f", false}, {"F", false}, {"Y", true}, {"n", false}, {"1", true}, {"0", false}} {
		h.press(c.key)
		if row, _ := thing.FieldRow(h.now); row.On != c.on || !row.Present {
			t.Errorf("%s: %v", c.key, row.On)
		}
	}
}

// TestAFieldTellsOfItselfBelowTheForm reads what a field is for, how it is written,
// and in full what is wrong with it, at every size.
func TestAFieldTellsOfItselfBelowTheForm(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{200, 60}, {120, 40}, {80, 24}, {40, 10}} {
		h := sceneNamed(t, "form").play(t, size[0], size[1])
		thing := h.app.State().Shown()
		thing.Focus = "since"
		h.press("ctrl+x")
		h.draw()
		h.flat("like now, today 09:00, in 2 h, 2026-11-21 09:00")
		h.write("25.5.1")
		h.draw()
		h.flat(`✗ not a date: "25.5.1"; today, tomorrow, in 2 h and ISO work`)
		h.press("ctrl+u")
		h.write("tomorrow 09:00")
		h.draw()
		h.flat("= 22 Nov 09:00 +00:00")
	}
}

// flat looks for words in the workspace, wherever they are broken.
func (h *harness) flat(words string) {
	h.t.Helper()
	var all []string
	for _, line := range h.lines() {
		if _, work, ok := strings.Cut(line, "│"); ok {
			line = work
		}
		all = append(all, strings.Fields(line)...)
	}
	if !strings.Contains(strings.Join(all, ""), strings.ReplaceAll(words, " ", "")) {
		h.t.Errorf("%q is not told:\n%s", words, h.text())
	}
}

// TestThePointerFollowsTheText points at the place where the grammar of a signature
// breaks, also when its field is scrolled.
func TestThePointerFollowsTheText(t *testing.T) {
	t.Parallel()
	h := sceneNamed(t, "serve-offer").play(t, 120, 40)
	h.press("ctrl+u")
	for _, c := range []struct{ text, under string }{
		{"string symbol, strin side", "strin side"},
		{"string[] a, string[] b, string[] c, d string, bool x", "d string"},
		{"composite: { int a", ""},
		{"int a int", "int "},
	} {
		h.press("ctrl+u")
		h.write(c.text)
		lines, told := h.lines(), false
		for i, line := range lines {
			at := strings.Index(line, "↑ ")
			if at < 0 || strings.Contains(line[:at], "──") {
				continue
			}
			runes, cells := []rune(lines[i-1]), len([]rune(line[:at]))
			if got := string(runes[cells:]); !strings.HasPrefix(got, c.under) {
				t.Errorf("%s: points at %q:\n%s", c.text, got, h.text())
			}
			told = true
			break
		}
		if !told {
			t.Errorf("%s: nothing is wrong:\n%s", c.text, h.text())
		}
	}
}
