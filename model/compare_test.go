package model

import (
	"encoding/json"
	"testing"
)

func TestCompare(t *testing.T) {
	t.Parallel()
	raw := func(s string) json.RawMessage { return json.RawMessage(s) }
	rows := Compare([]json.RawMessage{
		raw(`{"quotient":0.333,"remainder":1,"unit":"none","at":{"x":1, "y":[1,2]}}`),
		raw(`{"quotient":0.3330,"unit":"none","at":{"x":1,"y":[1,3]}}`),
		nil,
	})
	want := map[string]bool{"quotient": true, "remainder": true, "unit": false, "at.x": false, "at.y[0]": false, "at.y[1]": true}
	if len(rows) != len(want) {
		t.Fatalf("%d rows: %v", len(rows), rows)
	}
	for _, r := range rows {
		if differs, ok := want[r.Path]; !ok || differs != r.Differs {
			t.Errorf("%s differs %v, want %v (known %v)", r.Path, r.Differs, differs, ok)
		}
		if r.Cells[2] != nil {
			t.Errorf("%s: a server that returned nothing has %s", r.Path, r.Cells[2])
		}
	}
}

func TestComparedRows(t *testing.T) {
	t.Parallel()
	var r Results
	r.Answers = []*Answer{{}, {}}
	r.Answers[0].Value = json.RawMessage(`{"a":1,"b":2,"c":3}`)
	r.Answers[1].Value = json.RawMessage(`{"a":1,"b":9,"c":3}`)
	r.ToggleCompared()
	c := r.Compared
	if c.Same != 2 || len(c.Rows()) != 1 || c.Len() != 2 {
		t.Fatalf("same %d, rows %d, len %d", c.Same, len(c.Rows()), c.Len())
	}
	if row, ok := c.Row(); !ok || row.Path != "b" {
		t.Errorf("the first row is %v", row)
	}
	c.Move(5)
	if !c.OnFold() {
		t.Error("the last row is the fold of what is the same")
	}
	c.ShowSame = true
	c.Move(2)
	if row, ok := c.Row(); !ok || row.Path != "c" || c.Len() != 4 {
		t.Errorf("unfolded, the last row is %v of %d", row, c.Len())
	}
	c.NextDiffers(1)
	if row, _ := c.Row(); row.Path != "b" {
		t.Errorf("the next that differs is %q", row.Path)
	}
	r.ToggleCompared()
	if r.Compared != nil {
		t.Error("still compared")
	}
}
