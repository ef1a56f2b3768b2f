package ui

import (
	"testing"
	"time"

	"ioscope/client/bus"
	"ioscope/model"
)

// The history stands in groups as the lists of the rail do: folded and unfolded by the
// same keys and by a click, and as it was after a restart.
func TestHistoryInGroups(t *testing.T) {
	t.Parallel()
	kept := &fakeHistories{}
	h := withHistories(t, kept, "one-")
	h.call("Addition", bus.Target{}, `{"a":2,"b":3}`, reply{"CalcPrecise", `{"sum":5}`, time.Millisecond})
	h.call("Division", bus.Target{}, `{"a":1,"b":0}`, reply{"CalcPrecise", `!no division by zero`, time.Millisecond})
	h.groupBy("6", "outcome")
	h.shows("▾ failed", "▾ returned", "by outcome 2")
	h.press("g", "enter")
	h.shows("▸ failed", "✗ 1", "1 failed")
	h.hides("no division by zero")
	h.press("l", "l")
	if r := h.app.record(); r == nil || r.Name != "Division" {
		t.Fatalf("l went to %+v", r)
	}
	h.press("h", "h", "j", "l", "enter")
	if got, _ := h.app.state.Shown().Form.Args(h.now); string(got) != `{"a":2,"b":3}` {
		t.Errorf("enter opened a form with %s", got)
	}
	h.press("esc", "6", "g", "d", "r", "x")
	if len(kept.records) != 2 {
		t.Errorf("a heading was repeated or deleted: %d calls are kept", len(kept.records))
	}
	h.press("O")
	memory := h.app.state.Memory()
	h = withHistories(t, kept, "two-")
	h.app.state.Recall(memory)
	h.press("6")
	h.shows("▸ failed", "▸ returned", "by outcome 2")
	if l := &h.app.state.Lists[model.History]; len(l.Groups) != 1 || l.Len() != 2 {
		t.Errorf("after a restart: %v, %d calls", l.Groups, l.Len())
	}
	h.press("o", "v", "g", "enter")
	h.hides("▾ failed", "by outcome")
	h.shows("no division by zero", "sum 5")
}
