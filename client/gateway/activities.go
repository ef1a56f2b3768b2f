package gateway

import (
	"slices"

	"ioscope/client/internal/wire"
)

// activity is a group of peers with a context. It is pending until all that were
// started for it are ready. It ends with its owner.
type activity struct {
	id        string
	number    uint64
	kind      *activityType
	initiator *actor
	context   *sharedContext
	members   []*participant // those with a role first, the owner at their head
}

func (v *activity) order() uint64 { return v.number }

// participant is a peer in an activity, or, with actor nil, a role for which
// one is being started.
type participant struct {
	role
	*actor
	started bool
}

// task is a request to start a peer. It ends when that is ready, or when who
// asked goes.
type task struct {
	id      string
	number  uint64
	asker   *actor
	request wire.Raw     // of create-peer; answered a second time in the end
	part    *participant // of an activity that is being created; else nil
}

func (t *task) order() uint64 { return t.number }

// activityLife is the lifetime of an activity's context. Nobody is told that it
// exists but through the activity.
const activityLife = "activity"

func (r *router) createActivity(q *request, a *actor, s *script) {
	i := slices.IndexFunc(r.types, func(t *activityType) bool { return t.user == a.user && t.name == s.ActivityType })
	if i < 0 {
		q.fail("activity.errors.missing_type", "Unable to find activity type "+s.ActivityType)
		return
	}
	t := r.types[i]
	for _, part := range t.roles() {
		if owner, _ := r.factoryFor(a, part.Type); owner == nil {
			q.noFactory(part.Type)
			return
		}
	}
	if !r.roomForTasks(q, a, len(t.roles())) {
		return
	}
	v := r.newActivity(a, t, s.InitialContext)
	q.reply("initiated", texts("activity_id", v.id))
	for _, part := range v.members {
		owner, f := r.factoryFor(a, part.Type)
		task := r.newTask(a, nil, part)
		owner.say("peer-requested", r.requested(task, f, part.Configuration, v.brief())...)
	}
}

// roles are the owner's and the helpers'.
func (t *activityType) roles() []role { return append([]role{t.owner}, t.helpers...) }

func (r *router) newActivity(a *actor, t *activityType, initial wire.Raw) *activity {
	id, number := r.id('c')
	data := initial
	if wire.IsNull(data) {
		data = t.context
	}
	if wire.IsNull(data) {
		data = wire.Raw("{}")
	}
	c := &sharedContext{
		id: id, number: number, name: wire.Null, lifetime: activityLife,
		user: a.user, service: a.service, creator: a.peer, data: data,
	}
	r.contexts[id] = c
	id, number = r.id('a')
	v := &activity{id: id, number: number, kind: t, initiator: a, context: c}
	for _, part := range t.roles() {
		v.members = append(v.members, &participant{role: part, started: true})
	}
	r.activities[id] = v
	return v
}

// factoryFor finds who can start a peer of a kind.
func (r *router) factoryFor(a *actor, kind string) (*actor, *factory) {
	for _, owner := range r.actors {
		if owner != a && !visible(a.peer, owner.peer, a.restrictions, owner.restrictions) {
			continue
		}
		for _, f := range owner.factories {
			if f.kind == kind {
				return owner, f
			}
		}
	}
	return nil, nil
}

func (q *request) noFactory(kind string) {
	q.fail("activity.errors.missing_factory", "Unable to find factory owner for type "+kind)
}

// roomForTasks bounds what a peer waits for as its calls are bounded.
func (r *router) roomForTasks(q *request, a *actor, more int) bool {
	var have int
	for _, t := range r.tasks {
		if t.asker == a {
			have++
		}
	}
	if limit := r.limits.calls; limit >= 0 && have+more > limit {
		q.fail(activityFailure, "Maximum number of requested peers has been reached")
		return false
	}
	return true
}

func (r *router) newTask(a *actor, request wire.Raw, part *participant) *task {
	id, number := r.id('r')
	t := &task{id: id, number: number, asker: a, request: slices.Clone(request), part: part}
	r.tasks[id] = t
	return t
}

// requested are the fields of the message to a factory's owner. The token lets
// the started peer log in as the user who asked.
func (r *router) requested(t *task, f *factory, configuration []byte, more ...field) []field {
	token := r.keys.gateway.sign(claims{Type: requestTokenType, User: t.asker.user, Request: t.id}, gatewayLife)
	settings := wire.Raw(configuration)
	if wire.IsNull(settings) {
		settings = wire.Raw("{}")
	}
	return append([]field{
		texts("request_id", t.id), texts("peer_factory", f.id), texts("gateway_token", token), {"configuration", settings},
	}, more...)
}

