package gatewaytest

import "fmt"

var joinCases = []testCase{
	{"announces both sides", func(b *bench) {
		a, announced := b.join("a")
		if len(announced) != 0 {
			b.Fatalf("told of %v", announced)
		}
		a.offerAlone(m{"id": "0", "name": "M"}, m{"id": 1, "name": "N", "extra": m{"x": nil}})
		c, announced := b.join("c")
		if len(announced) != 2 {
			b.Fatalf("told of %v", announced)
		}
		c.check(m{
			"domain": "agm", "type": "peer-added", "peer_id": c.id, "new_peer_id": a.id,
			"identity": a.identity, "meta": m{"local": true},
		}, announced[0])
		c.check(m{
			"domain": "agm", "type": "methods-added", "peer_id": c.id, "server_id": a.id, "source_type": "local",
			"methods": []any{m{"id": "0", "name": "M"}, m{"id": 1, "name": "N", "extra": m{"x": nil}}},
		}, announced[1])
		a.expect(m{"type": "peer-added", "new_peer_id": c.id, "identity": c.identity})
		a.quiet()
	}},
	{"order", func(b *bench) {
		var want []string
		for i := range 12 {
			p, announced := b.join(fmt.Sprint(i))
			var got []string
			for _, a := range announced {
				got = append(got, a["new_peer_id"].(string))
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				b.Fatalf("told of %v, want the order of joining, %v", got, want)
			}
			want = append(want, p.id)
		}
	}},
	{"twice", func(b *bench) {
		p, _ := b.join("a")
		if again := p.joinAGM(nil); len(again) != 0 {
			b.Errorf("told of %v", again)
		}
	}},
	{"errors", func(b *bench) {
		p := b.logIn("a", nil)
		const noDomain, noPeer = "global.errors.invalid_domain", "global.errors.invalid_peer"
		p.refused(m{"domain": "global", "type": "join"}, noDomain, "Unable to join missing domain ")
		p.refused(m{"domain": "global", "type": "join", "destination": "x"}, noDomain, "Unable to join missing domain x")
		p.refused(m{"domain": "global", "type": "leave", "destination": "x"}, noDomain, "Unable to leave missing domain x")
		p.refused(m{"domain": "global", "type": "join", "destination": "agm", "peer_id": "zz"}, noPeer, "Unable to find peer with id zz")
		p.refused(m{"domain": "global", "type": "join", "destination": "x", "peer_id": "zz"}, noPeer, "Unable to find peer with id zz")
		p.refused(m{"domain": "global", "type": "join", "destination": "agm", "peer_id": nil}, noPeer, "Unable to find peer with id ")
		p.check(m{"domain": "global", "reason_uri": "global.errors.unhandled_message"},
			p.ask(m{"domain": "global", "type": "join", "destination": "global"}))
		p.check(m{"domain": "agm", "type": "error", "reason_uri": "agm.errors.failure"},
			p.ask(m{"domain": "global", "type": "join", "destination": "agm", "restrictions": "$user = zzz ("}))
		p.check(m{"domain": "agm", "type": "success"}, p.ask(m{"domain": "global", "type": "leave", "destination": "agm"}))
	}},
}

var methodCases = []testCase{
	{"register", func(b *bench) {
		all := b.together("a", "c")
		a, c := all[0], all[1]
		def := m{
			"id": "0", "name": "M", "display_name": "D", "version": 2, "flags": m{"streaming": true, "metadata": m{"k": 1}},
			"object_types": []any{"T"}, "input_signature": "int a", "result_signature": nil, "other": []any{1, nil},
		}
		a.send(m{"type": "register", "request_id": "r", "methods": []any{def}})
		for _, p := range []*party{c, a} {
			p.expect(m{
				"domain": "agm", "type": "methods-added", "peer_id": p.id, "server_id": a.id, "source_type": "local",
				"methods": []any{def},
			})
		}
		a.expect(m{"domain": "agm", "type": "success", "request_id": "r", "peer_id": a.id})
	}},
	{"null flags", func(b *bench) {
		all := b.together("a", "c")
		all[0].send(m{"type": "register", "methods": []any{m{"flags": nil, "id": "0", "name": "M"}}})
		got := all[1].expect(m{"type": "methods-added"})
		all[1].check(m{"id": "0", "name": "M", "flags": missing{}}, got["methods"].([]any)[0].(m))
	}},
	{"register before join", func(b *bench) {
		p := b.logIn("a", nil)
		p.refused(m{"type": "register", "methods": []any{m{"id": "0", "name": "M"}}},
			"agm.errors.failure", "Unable to find peer with id "+p.id+" in domain :agm-domain")
	}},
	{"register nothing", func(b *bench) {
		p, _ := b.join("a")
		for _, methods := range []any{[]any{}, missing{}, nil} {
			p.check(m{"type": "error", "reason_uri": "agm.errors.failure"}, p.ask(m{"type": "register", "methods": methods}))
			p.check(m{"type": "error", "reason_uri": "agm.errors.failure"}, p.ask(m{"type": "unregister", "methods": methods}))
		}
	}},
	{"register nonsense", func(b *bench) {
		p, _ := b.join("a")
		for _, methods := range []any{m{"id": 1}, "abc", []any{m{"id": 1, "name": "x", "restrictions": "$$$"}}} {
			p.check(m{"type": "error", "reason_uri": "agm.errors.failure"}, p.ask(m{"type": "register", "methods": methods}))
		}
	}},
	{"same id replaces", func(b *bench) {
		all := b.together("a", "c")
		a, c := all[0], all[1]
		a.offer(all[1:], m{"id": 1, "name": "Old"}, m{"id": "1", "name": "Text"})
		a.offer(all[1:], m{"id": 1, "name": "New"})
		_, announced := b.join("d")
		c.expect(m{"type": "peer-added"})
		names := []string{}
		for _, msg := range announced {
			if defs, ok := msg["methods"].([]any); ok && msg["server_id"] == a.id {
				for _, def := range defs {
					names = append(names, def.(m)["name"].(string))
				}
			}
		}
		if fmt.Sprint(names) != "[New Text]" {
			b.Errorf("a newcomer is told of %v", names)
		}
	}},
	{"unregister", func(b *bench) {
		all := b.together("a", "c")
		a, c := all[0], all[1]
		a.offer(all[1:], m{"id": "0", "name": "M"}, m{"id": 7, "name": "N"})
		a.refused(m{"type": "unregister", "methods": []any{7, "7"}}, "agm.errors.unregistration.failure", "Unable to unregister missing method 7")
		c.quiet()
		a.send(m{"type": "unregister", "request_id": "u", "methods": []any{7, "0"}})
		for _, p := range []*party{c, a} {
			p.expect(m{"domain": "agm", "type": "methods-removed", "peer_id": p.id, "server_id": a.id, "methods": []any{7, "0"}})
		}
		a.expect(m{"type": "success", "request_id": "u"})
	}},
}
