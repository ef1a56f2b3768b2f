package ui

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"ioscope/client/bus"
	"ioscope/model"
)

const (
	addressSchema = "composite: { string street, string city, string country, string? postcode } address"
	contactSchema = "composite: { string kind, string value }[] contacts"
	clientAsked   = "string name, string? segment, " + addressSchema + ", " + contactSchema +
		", double creditLimit, datetime? since, bool active, long[]? accountIds"
	clientSchema = "long id, string name, string? segment, " + addressSchema +
		", double creditLimit, bool active, datetime since, " + contactSchema + ", long[]? accountIds"
)

func method(name, title, about, accepts, returns string) bus.MethodDefinition {
	return bus.MethodDefinition{Name: name, DisplayName: title, Description: about, Accepts: accepts, Returns: returns, Version: 1}
}

func stream(name, title, about, accepts, returns string) bus.MethodDefinition {
	def := method(name, title, about, accepts, returns)
	def.Streaming = true
	return def
}

var (
	addition = method("Addition", "Calculate Sum", "Calculates the sum of the input numbers.", "int a, int b, int? c", "int sum")
	division = method("Division", "Divide", "Divides a by b.", "double a, double b", "double quotient, double remainder, bool exact, string unit")
	multiply = method("Multiply", "Multiply", "", "double a, double b", "double product")
)

// townspeople are the servers of the scene, in the order in which they joined.
var townspeople = []struct {
	name    string
	pid     int64
	methods []bus.MethodDefinition
}{
	{"CalcPrecise", 4121, []bus.MethodDefinition{addition, division, multiply}},
	{"CalcClassic", 4120, []bus.MethodDefinition{addition, division, multiply}},
	{"ClientDesk", 4130, []bus.MethodDefinition{
		method("Clients.Create", "Create Client", "Adds a client and gives it an id.", clientAsked, clientSchema),
		method("Clients.Find", "Find Clients", "Finds clients by a part of their name.", "string query, int? limit", "composite: { "+clientSchema+" }[] clients, int total"),
		method("Clients.Get", "Get Client", "One client, by its id.", "long id", clientSchema),
		method("Clients.Update", "Update Client", "Changes what is given.", "long id, string? name, bool? active", clientSchema),
		method("Clients.Remove", "Remove Client", "Removes a client for good.", "long id", "long id, bool removed"),
		stream("ClientDesk.Changes", "Client Changes", "Every client that changes.", "", "long seq, string change, long id, string name"),
	}},
	{"Grumpy", 4127, []bus.MethodDefinition{addition, division, method("Sulk", "Sulk", "", "string? why", "bool sulked")}},
	{"OrderBlotter", 4125, []bus.MethodDefinition{
		method("Orders.Place", "Place Order", "Places an order.", "string symbol, string side, long qty, double? limit", "long id, string status"),
		method("Orders.Cancel", "Cancel Order", "", "long id", "long id, string status"),
		stream("Orders.Blotter", "Order Blotter", "What becomes of the orders of a desk.", "string desk", "long seq, string desk, long order, string symbol"),
	}},
	{"PriceFeed", 4123, []bus.MethodDefinition{
		method("Prices.Get", "Get Price", "The latest price.", "string symbol", "string symbol, double bid, double ask"),
		stream("MarketData.Prices", "Live Prices", "Prices as they change.", "string symbol", "string sym, double bid, double ask, int size, long seq"),
		stream("MarketData.News", "Market News", "Headlines.", "", "long seq, string headline"),
	}},
	{"PriceArchive", 4124, []bus.MethodDefinition{method("Prices.Get", "Get Closing Price", "", "string sym", "string sym, double close")}},
	{"SlowReports", 4126, []bus.MethodDefinition{
		method("Reports.Build", "Build Report", "Takes its time.", "string kind, int? seconds", "string kind, string title, int pages"),
		method("Reports.List", "List Reports", "", "", "composite: { string kind, string title }[] reports"),
	}},
}

// person is the instance of an application of the scene.
func person(name string, pid int64) bus.Instance {
	identity, err := json.Marshal(map[string]any{"application": name, "process": pid, "machine": "ws-17", "user": "dev", "region": "emea", "environment": "demo"})
	if err != nil {
		panic(err)
	}
	return bus.ParseInstance(bus.PeerID("peer-"+name), identity, true)
}

