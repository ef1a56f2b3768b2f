package model

import "time"

// What silence is: so many times the usual distance between events, and at
// least so long.
const (
	silenceFactor = 10
	silenceLeast  = 10 * time.Second
)

// Rate returns the events a second, over the last two whole seconds.
func (t *Tail) Rate(now time.Time) float64 { return t.traffic.Rate(now) }

// Spark returns the events of each of the last n whole seconds, oldest first.
// It reaches back 63 seconds.
func (t *Tail) Spark(now time.Time, n int) []float64 {
	counts := t.traffic.Last(n, now)
	out := make([]float64, len(counts))
	for i, c := range counts {
		out[i] = float64(c)
	}
	return out
}

// Resume says that events may come again from a moment on: the time before it is
// nobody's silence.
func (t *Tail) Resume(at time.Time) { t.resumed = at }

// Last returns when the newest event came; zero when none did.
func (t *Tail) Last() time.Time { return t.lastAt }

// Usual returns the usual distance between two events; 0 before the second one.
// Younger distances weigh more.
func (t *Tail) Usual() time.Duration { return time.Duration(t.usual) }

// Silence returns how long nothing has come, and whether that is unusual: ten
// times the usual distance, and at least ten seconds. A stream that has sent
// less than two events has no usual distance, and is never silent.
func (t *Tail) Silence(now time.Time) (since time.Duration, unusual bool) {
	if t.lastAt.IsZero() {
		return 0, false
	}
	last := t.lastAt
	if t.resumed.After(last) {
		last = t.resumed
	}
	since = max(0, now.Sub(last))
	return since, t.counts.Total > 1 && since >= max(silenceLeast, silenceFactor*t.Usual())
}

// measure keeps the running mean of the distances.
func (t *Tail) measure(at time.Time) {
	if !t.lastAt.IsZero() && !t.resumed.After(t.lastAt) {
		distance := float64(max(0, at.Sub(t.lastAt)))
		if t.usual == 0 {
			t.usual = distance
		} else {
			t.usual += (distance - t.usual) / 16
		}
	}
	t.lastAt = at
}

// readBehind is how far reading may be behind what came without rates being wrong that
// anybody could tell.
const readBehind = 500 * time.Millisecond

// RatesKnown reports whether all that counts for the rates of keys and of what the
// filter lets through was read. It is not for a while after the filter changed, since
// all that is kept is read anew, the oldest first.
func (t *Tail) RatesKnown(now time.Time) bool {
	end := t.next
	if t.paused {
		end = min(end, t.heldAt)
	}
	n := max(t.read.latest.next, t.first)
	return n >= end || now.Sub(t.at(n).At) <= readBehind
}

// Traffic returns the events of the last seconds.
func (t *Tail) Traffic() *Traffic { return &t.traffic }
