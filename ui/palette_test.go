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