var self = person("ioscope", 4200)

// live connects, with us alone on the bus.
func (h *harness) live() {
	h.hear(
		bus.ConnChanged{State: bus.Connecting, At: h.now, URL: h.app.opts.Start.URL, Attempt: 1},
		bus.ConnChanged{State: bus.Live, At: h.now, URL: h.app.opts.Start.URL, Self: self},
		bus.ServerAdded{At: h.now, Server: self, Mine: true},
	)
}

// join lets an application come with its methods.
func (h *harness) join(name string, pid int64, defs ...bus.MethodDefinition) bus.Instance {
	who := person(name, pid)
	h.hear(bus.ServerAdded{At: h.now, Server: who}, bus.MethodsAdded{At: h.now, Peer: who.PeerID, Methods: numbered(defs)})
	return who
}

// numbered gives methods their ids on a server; those that were given, which many
// tests share, stay as they are.
func numbered(defs []bus.MethodDefinition) []bus.MethodDefinition {
	defs = slices.Clone(defs)
	for i := range defs {
		defs[i].ID = bus.MethodID(fmt.Sprint(i))
	}
	return defs
}

// leave lets an application go.
func (h *harness) leave(name string) {
	h.hear(bus.ServerRemoved{At: h.now, Server: person(name, 0)})
}

// town fills the bus: eight applications, one of which drifts.
func (h *harness) town() {
	h.live()
	for _, p := range townspeople {
		h.now = h.now.Add(50 * time.Millisecond)
		h.join(p.name, p.pid, p.methods...)
	}
	h.pass(2*time.Second - 400*time.Millisecond)
}

var who = func(name string) bus.Instance {
	for _, p := range townspeople {
		if p.name == name {
			return person(p.name, p.pid)
		}
	}
	panic("no such server: " + name)
}

// reply is one server's answer: a value, or an error that starts with "!".
type reply struct {
	from  string
	value string
	took  time.Duration
}

// call asks and lets the servers answer, all at the same time.
func (h *harness) call(name string, target bus.Target, args string, replies ...reply) *asking {
	h.t.Helper()
	q := h.ask(name, target, args)
	h.answer(q, replies...)
	h.finish(q, nil)
	return q
}

// answer tells whom a question reaches, and what they said.
func (h *harness) answer(q *asking, replies ...reply) {
	var reached []bus.Instance
	for _, r := range replies {
		reached = append(reached, who(r.from))
	}
	q.sent(reached)
	for _, r := range replies {
		ret := bus.Return{Server: who(r.from), At: h.now, Took: r.took}
		switch {
		case r.value == "":
			continue
		case r.value[0] == '!':
			ret.Err = &bus.Error{URI: "agm.errors.invocation.failure", Reason: r.value[1:]}
		default:
			ret.Value = json.RawMessage(r.value)
		}
		q.returned(ret)
	}
	h.flush()
}

// payloads are the events of the price stream, by their numbers.
var payloads = sync.OnceValue(func() map[string][]json.RawMessage {
	out := map[string][]json.RawMessage{}
	for _, sym := range []string{"AAPL", "VOD"} {
		for n := range 2500 {
			out[sym] = append(out[sym], fmt.Appendf(nil, `{"sym":%q,"bid":%d.%02d,"ask":%d.%02d,"size":%d,"seq":%d,"venue":{"code":"XNAS","halted":false}}`,
				sym, 142+n%3, n*17%100, 142+n%3, (n*17+3)%100, 100+n*137%900, n))
		}
	}
	return out
})

// tick is one event of the price stream.
func tick(sym string, seq int, at time.Time) bus.StreamData {
	list := payloads()[sym]
	return bus.StreamData{At: at, Server: "peer-PriceFeed", Sequence: json.Number(strconv.Itoa(seq)), Data: list[seq%len(list)]}
}

// subscribe asks for prices, and is accepted.
func (h *harness) subscribe(sym string) *asking {
	h.t.Helper()
	q := h.ask("MarketData.Prices", bus.Target{}, fmt.Sprintf(`{"symbol":%q}`, sym))
	q.on(bus.StreamAccepted{At: h.now, Server: who("PriceFeed")})
	h.finish(q, nil)
	return q
}

