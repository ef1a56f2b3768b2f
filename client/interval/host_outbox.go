package interval

import (
	"context"
	"sync"
)

// outbox does what a transaction sends, one after the other, so that order
// survives the loss of connections.
type outbox struct {
	mu      sync.Mutex
	jobs    []func()
	running bool
}

// add begins a goroutine where none is at work.
func (o *outbox) add(work *sync.WaitGroup, job func()) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.jobs = append(o.jobs, job)
	if !o.running {
		o.running = true
		work.Go(o.run)
	}
}

func (o *outbox) run() {
	for {
		o.mu.Lock()
		if len(o.jobs) == 0 {
			o.running = false
			o.mu.Unlock()
			return
		}
		job := o.jobs[0]
		o.jobs = o.jobs[1:]
		o.mu.Unlock()
		job()
	}
}

// do sends something in turn and waits until the runner has answered.
func (t *Transaction) do(ctx context.Context, send func() error) error {
	result := make(chan error, 1)
	t.out.add(&t.host.work, func() { result <- t.host.deliver(t.host.ctx, send) })
	select {
	case err := <-result:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// later sends something in turn.
func (t *Transaction) later(what string, send func() error) {
	t.out.add(&t.host.work, func() {
		if err := t.host.deliver(t.host.ctx, send); err != nil {
			t.host.opts.Logger.Warn("not sent", "what", what, "transaction", t.ID, "err", err)
		}
	})
}
