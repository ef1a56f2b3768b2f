package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"ioscope/client/bus"
	"ioscope/client/internal/wire"
)

// SubscribeOptions say what to ask whom, and who hears the events. nil is fine.
type SubscribeOptions struct {
	// Args go to the publisher: a JSON object or what marshals to one.
	Args any
	// Target chooses among the publishers. Default: best. SkipMine is for
	// invocations only.
	Target bus.Target
	// WaitTimeout is how long to look out for a publisher, ResponseTimeout how
	// long each may take to accept. Defaults: bus.DefaultTimeout. A negative
	// WaitTimeout does not wait. They hold for the restoring after a reconnect too.
	WaitTimeout, ResponseTimeout time.Duration
	// OnEvent gets StreamAccepted, StreamData, StreamLeft, StreamLost and StreamClosed, one at
	// a time and in order, on the goroutine that reads the connection, which it
	// must not hold up; the StreamClosed of one's own Close may come on the
	// goroutine that closes. Events may come before Subscribe returns. If nil,
	// events queue for Next.
	OnEvent func(bus.Event)
	// Buffer is how many events are kept for Next, default 10,000, and Policy what
	// becomes of further data, default DropOldest. Other events are never dropped.
	Buffer int
	Policy Policy
}

const defaultBuffer = 10_000

// Subscription is a stream of somebody else that this client follows, perhaps
// of several publishers at once.
//
// It lives until it is closed or its last publisher ends it. When our own
// connection is lost it hears StreamLost, is asked for again when the connection
// is back, and hears StreamAccepted with Restored set, or StreamClosed with the
// reason why not. A publisher that goes away ends its part, of which StreamLeft
// tells while others go on, and with the last it ends, even if one returns later. Who
// came back, or later, is not asked but by [Subscription.Join].
type Subscription struct {
	c       *Client
	filter  bus.MethodFilter
	opts    SubscribeOptions
	args    wire.Raw
	events  *eventQueue
	members []*member // guarded by c.mu, in order of accepting
	round   *round    // guarded by c.mu; nil when nobody is asked
	closed  bool      // guarded by c.mu
	err     error     // guarded by c.mu; why it is closed
}

// member is one publisher that accepted.
type member struct {
	sub     *Subscription
	server  bus.Instance
	id      string // subscription id
	request string // id of the request that it answered
}

// Subscribe asks the publishers that the target means for a stream and returns
// when one has accepted; others may join the same subscription as they accept.
// Only streams fit the filter, even if it does not say so. The error is a
// *NoMethodError when nobody offered the stream in time, a *RejectedError when
// all refused, a *NoAnswerError when none answered in time, a *LostError,
// ErrClosed, or ctx's.
func (c *Client) Subscribe(ctx context.Context, f bus.MethodFilter, o *SubscribeOptions) (*Subscription, error) {
	sub, err := c.newSubscription(f, o)
	if err != nil {
		return nil, fmt.Errorf("subscribe %q: %w", f.Name, err)
	}
	s, targets, err := c.find(ctx, sub.filter, sub.opts.Target, sub.opts.WaitTimeout)
	if err != nil {
		return nil, fmt.Errorf("subscribe %q: %w", f.Name, err)
	}
	asked := sub.ask(s, targets, false)
	select {
	case err = <-asked.done:
	case <-ctx.Done():
		if err = ctx.Err(); !sub.giveUp(asked) {
			err = <-asked.done
		}
	}
	if err != nil {
		return nil, fmt.Errorf("subscribe %q: %w", f.Name, err)
	}
	return sub, nil
}

func (c *Client) newSubscription(f bus.MethodFilter, o *SubscribeOptions) (*Subscription, error) {
	sub := &Subscription{c: c, filter: f}
	if o != nil {
		sub.opts = *o
	}
	if sub.opts.Target.Mode == bus.SkipMine {
		return nil, errors.New("target skipMine is for invocations only")
	}
	if err := sub.opts.Target.Check(); err != nil {
		return nil, err
	}
	if sub.opts.ResponseTimeout <= 0 {
		sub.opts.ResponseTimeout = bus.DefaultTimeout
	}
	if sub.filter.Streaming == nil {
		streaming := true
		sub.filter.Streaming = &streaming
	}
	sub.events = newEventQueue(&sub.opts)
	var err error
	if sub.args, err = object(sub.opts.Args); err != nil {
		return nil, fmt.Errorf("arguments: %w", err)
	}
	return sub, nil
}

