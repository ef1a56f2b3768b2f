package ui

import (
	"testing"

	"ioscope/client/bus"
	"ioscope/model"
)

// An opened event goes with the stream, with the cursor on its field, and so does
// stepping from one to the next.
func TestFollowAnEvent(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	q := h.subscribe("AAPL")
	h.price(q, "142.30")
	h.press("4", "g", "enter", "enter", "j")
	h.shows("$.bid", "142.30")
	h.press("F")
	h.shows("▼ follows")
	h.price(q, "150.5")
	h.shows("$.bid", "▼ follows")
	th := h.app.state.Shown()
	if got := string(th.EventRow.Data); got != `{"sym":"AAPL","bid":150.5}` || th.Event.Row(th.Event.Cursor()).Path != "$.bid" {
		t.Fatalf("shown %s at %s", got, th.Event.Row(th.Event.Cursor()).Path)
	}
	h.press("F")
	h.hides("▼ follows")
	h.price(q, "9")
	if got := string(th.EventRow.Data); got != `{"sym":"AAPL","bid":150.5}` {
		t.Errorf("held, and shown %s", got)
	}
	h.press("J")
	if got := th.Event.Row(th.Event.Cursor()).Path; string(th.EventRow.Data) != `{"sym":"AAPL","bid":9}` || got != "$.bid" {
		t.Errorf("the next is %s, the cursor at %s", th.EventRow.Data, got)
	}
	h.press("F", "esc")
	if th.Follows = th.Follows && th.Part == model.InEvent; th.Follows {
		t.Error("it follows, and is closed")
	}
}

// Any two events are compared: one is marked, D on another tells the difference.
func TestDifferenceToTheMarked(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	q := h.subscribe("AAPL")
	for _, bid := range []string{"1", "2", "5", "9"} {
		h.price(q, bid)
	}
	h.press("4", "g", "enter", "D")
	h.shows("no other event is marked; m marks one")
	h.press("g", "m", "G", "D")
	h.shows("diff to", "marked", "was 1", "+8")
	h.press("d")
	h.shows("was 5", "+4")
	h.press("D", "D")
	h.hides("was 1", "was 5")
}

// Where several publish, each row tells whose it is by a letter, in its colour.
func TestPublishersHaveLetters(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	q := h.subscribe("AAPL")
	h.price(q, "1")
	h.press("4", "g", "enter")
	h.hides(" A  ")
	q.on(bus.StreamData{At: h.now, Server: "peer-PriceArchive", Data: []byte(`{"sym":"AAPL","bid":2}`)})
	h.flush()
	h.shows("    A  sym AAPL  bid 1", "    B  sym AAPL  bid 2")
	h.press("p")
	h.shows("B [x] PriceArchive", "A [x] PriceFeed")
}

// TestMarkInAnOpenEvent: an event is marked where it is read, and a value of another
// shape on the way does not lose the field that is watched.
func TestMarkInAnOpenEvent(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	q := h.subscribe("AAPL")
	for _, bid := range []string{"1", "2", "5"} {
		h.price(q, bid)
	}
	h.press("4", "g", "enter", "enter", "down", "m")
	h.shows("marked; D on another event shows the difference")
	h.press("K", "D")
	h.shows("diff to", "was 5", "-3")
	h.press("D", "m", "m")
	h.shows("no longer marked")
	th := h.app.state.Shown()
	h.press("F")
	q.on(bus.StreamData{At: h.now, Server: "peer-PriceFeed", Private: true, Data: []byte(`{"note":"hello"}`)})
	h.flush()
	h.price(q, "7")
	if got := th.Event.Row(th.Event.Cursor()).Path; string(th.EventRow.Data) != `{"sym":"AAPL","bid":7}` || got != "$.bid" {
		t.Errorf("the next is %s, the cursor at %s", th.EventRow.Data, got)
	}
}
