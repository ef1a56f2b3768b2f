package replay

import (
	"sort"
	"time"

	"ioscope/client/record"
)

// mile is how far landmarks are apart, in bytes.
const mile = 256 << 10

// landmark notes a line now and then.
func (r *Recording) landmark(e record.Entry) {
	if n := len(r.stones); n == 0 || e.Offset-r.stones[n-1].Offset >= mile {
		r.stones = append(r.stones, e.Bare())
	}
}

// before is a line before the one from, or itself, from which all is read that was
// heard at a moment or later. Lines are nearly in the order of their times.
func (r *Recording) before(at time.Time, from record.Entry) record.Entry {
	const disorder = 5 * time.Second
	n := sort.Search(len(r.stones), func(i int) bool { return !r.stones[i].At.Before(at.Add(-disorder)) })
	if n > 0 && r.stones[n-1].Offset > from.Offset {
		return r.stones[n-1]
	}
	return from
}