// source is a subscription to which prices flow.
type source struct {
	q    *asking
	sym  string
	next int // sequence number
	rate int // events a second
}

// flow lets events come for some whole seconds.
func (h *harness) flow(seconds int, from ...*source) {
	for range seconds {
		for _, s := range from {
			for i := range s.rate {
				s.q.on(tick(s.sym, s.next, h.now.Add(time.Duration(i)*time.Second/time.Duration(s.rate))))
				s.next++
			}
		}
		h.now = h.now.Add(time.Second - time.Millisecond)
		h.flush()
		h.now = h.now.Add(time.Millisecond)
	}
	h.update(tickMsg{})
}

// main is the scene of the picture: nine applications, of which one has left,
// calls that were answered, two subscriptions, and a report that takes its time.
func (h *harness) main() (aapl *source) {
	h.t.Helper()
	h.town()
	h.at("13:58:44.000")
	h.call("Addition", bus.Target{}, `{"a":1,"b":1,"c":40}`, reply{"CalcPrecise", `{"sum":42}`, 4 * time.Millisecond})
	h.at("14:02:10.000")
	h.call("Division", bus.Target{Mode: bus.All}, `{"a":1,"b":3}`,
		reply{"CalcPrecise", `{"quotient":0.33333333333333,"remainder":1,"exact":false,"unit":"none"}`, 4 * time.Millisecond},
		reply{"CalcClassic", `{"quotient":0.3333,"exact":false,"unit":"none"}`, 3 * time.Millisecond},
		reply{"Grumpy", `!not in the mood to divide today`, 6 * time.Millisecond})
	h.at("14:02:11.000")
	aapl = &source{h.subscribe("AAPL"), "AAPL", 1, 38}
	vod := &source{h.subscribe("VOD"), "VOD", 1, 104}
	h.at("14:02:41.000")
	h.join("Commuter", 4128, method("Commuter.Ping", "Ping", "", "string? text", "string pong"), stream("Commuter.Heartbeat", "Heartbeat", "", "", "int beat"))
	h.at("14:02:51.000")
	h.call("Addition", bus.Target{}, `{"a":2,"b":3}`, reply{"CalcPrecise", `{"sum":5}`, 3 * time.Millisecond})
	h.call("Clients.Find", bus.Target{}, `{"query":"north","limit":20}`, reply{"ClientDesk", fittingClients, 12 * time.Millisecond})
	h.at("14:03:02.104")
	h.pass(7 * time.Second)
	h.flow(1, aapl, vod)
	report := h.ask("Reports.Build", bus.Target{}, `{"kind":"daily","seconds":40}`)
	h.answer(report, reply{from: "SlowReports"})
	h.flow(4, aapl, vod)
	h.leave("Commuter")
	h.flow(8, aapl, vod)
	h.app.state.Go(model.Methods)
	h.press("g")
	return aapl
}

const foundClients = `{"clients":[{"id":9007199254740993,"name":"Northwind Traders",` +
	`"address":{"street":"12 Harbour Street","city":"Rotterdam","country":"NL"},"creditLimit":"25000.5","active":true,"rating":4,` +
	`"contacts":[{"kind":"email","value":"desk@northwind.example"},{"kind":"phone","value":"+31 10 555 0100"}]},` +
	`{"id":9007199254740994,"name":"Northgate Foods","address":{"street":"4 Long Lane","city":"London","country":"GB"},"creditLimit":40000,"active":true,"contacts":[]}],"total":2}`

// fittingClients is what was found, as the signature has it.
var fittingClients = strings.NewReplacer(
	`"25000.5","active":true,"rating":4`, `25000.5,"active":true,"since":"2020-01-02T00:00:00Z"`,
	`40000,"active":true`, `40000.0,"active":true,"since":"2020-01-02T00:00:00Z"`,
).Replace(foundClients)

const newClient = `{"name":"Northwind Traders","address":{"street":"12 Harbour Street","city":"Rotterdam","country":"NL"},` +
	`"contacts":[{"kind":"email","value":"desk@northwind.example"},{"kind":"phone"}],` +
	`"creditLimit":25000.5,"active":true,"accountIds":[9007199254740993,7]}`

