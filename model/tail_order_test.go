package model

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"ioscope/client/bus"
)

// The order by a field equals a sort of all that is kept, whatever falls out,
// comes or is filtered in between, and the cursor stays on its row.
func TestOrderAgainstASortOfAll(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	tail := NewTail(TailOptions{MaxRows: 900})
	now := time.Date(2026, time.November, 21, 14, 0, 0, 0, time.UTC)
	price := func(row *TailRow) (float64, bool) {
		steps, _ := ReadPath("$.bid")
		return Float(steps.In(row.Data))
	}
	keep := func(row *TailRow) bool { v, ok := price(row); return !ok || int(v)%3 != 0 }
	wanted := func(reverse, filtered bool) []uint64 {
		var rows []TailRow
		for _, row := range tail.All() {
			if row.GapKind == NoGap && (!filtered || keep(&row)) {
				rows = append(rows, row)
			}
		}
		slices.SortStableFunc(rows, func(a, b TailRow) int {
			x, ok := price(&a)
			y, ok2 := price(&b)
			switch {
			case ok != ok2 && ok:
				return -1
			case ok != ok2:
				return 1
			case x < y:
				return flip(reverse, -1)
			case x > y:
				return flip(reverse, 1)
			}
			return 0
		})
		var out []uint64
		for _, row := range rows {
			out = append(out, row.N)
		}
		return out
	}
	shown := func() []uint64 {
		var out []uint64
		for _, row := range tail.Window(0, tail.Len()) {
			out = append(out, row.N)
		}
		return out
	}
	reverse, filtered := false, false
	tail.SortBy("$.bid", reverse)
	for i := range 3000 {
		now = now.Add(20 * time.Millisecond)
		data := `{"bid":` + strconv.Itoa(random.IntN(50)) + `}`
		if i%11 == 0 {
			data = `{"note":"none"}`
		}
		tail.Append(bus.StreamData{At: now, Data: []byte(data)})
		if i%97 == 0 {
			tail.Drop(3, now)
		}
		switch i {
		case 1200:
			reverse = true
			tail.SortBy("$.bid", reverse)
		case 1800:
			filtered = true
			tail.Sieve(keep, false)
		}
		if i%50 != 49 {
			continue
		}
		at := tail.Cursor()
		tail.Work()
		tail.Arrange(now)
		if now := tail.Cursor(); now != at && at >= tail.first && tail.Shows(at) {
			t.Fatalf("event %d: the cursor went from row %d to %d", i, at, now)
		}
		tail.ArrangeAll()
		if got, want := shown(), wanted(reverse, filtered); !slices.Equal(got, want) {
			t.Fatalf("event %d: %d rows %v, want %d rows %v", i, len(got), got, len(want), want)
		}
		for k, n := range shown() {
			if tail.Index(n) != k {
				t.Fatalf("row %d is at %d, and looked for at %d", n, k, tail.Index(n))
			}
		}
		tail.MoveCursor(random.IntN(9)-4, now)
	}
	if !tail.Following() {
		t.Error("moving through sorted rows held the stream")
	}
}

// What a held stream shows sorted stays, too, and comes with the rest when it goes on.
func TestOrderWhileHeld(t *testing.T) {
	t.Parallel()
	tail := NewTail(TailOptions{})
	now := time.Date(2026, time.November, 21, 14, 0, 0, 0, time.UTC)
	add := func(v int) {
		tail.Append(bus.StreamData{At: now, Data: fmt.Appendf(nil, `{"v":%d}`, v)})
	}
	for _, v := range []int{5, 3, 9} {
		add(v)
	}
	tail.SortBy("$.v", false)
	tail.Pause(now)
	add(4)
	now = now.Add(2 * time.Second)
	tail.Work()
	tail.Arrange(now)
	if tail.Len() != 3 {
		t.Errorf("%d rows are shown while the stream is held", tail.Len())
	}
	tail.Follow()
	tail.Work()
	tail.Arrange(now)
	var got []string
	for _, row := range tail.Window(0, 9) {
		got = append(got, string(row.Data))
	}
	if want := []string{`{"v":3}`, `{"v":4}`, `{"v":5}`, `{"v":9}`}; !slices.Equal(got, want) {
		t.Errorf("shown %v, want %v", got, want)
	}
}

// Sorting a full ring never takes longer at a time than a few milliseconds' worth
// of rows.
func TestOrderIsBounded(t *testing.T) {
	t.Parallel()
	tail := NewTail(TailOptions{})
	now := time.Date(2026, time.November, 21, 14, 0, 0, 0, time.UTC)
	for i := range 50_000 {
		tail.Append(bus.StreamData{At: now, Data: fmt.Appendf(nil, `{"v":%d}`, i*7919%50_000)})
	}
	tail.SortBy("$.v", false)
	rounds := 0
	for tail.Unsorted() > 0 {
		before := tail.Unsorted()
		tail.Work()
		tail.Arrange(now)
		if done := before - tail.Unsorted(); done > workRows {
			t.Fatalf("%d rows at once", done)
		}
		if rounds++; rounds > 100 {
			t.Fatal("it does not end")
		}
	}
	if row := tail.Window(49_999, 1)[0]; string(row.Data) != `{"v":49999}` {
		t.Errorf("the last is %s", row.Data)
	}
}

func BenchmarkOrder(b *testing.B) {
	tail := NewTail(TailOptions{})
	now := time.Date(2026, time.November, 21, 14, 0, 0, 0, time.UTC)
	data := make([][]byte, 1000)
	for i := range data {
		data[i] = fmt.Appendf(nil, `{"sym":"VOD","bid":%d.%d,"seq":%d}`, i*7919%500, i, i)
	}
	for i := range 100_000 {
		tail.Append(bus.StreamData{At: now, Data: data[i%1000]})
	}
	tail.SortBy("$.bid", false)
	tail.ArrangeAll()
	b.ReportAllocs()
	for b.Loop() { // a second of 5,000 events in 30 frames
		for f := range 30 {
			for i := range 167 {
				tail.Append(bus.StreamData{At: now, Data: data[(f*167+i)%1000]})
			}
			tail.Work()
			tail.Arrange(now)
			_ = tail.Window(tail.Index(tail.Cursor()), 40)
		}
		now = now.Add(time.Second)
	}
}
