package client

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime/debug"
	"slices"

	"ioscope/client/bus"
	"ioscope/client/internal/wire"
)

// StreamOptions say how a stream treats its subscribers. nil is fine. The
// callbacks run one at a time, in order, in a goroutine beside the connection's.
type StreamOptions struct {
	// OnRequest decides on a subscription by one of the request's Accept,
	// AcceptOnBranch and Reject, then or later and from any goroutine. nil accepts
	// all. A panic in it rejects.
	OnRequest func(*Request)
	// OnSubscribed hears of each subscriber that was accepted; what is pushed from
	// there reaches it. OnUnsubscribed hears when it is gone, for whatever reason:
	// because it left, was closed, or the connection was lost.
	OnSubscribed, OnUnsubscribed func(*Subscriber)
	// OnWithdrawn hears of a request that went before it was settled: whoever asked
	// took it back or is gone, or the connection was lost.
	OnWithdrawn func(*Request)
}

// Stream is a stream that this client publishes. Its subscribers are grouped in
// branches, whose keys are the publisher's own affair.
type Stream struct {
	c         *Client
	reg       *registration
	opts      StreamOptions
	callbacks inOrder

	// Guarded by c.mu.
	closed   bool
	branches []*branch // those with subscribers, in order of opening
}

// branch is a key that has subscribers.
type branch struct {
	key         string
	id          wire.Raw // the stream id on the wire
	pushed      uint64
	subscribers []*Subscriber
}

// Request is a wish to subscribe. The first of Accept, AcceptOnBranch and Reject
// settles it; further ones, and those that come when the subscriber has gone,
// do nothing.
type Request struct {
	// Args are what the subscriber asks with, an object; {} for none.
	Args json.RawMessage
	// Subscriber is who asks; where it is unknown, only its PeerID is set.
	Subscriber bus.Instance

	stream *Stream
	s      *session
	id     wire.Raw
	// Guarded by c.mu.
	settled  bool
	accepted *Subscriber // nil until accepted
}

// Subscriber is one accepted subscription to a stream of ours.
type Subscriber struct {
	request *Request
	key     string
	gone    bool // guarded by c.mu
}

// CreateStream offers a stream until its Close or the client's, over reconnects
// too: subscribers are lost with the connection, and told of to OnUnsubscribed,
// and may come again. The definition's Streaming, ID and Raw are ignored. It
// waits and fails as Register does.
func (c *Client) CreateStream(ctx context.Context, def bus.MethodDefinition, o *StreamOptions) (*Stream, error) {
	def.Streaming = true
	s := &Stream{c: c, reg: &registration{def: def}}
	s.reg.stream = s
	if o != nil {
		s.opts = *o
	}
	if err := c.register(ctx, s.reg); err != nil {
		return nil, fmt.Errorf("create stream %q: %w", def.Name, err)
	}
	return s, nil
}

// interest is a subscription that somebody asks of us.
func (s *session) interest(f wire.Frame) {
	c := s.c
	c.mu.Lock()
	defer c.mu.Unlock()
	reg := s.methods[string(methodID(f.MethodID))]
	id := string(f.SubscriptionID)
	switch {
	case c.closed:
		return
	case reg == nil:
		s.deny(f.SubscriptionID, bus.SubscriptionRejected, fmt.Sprintf("No method with id %s on this server.", words(f.MethodID)))
		return
	case reg.stream == nil:
		s.deny(f.SubscriptionID, bus.SubscriptionRejected, fmt.Sprintf("%s is no stream.", reg.def.Name))
		return
	case s.interests[id] != nil:
		s.deny(f.SubscriptionID, bus.SubscriptionRejected, fmt.Sprintf("A subscription with id %s already exists.", words(f.SubscriptionID)))
		return
	}
	caller, _ := wire.Text(f.CallerID)
	r := &Request{
		Args: arguments(f), Subscriber: c.dir.instance(bus.PeerID(caller)),
		stream: reg.stream, s: s, id: f.SubscriptionID,
	}
	s.interests[id] = r
	if reg.stream.opts.OnRequest == nil {
		r.accept("")
		return
	}
	reg.stream.call(r.decide)
}

// disinterest ends a subscription that somebody asked of us.
func (s *session) disinterest(f wire.Frame) {
	s.c.mu.Lock()
	defer s.c.mu.Unlock()
	if r := s.interests[string(f.SubscriptionID)]; r != nil {
		r.end()
	}
}

