package stub

import (
	"context"
	"errors"
	"fmt"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/client/internal/rest"
)

// publish offers a stream.
func (r *Running) publish(ctx context.Context, c *client.Client, s *stream) (*client.Stream, error) {
	return c.CreateStream(ctx, s.def, &client.StreamOptions{
		OnRequest:      r.decider(s),
		OnSubscribed:   func(sub *client.Subscriber) { r.joined(s, sub) },
		OnUnsubscribed: func(sub *client.Subscriber) { r.left(s, sub) },
	})
}

// readyRule is a rule whose programs can run.
type readyRule struct {
	rule
	when, branch *program
}

// decider applies the rules; nil accepts everybody.
func (r *Running) decider(s *stream) func(*client.Request) {
	if len(s.rules) == 0 {
		return nil
	}
	chance := newChance(r.app.Seed, s.def.Name, "accept")
	rules := make([]readyRule, len(s.rules))
	for i, u := range s.rules {
		rules[i] = readyRule{u, u.when.with(chance), u.branch.with(chance)}
	}
	return func(q *client.Request) {
		branch, err := decide(r.ctx, q, rules)
		if err == nil {
			q.AcceptOnBranch(branch)
			return
		}
		q.Reject(err.Error())
		r.tell(Entry{At: time.Now(), What: Rejected, Name: s.def.Name, Peer: q.Subscriber, Args: q.Args, Err: err})
	}
}

// decide gives the branch, or the reason of a refusal as an error.
func decide(ctx context.Context, q *client.Request, rules []readyRule) (string, error) {
	rule, branch, err := (&Admissions{rules}).Decide(ctx, q)
	if rule < 0 {
		return "", errors.New("no rule accepts these arguments")
	}
	return branch, err
}

// flowKey names a branch of a stream.
type flowKey struct {
	stream *stream
	branch string
}

// flow is the data of a branch that has subscribers.
type flow struct {
	subscribers int
	stop        context.CancelFunc
}

// joined starts what flows to a new subscriber.
func (r *Running) joined(s *stream, sub *client.Subscriber) {
	key := sub.Branch().Key()
	r.tell(Entry{At: time.Now(), What: Accepted, Name: s.def.Name, Peer: sub.Instance(), Branch: key, Args: sub.Args()})
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return
	}
	f := r.flows[flowKey{s, key}]
	if f == nil {
		ctx, stop := context.WithCancel(r.ctx)
		f = &flow{stop: stop}
		r.flows[flowKey{s, key}] = f
		r.feed(ctx, s, sub, false, sub.Branch().PushWith)
	}
	f.subscribers++
	ctx, stop := context.WithCancel(r.ctx)
	r.singles[sub] = stop
	r.feed(ctx, s, sub, true, sub.PushWith)
	if s.close != nil {
		r.workers.Go(func() {
			if rest.For(ctx, s.close.after) {
				sub.CloseWith(s.close.reason)
			}
		})
	}
}

// left stops what flowed to a subscriber that has gone.
func (r *Running) left(s *stream, sub *client.Subscriber) {
	key := flowKey{s, sub.Branch().Key()}
	r.tell(Entry{At: time.Now(), What: Left, Name: s.def.Name, Peer: sub.Instance(), Branch: key.branch, Args: sub.Args()})
	r.mu.Lock()
	defer r.mu.Unlock()
	if stop := r.singles[sub]; stop != nil {
		stop()
		delete(r.singles, sub)
	}
	f := r.flows[key]
	if f == nil {
		return
	}
	if f.subscribers--; f.subscribers == 0 {
		f.stop()
		delete(r.flows, key)
	}
}

// feed starts the feeds that are for this branch, private ones or shared ones.
// r.mu is held.
func (r *Running) feed(ctx context.Context, s *stream, sub *client.Subscriber, private bool, push func(any, *client.PushOptions) error) {
	branch := sub.Branch().Key()
	for i := range s.feeds {
		f := &s.feeds[i]
		if f.private != private || f.branch != nil && *f.branch != branch {
			continue
		}
		t := &tap{
			feed: f, branch: branch, args: bus.Decode(sub.Args()), subscriber: peer(sub.Instance()), push: push,
			jq: f.jq.with(newChance(r.app.Seed, s.def.Name, branch, fmt.Sprint(i))),
		}
		r.workers.Go(func() {
			if err := t.run(ctx); err != nil && ctx.Err() == nil {
				r.tell(Entry{At: time.Now(), What: Failed, Name: s.def.Name, Branch: branch, Err: err})
			}
		})
	}
}

// tap is a feed that runs. It belongs to one goroutine.
type tap struct {
	*feed
	branch     string
	args       any
	subscriber map[string]any
	jq         *program
	push       func(any, *client.PushOptions) error
}

// run sends until there is no more, until ctx ends, or until it can't go on.
func (t *tap) run(ctx context.Context) error {
	due := t.after
	for n := 0; ; n++ {
		if !rest.For(ctx, due) {
			return nil
		}
		if err := t.send(ctx, n); err != nil {
			return fmt.Errorf("event %d: %w; no more of this is sent here", n, err)
		}
		if t.every == 0 || n+1 == t.times {
			return nil
		}
		due = t.every
	}
}

func (t *tap) send(ctx context.Context, n int) error {
	data := t.value
	if t.jq != nil {
		var err error
		input := map[string]any{"n": n, "branch": t.branch, "args": t.args}
		if data, err = t.jq.json(ctx, input, t.subscriber); err != nil || data == nil {
			return err // without an output, this one is left out
		}
		if data[0] != '{' {
			return fmt.Errorf("data is an object on this bus, not %s", clip(string(data)))
		}
	}
	beside := Feed{Numbered: t.numbered, Snapshot: t.snapshot}.Beside(n)
	if err := t.push(data, beside); err != nil && !errors.Is(err, client.ErrClosed) {
		return err
	}
	return nil
}
