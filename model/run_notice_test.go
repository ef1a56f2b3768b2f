package model

import (
	"testing"

	"ioscope/client/interval/schema"
)

// What was to be fixed is not said any more once it was, whatever the host finds.
func TestNoticeOfWhatIsFixedGoes(t *testing.T) {
	t.Parallel()
	s, r, step := asked(t, schema.Component{Label: "Email", Props: &schema.InputEmail{}})
	step.Fields[0].SetText("nobody")
	if effects := r.Press(s, 0); effects != nil || s.Notice.Text != "1 field to fix; nothing was sent" {
		t.Fatalf("sent %v, said %q", effects, s.Notice.Text)
	}
	step.Fields[0].SetText("ops@example.test")
	if effects := r.Press(s, 0); len(effects) != 1 || s.Notice.Text != "" {
		t.Fatalf("sent %v, still said %q", effects, s.Notice.Text)
	}
	again := *step.Render
	again.Components = []schema.Component{{Label: "Email", Props: &schema.InputEmail{}, Error: "nobody has it"}}
	s.Apply([]Input{RunRendered{Ref: r.Ref, Render: &again, Waits: true, Refused: true}}, s.Now)
	if step.Fields[0].Problem != "nobody has it" || s.Notice.Text != "" {
		t.Errorf("problem %q, said %q", step.Fields[0].Problem, s.Notice.Text)
	}

	// What somebody else says meanwhile stays.
	step.Fields[0].SetText("nobody")
	r.Press(s, 0)
	s.Say("copied 11 B")
	step.Fields[0].SetText("ops@example.test")
	if r.Press(s, 0); s.Notice.Text != "copied 11 B" {
		t.Errorf("said %q", s.Notice.Text)
	}
}
