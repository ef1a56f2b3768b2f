package ui

import (
	"testing"
	"time"

	"ioscope/client/bus"
	"ioscope/model"
)

func TestLens(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	_, lower, _ := lensFlow(h, 8)
	h.press("b")
	h.hides("true branches") // nobody has said yet whether they are known
	h.flush()
	h.shows("Branches of MarketData.Prices", "A  one branch", "sure  304 of 304 shared events equal", "same sequence and same payload, at most 2 ms apart",
		"B  alone", "nothing in common with A", "not known: neither bus nor publisher is ours", "Prices, 2 branches")

	// What is held stays as it is; what comes is counted all the same.
	h.press("space")
	at := h.now
	for n := range 20 {
		lower.on(bus.StreamData{At: at, Server: "peer-PriceFeed", Private: true, Data: []byte(`{"note":"while held"}`)})
		at = at.Add(time.Duration(n) * time.Millisecond)
	}
	h.flush()
	h.shows("‖ paused")
	h.hides("while held")
	h.press("space")
	h.shows("while held", "20 private")

	h.press("p")
	h.hides("one branch", "last 4 seconds")
	h.press("/")
	h.write("refreshed")
	h.press("enter")
	h.hides("while held")
	h.shows("quote refreshed for you", "21 hidden")
	h.press("esc", "esc")
	h.shows("one branch")

	// enter goes to the subscription under the cursor, and to a private event.
	h.press("g", "j", "enter")
	if s := h.app.state.Shown(); s == nil || string(s.Args) != `{"symbol":"aapl"}` {
		t.Fatalf("enter opened %v", s)
	}
	h.press("b", "p", "G", "enter")
	h.shows("while held")
	if s := h.app.state.Shown(); s == nil || s.Part != model.InEvent || !s.EventRow.Private {
		t.Fatalf("enter opened %v", s)
	}
	h.press("esc", "esc", "4", "G", "enter", "p")

	// A subscription that is closed leaves the lens.
	h.exec(h.app.run(h.app.state.Close(h.app.state.Things[1])))
	h.press("4", "G", "enter")
	h.pass(time.Second)
	h.shows("inferred from 2 subscriptions")
	h.press("N")
	if s := h.app.state.Shown(); s == nil || s.Phase != model.Filling || s.Def.Name != "MarketData.Prices" {
		t.Fatalf("N opened %v", s)
	}
}

func TestLensFromStreamsAndCard(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.main()
	h.app.state.Point(model.Streams, h.method("MarketData.Prices").ID)
	h.press("b")
	h.shows("Branches of MarketData.Prices")
	h.app.state.Point(model.Streams, h.method("MarketData.Prices").ID)
	h.press("0", "b")
	if n := len(h.app.state.Things); n != 4 {
		t.Errorf("%d things are open, want two subscriptions, a call and one lens", n)
	}
	h.app.state.Point(model.Methods, h.method("Addition").ID)
	h.press("0", "b")
	h.shows("only a stream has branches")
}

// When the bus was started anew, the publisher is another peer: the lens looks at
// what is heard now, and counts no subscription twice.
func TestLensAfterTheBusStartedAnew(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	aapl, lower, vod := lensFlow(h, 8)
	h.press("b")
	h.lose()
	h.pass(time.Second)
	h.shows("inferred from 3 subscriptions")
	anew := who("PriceFeed")
	anew.PeerID = "peer-PriceFeed-2"
	h.hear(bus.ServerAdded{At: h.now, Server: anew})
	for _, q := range []*asking{aapl, lower, vod} {
		q.on(bus.StreamAccepted{At: h.now, Server: anew, Restored: true})
	}
	h.flush()
	h.pass(time.Second)
	h.shows("inferred from 3 subscriptions", "Prices, 3 branches")
	h.hides("A #1", "B #2", "C #3")
}

// The list of what is open, and an event that is open, lead to the branches of
// their stream, too.
func TestBranchesFromOpenAndFromAnEvent(t *testing.T) {
	t.Parallel()
	for _, way := range [][]string{{"4", "g", "b"}, {"4", "g", "enter", "enter", "b"}} {
		h := newHarness(t, setting{w: 120, h: 40})
		h.main()
		h.press(way...)
		h.shows("Branches of MarketData.Prices")
	}
}
