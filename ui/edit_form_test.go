package ui

import (
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
