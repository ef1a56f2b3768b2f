package ui

import "time"

// jumpLeast is how far wall clock and monotonic clock must part to be told of: less is
// a clock that is kept right.
const jumpLeast = 5 * time.Second

// sleep finds out that the machine slept, as laptops do: the wall clock goes on, the
// monotonic one stands still meanwhile. A clock that somebody set looks the same, and so
// does one that is set back, with another sign.
type sleep struct {
	born, seen time.Time
	awoken     time.Duration
	// awake is how long the machine was awake since it was looked at first; nil for the
	// monotonic reading that times of the clock have.
	awake func() time.Duration
}

// look returns by how much the wall clock went further than the other since it was
// looked at last; 0 where they agree.
func (s *sleep) look(now time.Time) time.Duration {
	if s.born.IsZero() {
		s.born, s.seen = now, now
	}
	awake := now.Sub(s.born)
	if s.awake != nil {
		awake = s.awake()
	}
	// Without its monotonic reading a time knows the wall alone.
	jump := now.Round(0).Sub(s.seen.Round(0)) - (awake - s.awoken)
	s.seen, s.awoken = now, awake
	if jump.Abs() < jumpLeast {
		return 0
	}
	return jump
}

// slept tells every stream of a time in which the machine slept, before what came then
// is read.
func (a *App) slept() {
	now := a.opts.Now()
	jump := a.sleep.look(now)
	if jump == 0 {
		return
	}
	for _, d := range a.desks {
		d.state.Slept(jump, now)
	}
}
