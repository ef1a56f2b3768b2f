package model

import (
	"encoding/json"
	"testing"

	"ioscope/client/bus"
)

// two are the results of two servers: three rows of a value, and an error.
func two() *Results {
	var r Results
	r.expect([]bus.Instance{app("a", 1), app("b", 1)})
	r.fill(bus.Return{Server: app("a", 1), Value: json.RawMessage(`{"x":1,"y":{"z":2}}`)}, "")
	r.fill(bus.Return{Server: app("b", 1), Err: &bus.Error{Reason: "no"}}, "")
	return &r
}

func TestResultsCursor(t *testing.T) {
	t.Parallel()
	r := two()
	// a, x, y, z, b
	if r.Len() != 5 || r.Index() != 1 {
		t.Fatalf("%d rows, at %d: the cursor begins on the value", r.Len(), r.Index())
	}
	for _, c := range []struct{ delta, want int }{{-1, 0}, {-1, 0}, {3, 3}, {1, 4}, {1, 4}, {-1, 3}, {1 << 40, 4}, {-1 << 40, 0}} {
		if r.Move(c.delta); r.Index() != c.want {
			t.Errorf("move %d: at %d, want %d", c.delta, r.Index(), c.want)
		}
	}
	for i := range r.Len() {
		r.GoTo(i)
		if r.Index() != i {
			t.Errorf("went to %d, and is at %d", i, r.Index())
		}
	}
}

func TestResultsRows(t *testing.T) {
	t.Parallel()
	r := two()
	for i, want := range [][2]int{{0, -1}, {0, 0}, {0, 1}, {0, 2}, {1, -1}} {
		if answer, row := r.Row(i); answer != want[0] || row != want[1] {
			t.Errorf("row %d is %d, %d, want %v", i, answer, row, want)
		}
	}
	r.GoTo(0)
	r.Toggle()
	if r.Len() != 2 || !r.Current().Folded {
		t.Errorf("folded: %d rows", r.Len())
	}
	r.Toggle()
	r.GoTo(2)
	r.Toggle()
	if r.Len() != 4 {
		t.Errorf("y folded: %d rows", r.Len())
	}
	r.GoTo(3)
	r.Toggle() // an error has nothing to fold
	if r.Len() != 4 && r.Current().Err == nil {
		t.Errorf("%d rows", r.Len())
	}
}

func TestResultsOfNobody(t *testing.T) {
	t.Parallel()
	var r Results
	r.Move(3)
	r.Toggle()
	r.GoTo(9)
	if r.Len() != 0 || r.Index() != 0 || r.Current() != nil {
		t.Errorf("%+v", r)
	}
	if r.fill(bus.Return{Server: app("a", 1)}, "") != nil {
		t.Error("an answer was taken from a server that was not asked")
	}
}

// TestResultsKeepTheCursor lets an answer come while the cursor is elsewhere.
func TestResultsKeepTheCursor(t *testing.T) {
	t.Parallel()
	var r Results
	r.expect([]bus.Instance{app("a", 1), app("b", 1)})
	r.fill(bus.Return{Server: app("b", 1), Value: json.RawMessage(`{"x":1,"y":2}`)}, "")
	r.GoTo(3)
	before := r.Current()
	r.fill(bus.Return{Server: app("a", 1), Value: json.RawMessage(`{"x":1}`)}, "")
	if r.Current() != before {
		t.Error("the cursor jumps to the first server when its answer comes, whatever it was on")
	}
}

func TestResultOfNothing(t *testing.T) {
	t.Parallel()
	for _, value := range []string{``, `null`, `{}`, `[]`, `7`, `not json`} {
		var r Results
		r.expect([]bus.Instance{app("a", 1)})
		r.fill(bus.Return{Server: app("a", 1), Value: json.RawMessage(value)}, "")
		if ok, failed, pending := r.Counts(); ok != 1 || failed+pending != 0 || r.Len() != 2 || r.Index() != 1 {
			t.Errorf("%q: %d ok, %d rows, at %d", value, ok, r.Len(), r.Index())
		}
	}
}
