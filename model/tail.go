package model

import (
	"encoding/json"
	"math"
	"time"

	"ioscope/client/bus"
)

// TailOptions bounds what is kept of a subscription.
type TailOptions struct {
	// MaxRows is how many rows are kept; default 100,000. A pause holds more.
	MaxRows int
	// MaxBytes is how many bytes are kept, rows and payloads, during a pause
	// too; default 64 MiB.
	MaxBytes int64
	// Name tells what a publisher is called, for the words of gap rows; nil
	// leaves the name out.
	Name func(bus.PeerID) string
}

// GapKind says what a gap row is about.
type GapKind uint8

const (
	// NoGap is a row with an event.
	NoGap GapKind = iota
	// GapMissing is a hole in the sequence: what should have come, and did not.
	GapMissing
	// GapDropped is what came and was thrown away, because we were too slow.
	GapDropped
	// GapLost is a time without our own connection.
	GapLost
	// GapRestarted is a sequence that begins again.
	GapRestarted
	// GapOverrun is where a pause held all it could.
	GapOverrun
	// GapRestored is a subscription that goes on.
	GapRestored
	// GapUnclear is a sequence that jumps so often that it says nothing.
	GapUnclear
	// GapPart is where one of several publishers ended its part.
	GapPart
	// GapReplay is where a replay went elsewhere in its recording.
	GapReplay
	// GapStood is a time in which the program itself stood still.
	GapStood
)

// TailRow is one row of a stream: an event, or a gap.
type TailRow struct {
	// N numbers the rows from 1 on, without holes, and is the row's identity.
	N        uint64
	At       time.Time
	Server   bus.PeerID
	Private  bool
	Snapshot bool
	// GapKind is NoGap in a row with an event; Gap has the words of a gap row.
	GapKind GapKind
	Gap     string
	// Sequence is the publisher's; empty when it gave none.
	Sequence json.Number
	Data     json.RawMessage
	// Shaped is what an expression made of the payload; nil where it is shown as
	// it came.
	Shaped json.RawMessage
}

// Payload is what is shown of a row: its payload, or what was made of it.
func (r *TailRow) Payload() json.RawMessage {
	if r.Shaped != nil {
		return r.Shaped
	}
	return r.Data
}

// size is what a row costs.
func (r *TailRow) size() int64 { return rowBytes + int64(len(r.Data)) + int64(len(r.Shaped)) }

// rowBytes is what a row costs beside its payload.
const rowBytes = 160

// TailCounts are the counters of a subscription, since it began.
type TailCounts struct {
	// Total counts the events that came, Private and Snapshots those among them,
	// Repeats those whose sequence number was there before, and Late those that
	// came after a higher number had.
	Total, Private, Snapshots, Repeats, Late int
	// Gaps counts the gap rows, Missing the events that holes in the sequence
	// stand for. Unclear counts the sequences that are not looked at any more.
	Gaps, Missing, Unclear int
	// Fallen counts the events that left the ring, Dropped those that never
	// got in.
	Fallen, Dropped int
}

// Tail is what is kept of one subscription: a ring of rows, its counters, and
// the place where a person reads. It follows the newest row, or it is paused
// and stays where it is; a filter makes its view smaller. Rows of the view are
// numbered from 0 and move as old ones fall out; a row's N never changes.
type Tail struct {
	o      TailOptions
	blocks []*block // of rows; block 0 has the row with number base
	spare  *block   // the last one that was emptied
	base   uint64
	first  uint64 // N of the oldest row
	next   uint64 // N of the row that comes next
	bytes  int64
	gaps   int // gap rows in the ring
	// dropped is what the newest row stands for, if it is a GapDropped.
	dropped int

	counts  TailCounts
	traffic Traffic
	viewed  Traffic // of those events that are in the view
	series  map[seriesID]*series
	epoch   int // grows where nothing can be compared with what was before
	numbers numbering
	sources sources
	lastAt  time.Time
	resumed time.Time
	usual   float64 // running mean of the distance between events, in ns

	paused  bool
	since   time.Time
	fresh   int    // events since the pause began
	overrun int    // events that fell out since the pause began
	told    bool   // and a row says so
	heldAt  uint64 // the row that came next when the pause began
	cursor  uint64

	filter  func(*TailRow) bool
	outside bool     // what passes the filter waits for a verdict from outside
	judged  uint64   // N of the first row that was not looked at yet
	matches []uint64 // N of the rows that pass the filter, oldest first
	passed  int      // how many at the front of matches have fallen out
	matched int      // those that are no gap rows

	read reading
}

// block holds rows, so that keeping more of them moves none.
type block [blockRows]TailRow

const blockRows = 256

