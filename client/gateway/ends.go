package gateway

import (
	"ioscope/client/internal/wire"
)

// ending is why something ended: a reason_uri and a reason.
type ending struct{ uri, reason wire.Raw }

var (
	goneReason = ending{wire.Raw(`"agm.peer-removed"`), wire.Raw(`"Peer has been removed"`)}
	methodGone = ending{wire.Raw(`"agm.method-removed"`), wire.Raw(`"Method has been removed"`)}
)

// cancel ends a subscription from the publisher's side. One that is still
// pending gets the error that its request waits for: its subscriber has never
// heard of the subscription's id.
func (s *subscription) cancel(why ending) {
	if s.accepted() {
		s.cancelled(why)
		return
	}
	s.subscriber.send(&wire.Frame{
		Domain: wire.AGM, Type: wire.Error, RequestID: s.request, ReasonURI: why.uri, Reason: why.reason,
	})
}

// cancelled tells the subscriber that its subscription ended.
func (s *subscription) cancelled(why ending) {
	s.subscriber.send(&wire.Frame{
		Domain: wire.AGM, Type: wire.Cancelled,
		SubscriptionID: wire.Quote(s.id), ReasonURI: why.uri, Reason: why.reason,
	})
}

// removeInterest tells the publisher that a subscriber is gone.
func (s *subscription) removeInterest(why ending) {
	s.publisher.send(&wire.Frame{
		Domain: wire.AGM, Type: wire.RemoveInterest,
		SubscriptionID: wire.Quote(s.id), MethodID: s.method.id, CallerID: s.subscriber.raw,
		ReasonURI: why.uri, Reason: why.reason,
	})
}

// endMember takes a peer out of agm, by its own leave or, with vanished, because
// its connection ended. All publishers hear of it first; then each remaining
// member of its calls, its subscriptions, the methods and the peer, in this
// order, because clients forget what belongs to a peer together with it.
func (r *router) endMember(m *member, why ending, vanished bool) {
	for _, s := range ordered(m.made) {
		r.removeSubscription(s)
		if s.publisher != m || !vanished {
			s.removeInterest(why)
		}
	}
	calls, subs := r.orphans(m)
	gone := newNotice(&wire.Frame{
		Domain: wire.AGM, Type: wire.PeerRemoved, RemovedID: m.raw, ReasonURI: why.uri, Reason: why.reason,
	})
	news := m.withdrawn(m.methods)
	for _, other := range r.others(m) {
		for _, c := range calls[other.peer] {
			other.send(&wire.Frame{
				Domain: wire.AGM, Type: wire.Error, RequestID: c.request,
				ReasonURI: wire.Quote(invokeFailure), Reason: wire.Raw(`"Peer has left while waiting for result"`),
			})
		}
		for _, s := range subs[other] {
			s.cancel(goneReason)
		}
		news.tell(other, func(def *method) bool { return m.knows(other, def) })
		other.tell(gone)
	}
	r.removeMember(m)
}

// orphans removes the calls and subscriptions that a member was to serve and
// returns them by who waits for them.
func (r *router) orphans(m *member) (map[*peer][]*invocation, map[*member][]*subscription) {
	calls := map[*peer][]*invocation{}
	for _, c := range ordered(m.answering) {
		r.removeCall(c)
		if c.caller != nil {
			calls[c.caller] = append(calls[c.caller], c)
		}
	}
	subs := map[*member][]*subscription{}
	for _, s := range ordered(m.interests) {
		r.removeSubscription(s)
		subs[s.subscriber] = append(subs[s.subscriber], s)
	}
	return calls, subs
}
