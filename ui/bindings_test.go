package ui

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"ioscope/model"
)

// noticeOver is long enough for the footer to have said what it had to say.
const noticeOver = 5 * time.Second

// titled are the contexts that a person can be in; the others are groups.
func titled() []place {
	var out []place
	for c := inServers; c < contextCount; c++ {
		out = append(out, c)
	}
	return out
}

// TestKeysOfTheEmptyBus goes round the panes of a bus without apps: what its page says
// can be pressed can be pressed in all of them.
func TestKeysOfTheEmptyBus(t *testing.T) {
	t.Parallel()
	for _, pane := range []string{"1", "2", "3", "4", "0"} {
		h := sceneNamed(t, "empty").play(t, 120, 40)
		h.press(pane)
		h.shows("start the demo apps on this bus", "d demo apps")
		h.press("d")
		if h.bus.demos != 1 {
			t.Errorf("%s: d does not start the demo apps", pane)
		}
	}
}

// TestNoKeyTwice looks for a key that two actions of one place want. The place
// itself may take a key from the groups that it includes; groups may not take
// one from each other.
func TestNoKeyTwice(t *testing.T) {
	t.Parallel()
	for _, c := range titled() {
		own, groups := map[string]string{}, map[string]string{}
		for _, g := range active(c) {
			table := groups
			if g == c {
				table = own
			}
			for _, b := range bindings {
				if !slices.Contains(b.in, g) {
					continue
				}
				for _, k := range b.keys {
					if table[k] != "" {
						t.Errorf("%s: %q is %s and %s", contexts[c].title, k, table[k], b.id)
					}
					table[k] = b.id
				}
			}
		}
	}
}

// TestNoLetterWhereTextIsTyped looks for commands that a person would write.
func TestNoLetterWhereTextIsTyped(t *testing.T) {
	t.Parallel()
	for _, c := range []place{inForm, inJSON, inFilter} {
		for _, g := range active(c) {
			for _, b := range bindings {
				if !slices.Contains(b.in, g) {
					continue
				}
				for _, k := range b.keys {
					// The space key is text in a field; App.typesBlank sees to it.
					if utf8.RuneCountInString(k) == 1 && !(k == " " && c == inForm) {
						t.Errorf("%s: %q is %s", contexts[c].title, k, b.id)
					}
				}
			}
		}
	}
}

// TestBindingsAreWhole looks at every row of the table.
func TestBindingsAreWhole(t *testing.T) {
	t.Parallel()
	ids := map[string]bool{}
	for _, b := range bindings {
		switch {
		case b.id == "" || !strings.Contains(b.id, "."):
			if b.id != "copy" {
				t.Errorf("%q is no name of an action", b.id)
			}
		case ids[b.id]:
			t.Errorf("%s stands twice in the table", b.id)
		}
		ids[b.id] = true
		if strings.TrimSpace(b.does) == "" || len(b.in) == 0 {
			t.Errorf("%s has no words or no place", b.id)
		}
		if b.do == nil && !slices.Equal(b.in, []place{inDialog}) {
			t.Errorf("%s does nothing", b.id)
		}
		for _, k := range b.keys {
			if _, err := keyMsg(k); err != nil {
				t.Errorf("%s: %v", b.id, err)
			}
		}
	}
}

// TestFooter looks, in every scene, at what the footer offers: it has words, its
// key does just that, and it can be clicked.
func TestFooter(t *testing.T) {
	t.Parallel()
	for _, s := range scenes {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			h := s.play(t, 120, 40)
			h.pass(noticeOver)
			for _, b := range h.app.footerBindings(h.app.context()) {
				if len(b.keys) == 0 {
					t.Errorf("%s has no key", b.id)
					continue
				}
				words := b.words(h.app)
				if n := utf8.RuneCountInString(strings.TrimSpace(words)); n == 0 || n > 24 {
					t.Errorf("%s says %q", b.id, words)
				}
				if found, ok := h.app.keymap.find(h.app.context(), first(b.keys)); !ok || found.id != b.id {
					t.Errorf("the footer offers %s, and %q is %s", b.id, first(b.keys), found.id)
				}
				h.footerHit(firstSign(b) + " " + words)
			}
		})
	}
}

