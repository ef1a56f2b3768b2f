package plain

import (
	"strings"
	"testing"
	"time"

	"ioscope/client/bus"
)

// TestGroups lists in groups, by the words of the dialog: nested, folded, one of them
// alone, and what is in several groups in each.
func TestGroups(t *testing.T) {
	play(t, func(r *rig) {
		desk := instance("Desk")
		r.hear(bus.ServerAdded{At: time.Now(), Server: desk}, bus.MethodsAdded{At: time.Now(), Peer: desk.PeerID, Methods: []bus.MethodDefinition{
			{ID: "1", Name: "Orders.Place", Accepts: "string id", ObjectTypes: []string{"Order", "Client"}},
			{ID: "2", Name: "Orders.Cancel", Accepts: "string id", Returns: "bool done", ObjectTypes: []string{"Order"}},
		}})
		r.pass(2 * time.Second)
		r.take()
		r.say("methods by prefix")
		r.expect("prefix Clients: 1 method\n", "Clients.Create: ", "prefix Orders: 2 methods\n", "Orders.Cancel: ", "Orders.Place: ", "prefix Prices: 2 methods\n", "no prefix: 1 method\n", "Addition: offered by Calc",
			"methods: 6, in 4 groups by prefix\n")
		r.say("methods by=objectType order folded")
		r.expect("object type Client: 1 method\n", "object type Order: 2 methods\n", "methods: 2, in 2 groups by object type, 4 more hidden by \"order\"\n")
		r.expectNot("Orders.Place")
		r.say("methods by object type, prefix group=order")
		r.expect("object type Order: 2 methods\n", "object type Order, prefix Orders: 2 methods\n", "Orders.Cancel: ", "Orders.Place: ", "in 3 groups by object type, then prefix\n")
		r.say("methods by signature folded")
		r.expect("signature int a, int b, returns int sum: 1 method\n", "signature string id, returns bool done: 1 method\n", "signature string id, returns nothing: 1 method\n")
		r.say("methods by server server=Desk")
		r.expect("server Desk: 2 methods\n", "methods: 2, in 1 group by server\n")
		r.say("servers by")
		r.expect("by server: the application, 5 groups\n", "by presence: here, or gone, 1 group\n", "servers: by KEY groups them")
		r.hear(bus.ServerRemoved{At: time.Now(), Server: desk})
		r.take()
		r.say("servers by presence folded")
		r.expect("presence gone: 1 server, all gone\n", "presence here: 4 servers\n", "servers: 5, in 2 groups by presence\n")
		r.say("methods by color")
		r.expect("error: nothing to group methods by: \"color\"\n", "hint: ")
		r.say("methods by prefix group=Ordres")
		r.expect("error: no group \"Ordres\"\n", "hint: did you mean Orders")
		r.say("methods group=Orders")
		r.expect("error: group= wants by KEY beside it\n")
		r.say("streams folded")
		r.expect("streams: nothing matches \"folded\", 1 hidden\n")
		r.say("methods")
		r.expect("Addition: ", "Prices.Get: ", "methods: 6\n") // as it always was
	})
}

// TestGroupsOfCalls groups and orders the history; the numbers stay those that repeat
// and show take.
func TestGroupsOfCalls(t *testing.T) {
	play(t, func(r *rig) {
		r.bus.answer = answers(map[string]any{"CalcPrecise": `{"sum":5}`, "Grumpy": &bus.Error{Reason: "no"}})
		r.say("invoke Addition a=2 b=3 target=all")
		r.bus.answer = answers(map[string]any{"CalcPrecise": `{"sum":7}`})
		r.say("invoke Addition a=3 b=4")
		r.bus.answer = answers(map[string]any{"PriceFeed": `{"close":7}`})
		r.say("invoke Prices.Get sym=A")
		r.take()
		r.say("history by outcome")
		r.expect("outcome returned: 2 calls\n", "history 1: ", "Prices.Get", "history 2: ", "Addition a 3", "outcome failed: 1 call, 1 failed\n", "history 3: ", "history: 3, in 2 groups by outcome\n")
		r.say("history sort=what reverse")
		r.expect("history 1: ", "history 3: ", "history 2: ", "history: 3\n")
		r.say("history by method,server folded addition")
		r.expect("method Addition: 2 calls, 1 failed\n", "method Addition, server CalcPrecise: 2 calls, 1 failed\n", "method Addition, server Grumpy: 1 call, 1 failed\n")
		r.say("history sort=size")
		r.expect("error: not an order: \"size\"\n", "hint: sort=when, sort=what, sort=took work\n")
		r.say("history by day folded")
		r.expect("day " + time.Now().Format("Mon 2 Jan 2006") + ": 3 calls, 1 failed\n")
	})
}

// TestGroupsCompleted completes the keys of groups, also the second of them.
func TestGroupsCompleted(t *testing.T) {
	t.Parallel()
	x := &explorer{}
	for line, want := range map[string]string{
		"methods by=ob":          "by=object-type",
		"history by=day,ou":      "by=day,outcome",
		"servers by=server,mach": "by=server,machine",
		"open by=da":             "",
	} {
		if got := strings.Join(x.complete(line), " "); got != want {
			t.Errorf("%s: completed %q, want %q", line, got, want)
		}
	}
}