// NewTail makes an empty tail that follows.
func NewTail(o TailOptions) *Tail {
	if o.MaxRows <= 0 {
		o.MaxRows = 100_000
	}
	if o.MaxBytes <= 0 {
		o.MaxBytes = 64 << 20
	}
	return &Tail{o: o, base: 1, first: 1, next: 1}
}

// Append takes in an event. A hole in its publisher's sequence, or one that
// begins again, gets a gap row before it.
func (t *Tail) Append(e bus.StreamData) {
	t.counts.Total++
	if e.Private {
		t.counts.Private++
	}
	if e.Snapshot {
		t.counts.Snapshots++
	}
	if t.paused {
		t.fresh++
	}
	t.traffic.Add(1, e.At)
	t.measure(e.At)
	t.sources.of(e.Server).Events++
	t.follow(&e)
	t.push(TailRow{
		At: e.At, Server: e.Server, Private: e.Private, Snapshot: e.Snapshot,
		Sequence: e.Sequence, Data: e.Data,
	})
}

// Mark adds a gap row.
func (t *Tail) Mark(kind GapKind, words string, at time.Time) {
	t.counts.Gaps++
	t.push(TailRow{At: at, GapKind: kind, Gap: words})
}

// Interrupt adds a gap row, and begins every sequence anew: what was not asked for
// is not missing.
func (t *Tail) Interrupt(kind GapKind, words string, at time.Time) {
	t.epoch++
	t.Mark(kind, words, at)
}

// Drop counts events that were thrown away before they got here, and says so in
// a row, one for as long as nothing gets in between. The hole that they leave in
// the sequence is not taken for missing.
func (t *Tail) Drop(n int, at time.Time) {
	if n <= 0 {
		return
	}
	t.counts.Dropped += n
	t.epoch++
	if row := t.newest(); row != nil && row.GapKind == GapDropped {
		t.dropped += n
		row.Gap = droppedWords(t.dropped)
		return
	}
	t.dropped = n
	t.Mark(GapDropped, droppedWords(n), at)
}

func droppedWords(n int) string { return Number(n) + " dropped here: this screen was too slow" }

// Counts returns the counters.
func (t *Tail) Counts() TailCounts { return t.counts }

// Kept returns how many events are in memory, filtered out or not, and the
// bytes that all rows take.
func (t *Tail) Kept() (events int, bytes int64) { return t.size() - t.gaps, t.bytes }

// Reaches returns the time of the oldest row that is kept; zero when there is none.
func (t *Tail) Reaches() time.Time {
	if t.size() == 0 {
		return time.Time{}
	}
	return t.at(t.first).At
}

// Get returns a row by its number; false when it has fallen out or never was.
func (t *Tail) Get(n uint64) (TailRow, bool) {
	if n < t.first || n >= t.next {
		return TailRow{}, false
	}
	return *t.at(n), true
}

func (t *Tail) size() int { return int(t.next - t.first) }

func (t *Tail) at(n uint64) *TailRow {
	i := n - t.base
	return &t.blocks[i/blockRows][i%blockRows]
}

// push adds a row and lets the oldest fall out where it is too much.
func (t *Tail) push(row TailRow) {
	if t.next-t.base == uint64(len(t.blocks))*blockRows {
		t.grow()
	}
	row.N = t.next
	t.next++
	at := t.at(row.N)
	*at = row
	t.bytes += row.size()
	if row.GapKind != NoGap {
		t.gaps++
	}
	t.match(at)
	t.trim(row.At)
}

func (t *Tail) grow() {
	b := t.spare
	if t.spare = nil; b == nil {
		b = new(block)
	}
	t.blocks = append(t.blocks, b)
}

// trim lets rows fall out until the bounds hold. A pause lifts the bound of
// rows, and says once that it has reached the bound of bytes.
func (t *Tail) trim(at time.Time) {
	rows := t.o.MaxRows
	if t.paused {
		rows = math.MaxInt
	}
	for t.size() > 1 && (t.size() > rows || t.bytes > t.o.MaxBytes) {
		if t.paused && !t.told {
			t.told = true // before Mark, which comes here again
			t.Mark(GapOverrun, "the pause holds "+Bytes(int(t.o.MaxBytes))+": from here on the oldest rows fall out", at)
		}
		t.fall()
	}
}

// fall lets the oldest row go.
func (t *Tail) fall() {
	row := t.at(t.first)
	t.bytes -= row.size()
	if row.GapKind != NoGap {
		t.gaps--
	} else {
		t.counts.Fallen++
		if t.paused {
			t.overrun++
		}
	}
	t.unmatch(row)
	*row = TailRow{}
	if t.first++; t.first-t.base == blockRows {
		t.spare, t.blocks[0] = t.blocks[0], nil
		t.blocks = t.blocks[1:]
		t.base = t.first
	}
}
