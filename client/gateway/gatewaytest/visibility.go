package gatewaytest

var visibilityCases = []testCase{
	{"users", func(b *bench) {
		a, _ := b.join("a")
		a.offerAlone(m{"id": "0", "name": "M"})
		stranger := b.logIn("s", m{"authentication": m{"method": "secret", "login": b.user + "-other", "secret": ""}})
		if announced := stranger.joinAGM(nil); len(announced) != 0 {
			b.Errorf("another user is told of %v", announced)
		}
		for _, kind := range []string{"call", "subscribe"} {
			stranger.refused(m{"type": kind, "server_id": a.id, "method_id": "0"},
				invocationFailure, "Unable to invoke methods across different users")
		}
		stranger.hangUp()
		a.quiet()
	}},
	{"join restrictions", func(b *bench) {
		a := b.logIn("a", nil)
		a.joinAGM(m{"restrictions": "$application ? '[bc].*' && ($user != 'zz' || $pid == 5)"})
		c, announced := b.join("c")
		if len(announced) != 1 {
			b.Errorf("c is told of %v", announced)
		}
		a.expect(m{"type": "peer-added", "new_peer_id": c.id})
		d, announced := b.join("d")
		if len(announced) != 1 || announced[0]["new_peer_id"] != c.id {
			b.Errorf("d is told of %v", announced)
		}
		a.quiet()
		d.refused(m{"type": "call", "server_id": a.id, "method_id": "0"}, invocationFailure, "Unable to invoke methods across different users")
	}},
	{"both restrictions hold", func(b *bench) {
		a := b.logIn("a", nil)
		a.joinAGM(m{"restrictions": "$application == 'c'"})
		c := b.logIn("c", nil)
		if announced := c.joinAGM(m{"restrictions": "$application == 'x'"}); len(announced) != 0 {
			b.Errorf("c is told of %v", announced)
		}
		a.quiet()
	}},
	{"method restrictions", func(b *bench) {
		all := b.together("a", "c", "d")
		a, c, d := all[0], all[1], all[2]
		defs := []any{
			m{"id": "0", "name": "All"},
			m{"id": "1", "name": "C", "restrictions": "$application=='c'"},
			m{"id": "2", "name": "Same", "restrictions": "$user==#user"},
			m{"id": "3", "name": "None", "restrictions": "$x==1"},
		}
		a.send(m{"type": "register", "methods": defs})
		c.expect(m{"type": "methods-added", "methods": []any{defs[0], defs[1], defs[2]}})
		d.expect(m{"type": "methods-added", "methods": []any{defs[0], defs[2]}})
		a.expect(m{"type": "methods-added", "methods": defs})
		a.expect(m{"type": "success"})
		d.refused(m{"type": "call", "server_id": a.id, "method_id": "1"}, invocationFailure,
			"Unable to find method with id 1 on server id "+a.id+" registered with this peer")
		a.calling(a, "3")
		late, announced := b.join("c")
		late.check(m{"methods": []any{defs[0], defs[1], defs[2]}}, announced[1])
		for _, p := range all {
			p.expect(m{"type": "peer-added", "new_peer_id": late.id})
		}
		a.send(m{"type": "unregister", "methods": []any{"1", "3"}})
		c.expect(m{"type": "methods-removed", "methods": []any{"1"}})
		late.expect(m{"type": "methods-removed", "methods": []any{"1"}})
		d.quiet()
	}},
	{"tighter restrictions take nothing away", func(b *bench) {
		all := b.together("a", "c")
		a, c := all[0], all[1]
		a.offer(all[1:], m{"id": "0", "name": "M"})
		a.offer(nil, m{"id": "0", "name": "M", "restrictions": "$application=='x'"})
		c.calling(a, "0")
		_, announced := b.join("d")
		for _, msg := range announced {
			if msg["type"] == "methods-added" && msg["server_id"] == a.id {
				b.Errorf("a newcomer is told of %v", msg)
			}
		}
	}},
}
