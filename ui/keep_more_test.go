package ui

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"ioscope/model"
)

// rerun keeps everything, and starts the program once more.
func (h *harness) rerun(k *fakeKeeper, start model.Options) *harness {
	h.t.Helper()
	if err := h.app.Keep(); err != nil {
		h.t.Fatal(err)
	}
	next := newHarness(h.t, setting{keeper: k, start: start})
	next.now = h.now.Add(time.Hour)
	return next
}

// Watches come back with what they watch, their condition, bell and pause; those of
// a stream that is away wait for it.
func TestWatchesComeBack(t *testing.T) {
	t.Parallel()
	k := &fakeKeeper{}
	h := newHarness(t, setting{keeper: k})
	h.town()
	q := h.subscribe("*")
	for i := range 4 {
		h.quote(q, "AAPL", fmt.Sprintf("14%d", i))
		h.quote(q, "VOD", fmt.Sprintf("0.7%d", i))
	}
	h.press("4", "g", "enter", "v", "v", "j", "W", "tab", "tab", "tab")
	h.write("> 1")
	h.press("ctrl+s", "b", "space")
	h.shows("‖ Prices * sym VOD .bid", "> 1")
	h.press("4", "g", "x") // so that nothing but the watch keeps the subscription

	h = h.rerun(k, model.Options{})
	h.live()
	h.pass(100 * time.Millisecond)
	if len(h.asked) != 0 {
		t.Fatal("asked before the stream was there")
	}
	h.pass(2 * time.Second)
	h.press("8")
	h.shows("‖ Prices * sym VOD .bid", "> 1", "a subscription of its own")
	if len(h.asked) != 1 || !h.question().stream || string(h.question().Args) != `{"symbol":"*"}` {
		t.Fatalf("asked %v", h.asked)
	}
	h.press("space")
	h.quote(h.question(), "VOD", "1.5")
	h.shows("1.5", "without a bell")
	if h.bells() != 0 {
		t.Error("it rang")
	}

	// A stream that is there is subscribed at once, and shared with what was open.
	h = h.rerun(k, model.Options{})
	h.town()
	if len(h.asked) != 1 {
		t.Errorf("%d questions", len(h.asked))
	}
	h.press("8", "x")
	h.shows("Nothing is watched.")
	h = h.rerun(k, model.Options{})
	h.town()
	h.pass(5 * time.Second)
	if len(h.asked) != 0 {
		t.Error("a watch that was removed came back")
	}
}

// What was offered comes back with its rules, and is not offered before somebody
// says so.
func TestOffersComeBackWithoutBeingOffered(t *testing.T) {
	t.Parallel()
	k := &fakeKeeper{}
	h := newHarness(t, setting{keeper: k})
	h.town()
	h.press("9", "N")
	h.write("Quotes.Ask")
	h.press("tab")
	h.write("string symbol")
	h.press("tab")
	h.write("double price")
	h.press("ctrl+s")
	h.press("r")
	h.write(`.symbol == "AAPL"`)
	h.press("tab")
	h.write(`{"price":1.25}`)
	h.press("ctrl+s")
	provided := func(h *harness) (out []model.Provide) {
		for _, e := range h.bus.served {
			if p, ok := e.(model.Provide); ok {
				out = append(out, p)
			}
		}
		return out
	}
	if len(provided(h)) != 1 {
		t.Fatalf("offered %v", h.bus.served)
	}

	readOnly := model.Options{Name: "demo bus", URL: "ws://127.0.0.1:8385/gw3", User: "dev", ReadOnly: true}
	h = h.rerun(k, readOnly)
	h.town()
	h.pass(10 * time.Second)
	h.press("9")
	h.shows("Quotes.Ask", "not offered: kept from last time.  u offers it", `.symbol == "AAPL"`)
	h.press("u")
	h.shows("read-only")
	if len(h.bus.served) != 0 {
		t.Fatalf("read-only, and %v", h.bus.served)
	}

	h = h.rerun(k, model.Options{})
	h.town()
	h.pass(2 * time.Second)
	h.shows("1 offer of last time is kept, and not offered: 9 shows, u there offers")
	if len(h.bus.served) != 0 {
		t.Fatalf("done by itself: %v", h.bus.served)
	}
	h.press("9", "u")
	list := provided(h)
	if len(list) != 1 || list[0].Def.Name != "Quotes.Ask" || list[0].Def.Accepts != "string symbol" || len(list[0].Rules) != 1 || string(list[0].Rules[0].Value) != `{"price":1.25}` {
		t.Fatalf("offered %+v", list)
	}
	h.box.Put(model.Provided{ID: list[0].ID})
	h.flush()
	h.hides("kept from last time")
	h.shows("Quotes.Ask", "0 answered")

	// A new offer of the same name takes the place of one that is kept.
	h = h.rerun(k, model.Options{})
	h.town()
	h.press("9", "N")
	h.write("Quotes.Ask")
	h.press("ctrl+s")
	if list := h.app.state.Serving().Offerings; len(list) != 1 || list[0].Kept || list[0].Def.Accepts != "" {
		t.Errorf("offers %+v", list)
	}
}

// The feed tells what changed between two runs.
func TestChangedWhileAway(t *testing.T) {
	t.Parallel()
	k := &fakeKeeper{}
	h := newHarness(t, setting{keeper: k})
	h.town()
	h.pass(10 * time.Second)

	// As it was: nothing is told.
	h = h.rerun(k, model.Options{})
	h.town()
	h.pass(10 * time.Second)
	h.press("5", "c")
	h.shows("Nothing changed since")

	h = h.rerun(k, model.Options{})
	h.live()
	for _, p := range townspeople {
		defs := slices.Clone(p.methods)
		switch p.name {
		case "Grumpy":
			continue
		case "CalcClassic":
			defs = defs[1:]
		}
		h.join(p.name, p.pid+100, defs...)
	}
	h.join("Newcomer", 9, method("Hello", "", "", "", ""))
	h.pass(time.Second)
	if err := h.app.Keep(); err != nil { // a bus that is still coming in is not kept
		t.Fatal(err)
	}
	h.pass(9 * time.Second)
	h.press("5")
	h.shows("3 since you were here", "changed since you were here,")
	h.press("c")
	h.shows("Grumpy", "left while you were away", "Newcomer", "joined while you were away", "CalcClassic", "1 removed while you were away", "only what changed since you were here")
	h.hides("CalcPrecise   was here")
	h.press("m", "c", "c")
	h.shows("Nothing changed since")
}
