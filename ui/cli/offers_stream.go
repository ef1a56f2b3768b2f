package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/client/stub"
	"ioscope/model"
)

// asking is a wish to subscribe that a person has to decide on.
type asking struct {
	came    model.Came
	request *client.Request
	ran     *time.Timer
}

// stream is what an offer has of a stream. Guarded by server.mu.
type stream struct {
	stream *client.Stream
	subs   map[int]*client.Subscriber
	ids    map[*client.Subscriber]int
	// ended are those that we end: by hand, or because their time is over.
	ended  map[*client.Subscriber]model.Outcome
	timers map[int]*pace
}

func (s *stream) reset() {
	s.subs, s.ids, s.timers = map[int]*client.Subscriber{}, map[*client.Subscriber]int{}, map[int]*pace{}
	s.ended = map[*client.Subscriber]model.Outcome{}
}

// pace is a timer that runs: once for each branch, or each subscriber, that it
// pushes to.
type pace struct {
	timer  model.Timer
	source *stub.Source
	flows  map[flow]context.CancelFunc
}

// flow is where one run of a timer pushes to: a branch, or one subscriber.
type flow struct {
	branch     string
	subscriber int
}

func (w flow) to() model.PushTo {
	if w.subscriber != 0 {
		return model.PushTo{Subscriber: w.subscriber}
	}
	return model.PushTo{Branch: &w.branch}
}

// asked is somebody who wishes to subscribe: a rule decides, or a person.
func (f *ownOffer) asked(q *client.Request) {
	came := f.came(q.Subscriber, q.Args)
	if f.decide(came, q) {
		return
	}
	a := &asking{came: came, request: q}
	f.all.mu.Lock()
	full := len(f.asking) >= maxWaiting
	if !full {
		f.asking[came.Call] = a
		a.ran = time.AfterFunc(time.Until(came.Deadline), func() { f.ranOut(came.Call) })
	}
	f.all.mu.Unlock()
	if full {
		q.Reject(f.p.Def.Name + " has too many requests waiting")
		return
	}
	f.all.inbox.Put(came)
}

// decide lets the rules decide; false where none fits.
func (f *ownOffer) decide(came model.Came, q *client.Request) bool {
	set := f.rules.Load()
	i, branch, err := set.admissions.Decide(f.ctx, q)
	if i < 0 {
		return false
	}
	f.over(came, model.Over{How: model.ByRule, Rule: set.ids[i], Branch: branch, Err: reason(err)})
	if err != nil {
		q.Reject(reason(err))
	} else {
		q.AcceptOnBranch(branch)
	}
	return true
}

// reconsider lets rules that are new decide on somebody who waits.
func (f *ownOffer) reconsider(id int, a *asking) {
	if f.settle(id) == nil {
		return
	}
	if f.decide(a.came, a.request) {
		a.ran.Stop()
		return
	}
	f.all.mu.Lock()
	defer f.all.mu.Unlock()
	f.asking[id] = a
}

// settle takes a wish from those that wait; nil where somebody else did.
func (f *ownOffer) settle(id int) *asking {
	f.all.mu.Lock()
	defer f.all.mu.Unlock()
	a := f.asking[id]
	delete(f.asking, id)
	return a
}

func (f *ownOffer) ranOut(id int) {
	if a := f.settle(id); a != nil {
		f.over(a.came, model.Over{How: model.RanOut})
		a.request.Reject("nobody answered within " + model.Duration(a.came.Deadline.Sub(a.came.At)))
	}
}

// withdrawn is a wish that was taken back, or lost with the connection.
func (f *ownOffer) withdrawn(q *client.Request) {
	f.all.mu.Lock()
	var gone *asking
	for id, a := range f.asking {
		if a.request == q {
			gone = a
			delete(f.asking, id)
		}
	}
	c := f.all.client
	f.all.mu.Unlock()
	if gone == nil {
		return
	}
	gone.ran.Stop()
	how := model.CallerLeft
	if c.State() != bus.Live {
		how = model.ConnectionLost
	}
	f.over(gone.came, model.Over{How: how})
}

// admit decides by hand. o.mu is held.
func (f *ownOffer) admit(e model.Admit) error {
	a := f.asking[e.Request]
	if a == nil {
		return errors.New("it was too late; nothing was sent")
	}
	delete(f.asking, e.Request)
	a.ran.Stop()
	if e.Reject != nil {
		f.over(a.came, model.Over{How: model.ByHand, Err: *e.Reject})
		a.request.Reject(*e.Reject)
		return nil
	}
	f.over(a.came, model.Over{How: model.ByHand, Branch: e.Branch})
	a.request.AcceptOnBranch(e.Branch)
	return nil
}

// joined is a subscriber that was accepted.
func (f *ownOffer) joined(sub *client.Subscriber) {
	key := sub.Branch().Key()
	f.all.mu.Lock()
	f.all.nextSubscriber++
	id := f.all.nextSubscriber
	f.out.subs[id], f.out.ids[sub] = sub, id
	for _, p := range f.out.timers {
		f.flow(p, id, sub, key)
	}
	f.all.mu.Unlock()
	f.all.inbox.Put(model.Joined{ID: f.id, Subscriber: id, Who: sub.Instance(), Args: sub.Args(), Branch: key, At: time.Now()})
	if f.p.CloseAfter > 0 {
		time.AfterFunc(f.p.CloseAfter, func() {
			f.ends(model.ByRule, sub)
			sub.CloseWith(f.p.CloseReason)
		})
	}
}

