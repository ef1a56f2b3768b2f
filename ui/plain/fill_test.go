package plain

import (
	"testing"
	"time"

	"ioscope/client/bus"
)

// TestFill is asked for each value, hears at once what is wrong, goes back, fills nested
// objects and lists, leaves out what is optional, and takes what was sent last.
func TestFill(t *testing.T) {
	play(t, func(r *rig) {
		r.bus.answer = answers(map[string]any{"PriceFeed": `{"id":1}`, "CalcPrecise": `{"sum":5}`})
		nasty := instance("Forms")
		r.hear(bus.ServerAdded{At: time.Now(), Server: nasty}, bus.MethodsAdded{At: time.Now(), Peer: nasty.PeerID, Methods: []bus.MethodDefinition{
			{ID: "1", Name: "Everything", Accepts: "string name (who it is), dateTime? at, composite: { string city, composite: { int code }? zip } address, composite: { string kind, bool? main }[]? contacts, int[] sizes, tuple: { int x, int y }? place"},
			{ID: "2", Name: "Nothing"},
			{ID: "3", Name: "Broken", Accepts: "strin x"},
		}})
		r.pass(time.Second)
		r.take()
		r.say("fill addition target=all")
		r.expect("fill: Addition, a value a line.", "a: int\n")
		r.say("two")
		r.expect("error: a is not an int: \"two\"", "a: int\n")
		r.say("open")
		r.expect("error: a is not an int: \"open\"\n", "hint: with a dot before it, .open is a command\n", "a: int\n")
		r.say("")
		r.expect("error: a is needed; for an empty text type \"\"\n", "a: int\n")
		r.say("2")
		r.expect("b: int\n")
		r.say(".back")
		r.expect("a: int\n")
		r.say("7")
		r.say(".methods addition")
		r.expect("b: int\n", "methods: 1")
		r.say("3")
		r.expect("sent to 2 servers: CalcPrecise", "returned sum 5")
		if q := r.bus.asked[0]; string(q.Args) != `{"a":7,"b":3}` || q.Target.Mode != bus.All {
			t.Errorf("asked %s of %v", q.Args, q.Target)
		}
		r.say("fill Addition")
		r.expect("a: int, last time 7; = takes that\n")
		r.say("=")
		r.say(".stop")
		r.expect("b: int, last time 3; = takes that\n", "fill: given up, nothing was sent\n")
		r.say("methods addition")
		r.expect("methods: 1")

		r.say("fill Everything")
		r.expect("name: string, who it is\n")
		r.say(`""`)
		r.expect("at: date; now, tomorrow 09:00 and in 2 h work, optional\n")
		r.say("next doomsday")
		r.expect("error: at ", "at: date")
		r.say("")
		r.expect("address.city: string\n")
		r.say("New York")
		r.expect("address.zip: object; yes fills it in, an empty line leaves it out, optional\n")
		r.say("of course")
		r.expect("error: yes or an empty line is wanted")
		r.say("yes")
		r.expect("address.zip.code: int\n")
		r.say("10001")
		r.expect("contacts: list of objects; yes adds one, an empty line adds none, optional\n")
		r.say("yes")
		r.expect("contacts[0].kind: string\n")
		r.say("mail")
		r.expect("contacts[0].main: bool, optional\n")
		r.say("true")
		r.expect("contacts: one more? yes adds it, an empty line ends the list\n")
		r.say("y")
		r.say("phone")
		r.say("")
		r.say("")
		r.expect("contacts[1].kind: string\n", "contacts[1].main: bool, optional\n", "contacts: one more?", "sizes: list of int, one a line; an empty line ends it\n")
		r.say("1")
		r.expect("sizes: item 2, or an empty line\n")
		r.say("x")
		r.expect("error: sizes[1] is not an int: \"x\"", "sizes: item 2")
		r.say("2")
		r.say("")
		r.expect("sizes: item 3", "place: tuple, as JSON, optional\n")
		r.say("[1,2]")
		r.expect("call ")
		want := `{"name":"","address":{"city":"New York","zip":{"code":10001}},"contacts":[{"kind":"mail","main":true},{"kind":"phone"}],"sizes":[1,2],"place":[1,2]}`
		if q := r.bus.asked[1]; string(q.Args) != want {
			t.Errorf("asked with %s\nwant %s", q.Args, want)
		}

		r.say("fill Nothing")
		if q := r.bus.asked[2]; string(q.Args) != `{}` {
			t.Errorf("asked with %s", q.Args)
		}
		r.take()
		r.say("fill Broken")
		r.expect("error: accepts can't be read", "hint: invoke Broken {...} takes JSON\n")
		r.say("fill")
		r.expect("error: fill what in?\n")
		r.say("fill Addition a=1")
		r.expect("error: not understood: \"a=1\"\n")
		r.say("fill Nobody")
		r.expect("error: no method \"Nobody\" on the bus\n")
		r.say("fill MarketData.Prices")
		r.say("AAPL")
		r.push(bus.StreamAccepted{At: time.Now(), Server: instance("PriceFeed")})
		r.pass(time.Second)
		r.expect("symbol: string\n", "subscription ", ": accepted by PriceFeed\n")
	})
}
