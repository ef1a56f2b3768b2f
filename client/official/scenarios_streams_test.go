package official

import (
	"fmt"

	"ioscope/client/bus"
)

// follow subscribes to a stream that accepts, and takes the connected event.
func (s *scene) follow(p party, stream, arguments string, publisher party) subscription {
	s.Helper()
	f, err := p.subscribe(stream, arguments, bus.Target{})()
	s.ok(err)
	want(s, "who accepted", f.connected(), publisher.self().PeerID)
	return f
}

func publishAndSubscribe(s *scene) {
	reader, second := s.client("reader"), s.client("second")
	publisher := s.server("publisher")
	me := publisher.self().PeerID
	prices := publisher.createStream(bus.MethodDefinition{Name: "Prices", Accepts: "string symbol"}, false)
	reader.waitForMethod("Prices")
	second.waitForMethod("Prices")
	prices.push(`{"nobody":"listens"}`)

	const with, also, twice = `{"symbol":"VOD"}`, `{"symbol":"BT"}`, `{}`
	event := func(arguments, data string) datum { return datum{from: me, args: arguments, data: data} }
	one := s.follow(reader, "Prices", with, publisher)
	want(s, "the subscriber", prices.subscribed().seat, seat{who: reader.self().PeerID, args: with})
	prices.push(`{"n":1}`)
	other := s.follow(second, "Prices", also, publisher)
	want(s, "the second subscriber", prices.subscribed().seat, seat{who: second.self().PeerID, args: also})
	again := s.follow(reader, "Prices", twice, publisher)
	want(s, "the first one again", prices.subscribed().seat, seat{who: reader.self().PeerID, args: twice})
	want(s, "the publishers of a subscription", again.servers(), []string{me})
	const rich = `{"list":[1.5,null,{"deep":true}],"text":"ü\n\"x\""}`
	prices.push(rich)
	want(s, "the first event", one.data(), event(with, `{"n":1}`))
	want(s, "the second event", one.data(), event(with, rich))
	want(s, "the first event of who came later", other.data(), event(also, rich))
	want(s, "the first event of another subscription", again.data(), event(twice, rich))

	// Who has unsubscribed hears no more, and the others go on.
	one.close()
	want(s, "the end", one.ended(), ending{mine: true})
	want(s, "who unsubscribed", prices.unsubscribed().seat, seat{who: reader.self().PeerID, args: with})
	for n := range 20 {
		prices.push(fmt.Sprintf(`{"n":%d}`, n))
	}
	for n := range 20 {
		want(s, "an event in order", other.data(), event(also, fmt.Sprintf(`{"n":%d}`, n)))
		want(s, "an event in order", again.data(), event(twice, fmt.Sprintf(`{"n":%d}`, n)))
	}
	severalPublishers(s, reader, publisher)
}

// severalPublishers has one subscription to two of them.
func severalPublishers(s *scene, reader, first party) {
	second := s.server("other publisher")
	publishers := []party{first, second}
	var streams []publication
	for _, p := range publishers {
		streams = append(streams, p.createStream(bus.Named("News"), false))
		reader.hear(serverMethodAdded, ofPeer(p), ofName("News"))
	}
	f, err := reader.subscribe("News", `{}`, bus.Target{Mode: bus.All})()
	s.ok(err)
	for i := range streams {
		streams[i].subscribed()
	}
	accepted := []string{f.connected()}
	if !s.differs(reader, "first") {
		accepted = append(accepted, f.connected())
		want(s, "who accepted", sorted(accepted...), sorted(first.self().PeerID, second.self().PeerID))
	}
	for i, p := range publishers {
		streams[i].push(`{"n":1}`)
		want(s, "an event of one of two", f.data(), datum{from: p.self().PeerID, args: `{}`, data: `{"n":1}`})
	}
	want(s, "the publishers of a subscription", sorted(f.servers()...), sorted(first.self().PeerID, second.self().PeerID))
	streams[0].close()
	reader.hear(serverMethodRemoved, ofPeer(first), ofName("News"))
	if !s.differs(reader, "part") {
		want(s, "who ended its part", f.parted(), first.self().PeerID)
	}
	streams[1].push(`{"n":2}`)
	want(s, "an event when one of two has ended", f.data(), datum{from: second.self().PeerID, args: `{}`, data: `{"n":2}`})
	streams[1].close()
	want(s, "who ended it last", f.ended().server, second.self().PeerID)
}

