package client

import (
	"context"
	"io"
	"slices"
	"sync"

	"ioscope/client/bus"
)

// eventQueue carries the events of one subscription to who hears them: a
// callback, one at a time and in order, or the callers of next, who may be slow.
type eventQueue struct {
	on    func(bus.Event) // nil for next
	limit int

	mu         sync.Mutex
	items      []bus.Event // those from head on wait
	head       int
	delivering bool
	ended      bool // StreamClosed was posted
	dropped    int64
	// wake has a message for next when it should look.
	wake chan struct{}
}

func newEventQueue(on func(bus.Event), limit int) *eventQueue {
	if limit <= 0 {
		limit = defaultBuffer
	}
	return &eventQueue{on: on, limit: limit, wake: make(chan struct{}, 1)}
}

// post queues an event, unless the last one was. The order of posts is that of
// the events; deliver, called without any lock, tells of them.
func (q *eventQueue) post(e bus.Event) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.ended {
		return
	}
	if q.head > 0 && len(q.items) == cap(q.items) {
		q.items = slices.Delete(q.items, 0, q.head)
		q.head = 0
	}
	q.items = append(q.items, e)
	_, q.ended = e.(bus.StreamClosed)
	if q.on == nil {
		q.trim()
		q.signal()
	}
}

// trim drops the oldest data beyond the limit. Other events are few, and stay.
func (q *eventQueue) trim() {
	if len(q.items)-q.head <= q.limit {
		return
	}
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

// signal wakes one caller of next. q.mu is held.
func (q *eventQueue) signal() {
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
func (q *eventQueue) next(ctx context.Context) (bus.Event, error) {
	for {
		q.mu.Lock()
		if q.head < len(q.items) {
			e := q.pop()
			if q.head < len(q.items) || q.ended {
				q.signal() // there may be more callers than one
			}
			q.mu.Unlock()
			return e, nil
		}
		ended := q.ended
		if ended {
			q.signal()
		}
		q.mu.Unlock()
		if ended {
			return nil, io.EOF
		}
		select {
		case <-q.wake:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (q *eventQueue) droppedCount() int64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.dropped
}
