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
