package model

import "slices"

// The workspace can be split: several things of Open stand there, of which the one in
// the slot with the keyboard is the one that is shown.

// Splits reports whether the workspace is split.
func (s *State) Splits() bool { return len(s.Slots) > 1 }

// Split gives the next open thing a slot of its own, up to most of them; where there
// are as many or no other thing is open, one has the workspace alone again.
func (s *State) Split(most int) {
	t := s.Shown()
	if t == nil {
		return
	}
	if !s.Splits() {
		s.Slots, s.Slot = []ThingID{t.ID}, 0
	}
	next := s.notInSlot()
	if next == nil || len(s.Slots) >= most {
		s.Slots, s.Slot = nil, 0
		return
	}
	s.Slots = slices.Insert(slices.Clone(s.Slots), s.Slot+1, next.ID)
	s.ShowThing(next)
	s.Settle()
}

// notInSlot is the thing after the one that is shown that stands in no slot, or nil.
func (s *State) notInSlot() *Thing {
	at := 0
	for i, t := range s.Things {
		if t == s.Shown() {
			at = i
		}
	}
	for i := range s.Things {
		t := s.Things[(at+i)%len(s.Things)]
		if !slices.Contains(s.Slots, t.ID) {
			return t
		}
	}
	return nil
}

// CanSplit reports whether another thing is open beside the one that is shown, or the
// workspace is split already.
func (s *State) CanSplit() bool { return s.Splits() || len(s.Things) > 1 }

// ShowThing shows a thing and gives it the keyboard.
func (s *State) ShowThing(t *Thing) {
	s.show(t)
}

// Settle makes the slots true after something was done: a thing that is shown has a
// slot, what is closed has none.
func (s *State) Settle() {
	if s.Slots == nil {
		return
	}
	var shown ThingID
	if t := s.Shown(); t != nil {
		shown = t.ID
	}
	for i := len(s.Slots) - 1; i >= 0; i-- {
		if s.Thing(s.Slots[i]) == nil {
			s.Slots = slices.Delete(slices.Clone(s.Slots), i, i+1)
			if s.Slot > i {
				s.Slot--
			}
		}
	}
	s.Slot = max(min(s.Slot, len(s.Slots)-1), 0)
	if !s.Splits() || shown == 0 {
		return
	}
	if i := slices.Index(s.Slots, shown); i >= 0 {
		s.Slot = i
		return
	}
	s.Slots = slices.Clone(s.Slots)
	s.Slots[s.Slot] = shown
}

// TurnSlot goes to the slot after or before. It reports whether there is one.
func (s *State) TurnSlot(delta int) bool {
	to := s.Slot + delta
	if !s.Splits() || s.Focus != Workspace || s.Page != Workspace || to < 0 || to >= len(s.Slots) {
		return false
	}
	t := s.Thing(s.Slots[to])
	if t == nil {
		return false
	}
	s.ShowThing(t)
	s.Settle()
	return true
}

// Peek makes the state as if a thing was shown and the keyboard elsewhere, until back
// is called: so it can be drawn where it has no keyboard.
func (s *State) Peek(t *Thing) (back func()) {
	focus, rail, page, welcome, on := s.Focus, s.Rail, s.Page, s.Welcome, s.Lists[Open].on
	s.Focus, s.Rail, s.Page, s.Welcome, s.Lists[Open].on = Open, Open, Workspace, false, t.Row()
	return func() {
		s.Focus, s.Rail, s.Page, s.Welcome, s.Lists[Open].on = focus, rail, page, welcome, on
	}
}