// footerHit fails if a footer item is drawn and can't be clicked.
func (h *harness) footerHit(words string) {
	h.t.Helper()
	lines := h.lines()
	y := len(lines) - 1
	i := strings.Index("  "+lines[y], "   "+words)
	if i < 0 || len(h.app.dialogs) > 0 {
		return // no room, or a dialog takes the mouse
	}
	want := rect{utf8.RuneCountInString(lines[y][:i+1]), y, utf8.RuneCountInString(words), 1}
	if !slices.ContainsFunc(h.app.hits, func(c hit) bool { return c.at == want }) {
		h.t.Errorf("%q can't be clicked", words)
	}
}

// TestDisabledKeysSayWhy presses keys that can't work, and looks for the reason.
func TestDisabledKeysSayWhy(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ scene, key, want string }{
		{"stream-card", "A", ""},
		{"method-gone", "A", "A  nobody offers Commuter.Ping now"},
		{"method-gone", "r", "r  nothing to repeat: Commuter.Ping was not called yet"},
		{"main", "x", "x  only what left can be cleared"},
		{"main", "backspace", "backspace  not narrowed to a server"},
		{"nothing-open", "enter", "enter  nothing is open"},
		{"nothing-open", ",", ",  nothing is open"},
		{"in-flight", "r", "r  it is being asked; x gives up"},
		{"in-flight", "enter", "enter  no answer yet"},
	} {
		h := sceneNamed(t, c.scene).play(t, 120, 40)
		h.press(c.key)
		if got := h.app.state.Notice.Text; got != c.want {
			t.Errorf("%s: %s says %q, want %q", c.scene, c.key, got, c.want)
		}
	}
}

// TestKeyTableHasEveryKey looks for each key of each place in README's table.
func TestKeyTableHasEveryKey(t *testing.T) {
	t.Parallel()
	table := KeyTable()
	for _, b := range bindings {
		for _, k := range b.keys {
			if b.sign != "" {
				k = b.sign
			}
			if !strings.Contains(table, "`"+strings.ReplaceAll(keyName(k), "|", `\|`)+"`") {
				t.Errorf("%s: %q is missing", b.id, k)
			}
		}
		if len(b.keys) > 0 && !strings.Contains(table, "| "+b.does+" |") {
			t.Errorf("%s is missing", b.id)
		}
	}
}

// TestHelpKnowsWhereItIs opens the help in every pane.
func TestHelpKnowsWhereItIs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		scene, key string
		at         place
	}{
		{"main", "?", inMethods},
		{"server", "?", inServers},
		{"stream-card", "?", inStreams},
		{"nothing-open", "?", inOpen},
		{"form", "f1", inForm},
		{"form-json", "f1", inJSON},
		{"result-one", "?", inResult},
		{"stream", "?", inRows},
		{"event", "?", inEvent},
		{"filter-none", "f1", inFilter},
		{"nobody", "?", inNobody},
		{"empty", "?", inEmpty},
	} {
		h := sceneNamed(t, c.scene).play(t, 120, 40)
		before := h.app.state.Focus
		h.press(c.key)
		d, ok := h.app.topDialog().(*helpDialog)
		if !ok || d.at != c.at {
			t.Errorf("%s: %s opens %#v, want the help of %s", c.scene, c.key, h.app.topDialog(), contexts[c.at].title)
			continue
		}
		h.shows("Keys: " + contexts[c.at].title)
		h.press("esc")
		if h.app.topDialog() != nil || h.app.state.Focus != before {
			t.Errorf("%s: esc does not give the screen back", c.scene)
		}
	}
}

// TestQuitting presses every letter where nothing is typed.
func TestQuitting(t *testing.T) {
	t.Parallel()
	h := sceneNamed(t, "main").play(t, 120, 40)
	for _, pane := range []model.Pane{model.Servers, model.Methods, model.Streams, model.Open, model.Workspace} {
		for r := rune('!'); r <= '~'; r++ {
			if h.app.context() != inCard {
				h.press("esc", "esc", "esc", "esc")
			}
			h.app.state.Go(pane)
			if h.press(string(r)); h.quit != (r == 'q') {
				t.Errorf("%v: %q: quit is %v", pane, r, h.quit)
			}
			h.quit = false
		}
	}
	h.press("ctrl+c")
	if !h.quit {
		t.Error("ctrl+c does not quit")
	}
	h.press("ctrl+z")
	if h.suspended != 1 {
		t.Error("ctrl+z does not suspend")
	}
}
