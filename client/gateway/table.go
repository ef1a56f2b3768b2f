package gateway

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"time"

	"ioscope/client/internal/wire"
)

// tables say who is on the bus and what hangs on whom. They are plain data: no
// goroutines, no clock, nothing is sent from here. Whoever changes them holds
// the gateway's mutex.
type tables struct {
	node string
	next uint64 // one counter for the ids of all kinds

	peers map[string]*peer
	order []*peer          // the same, in the order of their log-ins
	seen  map[string]*peer // by resolved identity

	members []*member // peers in agm, in the order of joining
	calls   map[string]*invocation
	subs    map[string]*subscription

	riders []*rider // peers on the message bus, in the order of joining

	contexts map[string]*sharedContext

	actors     []*actor // peers in the activity domain, in the order of joining
	types      []*activityType
	activities map[string]*activity
	tasks      map[string]*task
}

func newTables(node string) tables {
	return tables{
		node:     node,
		peers:    map[string]*peer{},
		seen:     map[string]*peer{},
		calls:    map[string]*invocation{},
		subs:     map[string]*subscription{},
		contexts: map[string]*sharedContext{},

		activities: map[string]*activity{},
		tasks:      map[string]*task{},
	}
}

// id makes an id that no other thing has. The letter in front keeps it from
// looking like a number, which would change the order of keys in JavaScript.
func (t *tables) id(kind byte) (string, uint64) {
	t.next++
	var room [64]byte
	name := append(append(append(room[:0], kind, '-'), t.node...), '-')
	return string(strconv.AppendUint(name, t.next, 10)), t.next
}

// peer is somebody who logged in.
type peer struct {
	id      string
	raw     wire.Raw // id as JSON
	link    *link
	user    string
	service bool

	identity wire.Raw       // resolved
	fields   map[string]any // the same, decoded
	seen     string         // identity in canonical form

	introductions map[string]*notice // by domain
	base          string             // the same without what differs between two log-ins

	agm   *member // nil unless joined
	bus   *rider  // nil unless joined
	calls map[string]*invocation
	swept time.Time // when old calls were last looked for

	// named is true once it joined the context domain by name: it is then spoken
	// to in that domain. present is true until it leaves again: it hears of peers.
	named, present bool
	contextLimits  *expression

	activity *actor // nil unless joined
	task     string // for which it was started, if it was
}

// member is a peer in the agm domain. All of it ends when the peer leaves.
type member struct {
	*peer
	restrictions *expression

	methods []*method // in the order of registration
	all     *sharing  // of these; nil until somebody needs it
	byID    map[string]*method

	answering map[string]*invocation   // calls it has to answer
	made      map[string]*subscription // subscriptions it asked for
	interests map[string]*subscription // subscriptions in its own methods
	streams   map[string]*fanOut
	opened    uint64 // streams ever, to order them by
}

// fanOut are the subscriptions that a publisher put on one of its streams: a
// branch, as it calls it. It ends with its last subscription.
type fanOut struct {
	id        string // methodKey of the publisher's word for it
	number    uint64
	subs      []*subscription
	published uint64
}

func (f *fanOut) order() uint64 { return f.number }

// method is a registered definition.
type method struct {
	key          string
	id           wire.Raw // as registered: servers compare it by type
	raw          wire.Raw
	restrictions *expression
	// shown is who was told of it; nil means every member that sees the server.
	shown map[*member]struct{}
}

// invocation is a call that waits for its answer. caller is nil when the caller
// is gone: the answer then vanishes.
type invocation struct {
	id      string
	number  uint64
	request wire.Raw
	caller  *peer
	callee  *member
	made    time.Time
}

// subscription joins a subscriber to a method of a publisher. It is pending
// until the publisher put it on a stream.
type subscription struct {
	id         string
	number     uint64
	request    wire.Raw
	method     *method
	subscriber *member
	publisher  *member
	streams    []string
	head       []byte // what its events start with
}

func (s *subscription) accepted() bool { return len(s.streams) > 0 }

func (s *subscription) order() uint64 { return s.number }
func (c *invocation) order() uint64   { return c.number }

// without removes one entry from a list, in place.
func without[T comparable](list []T, gone T) []T {
	return slices.DeleteFunc(list, func(entry T) bool { return entry == gone })
}

