package ui

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"ioscope/model"
)

// served is the latest effect that concerns our own offers.
func (h *harness) served() model.ServeEffect {
	h.t.Helper()
	if len(h.bus.served) == 0 {
		h.t.Fatal("nothing was done")
	}
	return h.bus.served[len(h.bus.served)-1]
}

func TestOfferByHand(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.main()
	h.press("3", "N")
	h.shows("9 Serve", "A new offer", "[x] true")
	h.write("Quotes.Live")
	h.press("tab")
	h.write("strin a")
	h.shows(`↑ no type "strin"`)
	h.press("ctrl+s")
	h.shows("1 field to fix")
	h.press("ctrl+u")
	h.write("string a")
	h.press("ctrl+s")
	p, ok := h.served().(model.Provide)
	if !ok || p.Def.Name != "Quotes.Live" || p.Def.Accepts != "string a" || !p.Def.Streaming {
		t.Fatalf("served %+v", h.served())
	}
	h.shows("0 Quotes.Live", "← Quotes.Live")
	h.box.Put(model.Provided{ID: p.ID})
	h.flush()
	h.shows("your stream", "nobody listens yet")
}

// TestOfferTwice: the second of a name is refused, and the half-filled form stays.
func TestOfferTwice(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.shop()
	h.press("2", "N")
	h.write("Quotes.Ask")
	h.shows("You offer Quotes.Ask already; an app offers a name once.")
	h.press("tab")
	h.write("string symbol, string side")
	h.press("tab")
	h.write("double price, datetime? validUntil")
	h.press("ctrl+s")
	h.shows("You offer Quotes.Ask already with the same signature.")
	h.press("esc", "9")
	h.hides("A new offer")
}

func TestAnswerKeys(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.shop()
	h.press("9", "enter")
	h.write("8.5")
	h.press("ctrl+s")
	if e := h.served().(model.AnswerTo); e.Call != 44 || string(e.Value) != `{"price":8.5}` {
		t.Errorf("answered %+v", e)
	}
	h.press("j", "x")
	h.shows("Answer #43 with an error")
	h.write("no")
	h.press("ctrl+s")
	if e := h.served().(model.AnswerTo); e.Call != 43 || e.Err.Reason != "no" {
		t.Errorf("answered %+v", e)
	}
	h.press("g", "enter", "alt+e")
	h.shows("with an error")
}

func TestStreamKeys(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.shop()
	live := h.offering("Quotes.Live")
	h.press("4", "g", "j", "enter", "b")
	h.write("A")
	h.press("tab", "enter")
	if e := h.served().(model.Admit); e.Branch != "AAPL" || e.Request != 45 {
		t.Errorf("admitted %+v", e)
	}
	h.box.Put(model.Over{Came: model.Came{ID: live.ID, Call: 45}, How: model.ByHand, Branch: "AAPL", Over: h.now})
	h.flush()
	h.press("A")
	if e := h.served().(model.Govern); len(e.Rules) != 1 || e.Rules[0].When != "" {
		t.Errorf("governs %+v", e)
	}
	h.shows("accepts everybody")
	h.press("A", "g", "x") // the branch of the empty key
	h.shows("Close the branch (none)?", "1 subscription to Quotes.Live ends.")
	h.press("enter")
	if _, ok := h.served().(model.Dismiss); ok {
		t.Error("closed without being sure")
	}
	h.press("x", "tab", "enter")
	if e := h.served().(model.Dismiss); e.To.Branch == nil || *e.To.Branch != "" {
		t.Errorf("dismissed %+v", e)
	}
	h.press("u")
	h.shows("Unregister Quotes.Live?")
	h.press("y")
	if e, ok := h.served().(model.Withdraw); !ok || e.ID != live.ID {
		t.Errorf("served %+v", h.served())
	}
	h.shows("taken back")
}

// TestSomebodyWaits: who asks is told of, wherever one is, and counted in Open.
func TestSomebodyWaits(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.main()
	o := h.serve(model.Provision{Def: method("Quotes.Ask", "", "", "", "")})
	h.press("1")
	h.box.Put(model.Came{ID: o.ID, Call: 1, Caller: who("PriceFeed"), Args: json.RawMessage(`{}`), At: h.now, Deadline: h.now.Add(25100 * time.Millisecond)})
	h.flush()
	h.shows("PriceFeed asks Quotes.Ask.  25 s left", "1 waits")
	if first := h.app.state.Lists[model.Open].Rows()[0]; first != h.app.state.ThingOf(o).Row() {
		t.Error("what waits does not stand first")
	}
}

func TestOfferAFile(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.main()
	h.bus.files = []string{"apps/a.yaml", "apps/ab.yaml"}
	h.press(":")
	h.write("file of ioscope serve")
	h.press("enter")
	h.shows("Offer what a file of ioscope serve has")
	h.press("enter")
	h.shows("nothing was entered")
	h.write("ap")
	h.press("tab")
	h.shows("apps/a")
	h.press("down", "enter")
	if e, ok := h.served().(model.LoadOffers); !ok || e.Path != "apps/a.yaml" {
		t.Errorf("served %+v", h.served())
	}
}

func TestReadOnlyOffersNothing(t *testing.T) {
	t.Parallel()
	start := newHarness(t, setting{}).app.opts.Start
	start.ReadOnly = true
	h := newHarness(t, setting{start: start})
	h.town()
	before := len(h.bus.served)
	h.press("2", "N")
	h.shows("read-only: offering is off.")
	h.press("9")
	h.shows("You offer nothing.", "read-only: offering is off.")
	if len(h.bus.served) != before || strings.Contains(h.text(), "A new offer") {
		t.Error("something was offered")
	}
}

// TestChangeAnOffer: its definition is changed in a form, and who would lose
// something is named before.
func TestChangeAnOffer(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.shop()
	h.press("9", "c")
	h.shows("Change Quotes.Ask", "taken back, and offered again", "string symbol")
	h.press("ctrl+s")
	h.shows("nothing is other than it was")
	before := len(h.bus.served)
	h.press("ctrl+u")
	h.write("string symbol")
	h.press("ctrl+s")
	h.shows("Change Quotes.Ask?", "for an answer and get an error", "the bus it is another method then.", "[> Keep it as it is <]")
	h.press("enter")
	if len(h.bus.served) != before {
		t.Fatalf("kept, and yet %+v", h.served())
	}
	h.press("ctrl+s", "right", "enter")
	p, ok := h.served().(model.Alter)
	if !ok || p.Def.Name != "Quotes.Ask" || p.Def.Accepts != "string symbol" || len(p.Rules) != 2 {
		t.Fatalf("served %+v", h.served())
	}
	h.box.Put(model.Provided{ID: p.ID})
	h.flush()
	h.shows("Quotes.Ask is offered as it is now")
}
