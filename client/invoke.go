package client

import (
	"context"
	"errors"
	"fmt"
	"slices"
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

// Values are the answers of those that succeeded, in the order of Returns.
func (r *Result) Values() []bus.Return {
	return slices.DeleteFunc(slices.Clone(r.Returns), func(one bus.Return) bool { return one.Err != nil })
}

// Errors are the answers of those that failed, in the order of Returns.
func (r *Result) Errors() []bus.Return {
	return slices.DeleteFunc(slices.Clone(r.Returns), func(one bus.Return) bool { return one.Err == nil })
}

// Err is nil when any server succeeded, as official clients count it, and else
// all errors in one, for errors.Is and errors.As.
func (r *Result) Err() error {
	var all []error
	for _, one := range r.Returns {
		if one.Err == nil {
			return nil
		}
		all = append(all, one.Err)
	}
	return errors.Join(all...)
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
	if err := o.Target.Check(); err != nil {
		return nil, fmt.Errorf("invoke %q: %w", f.Name, err)
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
	call := newInvocation(s, targets, body, o)
	call.ask()
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
	body    wire.Raw
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

func newInvocation(s *session, targets []bus.Candidate, body wire.Raw, o *InvokeOptions) *invocation {
	call := &invocation{
		s: s, targets: targets, body: body, opts: o, started: time.Now(),
		answers: make(chan answer, len(targets)),
		open:    make(map[int]bool, len(targets)),
		returns: make([]bus.Return, len(targets)),
	}
	for i, target := range targets {
		call.open[i] = true
		call.returns[i] = call.returned(target)
	}
	return call
}

// returned is an answer that has not come.
func (call *invocation) returned(target bus.Candidate) bus.Return {
	return bus.Return{Server: target.Server, Method: target.Method, Args: call.body}
}

func (call *invocation) ask() {
	call.s.c.mu.Lock()
	defer call.s.c.mu.Unlock()
	for i, target := range call.targets {
		q := &question{server: target.Server.PeerID, answer: func(r reply) {
			call.answers <- answer{place: i, at: time.Now(), reply: r}
		}}
		call.ids = append(call.ids, call.s.send(wire.Frame{
			Type:     wire.Call,
			ServerID: wire.Quote(string(target.Server.PeerID)), MethodID: wire.Raw(target.Method.ID),
			ArgumentsKV: call.body,
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
	r := call.returned(call.targets[a.place])
	r.Value, r.Err = a.frame.Result, a.err
	r.At, r.Took = a.at, a.at.Sub(call.started)
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
			r := call.returned(target)
			r.Err, r.At, r.Took = why(target.Server), now, now.Sub(call.started)
			call.settle(i, r)
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
