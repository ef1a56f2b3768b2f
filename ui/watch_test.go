package ui

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"ioscope/client/bus"
	"ioscope/model"
)

// price lets one event come.
func (h *harness) price(q *asking, bid string) {
	q.on(bus.StreamData{At: h.now, Server: "peer-PriceFeed", Data: json.RawMessage(fmt.Sprintf(`{"sym":"AAPL","bid":%s}`, bid))})
	h.flush()
}

func (h *harness) bells() int { return strings.Count(h.bell.String(), "\a") }

func TestWatchAFieldOfAnEvent(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	q := h.subscribe("AAPL")
	h.price(q, "142.30")
	h.press("enter", "j", "W")
	h.shows("watching bid of Prices AAPL; 8 shows it")
	h.press("8")
	h.shows("Prices AAPL .bid", "142.30", "nothing; c adds a condition", "the subscription that is open")
	h.press("c")
	h.write("> 143")
	h.press("ctrl+s")
	h.shows("> 143", "not yet")
	if h.bells() != 0 {
		t.Fatal("it rang before its condition held")
	}
	h.pass(2 * time.Second)
	h.price(q, "143.5")
	h.shows("! Prices AAPL .bid", "◎ Prices AAPL bid  > 143  now 143.5", "it is so now", "1 time")
	h.price(q, "143.6")
	h.price(q, "142")
	if h.bells() != 1 {
		t.Errorf("rang %d times, want once for as long as it holds", h.bells())
	}
	h.press("b")
	h.pass(2 * time.Second)
	h.price(q, "150")
	if h.bells() != 1 {
		t.Error("rang without a bell")
	}
	h.shows("2 times", "without a bell", "min", "142", "150")

	// A subscription that is put away goes on for the watch, and comes back whole.
	h.press("4", "g", "x")
	h.shows("it goes on unseen, because it is watched")
	if len(h.app.state.Things) != 0 || q.ctx.Err() != nil {
		t.Fatal("the subscription ended")
	}
	h.price(q, "151.25")
	h.press("8")
	h.shows("151.25", "a subscription of its own")
	h.press("enter")
	h.shows("MarketData.Prices AAPL", "bid 151.25", "bid 142.30")

	// The last watch that goes takes an unseen subscription with it.
	h.press("4", "x", "8", "x")
	h.shows("Nothing is watched.")
	if q.ctx.Err() == nil {
		t.Error("the subscription goes on for nobody")
	}
}

func TestWatchHasASubscriptionOfItsOwn(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	h.press("8", "N")
	h.write("marketdata.prices")
	h.press("tab")
	h.write(`{"symbol":"VOD"}`)
	h.press("tab")
	h.write("bid")
	h.press("ctrl+s")
	if len(h.asked) != 1 || !h.question().stream || string(h.question().Args) != `{"symbol":"VOD"}` {
		t.Fatalf("asked %v", h.asked)
	}
	q := h.question()
	q.on(bus.StreamAccepted{At: h.now, Server: who("PriceFeed")})
	h.finish(q, nil)
	h.price(q, "1.25")
	h.shows("Prices VOD .bid", "1.25", "a subscription of its own")
	if len(h.app.state.Things) != 0 {
		t.Error("it is open, though nobody opened it")
	}

	// It comes back with its publisher.
	q.on(bus.StreamClosed{At: h.now, Server: who("PriceFeed"), URI: "agm.peer-removed", Reason: "gone"})
	h.flush()
	h.shows("waits")
	again := h.question()
	if again == q {
		t.Fatal("not asked for again")
	}
	again.on(bus.StreamAccepted{At: h.now, Server: who("PriceFeed")})
	h.finish(again, nil)
	h.price(again, "2.5")
	h.shows("2.5", "1.25")

	// Paused, it follows nothing.
	h.press("space")
	h.price(again, "9")
	h.shows("‖ Prices VOD .bid")
	h.shows("from 1.25 to 2.5 in 2 values")
}

