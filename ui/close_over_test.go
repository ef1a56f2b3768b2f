package ui

import (
	"testing"
	"time"

	"ioscope/client/bus"
)

// X in Open closes what is over, in one go; the palette's undo brings it back.
func TestCloseOver(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	var subs []*asking
	for _, symbol := range []string{"AAPL", "VOD", "MSFT"} {
		subs = append(subs, h.subscribe(symbol))
		h.flush()
	}
	h.press("4", "X")
	h.shows("X  nothing that is open is over")
	for _, q := range subs[:2] {
		q.on(bus.StreamClosed{At: h.now, Server: who("PriceFeed"), Reason: "end of day"})
	}
	h.pass(5 * time.Second)
	h.flush()
	h.shows("X close 2 over")
	h.press("X")
	h.shows("closed 2 that were over", "Prices MSFT")
	h.hides("Prices AAPL", "Prices VOD")
	h.press(":")
	h.write("reopen")
	h.press("enter")
	h.shows("Prices AAPL", "Prices VOD", "Prices MSFT")
}