// end is how a subscription ends that a publisher ended for a reason.
func (s *scene) end(subscriber, publisher party, reason string) ending {
	if s.differs(subscriber, "reason") {
		reason = ""
	}
	return ending{server: publisher.self().PeerID, reason: reason}
}

func hearStreamEvents(s *scene) {
	reader, publisher := s.client("reader"), s.server("publisher")
	me, them := publisher.self().PeerID, reader.self().PeerID
	news := publisher.createStream(bus.Named("News"), true)
	reader.waitForMethod("News")

	// follow is a subscription on a branch, which tells of itself at both ends.
	follow := func(branch string) (subscription, member) {
		s.Helper()
		with := fmt.Sprintf(`{"on":%q}`, branch)
		outcome := reader.subscribe("News", with, bus.Target{})
		r := news.request()
		want(s, "the arguments of a request", r.args, with)
		want(s, "who requests", r.from, them)
		r.acceptOn(branch)
		f, err := outcome()
		s.ok(err)
		want(s, "who accepted", f.connected(), me)
		joined := news.subscribed()
		want(s, "the subscriber", joined.seat, seat{them, branch, with})
		joined.push(`{"hello":1}`)
		want(s, "the greeting", f.data(), datum{me, with, `{"hello":1}`, true})
		return f, joined
	}

	f, joined := follow("a")
	f.close()
	want(s, "the subscriber's own end", f.ended(), ending{mine: true})
	want(s, "who went", news.unsubscribed().seat, joined.seat)

	f, joined = follow("a")
	joined.close()
	want(s, "an end by the publisher", f.ended(), s.end(reader, publisher, "Server dropping a single subscription"))
	want(s, "who was sent away", news.unsubscribed().seat, joined.seat)

	one, first := follow("a")
	two, second := follow("a")
	stays, last := follow("b")
	news.closeBranch("a")
	for _, f := range []subscription{one, two} {
		want(s, "who ended a branch", f.ended().server, me)
	}
	if !s.differs(publisher, "swept") {
		want(s, "who went with the branch", []seat{news.unsubscribed().seat, news.unsubscribed().seat}, []seat{first.seat, second.seat})
	}
	news.push(`{"still":"there"}`)
	want(s, "an event on the other branch", stays.data().data, `{"still":"there"}`)
	stays.close()
	want(s, "the end of the other branch", stays.ended(), ending{mine: true})
	want(s, "who went next", news.unsubscribed().seat, last.seat) // so nobody else was told of

	f, joined = follow("c")
	news.close()
	want(s, "who ended the stream", f.ended().server, me)
	if !s.differs(publisher, "swept") {
		want(s, "who went with the stream", news.unsubscribed().seat, joined.seat)
	}
	reader.hear(serverMethodRemoved, ofPeer(publisher), ofName("News"))

	// The publisher itself goes.
	publisher.createStream(bus.Named("Weather"), false)
	reader.waitForMethod("Weather")
	f = s.follow(reader, "Weather", `{}`, publisher)
	publisher.leave()
	want(s, "who went away", f.ended().server, me)
	reader.hear(serverRemoved, ofPeer(publisher))
}

