package model

import (
	"slices"
	"time"
)

// TypedParams are parameters that a person typed for an action.
type TypedParams struct {
	At   time.Time
	Text string
}

// paramsKept bounds how many are kept of an action.
const paramsKept = 20

// typedParams keeps what was typed. What a menu or a link put in is not kept: it was
// about the row that it stood at, and not about the next.
func (s *State) typedParams(row RowID, text string) {
	if s.params == nil {
		s.params = map[RowID][]TypedParams{}
	}
	kept := slices.DeleteFunc(s.params[row], func(p TypedParams) bool { return p.Text == text })
	kept = slices.Insert(kept, 0, TypedParams{s.Now, text})
	s.params[row] = kept[:min(len(kept), paramsKept)]
}

// EarlierParams are the parameters that were typed for the action of a form, the latest
// first; nothing where the run has begun.
func (s *State) EarlierParams(r *Run) []TypedParams {
	if r.Stage != RunForm {
		return nil
	}
	return s.params[r.Action.row()]
}

// Recall puts earlier parameters into the form.
func (r *Run) Recall(p TypedParams) {
	if r.Stage == RunForm {
		r.Steps[0].Fields[0].SetText(p.Text)
		r.At = RunStop{0, len(r.Steps[0].Fields)}
	}
}