// scene is a state of the screen, made from nothing.
type scene struct {
	name string
	set  setting
	make func(*harness)
}

// play makes the scene at a size.
func (s scene) play(t testing.TB, w, h int) *harness {
	t.Helper()
	set := s.set
	set.w, set.h = w, h
	x := newHarness(t, set)
	x.hasty = true
	s.make(x)
	x.hasty = false
	x.draw()
	return x
}

// sceneNamed finds a scene.
func sceneNamed(t testing.TB, name string) scene {
	t.Helper()
	for _, s := range scenes {
		if s.name == name {
			return s
		}
	}
	t.Fatalf("no scene %q", name)
	return scene{}
}

var scenes = []scene{
	{name: "main", make: func(h *harness) { h.main() }},
	{name: "main-ascii", set: setting{ascii: true}, make: func(h *harness) { h.main() }},
	{name: "main-plain", set: setting{plain: true}, make: func(h *harness) { h.main() }},
	{name: "form", make: wrongForm},
	{name: "form-plain", set: setting{plain: true}, make: wrongForm},
	{name: "form-json", make: jsonForm},
	{name: "form-json-broken", make: func(h *harness) {
		jsonForm(h)
		h.press("down", "end")
		h.write("1")
	}},
	{name: "form-undeclared", make: func(h *harness) {
		h.main()
		h.join("Oddities", 4140, bus.MethodDefinition{Name: "Oddities.Undeclared"}, method("Oddities.Unparsable", "", "", "strin name", "string[ name"))
		h.app.state.OpenForm(h.method("Oddities.Unparsable"), bus.Target{})
		h.pass(0)
	}},
	{name: "result-one", make: func(h *harness) {
		h.main()
		h.at("14:03:51.000")
		h.call("Clients.Find", bus.Target{}, `{"query":"north","limit":20}`, reply{"ClientDesk", foundClients, 12 * time.Millisecond})
		h.press("j", "j", "j", "j", "j", "j")
	}},
	{name: "result-all", make: func(h *harness) {
		h.main()
		h.at("14:05:12.000")
		h.call("Division", bus.Target{Mode: bus.All}, `{"a":1,"b":3}`,
			reply{"CalcPrecise", `{"quotient":0.33333333333333,"remainder":1,"exact":false,"unit":"none"}`, 4 * time.Millisecond},
			reply{"CalcClassic", `{"quotient":0.3333,"exact":false,"unit":"none"}`, 3 * time.Millisecond},
			reply{"Grumpy", `!not in the mood to divide today`, 6 * time.Millisecond})
	}},
	{name: "in-flight", make: func(h *harness) {
		h.main()
		h.press("4", "G", "enter")
	}},
	{name: "in-flight-nobody", make: func(h *harness) {
		h.main()
		h.ask("Sulk", bus.Target{}, `{}`)
		h.leave("Grumpy")
		h.pass(25 * time.Second)
	}},
	{name: "given-up", make: func(h *harness) {
		h.main()
		h.press("4", "G", "enter", "x")
	}},
	{name: "no-server", make: func(h *harness) {
		h.main()
		q := h.ask("Sulk", bus.Target{}, `{}`)
		h.pass(30 * time.Second)
		h.finish(q, errors.New("No server offered Sulk within 30.0 s. The bus has no such method now."))
	}},
	{name: "stream", make: func(h *harness) {
		h.main()
		h.press("4", "g", "enter")
	}},
	{name: "stream-paused", make: pausedStream},
	{name: "event", make: func(h *harness) {
		pausedStream(h)
		h.press("k", "k", "enter", "j")
	}},
	{name: "stream-asking", make: func(h *harness) {
		h.main()
		h.ask("Orders.Blotter", bus.Target{}, `{"desk":"guest"}`)
		h.pass(1400 * time.Millisecond)
	}},
	{name: "stream-rejected", make: func(h *harness) {
		h.main()
		q := h.ask("Orders.Blotter", bus.Target{}, `{"desk":"guest"}`)
		h.finish(q, errors.New(`OrderBlotter refuses: desk "guest" may not see orders`))
	}},
	{name: "stream-closed", make: func(h *harness) {
		aapl := h.main()
		h.press("4", "g", "enter")
		aapl.q.on(bus.StreamClosed{At: h.now, Server: who("PriceFeed"), Reason: "end of day"})
		h.flush()
	}},
	{name: "stream-silent", make: func(h *harness) {
		h.main()
		q := h.ask("MarketData.News", bus.Target{}, ``)
		q.on(bus.StreamAccepted{At: h.now, Server: who("PriceFeed")})
		h.finish(q, nil)
		h.pass(12 * time.Second)
	}},
	{name: "empty", make: func(h *harness) {
		h.live()
		h.pass(2*time.Minute + 14*time.Second)
	}},
	{name: "connecting", set: elsewhere, make: func(h *harness) {
		h.hear(bus.ConnChanged{State: bus.Connecting, At: h.now, URL: h.app.opts.Start.URL, Attempt: 1})
		h.pass(6 * time.Second)
	}},
	{name: "nobody", set: elsewhere, make: func(h *harness) {
		h.pass(41 * time.Second)
		h.hear(bus.ConnChanged{
			State: bus.Lost, At: h.now.Add(-4 * time.Second), URL: h.app.opts.Start.URL, Attempt: 4,
			RetryAt: h.now.Add(6 * time.Second), Err: unreachable,
		})
	}},
	{name: "refused", set: elsewhere, make: func(h *harness) {
		h.pass(time.Second)
		h.hear(bus.ConnChanged{State: bus.Refused, At: h.now, URL: h.app.opts.Start.URL, Attempt: 1, Err: &model.ConnError{Sentence: "The gateway at ws://10.0.4.12:8385/gw3 refuses the log-in", Cause: "wrong user or password"}})
	}},
	{name: "lost", make: func(h *harness) {
		h.main()
		h.lose()
		h.pass(14 * time.Second)
	}},
	{name: "welcome", set: demoBus(""), make: func(h *harness) {
		h.town()
		h.join("Commuter", 4128, method("Commuter.Ping", "Ping", "", "string? text", "string pong"))
	}},
	{name: "welcome-port", set: demoBus("8385 was taken; this bus listens at ws://127.0.0.1:8386/gw3"), make: func(h *harness) { h.town() }},
	{name: "help", make: func(h *harness) { h.main(); h.press("?") }},
	{name: "help-search", make: func(h *harness) {
		h.main()
		h.press("?")
		h.write("fold")
	}},
	{name: "target", make: func(h *harness) {
		h.main()
		h.app.state.OpenForm(h.method("Division"), bus.Target{})
		h.press("ctrl+t", "down", "down", "down", "down", "down", "space", "down", "space")
	}},
	{name: "address", set: elsewhere, make: func(h *harness) {
		h.pass(41 * time.Second)
		h.hear(bus.ConnChanged{State: bus.Lost, At: h.now, URL: h.app.opts.Start.URL, Attempt: 4, RetryAt: h.now.Add(6 * time.Second), Err: unreachable})
		h.press("a")
	}},
	{name: "filter-none", make: func(h *harness) {
		h.main()
		h.press("/")
		h.write("pricc")
	}},
	{name: "filter-kept", make: func(h *harness) {
		h.main()
		h.press("/")
		h.write("client !create")
		h.press("enter")
	}},
	{name: "server", make: func(h *harness) { h.main(); h.press("1", "g", "j") }},
	{name: "tombstone", make: func(h *harness) {
		h.main()
		h.app.state.Point(model.Servers, h.server("Commuter").ID)
		h.pass(0)
	}},
	{name: "method-gone", make: func(h *harness) {
		h.main()
		h.app.state.Point(model.Methods, h.method("Commuter.Ping").ID)
		h.pass(0)
	}},
	{name: "drift", make: func(h *harness) {
		h.main()
		h.app.state.Point(model.Methods, h.method("Prices.Get").ID)
		h.press("j")
	}},
	{name: "narrowed", make: func(h *harness) {
		h.main()
		h.app.state.Point(model.Servers, h.server("Grumpy").ID)
		h.press("enter")
	}},
	{name: "stream-card", make: func(h *harness) {
		h.main()
		h.app.state.Point(model.Streams, h.method("MarketData.Prices").ID)
		h.pass(0)
	}},
	{name: "nothing-open", make: func(h *harness) { h.town(); h.press("4") }},
	{name: "full", make: func(h *harness) { h.main(); h.press("4", "g", "enter", "f") }},
	{name: "hostile", make: hostileScene},
}

