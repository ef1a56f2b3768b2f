package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"ioscope/client/bus"
	"ioscope/client/internal/wire"
)

// ErrNoContext is the error of destroying a context that is not there.
var ErrNoContext = errors.New("no such context")

// Contexts are the shared contexts of the bus: JSON objects with a name, which
// the applications of one user read, change and follow together (gw3 13).
//
// A context comes to be when somebody sets or updates it, and stays until it is
// destroyed or the gateway ends. Who has read, changed or followed one is kept
// up to date on it by the gateway, so that reading it again costs nothing.
type Contexts struct{ c *Client }

// Contexts gives access to the shared contexts.
func (c *Client) Contexts() *Contexts { return &Contexts{c} }

// ContextChange is what a follower of a context hears.
type ContextChange struct {
	Name string
	// Data is the whole context as it is now, an object.
	Data json.RawMessage
	// Updater is who changed it; zero for what the follower is shown first, and
	// after a reconnect.
	Updater bus.Instance
	// Destroyed is true when the context was destroyed. It may come to be again.
	Destroyed bool
}

// shared is a context that was announced, or that somebody here follows. All of
// it is guarded by c.mu.
type shared struct {
	name string
	id   wire.Raw // nil while there is none on the bus
	// current is true while data is kept up to date, asked while it was asked for.
	current, asked bool
	data           record
	followers      topic[ContextChange]
}

// sharedState is what the client knows of contexts. Guarded by c.mu.
type sharedState struct {
	byName map[string]*shared
	byID   map[string]*shared // of the present session
}

// named finds or makes the entry of a name.
func (st *sharedState) named(name string) *shared {
	x := st.byName[name]
	if x == nil {
		if st.byName == nil {
			st.byName = make(map[string]*shared)
		}
		x = &shared{name: name}
		st.byName[name] = x
	}
	return x
}

// bind gives a context the id by which the gateway calls it.
func (st *sharedState) bind(x *shared, id wire.Raw) {
	if st.byID == nil {
		st.byID = make(map[string]*shared)
	}
	x.id = id
	st.byID[string(id)] = x
}

// unbind forgets the id, and the name if nobody follows it.
func (st *sharedState) unbind(x *shared) {
	delete(st.byID, string(x.id))
	x.id, x.current, x.asked, x.data = nil, false, false, nil
	st.tidy(x)
}

// tidy forgets a context that is not there and that nobody follows.
func (st *sharedState) tidy(x *shared) {
	if x.id == nil && len(x.followers.heard) == 0 && st.byName[x.name] == x {
		delete(st.byName, x.name)
	}
}

// reset forgets all ids: those of a new connection are announced.
func (st *sharedState) reset() {
	for _, x := range st.byID {
		st.unbind(x)
	}
}

// Names lists the contexts that there are, sorted.
func (k *Contexts) Names() []string {
	k.c.mu.Lock()
	defer k.c.mu.Unlock()
	var out []string
	for _, x := range k.c.contexts.byID {
		out = append(out, x.name)
	}
	slices.Sort(out)
	return out
}

// Get reads a context as this client knows it: with all that it has changed
// itself, but perhaps not yet with what another is changing. One that is not there
// is {}.
func (k *Contexts) Get(ctx context.Context, name string) (json.RawMessage, error) {
	data, err := k.get(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("get context %q: %w", name, err)
	}
	return data, nil
}

func (k *Contexts) get(ctx context.Context, name string) (json.RawMessage, error) {
	s, err := k.c.live(ctx)
	if err != nil {
		return nil, err
	}
	k.c.mu.Lock()
	x := k.c.contexts.byName[name]
	switch {
	case x == nil || x.id == nil:
		k.c.mu.Unlock()
		return json.RawMessage("{}"), nil
	case x.current:
		defer k.c.mu.Unlock()
		return x.data.raw(), nil
	}
	k.c.mu.Unlock()
	r, err := k.ask(ctx, s, wire.Frame{Type: wire.SubscribeContext, ContextID: x.id}, func(r reply) { k.keep(x.name, r) })
	if err != nil {
		return nil, err
	}
	return parseRecord(r.frame.Data).raw(), nil
}

