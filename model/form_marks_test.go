package model

import (
	"reflect"
	"testing"
	"time"
)

func TestMarksTellTheLine(t *testing.T) {
	t.Parallel()
	f := NewForm("string name, int[] counts, composite: { double x }[] points, tuple: { string a, int b } pair, datetime? at")
	if err := f.Flip(time.Time{}); err != nil {
		t.Fatal(err)
	}
	text := `{
  "name": 7,
  "counts": [
    1,
    "2"
  ], "points": [{"x": 1},
    {"x":
      "far", "y": 1}],
  "pair":
    ["a",
     "b"],
  "odd name.x": {"a":
    1}
}`
	if err := f.SetJSON(text); err != nil {
		t.Fatal(err)
	}
	want := []JSONMark{
		{2, "name", "number, wants string"},
		{5, "counts[1]", "string, wants int"},
		{7, "points[1].x", "string, wants double"},
		{8, "points[1].y", ""},
		{9, "pair.b", "string, wants int"},
		{12, `["odd name.x"]`, ""},
	}
	got := f.Marks()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	if err := f.SetJSON(`{"name": `); err == nil || len(f.Marks()) != 0 {
		t.Errorf("a text that is no JSON has marks: %v", f.Marks())
	}
	if err := f.SetJSON(`{"name": null}`); err != nil || len(f.Marks()) != 0 {
		t.Errorf("what is missing is no place: %v", f.Marks())
	}
}
