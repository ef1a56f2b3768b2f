package ui

import (
	"errors"
	"testing"
	"time"

	"ioscope/client/bus"
	"ioscope/model"
)

// Who left a subscription to all and came back is named beside the key that asks it,
// and sends to the same rows from then on; so does who came later.
func TestJoinAgain(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	dup := bus.MethodDefinition{Name: "Dup", Streaming: true}
	a, b := h.join("FeedA", 1, dup), h.join("FeedB", 2, dup)
	q := h.ask("Dup", bus.Target{Mode: bus.All}, `{}`)
	q.on(bus.StreamAccepted{At: h.now, Server: a})
	q.on(bus.StreamAccepted{At: h.now, Server: b})
	q.on(bus.StreamData{At: h.now, Server: b.PeerID, Data: []byte(`{"n":1}`)})
	h.finish(q, nil)
	sub := h.app.state.Shown()
	h.press("A")
	h.shows("A  all that offer it send to it")
	q.on(bus.StreamLeft{At: h.now, Server: b, URI: "agm.peer-removed"})
	h.leave("FeedB")
	h.pass(time.Second)
	back := b
	back.PeerID = "peer-FeedB-2"
	h.hear(bus.ServerAdded{At: h.now, Server: back}, bus.MethodsAdded{At: h.now, Peer: back.PeerID, Methods: []bus.MethodDefinition{dup}})
	h.shows("! not by FeedB, which is back and was not asked again   A asks it")
	h.press("A")
	h.shows("asked FeedB")
	if q.joins != 1 || sub.Gen != 1 {
		t.Fatalf("joined %d times, asked %d times", q.joins, sub.Gen)
	}
	q.on(bus.StreamAccepted{At: h.now, Server: back, Joined: true})
	q.on(bus.StreamData{At: h.now, Server: back.PeerID, Data: []byte(`{"n":9}`)})
	h.flush()
	h.shows("accepted by FeedA, FeedB", "FeedB sends here again; what it sent meanwhile is not here", "n 1", "n 9")
	h.hides("not by")
	if n := len(sub.Tail.Sources()); n != 1 {
		t.Errorf("%d sources, want FeedB alone", n)
	}

	late := h.join("FeedC", 3, dup)
	h.shows("! not by FeedC, which came later and was not asked   A asks it")
	q.joinErr = errors.New("FeedC refuses: not you")
	h.press("A")
	h.shows("FeedC refuses: not you", "! not by FeedC")
	q.joinErr = nil
	q.on(bus.StreamAccepted{At: h.now, Server: late, Joined: true})
	h.flush()
	h.shows("FeedC joined; what it sent before is not here")
	h.press("u", "A")
	h.shows("A  it does not run")
}

// A subscription to the best has one publisher, and nobody is left out of it.
func TestJoinBest(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	h.subscribe("AAPL")
	h.join("Other", 9, h.method("MarketData.Prices").Def)
	h.flush()
	h.hides("not by")
	h.press("A")
	h.shows("A  it asks one publisher, the best")
}

// However narrow, the line keeps its key.
func TestLeftOutNarrow(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{80, 24}, {60, 20}, {40, 10}} {
		h := newHarness(t, setting{w: size[0], h: size[1]})
		h.town()
		dup := bus.MethodDefinition{Name: "Dup", Streaming: true}
		a := h.join("FeedWithALongName", 1, dup)
		h.join("AnotherFeedWithAnEvenLongerName", 2, dup)
		q := h.ask("Dup", bus.Target{Mode: bus.All}, `{}`)
		q.on(bus.StreamAccepted{At: h.now, Server: a})
		h.flush()
		h.shows("! not by Another", "A asks it")
		if h.app.state.Shown().Phase != model.Running {
			t.Fatal("it does not run")
		}
	}
}
