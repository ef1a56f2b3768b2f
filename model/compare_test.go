package model

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"ioscope/client/bus"
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

// What most have is usual; where as many have another, what the first of them has.
func TestCompareMarksTheCells(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		values []string // empty is a server that failed
		odd    []bool
	}{
		{[]string{"1", "1", "1"}, nil},
		{[]string{"1", "2", "1"}, []bool{false, true, false}},
		{[]string{"1", "2", "2"}, []bool{true, false, false}},
		{[]string{"1", "2"}, []bool{false, true}},
		{[]string{"", "2", "3", "3.0"}, []bool{false, false, true, true}},
		{[]string{"1", ""}, nil},
		{[]string{"1", "-"}, []bool{false, true}}, // returned, and nothing
	} {
		values := make([]json.RawMessage, len(c.values))
		for i, v := range c.values {
			switch v {
			case "":
			case "-":
				values[i] = json.RawMessage{}
			default:
				values[i] = json.RawMessage(`{"x":` + v + `,"y":1}`)
			}
		}
		row := Compare(values)[0]
		if !slices.Equal(row.Odd, c.odd) || row.Differs != (c.odd != nil) {
			t.Errorf("of %v %v disagree, want %v", c.values, row.Odd, c.odd)
		}
	}
	row := Compare([]json.RawMessage{json.RawMessage(`{"a":1,"b":2}`), json.RawMessage(`{"a":1}`), json.RawMessage(`{"a":1}`)})[1]
	if row.Path != "b" || !slices.Equal(row.Odd, []bool{true, false, false}) {
		t.Errorf("what most have not is there: %+v", row)
	}
}

// Rows are the same everywhere only where every server has the value.
func TestSameOnlyWhereItWasReturned(t *testing.T) {
	t.Parallel()
	returned := func(v string) Column { return Column{"x", &Answer{Return: bus.Return{Value: json.RawMessage(v)}}} }
	failed := Column{"f", &Answer{Return: bus.Return{Err: errors.New("no")}}}
	pending := Column{"p", &Answer{Pending: true}}
	a, b := returned(`{"a":1,"b":2}`), returned(`{"a":1,"b":3}`)
	for _, c := range []struct {
		columns []Column
		same    int
		words   string
	}{
		{[]Column{a, b}, 1, "1 row the same everywhere"},
		{[]Column{a, b, failed}, 1, "1 row the same where returned"},
		{[]Column{a, a, failed}, 2, "2 rows the same where returned"},
		{[]Column{a, b, a, pending}, 1, "1 row the same where returned"},
		{[]Column{a, failed}, 2, "2 rows of the only one that returned"},
		{[]Column{a, returned("")}, 0, "no row the same everywhere"},
	} {
		if got := NewCompared(c.columns); got.Same != c.same || got.SameWords("row") != c.words {
			t.Errorf("%d same, %q; want %d, %q", got.Same, got.SameWords("row"), c.same, c.words)
		}
	}
}