// call queues a callback. c.mu is held.
func (s *Stream) call(f func()) { s.callbacks.do(&s.c.workers, f) }

// decide asks the stream's owner.
func (r *Request) decide() {
	defer func() {
		if p := recover(); p != nil {
			r.stream.c.log.Error("callback panicked", "stream", r.stream.reg.def.Name, "panic", p, "stack", string(debug.Stack()))
			r.Reject(fmt.Sprintf("panic: %v", p))
		}
	}()
	r.stream.opts.OnRequest(r)
}

// Accept takes the subscriber on the branch of the empty key.
func (r *Request) Accept() { r.AcceptOnBranch("") }

// AcceptOnBranch takes the subscriber on a branch, which comes to be with its
// first subscriber and ends with its last.
func (r *Request) AcceptOnBranch(key string) {
	r.stream.c.mu.Lock()
	defer r.stream.c.mu.Unlock()
	r.accept(key)
}

// accept settles the request. c.mu is held.
func (r *Request) accept(key string) {
	if r.settled || r.s.gone {
		return
	}
	r.settled = true
	b := r.stream.open(key)
	sub := &Subscriber{request: r, key: key}
	r.accepted = sub
	b.subscribers = append(b.subscribers, sub)
	r.s.put(wire.Frame{
		Type: wire.Accepted, RequestID: r.stream.c.nextRequest(),
		SubscriptionID: r.id, StreamID: b.id,
	})
	r.stream.tell(r.stream.opts.OnSubscribed, sub)
}

// Reject refuses the subscriber, with a reason for people.
func (r *Request) Reject(reason string) {
	r.stream.c.mu.Lock()
	defer r.stream.c.mu.Unlock()
	if r.settled {
		return
	}
	r.settled = true
	delete(r.s.interests, string(r.id))
	r.s.deny(r.id, bus.SubscriptionRejected, rejectionPrefix+reason)
}

// rejectionPrefix stands before every reason that an official publisher gives.
const rejectionPrefix = "Subscription rejected by user. "

// end forgets a subscription and tells of it. c.mu is held.
func (r *Request) end() {
	if !r.settled {
		r.withdraw()
	}
	delete(r.s.interests, string(r.id))
	sub := r.accepted
	if sub == nil || sub.gone {
		return
	}
	sub.gone = true
	r.stream.drop(sub)
	r.stream.tell(r.stream.opts.OnUnsubscribed, sub)
}

// withdraw settles a request that nobody waits for any more, and tells of it.
// c.mu is held.
func (r *Request) withdraw() {
	r.settled = true
	tell(r.stream, r.stream.opts.OnWithdrawn, r)
}

// tell queues a callback about a subscriber, if there is one. c.mu is held.
func (s *Stream) tell(callback func(*Subscriber), sub *Subscriber) { tell(s, callback, sub) }

// tell queues a callback, if there is one. c.mu is held.
func tell[T any](s *Stream, callback func(T), about T) {
	if callback == nil {
		return
	}
	s.call(func() {
		defer func() {
			if p := recover(); p != nil {
				s.c.log.Error("callback panicked", "stream", s.reg.def.Name, "panic", p, "stack", string(debug.Stack()))
			}
		}()
		callback(about)
	})
}

// open finds or makes a branch. c.mu is held.
func (s *Stream) open(key string) *branch {
	if b := s.find(key); b != nil {
		return b
	}
	b := &branch{key: key, id: s.c.nextID()}
	s.branches = append(s.branches, b)
	return b
}

func (s *Stream) find(key string) *branch {
	for _, b := range s.branches {
		if b.key == key {
			return b
		}
	}
	return nil
}

// drop takes a subscriber out of its branch, and an empty branch out of the
// stream. c.mu is held.
func (s *Stream) drop(sub *Subscriber) {
	b := s.find(sub.key)
	b.subscribers = slices.DeleteFunc(b.subscribers, func(o *Subscriber) bool { return o == sub })
	if len(b.subscribers) == 0 {
		s.branches = slices.DeleteFunc(s.branches, func(o *branch) bool { return o == b })
	}
}

// forget ends all subscriptions whose connection is gone. c.mu is held.
func (s *Stream) forget() {
	for _, b := range slices.Clone(s.branches) {
		for _, sub := range slices.Clone(b.subscribers) {
			sub.request.end()
		}
	}
}
