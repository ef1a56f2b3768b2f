package ui

import (
	"encoding/json"
	"fmt"
	"time"

	"ioscope/client/bus"
	"ioscope/model"
)

func init() { //nolint:gochecknoinits // each file brings its scenes
	scenes = append(scenes, serveScenes...)
	pictures = append(pictures, servePictures...)
}

// serveScenes are what we offer, in its states.
var serveScenes = []scene{
	{name: "serve", make: func(h *harness) {
		h.shop()
		h.press("9")
	}},
	{name: "serve-method", make: func(h *harness) {
		h.shop()
		h.press("4", "g", "enter")
	}},
	{name: "serve-answer", make: func(h *harness) {
		h.shop()
		h.press("4", "g", "enter", "j", "enter")
		h.write("142.38")
		h.press("tab")
		h.write("in 5 min")
	}},
	{name: "serve-late", make: func(h *harness) {
		h.shop()
		h.press("4", "g", "enter", "enter")
		h.write("8")
		o := h.offering("Quotes.Ask")
		h.box.Put(model.Over{Came: model.Came{ID: o.ID, Call: 44}, How: model.RanOut, Over: h.now.Add(6200 * time.Millisecond)})
		h.pass(6200 * time.Millisecond)
		h.flush()
		h.pass(2 * time.Second)
		h.press("ctrl+s")
	}},
	{name: "serve-stream", make: func(h *harness) {
		h.shop()
		h.press("4", "g", "j", "enter")
	}},
	{name: "serve-left", make: func(h *harness) {
		h.shop()
		live := h.offering("Quotes.Live")
		for id, how := range map[int]model.Outcome{1: model.CallerLeft, 3: model.ByHand, 4: model.CallerLeft} {
			h.box.Put(model.Parted{ID: live.ID, Subscriber: id, At: h.now.Add(time.Duration(id) * time.Second), How: how})
		}
		h.pass(5 * time.Second)
		h.flush()
		h.press("4", "g", "j", "enter", "G", "enter")
	}},
	{name: "serve-push", make: func(h *harness) {
		h.shop()
		h.press("4", "g", "j", "enter", "j", "j", "enter")
		h.write("AAPL")
	}},
	{name: "serve-branch", make: func(h *harness) {
		h.shop()
		h.press("4", "g", "j", "enter", "b")
	}},
	{name: "serve-close", make: func(h *harness) {
		h.shop()
		h.press("4", "g", "j", "x")
	}},
	{name: "serve-offer", make: func(h *harness) {
		h.main()
		h.press("N")
		h.write("Quotes.Ask")
		h.press("tab")
		h.write("string symbol, strin side")
	}},
	{name: "serve-rule", make: func(h *harness) {
		h.shop()
		h.press("4", "g", "enter", "r")
		h.press("tab")
		h.write(`{"price":1`)
	}},
	{name: "serve-file", make: func(h *harness) {
		h.main()
		h.bus.files = []string{"accounts.yaml", "orders.yaml", "apps/"}
		h.exec(h.app.openOffers())
	}},
	{name: "serve-empty", make: func(h *harness) {
		h.main()
		h.press("9")
	}},
	{name: "serve-quiet", make: func(h *harness) {
		h.main()
		h.serve(model.Provision{Def: method("Quotes.Ask", "", "", "string symbol", "double price")})
		h.serve(model.Provision{Def: stream("Quotes.Live", "", "", "string symbol", "")})
		h.press("4", "G", "enter")
	}},
}

var servePictures = []struct {
	scene string
	sizes [][2]int
}{
	{"serve", mainSizes},
	{"serve-method", mainSizes},
	{"serve-answer", mainSizes},
	{"serve-stream", mainSizes},
	{"serve-offer", mainSizes},
	{"serve-left", mainSizes},
	{"serve-late", normalSize},
	{"serve-push", bothSizes},
	{"serve-branch", normalSize},
	{"serve-close", normalSize},
	{"serve-rule", bothSizes},
	{"serve-file", normalSize},
	{"serve-empty", normalSize},
	{"serve-quiet", normalSize},
}

// serve offers something, and lets the bus agree.
func (h *harness) serve(p model.Provision) *model.Offering {
	h.t.Helper()
	h.app.run(h.app.state.Apply([]model.Input{model.OffersRead{Path: "shop.yaml", Offers: []model.Provision{p}}}, h.now))
	o := h.offering(p.Def.Name)
	h.box.Put(model.Provided{ID: o.ID})
	h.flush()
	return o
}

