package gatewaytest

var malformedCases = []testCase{
	{"not json", func(b *bench) {
		p := b.connect("a")
		for _, text := range []string{"{bad", "", "{} x"} {
			p.write(text)
			p.expect(m{"domain": "global", "type": "error", "request_id": -1, "peer_id": nil, "reason_uri": "global.errors.failure"})
		}
		p.quiet()
	}},
	{"not an object", func(b *bench) {
		p := b.connect("a")
		for _, text := range []string{"5", "true", `"x"`, "[]", "null", `[{"type":"ping"}]`} {
			p.write(text)
			p.expect(m{"domain": "global", "type": "error", "request_id": -1, "peer_id": nil, "reason_uri": "global.errors.unhandled_message"})
		}
		p.quiet()
	}},
	{"no type", func(b *bench) {
		p := b.connect("a")
		for _, text := range []string{`{}`, `{"type":null}`, `{"type":5}`, `{"type":"nosuch"}`, `{"domain":"global","type":"Hello"}`} {
			p.write(text)
			p.expect(m{"domain": "global", "type": "error", "request_id": -1, "peer_id": nil, "reason_uri": "global.errors.unhandled_message"})
		}
	}},
	{"unknown type", func(b *bench) {
		p := b.connect("a")
		for _, domain := range []string{"agm", "context", "bus", "metrics"} {
			got := p.ask(m{"domain": domain, "type": "nosuch"})
			p.check(m{"domain": domain, "type": "error", "reason_uri": domain + ".errors.unhandled_message"}, got)
			p.send(m{"domain": domain, "type": "nosuch"})
			p.expect(m{"domain": domain, "request_id": -1})
		}
	}},
	{"unknown domain", func(b *bench) {
		p := b.connect("a")
		for _, domain := range []any{"nosuch", nil, 5} {
			p.send(m{"domain": domain, "type": "x"})
			p.expect(m{"domain": domain, "type": "error", "request_id": nil, "peer_id": nil, "reason_uri": "global.errors.failure"})
		}
		p.send(m{"domain": "nosuch", "type": "x", "request_id": "r", "peer_id": "p"})
		p.expect(m{"domain": "nosuch", "request_id": "r", "peer_id": "p"})
	}},
	{"ping", func(b *bench) {
		p := b.connect("a")
		p.write(`{"type":"ping"}`)
		p.send(m{"domain": "nosuch", "type": "ping", "request_id": "x"})
		p.quiet()
	}},
	{"agm without domain", func(b *bench) {
		p, _ := b.join("a")
		p.send(m{"domain": missing{}, "type": "register", "request_id": "r", "methods": []any{}})
		p.expect(m{"domain": "global", "type": "error", "request_id": "r", "reason_uri": "global.errors.unhandled_message"})
	}},
	{"foreign peer", func(b *bench) {
		a, _ := b.join("a")
		thief := b.connect("t")
		for _, msg := range []m{
			{"domain": "agm", "type": "register"},
			{"domain": "global", "type": "join", "destination": "agm"},
		} {
			msg["peer_id"] = a.id
			thief.refused(msg, "global.errors.failure", "The original source of peer "+a.id+" doesnt match the current source")
		}
		a.quiet()
	}},
	{"digits survive", func(b *bench) {
		all := b.together("a", "c")
		a, c := all[0], all[1]
		a.offer(all[1:], m{"id": "0", "name": "M"})
		c.write(`{"domain":"agm","type":"call","peer_id":"` + c.id + `","server_id":"` + a.id +
			`","method_id":"0","arguments_kv":{"a":"é\u2028\/","b":[1.5,-2e3,true]},"request_id":"\u0041"}`)
		invoke := a.expect(m{"type": "invoke", "arguments_kv": m{"a": "é\u2028/", "b": []any{1.5, -2e3, true}}})
		a.send(m{"type": "yield", "invocation_id": invoke["invocation_id"]})
		c.expect(m{"type": "result", "request_id": "A"})
	}},
}
