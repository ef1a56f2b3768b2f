package stub

import (
	"context"
	"errors"
	"sync"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
)

// Options say who hears of what goes on. nil is fine.
type Options struct {
	// Log hears each call and each subscription, one entry at a time. Default:
	// nobody.
	Log func(Entry)
}

// Running is an application that is on the bus.
type Running struct {
	app *App
	log func(Entry)

	ctx     context.Context // ends with Close
	stop    context.CancelFunc
	workers sync.WaitGroup

	logging sync.Mutex // held while log is called

	mu      sync.Mutex
	closed  bool                                      // guarded by mu
	methods []*client.Method                          // guarded by mu
	streams []*client.Stream                          // guarded by mu
	flows   map[flowKey]*flow                         // guarded by mu
	singles map[*client.Subscriber]context.CancelFunc // guarded by mu
}

// Start offers all that the application has on the client's connection, which
// should have logged in under its name and identity, and returns when the gateway
// has agreed. It waits while the client is not live, until ctx ends. On an error
// nothing stays behind.
func (a *App) Start(ctx context.Context, c *client.Client, o *Options) (*Running, error) {
	r := &Running{
		app: a, log: func(Entry) {},
		flows: map[flowKey]*flow{}, singles: map[*client.Subscriber]context.CancelFunc{},
	}
	if o != nil && o.Log != nil {
		r.log = o.Log
	}
	r.ctx, r.stop = context.WithCancel(context.Background())
	if err := r.offer(ctx, c); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

func (r *Running) offer(ctx context.Context, c *client.Client) error {
	for i := range r.app.methods {
		m, err := c.Register(ctx, r.app.methods[i].def, r.handler(&r.app.methods[i]))
		if err != nil {
			return err
		}
		r.methods = append(r.methods, m)
	}
	for i := range r.app.streams {
		s, err := r.publish(ctx, c, &r.app.streams[i])
		if err != nil {
			return err
		}
		r.streams = append(r.streams, s)
	}
	return nil
}

// takeBack is how long Close waits for the gateway, all in all.
const takeBack = 2 * time.Second

// Close takes the methods and streams back, ends their subscriptions and waits
// until nothing of the application runs any more. The client stays open.
func (r *Running) Close() error {
	r.mu.Lock()
	r.closed = true
	methods, streams := r.methods, r.streams
	r.methods, r.streams = nil, nil
	r.mu.Unlock()
	r.stop()
	ctx, cancel := context.WithTimeout(context.Background(), takeBack)
	defer cancel()
	var errs []error
	for _, s := range streams {
		errs = append(errs, s.Close(ctx))
	}
	for _, m := range methods {
		errs = append(errs, m.Unregister(ctx))
	}
	r.workers.Wait()
	return errors.Join(errs...)
}

// tell writes to the log.
func (r *Running) tell(e Entry) {
	r.logging.Lock()
	defer r.logging.Unlock()
	r.log(e)
}

// peer is an instance as jq sees it.
func peer(i bus.Instance) map[string]any {
	return map[string]any{
		"application": i.Name(), "instance": i.Instance, "user": i.User,
		"machine": i.Machine, "pid": int(i.PID), "peerId": string(i.PeerID),
	}
}
