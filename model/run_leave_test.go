package model

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"ioscope/client/bus"
	"ioscope/client/interval/schema"
)

// What is wrong with a field is told when the keyboard leaves it, if something was
// done in it.
func TestLeavingAFieldTellsWhatIsWrong(t *testing.T) {
	t.Parallel()
	s, _, step := asked(t,
		schema.Component{Label: "Email", Props: &schema.InputEmail{}},
		schema.Component{Label: "At", Props: &schema.InputTime{}},
		schema.Component{Label: "Other", Props: &schema.InputEmail{}},
	)
	f := step.Fields
	f[0].SetText("nobody")
	f[1].SetText("25:00")
	for _, field := range f {
		field.Left(s.Now)
	}
	if !strings.HasPrefix(f[0].Problem, "not an email") || f[1].Problem != `not a time: "25:00"; 9:30, 17:05 and in 2 h work` {
		t.Errorf("problems %q and %q", f[0].Problem, f[1].Problem)
	}
	if f[2].Problem != "" {
		t.Errorf("a field that nobody touched says %q", f[2].Problem)
	}
	f[1].SetText("17:05")
	f[1].Left(s.Now)
	if f[1].Problem != "" {
		t.Errorf("a good time is refused: %q", f[1].Problem)
	}
}

// The keyboard goes to the cell that is wrong, and its row is counted as it is seen.
func TestWrongCellHasTheKeyboard(t *testing.T) {
	t.Parallel()
	s, r, step := asked(t, schema.Component{Label: "Sheet", Props: &schema.InputSpreadsheet{Columns: schema.SheetColumns{
		{Name: "sku", Type: "string"}, {Name: "qty", Type: "number"}, {Name: "note", Type: "string?"},
	}}})
	f := step.Fields[0]
	f.PasteCells("a\t1\t\n\t\t\nb\t\tx")
	f.Row, f.Col = 2, 2
	if effects := r.Press(s, 0); effects != nil {
		t.Fatalf("sent %+v", effects)
	}
	if f.Row != 2 || f.Col != 1 || f.Problem != "row 3: qty: needed" {
		t.Errorf("at row %d, column %d: %q", f.Row, f.Col, f.Problem)
	}
}

// Where several results may be chosen, the query begins anew after each.
func TestQueryBeginsAnewAfterAChoice(t *testing.T) {
	t.Parallel()
	_, _, step := asked(t,
		schema.Component{Label: "To", Multiple: true, Props: &schema.Search{Results: []schema.SearchResult{{Value: "1", Label: "Ada"}, {Value: "2", Label: "Adele"}}}},
	)
	f := step.Fields[0]
	f.SetText("ad")
	f.Row = 1
	if !f.Toggle() || f.Text != "" || len(f.Hits) != 1 {
		t.Errorf("after the choice the query is %q, chosen %v", f.Text, f.Hits)
	}
}

// A host that comes back as another process can't go on with a run, and that is known.
func TestHostAnew(t *testing.T) {
	t.Parallel()
	s, r, _ := asked(t, schema.Component{Label: "Email", Props: &schema.InputEmail{}})
	actions := []Action{{Slug: "refund", Name: "Refund an order", Group: []string{"Orders"}}}
	s.Apply([]Input{
		HostHeard{At: s.Now, Host: Host{ID: "h1", Name: "back-office", Actions: actions}, Left: "killed"}, RunStage{"t1", RunLost},
	}, s.Now)
	if s.HostAnew(r) {
		t.Error("it is here again while nobody is")
	}
	later := s.Now.Add(time.Second)
	s.Apply([]Input{HostHeard{At: later, Host: Host{ID: "h2", Name: "back-office", Actions: actions}}}, later)
	if !s.HostAnew(r) {
		t.Error("the other process is not seen")
	}
}

// Where no row differs, the table of answers is open.
func TestSameAnswersAreShown(t *testing.T) {
	t.Parallel()
	answer := func(v string) *Answer { return &Answer{Return: bus.Return{Value: json.RawMessage(v)}} }
	if c := NewCompared([]Column{{"a", answer(`{"sum":5}`)}, {"b", answer(`{"sum":5}`)}}); !c.ShowSame || len(c.Rows()) != 1 {
		t.Errorf("the same answers are hidden: %+v", c)
	}
	if c := NewCompared([]Column{{"a", answer(`{"sum":5,"x":1}`)}, {"b", answer(`{"sum":6,"x":1}`)}}); c.ShowSame {
		t.Error("what is the same is not folded although a row differs")
	}
}