func manageSubscriptions(s *scene) {
	alice, bob := s.client("alice"), s.client("bob")
	publisher := s.server("publisher")
	me := publisher.self().PeerID
	orders := publisher.createStream(bus.MethodDefinition{Name: "Orders", Accepts: "string desk"}, true)
	alice.waitForMethod("Orders")
	bob.waitForMethod("Orders")

	// The requests are there together, and are settled in another order.
	const public, gold, none = `{"desk":"public"}`, `{"desk":"gold"}`, `{"desk":"none"}`
	wish := func(p party, arguments string) (func() (subscription, error), request) {
		s.Helper()
		outcome := p.subscribe("Orders", arguments, bus.Target{})
		r := orders.request()
		want(s, "the arguments of a request", r.args, arguments)
		want(s, "who requests", r.from, p.self().PeerID)
		return outcome, r
	}
	plainOutcome, plainWish := wish(alice, public)
	goldOutcome, goldWish := wish(alice, gold)
	bobOutcome, bobWish := wish(bob, gold)
	noneOutcome, noneWish := wish(bob, none)

	noneWish.reject("no such desk")
	_, err := noneOutcome()
	refusal := "no such desk"
	if s.differs(bob, "refusal") {
		refusal = `Subscription rejected. Publisher said "Subscription rejected by user. no such desk". Called with:{"desk":"none"}`
	}
	if err == nil || err.Error() != refusal {
		s.Errorf("a rejected subscription gives %v; want %s", err, refusal)
	}
	settle := func(p party, outcome func() (subscription, error), settle func(), branch, arguments string) (subscription, member) {
		s.Helper()
		settle()
		f, err := outcome()
		s.ok(err)
		want(s, "who accepted", f.connected(), me)
		joined := orders.subscribed()
		want(s, "the subscriber", joined.seat, seat{p.self().PeerID, branch, arguments})
		return f, joined
	}
	bobs, bobJoined := settle(bob, bobOutcome, func() { bobWish.acceptOn("gold") }, "gold", gold)
	plain, plainJoined := settle(alice, plainOutcome, plainWish.accept, "", public)
	golds, goldJoined := settle(alice, goldOutcome, func() { goldWish.acceptOn("gold") }, "gold", gold)
	want(s, "the branches", sorted(orders.branches()...), []string{"", "gold"})
	want(s, "the number of subscribers", len(orders.subscribers()), 3)
	for _, joined := range []member{bobJoined, plainJoined, goldJoined} {
		found := false
		for _, there := range orders.subscribers() {
			found = found || there == joined.seat
		}
		want(s, "whether a subscriber is listed", found, true)
	}

	orders.push(`{"to":"all"}`)
	orders.push(`{"to":"gold"}`, "gold")
	orders.push(`{"to":"default"}`, "")
	orders.push(`{"to":"both"}`, "gold", "", "unknown")
	bobJoined.push(`{"to":"bob"}`)
	plainJoined.push(`{"to":"plain"}`)
	orders.push(`{"to":"all, again"}`)
	for _, c := range []struct {
		what      string
		f         subscription
		arguments string
		private   string
		want      []string
	}{
		{"alice's public subscription", plain, public, "plain", []string{"all", "default", "both", "plain", "all, again"}},
		{"alice's gold subscription", golds, gold, "", []string{"all", "gold", "both", "all, again"}},
		{"bob's gold subscription", bobs, gold, "bob", []string{"all", "gold", "both", "bob", "all, again"}},
	} {
		for _, to := range c.want {
			want(s, "an event of "+c.what, c.f.data(), datum{me, c.arguments, `{"to":"` + to + `"}`, to == c.private})
		}
	}

	// A branch ends with its last subscriber, and may come again.
	golds.close()
	want(s, "the end", golds.ended(), ending{mine: true})
	want(s, "who went", orders.unsubscribed().seat, goldJoined.seat)
	bobJoined.close()
	want(s, "the end of bob's", bobs.ended(), s.end(bob, publisher, "Server dropping a single subscription"))
	want(s, "who was sent away", orders.unsubscribed().seat, bobJoined.seat)
	want(s, "the branches that are left", orders.branches(), []string{""})
	bobOutcome, bobWish = wish(bob, gold)
	bobs, _ = settle(bob, bobOutcome, func() { bobWish.acceptOn("gold") }, "gold", gold)
	orders.push(`{"to":"gold"}`, "gold")
	want(s, "an event on the branch that came again", bobs.data(), datum{me, gold, `{"to":"gold"}`, false})
}
