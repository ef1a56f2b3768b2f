package gateway

import (
	"fmt"
	"time"
)

// limits bound what peers may hold; negative ones do not.
type limits struct{ peers, userPeers, methods, calls, subscriptions int }

func (o *Options) limits() limits {
	userPeers := o.MaxUserPeers
	if userPeers == 0 {
		userPeers = -1
	}
	return limits{o.MaxPeers, userPeers, o.MaxMethods, o.MaxCalls, o.MaxSubscriptions}
}

// The errors of the protocol for too many of something. It has a word of its
// own for peers alone; the others are the failures of what was asked for.
const (
	limitsExceeded = "global.errors.limits_exceeded"
	registerFailed = "agm.errors.registration.failure"
)

// full reports whether there is no room for one more.
func full(have, limit int) bool { return limit >= 0 && have >= limit }

// roomForPeer is "", or why a user can't have one more peer.
func (r *router) roomForPeer(user string) string {
	if full(len(r.peers), r.limits.peers) {
		return "Maximum number of peers have been reached"
	}
	if r.limits.userPeers < 0 {
		return ""
	}
	var have int
	for _, p := range r.order {
		if p.user == user {
			have++
		}
	}
	if full(have, r.limits.userPeers) {
		return "Maximum number of peers per user have been reached"
	}
	return ""
}

// roomForMethods is nil if a member may have these too; those that replace one
// of theirs need no room.
func (r *router) roomForMethods(m *member, defs []*method) error {
	fresh := map[string]struct{}{}
	for _, def := range defs {
		if m.byID[def.key] == nil {
			fresh[def.key] = struct{}{}
		}
	}
	if limit := r.limits.methods; limit >= 0 && len(m.methods)+len(fresh) > limit {
		return fmt.Errorf("Maximum number of methods per peer (%d) has been reached", limit) //nolint:staticcheck // told to clients
	}
	return nil
}

// callLife is how long a call that nobody has answered is kept when room is
// needed: clients have given up on it long before, by default after 30 s, and
// the protocol has no word by which they could say so.
const callLife = time.Hour

// roomForCall reports whether a peer may make one more call, and answers the
// request if not.
func (r *router) roomForCall(q *request) bool {
	p := q.peer
	if !full(len(p.calls), r.limits.calls) {
		return true
	}
	r.sweep(p)
	if !full(len(p.calls), r.limits.calls) {
		return true
	}
	q.fail(invokeFailure, fmt.Sprintf("Maximum number of calls in flight per peer (%d) has been reached", r.limits.calls))
	return false
}

// sweep forgets the calls of a peer that will hardly be answered any more. It
// looks at all of them, so it does so once a minute at most.
func (r *router) sweep(p *peer) {
	now := time.Now()
	if now.Sub(p.swept) < time.Minute {
		return
	}
	p.swept = now
	for _, c := range p.calls {
		if now.Sub(c.made) >= callLife {
			r.removeCall(c)
		}
	}
}

// roomForSubscription is roomForCall for subscriptions.
func (r *router) roomForSubscription(q *request, m *member) bool {
	if !full(len(m.made), r.limits.subscriptions) {
		return true
	}
	q.fail(invokeFailure, fmt.Sprintf("Maximum number of subscriptions per peer (%d) has been reached", r.limits.subscriptions))
	return false
}
