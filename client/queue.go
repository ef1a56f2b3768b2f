package client

import (
	"sync"
)

// inOrder runs functions one at a time, in the order in which they came, on a
// goroutine that exists only while there are some. The zero value is ready.
type inOrder struct {
	mu      sync.Mutex
	waiting []func()
	running bool
}

// do queues a function and never blocks; workers counts the goroutine.
func (q *inOrder) do(workers *sync.WaitGroup, f func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting = append(q.waiting, f)
	if !q.running {
		q.running = true
		workers.Go(q.run)
	}
}

func (q *inOrder) run() {
	for {
		q.mu.Lock()
		batch := q.waiting
		q.waiting = nil
		q.running = len(batch) > 0
		q.mu.Unlock()
		if len(batch) == 0 {
			return
		}
		for _, f := range batch {
			f()
		}
	}
}