// ordered lists a table in the order in which its entries were made.
func ordered[T interface{ order() uint64 }](table map[string]T) []T {
	list := slices.Collect(maps.Values(table))
	slices.SortFunc(list, func(a, b T) int { return cmp.Compare(a.order(), b.order()) })
	return list
}

func newMember(p *peer, restrictions *expression) *member {
	return &member{
		peer: p, restrictions: restrictions,
		byID:      map[string]*method{},
		answering: map[string]*invocation{},
		made:      map[string]*subscription{},
		interests: map[string]*subscription{},
		streams:   map[string]*fanOut{},
	}
}

// addPeer puts a peer on the bus.
func (t *tables) addPeer(p *peer) {
	t.peers[p.id] = p
	t.order = append(t.order, p)
	t.seen[p.seen] = p
	p.link.peers = append(p.link.peers, p)
}

// removePeer takes it off; its memberships must have ended before.
func (t *tables) removePeer(p *peer) {
	for _, c := range p.calls {
		c.caller = nil
	}
	p.calls = nil
	delete(t.peers, p.id)
	t.order = without(t.order, p)
	if t.seen[p.seen] == p {
		delete(t.seen, p.seen)
	}
	p.link.peers = without(p.link.peers, p)
}

// setMethod adds a definition or replaces the one with the same id, in its place.
func (m *member) setMethod(def *method) {
	m.all = nil
	old, known := m.byID[def.key]
	m.byID[def.key] = def
	if !known {
		m.methods = append(m.methods, def)
		return
	}
	m.methods[slices.Index(m.methods, old)] = def
}

func (m *member) removeMethod(def *method) {
	m.all = nil
	delete(m.byID, def.key)
	m.methods = without(m.methods, def)
}

// knows reports whether a member may use a method of m.
func (m *member) knows(other *member, def *method) bool {
	if m == other || def.shown == nil {
		return true
	}
	_, ok := def.shown[other]
	return ok
}

// addCall enters a call under a new id.
func (t *tables) addCall(caller *peer, callee *member, request wire.Raw) *invocation {
	id, number := t.id('r')
	c := &invocation{
		id: id, number: number, request: slices.Clone(request),
		caller: caller, callee: callee, made: time.Now(),
	}
	t.calls[id] = c
	caller.calls[id] = c
	callee.answering[id] = c
	return c
}

func (t *tables) removeCall(c *invocation) {
	delete(t.calls, c.id)
	delete(c.callee.answering, c.id)
	if c.caller != nil {
		delete(c.caller.calls, c.id)
	}
}

// addSubscription enters a pending subscription under a new id.
func (t *tables) addSubscription(subscriber, publisher *member, def *method, request wire.Raw) *subscription {
	id, number := t.id('r')
	s := &subscription{
		id: id, number: number, request: slices.Clone(request),
		method: def, subscriber: subscriber, publisher: publisher,
	}
	s.head = wire.AppendEventHead(nil, subscriber.id, id)
	t.subs[id] = s
	subscriber.made[id] = s
	publisher.interests[id] = s
	return s
}

// attach puts a subscription on a stream of its publisher, once.
func (s *subscription) attach(stream string) {
	if slices.Contains(s.streams, stream) {
		return
	}
	s.streams = append(s.streams, stream)
	f := s.publisher.streams[stream]
	if f == nil {
		s.publisher.opened++
		f = &fanOut{id: stream, number: s.publisher.opened}
		s.publisher.streams[stream] = f
	}
	f.subs = append(f.subs, s)
}

// removeSubscription clears the subscription, the interest and the streams.
func (t *tables) removeSubscription(s *subscription) {
	delete(t.subs, s.id)
	delete(s.subscriber.made, s.id)
	delete(s.publisher.interests, s.id)
	for _, stream := range s.streams {
		f := s.publisher.streams[stream]
		f.subs = without(f.subs, s)
		if len(f.subs) == 0 {
			delete(s.publisher.streams, stream)
		}
	}
}

// removeMember takes a member out of agm; its calls and subscriptions must have
// been removed before.
func (t *tables) removeMember(m *member) {
	m.peer.agm = nil
	t.members = without(t.members, m)
	for _, other := range t.members {
		for _, def := range other.methods {
			delete(def.shown, m)
		}
	}
}
