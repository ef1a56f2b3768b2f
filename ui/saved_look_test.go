package ui

import (
	"testing"
	"time"

	"ioscope/model"
)

// What changes in the folder from outside shows without a key.
func TestSavedCallsAreReadAgain(t *testing.T) {
	t.Parallel()
	h, f := withShelf(t)
	_ = f.Save(&model.SavedCall{Path: "one/new", Method: "Addition", Args: []byte(`{"a":1,"b":2}`)})
	h.press("7")
	h.pass(time.Second)
	h.shows("one/new")
	_ = f.Delete("one/new")
	h.pass(time.Second)
	h.shows("one/new")
	h.pass(2 * time.Second)
	h.hides("one/new")
	h.press("esc", "2")
	_ = f.Save(&model.SavedCall{Path: "two/new", Method: "Addition"})
	h.pass(time.Minute)
	if f.loads != 2 {
		t.Errorf("read %d times, want no more while the page is closed", f.loads)
	}
}

// Each call of a list that reaches several servers is asked about before the first
// one goes out.
func TestSavedListAsksAboutEach(t *testing.T) {
	t.Parallel()
	h, f := withShelf(t)
	for _, path := range []string{"Addition", "Multiply", "Division"} {
		c := &model.SavedCall{Path: "zz/" + path, Method: path, Args: []byte(`{"a":1,"b":2}`), Target: []string{"all"}}
		if path == "Multiply" {
			c.Target = nil
		}
		_ = f.Save(c)
	}
	_ = f.Save(&model.SavedCall{Path: "zzz", Calls: []string{"zz/Addition", "zz/Multiply", "zz/Division"}})
	h.press("7", "ctrl+r", "G", "r")
	h.shows("Send Addition to all?")
	h.press("right", "enter")
	h.shows("Send Division to all?")
	if len(h.asked) > 0 {
		t.Fatal("a call went out before all were asked about")
	}
	h.press("enter")
	h.shows("not sent")
	h.press("r", "right", "enter", "right", "enter")
	if len(h.asked) != 1 || h.question().Method.Name != "Addition" {
		t.Errorf("%d were asked", len(h.asked))
	}
}