// ends notes that it is we who end subscriptions.
func (f *ownOffer) ends(how model.Outcome, subs ...*client.Subscriber) {
	f.all.mu.Lock()
	defer f.all.mu.Unlock()
	for _, sub := range subs {
		if _, there := f.out.ids[sub]; there {
			f.out.ended[sub] = how
		}
	}
}

// parted is a subscriber that is gone, for whatever reason.
func (f *ownOffer) parted(sub *client.Subscriber) {
	key := sub.Branch().Key()
	f.all.mu.Lock()
	id := f.out.ids[sub]
	how, ours := f.out.ended[sub]
	switch {
	case ours:
	case f.ctx.Err() != nil: // the offer is taken back
		how = model.ByHand
	case f.all.client.State() != bus.Live:
		how = model.ConnectionLost
	default:
		how = model.CallerLeft
	}
	delete(f.out.subs, id)
	delete(f.out.ids, sub)
	delete(f.out.ended, sub)
	empty := true
	for _, other := range f.out.subs {
		empty = empty && other.Branch().Key() != key
	}
	for _, p := range f.out.timers {
		p.end(flow{subscriber: id})
		if empty {
			p.end(flow{branch: key})
		}
	}
	f.all.mu.Unlock()
	f.all.inbox.Put(model.Parted{ID: f.id, Subscriber: id, At: time.Now(), How: how})
}

func (p *pace) end(w flow) {
	if stop := p.flows[w]; stop != nil {
		stop()
		delete(p.flows, w)
	}
}

// pace starts a timer, or starts it anew. o.mu is held.
func (f *ownOffer) pace(t model.Timer) error {
	source, err := stub.NewSource(f.p.Seed, fmt.Sprint(f.p.Def.Name, t.ID), stub.Feed{Value: t.Value, JQ: t.JQ})
	if err != nil {
		return fmt.Errorf("%s: %w", f.p.Def.Name, err)
	}
	f.unpace(t.ID)
	p := &pace{timer: t, source: source, flows: map[flow]context.CancelFunc{}}
	f.out.timers[t.ID] = p
	for id, sub := range f.out.subs {
		f.flow(p, id, sub, sub.Branch().Key())
	}
	return nil
}

// unpace stops a timer. o.mu is held.
func (f *ownOffer) unpace(id int) {
	if p := f.out.timers[id]; p != nil {
		for w := range p.flows {
			p.end(w)
		}
		delete(f.out.timers, id)
	}
}

// flow lets a timer run for a subscriber or its branch, unless it does already or
// is for others. o.mu is held.
func (f *ownOffer) flow(p *pace, id int, sub *client.Subscriber, key string) {
	to := p.timer.To
	w := flow{branch: key}
	switch {
	case to.Subscriber != 0 && to.Subscriber != id, to.Branch != nil && *to.Branch != key:
		return
	case to.Subscriber != 0 || to.Each:
		w = flow{subscriber: id}
	}
	if p.flows[w] != nil {
		return
	}
	ctx, stop := context.WithCancel(f.ctx)
	p.flows[w] = stop
	go f.run(ctx, p, w, sub)
}

// run pushes from time to time, until there is no more or ctx ends.
func (f *ownOffer) run(ctx context.Context, p *pace, w flow, sub *client.Subscriber) {
	due := time.NewTimer(p.timer.After)
	defer due.Stop()
	for n := 0; ; n++ {
		select {
		case <-due.C:
		case <-ctx.Done():
			return
		}
		more := p.timer.Every > 0 && n+1 != p.timer.Times
		next := time.Time{}
		if more {
			next = time.Now().Add(p.timer.Every)
			due.Reset(p.timer.Every)
		}
		data, err := p.source.Data(ctx, n, w.branch, sub.Args(), sub.Instance())
		if err == nil && data != nil {
			beside := stub.Feed{Numbered: p.timer.Numbered, Snapshot: p.timer.Snapshot}.Beside(n)
			err = f.push(p.timer.ID, w.to(), data, beside, next)
		}
		if err != nil && ctx.Err() == nil {
			f.all.inbox.Put(model.Sown{ID: f.id, Timer: p.timer.ID, To: w.to(), At: time.Now(), Err: err})
			return
		}
		if !more {
			return
		}
	}
}

// push sends data, by hand or by a timer.
func (f *ownOffer) push(timer int, to model.PushTo, data json.RawMessage, beside *client.PushOptions, next time.Time) error {
	f.all.mu.Lock()
	stream, sub := f.out.stream, f.out.subs[to.Subscriber]
	f.all.mu.Unlock()
	var err error
	switch {
	case stream == nil:
		return fmt.Errorf("%s is not offered now", f.p.Def.Name)
	case to.Subscriber != 0 && sub == nil:
		return nil // it has gone
	case sub != nil:
		err = sub.PushWith(data, beside)
	case to.Branch != nil:
		err = stream.PushWith(data, beside, *to.Branch)
	default:
		err = stream.PushWith(data, beside)
	}
	if errors.Is(err, client.ErrClosed) {
		return nil
	}
	if err == nil {
		f.all.inbox.Put(model.Sown{ID: f.id, Timer: timer, To: to, At: time.Now(), Next: next})
	}
	return err
}

// dismiss ends subscriptions.
func (f *ownOffer) dismiss(to model.PushTo) {
	f.all.mu.Lock()
	stream, sub := f.out.stream, f.out.subs[to.Subscriber]
	f.all.mu.Unlock()
	switch {
	case sub != nil:
		f.ends(model.ByHand, sub)
		sub.Close()
	case to.Branch != nil && stream != nil:
		f.ends(model.ByHand, stream.Branch(*to.Branch).Subscribers()...)
		stream.Branch(*to.Branch).Close()
	}
}
