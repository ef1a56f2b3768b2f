package gateway

import (
	"slices"

	"ioscope/client/internal/wire"
)

// sharedContext is a named JSON object that peers share. Its members hear of
// changes. The creator's identity outlives the creator: it is the permissions'
// own side.
type sharedContext struct {
	id       string
	number   uint64
	name     wire.Raw
	key      string // the name in comparable form
	lifetime string
	user     string
	service  bool
	creator  *peer // may be gone
	data     wire.Raw
	read     *expression
	write    *expression
	members  []*peer
}

// The lifetimes of contexts.
const (
	retained   = "retained"    // until somebody destroys it
	ownership  = "ownership"   // as long as its creator is a member
	refCounted = "ref-counted" // as long as it has members
)

func (c *sharedContext) order() uint64 { return c.number }

// concerns reports whether a context is any business of a peer: contexts are
// per user.
func (c *sharedContext) concerns(p *peer) bool {
	return c.user == p.user || c.service || p.service
}

func (c *sharedContext) readable(p *peer) bool {
	if c.creator == p || c.read.holds(c.creator.fields, p.fields) {
		return true
	}
	return c.write != nil && c.write.holds(c.creator.fields, p.fields)
}

func (c *sharedContext) writable(p *peer) bool {
	return c.creator == p || c.write.holds(c.creator.fields, p.fields)
}

func (c *sharedContext) destroyable(p *peer) bool {
	if c.lifetime == activityLife {
		return false // it ends with its activity
	}
	if c.lifetime == ownership {
		return c.creator == p
	}
	return c.writable(p)
}

func (c *sharedContext) enter(p *peer) {
	if !slices.Contains(c.members, p) {
		c.members = append(c.members, p)
	}
}

// orphaned reports whether a context ends now that a peer is no member any more.
func (c *sharedContext) orphaned(left *peer) bool {
	return c.lifetime == ownership && c.creator == left || c.lifetime == refCounted && len(c.members) == 0
}

// contextDomain is where a peer hears of contexts: global, until it joins the
// context domain by name.
func (p *peer) contextDomain() string {
	if p.named {
		return wire.Context
	}
	return wire.Global
}

// absent reports whether a peer joined the context domain and left it again.
func (p *peer) absent() bool { return p.named && !p.present }

// context handles the requests on contexts, which come in domain context and in
// domain global; answers go back in the same.
func (r *router) context(q *request) {
	handle := contextHandlers[q.Type]
	switch {
	case handle != nil && q.peer == nil:
		q.nobody()
	case handle != nil:
		handle(r, q)
	case q.Type == wire.CreateContext && q.peer == nil:
		q.nobody()
	case q.Type == wire.CreateContext:
		r.createContext(q)
	default:
		q.unhandled()
	}
}

// contextHandlers work on a context that exists.
var contextHandlers = map[string]func(*router, *request){
	wire.SubscribeContext:   onContext((*router).subscribeContext),
	wire.UnsubscribeContext: onContext((*router).unsubscribeContext),
	wire.UpdateContext:      onContext((*router).updateContext),
	wire.DestroyContext:     onContext((*router).destroyContext),
}

func onContext(handle func(*router, *request, *sharedContext)) func(*router, *request) {
	return func(r *router, q *request) {
		id, _ := wire.Text(q.ContextID)
		c := r.contexts[id]
		if c == nil || !c.concerns(q.peer) {
			q.fail(q.Domain+".errors.failure", "Unable to find context with id "+text(q.ContextID))
			return
		}
		handle(r, q, c)
	}
}

func (q *request) forbidden(what string) {
	q.fail(q.Domain+".errors.not_authorized", "Not authorized to "+what+" context")
}

