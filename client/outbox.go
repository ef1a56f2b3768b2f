package client

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"ioscope/client/internal/wire"
)

const (
	// roomy is how many bytes may wait to be sent before those who can wait do.
	roomy = 4 << 20
	// overfull is how many messages may wait before the connection is given up.
	// Those who can wait stop long before, so the gateway floods us and does not
	// read.
	overfull = 1 << 18
)

var errOverfull = errors.New("gateway does not read: too much waits to be sent")

// outbox is the queue of messages that wait to be sent. Putting never blocks,
// so the reading goroutine may answer.
type outbox struct {
	mu     sync.Mutex
	queue  [][]byte
	bytes  int
	closed bool
	room   chan struct{} // closed when there is room again; nil when nobody waits
	// wake has a message for the writer when the queue is not empty.
	wake chan struct{}
}

func newOutbox() *outbox { return &outbox{wake: make(chan struct{}, 1)} }

// put queues a message, which it keeps.
func (o *outbox) put(msg []byte) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return nil
	}
	if len(o.queue) >= overfull {
		return errOverfull
	}
	o.queue = append(o.queue, msg)
	o.bytes += len(msg)
	select {
	case o.wake <- struct{}{}:
	default:
	}
	return nil
}

// wait returns when there is room, or the outbox is closed, or ctx ends.
func (o *outbox) wait(ctx context.Context) error {
	for {
		o.mu.Lock()
		if o.closed || o.bytes <= roomy {
			o.mu.Unlock()
			return nil
		}
		if o.room == nil {
			o.room = make(chan struct{})
		}
		room := o.room
		o.mu.Unlock()
		select {
		case <-room:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// take empties the queue. The bytes count until sent reports them.
func (o *outbox) take() [][]byte {
	o.mu.Lock()
	defer o.mu.Unlock()
	batch := o.queue
	o.queue = nil
	return batch
}

func (o *outbox) sent(n int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.bytes -= n
	if o.bytes <= roomy {
		o.free()
	}
}

// free lets waiters look again. o.mu is held.
func (o *outbox) free() {
	if o.room != nil {
		close(o.room)
		o.room = nil
	}
}

func (o *outbox) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed, o.queue = true, nil
	o.free()
}

// write sends what is queued until the session ends.
func (s *session) write() {
	watchdog := time.AfterFunc(writeTimeout, func() { s.cut(fmt.Errorf("nothing could be sent for %s", writeTimeout)) })
	defer watchdog.Stop()
	for {
		watchdog.Stop()
		select {
		case <-s.out.wake:
		case <-s.ctx.Done():
			return
		}
		for _, msg := range s.out.take() {
			watchdog.Reset(writeTimeout)
			if err := s.conn.Write(s.ctx, msg); err != nil {
				s.cut(fmt.Errorf("send: %w", err))
				return
			}
			s.out.sent(len(msg))
		}
	}
}

var ping = []byte(`{"type":"ping"}`)

// keepAlive tells the gateway that we are there, which it never answers (gw3
// 3.7), and asks the connection whether the gateway is, where it can tell.
func (s *session) keepAlive(every time.Duration) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
		case <-s.ctx.Done():
			return
		}
		_ = s.out.put(ping)
		if p, ok := s.conn.(wire.Pinger); ok {
			ctx, cancel := context.WithTimeout(s.ctx, every)
			if err := p.Ping(ctx); err != nil {
				s.cut(fmt.Errorf("ping: %w", err))
			}
			cancel()
		}
	}
}
