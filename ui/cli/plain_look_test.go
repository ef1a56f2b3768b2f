package cli

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestPlainLooks looks at a stream by expression, columns, key, chart and difference.
func TestPlainLooks(t *testing.T) {
	twoSpeakers(t, func(desk, trader *speaker) {
		desk.say(`offer stream Ticks returns="string sym, double bid"`, "accept-all Ticks")
		trader.say("subscribe Ticks")
		trader.sees("subscription 1: accepted by Desk")
		for n := range 6 {
			desk.say(fmt.Sprintf("push Ticks sym=AAPL bid=%d.50", 140+n), fmt.Sprintf("push Ticks sym=VOD bid=%d", 70-n))
		}
		trader.sees("sym AAPL, bid 140.50", "sym VOD, bid 65")
		trader.say("fields", "latest", "latest sort=bid reverse", "latest aapl")
		trader.sees("sym: text, in 12 of 12 events, the key", "bid: number, in 12 of 12 events", "AAPL: bid 145.50, bid changed by +1", "VOD: bid 65, bid changed by -1", "subscription 1: 2 keys", "AAPL: bid", "VOD: bid", "2 keys", "AAPL: bid", "1 hidden")
		trader.say("chart bid of=AAPL last=1m", "chart of=X", "chart 1 nothing", "diff", "diff 12", "diff 12 against 8", "diff 1")
		trader.sees("bid of AAPL: 6 values from ", "rises", "least 140.50, most 145.50, mean 143.00, first 140.50, last 145.50", "error: no key X", "error: no event has nothing", "event 12 of subscription 1: against event 10, same sym", "bid: 65, was 66, -1", "the same: 1 value", "event 12", "event 12 of subscription 1: against event 8", "bid: 65, was 67, -2", "error: no event before event 1")
		trader.say("jq 1 .bid > 100", "jq {", "jq .nothing.more", "jq")
		trader.sees("jq .bid > 100 lets 6 of the 12 events through that are kept", "error: jq: ", "hint: fields: .bid, .sym", "subscription 1: jq: .nothing.more gives null on all 12 kept", "all events are told")
		trader.say("jq {sym, half: (.bid / 2)}")
		desk.say("push Ticks sym=AAPL bid=150")
		trader.sees("lets 12 of the 12 events", "half 75, sym AAPL")
		trader.say("jq {sym}", "filter 1 AAPL")
		trader.sees(`only events with "AAPL" are told; 7 of the 13`)
		trader.say("jq", "columns bid", "filter 1 !vod /AA.L/")
		desk.say("push Ticks sym=AAPL bid=151", "push Ticks sym=VOD bid=1")
		trader.sees("bid of each event are told", `only events with "!vod /AA.L/" are told; 7 of the 13`, "shared, bid 151")
		trader.say("filter 1 /(/", "filter 1", "columns", "only VOD", "only X")
		desk.say("push Ticks sym=AAPL bid=152", "push Ticks sym=VOD bid=2")
		trader.sees("error: /(/ can't be read", "all events are told", "events are told whole", "only sym VOD is told; 7 events", "error: no event has sym X", "shared, sym VOD, bid 2")
		trader.say("hold")
		desk.say("push Ticks sym=VOD bid=3")
		trader.sees("held; what comes is kept")
		trader.say("jq .bid", "jq", "resume")
		if said := trader.heard(); strings.Contains(said, "shared") || !strings.Contains(said, "goes on; 1 event came") {
			t.Errorf("a stream that is held spoke: %s", said)
		}
		trader.say("only", "rates", "publishers", "publishers hide desk", "publishers show Desk", "publishers hide nobody", "key none", "latest", "key sym", "clear 1")
		trader.sees("events of all keys", "subscription 1: ", "AAPL: ", "Desk: 18 events", "Desk: 18 events, hidden", "Desk: 18 events", "error: not understood", "the key is none", "error: no field tells these events apart", "the key is sym", "cleared 18 events")
		desk.say("push Ticks sym=AAPL bid=1")
		trader.sees("sym AAPL, bid 1")
		trader.say("reopen", "publishers", "clear 1", "clear 1")
		trader.sees("brought back", "Desk: 19 events", "cleared 19 events; for 5 minutes reopen brings it back", "nothing to clear")
		if said := trader.heard(); strings.Contains(said, "shared") {
			t.Errorf("what came back was told again: %s", said)
		}
		desk.say("push Ticks sym=AAPL bid=2")
		trader.sees("sym AAPL, bid 2")
	})
}

// TestPlainPast goes back in time: lists tell of that moment, nothing is asked of it,
// and what comes meanwhile is told when now is shown again.
func TestPlainPast(t *testing.T) {
	twoSpeakers(t, func(desk, trader *speaker) {
		trader.say("mark")
		trader.pass(2 * time.Second)
		desk.say(`offer method One`, "offer method Two")
		trader.pass(10 * time.Second)
		desk.say("unregister One")
		trader.say("methods", "changed", "feed 9 two")
		trader.sees("mark: ", "One: gone", "methods: 2", "Desk method added: One", "Desk method added: Two", "Desk method removed: One", "changed: 3 things since ", "Desk method added: Two")
		trader.say("back 11s", "methods", "invoke One", "servers")
		trader.sees("bus: as it was at ", "methods 2, streams 0. now goes back", "One: offered by Desk", "methods: 2, as it was at ", "error: this is the bus at ", "now goes back", "servers: 2, as it was at")
		desk.say("offer method Three")
		trader.say("methods", "now", "methods", "now")
		trader.sees("methods: 2", "bus: shown as it is now", "Three: offered by Desk", "methods: 3", "error: this is now")
		trader.pass(time.Second)
		trader.say("back", "back", "ahead", "ahead", "ahead", "at 00:00:03", "methods", "at 1", "at 99", "at noon", "back soon", "now", "back 1h", "now")
		trader.sees("feed 3: ", "feed 2: ", "feed 3: ", "feed 4: ", "feed 5: ", "bus: as it was at 00:00:03", "methods: ", "bus: as it was at", "error: the feed has no 99", "error: not a time", "error: not a duration", "bus: further back nothing is kept", "bus: shown as it is now")
	})
}
