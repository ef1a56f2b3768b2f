package official

import (
	"encoding/json"
	"slices"

	"ioscope/client/bus"
)

// sum is a method with everything that a definition may say.
var sum = bus.MethodDefinition{
	Name: "Sum", DisplayName: "Add up", Description: "Adds two numbers.", Accepts: "int a, int b", Returns: "int sum",
	ObjectTypes: []string{"Number", "Integer"}, Version: 3, Flags: json.RawMessage(`{"safe":true}`),
}

func registerAndInvoke(s *scene) {
	server, caller := s.server("server"), s.client("caller")
	s.ok(server.register(sum))
	want(s, "the method that was waited for", caller.waitForMethod("Sum"), describe(sum))
	if server.register(sum) == nil {
		s.Error("a name can be registered twice")
	}

	const with = `{"a":2,"b":3}`
	by := server.self().PeerID
	ask := func() (call, func() outcome) {
		s.Helper()
		answered := caller.invoke(bus.ByName("Sum"), with, bus.Target{})
		asked := server.nextCall("Sum")
		want(s, "what the server is asked with", asked.args, with)
		want(s, "who asks", asked.caller, caller.self().PeerID)
		return asked, answered
	}
	returned := func(value string) outcome {
		return outcome{values: []answer{{by: by, with: with, value: value}}}
	}
	for value, arrives := range map[string]string{
		`{"list":[1.5,null,"ü"],"sum":5}`: `{"list":[1.5,null,"ü"],"sum":5}`,
		`"five"`:                          `{"_value":"five"}`,
		`[2,3]`:                           `{"_value":[2,3]}`,
		"":                                `{}`, // nothing
	} {
		asked, answered := ask()
		asked.answer(value)
		want(s, "the outcome of "+value, answered(), returned(arrives))
	}

	asked, answered := ask()
	asked.fail("not today")
	want(s, "the outcome of an error", answered(), outcome{
		status: 1, message: "not today", errors: []answer{{by: by, with: with, message: "not today"}},
	})

	// Answers that come later than those of later questions find theirs.
	first, firstAnswered := ask()
	second, secondAnswered := ask()
	second.answer(`{"sum":2}`)
	want(s, "the second outcome", secondAnswered(), returned(`{"sum":2}`))
	first.answer(`{"sum":1}`)
	want(s, "the first outcome", firstAnswered(), returned(`{"sum":1}`))

	// A definition chooses as a name does, and a name alone makes a method.
	byDefinition := caller.invoke(bus.MethodFilter{Name: "sUM", Accepts: &sum.Accepts}, with, bus.Target{})
	server.nextCall("Sum").answer(`{"sum":5}`)
	want(s, "the outcome of an invocation by definition", byDefinition(), returned(`{"sum":5}`))
	s.ok(server.register(bus.Named("Ping")))
	want(s, "a method of nothing but a name", caller.waitForMethod("Ping"), describe(bus.Named("Ping")))
	byName := caller.invoke(bus.ByName("Ping"), `{}`, bus.Target{})
	server.nextCall("Ping").answer("")
	want(s, "the outcome of Ping", byName(), outcome{values: []answer{{by: by, with: `{}`, value: `{}`}}})

	server.unregister("Sum")
	caller.hear(serverMethodRemoved, ofPeer(server), ofName("Sum"))
	want(s, "the outcome without a server", caller.invoke(bus.ByName("Sum"), with, bus.Target{})(), outcome{none: true})
}

