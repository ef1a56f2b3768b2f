//go:build linux

package endtoend

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"ioscope/client"
	"ioscope/client/bus"
)

// publisher is a stream that a test drives.
type publisher struct {
	app  *client.Client
	flow *client.Stream
	// asked gets the arguments of each request.
	asked chan string
	// left gets a value when a subscriber has gone.
	left chan struct{}
}

// publish puts a stream on the bus that lets everybody in but guests.
func publish(t *testing.T, url, name string) *publisher {
	t.Helper()
	p := &publisher{app: join(t, url, "Tape"), asked: make(chan string, 8), left: make(chan struct{}, 8)}
	def := bus.MethodDefinition{Name: name, Accepts: "string who, int? level"}
	var err error
	p.flow, err = p.app.CreateStream(t.Context(), def, &client.StreamOptions{
		OnRequest: func(r *client.Request) {
			p.asked <- string(r.Args)
			if strings.Contains(string(r.Args), "guest") {
				r.Reject("guests may not listen")
				return
			}
			r.Accept()
		},
		OnSubscribed:   func(s *client.Subscriber) { _ = s.Push(map[string]any{"hello": "you alone"}) },
		OnUnsubscribed: func(*client.Subscriber) { p.left <- struct{}{} },
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// push sends a number of events.
func (p *publisher) push(t *testing.T, from, to int) {
	t.Helper()
	for n := from; n <= to; n++ {
		if err := p.flow.Push(json.RawMessage(fmt.Sprintf(`{"n":%d,"deep":{"square":%d}}`, n, n*n))); err != nil {
			t.Fatal(err)
		}
	}
}

// TestStream subscribes with arguments, follows, pauses, opens an event, goes on
// and unsubscribes.
func TestStream(t *testing.T) {
	t.Parallel()
	g := serve(t, "127.0.0.1:0")
	p := publish(t, g.url, "Tape.Numbers")
	e := explore(t, 120, 40, g.url)
	e.form("3", "Tape.Numbers")
	e.write("me")
	e.press("ctrl+s")
	if got, want := <-p.asked, `{"who":"me"}`; got != want {
		t.Errorf("asked with %s, want %s", got, want)
	}
	e.work("● accepted by Tape", "who me", `hello "you alone"`, "▼ following", "1 private")
	if row := e.screen().paneRow("0", "hello"); !regexp.MustCompile(`\d\d:\d\d:\d\d\.\d{3}  me  hello`).MatchString(row) {
		t.Errorf("no time, or not marked as private: %q", row)
	}
	p.push(t, 1, 60)
	e.until("the tail", on("0", "n 60  "))
	e.work("61 events")
	e.gone(`hello "you alone"`)

	e.press("space")
	e.work("‖ paused")
	p.push(t, 61, 100)
	e.work("40 new below", "101 events", "n 60  ")
	e.gone("n 61  ")
	e.until("the row in Open", func(s screen) bool { return strings.Contains(s.paneRow("4", "Numbers me"), "‖") })
	e.press("k", "k")
	e.until("two rows up", on("0", "n 58  "))
	e.press("g")
	e.until("the first row", func(s screen) bool { return strings.Contains(s.cursor("0"), "hello") })
	e.press("j", "j", "enter")
	e.until("the event as a tree", func(s screen) bool {
		return strings.HasPrefix(s.focus(), "event") && s.has("▾ deep") && s.has("square  4")
	})
	e.press("J")
	e.see("square  9")
	e.press("j", "j")
	e.press("esc")
	e.until("the rows", focused("0"))
	e.press("space")
	e.until("the tail, nothing lost", on("0", "n 100  "))
	e.work("▼ following")
	p.push(t, 101, 101)
	e.until("what came then", on("0", "n 101  "))

	e.press("u")
	<-p.left
	e.work("† unsubscribed", "102 events")
	e.until("the row in Open", func(s screen) bool { return strings.Contains(s.paneRow("4", "Numbers me"), "† ended") })
	e.press("u")
	<-p.asked
	e.work("● accepted by Tape")
	p.push(t, 102, 102)
	e.until("what comes again", on("0", "n 102  "))
}

// TestStreamFilter finds a row among all, then hides rows and brings them back.
func TestStreamFilter(t *testing.T) {
	t.Parallel()
	g := serve(t, "127.0.0.1:0")
	p := publish(t, g.url, "Tape.Numbers")
	e := explore(t, 120, 40, g.url)
	e.form("3", "Tape.Numbers")
	e.write("me")
	e.press("ctrl+s")
	e.work("● accepted by Tape")
	p.push(t, 1, 20)
	e.work("n 20  ")
	e.press("/")
	e.write("361")
	e.press("enter")
	e.until("what was found, among all", func(s screen) bool { return on("0", "n 19  ")(s) && s.paneHas("0", "n 18  ") })
	e.press("esc", "&")
	e.write("!hello 361")
	e.press("enter")
	e.work("n 19  ")
	e.gone("n 18  ", "n 20  ", `hello "you alone"`)
	p.push(t, 21, 22)
	e.work("23 events")
	e.press("esc")
	e.work("n 18  ", "n 22  ")
}

// TestRejected shows the publisher's reason, and asks again with other arguments.
func TestRejected(t *testing.T) {
	t.Parallel()
	e := explore(t, 120, 40, demo(t))
	e.form("3", "Orders.Blotter")
	e.write("guest")
	e.press("ctrl+s")
	e.work(`✗ OrderBlotter refuses: desk "guest" may not see orders`, "enter changes the arguments")
	e.until("the row in Open", func(s screen) bool { return strings.Contains(s.paneRow("4", "Blotter guest"), "✗ refused") })
	e.press("enter")
	e.until("the form", func(s screen) bool { return strings.Contains(s.cursor("0"), "guest") })
	e.press("ctrl+u")
	e.write("cash")
	e.press("ctrl+s")
	e.work("● accepted by OrderBlotter", "desk cash")
}

// TestPublisherCloses shows why a stream has ended; what came stays.
func TestPublisherCloses(t *testing.T) {
	t.Parallel()
	g := serve(t, "127.0.0.1:0")
	p := publish(t, g.url, "Tape.Numbers")
	e := explore(t, 120, 40, g.url)
	e.form("3", "Tape.Numbers")
	e.write("me")
	e.press("ctrl+s")
	e.work("● accepted by Tape")
	p.push(t, 1, 3)
	e.work("n 3  ")
	if err := p.flow.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	e.work("Tape closed this at", "4 events", "n 3  ")
	e.until("the row in Open", func(s screen) bool { return strings.Contains(s.paneRow("4", "Numbers me"), "†") })
}

// TestTwoSubscriptions keeps two streams at once, each with its own place.
func TestTwoSubscriptions(t *testing.T) {
	t.Parallel()
	e := explore(t, 120, 40, demo(t))
	for _, symbol := range []string{"AAPL", "VOD"} {
		e.form("3", "MarketData.Prices")
		e.write(symbol)
		e.press("ctrl+s")
		e.work("● accepted by PriceFeed", "sym "+symbol)
	}
	e.until("both in Open", func(s screen) bool {
		return strings.Contains(s.paneRow("4", "Prices AAPL"), "/s") && strings.Contains(s.paneRow("4", "Prices VOD"), "/s")
	})
	e.press(",")
	e.until("the first", func(s screen) bool { return s.has("0 MarketData.Prices AAPL ━") })
	e.press("space")
	e.work("‖ paused")
	e.press(".")
	// It may be condensed by now, which is live as well.
	e.until("the second, which goes on", func(s screen) bool {
		return s.has("0 MarketData.Prices VOD ━") && (s.has("▼ following") || s.has("▼ live"))
	})
	before := events(e.screen())
	e.until("more of the second", func(s screen) bool { return events(s) > before+20 })
	e.press(",")
	e.until("the first, held", func(s screen) bool { return s.has("0 MarketData.Prices AAPL ━") && s.has("new below") })
	e.press("x")
	e.until("the second alone", func(s screen) bool { return !s.paneHas("4", "AAPL") && s.paneHas("4", "Prices VOD") })
}

var eventCount = regexp.MustCompile(`([\d,]+) events`)

// events is how many the stream on the screen says that it has got.
func events(s screen) int {
	m := eventCount.FindStringSubmatch(s.String())
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(strings.ReplaceAll(m[1], ",", ""))
	return n
}
