package ui

import (
	"context"
	"sync"

	"ioscope/client/bus"
	"ioscope/model"
)

// Asker does the effects that ask the bus, and puts what comes of them into the
// inbox. The screen and the plain lines each have one, so that both ask alike.
// It is safe for concurrent use.
type Asker struct {
	bus   Bus
	inbox *Inbox
	// runs runs the actions of Interval hosts; nil where nobody listens for them.
	runs Runs

	// reading lets one picture be unpacked at a time.
	reading sync.Mutex

	mu      sync.Mutex
	running map[model.ThingID]running
}

// running is what has to be ended when a thing is given up.
type running struct {
	gen  int
	stop context.CancelFunc
	ctx  context.Context //nolint:containedctx // of the thing, not of a call
	// sub is the subscription that it is; nil for a call, and before it runs.
	sub Subscription
}

// NewAsker returns an Asker for which nothing goes on yet.
func NewAsker(on Bus, inbox *Inbox) *Asker {
	return &Asker{bus: on, inbox: inbox, running: map[model.ThingID]running{}}
}

// Ask begins an effect, and returns the part of it that may wait for the bus;
// nil where there is none, or the effect asks nothing of the bus. That part
// belongs on a goroutine of its own. Its error is for the person.
func (k *Asker) Ask(e model.Effect) func() error {
	switch e := e.(type) {
	case model.Invoke:
		ctx := k.begin(e.Thing, e.Gen)
		return func() error { k.invoke(ctx, e); return nil }
	case model.Subscribe:
		ctx := k.begin(e.Thing, e.Gen)
		return func() error { k.subscribe(ctx, e); return nil }
	case model.Join:
		return func() error { return k.join(e) }
	case model.Stop:
		k.end(e.Thing, e.Gen)
	case model.Retry:
		return func() error { k.bus.Retry(); return nil }
	case model.LogIn:
		return func() error { k.bus.LogIn(e.User, e.Password); return nil }
	case model.Connect:
		return func() error { k.bus.Connect(e.URL); return nil }
	case model.StartDemo:
		return k.bus.StartDemo
	case model.AskBranches:
		return k.askBranches(e)
	case model.ReadPicture:
		return func() error { k.readPicture(e); return nil }
	case model.ServeEffect:
		return k.bus.Serve(e)
	default:
		return k.askRun(e)
	}
	return nil
}

// askBranches asks for the true branches of a stream, where somebody may know.
func (k *Asker) askBranches(e model.AskBranches) func() error {
	return func() error {
		var truth model.Truth
		if knows, ok := k.bus.(Brancher); ok {
			truth = knows.Branches(e.Def.Name)
		}
		k.inbox.Put(model.BranchesTold{Method: e.Method, Truth: truth})
		return nil
	}
}

func (k *Asker) begin(id model.ThingID, gen int) context.Context {
	ctx, stop := context.WithCancel(context.Background())
	k.mu.Lock()
	defer k.mu.Unlock()
	k.running[id] = running{gen: gen, stop: stop, ctx: ctx}
	return ctx
}

// aside puts what is done around a question beside its answers.
func (k *Asker) aside(id model.ThingID, gen int) func(model.Aside) {
	return func(a model.Aside) { k.inbox.Put(model.AsideSaid{Thing: id, Gen: gen, Aside: a}) }
}

func (k *Asker) invoke(ctx context.Context, e model.Invoke) {
	defer k.end(e.Thing, e.Gen)
	err := k.bus.Invoke(ctx, Question{e.Method, e.Target, e.Args, e.Wait, e.Answer, k.aside(e.Thing, e.Gen)},
		func(s []bus.Instance) { k.inbox.Put(model.Sent{Thing: e.Thing, Gen: e.Gen, Servers: s}) },
		func(r bus.Return) { k.inbox.Put(model.Returned{Thing: e.Thing, Gen: e.Gen, Return: r}) })
	k.inbox.Put(model.Finished{Thing: e.Thing, Gen: e.Gen, Err: err})
}

func (k *Asker) subscribe(ctx context.Context, e model.Subscribe) {
	sub, err := k.bus.Subscribe(ctx, Question{e.Method, e.Target, e.Args, e.Wait, e.Answer, k.aside(e.Thing, e.Gen)},
		func(ev bus.Event) { k.inbox.Put(model.Streamed{Thing: e.Thing, Gen: e.Gen, Event: ev}) })
	k.inbox.Put(model.Subscribed{Thing: e.Thing, Gen: e.Gen, Err: err})
	if err != nil {
		k.end(e.Thing, e.Gen)
		return
	}
	// The subscription lives until it is given up.
	context.AfterFunc(ctx, func() { _ = sub.Close() })
	k.mu.Lock()
	defer k.mu.Unlock()
	if r, ok := k.running[e.Thing]; ok && r.gen == e.Gen {
		r.sub = sub
		k.running[e.Thing] = r
	}
}

// join asks others into a subscription that runs. That they accepted is heard there.
func (k *Asker) join(e model.Join) error {
	k.mu.Lock()
	r := k.running[e.Thing]
	k.mu.Unlock()
	if r.gen != e.Gen || r.sub == nil {
		return nil
	}
	_, err := r.sub.Join(r.ctx)
	if r.ctx.Err() != nil {
		return nil // it was given up meanwhile
	}
	return err
}

// end stops what goes on of one generation of a thing.
func (k *Asker) end(id model.ThingID, gen int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if r, ok := k.running[id]; ok && r.gen == gen {
		r.stop()
		delete(k.running, id)
	}
}

// Close ends all that goes on.
func (k *Asker) Close() {
	k.mu.Lock()
	defer k.mu.Unlock()
	for id, r := range k.running {
		r.stop()
		delete(k.running, id)
	}
}
