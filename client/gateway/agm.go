package gateway

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strconv"

	"ioscope/client/internal/wire"
)

const (
	agmFailure      = "agm.errors.failure"
	invokeFailure   = "agm.errors.invocation.failure"
	noSubscription  = "agm.errors.subscription.invalid_subscription"
	missingInDomain = " in domain :agm-domain"
)

// agm handles methods, calls and streams.
func (r *router) agm(q *request) {
	handle, known := agmHandlers[q.Type]
	if !known {
		q.unhandled()
		return
	}
	// A call looks for the callee first; everything else for the sender.
	if q.Type == wire.Call || q.joined() {
		handle(r, q, q.member())
	}
}

// member is the sender in agm; nil if it is not there.
func (q *request) member() *member {
	if q.peer == nil {
		return nil
	}
	return q.peer.agm
}

// joined reports whether the sender is in agm, and answers the request if not.
// The words differ by type, as those of the vendor's gateway do.
func (q *request) joined() bool {
	if q.member() != nil {
		return true
	}
	global := q.Type == wire.Register || q.Type == wire.Unregister || q.Type == wire.Error
	switch {
	case q.Type == wire.Publish || q.Type == wire.Post: // never answered
	case wire.IsNull(q.PeerID), q.peer == nil && global:
		q.nobody()
	default:
		q.fail(agmFailure, "Unable to find peer with id "+text(q.PeerID)+missingInDomain)
	}
	return false
}

var agmHandlers = map[string]func(*router, *request, *member){
	wire.Register:    (*router).register,
	wire.Unregister:  (*router).unregister,
	wire.Call:        (*router).call,
	wire.Yield:       (*router).yield,
	wire.Error:       (*router).calleeError,
	wire.Subscribe:   (*router).subscribe,
	wire.Accepted:    (*router).accept,
	wire.Publish:     (*router).publish,
	wire.Post:        (*router).post,
	wire.Unsubscribe: (*router).unsubscribe,
	wire.Drop:        (*router).drop,
}

func sees(a, b *member) bool { return visible(a.peer, b.peer, a.restrictions, b.restrictions) }

// others are the members that m sees, in the order of joining, by which clients
// rank them.
func (r *router) others(m *member) []*member {
	var list []*member
	for _, other := range r.members {
		if other != m && sees(m, other) {
			list = append(list, other)
		}
	}
	return list
}

// joinAGM tells every visible pair of each other, and the newcomer of the
// methods that there are: the peer always before its methods.
func (r *router) joinAGM(p *peer, restrictions *expression) {
	if p.agm != nil {
		return
	}
	m := newMember(p, restrictions)
	p.agm = m
	for _, other := range r.others(m) {
		introduce(wire.AGM, p, other.peer)
		showAll(m, other)
		introduce(wire.AGM, other.peer, p)
	}
	r.members = append(r.members, m)
}

// showAll tells a newcomer of the methods of a provider, and remembers it where
// not everybody may see them.
func showAll(newcomer, provider *member) {
	if provider.all == nil {
		provider.all = &sharing{
			defs: provider.methods,
			make: func(defs []*method) *notice { return announcement(provider, defs) },
		}
	}
	provider.all.tell(newcomer, func(def *method) bool {
		if def.shown == nil {
			return true
		}
		if !def.restrictions.holds(provider.fields, newcomer.fields) {
			return false
		}
		def.shown[newcomer] = struct{}{}
		return true
	})
}

// register announces to the others first, then to the registrant, which learns
// of its own methods no other way.
func (r *router) register(q *request, m *member) {
	defs, err := parseMethods(q.Methods)
	if err != nil {
		q.fail(agmFailure, err.Error())
		return
	}
	if err := r.roomForMethods(m, defs); err != nil {
		q.fail(registerFailed, err.Error())
		return
	}
	others := r.others(m)
	for _, def := range defs {
		def.restrictTo(m, others)
		m.setMethod(def)
	}
	news := sharing{defs: defs, make: func(defs []*method) *notice { return announcement(m, defs) }}
	for _, other := range append(others, m) {
		news.tell(other, func(def *method) bool {
			return other == m || def.restrictions.holds(m.fields, other.fields)
		})
	}
	q.success(wire.AGM)
}

