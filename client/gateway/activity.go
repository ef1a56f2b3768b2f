package gateway

import (
	"encoding/json"
	"slices"

	"ioscope/client/internal/wire"
)

// The activity domain starts applications for one another and groups them: a
// peer that has factories is asked to start one, which logs in with the token
// that came with the request and says that it is ready. What its messages look
// like was seen on the vendor's gateway; no core client speaks it.

// actor is a peer in the activity domain.
type actor struct {
	*peer
	restrictions *expression
	factories    []*factory
	all          bool            // it follows activities of every type
	follows      map[string]bool // or of these
}

// factory is what a peer can start.
type factory struct {
	id, kind string
	raw      wire.Raw
}

// activityType says who takes part in activities of a type. Types belong to a
// user, as long as one of their peers is in the domain.
type activityType struct {
	user, name string
	raw        wire.Raw
	owner      role
	helpers    []role
	context    wire.Raw
}

// role is a part in an activity: which kind of peer is started for it.
type role struct {
	Type          string          `json:"type"`
	Name          string          `json:"name"`
	Configuration json.RawMessage `json:"configuration"`
}

const (
	activityFailure = "activity.errors.failure"
	noActivity      = "activity.errors.invalid_activity"
)

var activityHandlers = map[string]func(*router, *request, *actor, *script){
	"add-types":             (*router).addTypes,
	"remove-types":          (*router).removeTypes,
	"add-peer-factories":    (*router).addFactories,
	"remove-peer-factories": (*router).removeFactories,
	"subscribe":             (*router).follow,
	"unsubscribe":           (*router).unfollow,
	"create":                (*router).createActivity,
	"destroy":               (*router).destroyActivity,
	"join-activity":         (*router).joinActivity,
	"leave-activity":        (*router).leaveActivity,
	"create-peer":           (*router).createPeer,
	"destroy-peer":          (*router).destroyPeer,
	"ready":                 (*router).ready,
	"reload":                (*router).reload,
}

// script are the fields of this domain's messages that no other has.
type script struct {
	Types          []json.RawMessage `json:"types"`
	Factories      []json.RawMessage `json:"factories"`
	FactoryIDs     []string          `json:"factory_ids"`
	ActivityTypes  []string          `json:"activity_types"`
	ActivityType   string            `json:"activity_type"`
	ActivityID     string            `json:"activity_id"`
	InitialContext json.RawMessage   `json:"initial_context"`
	PeerType       string            `json:"peer_type"`
	PeerName       string            `json:"peer_name"`
	Configuration  json.RawMessage   `json:"configuration"`
	TargetID       *string           `json:"target_id"`
	DestroyPeerID  *string           `json:"destroy_peer_id"`
}

// activity handles the messages of its domain; text is the whole of one.
func (r *router) activity(q *request, text []byte) {
	handle, known := activityHandlers[q.Type]
	update := q.Type == wire.UpdateContext
	switch {
	case !known && !update:
		q.unhandled()
		return
	case q.peer == nil:
		q.nobody()
		return
	case q.peer.activity == nil:
		q.fail(activityFailure, "Unable to find peer with id "+q.peer.id+" in domain :activity-domain")
		return
	case update:
		r.context(q)
		return
	}
	var s script
	if err := json.Unmarshal(text, &s); err != nil {
		q.fail(activityFailure, "Message is malformed")
		return
	}
	handle(r, q, q.peer.activity, &s)
}

// field is a member of a message: a name and a JSON text.
type field struct {
	name  string
	value wire.Raw
}

func texts(name, value string) field { return field{name, wire.Quote(value)} }

// say sends a peer a message of the activity domain.
func (p *peer) say(kind string, fields ...field) {
	o := newObject()
	o.set("domain", wire.Raw(`"activity"`))
	o.set("type", wire.Quote(kind))
	o.set("peer_id", p.raw)
	for _, f := range fields {
		o.set(f.name, wire.OrNull(f.value))
	}
	p.link.enqueue(o.raw(), nil, express)
}

// reply answers a request with a message of the activity domain.
func (q *request) reply(kind string, fields ...field) {
	q.peer.say(kind, append([]field{{"request_id", q.RequestID}}, fields...)...)
}

// cast are the actors that a sees, in the order of joining.
func (r *router) cast(a *actor) []*actor {
	var list []*actor
	for _, other := range r.actors {
		if other != a && visible(a.peer, other.peer, a.restrictions, other.restrictions) {
			list = append(list, other)
		}
	}
	return list
}

// joinActivities tells a newcomer of the others, of types and of factories.
func (r *router) joinActivities(p *peer, restrictions *expression) {
	if p.activity != nil {
		return
	}
	a := &actor{peer: p, restrictions: restrictions, follows: map[string]bool{}}
	p.activity = a
	others := r.cast(a)
	for _, other := range others {
		introduce(wire.Activity, p, other.peer)
		introduce(wire.Activity, other.peer, p)
	}
	var types []wire.Raw
	for _, t := range r.types {
		if t.user == p.user {
			types = append(types, t.raw)
		}
	}
	if len(types) > 0 {
		p.say("types-added", field{"types", array(types)})
	}
	for _, other := range others {
		if len(other.factories) > 0 {
			p.say("peer-factories-added", field{"owner_id", other.raw}, field{"factories", array(raws(other.factories))})
		}
	}
	r.actors = append(r.actors, a)
}

func raws(list []*factory) []wire.Raw {
	var out []wire.Raw
	for _, f := range list {
		out = append(out, f.raw)
	}
	return out
}

// array is a JSON array of these texts.
func array(items []wire.Raw) wire.Raw {
	out := []byte{'['}
	for i, item := range items {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, item...)
	}
	return append(out, ']')
}

