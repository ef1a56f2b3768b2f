package demo

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
)

// stage is what all apps of one Start stand on: how to connect, where their
// randomness and their time come from, and who waits for their goroutines.
type stage struct {
	url  string
	opts Options
	log  *slog.Logger

	// play ends when the apps are closed; all that an app does by itself ends with it.
	play context.Context
	end  context.CancelFunc
	busy sync.WaitGroup

	mu      sync.Mutex
	clients []*client.Client // guarded by mu; in the order of connecting
}

// offer is a method with the handler that answers it.
type offer struct {
	def    bus.MethodDefinition
	handle client.Handler
}

// connect joins the bus under an application name. The connection is closed
// with the stage.
func (s *stage) connect(ctx context.Context, application string) (*client.Client, error) {
	c, err := s.dial(ctx, application)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	s.clients = append(s.clients, c)
	s.mu.Unlock()
	return c, nil
}

// dial joins the bus; the caller closes the connection.
func (s *stage) dial(ctx context.Context, application string) (*client.Client, error) {
	o := &client.Options{
		Application: application,
		User:        s.opts.User,
		Password:    s.opts.Password,
		Dial:        s.opts.Dial,
		Logger:      s.log.With("app", application),
	}
	if s.opts.Machine != "" {
		o.Identity = map[string]any{"machine": s.opts.Machine}
	}
	c, err := client.Dial(ctx, s.url, o)
	if err != nil {
		return nil, fmt.Errorf("connect %s: %w", application, err)
	}
	return c, nil
}

// register offers methods, in order.
func (s *stage) register(ctx context.Context, c *client.Client, offers ...offer) error {
	for _, o := range offers {
		if _, err := c.Register(ctx, o.def, o.handle); err != nil {
			return fmt.Errorf("register %s: %w", o.def.Name, err)
		}
	}
	return nil
}

// stream offers a stream.
func (s *stage) stream(ctx context.Context, c *client.Client, def bus.MethodDefinition, o *client.StreamOptions) (*client.Stream, error) {
	stream, err := c.CreateStream(ctx, def, o)
	if err != nil {
		return nil, fmt.Errorf("create stream %s: %w", def.Name, err)
	}
	return stream, nil
}

// run starts a goroutine that ends when its context does, which is when the
// apps are closed.
func (s *stage) run(f func(ctx context.Context)) {
	s.busy.Go(func() { f(s.play) })
}

// random returns a source that depends on the seed and the label alone.
func (s *stage) random(label string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(label))
	return rand.New(rand.NewPCG(uint64(s.opts.Seed), h.Sum64()))
}

// within returns a duration from 0 up to d, without d itself.
func within(rng *rand.Rand, d time.Duration) time.Duration {
	return time.Duration(rng.Int64N(int64(d)))
}

// now is the time by the clock that was given.
func (s *stage) now() client.Date { return client.Date{Time: s.opts.Now()} }

// heed notes a push that did not go out. The connection may be lost for a
// moment, and comes back by itself, so nothing else is to be done.
func (s *stage) heed(err error) {
	if err != nil {
		s.log.Debug("demo: push", "err", err)
	}
}

// pause waits, and reports false when the context ended meanwhile.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// close ends all that runs, and every connection.
func (s *stage) close() error {
	s.end()
	s.mu.Lock()
	clients := s.clients
	s.clients = nil
	s.mu.Unlock()
	errs := make([]error, len(clients))
	for i, c := range clients {
		// A gateway that keeps silent costs the patience of one goodbye, not of all.
		s.busy.Go(func() { errs[i] = c.Close() })
	}
	s.busy.Wait()
	return errors.Join(errs...)
}