// restrictTo finds out who may see a method. One that replaces another is not
// taken away from those that had the old one.
func (def *method) restrictTo(provider *member, others []*member) {
	old := provider.byID[def.key]
	if def.restrictions == nil {
		return
	}
	def.shown = map[*member]struct{}{}
	for _, other := range others {
		had := old != nil && provider.knows(other, old)
		if had || def.restrictions.holds(provider.fields, other.fields) {
			def.shown[other] = struct{}{}
		}
	}
}

// parseMethods reads the definitions of a register. They are passed on as they
// came, but for null flags: official clients lose a method that has them.
func parseMethods(raw wire.Raw) ([]*method, error) {
	var list []wire.Raw
	if json.Unmarshal(wire.OrNull(raw), &list) != nil || len(list) == 0 {
		return nil, errors.New("Methods are missing or no array") //nolint:staticcheck // told to clients
	}
	defs := make([]*method, 0, len(list))
	for _, item := range list {
		def, err := parseMethod(item)
		if err != nil {
			return nil, err
		}
		defs = append(defs, def)
	}
	return defs, nil
}

func parseMethod(raw wire.Raw) (*method, error) {
	fields, ok := parseObject(raw)
	if !ok {
		return nil, errors.New("Method definition is no object") //nolint:staticcheck // told to clients
	}
	if flags, ok := fields.values["flags"]; ok && wire.IsNull(flags) {
		fields.remove("flags")
		raw = fields.raw()
	}
	id := wire.OrNull(fields.values["id"])
	limits, err := restriction(fields.values["restrictions"])
	return &method{key: methodKey(id), id: id, raw: raw, restrictions: limits}, err
}

// methodKey is equal for ids that are equal by type and value, however they are
// written.
func methodKey(raw wire.Raw) string { return string(appendKey(nil, raw)) }

// keyed finds what a client's id names in a table by methodKey.
func keyed[T any](table map[string]T, id wire.Raw) T {
	var room [64]byte
	return table[string(appendKey(room[:0], id))]
}

func appendKey(dst []byte, raw wire.Raw) []byte {
	if s, ok := wire.TextBytes(raw); ok {
		return append(append(dst, 's'), s...)
	}
	const exact = 15 // digits that every double keeps
	if n, err := strconv.ParseFloat(string(raw), 64); err == nil && len(raw) <= exact {
		return strconv.AppendFloat(append(dst, 'n'), n, 'g', -1, 64)
	}
	return append(append(dst, 'r'), bytes.TrimSpace(wire.OrNull(raw))...)
}

func (r *router) unregister(q *request, m *member) {
	var ids []wire.Raw
	if json.Unmarshal(wire.OrNull(q.Methods), &ids) != nil || len(ids) == 0 {
		q.fail(agmFailure, "Methods are missing or no array")
		return
	}
	var defs []*method
	for _, id := range ids {
		def := keyed(m.byID, id)
		if def == nil {
			q.fail("agm.errors.unregistration.failure", "Unable to unregister missing method "+text(id))
			return
		}
		if !slices.Contains(defs, def) {
			defs = append(defs, def)
		}
	}
	r.removeMethods(m, defs)
	q.success(wire.AGM)
}

// removeMethods tells each consumer first of its subscriptions' end, then of
// the methods'.
func (r *router) removeMethods(m *member, defs []*method) {
	ending := map[*member][]*subscription{}
	for _, s := range ordered(m.interests) {
		if slices.ContainsFunc(defs, func(def *method) bool { return def.key == s.method.key }) {
			ending[s.subscriber] = append(ending[s.subscriber], s)
		}
	}
	news := m.withdrawn(defs)
	for _, other := range append(r.others(m), m) {
		for _, s := range ending[other] {
			r.removeSubscription(s)
			s.cancel(methodGone)
		}
		news.tell(other, func(def *method) bool { return m.knows(other, def) })
	}
	for _, def := range defs {
		m.removeMethod(def)
	}
}

// withdrawn shares the end of methods with those who knew them.
func (m *member) withdrawn(defs []*method) *sharing {
	return &sharing{defs: defs, make: func(defs []*method) *notice { return withdrawal(m, defs) }}
}
