package client

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"ioscope/client/bus"
	"ioscope/client/internal/wire"
)

// Streams are those that this client offers, in the order of creation.
func (c *Client) Streams() []*Stream {
	c.mu.Lock()
	defer c.mu.Unlock()
	var out []*Stream
	for _, reg := range c.regs {
		if reg.stream != nil {
			out = append(out, reg.stream)
		}
	}
	return out
}

// Definition is what was registered.
func (s *Stream) Definition() bus.MethodDefinition { return s.reg.def }

// Push publishes data, a JSON object or what marshals to one, on the branches of
// those keys, or on all where none is named. Keys without subscribers are passed
// over; where nobody listens at all it does nothing, whatever data is. It waits
// while more than 4 MiB wait to be sent.
func (s *Stream) Push(data any, branches ...string) error {
	return s.PushWith(data, nil, branches...)
}

// PushWith is Push with what the publisher tells beside the data.
func (s *Stream) PushWith(data any, o *PushOptions, branches ...string) error {
	if err := s.push(data, o, s.pick(branches)); err != nil {
		return fmt.Errorf("push to %q: %w", s.reg.def.Name, err)
	}
	return nil
}

// pick gives a function that lists the branches to publish on.
func (s *Stream) pick(keys []string) func() []*branch {
	return func() []*branch {
		var out []*branch
		for _, b := range s.branches {
			if len(keys) == 0 || slices.Contains(keys, b.key) {
				out = append(out, b)
			}
		}
		return out
	}
}