func targetServers(s *scene) {
	caller := s.client("caller")
	first, second := s.server("first"), s.server("second")
	offer := func(p party) {
		s.Helper()
		s.ok(p.register(bus.Named("Who")))
		caller.hear(serverMethodAdded, ofPeer(p), ofName("Who"))
	}
	offer(first)
	offer(second)

	ask := func(what string, target bus.Target, asked ...party) {
		s.Helper()
		answered := caller.invoke(bus.ByName("Who"), `{}`, target)
		expected := outcome{none: len(asked) == 0}
		for _, p := range asked {
			expected.values = append(expected.values, answer{by: p.self().PeerID, with: `{}`, value: `{"i":"` + p.self().PeerID + `"}`})
		}
		for _, p := range slices.Backward(asked) { // the order of answers is not that of questions
			p.nextCall("Who").answer(`{"i":"` + p.self().PeerID + `"}`)
		}
		want(s, "the outcome of target "+what, answered(), expected)
	}
	these := func(filters ...bus.InstanceFilter) bus.Target {
		return bus.Target{Mode: bus.Matching, Filters: filters}
	}
	named := func(p party) bus.InstanceFilter { return bus.InstanceFilter{Application: p.self().Application} }
	all := bus.Target{Mode: bus.All}

	ask("best", bus.Target{}, first)
	ask("all", all, first, second)
	ask("skipMine", bus.Target{Mode: bus.SkipMine}, first, second)
	ask("an application", these(named(second)), second)
	ask("an instance", bus.TargetPeer(bus.PeerID(second.self().PeerID)), second)
	ask("two applications", these(named(second), named(first)), second, first)
	ask("an unknown application", these(bus.InstanceFilter{Application: "nobody"}))
	if pattern := these(bus.InstanceFilter{Application: "/first$/"}); s.differs(caller, "patterns") {
		ask("a pattern", pattern)
	} else {
		ask("a pattern", pattern, first)
	}

	// Of two servers one fails: the answer of the other counts all the same.
	answered := caller.invoke(bus.ByName("Who"), `{}`, all)
	second.nextCall("Who").answer(`{"n":2}`)
	first.nextCall("Who").fail("no one")
	want(s, "the outcome of one failure in two", answered(), outcome{
		status: 1, message: "no one",
		values: []answer{{by: second.self().PeerID, with: `{}`, value: `{"n":2}`}},
		errors: []answer{{by: first.self().PeerID, with: `{}`, message: "no one"}},
	})

	// An application prefers itself, unless it says otherwise.
	offer(caller)
	ask("best, of one's own too", bus.Target{}, caller)
	ask("all, of one's own too", all, caller, first, second)
	ask("skipMine, of one's own too", bus.Target{Mode: bus.SkipMine}, first, second)
}

// sorted is for lists whose order means nothing.
func sorted(texts ...string) []string {
	slices.Sort(texts)
	return texts
}

func discoverMethods(s *scene) {
	watcher := s.client("watcher")
	first, second := s.server("first"), s.server("second")
	other := bus.MethodDefinition{Name: "Sum", Accepts: "string text"}
	prices := bus.MethodDefinition{Name: "Prices", Accepts: "string symbol"}
	shown := prices
	shown.Streaming = true

	offer := func(p party, def bus.MethodDefinition) {
		s.Helper()
		s.ok(p.register(def))
		n := watcher.hear(serverMethodAdded, ofPeer(p))
		want(s, "the method that a server added", n.method, describe(def))
		want(s, "the application of that server", n.server.Application, p.self().Application)
	}
	isNew := func(def bus.MethodDefinition) {
		s.Helper()
		want(s, "the next new method", watcher.hear(methodAdded).method, describe(def))
	}
	offer(first, sum)
	isNew(sum)
	offer(second, sum) // not new
	offer(second, bus.Named("Quote"))
	isNew(bus.Named("Quote"))
	first.createStream(prices, false)
	want(s, "the stream that was added", watcher.hear(serverMethodAdded, ofPeer(first)).method, describe(shown))
	isNew(shown)
	offer(watcher, other) // the watcher's own, and new by its signature
	isNew(other)

	all := sorted(describe(sum), describe(sum), describe(bus.Named("Quote")), describe(shown), describe(other))
	for _, c := range []struct {
		what   string
		filter bus.MethodFilter
		want   []string
	}{
		{"all methods", bus.MethodFilter{}, all},
		{"methods of a name in any case", bus.ByName("sum"), sorted(describe(sum), describe(sum), describe(other))},
		{"methods of a signature", bus.MethodFilter{Name: "Sum", Accepts: &other.Accepts}, sorted(describe(other))},
		{"methods of an object type", bus.MethodFilter{ObjectTypes: []string{"Integer"}}, sorted(describe(sum), describe(sum))},
		{"methods that nobody offers", bus.ByName("Nothing"), nil},
	} {
		want(s, c.what, sorted(watcher.methods(c.filter)...), c.want)
	}
	ofSecond := bus.InstanceFilter{Application: second.self().Application}
	want(s, "the methods of an application", sorted(watcher.methodsForInstance(ofSecond)...), sorted(describe(sum), describe(bus.Named("Quote"))))
	ofBoth := bus.InstanceFilter{}
	want(s, "the methods of all", sorted(watcher.methodsForInstance(ofBoth)...), slices.Compact(slices.Clone(all)))

	lateWatcher(s, second)
	goes := func(p party) {
		s.Helper()
		p.unregister("Sum")
		want(s, "the method that a server removed", watcher.hear(serverMethodRemoved, ofPeer(p)).method, describe(sum))
	}
	goes(first) // the second still offers it
	second.unregister("Quote")
	want(s, "the first method that is gone", watcher.hear(methodRemoved).method, describe(bus.Named("Quote")))
	watcher.hear(serverMethodRemoved, ofPeer(second), ofName("Quote"))
	goes(second)
	want(s, "the next method that is gone", watcher.hear(methodRemoved).method, describe(sum))
	want(s, "what is left of the name", watcher.methods(bus.ByName("Sum")), []string{describe(other)})
}

