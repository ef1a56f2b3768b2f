package plain

import (
	"testing"
	"time"

	"ioscope/client/bus"
)

// TestParts tells a part of a result and of an event, and so many levels of it.
func TestParts(t *testing.T) {
	play(t, func(r *rig) {
		value := `{"client":{"name":"Ada","tags":["a","b"],"home":{"city":"Paris","zip":1}},"list":[{"x":1},{"x":2}],"n":5}`
		r.bus.answer = answers(map[string]any{"CalcPrecise": value})
		r.say("invoke Addition a=1 b=2")
		r.take()
		r.say("show 1 depth=1")
		r.expect("client: object with name, tags, home\n", "list: 2 items\n", "n: 5\n")
		r.say("show 1 .client depth=1")
		r.expect("  name: \"Ada\"\n", "  tags: 2 items\n", "  home: object with city, zip\n")
		r.say("show 1 .client.home")
		r.expect("  city: \"Paris\"\n", "  zip: 1\n")
		r.say("show 1 .list[1]")
		r.expect("  x: 2\n")
		r.say("show 1 .nowhere")
		r.expect("error: nothing at .nowhere\n")
		r.say("show 1 depth=none")
		r.expect("error: not a number: \"none\"\n")
		r.say("show 1")
		r.expect("client: object\n", "tags: 2 items\n", "item 1: \"a\"", "not as declared")
	})
}

// TestTimes tells when events came in three ways, and lists the newest first.
func TestTimes(t *testing.T) {
	play(t, func(r *rig) {
		r.say("subscribe MarketData.Prices symbol=A")
		feed := instance("PriceFeed")
		r.push(bus.StreamAccepted{At: time.Now(), Server: feed})
		for _, n := range []string{"1", "2", "3"} {
			r.push(bus.StreamData{At: time.Now(), Server: feed.PeerID, Data: []byte(`{"n":` + n + `,"deep":{"m":` + n + `}}`)})
			r.pass(1500 * time.Millisecond)
		}
		r.take()
		r.say("times between")
		r.expect("subscription 1: times are told as since the one before\n")
		r.say("show 1 events 2 newest")
		r.expect("event 3: after 1.5 s, shared, n 3", "event 2: after 1.5 s, shared, n 2")
		r.say("show 1 events")
		r.expect("event 1: the first, shared, n 1")
		r.say("times 1 ago")
		r.say("show 1 events")
		r.expect("event 1: 4.7 s ago, shared", "event 3: 1.7 s ago, shared")
		r.say("times noon")
		r.expect("error: not a way to tell the time: \"noon\"\n")
		r.say("times")
		r.expect("times are told as ago\n")
		r.say("event 2 .deep")
		r.expect("event 2 of subscription 1: ", "  m: 2\n")
		r.say("show 1 .deep")
		r.expect("  m: 3\n")
	})
}

// What a value has besides what is declared is told in the words of the screen.
func TestNotInReturns(t *testing.T) {
	play(t, func(r *rig) {
		r.bus.answer = answers(map[string]any{"CalcPrecise": `{"sum":3,"rest":1}`})
		r.say("invoke Addition a=1 b=2")
		r.expect("not as declared: rest: extra:\n  not in returns\n")
	})
}
