package ui

import (
	"testing"
	"time"

	"ioscope/client/bus"
)

// TestFindTellsHowMany: what is looked for in a stream says in how many rows it is,
// while it is typed too, and which of them the cursor is on; a filter narrows it.
func TestFindTellsHowMany(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	q := h.subscribe("AAPL")
	for n := range 30 {
		kind := map[bool]string{true: "needle", false: "hay"}[n%10 == 3]
		q.on(bus.StreamData{At: h.now.Add(time.Duration(n) * time.Millisecond), Server: "peer-PriceFeed", Data: []byte(`{"kind":"` + kind + `"}`)})
	}
	h.flush()
	h.press("4", "g", "enter")
	h.press("/")
	h.write("needl")
	h.shows("/ needl", "in 3 rows")
	h.press("enter", "n")
	h.shows("1 of 3")
	h.press("N")
	h.shows("3 of 3")
	h.press("up")
	h.shows("in 3 rows")
	h.press("/", "ctrl+u")
	h.write("pitchfork")
	h.shows("in no row")
}
