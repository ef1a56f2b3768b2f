package model

import "strings"

// What a filter looks at in a row of a list: what it says, and the signs that it is
// marked with, each with its word. The other rows of a list have no word for their
// kind, so that a name with the word in it is still found by it.

func (s *Server) words() string {
	i := s.Instance
	words := []string{i.Name(), i.Machine, i.User, i.Environment, i.Region}
	if s.Host != nil {
		words = append(words, "◆ host")
		if s.Host.Closing {
			words = append(words, "closing")
		}
	}
	if s.Mine {
		words = append(words, "you")
	}
	if s.Gone() {
		words = append(words, "† left")
	}
	return strings.Join(words, " ")
}

func (m *Method) words(subscribed bool) string {
	words := append([]string{m.Def.Name, m.Def.DisplayName}, m.Def.ObjectTypes...)
	switch {
	case m.Action == nil:
	case m.Action.Page:
		words = append(words, "◆ page")
	default:
		words = append(words, "◆ action")
	}
	if m.Drift {
		words = append(words, "≠")
	}
	if m.Gone() {
		words = append(words, "† gone")
	}
	if subscribed {
		words = append(words, "≈ subscribed")
	}
	return strings.Join(words, " ")
}

func (t *Thing) words() string {
	kind := "→ call"
	switch c := t.Content.(type) {
	case *Run:
		kind = "◆ action"
		if c.Action.Page {
			kind = "◆ page"
		}
	case *Offering:
		kind = "← offer"
	case *Lens:
		kind = "≈ branches"
	default:
		if t.Stream() {
			kind = "≈ stream"
		}
	}
	return t.Name() + " " + string(t.Args) + " " + kind
}

// flowing are the streams that we are subscribed to.
func (s *State) flowing() map[RowID]bool {
	out := map[RowID]bool{}
	for _, t := range s.Things {
		if t.Content == nil && t.Phase == Running && !s.NotYet(t) {
			out[t.Method] = true
		}
	}
	return out
}