// brief is the activity as a factory is told of it.
func (v *activity) brief() field {
	o := newObject()
	o.set("id", wire.Quote(v.id))
	o.set("type", wire.Quote(v.kind.name))
	o.set("context_id", wire.Quote(v.context.id))
	o.set("initial-context", v.context.data)
	return field{"activity", o.raw()}
}

// createPeer asks for one peer, for an activity or for none. It is answered now,
// and with peer-created in the end.
func (r *router) createPeer(q *request, a *actor, s *script) {
	owner, f := r.factoryFor(a, s.PeerType)
	if owner == nil {
		q.noFactory(s.PeerType)
		return
	}
	more := []field{texts("peer_name", s.PeerName)}
	if s.ActivityID != "" {
		v := r.activityOf(q, a, s.ActivityID)
		if v == nil {
			return
		}
		more = append(more, v.brief())
	}
	if !r.roomForTasks(q, a, 1) {
		return
	}
	t := r.newTask(a, wire.OrNull(q.RequestID), nil)
	owner.say("peer-requested", r.requested(t, f, s.Configuration, more...)...)
	q.success(wire.Activity)
}

// activityOf finds an activity of the peer's user, and answers the request if
// there is none.
func (r *router) activityOf(q *request, a *actor, id string) *activity {
	v := r.activities[id]
	if v == nil || !v.context.concerns(a.peer) {
		q.fail(noActivity, "Unable to find activity with id "+id)
		return nil
	}
	return v
}

// ready is what a started peer says. It gets no answer but what follows.
func (r *router) ready(q *request, a *actor, _ *script) {
	t := r.tasks[a.task]
	if t == nil {
		return
	}
	delete(r.tasks, t.id)
	if t.part == nil {
		t.asker.say("peer-created", field{"request_id", t.request}, field{"created_id", a.raw})
		return
	}
	t.part.actor = a
	for _, v := range ordered(r.activities) {
		if slices.Contains(v.members, t.part) && v.complete() {
			r.establish(v)
		}
	}
}

// complete reports whether everybody who was started is there.
func (v *activity) complete() bool {
	return !slices.ContainsFunc(v.members, func(p *participant) bool { return p.actor == nil })
}

func (r *router) establish(v *activity) {
	for _, p := range v.members {
		v.context.enter(p.peer)
		p.say("joined", append(p.whoAmI(), v.state(true)...)...)
	}
	for _, a := range r.followers(v) {
		a.say("created", v.state(false)...)
	}
}

func (p *participant) whoAmI() []field {
	return []field{texts("peer_type", p.Type), texts("peer_name", p.Name)}
}

// state is what those in an activity, and those who follow it, are told.
func (v *activity) state(inside bool) []field {
	fields := []field{
		texts("activity_id", v.id), texts("activity_type", v.kind.name), texts("context_id", v.context.id),
		{"initiator", v.initiator.raw},
		{"owner", v.members[0].entry()},
		{"participants", v.others()},
	}
	if inside {
		fields = append(fields, field{"context_snapshot", v.context.data})
	}
	return fields
}

// others are those beside the owner.
func (v *activity) others() wire.Raw {
	var list []wire.Raw
	for _, p := range v.members[1:] {
		list = append(list, p.entry())
	}
	return array(list)
}

func (p *participant) entry() wire.Raw {
	o := newObject()
	o.set("type", p.text(p.Type))
	o.set("name", p.text(p.Name))
	o.set("peer_id", p.raw)
	return o.raw()
}

// text is null for who came without a role.
func (p *participant) text(of string) wire.Raw {
	if !p.started {
		return wire.Null
	}
	return wire.Quote(of)
}

// followers are the actors who asked to hear of activities of this type, and are
// not in this one.
func (r *router) followers(v *activity) []*actor {
	var list []*actor
	for _, a := range r.actors {
		if v.context.concerns(a.peer) && (a.all || a.follows[v.kind.name]) && v.find(a) == nil {
			list = append(list, a)
		}
	}
	return list
}

func (v *activity) find(a *actor) *participant {
	for _, p := range v.members {
		if p.actor == a {
			return p
		}
	}
	return nil
}

// onlookers are those in an activity and those who follow it.
func (r *router) onlookers(v *activity) []*actor {
	var list []*actor
	for _, p := range v.members {
		if p.actor != nil {
			list = append(list, p.actor)
		}
	}
	return append(list, r.followers(v)...)
}

