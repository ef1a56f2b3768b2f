package ui

import (
	"strings"
	"testing"
	"time"
)

// A wall clock that goes further than the one that stands still in sleep is told of;
// so is one that is set back. What both agree on is not, nor what is put right.
func TestSleepIsSeen(t *testing.T) {
	t.Parallel()
	var awake time.Duration
	s := sleep{awake: func() time.Duration { return awake }}
	now := bornAt
	for i, step := range []struct{ wall, awake, want time.Duration }{
		{0, 0, 0},
		{time.Second, time.Second, 0},
		{time.Hour, time.Hour, 0},
		{time.Hour + time.Second, time.Second, time.Hour},
		{time.Second, time.Second, 0},
		{4 * time.Second, 0, 0},
		{-time.Minute, time.Second, -61 * time.Second},
		{time.Second, time.Second, 0},
	} {
		now, awake = now.Add(step.wall), awake+step.awake
		if got := s.look(now); got != step.want {
			t.Errorf("step %d: %s, want %s", i, got, step.want)
		}
	}
	// By the clock itself: both of its readings go on together.
	var real sleep
	real.look(time.Now())
	if got := real.look(time.Now().Add(time.Hour)); got != 0 {
		t.Errorf("nobody slept, but %s", got)
	}
	// One that has no second reading agrees with itself.
	var plain sleep
	plain.look(bornAt)
	if got := plain.look(bornAt.Add(time.Hour)); got != 0 {
		t.Errorf("nobody slept, but %s", got)
	}
}

// TestSleepIsARow: a laptop that slept has a row in each stream that runs, before what
// is read after it, once, whatever wakes the screen first.
func TestSleepIsARow(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	asleep := time.Duration(0)
	h.app.sleep.awake = func() time.Duration { return h.now.Sub(bornAt) - asleep }
	h.town()
	q := h.subscribe("AAPL")
	q.on(tick("AAPL", 1, h.now))
	h.flush()
	rest := func(d time.Duration) { h.now, asleep = h.now.Add(d), asleep+d }

	rest(12 * time.Minute)
	q.on(tick("AAPL", 2, h.now))
	h.flush()
	h.pass(time.Second)
	rest(-time.Hour)
	h.pass(time.Second)
	rest(2 * time.Second)
	q.on(tick("AAPL", 3, h.now))
	h.flush()
	var rows []string
	tail := h.app.state.Things[0].Tail
	for n := uint64(1); n <= uint64(tail.Len()); n++ {
		row, _ := tail.Get(n)
		rows = append(rows, row.Gap)
	}
	want := "|the machine slept for 12 min, or its clock was set ahead; what was sent then may be missing||the clock of this machine was set back by 60 min|"
	if got := strings.Join(rows, "|"); got != want {
		t.Errorf("rows %q, want %q", got, want)
	}
}
