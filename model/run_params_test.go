package model

import (
	"testing"

	"ioscope/client/interval/schema"
)

// formOf opens an action's form.
func formOf(t *testing.T, s *State, params schema.Record) *Run {
	t.Helper()
	s.OpenAction(s.mustMethod(t, "action\x00refund"), params)
	r, ok := s.Shown().Content.(*Run)
	if !ok || r.Stage != RunForm {
		t.Fatalf("no form: %+v", s.Shown())
	}
	return r
}

// begun starts what the form holds, and gives the parameters that the host gets.
func begun(t *testing.T, s *State, r *Run) schema.Record {
	t.Helper()
	effects := r.Press(s, 0)
	if len(effects) != 1 {
		t.Fatalf("started by %+v", effects)
	}
	return effects[0].(StartRun).Params
}

// What the menu of a row put into a form is of that row: the next form is empty, also
// while the form of the row stands there unsent.
func TestParametersOfARowDoNotStick(t *testing.T) {
	t.Parallel()
	s := office(t)
	ofRow := schema.Record{{Name: "order", Value: "#1002"}}
	unsent := formOf(t, s, ofRow)
	r := formOf(t, s, nil)
	if r == unsent || r.Steps[0].Fields[0].Text != "" {
		t.Fatalf("the form of the row is that of all: %q", r.Steps[0].Fields[0].Text)
	}
	if params := begun(t, s, unsent); len(params) != 1 || params[0].Value != "#1002" {
		t.Fatalf("started with %v", params)
	}
	if again := formOf(t, s, nil); again != r || r.Steps[0].Fields[0].Text != "" {
		t.Errorf("a new form holds %q", again.Steps[0].Fields[0].Text)
	}
	if kept := s.EarlierParams(r); len(kept) != 0 {
		t.Errorf("nobody typed %+v", kept)
	}
}

// What was typed comes back when it is asked for, the latest first and once.
func TestTypedParametersComeBackWhenAsked(t *testing.T) {
	t.Parallel()
	s := office(t)
	for _, typed := range []string{"order=#1", "order=#2", "order=#1"} {
		r := formOf(t, s, nil)
		if text := r.Steps[0].Fields[0].Text; text != "" {
			t.Fatalf("filled with %q unasked", text)
		}
		r.Steps[0].Fields[0].SetText(typed)
		begun(t, s, r)
		if kept := s.EarlierParams(r); kept != nil {
			t.Errorf("a run that goes on would take %+v", kept)
		}
	}
	changed := formOf(t, s, schema.Record{{Name: "order", Value: "#7"}})
	changed.Steps[0].Fields[0].SetText("order=#8")
	begun(t, s, changed)
	r := formOf(t, s, nil)
	kept := s.EarlierParams(r)
	if len(kept) != 3 || kept[0].Text != "order=#8" || kept[1].Text != "order=#1" || kept[2].Text != "order=#2" {
		t.Fatalf("kept %+v", kept)
	}
	r.Recall(kept[1])
	if params := begun(t, s, r); len(params) != 1 || params[0].Value != "#1" {
		t.Errorf("started with %v", params)
	}
}
