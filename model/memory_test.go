package model

import (
	"testing"
	"time"
)

// TestDraftOfAForm keeps a form that can't be sent yet, and marks nothing in it.
func TestDraftOfAForm(t *testing.T) {
	t.Parallel()
	const signature = "int a, double b, string[] tags, int? level"
	f := NewForm(signature)
	f.SetText("a", "6")
	f.SetText("level", "high")
	raw := f.Draft(time.Time{})
	for _, path := range []FieldPath{"a", "b", "level"} {
		if n := f.node(path); n.shown {
			t.Errorf("%s is marked", path)
		}
	}
	back := NewForm(signature)
	back.Fill(raw)
	for path, want := range map[FieldPath]string{"a": "6", "b": "", "level": "high"} {
		if got := back.Text(path); got != want {
			t.Errorf("%s came back as %q from %s, want %q", path, got, raw, want)
		}
	}
	if again := string(back.Draft(time.Time{})); again != string(raw) {
		t.Errorf("kept %s, then %s", raw, again)
	}
}