// Set replaces the whole context by data, a JSON object or what marshals to one.
func (k *Contexts) Set(ctx context.Context, name string, data any) error {
	if err := k.change(ctx, name, data, func(body wire.Raw) wire.Raw { return wire.Raw(`{"reset":` + string(body) + `}`) }); err != nil {
		return fmt.Errorf("set context %q: %w", name, err)
	}
	return nil
}

// Update changes those members of the context that data has, and leaves others:
// a null removes one.
func (k *Contexts) Update(ctx context.Context, name string, data any) error {
	if err := k.change(ctx, name, data, merging); err != nil {
		return fmt.Errorf("update context %q: %w", name, err)
	}
	return nil
}

// merging is the delta of an update. Commands, which official clients send,
// would take a dot in a key for a path.
func merging(body wire.Raw) wire.Raw {
	var added record
	removed := []string{}
	for _, m := range parseRecord(body) {
		if wire.IsNull(m.value) {
			removed = append(removed, m.key)
		} else {
			added = added.set(m.key, m.value)
		}
	}
	gone, _ := marshal(removed) // texts can't fail
	return wire.Raw(`{"added":` + string(added.raw()) + `,"updated":{},"removed":` + string(gone) + `}`)
}

// change creates a context, or sends a delta to the one that is there.
func (k *Contexts) change(ctx context.Context, name string, data any, delta func(wire.Raw) wire.Raw) error {
	body, err := object(data)
	if err != nil {
		return fmt.Errorf("data: %w", err)
	}
	d := delta(body)
	s, err := k.c.live(ctx)
	if err != nil {
		return err
	}
	k.c.mu.Lock()
	x := k.c.contexts.named(name)
	id := x.id
	k.c.mu.Unlock()
	if id == nil {
		made, err := k.create(ctx, s, x, record(nil).apply(d).raw())
		if made || err != nil {
			return err
		}
	} else if err := k.watch(ctx, s, x); err != nil {
		return err
	}
	_, err = k.ask(ctx, s, wire.Frame{Type: wire.UpdateContext, ContextID: k.idOf(name), Delta: d}, func(r reply) {
		if r.err == nil {
			k.apply(x.name, d, k.c.Self()) // the gateway does not tell who changed it
		}
	})
	return err
}

// watch asks for the data of a context that is to be changed, so that our own
// change, of which the gateway does not tell us, has something to change.
func (k *Contexts) watch(ctx context.Context, s *session, x *shared) error {
	k.c.mu.Lock()
	id, current := x.id, x.current
	k.c.mu.Unlock()
	if current {
		return nil
	}
	_, err := k.ask(ctx, s, wire.Frame{Type: wire.SubscribeContext, ContextID: id}, func(r reply) { k.keep(x.name, r) })
	return err
}

func (k *Contexts) idOf(name string) wire.Raw {
	k.c.mu.Lock()
	defer k.c.mu.Unlock()
	if x := k.c.contexts.byName[name]; x != nil {
		return wire.OrNull(x.id)
	}
	return wire.Null // the gateway says that there is none
}

// create reports false where somebody else was quicker.
func (k *Contexts) create(ctx context.Context, s *session, x *shared, data wire.Raw) (made bool, err error) {
	r, err := k.ask(ctx, s, wire.Frame{
		Type: wire.CreateContext, Name: wire.Quote(x.name), Data: data, Lifetime: wire.Quote("retained"),
	}, func(r reply) {
		if r.err == nil && r.frame.Type == wire.ContextCreated {
			r.frame.Data = data
		}
		k.keep(x.name, r)
	})
	return r.frame.Type == wire.ContextCreated, err
}

// Destroy ends a context for everybody. The error is ErrNoContext where there is
// none.
func (k *Contexts) Destroy(ctx context.Context, name string) error {
	if err := k.destroy(ctx, name); err != nil {
		return fmt.Errorf("destroy context %q: %w", name, err)
	}
	return nil
}

func (k *Contexts) destroy(ctx context.Context, name string) error {
	s, err := k.c.live(ctx)
	if err != nil {
		return err
	}
	k.c.mu.Lock()
	x := k.c.contexts.byName[name]
	if x == nil || x.id == nil {
		k.c.mu.Unlock()
		return ErrNoContext
	}
	id := x.id
	k.c.mu.Unlock()
	_, err = k.ask(ctx, s, wire.Frame{Type: wire.DestroyContext, ContextID: id}, nil)
	return err
}