// lateWatcher joins when two servers offer Sum, and is told of what is there.
func lateWatcher(s *scene, server party) {
	late := s.client("late")
	s.ok(server.register(bus.Named("Last")))
	heard := map[string]int{}
	for name := ""; name != "Last"; heard[name]++ {
		name = late.hear(methodAdded).name
	}
	expected := map[string]int{"Sum": 2, "Quote": 1, "Prices": 1, "Last": 1} // the two of that name
	if s.differs(late, "replay") {
		expected["Sum"] = 3
	}
	want(s, "how often a late watcher hears of each method", heard, expected)
	late.leave()
}

func findServers(s *scene) {
	finder := s.client("finder")
	me := finder.self().PeerID
	user := userOf(s)
	find := func(p party) {
		s.Helper()
		found := finder.hear(serverAdded, ofPeer(p)).server
		want(s, "the application of a server", found.Application, p.self().Application)
		want(s, "the user of a server", found.User, user)
	}
	find(finder) // itself, too
	first := s.server("first")
	find(first)
	second := s.server("second")
	find(second)
	one, two := first.self().PeerID, second.self().PeerID

	s.ok(first.register(sum))
	s.ok(second.register(sum))
	s.ok(second.register(bus.Named("Quote")))
	second.createStream(bus.Named("Prices"), false)
	finder.waitForMethod("Prices")
	finder.hear(serverMethodAdded, ofPeer(first), ofName("Sum"))
	for _, c := range []struct {
		what   string
		filter bus.MethodFilter
		want   []string
	}{
		{"all servers", bus.MethodFilter{}, []string{me, one, two}},
		{"servers of a method", bus.ByName("sum"), []string{one, two}},
		{"servers of an object type", bus.MethodFilter{ObjectTypes: []string{"Number"}}, []string{one, two}},
		{"servers of another method", bus.ByName("Quote"), []string{two}},
		{"servers of a stream", bus.ByName("Prices"), []string{two}},
		{"servers of nothing", bus.ByName("Nothing"), nil},
	} {
		want(s, c.what, finder.servers(c.filter), c.want)
	}
	want(s, "the servers that a method names", finder.serversOf("Sum"), []string{one, two})
	stream := describe(bus.MethodDefinition{Name: "Prices", Streaming: true})
	methods, streams := finder.offers(two)
	want(s, "the methods that an instance names", sorted(methods...), sorted(describe(sum), describe(bus.Named("Quote")), stream))
	want(s, "the streams that an instance names", streams, []string{stream})

	first.unregister("Sum")
	finder.hear(serverMethodRemoved, ofPeer(first), ofName("Sum"))
	want(s, "the servers of a method when one has taken it back", finder.servers(bus.ByName("Sum")), []string{two})
	second.leave()
	for _, name := range []string{"Sum", "Quote", "Prices"} {
		finder.hear(serverMethodRemoved, ofPeer(second), ofName(name))
	}
	finder.hear(serverRemoved, ofPeer(second))
	want(s, "the servers when one has left", finder.servers(bus.MethodFilter{}), []string{me, one})
	want(s, "the servers of the method of one that left", finder.servers(bus.ByName("Sum")), []string(nil))
}