func (r *router) createContext(q *request) {
	if c := r.contextNamed(q.peer, methodKey(q.Name)); c != nil {
		r.subscribeContext(q, c)
		return
	}
	lifetime, _ := wire.Text(q.Lifetime)
	if lifetime != retained && lifetime != ownership && lifetime != refCounted {
		q.fail(q.Domain+".errors.bad_lifetime", "Bad lifetime value ")
		return
	}
	c, err := r.newContext(q, lifetime)
	if err != nil {
		q.fail(q.Domain+".errors.failure", err.Error())
		return
	}
	r.contexts[c.id] = c
	for _, p := range r.order {
		if c.concerns(p) && c.readable(p) {
			c.announce(p, q.peer.raw)
		}
	}
	q.answer(q.Domain, &wire.Frame{Type: wire.ContextCreated, ContextID: wire.Quote(c.id)})
}

func (r *router) newContext(q *request, lifetime string) (*sharedContext, error) {
	read, err := restriction(q.ReadPermissions)
	if err != nil {
		return nil, err
	}
	write, err := restriction(q.WritePermissions)
	if err != nil {
		return nil, err
	}
	id, number := r.id('c')
	c := &sharedContext{
		id: id, number: number, name: wire.OrNull(q.Name), key: methodKey(q.Name), lifetime: lifetime,
		user: q.peer.user, service: q.peer.service, creator: q.peer, data: q.Data, read: read, write: write,
		members: []*peer{q.peer},
	}
	if wire.IsNull(c.data) {
		c.data = wire.Raw("{}")
	}
	return c, nil
}

// contextNamed finds a context by name among those of the peer's user.
func (r *router) contextNamed(p *peer, key string) *sharedContext {
	for _, c := range ordered(r.contexts) {
		if c.key == key && c.user == p.user && c.lifetime != activityLife {
			return c
		}
	}
	return nil
}

// announce tells a peer that a context exists: only then it knows the name that
// belongs to the id.
func (c *sharedContext) announce(p *peer, creator wire.Raw) {
	p.send(&wire.Frame{
		Domain: p.contextDomain(), Type: wire.ContextAdded,
		CreatorID: creator, ContextID: wire.Quote(c.id), Name: c.name,
	})
}

// announceContexts tells a newcomer what there is, and those who listen to the
// context domain of the newcomer.
func (r *router) announceContexts(p *peer) {
	for _, c := range ordered(r.contexts) {
		if !c.concerns(p) || !c.readable(p) || c.lifetime == activityLife {
			continue
		}
		creator := wire.Null
		if c.lifetime == ownership {
			creator = c.creator.raw
		}
		c.announce(p, creator)
	}
	for _, other := range r.listeners(p) {
		introduce(wire.Context, other, p)
	}
}

// listeners are the visible peers that are told of others coming and going in
// the context domain.
func (r *router) listeners(p *peer) []*peer {
	return slices.DeleteFunc(r.contextPeers(p), func(other *peer) bool { return !other.present })
}

// contextPeers are the peers that p sees in the context domain: everybody is
// there who has not left it.
func (r *router) contextPeers(p *peer) []*peer {
	var list []*peer
	for _, other := range r.order {
		if other != p && !other.absent() && visible(p, other, p.contextLimits, other.contextLimits) {
			list = append(list, other)
		}
	}
	return list
}

func (r *router) subscribeContext(q *request, c *sharedContext) {
	if !c.readable(q.peer) {
		q.forbidden("read")
		return
	}
	c.enter(q.peer)
	q.answer(q.Domain, &wire.Frame{Type: wire.SubscribedContext, ContextID: wire.Quote(c.id), Data: c.data})
}

func (r *router) unsubscribeContext(q *request, c *sharedContext) {
	r.quit(q.peer, c, q.Domain, true)
	q.success(q.Domain)
}

