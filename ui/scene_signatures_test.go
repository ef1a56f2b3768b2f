package ui

import (
	"testing"

	"ioscope/client/bus"
	"ioscope/model"
)

func init() { //nolint:gochecknoinits // the scenes of signatures stand in a file of their own
	scenes = append(scenes,
		scene{name: "signatures", make: func(h *harness) {
			h.main()
			h.app.state.Point(model.Methods, h.method("Prices.Get").ID)
			h.press("j", "c")
		}},
		scene{name: "signatures-three", make: func(h *harness) {
			h.main()
			h.join("Trader", 4140, method("Clients.Create", "", "", "string name, "+addressSchema+", int creditLimit", ""))
			h.join("Broker", 4141, method("Clients.Create", "", "", "string name, composite: { string town, string street } address, string vip", clientSchema))
			h.app.state.Point(model.Methods, h.method("Clients.Create").ID)
			h.press("c", "tab")
		}},
	)
	pictures = append(pictures, []struct {
		scene string
		sizes [][2]int
	}{
		{"signatures", mainSizes},
		{"signatures-three", bothSizes},
	}...)
}

// TestSignatures compares the signatures of a name, from each that has it.
func TestSignatures(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	h.press("2")
	h.app.state.Point(model.Methods, h.method("Addition").ID)
	h.press("c")
	if len(h.app.dialogs) != 0 || h.app.state.Notice.Text == "" {
		t.Errorf("one signature is compared; said %q", h.app.state.Notice.Text)
	}
	h.app.state.Point(model.Methods, h.method("Prices.Get").ID)
	h.press("c")
	d, ok := h.app.topDialog().(*signaturesDialog)
	if !ok || len(d.methods) != 2 || d.methods[0].Drift {
		t.Fatalf("c opens %#v", h.app.topDialog())
	}
	h.press("tab", "shift+tab", "tab") // there is no third
	if d.at != 1 {
		t.Errorf("compares with number %d", d.at)
	}
	h.press("esc", "j", "c")
	if d := h.app.topDialog().(*signaturesDialog); d.methods[0].Drift || !d.methods[d.at].Drift {
		t.Error("from the second signature the first is not held against it")
	}
	// While it is open, the other leaves.
	h.leave("PriceArchive")
	h.press("esc", "c")
	h.resize(40, 10)
	h.press("down", "pgdown", "pgdown", "up", "pgup", "enter")
	if len(h.app.dialogs) != 0 {
		t.Error("enter does not close it")
	}
	h.join("PriceArchive", 1, bus.MethodDefinition{Name: "prices.get", Accepts: "strin", Returns: ""})
	h.press("c")
}