func quoted(list []string) wire.Raw {
	var items []wire.Raw
	for _, text := range list {
		items = append(items, wire.Quote(text))
	}
	return array(items)
}

// exit takes a peer out of the activity domain: its activities first, then its
// factories and the peer itself.
func (r *router) exit(a *actor, why ending) {
	r.quitActivities(a, why)
	a.peer.activity = nil
	r.actors = without(r.actors, a)
	var ids []string
	for _, f := range a.factories {
		ids = append(ids, f.id)
	}
	for _, other := range r.cast(a) {
		if len(ids) > 0 {
			other.say("peer-factories-removed", field{"owner_id", a.raw}, field{"factory_ids", quoted(ids)})
		}
		other.say(wire.PeerRemoved, field{"removed_id", a.raw}, field{"reason_uri", why.uri}, field{"reason", why.reason})
	}
	if !slices.ContainsFunc(r.actors, func(other *actor) bool { return other.user == a.user }) {
		r.types = slices.DeleteFunc(r.types, func(t *activityType) bool { return t.user == a.user })
	}
}

// leaveActivities is exit for who asked for it: it is told that the others are gone.
func (r *router) leaveActivities(a *actor, why ending) {
	others := r.cast(a)
	r.exit(a, why)
	for _, other := range others {
		a.say(wire.PeerRemoved, field{"removed_id", other.raw}, field{"reason_uri", why.uri}, field{"reason", why.reason})
	}
}

func (r *router) addTypes(q *request, a *actor, s *script) {
	var added []*activityType
	for _, raw := range s.Types {
		var def struct {
			Name    string          `json:"name"`
			Owner   role            `json:"owner_type"`
			Helpers []role          `json:"helper_types"`
			Context json.RawMessage `json:"default_context"`
		}
		if json.Unmarshal(raw, &def) != nil || def.Name == "" {
			q.fail(activityFailure, "Activity type is malformed")
			return
		}
		whole, _ := parseObject(raw) // it is an object, as was just seen
		whole.setIfMissing("owner_type", wire.Raw("{}"))
		whole.setIfMissing("helper_types", wire.Raw("[]"))
		added = append(added, &activityType{
			user: a.user, name: def.Name, raw: whole.raw(), owner: def.Owner, helpers: def.Helpers, context: def.Context,
		})
	}
	if len(r.types)+len(added) > maxTypes {
		q.fail(activityFailure, "Maximum number of activity types has been reached")
		return
	}
	var all []wire.Raw
	for _, t := range added {
		r.dropType(a.user, t.name)
		r.types = append(r.types, t)
		all = append(all, t.raw)
	}
	for _, other := range append(r.cast(a), a) {
		other.say("types-added", field{"types", array(all)})
	}
	q.success(wire.Activity)
}

// maxTypes bounds the types of all users.
const maxTypes = 10_000

func (r *router) dropType(user, name string) {
	r.types = slices.DeleteFunc(r.types, func(t *activityType) bool { return t.user == user && t.name == name })
}

func (r *router) removeTypes(q *request, a *actor, s *script) {
	var names []string
	for _, raw := range s.Types {
		if name, ok := wire.Text(raw); ok {
			r.dropType(a.user, name)
			names = append(names, name)
		}
	}
	for _, other := range append(r.cast(a), a) {
		other.say("types-removed", field{"types", quoted(names)})
	}
	q.success(wire.Activity)
}

func (r *router) addFactories(q *request, a *actor, s *script) {
	var added []*factory
	for _, raw := range s.Factories {
		var def struct {
			ID   string `json:"id"`
			Kind string `json:"peer_type"`
		}
		if json.Unmarshal(raw, &def) != nil || def.ID == "" || def.Kind == "" {
			q.fail(activityFailure, "Peer factory is malformed")
			return
		}
		added = append(added, &factory{id: def.ID, kind: def.Kind, raw: raw})
	}
	if limit := r.limits.methods; limit >= 0 && len(a.factories)+len(added) > limit {
		q.fail(activityFailure, "Maximum number of peer factories has been reached")
		return
	}
	for _, f := range added {
		a.dropFactory(f.id)
		a.factories = append(a.factories, f)
	}
	for _, other := range r.cast(a) {
		other.say("peer-factories-added", field{"owner_id", a.raw}, field{"factories", array(raws(added))})
	}
	q.success(wire.Activity)
}

func (a *actor) dropFactory(id string) bool {
	before := len(a.factories)
	a.factories = slices.DeleteFunc(a.factories, func(f *factory) bool { return f.id == id })
	return len(a.factories) < before
}

func (r *router) removeFactories(q *request, a *actor, s *script) {
	var gone []string
	for _, id := range s.FactoryIDs {
		if a.dropFactory(id) {
			gone = append(gone, id)
		}
	}
	for _, other := range r.cast(a) {
		other.say("peer-factories-removed", field{"owner_id", a.raw}, field{"factory_ids", quoted(gone)})
	}
	q.success(wire.Activity)
}

// follow asks to hear of activities of some types; none named means all.
func (r *router) follow(q *request, a *actor, s *script) {
	a.all = a.all || len(s.ActivityTypes) == 0
	for _, name := range s.ActivityTypes {
		a.follows[name] = true
	}
	q.success(wire.Activity)
}

func (r *router) unfollow(q *request, a *actor, s *script) {
	if len(s.ActivityTypes) == 0 {
		a.all = false
		clear(a.follows)
	}
	for _, name := range s.ActivityTypes {
		delete(a.follows, name)
	}
	q.success(wire.Activity)
}
