package interval

import (
	"sync"
	"time"
)

func (t *Transaction) sendLoading(state LoadingState) {
	t.later("loading state", func() error {
		_, err := Call(t.host.ctx, t.host.duplex, SendLoading, LoadingMessage{TransactionID: t.ID, LoadingState: state})
		return err
	})
}

// collectLoading is how long changes of a loading state are collected.
const collectLoading = 100 * time.Millisecond

// LoadingControl tells how far an action is. Changes are sent together, so that
// many cost little.
type LoadingControl struct {
	send func(LoadingState)

	mu      sync.Mutex
	state   LoadingState
	timer   *time.Timer
	sent    bool // since the last question
	stopped bool
}

// Start begins a new state. With ItemsInQueue, CompleteOne counts.
func (l *LoadingControl) Start(state LoadingState) {
	l.change(func() {
		if state.ItemsInQueue != nil && state.ItemsCompleted == nil {
			zero := 0
			state.ItemsCompleted = &zero
		}
		l.state = state
	})
}

// Update changes what is given and keeps the rest.
func (l *LoadingControl) Update(state LoadingState) {
	l.change(func() {
		if state.Label != "" {
			l.state.Label = state.Label
		}
		if state.Description != "" {
			l.state.Description = state.Description
		}
		if state.ItemsInQueue != nil {
			l.state.ItemsInQueue = state.ItemsInQueue
		}
		if state.ItemsCompleted != nil {
			l.state.ItemsCompleted = state.ItemsCompleted
		}
	})
}

// CompleteOne counts one more item.
func (l *LoadingControl) CompleteOne() {
	l.change(func() {
		n := 1
		if l.state.ItemsCompleted != nil {
			n += *l.state.ItemsCompleted
		}
		l.state.ItemsCompleted = &n
	})
}

func (l *LoadingControl) change(edit func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stopped {
		return
	}
	edit()
	if l.timer != nil {
		return
	}
	l.timer = time.AfterFunc(collectLoading, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.timer = nil
		if !l.stopped {
			l.sent = true
			l.send(l.state)
		}
	})
}

// asked notes that a question covers the state.
func (l *LoadingControl) asked() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sent = false
}

// again sends the state once more, after a reconnect.
func (l *LoadingControl) again() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.sent && !l.stopped {
		l.send(l.state)
	}
}

func (l *LoadingControl) stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stopped = true
	if l.timer != nil {
		l.timer.Stop()
	}
}
