package gatewaytest

// gone is the reason when a connection has ended.
var (
	gone       = m{"reason_uri": "agm.peer-removed", "reason": "Peer has been removed"}
	methodGone = m{"reason_uri": "agm.method-removed", "reason": "Method has been removed"}
	callGone   = m{"reason_uri": invocationFailure, "reason": "Peer has left while waiting for result"}
)

var endCases = []testCase{
	{"server hangs up", func(b *bench) {
		pub, sub := b.stream()
		id := sub.subscribed(pub, "0", "S")
		request, _ := sub.calling(pub, "0")
		pub.hangUp()
		sub.expect(merged(m{"type": "error", "request_id": request}, callGone))
		sub.expect(merged(m{"type": "subscription-cancelled", "subscription_id": id}, gone))
		sub.expect(m{"type": "methods-removed", "server_id": pub.id, "methods": []any{"0"}})
		sub.expect(merged(m{"domain": "agm", "type": "peer-removed", "peer_id": sub.id, "removed_id": pub.id}, gone))
		sub.quiet()
	}},
	{"client hangs up", func(b *bench) {
		pub, sub := b.stream()
		id := sub.subscribed(pub, "0", "S")
		_, pending := sub.pending(pub, "0")
		_, invocation := sub.calling(pub, "0")
		sub.hangUp()
		for _, id := range []string{id, pending} {
			pub.expect(merged(m{"type": "remove-interest", "subscription_id": id, "caller_id": sub.id, "method_id": "0"}, gone))
		}
		pub.expect(merged(m{"type": "peer-removed", "removed_id": sub.id}, gone))
		pub.send(m{"type": "yield", "invocation_id": invocation})
		pub.quiet()
	}},
	{"pending subscription, publisher gone", func(b *bench) {
		pub, sub := b.stream()
		request, _ := sub.pending(pub, "0")
		pub.hangUp()
		sub.expect(merged(m{"type": "error", "request_id": request}, gone))
		sub.expect(m{"type": "methods-removed"})
		sub.expect(m{"type": "peer-removed"})
	}},
	{"pending subscription, method gone", func(b *bench) {
		pub, sub := b.stream()
		request, id := sub.pending(pub, "0")
		pub.send(m{"type": "unregister", "methods": []any{"0"}})
		sub.expect(merged(m{"type": "error", "request_id": request}, methodGone))
		sub.expect(m{"type": "methods-removed"})
		pub.expect(m{"type": "methods-removed"})
		pub.expect(m{"type": "success"})
		pub.send(m{"type": "accepted", "subscription_id": id, "stream_id": "S"})
		pub.quiet()
		sub.quiet()
	}},
	{"method unregistered", func(b *bench) {
		pub, sub := b.stream()
		first, second := sub.subscribed(pub, "0", "S"), sub.subscribed(pub, "0", "T")
		request, invocation := sub.calling(pub, "0")
		pub.send(m{"type": "unregister", "request_id": "u", "methods": []any{"0"}})
		for _, id := range []string{first, second} {
			sub.expect(merged(m{"type": "subscription-cancelled", "subscription_id": id}, methodGone))
		}
		sub.expect(m{"type": "methods-removed", "methods": []any{"0"}})
		pub.expect(m{"type": "methods-removed"})
		pub.expect(m{"type": "success", "request_id": "u"})
		pub.send(m{"type": "publish", "stream_id": "T", "data": 1})
		pub.send(m{"type": "yield", "invocation_id": invocation, "result": "late"})
		sub.expect(m{"type": "result", "request_id": request, "result": "late"})
		pub.quiet()
	}},
	{"own subscription, method gone", func(b *bench) {
		p, _ := b.join("a")
		p.offerAlone(m{"id": "0", "name": "S"})
		id := p.subscribed(p, "0", "S")
		request, _ := p.pending(p, "0")
		p.send(m{"type": "unregister", "methods": []any{"0"}})
		p.expect(merged(m{"type": "subscription-cancelled", "subscription_id": id}, methodGone))
		p.expect(merged(m{"type": "error", "request_id": request}, methodGone))
		p.expect(m{"type": "methods-removed"})
		p.expect(m{"type": "success"})
	}},
	{"server leaves", func(b *bench) {
		pub, sub := b.stream()
		id := sub.subscribed(pub, "0", "S")
		request, invocation := sub.calling(pub, "0")
		pub.check(m{"domain": "agm", "type": "success"},
			pub.ask(m{"domain": "global", "type": "leave", "destination": "agm", "reason_uri": "app.bye", "reason": "bye"}))
		sub.expect(merged(m{"type": "error", "request_id": request}, callGone))
		sub.expect(merged(m{"type": "subscription-cancelled", "subscription_id": id}, gone))
		sub.expect(m{"type": "methods-removed", "methods": []any{"0"}})
		sub.expect(m{"type": "peer-removed", "removed_id": pub.id, "reason_uri": "app.bye", "reason": "bye"})
		pub.refused(m{"type": "yield", "invocation_id": invocation}, "agm.errors.failure",
			"Unable to find peer with id "+pub.id+" in domain :agm-domain")
		sub.refused(m{"type": "call", "server_id": pub.id, "method_id": "0"}, "agm.errors.failure",
			"Unable to find peer with id "+pub.id+" in domain :agm-domain")
	}},
	{"client leaves and joins again", func(b *bench) {
		pub, sub := b.stream()
		id := sub.subscribed(pub, "0", "S")
		request, invocation := sub.calling(pub, "0")
		sub.check(m{"type": "success"}, sub.ask(m{"domain": "global", "type": "leave", "destination": "agm"}))
		pub.expect(m{"type": "remove-interest", "subscription_id": id, "reason_uri": nil, "reason": nil})
		pub.expect(m{"type": "peer-removed", "removed_id": sub.id, "reason_uri": nil, "reason": nil})
		pub.send(m{"type": "yield", "invocation_id": invocation, "result": "late"})
		sub.expect(m{"type": "result", "request_id": request, "result": "late"})
		if announced := sub.joinAGM(nil); len(announced) != 2 || announced[1]["type"] != "methods-added" {
			b.Errorf("told of %v", announced)
		}
		pub.expect(m{"type": "peer-added", "new_peer_id": sub.id})
		sub.refused(m{"type": "unsubscribe", "subscription_id": id}, noSubscription,
			"Unable to find subscription with id "+id+" on subscriber id "+sub.id)
	}},
	{"leave twice", func(b *bench) {
		all := b.together("a", "c")
		for range 2 {
			all[0].check(m{"domain": "agm", "type": "success"}, all[0].ask(m{"domain": "global", "type": "leave", "destination": "agm"}))
		}
		all[1].expect(m{"type": "peer-removed"})
		all[1].quiet()
	}},
	{"leaver subscribed to itself", func(b *bench) {
		p, _ := b.join("a")
		p.offerAlone(m{"id": "0", "name": "S"})
		id := p.subscribed(p, "0", "S")
		p.send(m{"domain": "global", "type": "leave", "destination": "agm", "request_id": "l"})
		p.expect(m{"type": "remove-interest", "subscription_id": id})
		p.expect(m{"type": "success", "request_id": "l"})
	}},
}
