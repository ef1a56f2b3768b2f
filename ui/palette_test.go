package ui

import "testing"

// TestPaletteHasEachActionOnce opens the palette in all scenes: no words and no action
// stand in it twice, and what another place has under another key is this place's.
func TestPaletteHasEachActionOnce(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"main", "server", "form", "form-json", "result-all", "stream", "event", "history", "nothing-open"} {
		h := sceneNamed(t, name).play(t, 120, 40)
		at := h.app.context()
		does, actions := map[string]string{}, map[string]string{}
		for _, e := range (&paletteDialog{from: at}).entries(h.app) {
			action := e.b.id
			if e.b.twin != "" {
				action = e.b.twin
			}
			if other := does[e.b.does] + actions[action]; other != "" {
				t.Errorf("%s: %s and %s are the same", name, other, e.b.id)
			}
			does[e.b.does], actions[action] = e.b.id, e.b.id
		}
	}
	h := sceneNamed(t, "result-all").play(t, 120, 40)
	for word, want := range map[string]string{"quit": "q", "keys": "?", "ask the same": "r"} {
		d := &paletteDialog{from: h.app.context(), search: word}
		if got := firstSign(d.entries(h.app)[0].b); got != want {
			t.Errorf("%s: the palette has %s, not %s", word, got, want)
		}
	}
}

// TestPaletteMeansWhatIsTyped looks at what enter would do: an action with the very
// words stands before one that has their letters somewhere, also where it can't run.
func TestPaletteMeansWhatIsTyped(t *testing.T) {
	t.Parallel()
	h := sceneNamed(t, "main").play(t, 120, 40)
	for search, want := range map[string]string{
		"unsubscribe": "stream.unsubscribe",
		"event next":  "event.next", // the words in another order
		"retry":       "bus.try",
		"filter":      "list.filter", // runs here
	} {
		d := &paletteDialog{from: h.app.context(), search: search}
		if got := d.entries(h.app)[0].b.id; got != want {
			t.Errorf("%q: the palette has %s first, not %s", search, got, want)
		}
	}
	h.press(":")
	h.write("unsubscribe")
	h.shows("only in Stream")
	h.press("enter")
	h.shows("unsubscribe, subscribe again: only in Stream")
	h.press(":")
	h.write("close it gives")
	h.resize(40, 10)
	h.shows("│ ▌close it; gives up …")
}

// TestPaletteIsEdited cuts what was typed, as in a text field, and pages.
func TestPaletteIsEdited(t *testing.T) {
	t.Parallel()
	h := sceneNamed(t, "main").play(t, 120, 40)
	for _, key := range []string{":", "?"} {
		h.press(key)
		h.write("repeat zzz")
		h.shows("Nothing matches")
		h.press("ctrl+w")
		h.shows("repeat ", "last call")
		h.press("ctrl+u")
		h.hides("repeat  ")
		h.press("end")
		first := h.text()
		h.press("home")
		if h.text() == first {
			t.Errorf("%s: home and end show the same", key)
		}
		h.press("pgdown", "pgup", "esc")
	}
}

// TestTryNow ends the wait for the next try from any pane, and says why it can't.
func TestTryNow(t *testing.T) {
	t.Parallel()
	h := sceneNamed(t, "main").play(t, 120, 40)
	h.press("ctrl+r")
	h.shows("ctrl+r  the bus is connected")
	h.hides("try now")
	h = sceneNamed(t, "lost").play(t, 120, 40)
	h.shows("ctrl+r try now")
	h.press("ctrl+r")
	if h.bus.retries != 1 {
		t.Errorf("%d tries, want one", h.bus.retries)
	}
}

// TestTwinsAreThere looks for actions that bindings call themselves a twin of.
func TestTwinsAreThere(t *testing.T) {
	t.Parallel()
	ids := map[string]binding{}
	for _, b := range bindings {
		ids[b.id] = b
	}
	for _, b := range bindings {
		if b.twin != "" && (ids[b.twin].id == "" || ids[b.twin].twin != "") {
			t.Errorf("%s is a twin of %s, which is none", b.id, b.twin)
		}
	}
}

// TestANoticeLeavesTheKeys looks at the footer while it says what just happened.
func TestANoticeLeavesTheKeys(t *testing.T) {
	t.Parallel()
	h := sceneNamed(t, "main").play(t, 120, 40)
	h.press("x")
	h.shows("enter form", "│ x  only what left can be cleared", "? keys")
	h.clickOn("s sort: name")
	h.shows("sort: traffic")
	h.resize(40, 10)
	h.press("x")
	h.shows("x  only what left can be")
	h.hides("enter form")
	h.pass(noticeOver)
	h.shows("enter form")
}