var unreachable = &model.ConnError{Sentence: "Nobody answers at ws://10.0.4.12:8385/gw3", Cause: "connection refused"}

var elsewhere = setting{start: model.Options{Name: "trading", URL: "ws://10.0.4.12:8385/gw3", Asked: "ws://10.0.4.12:8385/gw3", User: "dev"}}

// demoBus is a bus of our own; with a note where its usual port was taken.
func demoBus(note string) setting {
	url := "ws://127.0.0.1:8385/gw3"
	if note != "" {
		url = "ws://127.0.0.1:8386/gw3"
	}
	return setting{start: model.Options{
		Name: "demo bus", URL: url, Asked: "ws://127.0.0.1:8385/gw3",
		Demo: true, DemoApps: 9, Note: note, User: "dev",
	}}
}

// wrongForm is the form of the picture, sent with two fields that are wrong.
func wrongForm(h *harness) {
	h.main()
	t := h.app.state.OpenForm(h.method("Clients.Create"), bus.Target{})
	t.Form.Fill([]byte(newClient))
	t.Form.SetText("creditLimit", "25000.5.1")
	t.Form.SetText("since", "today 09:00")
	h.press("ctrl+s")
}

// jsonForm is the same value as JSON, with a member that the signature lacks.
func jsonForm(h *harness) {
	h.main()
	t := h.app.state.OpenForm(h.method("Clients.Create"), bus.Target{})
	t.Form.Fill([]byte(newClient[:len(newClient)-1] + `,"vip":true}`))
	h.press("ctrl+g")
}

