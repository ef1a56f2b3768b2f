package replay

import (
	"context"
	"sync"
	"time"

	"ioscope/client/internal/rest"
)

// clock is the time of a replay, which never goes back. It goes on behind the end of
// the recording, for subscribers who came late.
type clock struct {
	mu      sync.Mutex
	from    time.Duration // what it was at since
	since   time.Time
	speed   float64
	paused  bool
	changed chan struct{} // closed and replaced when it is set
}

func newClock(speed float64, paused bool) *clock {
	return &clock{since: time.Now(), speed: speed, paused: paused, changed: make(chan struct{})}
}

// now is what it is.
func (c *clock) now() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.time()
}

func (c *clock) time() time.Duration {
	if c.paused {
		return c.from
	}
	return c.from + time.Duration(float64(time.Since(c.since))*c.speed)
}

// set changes how it goes; f gets it as it is.
func (c *clock) set(f func(*clock)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.from, c.since = c.time(), time.Now()
	f(c)
	close(c.changed)
	c.changed = make(chan struct{})
}

// wait waits for a time, and is false when ctx ends first.
func (c *clock) wait(ctx context.Context, until time.Duration) bool {
	for {
		c.mu.Lock()
		left, paused, speed, changed := until-c.time(), c.paused, c.speed, c.changed
		c.mu.Unlock()
		if ctx.Err() != nil {
			return false
		}
		if left <= 0 {
			return true
		}
		var due <-chan time.Time
		var t *time.Timer
		if !paused {
			// Rounded up, so that it is not woken a moment too early again and again.
			t = time.NewTimer(time.Duration(float64(left)/speed) + 1)
			due = t.C
		}
		select {
		case <-due:
		case <-changed:
		case <-ctx.Done():
		}
		if t != nil {
			t.Stop()
		}
	}
}

// pass waits as long as something took then, in the present speed, also while it is
// paused: who calls is answered.
func (c *clock) pass(ctx context.Context, took time.Duration) bool {
	c.mu.Lock()
	d := time.Duration(float64(took) / c.speed)
	c.mu.Unlock()
	return rest.For(ctx, d)
}
