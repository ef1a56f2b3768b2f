package client

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"ioscope/client/bus"
)

// errStillAsking is why nobody joins while others have not answered.
var errStillAsking = errors.New("publishers that were asked have not answered yet")

// Join asks those that the target means now and that do not send to this subscription:
// who refused, ended their part, came back or came later. By itself a subscription
// takes in nobody, as with the official clients. It returns when each of them has
// answered, with those that accepted; the error has what the others said. Where nobody
// is left to be asked it does nothing. A subscription to the best has one publisher,
// and takes in no other.
func (s *Subscription) Join(ctx context.Context) ([]bus.Instance, error) {
	joined, err := s.join(ctx)
	if err != nil {
		err = fmt.Errorf("join %q: %w", s.filter.Name, err)
	}
	return joined, err
}

func (s *Subscription) join(ctx context.Context) ([]bus.Instance, error) {
	session, targets, err := s.c.find(ctx, s.filter, s.opts.Target, -1)
	if err != nil {
		return nil, err
	}
	r := &round{sub: s, s: session, accepted: true, joins: true, done: make(chan error, 1)}
	s.c.mu.Lock()
	switch {
	case s.closed:
		err = ErrClosed
	case s.round != nil || len(s.members) == 0:
		err = errStillAsking
	}
	targets = slices.DeleteFunc(slices.Clone(targets), func(t bus.Candidate) bool {
		return s.opts.Target.Mode == bus.Best || slices.ContainsFunc(s.members, func(m *member) bool { return m.server.PeerID == t.Server.PeerID })
	})
	if err != nil || len(targets) == 0 {
		s.c.mu.Unlock()
		return nil, err
	}
	r.send(targets)
	s.c.mu.Unlock()
	select {
	case err = <-r.done:
	case <-ctx.Done():
		err = ctx.Err()
		s.c.mu.Lock()
		r.abandon()
		s.c.mu.Unlock()
	}
	s.c.mu.Lock()
	defer s.c.mu.Unlock()
	return slices.Clone(r.joined), err
}
