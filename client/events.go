package client

import (
	"context"
	"io"
	"slices"
	"sync"

	"ioscope/client/bus"
)

// Policy says what becomes of a stream's events when the subscriber does not
// take them as fast as they come and its buffer is full.
type Policy int

const (
	// DropOldest drops the oldest data in the buffer, and counts it. The default.
	DropOldest Policy = iota
	// DropNewest drops what has just come, and counts it.
	DropNewest
	// EndWhenFull drops nothing: it ends the subscription, with ErrFull, so that
	// nobody goes on as if nothing were missing. What is in the buffer can still
	// be taken.
	EndWhenFull
)

// eventQueue carries the events of one subscription to who hears them: a
// callback, one at a time and in order, or the callers of next, who may be slow.
type eventQueue struct {
	on     func(bus.Event) // nil for next
	limit  int
	policy Policy

	mu         sync.Mutex
	items      []bus.Event // those from head on wait
	head       int
	delivering bool
	ended      bool // StreamClosed was posted
	dropped    int64
	// waiting counts the callers of next that found nothing; wake has a message
	// for one of them when it should look.
	waiting int
	wake    chan struct{}
}

func newEventQueue(o *SubscribeOptions) *eventQueue {
	q := &eventQueue{on: o.OnEvent, limit: o.Buffer, policy: o.Policy, wake: make(chan struct{}, 1)}
	if q.limit <= 0 {
		q.limit = defaultBuffer
	}
	return q
}

// post queues an event, unless the last one was. The order of posts is that of
// the events; deliver, called without any lock, tells of them.
func (q *eventQueue) post(e bus.Event) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.append(e)
	if q.on == nil && q.policy == DropOldest && len(q.items)-q.head > q.limit {
		q.dropOldest()
	}
	if _, last := e.(bus.StreamClosed); last {
		q.ended = true
	}
}

// data is post for an event of the stream. It reports false where there is no
// room for it and it must not be lost.
func (q *eventQueue) data(e bus.StreamData) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.on == nil && len(q.items)-q.head >= q.limit {
		switch q.policy {
		case EndWhenFull:
			return false
		case DropNewest:
			q.dropped++
			return true
		default:
			q.dropOldest()
		}
	}
	q.append(e)
	return true
}

// append puts an event at the end. q.mu is held.
func (q *eventQueue) append(e bus.Event) {
	if q.ended {
		return
	}
	if q.head > 0 && len(q.items) == cap(q.items) {
		q.items = slices.Delete(q.items, 0, q.head)
		q.head = 0
	}
	q.items = append(q.items, e)
	if q.on == nil {
		q.signal()
	}
}

// dropOldest drops the oldest data. Other events are few, and stay. q.mu is held.
func (q *eventQueue) dropOldest() {
	at := slices.IndexFunc(q.items[q.head:], func(e bus.Event) bool {
		_, data := e.(bus.StreamData)
		return data
	})
	if at < 0 {
		return
	}
	copy(q.items[q.head+1:q.head+at+1], q.items[q.head:q.head+at])
	q.pop()
	q.dropped++
}

// pop takes the first event. q.mu is held, and there is one.
func (q *eventQueue) pop() bus.Event {
	e := q.items[q.head]
	q.items[q.head] = nil
	if q.head++; q.head == len(q.items) {
		q.items, q.head = q.items[:0], 0
	}
	return e
}

// signal wakes one caller of next, if any waits. q.mu is held.
func (q *eventQueue) signal() {
	if q.waiting == 0 {
		return
	}
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// deliver calls back for what is posted. If another goroutine is at it, or this
// one further up its stack, that one goes on with it.
func (q *eventQueue) deliver() {
	if q.on == nil {
		return
	}
	q.mu.Lock()
	if q.delivering {
		q.mu.Unlock()
		return
	}
	q.delivering = true
	for q.head < len(q.items) {
		e := q.pop()
		q.mu.Unlock()
		q.on(e)
		q.mu.Lock()
	}
	q.delivering = false
	q.mu.Unlock()
}

// next waits for an event, and gives io.EOF after the last.
func (q *eventQueue) next(ctx context.Context) (e bus.Event, err error) {
	err = q.await(ctx, func() { e = q.pop() })
	return e, err
}

// batch waits for events and gives all that are there. spare is used for those
// that come next.
func (q *eventQueue) batch(ctx context.Context, spare []bus.Event) (all []bus.Event, err error) {
	err = q.await(ctx, func() {
		all = q.items[q.head:]
		q.items, q.head = spare[:0], 0
	})
	return all, err
}

// await calls take, under q.mu, as soon as there is an event.
func (q *eventQueue) await(ctx context.Context, take func()) error {
	if err := ctx.Err(); err != nil {
		return err // also where events come faster than they are taken
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.head == len(q.items) {
		if q.ended {
			q.signal() // there may be more callers than one
			return io.EOF
		}
		if err := q.sleep(ctx); err != nil {
			return err
		}
	}
	take()
	if q.head < len(q.items) || q.ended {
		q.signal()
	}
	return nil
}

// sleep waits for a signal. q.mu is held, but not meanwhile.
func (q *eventQueue) sleep(ctx context.Context) error {
	q.waiting++
	q.mu.Unlock()
	defer func() {
		q.mu.Lock()
		q.waiting--
	}()
	select {
	case <-q.wake:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (q *eventQueue) droppedCount() int64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.dropped
}

// over reports whether the last event was posted.
func (q *eventQueue) over() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.ended
}