// Subscribe follows a context, whether it is there already or not: hear is called
// with the context as it is, and with every change, by ourselves too. As with
// OnServerAdded, it is called by a goroutine of its own, one call at a time, and
// the function that is returned ends it. After a reconnect it hears the context
// as it is then; one that a new gateway does not know is not written again.
func (k *Contexts) Subscribe(name string, hear func(ContextChange)) (stop func()) {
	c := k.c
	c.mu.Lock()
	defer c.mu.Unlock()
	x := c.contexts.named(name)
	end := listenLocked(c, &x.followers, hear, func() []ContextChange {
		if x.current {
			return []ContextChange{{Name: name, Data: x.data.raw()}}
		}
		if c.session != nil {
			c.session.follow(x)
		}
		return nil
	})
	return func() {
		end()
		c.mu.Lock()
		defer c.mu.Unlock()
		c.contexts.tidy(x)
	}
}

// follow asks for the data of a context that somebody follows. c.mu is held.
func (s *session) follow(x *shared) {
	if x.id == nil || x.current || x.asked || len(x.followers.heard) == 0 {
		return
	}
	x.asked = true
	s.send(wire.Frame{Domain: wire.Global, Type: wire.SubscribeContext, ContextID: x.id}, &question{
		answer: func(r reply) { s.c.Contexts().keep(x.name, r) },
	})
}

// ask sends a request and waits for its answer, which kept sees first, on the
// reading goroutine: so that it stands in one order with what else is heard.
func (k *Contexts) ask(ctx context.Context, s *session, f wire.Frame, kept func(reply)) (reply, error) {
	f.Domain = wire.Global
	done := make(chan reply, 1)
	k.c.mu.Lock()
	s.send(f, &question{answer: func(r reply) {
		if kept != nil {
			kept(r)
		}
		done <- r
	}})
	k.c.mu.Unlock()
	select {
	case r := <-done:
		return r, r.err
	case <-ctx.Done():
		return reply{}, ctx.Err()
	}
}

// keep takes the data that came with an answer; from here on it is kept up to
// date.
func (k *Contexts) keep(name string, r reply) {
	k.c.mu.Lock()
	defer k.c.mu.Unlock()
	x := k.c.contexts.named(name)
	defer k.c.contexts.tidy(x)
	x.asked = false
	if r.err != nil || wire.IsNull(r.frame.ContextID) {
		return
	}
	k.c.contexts.bind(x, r.frame.ContextID)
	data := parseRecord(r.frame.Data)
	fresh := !x.current || !bytes.Equal(data.raw(), x.data.raw())
	x.current, x.data = true, data
	if fresh { // one that we made comes both as made and as asked for
		x.followers.tell(ContextChange{Name: x.name, Data: data.raw()})
	}
}

// apply takes a change of a context that is kept up to date.
func (k *Contexts) apply(name string, delta wire.Raw, updater bus.Instance) {
	k.c.mu.Lock()
	defer k.c.mu.Unlock()
	if x := k.c.contexts.byName[name]; x != nil && x.current {
		x.data = x.data.apply(delta)
		x.followers.tell(ContextChange{Name: x.name, Data: x.data.raw(), Updater: updater})
	}
}

func (s *session) contextAdded(f wire.Frame) {
	name, ok := wire.Text(f.Name)
	if !ok || wire.IsNull(f.ContextID) {
		return
	}
	s.c.mu.Lock()
	defer s.c.mu.Unlock()
	x := s.c.contexts.named(name)
	s.c.contexts.bind(x, f.ContextID)
	s.follow(x)
}

func (s *session) contextUpdated(f wire.Frame) {
	updater, _ := wire.Text(f.UpdaterID)
	s.c.mu.Lock()
	x, who := s.c.contexts.byID[string(f.ContextID)], s.c.dir.instance(bus.PeerID(updater))
	s.c.mu.Unlock()
	if x != nil {
		s.c.Contexts().apply(x.name, f.Delta, who)
	}
}

func (s *session) contextDestroyed(f wire.Frame) {
	s.c.mu.Lock()
	defer s.c.mu.Unlock()
	x := s.c.contexts.byID[string(f.ContextID)]
	if x == nil {
		return
	}
	s.c.contexts.unbind(x)
	x.followers.tell(ContextChange{Name: x.name, Data: json.RawMessage("{}"), Destroyed: true})
}