// quit takes a peer out of a context and ends that if it lives no longer. With
// told the peer hears of the end too.
func (r *router) quit(p *peer, c *sharedContext, domain string, told bool) {
	if !slices.Contains(c.members, p) {
		return
	}
	members := slices.Clone(c.members)
	c.members = without(c.members, p)
	if !c.orphaned(p) {
		return
	}
	audience := r.audience(c, members)
	if !told {
		audience = without(audience, p)
	}
	r.endContext(c, audience, ending{
		wire.Quote(domain + ".peer-left"), wire.Quote("Context destroyed because its owner/last peer left"),
	})
}

func (r *router) updateContext(q *request, c *sharedContext) {
	if !c.writable(q.peer) {
		q.forbidden("update")
		return
	}
	delta := q.Delta
	if wire.IsNull(delta) {
		delta = wire.Raw("{}")
	}
	data, err := applyDelta(c.data, delta)
	if err != nil {
		q.fail(q.Domain+".errors.failure", err.Error())
		return
	}
	c.data = data
	for _, p := range c.members {
		if p == q.peer {
			continue // the updater knows
		}
		p.send(&wire.Frame{
			Domain: p.contextDomain(), Type: wire.ContextUpdated,
			UpdaterID: q.peer.raw, ContextID: wire.Quote(c.id), Delta: delta,
		})
	}
	q.success(q.Domain)
}

func (r *router) destroyContext(q *request, c *sharedContext) {
	if !c.destroyable(q.peer) {
		q.forbidden("destroy")
		return
	}
	r.endContext(c, r.audience(c, c.members), ending{
		wire.Quote(q.Domain + ".destroyed"), wire.Quote("Context destroyed explicitly"),
	})
	q.success(q.Domain)
}

// audience are the members, and then everybody else who was told of a context.
func (r *router) audience(c *sharedContext, members []*peer) []*peer {
	list := slices.Clone(members)
	for _, p := range r.order {
		if !slices.Contains(list, p) && c.concerns(p) && c.readable(p) {
			list = append(list, p)
		}
	}
	return list
}

func (r *router) endContext(c *sharedContext, audience []*peer, why ending) {
	delete(r.contexts, c.id)
	for _, p := range audience {
		p.send(&wire.Frame{
			Domain: p.contextDomain(), Type: wire.ContextDestroyed,
			ContextID: wire.Quote(c.id), ReasonURI: why.uri, Reason: why.reason,
		})
	}
}

// joinContext switches a peer to the context domain and tells it of all visible
// peers, whether or not they joined by name.
func (r *router) joinContext(p *peer, restrictions *expression) {
	if p.present {
		return
	}
	p.named, p.present, p.contextLimits = true, true, restrictions
	for _, other := range r.contextPeers(p) {
		introduce(wire.Context, p, other)
	}
}

// leaveContext answers first and then tells the leaver that everybody is gone.
// It goes on hearing of contexts, in their domain.
func (r *router) leaveContext(q *request) {
	p := q.peer
	q.success(wire.Context)
	if !p.present {
		return
	}
	p.present = false
	why := ending{wire.OrNull(q.ReasonURI), wire.OrNull(q.Reason)}
	for _, other := range r.contextPeers(p) {
		removed(p, other, why)
	}
	r.quitAll(p, wire.Context)
	for _, other := range r.listeners(p) {
		removed(other, p, why)
	}
}

func removed(to, who *peer, why ending) {
	to.send(&wire.Frame{
		Domain: wire.Context, Type: wire.PeerRemoved, RemovedID: who.raw, ReasonURI: why.uri, Reason: why.reason,
	})
}

// quitAll takes a peer out of all contexts.
func (r *router) quitAll(p *peer, domain string) {
	for _, c := range ordered(r.contexts) {
		r.quit(p, c, domain, false)
	}
}

// endContexts is the end of a peer's connection.
func (r *router) endContexts(p *peer) {
	r.quitAll(p, wire.Context)
	if p.absent() {
		return
	}
	for _, other := range r.listeners(p) {
		removed(other, p, ending{wire.Raw(`"context.peer-removed"`), goneReason.reason})
	}
}
