//go:build linux

package endtoend

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
)

// soon is how quickly what happens on the bus is to be seen.
func soon() time.Duration {
	if raceEnabled {
		return 5 * time.Second
	}
	return time.Second
}

// offer puts a method on the bus that answers with its arguments.
func offer(t *testing.T, c *client.Client, def bus.MethodDefinition) {
	t.Helper()
	echo := func(_ context.Context, call client.Call) (any, error) { return call.Args, nil }
	if _, err := c.Register(t.Context(), def, echo); err != nil {
		t.Fatal(err)
	}
}

// TestAppComesAndGoes follows an app from its arrival to the clearing of its
// tombstones, with the cursor on another thing.
func TestAppComesAndGoes(t *testing.T) {
	t.Parallel()
	g := serve(t, "127.0.0.1:0")
	e := start(t, 120, 40, nil, "--url", g.url)
	e.see("The bus answers, and no app has joined.", "Apps join at", g.url)
	zoe := join(t, g.url, "Zoe")
	offer(t, zoe, bus.MethodDefinition{Name: "Zoe.Ask"})
	e.gone("no app has joined")
	e.press("1", "G")
	e.until("Zoe", on("1", "● Zoe"))

	mia := join(t, g.url, "Mia")
	offer(t, mia, bus.MethodDefinition{Name: "Mia.Ask", Accepts: "string question"})
	if _, err := mia.CreateStream(t.Context(), bus.MethodDefinition{Name: "Mia.News"}, nil); err != nil {
		t.Fatal(err)
	}
	since := time.Now()
	e.until("Mia", func(s screen) bool {
		return s.paneHas("1", "● Mia") && s.paneHas("2", "Mia.Ask") && s.paneHas("3", "Mia.News")
	})
	if took := time.Since(since); took > soon() {
		t.Errorf("it took %v to be seen", took)
	}
	e.until("the cursor on Zoe still", on("1", "● Zoe"))

	if err := mia.Close(); err != nil {
		t.Fatal(err)
	}
	since = time.Now()
	e.until("the tombstones", func(s screen) bool {
		return s.paneHas("1", "† Mia") && s.paneHas("2", "† Mia.Ask") && s.paneHas("3", "† Mia.News")
	})
	if took := time.Since(since); took > soon() {
		t.Errorf("it took %v to be seen", took)
	}
	e.until("since when it is gone", func(s screen) bool {
		return on("1", "● Zoe")(s) && strings.Contains(s.paneRow("1", "Mia"), "left 00:0")
	})
	e.press("x")
	e.see("only what left can be cleared")
	e.press("k")
	e.until("the card of what left", func(s screen) bool { return on("1", "† Mia")(s) && s.paneHas("0", "said goodbye") })
	e.press("x")
	e.until("the clearing", func(s screen) bool {
		return !s.paneHas("1", "Mia") && s.focus() == "1" && s.cursor("1") != ""
	})
	e.press("X")
	e.until("the clearing of all", func(s screen) bool { return !s.paneHas("2", "Mia") && !s.paneHas("3", "Mia") })
}

// TestCommuterReturns: an app that comes back has its row again, with the cursor
// on it.
func TestCommuterReturns(t *testing.T) {
	t.Parallel()
	e := explore(t, 120, 50, demo(t))
	e.press("/")
	e.write("Commuter")
	e.press("enter")
	e.until("the app that comes and goes", on("1", "● Commuter"))
	e.until("its tombstone", on("1", "† Commuter"))
	e.see("† Commuter.Ping", "† Commuter.Heartbeat")
	e.until("its return", on("1", "● Commuter"))
	e.gone("† Commuter.Ping", "† Commuter.Heartbeat")
}

// TestUnregister: what is offered no longer shows at once, while its app stays.
func TestUnregister(t *testing.T) {
	t.Parallel()
	g := serve(t, "127.0.0.1:0")
	app := join(t, g.url, "Shop")
	offer(t, app, bus.MethodDefinition{Name: "Open"})
	r, err := app.Register(t.Context(), bus.MethodDefinition{Name: "Sale"}, func(context.Context, client.Call) (any, error) { return nil, nil })
	if err != nil {
		t.Fatal(err)
	}
	e := explore(t, 120, 40, g.url)
	e.until("both", func(s screen) bool { return s.paneHas("2", "  Open") && s.paneHas("2", "  Sale") })
	if err := r.Unregister(t.Context()); err != nil {
		t.Fatal(err)
	}
	e.until("the tombstone of what was taken away, alone", func(s screen) bool {
		return s.paneHas("2", "† Sale") && s.paneHas("1", "● Shop") && s.paneHas("2", "  Open")
	})
}

// TestSecondSignature: the same name with another signature is another method.
func TestSecondSignature(t *testing.T) {
	t.Parallel()
	e := explore(t, 120, 40, demo(t))
	e.press("2", "/")
	e.write("Prices.Get")
	e.press("enter")
	e.until("both methods", func(s screen) bool {
		names := 0
		for _, row := range s.pane("2") {
			names += strings.Count(row, "Prices.Get")
		}
		return names == 3 && s.paneHas("2", "Prices.Get ≠") // the third is the filter
	})
}

// TestNarrow narrows methods and streams to a server, and widens again.
func TestNarrow(t *testing.T) {
	t.Parallel()
	e := explore(t, 120, 40, demo(t))
	e.press("/")
	e.write("PriceFeed")
	e.press("enter")
	e.until("the server", on("1", "PriceFeed"))
	e.press("enter")
	e.until("its methods", func(s screen) bool {
		return on("2", "Prices.Get")(s) && !s.paneHas("2", "Addition") && !s.paneHas("3", "Orders.Blotter") &&
			s.paneHas("3", "MarketData.Prices") && strings.Contains(s.pane("2")[0], " · PriceFeed")
	})
	e.press("esc")
	wide := func(s screen) bool {
		return s.focus() == "1" && len(s.pane("2")) > 3 && strings.HasSuffix(strings.TrimSpace(s.pane("2")[0]), " 30")
	}
	e.until("all methods", wide)
	e.press("space")
	e.until("its methods", func(s screen) bool {
		return s.focus() == "1" && !s.paneHas("2", "Addition") && s.paneHas("2", "Prices.Get")
	})
	e.press("space")
	e.until("all methods", wide)
}

// offerMany puts an app with twenty methods on the bus.
func offerMany(t *testing.T, url string) {
	t.Helper()
	c := join(t, url, "Anna")
	for n := range 20 {
		offer(t, c, bus.MethodDefinition{Name: fmt.Sprintf("Anna.Method%02d", n+1)})
	}
}