func TestWatchACall(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	h.call("Addition", bus.Target{}, `{"a":1,"b":2}`, reply{"CalcPrecise", `{"sum":3}`, time.Millisecond})
	h.press("W")
	h.shows("watching sum of Addition 1 2 every 10.0 s")
	for n, want := range []string{"3", "4"} {
		h.pass(11 * time.Second)
		q := h.question()
		if len(h.asked) != n+2 || q.stream || string(q.Args) != `{"a":1,"b":2}` {
			t.Fatalf("asked %d times", len(h.asked))
		}
		q.returned(bus.Return{Server: who("CalcPrecise"), At: h.now, Value: json.RawMessage(`{"sum":` + want + `}`)})
		h.finish(q, nil)
		h.press("8")
		h.shows("Addition 1 2 .sum", want)
	}
	h.shows("from 3 to 4 in 2 values")
	// A failure is told, and asked again all the same.
	h.pass(11 * time.Second)
	q := h.question()
	q.returned(bus.Return{Server: who("CalcPrecise"), At: h.now, Err: &bus.Error{Reason: "no mood"}})
	h.finish(q, nil)
	h.shows("✗ no mood")
	if n := len(h.app.state.History); n != 1 {
		t.Errorf("%d calls in the history, want the one by hand", n)
	}
}

func TestWatchConditions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		condition string
		values    []string
		rings     int
	}{
		{"> 5", []string{"4", "6", "7", "5", "6"}, 2},
		{">= 5", []string{"4.9", "5"}, 1},
		{"< 0", []string{"1", "-1"}, 1},
		{"<= 0", []string{"1", "0"}, 1},
		{"== 3", []string{"3.0", "4"}, 1},
		{"!= 3", []string{"3", "4", "5"}, 1},
		{`== "x"`, []string{`"y"`, `"x"`}, 1},
		{"= x", []string{`"y"`, `"x"`}, 1},
		{`!= "x"`, []string{`"x"`, `null`}, 1},
		{"> 5", []string{`"9"`, `null`, `{}`}, 0},
		{"changes", []string{"1", "1", "2", "3"}, 2},
		{".  > 5", []string{"4", "6"}, 1},
		{"| . == null | not", []string{"null", "1"}, 1},
		{".a | .b", []string{`{"a":{"b":false}}`, `{"a":{"b":true}}`}, 1},
	} {
		t.Run(c.condition, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t, setting{})
			h.town()
			q := h.subscribe("AAPL")
			w := h.app.state.Shown().Subject("$.bid")
			var err error
			if w.Condition, err = model.ReadTrigger(c.condition); err != nil {
				t.Fatal(err)
			}
			h.exec(h.app.run(h.app.state.AddWatch(w)))
			for _, v := range c.values {
				h.pass(2 * time.Second)
				h.price(q, v)
				h.flush()
			}
			if w.Rings != c.rings || h.bells() != c.rings {
				t.Errorf("%d rings, %d bells, want %d; %s", w.Rings, h.bells(), c.rings, w.Fault)
			}
		})
	}
	for _, wrong := range []string{"5", "> ", "silent", "silent soon", `> "x"`, "maybe"} {
		if _, err := model.ReadTrigger(wrong); err == nil {
			t.Errorf("%q is taken for a condition", wrong)
		}
	}
}

func TestWatchNoticesSilence(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	q := h.subscribe("AAPL")
	h.price(q, "1")
	w := h.app.state.Shown().Subject("$.bid")
	w.Condition, _ = model.ReadTrigger("silent 10 s")
	h.exec(h.app.run(h.app.state.AddWatch(w)))
	h.pass(9 * time.Second)
	if h.bells() != 0 {
		t.Fatal("rang too early")
	}
	h.pass(2 * time.Second)
	h.pass(20 * time.Second)
	if h.bells() != 1 {
		t.Errorf("rang %d times", h.bells())
	}
	h.price(q, "2")
	h.pass(11 * time.Second)
	if h.bells() != 2 {
		t.Errorf("rang %d times after it had come back", h.bells())
	}
}

func TestWatchFormSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	h.press("8", "N", "ctrl+s")
	h.shows("needed")
	h.write("No.Such")
	h.press("tab", "tab")
	h.write("a..b")
	h.press("ctrl+s")
	h.shows("the bus has no stream or method of this name", "not a path")
	h.press("esc")
	h.shows("Nothing is watched.")
}
