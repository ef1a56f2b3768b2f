package client

import (
	"context"
	"errors"
	"fmt"
	"time"

	"ioscope/client/bus"
	"ioscope/client/internal/wire"
)

// InvokeOptions say whom to ask and how long to wait. nil is fine.
type InvokeOptions struct {
	// Target chooses among the servers that offer the method. Default: best.
	Target bus.Target
	// WaitTimeout is how long to look out for a server, ResponseTimeout how long
	// each may take to answer. Defaults: bus.DefaultTimeout. A negative
	// WaitTimeout does not wait.
	WaitTimeout, ResponseTimeout time.Duration
	// OnSent is told whom the question goes to, just before it is sent; OnReturn
	// hears each answer, in the order in which they come. Both are called by the
	// goroutine that called Invoke, and may be nil.
	OnSent   func([]bus.Instance)
	OnReturn func(bus.Return)
}

// Result is what came of an invocation.
type Result struct {
	// Returns are the answers in the order in which the servers were asked. Err
	// of one that did not answer in time is a *NoAnswerError; of one that could
	// not, because the connection ended, a *LostError.
	Returns []bus.Return
}

// First is the answer of the server that was asked first.
func (r *Result) First() bus.Return {
	if len(r.Returns) == 0 {
		return bus.Return{}
	}
	return r.Returns[0]
}

// Invoke calls a method on every server that the target means, at most one
// method a server: the first that fits. args is a JSON object or what marshals
// to one; nil is an empty one.
//
// The error tells that nothing could be asked: a *NoMethodError when nobody
// offered the method in time, ErrClosed, unfit arguments. What the servers say,
// errors too, is in the Result. When ctx ends first, Invoke returns at once, with
// ctx's error and, if anybody had been asked, with the answers so far; answers
// that come later are ignored, and the servers are not told.
func (c *Client) Invoke(ctx context.Context, f bus.MethodFilter, args any, o *InvokeOptions) (*Result, error) {
	body, err := object(args)
	if err != nil {
		return nil, fmt.Errorf("invoke %q: arguments: %w", f.Name, err)
	}
	if o == nil {
		o = &InvokeOptions{}
	}
	s, targets, err := c.find(ctx, f, o.Target, o.WaitTimeout)
	if err != nil {
		return nil, fmt.Errorf("invoke %q: %w", f.Name, err)
	}
	if err := s.out.wait(ctx); err != nil {
		return nil, fmt.Errorf("invoke %q: %w", f.Name, err)
	}
	if o.OnSent != nil {
		o.OnSent(servers(targets))
	}
	call := newInvocation(s, targets, o)
	call.ask(body)
	return &Result{Returns: call.returns}, call.await(ctx)
}

func servers(candidates []bus.Candidate) []bus.Instance {
	out := make([]bus.Instance, len(candidates))
	for i, c := range candidates {
		out[i] = c.Server
	}
	return out
}

// invocation is one Invoke, of the goroutine that called it.
type invocation struct {
	s       *session
	targets []bus.Candidate
	opts    *InvokeOptions
	started time.Time
	ids     []string
	// answers has room for one of each server, so that nobody who answers waits.
	answers chan answer
	open    map[int]bool
	returns []bus.Return
}

// answer is what the server of that place said.
type answer struct {
	place int
	at    time.Time
	reply
}

func newInvocation(s *session, targets []bus.Candidate, o *InvokeOptions) *invocation {
	call := &invocation{
		s: s, targets: targets, opts: o, started: time.Now(),
		answers: make(chan answer, len(targets)),
		open:    make(map[int]bool, len(targets)),
		returns: make([]bus.Return, len(targets)),
	}
	for i, target := range targets {
		call.open[i] = true
		call.returns[i].Server = target.Server
	}
	return call
}

func (call *invocation) ask(body wire.Raw) {
	call.s.c.mu.Lock()
	defer call.s.c.mu.Unlock()
	for i, target := range call.targets {
		q := &question{server: target.Server.PeerID, answer: func(r reply) {
			call.answers <- answer{place: i, at: time.Now(), reply: r}
		}}
		call.ids = append(call.ids, call.s.send(wire.Frame{
			Type:     wire.Call,
			ServerID: wire.Quote(string(target.Server.PeerID)), MethodID: wire.Raw(target.Method.ID),
			ArgumentsKV: body,
		}, q))
	}
}

// await fills in the answers until all are there or time is up.
func (call *invocation) await(ctx context.Context) error {
	patience := call.opts.ResponseTimeout
	if patience <= 0 {
		patience = bus.DefaultTimeout
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	for len(call.open) > 0 {
		select {
		case a := <-call.answers:
			call.take(a)
		case <-timer.C:
			call.giveUp(func(server bus.Instance) error {
				return &NoAnswerError{Server: server, Waited: patience}
			})
		case <-ctx.Done():
			call.giveUp(func(bus.Instance) error { return ctx.Err() })
			return ctx.Err()
		}
	}
	return nil
}

func (call *invocation) take(a answer) {
	r := bus.Return{
		Server: call.targets[a.place].Server,
		Value:  a.frame.Result, Err: a.err,
		At: a.at, Took: a.at.Sub(call.started),
	}
	switch {
	case a.err != nil:
		r.Value = nil
	case a.frame.Type != wire.Result:
		r.Err = errors.New("gateway answered with " + a.frame.Type)
	default:
		r.Value = wire.OrNull(r.Value)
	}
	call.settle(a.place, r)
}

func (call *invocation) settle(place int, r bus.Return) {
	delete(call.open, place)
	call.returns[place] = r
	if call.opts.OnReturn != nil {
		call.opts.OnReturn(r)
	}
}

// giveUp settles what is open, in the order of asking. Answers that are there
// already still count.
func (call *invocation) giveUp(why func(bus.Instance) error) {
	call.forget()
	for len(call.answers) > 0 {
		call.take(<-call.answers)
	}
	now := time.Now()
	for i, target := range call.targets {
		if call.open[i] {
			call.settle(i, bus.Return{
				Server: target.Server, Err: why(target.Server),
				At: now, Took: now.Sub(call.started),
			})
		}
	}
}

// forget lets late answers fall through.
func (call *invocation) forget() {
	c := call.s.c
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, id := range call.ids {
		delete(call.s.pending, id)
	}
}
