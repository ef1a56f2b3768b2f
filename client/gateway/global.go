package gateway

import (
	"fmt"

	"ioscope/client/internal/wire"
)

// global handles the messages of the global domain, and those of contexts,
// which most clients send there.
func (r *router) global(q *request) {
	switch q.Type {
	case wire.Join:
		r.join(q)
	case wire.Leave:
		r.leave(q)
	case wire.CreateToken:
		r.createToken(q)
	default:
		r.context(q)
	}
}

// hello lets a peer in, or says why not. It returns the reason of a refusal.
func (r *router) hello(l *link, f *wire.Frame, who *login) string {
	f.Domain = wire.Global
	q := &request{Frame: f, link: l}
	q.PeerID = nil
	if who.challenge != nil {
		l.enqueue(challenge(q, who.challenge), nil, express)
		return ""
	}
	if who.refused != nil {
		return r.turnAway(q, who.refused.uri, who.refused.reason)
	}
	ident, ok := parseIdentity(f.Identity)
	if !ok {
		return r.turnAway(q, globalFailure, "Identity is not an object")
	}
	p := r.newPeer(l, ident, who)
	if same := r.seen[p.seen]; same != nil && same.link != l {
		return r.turnAway(q, "global.errors.already_seen", "Hello already received once")
	}
	old := l.former(p)
	if reason := r.roomForPeer(p.user); reason != "" && old == nil {
		return r.turnAway(q, limitsExceeded, reason)
	}
	if old != nil {
		r.dismiss(old)
	}
	r.addPeer(p)
	r.count.logins++
	l.names = append(l.names, ident.name())
	r.welcome(q, p, who)
	return ""
}

// turnAway answers a hello with an error.
func (r *router) turnAway(q *request, uri, reason string) string {
	r.count.refused++
	q.fail(uri, reason)
	return reason
}

// challenge asks for one more step of a log-in.
func challenge(q *request, token wire.Raw) []byte {
	f := wire.Frame{
		Domain: wire.Global, Type: wire.AuthRequest, RequestID: wire.OrNull(q.RequestID),
		Authentication: wire.Raw(`{"token":` + string(token) + `}`),
	}
	return f.Bytes()
}

// newPeer resolves an identity; the peer is not on the bus yet.
func (r *router) newPeer(l *link, ident *object, who *login) *peer {
	resolve(ident, who, l.host)
	base := canonical(ident.decoded(), "instance")
	instance, _ := r.id('i')
	ident.setIfMissing("instance", wire.Quote(instance))
	id, _ := r.id('p')
	p := &peer{id: id, raw: wire.Quote(id), link: l, user: who.user, service: l.service, task: who.task, calls: map[string]*invocation{}}
	fillIn(ident, p.raw)
	p.identity, p.fields, p.base = ident.raw(), ident.decoded(), base
	p.seen = canonical(p.fields)
	return p
}

// former is the peer that logged in over the same connection with the same
// identity, or nil. Clients that reconnect without closing their socket leave it
// behind, and calls to it would never be answered.
func (l *link) former(p *peer) *peer {
	for _, old := range l.peers {
		if old.base == p.base {
			return old
		}
	}
	return nil
}

func (r *router) welcome(q *request, p *peer, who *login) {
	reply := wire.Frame{Type: wire.Welcome, AvailableDomains: domainList, ResolvedIdentity: p.identity}
	if who.access != "" {
		reply.Options = wire.Raw(`{"access_token":` + string(wire.Quote(who.access)) + `}`)
	}
	q.PeerID = p.raw
	q.answer(wire.Global, &reply)
	r.announceContexts(p)
}

func (r *router) createToken(q *request) {
	if q.peer == nil {
		q.nobody()
		return
	}
	token := r.keys.gateway.sign(claims{Type: gatewayTokenType, User: q.peer.user}, gatewayLife)
	q.answer(wire.Global, &wire.Frame{Type: wire.Token, Token: wire.Quote(token)})
}

// destination is the domain that a join or leave names. It answers the request
// itself and returns false where there is no such peer or domain.
func (r *router) destination(q *request) (string, bool) {
	domain, _ := wire.Text(q.Destination)
	if domain == wire.Global {
		q.unhandled()
		return "", false
	}
	if q.peer == nil {
		q.fail("global.errors.invalid_peer", "Unable to find peer with id "+text(q.PeerID))
		return "", false
	}
	switch domain {
	case wire.AGM, wire.Context, wire.Bus, wire.Metrics, wire.Activity:
		return domain, true
	}
	q.fail("global.errors.invalid_domain", fmt.Sprintf("Unable to %s missing domain %s", q.Type, text(q.Destination)))
	return "", false
}

// join answers in the domain that was joined: clients wait for it there.
func (r *router) join(q *request) {
	domain, ok := r.destination(q)
	if !ok {
		return
	}
	restrictions, err := restriction(q.Restrictions)
	if err != nil {
		q.failIn(domain, domain+".errors.failure", err.Error())
		return
	}
	switch domain {
	case wire.AGM:
		r.joinAGM(q.peer, restrictions)
	case wire.Context:
		r.joinContext(q.peer, restrictions)
	case wire.Bus:
		r.joinBus(q.peer, restrictions)
	case wire.Activity:
		r.joinActivities(q.peer, restrictions)
	}
	q.success(domain)
}

// restriction reads the restrictions of a join, a method or a context.
func restriction(raw wire.Raw) (*expression, error) {
	if wire.IsNull(raw) {
		return nil, nil
	}
	source, ok := wire.Text(raw)
	if !ok {
		return nil, fmt.Errorf("restriction is no string")
	}
	return parseRestriction(source)
}

func (r *router) leave(q *request) {
	domain, ok := r.destination(q)
	if !ok {
		return
	}
	switch domain {
	case wire.AGM:
		if q.peer.agm != nil {
			r.endMember(q.peer.agm, ending{wire.OrNull(q.ReasonURI), wire.OrNull(q.Reason)}, false)
		}
	case wire.Context:
		r.leaveContext(q)
		return
	case wire.Bus:
		if q.peer.bus != nil {
			r.removeRider(q.peer.bus)
		}
	case wire.Activity:
		if q.peer.activity != nil {
			r.leaveActivities(q.peer.activity, ending{wire.OrNull(q.ReasonURI), wire.OrNull(q.Reason)})
		}
	}
	q.success(domain)
}
