//go:build linux

package endtoend

import (
	"encoding/json"
	"strings"
	"testing"
)

// register registers a method.
func (v *vendor) register(name, accepts, returns string) {
	v.t.Helper()
	v.await(v.do("register", map[string]any{"definition": map[string]any{"name": name, "accepts": accepts, "returns": returns}}))
}

// answer waits for a call, checks its arguments, and settles it.
func (v *vendor) answer(args string, with map[string]any) {
	v.t.Helper()
	call := v.event("call")
	if got, _ := json.Marshal(call["args"]); string(got) != args {
		v.t.Errorf("called with %s, want %s", got, args)
	}
	with["call"] = call["call"]
	v.do("answer", with)
}

func returned(value map[string]any) map[string]any { return map[string]any{"value": value} }

// TestCallOfficial calls methods of applications that are made with both of the
// vendor's clients: one, all, with what does not fit and with errors; and again
// after the explorer was started anew.
func TestCallOfficial(t *testing.T) {
	t.Parallel()
	g, home := serve(t, "127.0.0.1:0"), t.TempDir()
	north, south := vendorApp(t, g.url, "glue", "North"), vendorApp(t, g.url, "io", "South")
	for _, v := range []*vendor{north, south} {
		v.register("Price", "string sym, int? size", "double bid, string venue")
	}
	e := again(t, home, g.url, "--user", "dev")
	e.until("both servers", func(s screen) bool {
		return s.paneHas("1", "North") && s.paneHas("1", "South") && strings.Contains(s.paneRow("2", "Price"), "×2")
	})
	e.choose("2", "Price")
	e.work("sym", "string", "bid", "double", "method · 2 servers", "North", "South")
	e.press("A")
	e.work("To      all", "sends to 2 servers")
	e.write("VOD")
	e.press("ctrl+s")
	e.see("Send Price to all?", "It reaches 2 servers")
	e.press("right", "enter")
	north.answer(`{"sym":"VOD"}`, returned(map[string]any{"bid": 101.5, "venue": "XLON"}))
	e.work("✓ North", "XLON")
	south.answer(`{"sym":"VOD"}`, returned(map[string]any{"bid": 101.75, "venue": "XLON"}))
	e.work("✓ 2 of 2", "101.75")

	// The values differ in one place, which the table marks.
	e.press("c")
	e.work("Results compared", "A North", "B South", "✓ returned", "best takes", "≠ bid", "101.5", "101.75", "1 row the same everywhere", "1 row that differs")
	e.press("c")

	// One answers with what it did not promise, the other refuses.
	e.press("r")
	e.see("Send Price to all?")
	e.press("right", "enter")
	north.answer(`{"sym":"VOD"}`, returned(map[string]any{"bid": "much", "odd": true}))
	south.answer(`{"sym":"VOD"}`, map[string]any{"error": "the market is closed"})
	e.work("✓ 1  ✗ 1 of 2", "3 marks against returns", "✗ string, wants double", "! extra: not in returns", "✗ missing, wants string", "says: the market is closed")

	e.press("q")
	if code := e.ended(); code != 0 {
		t.Fatalf("ended with %d", code)
	}
	e = again(t, home, g.url, "--user", "dev")
	e.press("6")
	e.work("6 History", "✓ 2 of 2", "Price", "sym VOD", "✗ 1 of 2")
	e.press("r")
	e.see("Send Price to all?", "It reaches 2 servers")
	e.press("right", "enter")
	north.answer(`{"sym":"VOD"}`, returned(map[string]any{"bid": 1, "venue": "XLON"}))
	south.answer(`{"sym":"VOD"}`, returned(map[string]any{"bid": 1, "venue": "XLON"}))
	e.work("✓ 2 of 2")
}
