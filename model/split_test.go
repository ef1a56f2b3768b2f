package model

import (
	"slices"
	"testing"
	"time"
)

func TestSplit(t *testing.T) {
	t.Parallel()
	s := New(Options{}, time.Now())
	var things []*Thing
	for range 5 {
		s.nextThing++
		th := &Thing{ID: s.nextThing}
		things = append(things, th)
		s.Things = append(s.Things, th)
	}
	s.refresh()
	at := func(what string, slot int, ids ...ThingID) {
		t.Helper()
		s.Settle()
		if !slices.Equal(s.Slots, ids) || s.Slot != slot || len(ids) > 0 && s.Shown() != nil && s.Shown().ID != ids[slot] {
			t.Errorf("%s: slots %v, in %d", what, s.Slots, s.Slot)
		}
	}
	s.Split(4)
	at("with a card nothing splits", 0)
	s.ShowThing(things[1])
	s.Split(4)
	at("split", 1, 2, 3)
	s.Split(4)
	s.Split(4)
	at("in four", 3, 2, 3, 4, 5)
	if !s.TurnSlot(-1) || s.Shown() != things[3] {
		t.Error("the slot before is not gone to")
	}
	s.ShowThing(things[0])
	at("another thing takes the slot", 2, 2, 3, 1, 5)
	s.MoveOpen(1)
	at("one that has a slot is gone to there", 0, 2, 3, 1, 5)
	if s.TurnSlot(-1) {
		t.Error("there is one before the first")
	}
	s.Things = slices.Delete(s.Things, 1, 2)
	s.refresh()
	at("one is closed", 0, 3, 1, 5)
	s.Go(Methods)
	at("a card keeps the slots", 0, 3, 1, 5)
	s.ShowThing(things[4])
	s.Split(3)
	if s.Splits() || s.Shown() != things[4] {
		t.Error("it is still split")
	}
	s.ShowThing(things[0])
	back := s.Peek(things[4])
	if s.Shown() != things[4] || s.Focus != Open {
		t.Error("the other one is not seen")
	}
	if back(); s.Shown() != things[0] || s.Focus != Workspace {
		t.Error("it is not as before")
	}
}
