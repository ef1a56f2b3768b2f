package ui

import (
	"encoding/json"
	"testing"
	"time"

	"ioscope/model"
)

// BenchmarkServe draws a page of offers that is as full as it gets.
func BenchmarkServe(b *testing.B) {
	h := newHarness(b, setting{})
	h.main()
	o := h.serve(model.Provision{Def: method("Quotes.Ask", "", "", "string symbol", "double price")})
	args := json.RawMessage(`{"symbol":"AAPL"}`)
	for i := range 1500 {
		came := model.Came{ID: o.ID, Call: i, Caller: person("Trader", 1), Args: args, At: h.now, Deadline: h.now.Add(30 * time.Second)}
		if i < 500 {
			h.box.Put(model.Over{Came: came, How: model.ByHand, Over: h.now})
		} else {
			h.box.Put(came)
		}
	}
	h.flush()
	h.press("4", "g", "enter")
	for b.Loop() {
		h.press("j")
	}
}
