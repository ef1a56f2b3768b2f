package ui

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"ioscope/client/bus"
)

// However deep a value, its rows can be read: the indent leaves half of the width, and
// tells the level where it can't show it. So it is with a difference.
func TestDeepRows(t *testing.T) {
	t.Parallel()
	const depth = 120
	deep := func(n int) json.RawMessage {
		return json.RawMessage(strings.Repeat(`{"in":`, depth) + fmt.Sprintf(`{"deepest":%d}`, n) + strings.Repeat("}", depth))
	}
	for _, size := range [][2]int{{200, 60}, {120, 40}, {80, 24}, {40, 10}} {
		h := newHarness(t, setting{w: size[0], h: size[1]})
		h.town()
		q := h.subscribe("AAPL")
		for n := range 2 {
			q.on(bus.StreamData{At: h.now, Server: "peer-PriceFeed", Data: deep(n)})
		}
		h.flush()
		h.press("enter", "o", "G", "k", "k", "k", "k", "k", "k")
		h.shows("…121", "deepest", "…120 ▾ in")
		for i, line := range h.lines() {
			if strings.Contains(line, "▾") && !strings.Contains(line, "in") {
				t.Errorf("%dx%d: row %d can't be read: %q", size[0], size[1], i, line)
			}
		}
		h.press("d", "G")
		h.shows("deepest", "was 0")
	}
}