// Next waits for the next event. After StreamClosed it gives io.EOF. Without
// OnEvent only.
func (s *Subscription) Next(ctx context.Context) (bus.Event, error) {
	if s.opts.OnEvent != nil {
		return nil, io.EOF
	}
	return s.events.next(ctx)
}

// Args are what was asked with, an object.
func (s *Subscription) Args() json.RawMessage { return s.args }

// Err is why the subscription ended: nil while it lives and when we closed it, a
// *bus.Error when its last publisher ended it, and ErrFull or what Subscribe
// returns when it failed, which its StreamClosed tells by Failed.
func (s *Subscription) Err() error {
	s.c.mu.Lock()
	defer s.c.mu.Unlock()
	return s.err
}

// Dropped counts the data that was not kept because it came too fast.
func (s *Subscription) Dropped() int64 { return s.events.droppedCount() }

// Servers are the publishers that have accepted and not ended it, in the order
// of accepting.
func (s *Subscription) Servers() []bus.Instance {
	s.c.mu.Lock()
	defer s.c.mu.Unlock()
	out := make([]bus.Instance, len(s.members))
	for i, m := range s.members {
		out[i] = m.server
	}
	return out
}

// Close ends the subscription, with StreamClosed as its last event. It does not
// wait for anything, may be called from OnEvent, and returns nil, also when the
// subscription has ended already.
func (s *Subscription) Close() error {
	s.c.mu.Lock()
	s.close()
	s.c.mu.Unlock()
	s.events.deliver()
	return nil
}

// close unsubscribes and ends. c.mu is held.
func (s *Subscription) close() {
	if s.closed {
		return
	}
	last := s.leave()
	s.end(bus.StreamClosed{Server: last, Reason: "ClientInitiated", Mine: true}, nil)
}

// leave unsubscribes from all publishers and gives the last one. c.mu is held.
func (s *Subscription) leave() (last bus.Instance) {
	for _, m := range s.members {
		last = m.server
		if session := s.c.session; session != nil {
			session.unsubscribe(wire.Raw(m.id))
			delete(session.members, m.id)
			delete(session.pending, m.request)
		}
	}
	return last
}

// overflow ends a subscription whose buffer is full. c.mu is held.
func (s *Subscription) overflow() {
	last := s.leave()
	s.end(bus.StreamClosed{Server: last, Reason: ErrFull.Error(), Failed: true}, ErrFull)
}

// unsubscribe tells the gateway. c.mu is held.
func (s *session) unsubscribe(id wire.Raw) {
	s.put(wire.Frame{
		Type: wire.Unsubscribe, RequestID: s.c.nextRequest(), SubscriptionID: id,
		ReasonURI: wire.Quote(""), Reason: wire.Quote("ClientInitiated"),
	})
}

// end posts the last event and forgets the subscription. c.mu is held.
func (s *Subscription) end(last bus.StreamClosed, why error) {
	if s.closed {
		return
	}
	s.closed, s.err = true, why
	s.members = nil
	if s.round != nil {
		s.round.settle(ErrClosed)
	}
	last.At = time.Now()
	s.events.post(last)
	s.c.dropSubscription(s)
}

// closeSubscriptions ends all of them because the client ends.
func (c *Client) closeSubscriptions() {
	c.mu.Lock()
	subs := append([]*Subscription(nil), c.subs...)
	for _, s := range subs {
		s.close()
	}
	c.mu.Unlock()
	for _, s := range subs {
		s.events.deliver()
	}
}

// publisherSaid is a publisher's reason without the prefix of official ones.
func publisherSaid(reason string) string {
	return strings.TrimSpace(strings.TrimPrefix(reason, strings.TrimSpace(rejectionPrefix)))
}
