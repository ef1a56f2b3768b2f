package ui

import (
	"testing"
	"time"

	"ioscope/client/bus"
	"ioscope/model"
)

// What a pause holds is told after the stream has ended, too, and space goes on to it.
func TestPausedAndEnded(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	q := h.subscribe("AAPL")
	q.on(tick("AAPL", 1, h.now))
	h.flush()
	h.press(" ")
	for n := range 3 {
		q.on(tick("AAPL", n+2, h.now))
	}
	h.flush()
	h.press("u")
	h.shows("† ended  ‖ paused  3 new below")
	h.resize(80, 24)
	h.shows("† ended  ‖ paused  3 new")
	h.press(" ")
	h.shows("† ended")
	h.hides("paused", "3 new")
	h.press(" ")
	h.shows("it has ended; nothing comes to be held")
	h.press("4")
	h.hides("space pause")
}

// A watch whose subscription is over says so, and why, in the table, below it and in
// the rail.
func TestEndedWatch(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{w: 200, h: 60})
	h.town()
	var subs []*asking
	for _, symbol := range []string{"AAPL", "VOD", "MSFT"} {
		q := h.subscribe(symbol)
		h.price(q, "142.30")
		subs = append(subs, q)
		st := h.app.state
		h.exec(h.app.run(st.AddWatch(st.Shown().Subject("$.bid"))))
	}
	h.press("8", "g")
	h.shows("◎ Prices AAPL .bid", "the subscription that is open")
	subs[0].on(bus.StreamClosed{At: h.now, Server: who("PriceFeed"), Reason: "end of day"})
	subs[1].on(bus.StreamClosed{At: h.now, Server: who("PriceFeed"), URI: bus.PeerRemoved})
	h.exec(h.app.run(h.app.state.GiveUp(h.app.state.Things[2])))
	h.flush()
	h.pass(time.Second)
	h.shows("† Prices AAPL .bid", "closed: end of day", "a subscription that is over, † closed: end of day",
		"† Prices VOD .bid", "waits for PriceFeed", "† Prices MSFT .bid", "unsubscribed", "142.30 waits")
	h.resize(60, 20)
	h.shows("† Prices MSFT", "unsubscribed")
	h.resize(40, 10)
	h.shows("† Prices MSFT")
	for _, w := range h.app.state.WatchList().All() {
		if w.Stream() && !h.ended(w) {
			t.Errorf("%s has not ended", w.Name())
		}
	}
	h.app.state.Things = nil
	if _, got := h.app.state.WatchEnd(&model.Watch{Def: bus.MethodDefinition{Streaming: true}}); got != "no subscription" {
		t.Errorf("says %q", got)
	}
}

func (h *harness) ended(w *model.Watch) bool {
	word, why := h.app.state.WatchEnd(w)
	return word != "" && why != ""
}
