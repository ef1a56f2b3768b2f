package model

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"ioscope/client/bus"
)

func TestFindNext(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 14, 0, 0, 0, time.UTC)
	s := New(Options{}, now)
	thing := &Thing{Tail: NewTail(TailOptions{}), Find: "even"}
	for i := range 10 {
		word := "odd"
		if i%2 == 0 {
			word = "even"
		}
		thing.Tail.Append(bus.StreamData{At: now, Data: json.RawMessage(fmt.Sprintf(`{"n":%d,"is":%q}`, i, word))})
	}
	for _, want := range []uint64{9, 7, 5} {
		if !thing.FindNext(-1, s) || thing.Tail.Cursor() != want {
			t.Fatalf("the hit before is row %d, want %d", thing.Tail.Cursor(), want)
		}
	}
	if !thing.FindNext(1, s) || thing.Tail.Cursor() != 7 {
		t.Errorf("the next hit is row %d", thing.Tail.Cursor())
	}
	if thing.Tail.Following() {
		t.Error("finding holds the rows")
	}
	thing.Find = "neither"
	if thing.FindNext(1, s) {
		t.Error("found what is not there")
	}
}

// TestFindKey: where the cursor walks keys, the next hit is a key, and nothing is held.
func TestFindKey(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 14, 0, 0, 0, time.UTC)
	s := New(Options{}, now)
	thing := &Thing{Tail: NewTail(TailOptions{})}
	for i, sym := range []string{"AAPL", "EURUSD", "GBPUSD", "EURGBP", "VOD", "AAPL"} {
		thing.Tail.Append(bus.StreamData{At: now, Data: json.RawMessage(fmt.Sprintf(`{"sym":%q,"bid":%d}`, sym, i))})
	}
	thing.SetKey("$.sym")
	thing.Show(LatestView)
	for thing.Tail.Work() {
	}
	thing.SetFind("EUR")
	for _, want := range []struct {
		delta int
		key   string
		at    int
	}{{1, "EURGBP", 1}, {1, "EURUSD", 2}, {1, "EURGBP", 1}, {-1, "EURUSD", 2}} {
		if !thing.FindNext(want.delta, s) || thing.CursorKey() != want.key {
			t.Fatalf("the hit is %s, want %s", thing.CursorKey(), want.key)
		}
		if at, count := thing.FoundKeys(now); at != want.at || count != 2 {
			t.Errorf("on %d of %d, want %d of 2", at, count, want.at)
		}
	}
	if !thing.Tail.Following() {
		t.Error("finding a key holds the rows")
	}
	thing.SetFind("none")
	if at, count := thing.FoundKeys(now); thing.FindNext(1, s) || at != 0 || count != 0 || thing.CursorKey() != "EURUSD" {
		t.Errorf("found what is not there: %d of %d, on %s", at, count, thing.CursorKey())
	}
}