func (h *harness) offering(name string) *model.Offering {
	h.t.Helper()
	for _, o := range h.app.state.Serving().Offerings {
		if o.Def.Name == name {
			return o
		}
	}
	h.t.Fatalf("%s is not offered", name)
	return nil
}

// shop is the scene of the picture: a method with calls that wait and rules, and a
// stream with branches, timers and somebody who asks.
func (h *harness) shop() {
	h.main()
	symbol := func(s, side string) json.RawMessage {
		return fmt.Appendf(nil, `{"symbol":%q,"side":%q}`, s, side)
	}
	ask := h.serve(model.Provision{
		Def: method("Quotes.Ask", "Ask for a quote", "", "string symbol, string side", "double price, datetime? validUntil"),
		Rules: []model.Rule{
			{When: `.symbol == "TEST"`, Value: json.RawMessage(`{"price":1}`)},
			{When: `.side == "hold"`, Error: &bus.Error{Reason: "nothing to quote"}},
		},
	})
	live := h.serve(model.Provision{
		Def: stream("Quotes.Live", "Live quotes", "", "string symbol", "string symbol, double price"),
		Timers: []model.Timer{
			{To: toBranch("AAPL"), Every: time.Second, JQ: "{symbol: .branch, price: (142 + .n)}"},
			{To: toBranch("VOD"), Every: 500 * time.Millisecond, Value: json.RawMessage(`{"symbol":"VOD","price":8.25}`)},
		},
	})
	at := func(clock string) time.Time { h.at(clock); return h.now }
	came := func(o *model.Offering, id int, from string, args json.RawMessage, since time.Time, left time.Duration) model.Came {
		return model.Came{ID: o.ID, Call: id, Caller: person(from, 4150), Args: args, At: since, Deadline: since.Add(left)}
	}
	over := func(id int, from, sym, side, begun string, took time.Duration, how model.Over) {
		begin := at(begun)
		how.Came, how.Over = came(ask, id, from, symbol(sym, side), begin, 30*time.Second), begin.Add(took)
		h.now = how.Over
		h.box.Put(how)
		h.flush()
	}
	key := "AAPL"
	h.at("14:03:20.000")
	for _, in := range []model.Input{
		model.Joined{ID: live.ID, Subscriber: 1, Who: person("Ticker", 4151), Args: json.RawMessage(`{"symbol":"AAPL"}`), Branch: key, At: h.now},
		model.Joined{ID: live.ID, Subscriber: 2, Who: person("Blotter", 4152), Args: json.RawMessage(`{"symbol":"AAPL"}`), Branch: key, At: h.now},
		model.Joined{ID: live.ID, Subscriber: 3, Who: person("Ticker", 4151), Args: json.RawMessage(`{"symbol":"VOD"}`), Branch: "VOD", At: h.now},
		model.Joined{ID: live.ID, Subscriber: 4, Who: person("Auditor", 4153), Args: json.RawMessage(`{}`), At: h.now},
		model.Sown{ID: live.ID, To: model.PushTo{Subscriber: 4}, At: h.now},
	} {
		h.box.Put(in)
	}
	h.flush()
	over(40, "Trader", "??", "sell", "14:03:27.000", 4*time.Second, model.Over{How: model.ByHand, Err: "unknown symbol"})
	over(41, "Ticker", "VOD", "buy", "14:03:32.000", 9400*time.Millisecond, model.Over{How: model.ByHand, Value: json.RawMessage(`{"price":8.25}`)})
	over(42, "Ticker", "TEST", "buy", "14:03:42.000", time.Millisecond, model.Over{How: model.ByRule, Rule: ask.Rules[0].ID, Value: json.RawMessage(`{"price":1}`)})
	tick := func() {
		h.box.Put(model.Sown{ID: live.ID, Timer: live.Timers[0].ID, To: toBranch("AAPL"), At: h.now, Next: h.now.Add(time.Second)})
		for range 2 {
			h.box.Put(model.Sown{ID: live.ID, Timer: live.Timers[1].ID, To: toBranch("VOD"), At: h.now, Next: h.now.Add(500 * time.Millisecond)})
		}
		h.flush()
	}
	h.at("14:03:48.000")
	h.box.Put(came(ask, 43, "Ticker", symbol("AAPL", "buy"), h.now, 30*time.Second))
	h.box.Put(came(ask, 44, "Trader", symbol("BP", "sell"), h.now, 11200*time.Millisecond))
	h.box.Put(came(live, 45, "Trader", json.RawMessage(`{"symbol":"AAPL"}`), h.now, 30*time.Second))
	h.flush()
	for range 5 {
		tick()
		h.pass(time.Second)
	}
}

func toBranch(key string) model.PushTo { return model.PushTo{Branch: &key} }
