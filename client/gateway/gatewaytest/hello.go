package gatewaytest

import "ioscope/client/internal/wire"

const authFailure = "global.errors.authentication.failure"

var helloCases = []testCase{
	{"welcome", func(b *bench) {
		p := b.connect("a")
		p.send(p.hello(m{"request_id": 77, "identity": m{"application": "a", "custom": m{"k": 1}, "windowId": "?", "machine": "mine"}}))
		got := p.next()
		p.welcome(got)
		p.check(m{
			"request_id": 77, "options": m{"access_token": present{}},
			"resolved_identity": m{
				"application": "a", "custom": m{"k": 1}, "windowId": p.id, "machine": "mine",
				"user": b.user, "login": b.user, "instance": present{},
			},
		}, got)
		versions := m{}
		for _, d := range got["available_domains"].([]any) {
			versions[d.(m)["uri"].(string)] = d.(m)["version"]
		}
		p.check(m{"agm": 1, "global": 1, "bus": 1, "context": 2, "metrics": 1}, versions)
	}},
	{"without domain and id", func(b *bench) {
		p := b.connect("a")
		p.send(p.hello(m{"domain": missing{}}))
		p.expect(m{"type": "welcome", "domain": "global", "request_id": nil})
	}},
	{"nulls", func(b *bench) {
		p := b.logIn("a", nil)
		p.check(m{"environment": nil, "region": nil}, p.identity)
		p = b.logIn("a", m{"identity": m{"environment": "e", "region": "r"}})
		p.check(m{"environment": "e", "region": "r"}, p.identity)
	}},
	{"login overwritten", func(b *bench) {
		p := b.logIn("a", m{"identity": m{"login": "root", "user": "root"}})
		p.check(m{"user": b.user, "login": b.user}, p.identity)
	}},
	{"refusals", func(b *bench) {
		p := b.connect("a")
		for _, c := range []struct {
			auth        any
			uri, reason string
		}{
			{missing{}, authFailure, "Unknown authentication method "},
			{m{}, authFailure, "Unknown authentication method "},
			{m{"method": "zzz"}, authFailure, "Unknown authentication method zzz"},
			{m{"method": "secret", "login": "u"}, authFailure, "Missing login/secret"},
			{m{"method": "access-token", "token": "abc"}, authFailure, "Invalid or expired token: invalid token"},
			{m{"method": "access-token"}, authFailure, "Invalid or expired token: invalid token"},
			{m{"method": "gateway-token", "token": "abc"}, "global.errors.failure", "invalid token"},
			{m{"method": "gateway-token"}, authFailure, "Unknown authentication method gateway-token"},
			{m{"provider": "win", "method": "access-token"}, authFailure, "Requested authentication provider :win is not available"},
		} {
			p.refused(p.hello(m{"authentication": c.auth}), c.uri, c.reason)
		}
		p.welcome(p.ask(p.hello(nil))) // the connection is as good as before
	}},
	{"access token", func(b *bench) {
		p := b.logIn("a", nil)
		again := b.logIn("b", m{"authentication": m{"method": "access-token", "token": p.token}})
		again.check(m{"user": b.user, "login": b.user}, again.identity)
		if again.token != p.token {
			b.Error("another token came back")
		}
	}},
	{"gateway token", func(b *bench) {
		p := b.logIn("a", nil)
		got := p.ask(m{"domain": "global", "type": "create-token"})
		p.check(m{"domain": "global", "type": "token", "peer_id": p.id, "token": present{}}, got)
		guest := b.logIn("b", m{"authentication": m{"method": "gateway-token", "token": got["token"]}})
		guest.check(m{"user": b.user, "login": missing{}}, guest.identity)
		if guest.token != "" {
			b.Error("a guest got an access token")
		}
	}},
	{"tokens of the wrong kind", func(b *bench) {
		p := b.logIn("a", nil)
		gateway := p.ask(m{"domain": "global", "type": "create-token"})["token"]
		stranger := b.connect("b")
		stranger.refused(stranger.hello(m{"authentication": m{"method": "access-token", "token": gateway}}),
			authFailure, "Invalid or expired token: signature verification failed")
		stranger.refused(stranger.hello(m{"authentication": m{"method": "gateway-token", "token": p.token}}),
			"global.errors.failure", "signature verification failed")
	}},
	{"create-token errors", func(b *bench) {
		p := b.connect("a")
		p.refused(m{"domain": "global", "type": "create-token"}, "global.errors.failure", "Peer id is missing")
		p.refused(m{"domain": "global", "type": "create-token", "peer_id": "zz"}, "global.errors.failure", "Unable to find peer with id zz")
	}},
	{"already seen", func(b *bench) {
		identity := m{"identity": m{"application": "a", "instance": b.user}}
		first := b.logIn("a", identity)
		second := b.connect("a again")
		second.refused(second.hello(identity), "global.errors.already_seen", "Hello already received once")
		first.hangUp()
		for { // until the gateway has noticed
			got := second.ask(second.hello(identity))
			if got["type"] == "welcome" {
				break
			}
			second.check(m{"reason_uri": "global.errors.already_seen"}, got)
		}
	}},
	{"two peers on one connection", func(b *bench) {
		p, _ := b.join("a")
		second := &party{b: b, conn: p.conn, name: "second"}
		second.welcome(second.ask(second.hello(nil)))
		second.until(second.fence())
		if second.id == p.id {
			b.Fatal("one peer id for two peers")
		}
		p.offerAlone(m{"id": "0", "name": "M"})
		second.send(m{"domain": "global", "type": "join", "destination": "agm", "request_id": "j"})
		// Both get their messages here; among one peer's the order counts.
		var own []string
		for range 4 {
			got := p.next()
			if got["peer_id"] == second.id {
				own = append(own, got["type"].(string))
				continue
			}
			p.check(m{"type": "peer-added", "peer_id": p.id, "new_peer_id": second.id}, got)
		}
		if len(own) != 3 || own[0] != wire.PeerAdded || own[1] != wire.MethodsAdded || own[2] != wire.Success {
			b.Errorf("the second peer got %v", own)
		}
	}},
	{"replaces", func(b *bench) {
		all := b.together("watcher", "a")
		watcher, a := all[0], all[1]
		old := a.id
		a.id = ""
		a.welcome(a.ask(a.hello(nil)))
		watcher.expect(m{"type": "peer-removed", "removed_id": old})
		watcher.quiet()
		if a.id == old {
			b.Error("the replaced peer's id is used again")
		}
		a.refused(m{"peer_id": old, "type": "register"}, "agm.errors.failure", "Unable to find peer with id "+old)
	}},
}

// offerAlone registers while nobody else is there.
func (p *party) offerAlone(defs ...any) { p.offer(nil, defs...) }
