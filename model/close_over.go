package model

import "slices"

// over reports whether nothing goes on of a thing any more, and nobody is at it: a call
// that was answered, a subscription that has ended, a run that is done.
func (t *Thing) over() bool {
	if r, ok := t.Content.(*Run); ok {
		return r.Stage == RunEnded && !r.Action.Page
	}
	return t.Content == nil && t.Phase == Ended && !t.Unfolded
}

// Over are the rows of Open of which nothing goes on any more. A filter of Open leaves
// out what it hides.
func (s *State) Over() []*Thing {
	shown := s.Lists[Open].Rows()
	return slices.DeleteFunc(slices.Clone(s.Things), func(t *Thing) bool {
		return !t.over() || !slices.Contains(shown, t.Row())
	})
}

// CloseOver takes all that is over off Open, until it is brought back.
func (s *State) CloseOver() []Effect {
	gone := s.Over()
	if len(gone) == 0 {
		return nil
	}
	before, focused := slices.Clone(s.Things), s.Shown()
	var effects []Effect
	for _, t := range gone {
		if t.Content != nil {
			effects = append(effects, t.Content.End(s)...)
		}
	}
	s.Things = slices.DeleteFunc(slices.Clone(s.Things), func(t *Thing) bool { return slices.Contains(gone, t) })
	s.refresh()
	if s.Focus == Workspace && slices.Contains(gone, focused) {
		s.Go(s.came)
	}
	words := Number(len(gone)) + " that were over"
	if len(gone) == 1 {
		words = gone[0].Name()
	}
	s.tookAway("closed "+words, func() []Effect {
		s.putBack(gone, before)
		return nil
	})
	return effects
}

// putBack brings things back to where they were among those that are there still.
func (s *State) putBack(gone, before []*Thing) {
	after := 0
	for _, t := range before {
		switch at := slices.Index(s.Things, t); {
		case at >= 0:
			after = at + 1
		case slices.Contains(gone, t):
			s.Things = slices.Insert(slices.Clone(s.Things), after, t)
			after++
		}
	}
	s.ShowThing(gone[0])
}
