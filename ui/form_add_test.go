package ui

import (
	"testing"

	"ioscope/client/bus"
)

// TestAddedItemHasTheKeyboard: however an item is added, what is typed next is its
// first field, and not the text of the field that comes after.
func TestAddedItemHasTheKeyboard(t *testing.T) {
	t.Parallel()
	for name, add := range map[string]func(h *harness){
		"click": func(h *harness) { h.press("down"); h.clickOn("+ add to contacts") },
		"enter": func(h *harness) { h.app.sheet().Focus = "contacts[+]"; h.press("enter") },
		"space": func(h *harness) { h.app.sheet().Focus = "contacts[+]"; h.press("space") },
		"key":   func(h *harness) { h.app.sheet().Focus = "contacts[+]"; h.press("ctrl+n") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t, setting{w: 120, h: 40})
			h.town()
			h.app.state.OpenForm(h.method("Clients.Create"), bus.Target{})
			add(h)
			h.write("phone")
			h.press("tab")
			h.write("+31 10")
			h.shows("kind      * phone", "value     * +31 10", "1 item")
		})
	}
}
