package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"ioscope/client/bus"
)

// Columns are sorted by s and S, and the cursor stays on its row.
func TestSortColumns(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	q := h.subscribe("AAPL")
	at := 0
	add := func(bids ...string) {
		for _, bid := range bids {
			at++
			q.on(bus.StreamData{At: h.now.Add(time.Duration(at) * time.Millisecond), Server: "peer-PriceFeed", Data: []byte(`{"bid":` + bid + `,"sym":"AAPL"}`)})
		}
		h.flush()
	}
	add("7.25", "3.5", "9")
	h.press("4", "g", "enter")
	if h.press("s"); !strings.Contains(h.text(), "only columns and the latest by key are sorted") {
		t.Fatalf("nothing says why rows are not sorted:\n%s", h.text())
	}
	h.press("v")
	bids := func() (list []string, cursor string) {
		for _, line := range h.lines() {
			for _, bid := range []string{"7.25", "3.5", "11", "9", "1"} {
				if _, work, ok := strings.Cut(line, "│"); ok && slices.Contains(strings.Fields(strings.TrimPrefix(work, "▌")), bid) {
					list = append(list, bid)
					if strings.Contains(work, "▌") {
						cursor = bid
					}
					break
				}
			}
		}
		return list, cursor
	}
	check := func(what, cursor string, want ...string) {
		t.Helper()
		if got, at := bids(); !slices.Equal(got, want) || at != cursor {
			t.Fatalf("%s: %v with the cursor on %s, want %v with %s:\n%s", what, got, at, want, cursor, h.text())
		}
	}
	check("by time", "9", "7.25", "3.5", "9")
	h.press("s")
	check("by bid", "9", "3.5", "7.25", "9")
	h.shows("bid ↑", "sorted by bid")
	h.press("k")
	add("1", "11")
	h.pass(time.Second)
	h.press("h", "l")
	check("with more", "7.25", "1", "3.5", "7.25", "9", "11")
	h.press("S")
	check("turned", "7.25", "11", "9", "7.25", "3.5", "1")
	h.press("enter")
	h.shows("7.25", "paused")
	h.press("esc", "s", "s")
	check("by time again", "7.25", "7.25", "3.5", "9", "1", "11")
	h.shows("‖ paused")
}
