package gatewaytest

const invocationFailure = "agm.errors.invocation.failure"

var callCases = []testCase{
	{"by name", func(b *bench) {
		all := b.together("a", "c")
		a, c := all[0], all[1]
		a.offer(all[1:], m{"id": "0", "name": "M"})
		c.send(m{
			"type": "call", "request_id": 42, "server_id": a.id, "method_id": "0",
			"arguments_kv": m{"x": []any{1, nil}}, "context": m{"t": 1},
		})
		invoke := a.expect(m{
			"domain": "agm", "type": "invoke", "peer_id": a.id, "caller_id": c.id, "method_id": "0",
			"arguments": nil, "arguments_kv": m{"x": []any{1, nil}}, "context": m{"t": 1},
		})
		a.send(m{"type": "yield", "invocation_id": invoke["invocation_id"], "request_id": "y", "result": m{"r": 1}, "more": 1})
		c.expect(m{"domain": "agm", "type": "result", "request_id": 42, "peer_id": c.id, "result": m{"r": 1}, "more": missing{}})
		a.quiet()
	}},
	{"by position", func(b *bench) {
		all := b.together("a", "c")
		a, c := all[0], all[1]
		a.offer(all[1:], m{"id": 7, "name": "M"})
		c.send(m{"type": "call", "server_id": a.id, "method_id": 7, "arguments": []any{2, 3}, "arguments_kv": m{}})
		invoke := a.expect(m{"type": "invoke", "method_id": 7, "arguments": []any{2, 3}, "arguments_kv": m{}, "context": nil})
		a.send(m{"type": "yield", "invocation_id": invoke["invocation_id"]})
		c.expect(m{"type": "result", "request_id": nil, "result": nil})
	}},
	{"error", func(b *bench) {
		all := b.together("a", "c")
		a, c := all[0], all[1]
		a.offer(all[1:], m{"id": "0", "name": "M"})
		request, invocation := c.calling(a, "0")
		a.send(m{"type": "error", "request_id": invocation, "reason_uri": "x.y", "reason": "boom", "context": m{"code": 5}})
		c.expect(m{
			"domain": "agm", "type": "error", "request_id": request, "peer_id": c.id,
			"reason_uri": "x.y", "reason": "boom", "context": m{"code": 5},
		})
		request, invocation = c.calling(a, "0")
		a.send(m{"type": "error", "request_id": invocation, "context": nil})
		c.expect(m{"type": "error", "request_id": request, "reason_uri": nil, "reason": nil, "context": missing{}})
	}},
	{"oneself", func(b *bench) {
		a, _ := b.join("a")
		a.offerAlone(m{"id": "0", "name": "M"})
		request, invocation := a.calling(a, "0")
		a.send(m{"type": "yield", "invocation_id": invocation, "result": 5})
		a.expect(m{"type": "result", "request_id": request, "result": 5})
	}},
	{"refusals", func(b *bench) {
		all := b.together("a", "c")
		a, c := all[0], all[1]
		a.offer(all[1:], m{"id": 1, "name": "M"})
		for _, kind := range []string{"call", "subscribe"} {
			call := func(more m) m { return merged(m{"type": kind, "server_id": a.id, "method_id": 1}, more) }
			c.refused(call(m{"server_id": "zz"}), "agm.errors.failure", "Unable to find peer with id zz in domain :agm-domain")
			c.refused(call(m{"server_id": missing{}}), "agm.errors.failure", "Peer id is missing")
			c.refused(call(m{"method_id": "1"}), invocationFailure,
				"Unable to find method with id 1 on server id "+a.id+" registered with this peer")
			c.refused(call(m{"arguments": []any{1}, "arguments_kv": m{"a": 1}}), invocationFailure,
				"Cant use positional and by-name arguments at the same time")
		}
		a.quiet()
	}},
	{"nobody calls", func(b *bench) {
		p := b.connect("a")
		const inDomain = " in domain :agm-domain"
		for kind, where := range map[string]string{
			"register": "", "unregister": "", "unsubscribe": inDomain, "accepted": inDomain, "error": "", "yield": inDomain,
		} {
			p.refused(m{"type": kind, "stream_id": "s"}, "agm.errors.failure", "Peer id is missing")
			p.refused(m{"type": kind, "stream_id": "s", "peer_id": "zz"}, "agm.errors.failure", "Unable to find peer with id zz"+where)
		}
		callee, _ := b.join("c")
		for _, kind := range []string{"call", "subscribe"} {
			p.refused(m{"type": kind, "server_id": callee.id}, "agm.errors.failure", "Peer id is missing")
			p.refused(m{"type": kind, "server_id": callee.id, "peer_id": "zz"}, "agm.errors.failure", "Unable to find peer with id zz"+inDomain)
		}
		// A call looks for the callee first, a subscribe for the subscriber.
		nobody := m{"server_id": "yy", "peer_id": "zz"}
		p.refused(merged(nobody, m{"type": "call"}), "agm.errors.failure", "Unable to find peer with id yy"+inDomain)
		p.refused(merged(nobody, m{"type": "subscribe"}), "agm.errors.failure", "Unable to find peer with id zz"+inDomain)
		p.refused(m{"type": "call"}, "agm.errors.failure", "Peer id is missing")
		p.send(m{"type": "publish", "stream_id": "s"})
		p.send(m{"type": "post", "subscription_id": "s", "peer_id": "zz"})
		p.quiet()
	}},
	{"not joined", func(b *bench) {
		p := b.logIn("a", nil)
		for _, kind := range []string{"unsubscribe", "accepted", "error", "yield"} {
			p.refused(m{"type": kind, "stream_id": "s"}, "agm.errors.failure", "Unable to find peer with id "+p.id+" in domain :agm-domain")
		}
		p.send(m{"type": "publish", "stream_id": "s"})
		p.send(m{"type": "post", "subscription_id": "s"})
		p.quiet()
		p.refused(m{"type": "call", "server_id": "zz"}, "agm.errors.failure", "Unable to find peer with id zz in domain :agm-domain")
	}},
	{"answers that nobody waits for", func(b *bench) {
		all := b.together("a", "c", "d")
		a, c, d := all[0], all[1], all[2]
		a.offer(all[1:], m{"id": "0", "name": "M"})
		request, invocation := c.calling(a, "0")
		d.send(m{"type": "yield", "invocation_id": invocation, "result": "forged"})
		d.quiet()
		a.send(m{"type": "yield", "invocation_id": invocation, "result": "true"})
		c.expect(m{"type": "result", "request_id": request, "result": "true"})
		a.send(m{"type": "yield", "invocation_id": invocation})
		a.send(m{"type": "yield", "invocation_id": "zz"})
		a.quiet()
		a.send(m{"type": "error", "request_id": invocation})
		a.expect(m{
			"type": "error", "request_id": invocation, "reason_uri": "agm.errors.subscription.invalid_subscription",
			"reason": "Trying to drop a non-existing subscription",
		})
		c.quiet()
	}},
	{"one request id twice", func(b *bench) {
		all := b.together("a", "c")
		a, c := all[0], all[1]
		a.offer(all[1:], m{"id": "0", "name": "M"})
		var invocations []any
		for range 2 {
			c.send(m{"type": "call", "request_id": "same", "server_id": a.id, "method_id": "0"})
			invocations = append(invocations, a.expect(m{"type": "invoke"})["invocation_id"])
		}
		for i, id := range invocations {
			a.send(m{"type": "yield", "invocation_id": id, "result": i})
			c.expect(m{"type": "result", "request_id": "same", "result": i})
		}
	}},
	{"order of many", func(b *bench) {
		all := b.together("a", "c")
		a, c := all[0], all[1]
		a.offer(all[1:], m{"id": "0", "name": "M"})
		const many = 300
		for i := range many {
			c.send(m{"type": "call", "request_id": i, "server_id": a.id, "method_id": "0", "arguments_kv": m{"n": i}})
		}
		for i := range many {
			invoke := a.expect(m{"type": "invoke", "arguments_kv": m{"n": i}})
			a.send(m{"type": "yield", "invocation_id": invoke["invocation_id"], "result": i})
		}
		for i := range many {
			c.expect(m{"type": "result", "request_id": i, "result": i})
		}
	}},
}
