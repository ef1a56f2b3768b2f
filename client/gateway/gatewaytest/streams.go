package gatewaytest

const noSubscription = "agm.errors.subscription.invalid_subscription"

var streamCases = []testCase{
	{"accept and publish", func(b *bench) {
		pub, sub := b.stream()
		sub.send(m{
			"type": "subscribe", "request_id": "s", "server_id": pub.id, "method_id": "0",
			"arguments_kv": m{"sym": "A"}, "flags": m{"f": 1}, "context": m{"c": 1},
		})
		interest := pub.expect(m{
			"domain": "agm", "type": "add-interest", "peer_id": pub.id, "caller_id": sub.id, "method_id": "0",
			"arguments": nil, "arguments_kv": m{"sym": "A"}, "flags": m{"f": 1}, "context": m{"c": 1},
		})
		id := interest["subscription_id"]
		pub.send(m{"type": "accepted", "subscription_id": id, "stream_id": "S"})
		pub.send(m{"type": "publish", "stream_id": "S", "data": m{"n": 1}, "sequence": 7, "snapshot": true})
		pub.send(m{"type": "publish", "stream_id": "S"})
		pub.send(m{"type": "post", "subscription_id": id, "data": []any{2}})
		pub.send(m{"type": "post", "subscription_id": id, "data": 3, "sequence": -1.5, "snapshot": false})
		sub.expect(m{"domain": "agm", "type": "subscribed", "request_id": "s", "peer_id": sub.id, "subscription_id": id})
		event := m{"domain": "agm", "type": "event", "peer_id": sub.id, "subscription_id": id, "oob": false}
		sub.expect(merged(event, m{"data": m{"n": 1}, "sequence": 7, "snapshot": true}))
		sub.expect(merged(event, m{"data": nil, "sequence": nil, "snapshot": nil}))
		sub.expect(merged(event, m{"data": []any{2}, "oob": true, "sequence": nil, "snapshot": nil}))
		sub.expect(merged(event, m{"data": 3, "oob": true, "sequence": -1.5, "snapshot": false}))
		pub.quiet()
	}},
	{"reject", func(b *bench) {
		pub, sub := b.stream()
		request, id := sub.pending(pub, "0")
		pub.send(m{"type": "error", "request_id": id, "reason_uri": "u", "reason": "no", "context": m{"why": 1}})
		sub.expect(m{
			"domain": "agm", "type": "error", "request_id": request, "peer_id": sub.id,
			"reason_uri": "u", "reason": "no", "context": m{"why": 1},
		})
		pub.send(m{"type": "accepted", "subscription_id": id, "stream_id": "S"})
		pub.send(m{"type": "publish", "stream_id": "S", "data": 1})
		pub.quiet()
		sub.quiet()
	}},
	{"accept without stream", func(b *bench) {
		pub, sub := b.stream()
		_, id := sub.pending(pub, "0")
		pub.refused(m{"type": "accepted", "subscription_id": id, "stream_id": nil}, noSubscription, "Invalid or missing stream id")
		pub.send(m{"type": "accepted", "subscription_id": "zz", "stream_id": "S"})
		pub.quiet()
		sub.quiet()
	}},
	{"stream ids by type", func(b *bench) {
		pub, sub := b.stream()
		number := sub.subscribed(pub, "0", 1)
		text := sub.subscribed(pub, "0", "1")
		pub.send(m{"type": "publish", "stream_id": "1", "data": "text"})
		sub.expect(m{"type": "event", "subscription_id": text, "data": "text"})
		pub.send(m{"type": "publish", "stream_id": 1, "data": "number"})
		sub.expect(m{"type": "event", "subscription_id": number, "data": "number"})
		sub.quiet()
	}},
	{"two on one stream, one on two", func(b *bench) {
		pub, sub := b.stream()
		first, second := sub.subscribed(pub, "0", "S"), sub.subscribed(pub, "0", "S")
		pub.send(m{"type": "publish", "stream_id": "S", "data": 1})
		sub.expect(m{"type": "event", "subscription_id": first})
		sub.expect(m{"type": "event", "subscription_id": second})
		pub.send(m{"type": "accepted", "subscription_id": first, "stream_id": "T"})
		sub.expect(m{"type": "subscribed", "subscription_id": first})
		pub.send(m{"type": "publish", "stream_id": "T", "data": 2})
		pub.send(m{"type": "publish", "stream_id": "S", "data": 3})
		sub.expect(m{"type": "event", "subscription_id": first, "data": 2})
		sub.expect(m{"type": "event", "subscription_id": first, "data": 3})
		sub.expect(m{"type": "event", "subscription_id": second, "data": 3})
	}},
	{"only the publisher's", func(b *bench) {
		pub, sub := b.stream()
		id := sub.subscribed(pub, "0", "S")
		sub.send(m{"type": "publish", "stream_id": "S", "data": "forged"})
		sub.send(m{"type": "post", "subscription_id": id, "data": "forged"})
		sub.quiet()
		sub.send(m{"type": "drop-subscription", "subscription_id": id})
		sub.expect(m{"type": "error", "request_id": id, "reason_uri": noSubscription, "reason": "Trying to drop a non-existing subscription"})
		pub.quiet()
	}},
	{"post before accept", func(b *bench) {
		pub, sub := b.stream()
		_, id := sub.pending(pub, "0")
		pub.send(m{"type": "post", "subscription_id": id, "data": 0})
		sub.expect(m{"type": "event", "subscription_id": id, "oob": true})
	}},
	{"unsubscribe", func(b *bench) {
		pub, sub := b.stream()
		id := sub.subscribed(pub, "0", "S")
		other := sub.subscribed(pub, "0", "S")
		end := m{"type": "unsubscribe", "subscription_id": id, "reason_uri": "", "reason": "ClientInitiated"}
		sub.check(m{"domain": "agm", "type": "success"}, sub.ask(end))
		pub.expect(m{
			"domain": "agm", "type": "remove-interest", "peer_id": pub.id, "subscription_id": id, "method_id": "0",
			"caller_id": sub.id, "reason_uri": "", "reason": "ClientInitiated",
		})
		sub.refused(end, noSubscription, "Unable to find subscription with id "+id+" on subscriber id "+sub.id)
		pub.send(m{"type": "publish", "stream_id": "S", "data": 1})
		sub.expect(m{"type": "event", "subscription_id": other})
		sub.quiet()
	}},
	{"unsubscribe pending", func(b *bench) {
		pub, sub := b.stream()
		_, id := sub.pending(pub, "0")
		sub.check(m{"type": "success"}, sub.ask(m{"type": "unsubscribe", "subscription_id": id}))
		pub.expect(m{"type": "remove-interest", "subscription_id": id, "reason_uri": nil, "reason": nil})
		pub.send(m{"type": "accepted", "subscription_id": id, "stream_id": "S"})
		pub.quiet()
		sub.quiet()
	}},
	{"drop", func(b *bench) {
		pub, sub := b.stream()
		request, id := sub.pending(pub, "0")
		drop := m{"type": "drop-subscription", "subscription_id": id, "reason": "enough"}
		pub.send(drop)
		pub.expect(m{
			"type": "error", "request_id": id, "reason_uri": noSubscription,
			"reason": "Trying to drop a subscription that wasnt established. Did you mean to return an error instead?",
		})
		pub.send(m{"type": "accepted", "subscription_id": id, "stream_id": "S"})
		sub.expect(m{"type": "subscribed", "request_id": request})
		pub.send(drop)
		sub.expect(m{
			"domain": "agm", "type": "subscription-cancelled", "peer_id": sub.id, "subscription_id": id,
			"reason_uri": nil, "reason": "enough",
		})
		pub.send(drop)
		pub.expect(m{"type": "error", "request_id": id, "reason_uri": noSubscription, "reason": "Trying to drop a non-existing subscription"})
		pub.quiet()
	}},
	{"error after accept", func(b *bench) {
		pub, sub := b.stream()
		request, id := sub.pending(pub, "0")
		pub.send(m{"type": "accepted", "subscription_id": id, "stream_id": "S"})
		pub.send(m{"type": "error", "request_id": id, "reason_uri": "u", "reason": "late"})
		sub.expect(m{"type": "subscribed"})
		sub.expect(m{"type": "error", "request_id": request, "reason_uri": "u", "reason": "late"})
		sub.expect(m{"type": "subscription-cancelled", "subscription_id": id, "reason_uri": "u", "reason": "late"})
		pub.send(m{"type": "publish", "stream_id": "S", "data": 1})
		pub.quiet()
		sub.quiet()
	}},
	{"to oneself", func(b *bench) {
		p, _ := b.join("a")
		p.offerAlone(m{"id": "0", "name": "S"})
		id := p.subscribed(p, "0", "S")
		p.send(m{"type": "publish", "stream_id": "S", "data": 1})
		p.expect(m{"type": "event", "subscription_id": id, "data": 1})
	}},
}

// stream makes a publisher of a method "0" and somebody who may subscribe.
func (b *bench) stream() (publisher, subscriber *party) {
	b.Helper()
	all := b.together("pub", "sub")
	all[0].offer(all[1:], m{"id": "0", "name": "S", "flags": m{"streaming": true, "metadata": m{}}})
	return all[0], all[1]
}
