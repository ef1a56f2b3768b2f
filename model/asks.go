package model

import (
	"cmp"
	"fmt"
	"slices"
)

// asker is a content that may ask for the person. While it does, it stands first in
// Open.
type asker interface{ asksYou() bool }

// asksYou reports whether calls or wishes to subscribe wait.
func (o *Offering) asksYou() bool { return len(o.Waiting) > 0 }

// asksYou reports whether the action wants an answer, or a host wants it to be run.
func (r *Run) asksYou() bool {
	return r.Stage == RunAsking || r.Stage == RunForm && len(r.Remarks) > 0
}

func (t *Thing) asks() bool {
	a, ok := t.Content.(asker)
	return ok && a.asksYou()
}

// asksFirst puts what asks for a person first in Open, each part as it was opened.
func asksFirst(things []*Thing) []*Thing {
	rank := func(t *Thing) int {
		if t.asks() {
			return 0
		}
		return 1
	}
	return slices.SortedStableFunc(slices.Values(things), func(a, b *Thing) int { return cmp.Compare(rank(a), rank(b)) })
}

// asking tells which things ask for a person, for the order of Open.
func (s *State) asking() string {
	var key []byte
	for _, t := range s.Things {
		if t.asks() {
			key = fmt.Appendf(key, "%d ", t.ID)
		}
	}
	return string(key)
}

// MoveThing moves the thing under the cursor up or down in Open. What asks stays above
// what does not.
func (s *State) MoveThing(delta int) {
	t := s.Shown()
	order := asksFirst(s.Things)
	i := slices.Index(order, t)
	j := i + delta
	if t == nil || i < 0 || j < 0 || j >= len(order) {
		return
	}
	if t.asks() != order[j].asks() {
		s.Say("what asks for you stands first")
		return
	}
	a, b := slices.Index(s.Things, t), slices.Index(s.Things, order[j])
	s.Things[a], s.Things[b] = s.Things[b], s.Things[a]
	s.refresh()
}
