package gatewaytest

// The domains beside agm: clients use contexts and metrics with their default
// configuration.

var contextCases = []testCase{
	{"create, subscribe, update", func(b *bench) {
		a, c := b.logIn("a", nil), b.logIn("c", nil)
		id := a.context("N", m{"x": 1}, nil)
		c.expect(m{"domain": "global", "type": "context-added", "peer_id": c.id, "creator_id": a.id, "context_id": id, "name": "N"})
		got := c.ask(m{"domain": "global", "type": "subscribe-context", "context_id": id})
		c.check(m{"domain": "global", "type": "subscribed-context", "context_id": id, "data": m{"x": 1}}, got)
		delta := m{"commands": []any{m{"type": "set", "path": "o.p", "value": 2}, m{"type": "remove", "path": "x"}}}
		c.check(m{"domain": "global", "type": "success"},
			c.ask(m{"domain": "global", "type": "update-context", "context_id": id, "delta": delta}))
		a.expect(m{"domain": "global", "type": "context-updated", "updater_id": c.id, "context_id": id, "delta": delta})
		got = a.ask(m{"domain": "global", "type": "create-context", "name": "N", "data": m{"y": 1}, "lifetime": "retained"})
		a.check(m{"type": "subscribed-context", "context_id": id, "data": m{"o": m{"p": 2}, "x": missing{}, "y": missing{}}}, got)
		c.quiet()
	}},
	{"destroy", func(b *bench) {
		a, c := b.logIn("a", nil), b.logIn("c", nil)
		id := a.context("N", m{}, nil)
		c.expect(m{"type": "context-added"})
		c.send(m{"domain": "global", "type": "destroy-context", "context_id": id, "request_id": "d"})
		destroyed := m{
			"domain": "global", "type": "context-destroyed", "context_id": id,
			"reason_uri": "global.destroyed", "reason": "Context destroyed explicitly",
		}
		a.expect(destroyed)
		c.expect(destroyed)
		c.expect(m{"type": "success", "request_id": "d"})
		for _, kind := range []string{"subscribe-context", "unsubscribe-context", "update-context", "destroy-context"} {
			c.refused(m{"domain": "global", "type": kind, "context_id": id}, "global.errors.failure", "Unable to find context with id "+id)
		}
	}},
	{"lifetimes", func(b *bench) {
		a, c := b.logIn("a", nil), b.logIn("c", nil)
		a.refused(m{"domain": "global", "type": "create-context", "name": "x", "lifetime": "zzz"}, "global.errors.bad_lifetime", "Bad lifetime value ")
		owned := a.context("Owned", m{}, m{"lifetime": "ownership"})
		counted := a.context("Counted", m{}, m{"lifetime": "ref-counted"})
		kept := a.context("Kept", m{}, nil)
		for range 3 {
			c.expect(m{"type": "context-added"})
		}
		c.check(m{"type": "subscribed-context"}, c.ask(m{"domain": "global", "type": "subscribe-context", "context_id": counted}))
		c.refused(m{"domain": "global", "type": "destroy-context", "context_id": owned}, "global.errors.not_authorized", "Not authorized to destroy context")
		a.hangUp()
		left := m{"type": "context-destroyed", "reason": "Context destroyed because its owner/last peer left"}
		c.expect(merged(left, m{"context_id": owned, "reason_uri": "context.peer-left"}))
		c.send(m{"domain": "global", "type": "unsubscribe-context", "context_id": counted, "request_id": "u"})
		c.expect(merged(left, m{"context_id": counted, "reason_uri": "global.peer-left"}))
		c.expect(m{"type": "success", "request_id": "u"})
		late := b.logIn("late", nil)
		for _, msg := range late.told {
			if msg["context_id"] == kept {
				late.check(m{"domain": "global", "type": "context-added", "peer_id": late.id, "creator_id": nil, "name": "Kept"}, msg)
				return
			}
		}
		b.Error("a newcomer is not told of a retained context")
	}},
	{"permissions", func(b *bench) {
		a, c, d := b.logIn("a", nil), b.logIn("c", nil), b.logIn("d", nil)
		id := a.context("N", m{}, m{"read_permissions": "$application=='c'", "write_permissions": "$application=='x'"})
		c.expect(m{"type": "context-added"})
		c.refused(m{"domain": "global", "type": "update-context", "context_id": id, "delta": m{}}, "global.errors.not_authorized", "Not authorized to update context")
		d.refused(m{"domain": "global", "type": "subscribe-context", "context_id": id}, "global.errors.not_authorized", "Not authorized to read context")
	}},
	{"other user", func(b *bench) {
		a := b.logIn("a", nil)
		id := a.context("N", m{}, nil)
		other := b.logIn("o", m{"authentication": m{"method": "secret", "login": b.user + "-other", "secret": ""}})
		other.refused(m{"domain": "global", "type": "subscribe-context", "context_id": id}, "global.errors.failure", "Unable to find context with id "+id)
		own := other.context("N", m{}, nil)
		if own == id {
			b.Error("two users share a context")
		}
		a.quiet()
	}},
	{"context domain", func(b *bench) {
		a, c := b.logIn("a", nil), b.logIn("c", nil)
		id := a.context("N", m{}, nil)
		c.expect(m{"type": "context-added"})
		c.send(m{"domain": "global", "type": "join", "destination": "context", "request_id": "j"})
		c.expect(m{"domain": "context", "type": "peer-added", "new_peer_id": a.id})
		c.expect(m{"domain": "context", "type": "success", "request_id": "j"})
		c.check(m{"domain": "context", "type": "subscribed-context"}, c.ask(m{"domain": "context", "type": "subscribe-context", "context_id": id}))
		a.check(m{"domain": "global", "type": "success"}, a.ask(m{"domain": "global", "type": "update-context", "context_id": id}))
		c.expect(m{"domain": "context", "type": "context-updated", "delta": m{}})
		a.hangUp()
		c.expect(m{"domain": "context", "type": "peer-removed", "removed_id": a.id, "reason_uri": "context.peer-removed"})
	}},
}

