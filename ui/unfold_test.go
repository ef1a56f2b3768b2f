package ui

import (
	"encoding/json"
	"strings"
	"testing"

	"ioscope/client/bus"
)

// What is too much to unfold at once says so when it is asked for, and in its last row.
func TestUnfoldTooMuch(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	q := h.subscribe("AAPL")
	data := "[" + strings.Repeat(`{"a":[1,2,3,4,5,6,7,8,9]},`, 12_000) + "0]"
	q.on(bus.StreamData{At: h.now, Server: "peer-PriceFeed", Data: json.RawMessage(data)})
	h.flush()
	h.press("enter", "o")
	h.shows("it is too much to unfold at once: some of it stays folded; enter unfolds one of it")
	h.press("G")
	h.shows("… 100,000 rows unfold at once; what is beyond them stays folded")
}
