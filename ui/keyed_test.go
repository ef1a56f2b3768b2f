package ui

import (
	"regexp"
	"slices"
	"testing"
)

// TestSentencesNameTheKeysThatCount rebinds keys, and looks for them in sentences,
// empty panes and reasons.
func TestSentencesNameTheKeysThatCount(t *testing.T) {
	t.Parallel()
	rebound := func(h *harness, action, key string) {
		keys, err := Rebind([]Rebinding{{action, []string{key}}})
		if err != nil {
			t.Fatal(err)
		}
		h.app.keymap = keys
		h.pass(0)
	}
	for _, c := range []struct{ scene, action, key, press, before, after string }{
		{"nothing-open", "go.methods", "alt+m", "4", "2  then enter calls", "alt+m  then enter calls"},
		{"filter-none", "nav.back", "alt+b", "enter", "esc clears", "alt+b clears"},
		{"in-flight", "open.close", "alt+c", "", "x gives up", "alt+c gives up"},
		{"stream", "stream.view", "alt+v", "s", "v turns the view", "alt+v turns the view"},
		{"main", "list.group", "alt+g", "o", "v groups", "alt+g groups"},
	} {
		h := sceneNamed(t, c.scene).play(t, 120, 40)
		if c.press != "" {
			h.press(c.press)
		}
		h.shows(c.before)
		h = sceneNamed(t, c.scene).play(t, 120, 40)
		rebound(h, c.action, c.key)
		if c.press != "" {
			h.press(c.press)
		}
		h.shows(c.after)
	}
}

// TestReasonsNameActions finds reasons with braces around what is no action.
func TestReasonsNameActions(t *testing.T) {
	t.Parallel()
	h := sceneNamed(t, "main").play(t, 120, 40)
	if got := h.app.keyed("{list.group} and {no.action} and {{x}}, {"); got != "v and {no.action} and {{x}}, {" {
		t.Errorf("it became %q", got)
	}
	braces := regexp.MustCompile(`\{[a-z-]+\.[a-z-]+\}`)
	for _, s := range scenes {
		h := s.play(t, 120, 40)
		for _, b := range bindings {
			for _, in := range b.in {
				if b.why == nil || in != h.app.context() && in != notTyping {
					continue
				}
				if why := b.reason(h.app); braces.MatchString(why) {
					t.Errorf("%s: %s can't be done because %q", s.name, b.id, why)
				}
			}
		}
	}
}

// TestFormsNameTheKeysThatCount gives every action of forms and runs that has a ctrl,
// alt or F key another one, and looks through all scenes for those that it had.
func TestFormsNameTheKeysThatCount(t *testing.T) {
	t.Parallel()
	was := regexp.MustCompile(`^(ctrl\+[a-z]|alt\+[a-z]|f[0-9])$`)
	var changes []Rebinding
	gone := map[string]string{}
	for _, b := range bindings {
		if !slices.ContainsFunc(b.in, func(c place) bool { return slices.Contains(active(c), textField) }) || !slices.ContainsFunc(b.keys, was.MatchString) {
			continue
		}
		if slices.ContainsFunc(changes, func(c Rebinding) bool { return c.Action == b.id }) {
			continue
		}
		changes = append(changes, Rebinding{b.id, []string{"alt+" + string(rune('α'+len(changes)))}})
		gone[keyName(b.keys[0])] = b.id
	}
	keys, err := Rebind(changes)
	if err != nil {
		t.Fatal(err)
	}
	// What is told of a whole run names the keys of the table, and dialogs have theirs.
	for _, s := range scenes {
		h := s.play(t, 200, 60)
		if h.app.topDialog() != nil || !slices.Contains(active(h.app.context()), textField) {
			continue
		}
		h.app.keymap = keys
		h.pass(0)
		for key, id := range gone {
			if regexp.MustCompile(`(^|[^a-z+])` + regexp.QuoteMeta(key) + `\b`).MatchString(h.text()) {
				t.Errorf("%s: %s stands there, but %s has another key:\n%s", s.name, key, id, h.text())
			}
		}
	}
}
