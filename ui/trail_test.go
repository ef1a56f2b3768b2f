package ui

import (
	"testing"

	"ioscope/model"
)

// TestPlaces walks back and forward through the places where one was.
func TestPlaces(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	s := h.app.state
	h.press("[")
	h.shows("[  you were nowhere else yet")
	h.press("2", "down", "down", "down") // a row of Methods
	find := s.Lists[model.Methods].Cursor()
	h.press("enter") // its form
	h.press("esc", "3", "down", "down")
	price := s.Lists[model.Streams].Cursor()
	h.press("1")
	at := func(what string, focus model.Pane, row model.RowID, shown *model.Thing) {
		t.Helper()
		if s.Focus != focus || row != "" && s.Lists[s.Rail].Cursor() != row || s.Shown() != shown {
			t.Errorf("%s: in %v on %q with %v", what, s.Focus, s.Lists[s.Rail].Cursor(), s.Shown())
		}
	}
	h.press("[")
	at("back", model.Streams, price, nil)
	h.press("[")
	at("back twice", model.Methods, find, nil)
	h.press("]")
	at("forward", model.Streams, price, nil)
	h.press("]")
	at("forward twice", model.Servers, "", nil)
	h.press("]")
	h.shows("]  you did not go back")
	h.press("-")
	at("last", model.Streams, price, nil)
	h.press("-")
	at("last, and back", model.Servers, "", nil)
	h.press("[", "2", "]")
	h.shows("]  you did not go back")
}

// TestPlacesRemember the row of a stream, and pass over what is closed.
func TestPlacesRemember(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	h.flow(2, &source{h.subscribe("AAPL"), "AAPL", 1, 20}, &source{h.subscribe("VOD"), "VOD", 1, 20})
	s := h.app.state
	h.press("4", "g", "enter")
	first := s.Shown()
	h.press("up", "up", "up", "up")
	row := first.Tail.Cursor()
	h.press(".")
	second := s.Shown()
	if second == first {
		t.Fatal("there is no other")
	}
	h.press("G", "[")
	if s.Shown() != first || first.Tail.Cursor() != row || first.Tail.Following() {
		t.Error("the row is not found again")
	}
	h.press("]")
	if s.Shown() != second || !second.Tail.Following() {
		t.Error("the other one is not found again")
	}
	h.press("x", "1", "[", "[")
	if s.Shown() == second {
		t.Error("what was closed is shown")
	}
}
