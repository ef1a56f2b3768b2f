package ui

import (
	"encoding/json"
	"fmt"
	"math"
	"sync"
	"testing"

	"ioscope/client/bus"
	"ioscope/model"
)

// event is the nth event of a thing's stream, of so many bytes.
func event(thing model.ThingID, n, size int) model.Streamed {
	return model.Streamed{Thing: thing, Gen: 1, Event: bus.StreamData{Sequence: json.Number(fmt.Sprint(n)), Data: make([]byte, size)}}
}

func TestInboxKeepsTheOrder(t *testing.T) {
	t.Parallel()
	box := NewInbox()
	var want []model.Input
	for i := range 100 {
		in := []model.Input{
			event(1, i, 10),
			model.Heard{Event: bus.MethodsAdded{Peer: bus.PeerID(fmt.Sprint(i))}},
			model.Finished{Thing: model.ThingID(i)},
		}[i%3]
		want = append(want, in)
		box.Put(in)
	}
	got := box.take()
	if len(got) != len(want) {
		t.Fatalf("%d came out of %d", len(got), len(want))
	}
	for i := range want {
		if fmt.Sprint(got[i]) != fmt.Sprint(want[i]) {
			t.Errorf("%d: %v, want %v", i, got[i], want[i])
		}
	}
	if again := box.take(); len(again) != 0 {
		t.Errorf("taken twice: %v", again)
	}
}

// TestInboxBound puts more in than one subscription may have waiting: by number
// and by size. What is dropped is the oldest, counted exactly, and nothing else
// is lost.
func TestInboxBound(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		events int
		size   int
	}{
		{"as many as there is room for", pendingEvents, 1},
		{"one more", pendingEvents + 1, 1},
		{"many more", 3*pendingEvents + 17, 1},
		{"too large", 300, pendingBytes / 64},
		{"each too large", 5, pendingBytes + 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			box := NewInbox()
			every := max(c.events/50, 1)
			others, calm := 0, 0
			for i := range c.events {
				box.Put(event(1, i, c.size))
				if i%every == 0 {
					box.Put(event(2, calm, 1))
					calm++
					for _, in := range keepers(others) {
						box.Put(in)
					}
					others++
				}
			}
			checkBatch(t, box.take(), c.events, others, calm)
		})
	}
}

// keepers are inputs that must never be dropped.
func keepers(n int) []model.Input {
	return []model.Input{
		model.Heard{Event: bus.ServerAdded{Server: bus.Instance{PeerID: bus.PeerID(fmt.Sprint(n))}}},
		model.Returned{Thing: 1, Gen: n},
		model.Finished{Thing: 1, Gen: n},
		model.Streamed{Thing: 1, Gen: 1, Event: bus.StreamClosed{Reason: fmt.Sprint(n)}},
	}
}

func checkBatch(t *testing.T, batch []model.Input, events, others, calm int) {
	t.Helper()
	last, came, dropped, kept, quiet := -1, 0, 0, 0, 0
	for _, in := range batch {
		switch in := in.(type) {
		case model.Overrun:
			dropped += in.Count
			if in.Thing != 1 || in.Gen != 1 {
				t.Errorf("the wrong stream is told of: %+v", in)
			}
		case model.Streamed:
			data, ok := in.Event.(bus.StreamData)
			switch n, _ := data.Sequence.Int64(); {
			case !ok:
				kept++
			case in.Thing == 2:
				quiet++
			default:
				if int(n) <= last {
					t.Fatalf("%d comes after %d", n, last)
				}
				last = int(n)
				came++
			}
		default:
			kept++
		}
	}
	if came+dropped != events {
		t.Errorf("%d came and %d are told as dropped, of %d", came, dropped, events)
	}
	if came > 0 && last != events-1 {
		t.Errorf("the newest is %d, want %d", last, events-1)
	}
	if kept != 4*others || quiet != calm {
		t.Errorf("%d of %d others and %d of %d quiet events came", kept, 4*others, quiet, calm)
	}
	if came > pendingEvents {
		t.Errorf("%d wait", came)
	}
}

// TestInboxTellsOfDropsInPlace looks for the drop among the events: the row that
// tells of it must stand where they are missing.
func TestInboxTellsOfDropsInPlace(t *testing.T) {
	t.Parallel()
	box := NewInbox()
	for i := range pendingEvents + 1 {
		box.Put(event(1, i, 1))
	}
	batch := box.take()
	at := -1
	for i, in := range batch {
		if _, ok := in.(model.Overrun); ok {
			at = i
		}
	}
	switch {
	case at < 0:
		t.Error("nobody is told of the drop")
	case at > 0:
		t.Error("the drop is told after the events that came later")
	}
}

func TestInboxFromManySides(t *testing.T) {
	t.Parallel()
	box := NewInbox()
	const writers, each = 8, 2000
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				box.Put(event(model.ThingID(w), i, 1))
			}
		})
	}
	done := make(chan struct{})
	go func() { wg.Wait(); box.Close(); close(done) }()
	next := [writers]int{}
	take := func() {
		for _, in := range box.take() {
			s := in.(model.Streamed)
			n, _ := s.Event.(bus.StreamData).Sequence.Int64()
			if int(n) != next[s.Thing] {
				t.Errorf("%d: %d comes, want %d", s.Thing, n, next[s.Thing])
			}
			next[s.Thing]++
		}
	}
	for {
		select {
		case <-done:
			take()
			for w, n := range next {
				if n != each {
					t.Errorf("%d: %d came of %d", w, n, each)
				}
			}
			return
		case <-box.wake:
			take()
		}
	}
}

// TestInboxWait takes what was put before and after the waiting began, and ends.
func TestInboxWait(t *testing.T) {
	t.Parallel()
	box := NewInbox()
	box.Put(event(1, 0, 1))
	if batch, ok := box.wait().(batchMsg); !ok || len(batch) != 1 {
		t.Fatalf("%v came", batch)
	}
	got := make(chan any, 1)
	go func() { got <- box.wait() }()
	box.Put(event(1, 1, 1))
	if batch, ok := (<-got).(batchMsg); !ok || len(batch) != 1 {
		t.Fatalf("%v came", batch)
	}
	go func() { got <- box.wait() }()
	box.Close()
	box.Close()
	if msg := <-got; msg != nil {
		t.Errorf("%v came out of a closed inbox", msg)
	}
}

// BenchmarkInbox puts a frame of events in and takes it out, at 50,000 a second.
func BenchmarkInbox(b *testing.B) {
	in := event(1, 1, 100)
	b.ReportAllocs()
	box := NewInbox()
	for i := 0; b.Loop(); i++ {
		box.Put(in)
		if i%1650 == 0 {
			box.take()
		}
	}
}

// BenchmarkInboxOverrun puts events in that nobody takes.
func BenchmarkInboxOverrun(b *testing.B) {
	in := event(1, 1, 100)
	b.ReportAllocs()
	box := NewInbox()
	for b.Loop() {
		box.Put(in)
	}
	if got := len(box.take()); got > math.MaxInt32 {
		b.Fatal(got)
	}
}