// push publishes on the branches that pick lists under the lock.
func (s *Stream) push(data any, o *PushOptions, pick func() []*branch) error {
	c := s.c
	c.mu.Lock()
	session, closed, anybody := c.session, s.closed || c.closed, len(pick()) > 0
	c.mu.Unlock()
	switch {
	case closed:
		return ErrClosed
	case session == nil || !anybody:
		return nil
	}
	f, err := o.frame(data)
	if err != nil {
		return err
	}
	f.Type = wire.Publish
	if session.out.wait(session.ctx) != nil {
		return nil // the connection ended, and its subscribers with it
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if session.gone {
		return nil
	}
	for _, b := range pick() {
		b.pushed++
		f.StreamID = b.id
		session.put(f)
	}
	return nil
}

// Subscribers are those of all branches, in no order that means anything.
func (s *Stream) Subscribers() []*Subscriber {
	s.c.mu.Lock()
	defer s.c.mu.Unlock()
	var out []*Subscriber
	for _, b := range s.branches {
		out = append(out, b.subscribers...)
	}
	return out
}

// Branch is the branch of that key, which may have no subscribers now.
func (s *Stream) Branch(key string) *Branch { return &Branch{stream: s, key: key} }

// Branches are those that have subscribers, in the order in which they got them.
func (s *Stream) Branches() []*Branch {
	s.c.mu.Lock()
	defer s.c.mu.Unlock()
	out := make([]*Branch, len(s.branches))
	for i, b := range s.branches {
		out[i] = &Branch{stream: s, key: b.key}
	}
	return out
}

// Close ends all subscriptions and takes the stream back. It returns when the
// gateway has agreed, at once while there is no connection, and nil when it is
// called again.
func (s *Stream) Close(ctx context.Context) error {
	c := s.c
	c.mu.Lock()
	s.closed = true
	if session := c.session; session != nil {
		for _, r := range session.interests {
			if r.stream == s {
				r.refuse()
			}
		}
	}
	c.mu.Unlock()
	if err := c.unregister(ctx, s.reg); err != nil {
		return fmt.Errorf("close stream %q: %w", s.reg.def.Name, err)
	}
	return nil
}

// refuse ends a subscription because its stream ends. c.mu is held.
func (r *Request) refuse() {
	if sub := r.accepted; sub != nil {
		sub.end(fmt.Sprintf("Server dropping all subscriptions on stream_id: %s", words(r.stream.find(sub.key).id)))
		return
	}
	r.settled = true
	delete(r.s.interests, string(r.id))
	r.s.deny(r.id, bus.SubscriptionRejected, rejectionPrefix+"The stream was closed.")
}

// Branch is one key of a stream.
type Branch struct {
	stream *Stream
	key    string
}

// Key is the branch's key; the default branch has the empty one.
func (b *Branch) Key() string { return b.key }

// ID names the branch to the gateway while it has subscribers; pushed counts what
// was pushed on it since it got its first one.
func (b *Branch) ID() (id string, pushed uint64) {
	b.stream.c.mu.Lock()
	defer b.stream.c.mu.Unlock()
	if open := b.stream.find(b.key); open != nil {
		return words(open.id), open.pushed
	}
	return "", 0
}

// Push is Stream.Push to this branch alone.
func (b *Branch) Push(data any) error { return b.stream.Push(data, b.key) }

// PushWith is Stream.PushWith to this branch alone.
func (b *Branch) PushWith(data any, o *PushOptions) error { return b.stream.PushWith(data, o, b.key) }

// Subscribers are those on this branch, in the order in which they were accepted.
func (b *Branch) Subscribers() []*Subscriber {
	b.stream.c.mu.Lock()
	defer b.stream.c.mu.Unlock()
	if open := b.stream.find(b.key); open != nil {
		return slices.Clone(open.subscribers)
	}
	return nil
}

// Close ends the subscriptions on this branch.
func (b *Branch) Close() {
	b.stream.c.mu.Lock()
	defer b.stream.c.mu.Unlock()
	open := b.stream.find(b.key)
	if open == nil {
		return
	}
	for _, sub := range slices.Clone(open.subscribers) {
		sub.end(fmt.Sprintf("Server dropping all subscriptions on stream_id: %s", words(open.id)))
	}
}

// ID is the subscription's id, as gateway and subscriber know it.
func (s *Subscriber) ID() string { return words(s.request.id) }

// Args are what the subscriber asked with.
func (s *Subscriber) Args() json.RawMessage { return s.request.Args }

// Instance is who subscribed.
func (s *Subscriber) Instance() bus.Instance { return s.request.Subscriber }

// Branch is the branch on which it was accepted.
func (s *Subscriber) Branch() *Branch { return s.request.stream.Branch(s.key) }

// Stream is what it subscribed to.
func (s *Subscriber) Stream() *Stream { return s.request.stream }

// Push sends data to this subscriber alone, who sees it as private. It waits as
// Stream.Push does, and does nothing when the subscriber is gone.
func (s *Subscriber) Push(data any) error { return s.PushWith(data, nil) }

// PushWith is Push with what the publisher tells beside the data.
func (s *Subscriber) PushWith(data any, o *PushOptions) error {
	c, session := s.request.stream.c, s.request.s
	f, err := o.frame(data)
	if err != nil {
		return fmt.Errorf("push to a subscriber of %q: %w", s.request.stream.reg.def.Name, err)
	}
	f.Type, f.SubscriptionID = wire.Post, s.request.id
	if session.out.wait(session.ctx) != nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !s.gone {
		session.put(f)
	}
	return nil
}

// Close ends this subscription.
func (s *Subscriber) Close() { s.CloseWith("Server dropping a single subscription") }

// CloseWith is Close with a reason for people, which our own client shows;
// official ones don't.
func (s *Subscriber) CloseWith(reason string) {
	s.request.stream.c.mu.Lock()
	defer s.request.stream.c.mu.Unlock()
	s.end(reason)
}

// end drops the subscription. c.mu is held.
func (s *Subscriber) end(reason string) {
	if s.gone {
		return
	}
	s.request.s.put(wire.Frame{
		Type: wire.Drop, RequestID: s.request.stream.c.nextRequest(),
		SubscriptionID: s.request.id, Reason: wire.Quote(reason),
	})
	s.request.end()
}