// target is the peer that a request names, and the request answered if there is none.
func (r *router) target(q *request, a *actor, id *string) *actor {
	if id == nil {
		q.fail(activityFailure, "Peer id is missing")
		return nil
	}
	p := r.peers[*id]
	if p == nil || p.activity == nil || p.activity != a && !visible(a.peer, p, a.restrictions, p.activity.restrictions) {
		q.fail(activityFailure, "Unable to find peer with id "+*id)
		return nil
	}
	return p.activity
}

func (r *router) joinActivity(q *request, a *actor, s *script) {
	who := r.target(q, a, s.TargetID)
	if who == nil {
		return
	}
	v := r.activityOf(q, a, s.ActivityID)
	if v == nil {
		return
	}
	if v.find(who) == nil && v.complete() {
		told := without(r.onlookers(v), who)
		v.members = append(v.members, &participant{actor: who})
		v.context.enter(who.peer)
		for _, other := range told {
			other.say("activity-joined", texts("activity_id", v.id), field{"joined_id", who.raw}, field{"joined_type", wire.Null})
		}
		who.say("joined", v.state(true)...)
	}
	q.success(wire.Activity)
}

func (r *router) leaveActivity(q *request, a *actor, s *script) {
	who := a
	if s.TargetID != nil {
		if who = r.target(q, a, s.TargetID); who == nil {
			return
		}
	}
	v := r.activityOf(q, a, s.ActivityID)
	if v == nil {
		return
	}
	p := v.find(who)
	if p == nil {
		q.fail("activity.errors.not_a_member", "Not a member of an activity")
		return
	}
	r.part(v, p, ending{wire.OrNull(q.ReasonURI), wire.OrNull(q.Reason)})
	q.success(wire.Activity)
}

// part takes one out of an activity, which ends with its owner, and before it
// has begun with anybody.
func (r *router) part(v *activity, p *participant, why ending) {
	if p == v.members[0] || !v.complete() {
		r.endActivity(v, why)
		return
	}
	who := p.actor
	v.members = without(v.members, p)
	v.context.members = without(v.context.members, who.peer)
	for _, other := range without(r.onlookers(v), who) {
		other.say("left", texts("activity_id", v.id), field{"left_id", who.raw}, field{"reason_uri", why.uri}, field{"reason", why.reason})
	}
}

func (r *router) destroyActivity(q *request, a *actor, s *script) {
	if v := r.activityOf(q, a, s.ActivityID); v != nil {
		r.endActivity(v, ending{wire.OrNull(q.ReasonURI), wire.OrNull(q.Reason)})
		q.success(wire.Activity)
	}
}

// endActivity dismisses those who were started for it, and tells everybody.
func (r *router) endActivity(v *activity, why ending) {
	reason := []field{{"reason_uri", why.uri}, {"reason", why.reason}}
	begun := v.complete()
	for _, p := range v.members {
		if p.actor != nil && p.started {
			p.say("dispose-peer", append([]field{{"requestor_id", wire.Null}}, reason...)...)
		}
	}
	if begun {
		for _, a := range r.onlookers(v) {
			a.say("destroyed", append([]field{texts("activity_id", v.id)}, reason...)...)
		}
	}
	delete(r.activities, v.id)
	delete(r.contexts, v.context.id)
	for _, t := range ordered(r.tasks) {
		if t.part != nil && slices.Contains(v.members, t.part) {
			delete(r.tasks, t.id)
		}
	}
}

// quitActivities ends what an actor has in activities, and what it waits for. An
// activity that it asked for and that has not begun will have nobody to begin for.
func (r *router) quitActivities(a *actor, why ending) {
	for _, v := range ordered(r.activities) {
		switch p := v.find(a); {
		case v.initiator == a && !v.complete():
			r.endActivity(v, why)
		case p != nil:
			r.part(v, p, why)
		}
	}
	for _, t := range ordered(r.tasks) {
		if t.asker == a {
			delete(r.tasks, t.id)
		}
	}
}

// destroyPeer asks a peer to end. The one who asks gets no answer.
func (r *router) destroyPeer(q *request, a *actor, s *script) {
	if who := r.target(q, a, s.DestroyPeerID); who != nil {
		who.say("dispose-peer", field{"requestor_id", a.raw}, field{"reason_uri", q.ReasonURI}, field{"reason", q.Reason})
	}
}

// reload gives a page that is about to load anew a token to log in with. It
// joins its activities as anybody does then.
func (r *router) reload(q *request, a *actor, _ *script) {
	token := r.keys.gateway.sign(claims{Type: gatewayTokenType, User: a.user}, gatewayLife)
	q.reply(wire.Token, texts("token", token))
}