// context creates a context and returns its id. Nobody else must be heard from
// meanwhile.
func (p *party) context(name string, data, more m) string {
	p.b.Helper()
	p.send(merged(m{
		"domain": "global", "type": "create-context", "request_id": "create", "name": name, "data": data, "lifetime": "retained",
	}, more))
	added := p.expect(m{"domain": "global", "type": "context-added", "creator_id": p.id, "name": name})
	p.expect(m{"domain": "global", "type": "context-created", "request_id": "create", "context_id": added["context_id"]})
	return added["context_id"].(string)
}

var otherCases = []testCase{
	{"metrics", func(b *bench) {
		p := b.logIn("a", nil)
		p.check(m{"domain": "metrics", "type": "success"}, p.ask(m{
			"domain": "global", "type": "join", "destination": "metrics", "options": m{"system": "s", "service": "a", "instance": "i"},
		}))
		p.send(m{"domain": "metrics", "type": "define", "request_id": "d", "metrics": []any{m{"name": "/State"}}})
		p.send(m{"domain": "metrics", "type": "publish", "request_id": "p", "values": []any{}})
		p.quiet()
		p.refused(m{"domain": "metrics", "type": "publish", "peer_id": missing{}}, "metrics.errors.failure", "Peer id is missing")
		p.check(m{"domain": "metrics", "type": "success"}, p.ask(m{"domain": "global", "type": "leave", "destination": "metrics"}))
	}},
	{"bus", func(b *bench) {
		a, c := b.logIn("a", nil), b.logIn("c", nil)
		for _, p := range []*party{a, c} {
			p.check(m{"domain": "bus", "type": "success"}, p.ask(m{"domain": "global", "type": "join", "destination": "bus"}))
		}
		topic := func(p *party, topic string, more m) any {
			got := p.ask(merged(m{"domain": "bus", "type": "subscribe", "topic": topic}, more))
			p.check(m{"domain": "bus", "type": "subscribed", "subscription_id": present{}}, got)
			return got["subscription_id"]
		}
		exact, word, all := topic(c, "a.b", m{"routing_key": "k"}), topic(c, "a.*", nil), topic(c, "a.>", nil)
		own := topic(a, "a.b.c", nil)
		publish := func(more m) { a.send(merged(m{"domain": "bus", "type": "publish", "data": m{"n": 1}}, more)) }
		event := func(p *party, id any) {
			b.Helper()
			p.expect(m{"domain": "bus", "type": "event", "peer_id": p.id, "subscription_id": id, "publisher-identity": a.identity, "data": m{"n": 1}})
		}
		publish(m{"topic": "a.b", "routing_key": "other"})
		event(c, word)
		event(c, all)
		publish(m{"topic": "a.b.c"})
		event(c, all)
		event(a, own)
		publish(m{"topic": "a.b.c", "target_identity": m{"application": "c"}})
		event(c, all)
		a.quiet()
		c.check(m{"type": "success"}, c.ask(m{"domain": "bus", "type": "unsubscribe", "subscription_id": all}))
		c.check(m{"type": "success"}, c.ask(m{"domain": "bus", "type": "unsubscribe", "subscription_id": word}))
		publish(m{"topic": "a.b"})
		event(c, exact)
		c.check(m{"type": "success"}, c.ask(m{"domain": "global", "type": "leave", "destination": "bus"}))
		publish(m{"topic": "a.b"})
		c.quiet()
	}},
	{"bus errors", func(b *bench) {
		p := b.logIn("a", nil)
		for _, kind := range []string{"subscribe", "unsubscribe"} {
			p.refused(m{"domain": "bus", "type": kind, "topic": "t"}, "bus.errors.failure",
				"Unable to find peer with id "+p.id+" in domain :bus-domain")
		}
		nobody := b.connect("n")
		for _, kind := range []string{"publish", "subscribe", "unsubscribe"} {
			nobody.refused(m{"domain": "bus", "type": kind, "topic": "t", "data": 1}, "bus.errors.failure", "Peer id is missing")
		}
	}},
}
