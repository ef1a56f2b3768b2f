package model

import (
	"encoding/json"
	"strings"
	"testing"

	"ioscope/client/bus"
)

// TestFormsLackVariables finds variables without a value in fields of each kind, in
// lists, in members without a field and in the target, and fills them in.
func TestFormsLackVariables(t *testing.T) {
	t.Parallel()
	to := bus.Target{Mode: bus.Matching, Filters: []bus.InstanceFilter{{Application: "{{app}}"}}}
	s := &State{}
	form := func() *Thing {
		m := &Method{ID: "m", Def: bus.MethodDefinition{Name: "Ask", Accepts: `string name, int n, string[] tags, composite: {string city} at`}}
		th := s.newThing(m, to)
		th.lacks = []string{"name", "n", "tag", "city", "extra", "app"}
		th.Form.Fill(json.RawMessage(`{"name":"a {{name}}","n":"{{n}}","tags":["x","{{tag}}"],"at":{"city":"{{ city }}"},"more":"{{extra}}","own":"{{mine}}"}`))
		return th
	}
	th := form()
	var got []string
	for _, w := range th.wanting([]FieldError{{Path: "n", Reason: "not a number"}, {Path: StopWait, Reason: "not a duration"}}, s.Now) {
		got = append(got, string(w.Path)+" "+w.Lacks)
	}
	if want := "@to app, @wait , name name, n n, tags tag, at.city city, more extra"; strings.Join(got, ", ") != want {
		t.Errorf("lacking %q, want %q", strings.Join(got, ", "), want)
	}
	th.lacks = nil
	if got := th.lacking(s.Now); got != nil {
		t.Errorf("a form of its own lacks %v", got)
	}
}