// pausedStream is held, with a filter, a hole in its sequence, and events that
// came since.
func pausedStream(h *harness) {
	aapl := h.main()
	h.press("4", "g", "enter")
	aapl.next += 3
	h.flow(1, aapl)
	h.press("space", "/")
	h.write(`"size":2 !private`)
	h.press("enter")
	h.flow(4, aapl)
}

// lose ends our connection, as the client tells of it.
func (h *harness) lose() {
	h.hear(bus.ConnChanged{State: bus.Lost, At: h.now, URL: h.app.opts.Start.URL, Attempt: 1, RetryAt: h.now.Add(18 * time.Second), Err: errors.New("read: connection reset")})
	for _, q := range h.asked {
		if q.stream && q.err == nil {
			q.on(bus.StreamLost{At: h.now})
		}
	}
	for _, p := range townspeople {
		h.box.Hear(bus.ServerRemoved{At: h.now, Server: who(p.name), Reset: true})
	}
	h.flush()
}

const (
	escape = "\x1b[31mred\x1b]52;c;AAAA\x07\u009b2J"
	bidi   = "user\u202etxt.exe"
	cjk    = "幅広い東京テレビ工業"
)

// hostileScene has names and values that would act on the terminal or on its
// width.
func hostileScene(h *harness) {
	h.main()
	name := "Odd." + escape + bidi + cjk
	h.join(cjk+cjk+cjk+escape, 4141,
		method(name, escape, bidi+"\r\n\t"+cjk+" e\u0301 👩‍👩‍👧‍👦 ⚠\ufe0f 🇳🇱", "string? "+"text ("+cjk+")", "string "+"text"),
		stream("Odd.Stream", cjk, "\u200b\ufeff", "", ""))
	m := h.method(name)
	t := h.app.state.OpenForm(m, bus.Target{})
	t.Form.SetText("text", cjk+"e\u0301"+bidi)
	h.exec(h.app.run(h.app.state.Send(t)))
	q := h.question()
	server := person(cjk+cjk+cjk+escape, 4141)
	q.sent([]bus.Instance{server})
	value, err := json.Marshal(map[string]any{"text": escape + cjk, cjk: []string{bidi, "👩‍👩‍👧‍👦", "e\u0301", "\u1100\u1161\u11a8", "ก็"}})
	if err != nil {
		panic(err)
	}
	q.returned(bus.Return{Server: server, At: h.now, Took: time.Millisecond, Value: value})
	h.finish(q, nil)
}
