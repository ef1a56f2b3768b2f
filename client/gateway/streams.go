package gateway

import (
	"ioscope/client/internal/wire"
)

// subscribe asks the publisher; whether a method streams is not looked at.
func (r *router) subscribe(q *request, caller *member) {
	publisher, def := r.aim(q, caller)
	if publisher == nil || !r.roomForSubscription(q, caller) {
		return
	}
	s := r.addSubscription(caller, publisher, def, wire.OrNull(q.RequestID))
	publisher.send(&wire.Frame{
		Domain: wire.AGM, Type: wire.AddInterest,
		SubscriptionID: wire.Quote(s.id), MethodID: def.id, CallerID: q.peer.raw,
		Arguments: wire.OrNull(q.Arguments), ArgumentsKV: wire.OrNull(q.ArgumentsKV),
		Flags: wire.OrNull(q.Flags), Context: wire.OrNull(q.Context),
	})
}

// interest is the subscription that a publisher names; nil if it has none of
// that id.
func (m *member) interest(id wire.Raw) *subscription {
	return named(m.interests, id)
}

// accept puts a subscription on a stream, or on one more.
func (r *router) accept(q *request, m *member) {
	if wire.IsNull(q.StreamID) {
		q.fail(noSubscription, "Invalid or missing stream id")
		return
	}
	s := m.interest(q.SubscriptionID)
	if s == nil {
		return
	}
	s.attach(methodKey(q.StreamID))
	s.subscriber.send(&wire.Frame{
		Domain: wire.AGM, Type: wire.Subscribed, RequestID: s.request, SubscriptionID: wire.Quote(s.id),
	})
}

// rejectInterest is a publisher's refusal. After it had accepted, the subscriber
// is also told that the subscription ended: official clients ignore the error
// alone and would keep it for ever.
func (r *router) rejectInterest(q *request, m *member) {
	s := m.interest(q.RequestID)
	if s == nil {
		q.fail(noSubscription, "Trying to drop a non-existing subscription")
		return
	}
	r.removeSubscription(s)
	s.subscriber.send(passError(q, s.request))
	if s.accepted() {
		s.cancelled(ending{wire.OrNull(q.ReasonURI), wire.OrNull(q.Reason)})
	}
}

// publish sends data to everybody on a stream. Everything behind the receiver's
// ids is written once.
func (r *router) publish(q *request, m *member) {
	f := keyed(m.streams, q.StreamID)
	r.count.published++
	if f == nil {
		return
	}
	f.published++
	r.count.events += uint64(len(f.subs))
	deliver(q, false, f.subs...)
}

// post sends data to one subscriber.
func (r *router) post(q *request, m *member) {
	r.count.published++
	if s := m.interest(q.SubscriptionID); s != nil {
		r.count.events++
		deliver(q, true, s)
	}
}

// deliver writes the part that is the same for all subscribers once. Each has
// its own part ready.
func deliver(q *request, alone bool, subs ...*subscription) {
	draft := newDraft()
	defer draft.done()
	draft.text = wire.AppendEventTail(draft.text, alone, q.Sequence, q.Snapshot, q.Data)
	for _, s := range subs {
		s.subscriber.link.enqueue(s.head, draft.text, express)
	}
}

// unsubscribe ends a subscription for its subscriber, who may do so before it is
// accepted.
func (r *router) unsubscribe(q *request, m *member) {
	s := named(m.made, q.SubscriptionID)
	if s == nil {
		q.fail(noSubscription, "Unable to find subscription with id "+text(q.SubscriptionID)+" on subscriber id "+m.id)
		return
	}
	r.removeSubscription(s)
	s.removeInterest(ending{wire.OrNull(q.ReasonURI), wire.OrNull(q.Reason)})
	q.success(wire.AGM)
}

// drop ends an accepted subscription for its publisher. Its errors name the
// subscription in place of the request.
func (r *router) drop(q *request, m *member) {
	q.RequestID = q.SubscriptionID
	s := m.interest(q.SubscriptionID)
	if s == nil {
		q.fail(noSubscription, "Trying to drop a non-existing subscription")
		return
	}
	if !s.accepted() {
		q.fail(noSubscription, "Trying to drop a subscription that wasnt established. "+
			"Did you mean to return an error instead?")
		return
	}
	r.removeSubscription(s)
	s.cancelled(ending{wire.OrNull(q.ReasonURI), wire.OrNull(q.Reason)})
}
