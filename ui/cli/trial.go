package cli

import (
	"context"
	"sync"
	"time"

	"ioscope/client/bus"
)

// trialTime is how long a gateway that nobody named may take to answer.
const trialTime = 2 * time.Second

// trial is a first connection that may come to nothing. What it hears is held back
// until it is known: where nobody answers, nothing of it is to be seen.
type trial struct {
	mu      sync.Mutex
	held    []bus.Event
	over    bool
	verdict chan bool
}

// hold keeps an event back. It reports false once the trial is over.
func (t *trial) hold(e bus.Event) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.over {
		return false
	}
	t.held = append(t.held, e)
	c, ok := e.(bus.ConnChanged)
	if !ok {
		return true
	}
	switch c.State {
	case bus.Live, bus.Refused:
		t.decide(true)
	case bus.Lost, bus.Closed:
		t.decide(false)
	case bus.Connecting:
	}
	return true
}

func (t *trial) decide(there bool) {
	select {
	case t.verdict <- there:
	default: // the first word counts
	}
}

// end tells what was held back, and lets pass what comes after it.
func (t *trial) end(tell func(bus.Event)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.over = true
	for _, e := range t.held {
		tell(e)
	}
}

// try goes to the bus at the address if a gateway answers there within a moment, one
// that refuses us too. It reports whether it went.
func (s *session) try(ctx context.Context, url string) bool {
	t := &trial{verdict: make(chan bool, 1)}
	s.mu.Lock()
	s.trial = t
	s.mu.Unlock()
	s.open(url, nil)
	there := false
	select {
	case there = <-t.verdict:
	case <-time.After(trialTime):
	case <-ctx.Done():
	}
	if there {
		t.end(s.tell)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trial = nil
	if !there {
		s.gen++ // what it still says is of a bus that we are not at
	}
	return there
}
