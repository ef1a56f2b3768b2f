package ui

import (
	"fmt"
	"testing"
	"time"

	"ioscope/client/bus"
)

// quote lets one event of a symbol come.
func (h *harness) quote(q *asking, sym, bid string) {
	q.on(bus.StreamData{At: h.now, Server: "peer-PriceFeed", Data: fmt.Appendf(nil, `{"sym":%q,"bid":%s}`, sym, bid)})
	h.flush()
}

// W in the latest by key watches the number of the key under the cursor alone.
func TestWatchOneKey(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	q := h.subscribe("*")
	for i := range 4 {
		h.quote(q, "AAPL", fmt.Sprintf("14%d", i))
		h.quote(q, "VOD", fmt.Sprintf("0.7%d", i))
	}
	h.press("4", "g", "enter", "v", "v")
	h.shows("latest by sym", "VOD")
	h.press("j", "W")
	h.shows("only", "sym VOD")
	h.press("ctrl+s")
	h.shows("Prices * sym VOD .bid", "0.73", "events with sym VOD alone")
	h.press("c")
	h.write("> 1")
	h.press("ctrl+s")
	h.pass(2 * time.Second)
	h.quote(q, "AAPL", "150")
	if h.bells() != 0 {
		t.Fatal("another key rang")
	}
	h.shows("0.73")
	h.quote(q, "VOD", "1.5")
	if h.bells() != 1 {
		t.Fatalf("rang %d times", h.bells())
	}
	h.shows("Prices * of sym VOD bid  > 1  now 1.5")

	// It can be widened to all keys, and what is typed wrong is said.
	h.press("c", "shift+tab", "shift+tab", "ctrl+u")
	h.write("sym")
	h.press("ctrl+s")
	h.shows("of which value? sym AAPL works")
	h.press("ctrl+u", "ctrl+s")
	h.quote(q, "AAPL", "151")
	h.shows("Prices * .bid", "151")
	h.hides("alone")
}

// An event of a stream with several keys is watched by its key, too.
func TestWatchTheKeyOfAnEvent(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	q := h.subscribe("*")
	for i := range 4 {
		h.quote(q, "VOD", fmt.Sprintf("0.7%d", i))
		h.quote(q, "AAPL", fmt.Sprintf("14%d", i))
	}
	h.press("4", "g", "enter", "enter", "j", "W")
	h.shows("watching bid of Prices *, sym AAPL alone")
}

// T says that it turns the chart, and why it can't where no chart is seen.
func TestStretchOfTheChart(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.allPrices()
	h.shows("last 2 min", "all of it")
	h.press("T")
	h.shows("the chart shows the last 1 min; sparklines stay at 2 min, rates at 2 s", "bid, last 2 min")
	h.resize(80, 24)
	h.press("T")
	h.shows("no room for the chart here; v turns to it")
	h.press("v", "T")
	h.shows("the chart shows the last 5 min")
	h.press("v", "T")
	h.shows("the rates are of the last minute")
}
