package model

import (
	"slices"
	"time"
)

// Stats are one server's answers to one method.
type Stats struct {
	Answers, Errors int
	// Last is when the latest answer came.
	Last time.Time
	// LastOK is whether the latest answer was a value.
	LastOK bool
	took   []time.Duration
}

// statsKept bounds the latencies that a median is made of.
const statsKept = 64

func (s *Stats) add(ok bool, took time.Duration) {
	s.Answers++
	s.LastOK = ok
	if !ok {
		s.Errors++
	}
	if len(s.took) == statsKept {
		s.took = slices.Delete(s.took, 0, 1)
	}
	s.took = append(s.took, took)
}

// Median returns the median latency of the last answers; 0 when there are none.
func (s *Stats) Median() time.Duration {
	if len(s.took) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(s.took))
	return sorted[len(sorted)/2]
}

// trafficSeconds is how far back traffic is remembered.
const trafficSeconds = 64

// Traffic counts events in buckets of one second. Its zero value is ready.
type Traffic struct {
	buckets [trafficSeconds]int
	second  int64
	total   int
}

// Add counts n events in the second in which they came.
func (t *Traffic) Add(n int, at time.Time) {
	t.turn(at)
	t.total += n
	if sec := at.Unix(); sec >= 0 && t.second-sec < trafficSeconds {
		t.buckets[sec%trafficSeconds] += n
	}
}

// turn empties the buckets of the seconds that have gone by.
func (t *Traffic) turn(now time.Time) {
	sec := now.Unix()
	if sec-t.second >= trafficSeconds || t.second == 0 {
		t.buckets = [trafficSeconds]int{}
	} else {
		for s := t.second + 1; s <= sec; s++ {
			t.buckets[s%trafficSeconds] = 0
		}
	}
	t.second = max(t.second, sec)
}

// Total returns all events ever counted.
func (t *Traffic) Total() int { return t.total }

// Last returns the counts of the last n whole seconds, oldest first.
func (t *Traffic) Last(n int, now time.Time) []int {
	t.turn(now)
	n = min(n, trafficSeconds-1)
	out := make([]int, n)
	for i := range out {
		if s := t.second - int64(n-i); s >= 0 {
			out[i] = t.buckets[s%trafficSeconds]
		}
	}
	return out
}

// Rate returns the events a second, over the last two whole seconds.
func (t *Traffic) Rate(now time.Time) float64 {
	last := t.Last(2, now)
	return float64(last[0]+last[1]) / 2
}
