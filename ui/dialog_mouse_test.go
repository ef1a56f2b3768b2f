package ui

import (
	"testing"

	"ioscope/client/bus"
	"ioscope/model"
)

// The buttons of a question take a click each, and so do the keys in the lower edge of
// a dialog.
func TestClicksOnButtons(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.main()
	ask := func() {
		h.t.Helper()
		form := h.app.state.OpenForm(h.method("Division"), bus.Target{Mode: bus.All})
		form.Form.Fill([]byte(`{"a":1,"b":3}`))
		h.press("ctrl+s")
		h.shows("[> Cancel <]", "[ Send to 3 ]", "esc cancel")
	}
	asked := len(h.asked)
	for _, no := range []string{"Cancel <]", "esc cancel"} {
		ask()
		h.clickOn(no)
		h.hides("[> Cancel <]")
	}
	if n := len(h.asked); n != asked {
		t.Fatalf("a click on Cancel or esc sent %d", n-asked)
	}
	ask()
	h.clickOn("and not asked again")
	h.shows("[x] and not asked again")
	h.clickOn("Send to 3 ]")
	if q := h.question(); q.Method.Name != "Division" || q.Target.Mode != bus.All {
		t.Errorf("asked %+v", q)
	}
	h.finish(h.question(), nil)
	h.press("1", "y")
	h.clickOn("the name")
	if h.app.topDialog() != nil {
		t.Errorf("the menu is still open:\n%s", h.text())
	}
	h.press("2", "v")
	h.clickOn("esc as it was")
	if h.app.topDialog() != nil {
		t.Error("the dialog of groups is still open")
	}
	h.press("v")
	h.clickOn("machine")
	h.clickOn("enter by this")
	if by := h.app.state.Lists[model.Methods].Groups; len(by) != 1 || by[0] != model.GroupMachine {
		t.Errorf("grouped by %v", by)
	}
}

// A second question, at a narrow screen too, quits or stays by a click.
func TestClickQuits(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{120, 40}, {40, 10}} {
		h := newHarness(t, setting{})
		h.shop()
		h.resize(size[0], size[1])
		h.press("ctrl+c")
		h.clickOn("Stay <]")
		if h.quit || h.app.topDialog() != nil {
			t.Fatalf("at %v it did not stay", size)
		}
		h.press("ctrl+c")
		h.clickOn("[ Quit ]")
		if !h.quit {
			t.Errorf("at %v it stayed", size)
		}
	}
}

// The lower edge of a dialog names the keys that count there, and a click on one is
// that key.
func TestEdgesNameTheKeysThatCount(t *testing.T) {
	t.Parallel()
	keys, err := Rebind([]Rebinding{{Action: "dialog.do", Keys: []string{"F5"}}, {Action: "dialog.close", Keys: []string{"F6"}}})
	if err != nil {
		t.Fatal(err)
	}
	h := newHarness(t, setting{})
	h.app.keymap = keys
	h.main()
	h.press("2", "v")
	h.shows("F5 by this   space one in another   F6 as it was")
	h.clickOn("F6 as it was")
	h.hides("F6 as it was")
	h.press("v")
	h.clickOn("F5 by this")
	h.hides("F5 by this")
}
