package model

import (
	"testing"
	"time"

	"ioscope/client/interval/schema"
)

// office is a state with one host that offers some actions and a page.
func office(t *testing.T) *State {
	t.Helper()
	s := New(Options{User: "dev"}, time.Date(2026, 11, 21, 14, 0, 0, 0, time.UTC))
	s.Tick(s.Now)
	s.Apply([]Input{HostHeard{At: s.Now, Host: Host{ID: "h1", Name: "back-office", SDK: "@interval/sdk 2.0.0", Remote: "127.0.0.1:5000", Actions: []Action{
		{Slug: "refund", Name: "Refund an order", Group: []string{"Orders"}},
		{Slug: "orders/report", Name: "Report", Page: true},
	}}}}, s.Now)
	return s
}

func (s *State) mustMethod(t *testing.T, id RowID) *Method {
	t.Helper()
	m := s.Dir.Method(id)
	if m == nil {
		t.Fatalf("no %q", id)
	}
	return m
}

// started opens an action's form and starts it.
func started(t *testing.T, s *State) *Run {
	t.Helper()
	s.OpenAction(s.mustMethod(t, "action\x00refund"), nil)
	r, ok := s.Shown().Content.(*Run)
	if !ok {
		t.Fatal("no form")
	}
	effects := r.Press(s, 0)
	start, ok := effects[0].(StartRun)
	if len(effects) != 1 || !ok || start.Slug != "refund" || start.Host != "h1" {
		t.Fatalf("started by %+v", effects)
	}
	s.Apply([]Input{RunBegun{Thing: start.Thing, Gen: start.Gen, Ref: "t1"}, RunStage{"t1", RunWorking}}, s.Now)
	return r
}

func form(key string, components ...schema.Component) *schema.Render {
	return &schema.Render{ID: key, InputGroupKey: key, Components: components}
}

func TestHostsAndTombstones(t *testing.T) {
	t.Parallel()
	s := office(t)
	m := s.mustMethod(t, "action\x00refund")
	if m.Def.Name != "Orders › Refund an order" || m.Gone() || m.Drift {
		t.Errorf("the action is %+v", m)
	}
	srv := m.Offers[0].Server
	if srv.Instance.Name() != "back-office" || srv.Methods != 2 {
		t.Errorf("the host is %+v", srv)
	}
	h := *srv.Host
	s.Apply([]Input{HostHeard{Host: h, Left: "its connection was lost", At: s.Now}}, s.Now)
	if !srv.Gone() || !m.Gone() || srv.Methods != 2 {
		t.Error("no tombstones")
	}
	h.ID = "h2" // the program was started again
	s.Apply([]Input{HostHeard{Host: h, At: s.Now}}, s.Now)
	if srv.Gone() || m.Gone() || len(m.Offers) != 1 || m.Offers[0].Server != srv {
		t.Error("the rows did not come back to life")
	}
}

func TestRunAsksAndEnds(t *testing.T) {
	t.Parallel()
	s := office(t)
	r := started(t, s)
	least := 1.0
	render := form("k1",
		schema.Component{Label: "Name", Props: &schema.InputText{}},
		schema.Component{Label: "Amount", Props: &schema.InputNumber{Min: &least, Currency: "GBP"}},
		schema.Component{Label: "On", Props: &schema.InputDate{}},
	)
	s.Apply([]Input{RunRendered{Ref: "t1", Render: render, Waits: true}, RunStage{"t1", RunAsking}}, s.Now)
	step := r.Steps[0]
	if r.At != (RunStop{0, 0}) || !step.Open() {
		t.Fatalf("the keyboard is at %+v", r.At)
	}
	step.Fields[0].SetText("Ada")
	step.Fields[1].SetText("0.5")
	if effects := r.Press(s, 0); effects != nil {
		t.Fatalf("sent %+v", effects)
	}
	if step.Fields[1].Problem != "at least 1" || step.Fields[2].Problem != "needed" || r.At.Field != 1 {
		t.Errorf("problems %q, %q at %+v", step.Fields[1].Problem, step.Fields[2].Problem, r.At)
	}
	step.Fields[1].SetText("£ 84.50")
	step.Fields[2].SetText("tomorrow")
	effects := r.Press(s, 0)
	answer, ok := effects[0].(AnswerRun)
	if !ok || !schema.Equal(answer.Values[2].(schema.Date).Day, 22) && answer.Values[2].(schema.Date).Day != 22 {
		t.Fatalf("answered %+v", effects)
	}
	s.Apply([]Input{RunAnswered{Ref: "t1", Key: "k1", Choice: "Continue"}, RunStage{"t1", RunWorking}}, s.Now)
	if step.Open() || r.Asks() != 1 {
		t.Error("the step is still open")
	}
	s.Apply([]Input{RunOver{Ref: "t1", Result: &schema.Result{Status: schema.StatusSuccess, Data: schema.Record{{Name: "ok", Value: true}}}}}, s.Now)
	if r.Stage != RunEnded || r.Data == nil || r.Going() {
		t.Errorf("it ended as %v", r.Stage)
	}
}

func TestHostRefusesAtItsField(t *testing.T) {
	t.Parallel()
	s := office(t)
	r := started(t, s)
	render := form("k1", schema.Component{Label: "Code", Props: &schema.InputText{}})
	s.Apply([]Input{RunRendered{Ref: "t1", Render: render, Waits: true}}, s.Now)
	r.Steps[0].Fields[0].SetText("B1")
	r.Press(s, 0)
	again := form("k1", schema.Component{Label: "Code", Props: &schema.InputText{}, Error: "Must start with A"})
	again.ID = "other"
	s.Apply([]Input{
		RunAnswered{Ref: "t1", Key: "k1"},
		RunRendered{Ref: "t1", Render: again, Update: true, Refused: true, Waits: true},
	}, s.Now)
	f := r.Steps[0].Fields[0]
	if f.Problem != "Must start with A" || f.Text != "B1" || !r.Steps[0].Open() {
		t.Errorf("field %+v", f)
	}
}

func TestParams(t *testing.T) {
	t.Parallel()
	got, err := readParams("id=7\nname=Ada L\nquoted=\"7\"\nyes=true\nnone=null")
	if err != nil {
		t.Fatal(err)
	}
	if back := writeParams(got); back != "id=7\nname=Ada L\nquoted=\"7\"\nyes=true\nnone=null" {
		t.Errorf("written again: %q", back)
	}
	if v, _ := got.Get("quoted"); v != "7" {
		t.Errorf("quoted is %v", v)
	}
	for _, wrong := range []string{"no sign", "a=1\na=2", `{"a":[1]}`, `{"a":`} {
		if _, err := readParams(wrong); err == nil {
			t.Errorf("%q is taken", wrong)
		}
	}
}

func TestRunsOutliveTheBus(t *testing.T) {
	t.Parallel()
	s := office(t)
	r := started(t, s)
	s.Apply([]Input{Moved{Options{Name: "other"}}}, s.Now)
	if s.ThingOf(r) == nil || s.Dir.Method("action\x00refund") == nil {
		t.Error("the run or its host is gone with the bus")
	}
}

func TestReadOnlyStartsNothing(t *testing.T) {
	t.Parallel()
	s := office(t)
	s.ReadOnly = true
	s.OpenAction(s.mustMethod(t, "action\x00refund"), nil)
	if effects := s.Shown().Content.(*Run).Press(s, 0); effects != nil {
		t.Errorf("started by %+v", effects)
	}
}
