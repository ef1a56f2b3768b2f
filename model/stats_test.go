package model

import (
	"slices"
	"testing"
	"time"
)

func TestTraffic(t *testing.T) {
	t.Parallel()
	type add struct {
		at time.Duration
		n  int
	}
	for _, c := range []struct {
		name  string
		adds  []add
		now   time.Duration
		want  []int // the last four whole seconds
		rate  float64
		total int
	}{
		{"nothing", nil, 0, []int{0, 0, 0, 0}, 0, 0},
		{"this second does not count yet", []add{{0, 5}}, 500 * time.Millisecond, []int{0, 0, 0, 0}, 0, 5},
		{"a second later it does", []add{{0, 5}, {900 * time.Millisecond, 2}}, time.Second, []int{0, 0, 0, 7}, 3.5, 7},
		{"a steady flow", []add{{0, 3}, {time.Second, 4}, {2 * time.Second, 6}}, 3 * time.Second, []int{0, 3, 4, 6}, 5, 13},
		{"a gap is empty", []add{{0, 3}, {3 * time.Second, 4}}, 4 * time.Second, []int{3, 0, 0, 4}, 2, 7},
		{"nothing came since", []add{{0, 3}}, 3 * time.Second, []int{0, 3, 0, 0}, 0, 3},
		{"a gap as long as all that is remembered", []add{{0, 3}, {trafficSeconds * time.Second, 4}}, (trafficSeconds + 1) * time.Second, []int{0, 0, 0, 4}, 2, 7},
		{"a gap of hours", []add{{0, 3}, {5 * time.Hour, 4}}, 5*time.Hour + time.Second, []int{0, 0, 0, 4}, 2, 7},
		{"a clock that goes back", []add{{10 * time.Second, 3}, {9 * time.Second, 4}}, 11 * time.Second, nil, 3.5, 7},
	} {
		var tr Traffic
		for _, a := range c.adds {
			tr.Add(a.n, noon.Add(a.at))
		}
		now := noon.Add(c.now)
		if got := tr.Last(4, now); c.want != nil && !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
		if got := tr.Rate(now); got != c.rate {
			t.Errorf("%s: %v a second, want %v", c.name, got, c.rate)
		}
		if tr.Total() != c.total {
			t.Errorf("%s: %d in all, want %d", c.name, tr.Total(), c.total)
		}
	}
	var tr Traffic
	if got := tr.Last(1000, noon); len(got) != trafficSeconds-1 {
		t.Errorf("%d seconds are remembered", len(got))
	}
}

// TestTrafficOfTheSecondBefore adds what came in the last second after the next
// has begun, as a frame does that is drawn then.
func TestTrafficOfTheSecondBefore(t *testing.T) {
	t.Parallel()
	var tr Traffic
	tr.Add(3, noon)
	tr.Last(4, noon.Add(time.Second)) // somebody looks
	tr.Add(4, noon.Add(990*time.Millisecond))
	if got := tr.Last(2, noon.Add(2*time.Second)); !slices.Equal(got, []int{7, 0}) {
		t.Errorf("what comes late is counted in the second in which it comes: %v, want [7 0]", got)
	}
}

func TestMedian(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		took []int
		want int
	}{{nil, 0}, {[]int{7}, 7}, {[]int{9, 1, 5}, 5}, {[]int{1, 2, 3, 100, 200}, 3}} {
		var s Stats
		for _, ms := range c.took {
			s.add(ms != 9, time.Duration(ms)*time.Millisecond)
		}
		if got := s.Median(); got != time.Duration(c.want)*time.Millisecond {
			t.Errorf("%v: %v", c.took, got)
		}
	}
	var s Stats
	for i := range 3 * statsKept {
		s.add(i%3 > 0, time.Duration(i))
	}
	if s.Answers != 3*statsKept || s.Errors != statsKept || len(s.took) != statsKept {
		t.Errorf("%d answers, %d errors, %d kept", s.Answers, s.Errors, len(s.took))
	}
	if s.Median() < 2*statsKept {
		t.Errorf("the median %d is not one of the last", s.Median())
	}
}
