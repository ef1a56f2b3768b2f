package ui

import (
	"errors"
	"testing"
)

func rebound(t *testing.T, changes ...Rebinding) *harness {
	t.Helper()
	m, err := Rebind(changes)
	if err != nil {
		t.Fatal(err)
	}
	h := newHarness(t, setting{keys: m})
	h.town()
	return h
}

// TestKeysOfOnesOwn presses changed keys, and looks for them in footer, help and
// palette.
func TestKeysOfOnesOwn(t *testing.T) {
	t.Parallel()
	h := rebound(t,
		Rebinding{"app.palette-key", []string{";"}},
		Rebinding{"method.form", []string{"F4"}},
		Rebinding{"app.help-key", []string{"f3", "?"}},
		Rebinding{"list.filter", []string{"ctrl+f"}},
		Rebinding{"list.sort", nil},
		Rebinding{"dialog.up", []string{"ctrl+k"}},
		Rebinding{"dialog.do", []string{"ctrl+y"}},
	)
	h.press("2")
	h.shows("F4 form", "ctrl+f filter", "; palette", "F3 keys")
	h.hides("s sort", ": palette", "enter form")
	h.press("s", ":", "/")
	if h.app.filtering || h.app.topDialog() != nil || h.app.state.Lists[h.app.state.Focus].Sort != 0 {
		t.Error("a key that was taken away still works")
	}
	h.press("ctrl+f")
	if !h.app.filtering {
		t.Error("ctrl+f does not filter")
	}
	h.press("esc", ";")
	h.write("form")
	h.shows("Palette", "F4")
	h.press("down", "up")
	if d := h.app.topDialog().(*paletteDialog); d.row != 1 {
		t.Error("up still works in dialogs")
	}
	h.press("ctrl+k", "enter")
	if d, ok := h.app.topDialog().(*paletteDialog); !ok || d.row != 0 {
		t.Error("ctrl+k is not up, or enter still runs")
	}
	h.press("ctrl+y")
	if h.app.context() != inForm {
		t.Error("ctrl+y does not run what the palette found")
	}
	h.press("f1")
	h.write("keys of")
	h.shows("F3  ?")
}

// TestRebindRefuses tries changes that would leave somebody with a key too many or
// too few.
func TestRebindRefuses(t *testing.T) {
	t.Parallel()
	ok := Rebinding{"view.full", []string{"F9"}}
	for _, c := range []struct {
		change Rebinding
		want   string
	}{
		{Rebinding{"stream.puase", []string{"p"}}, `no action "stream.puase"`},
		{Rebinding{"stream.pause", []string{"x"}}, `"x" is open.close already in stream`},
		{Rebinding{"view.full", []string{"q"}}, `"q" is app.quit already in servers`},
		{Rebinding{"view.full", []string{"s"}}, `"s" is list.sort already in servers`},
		{Rebinding{"stream.pause", []string{"q"}}, `"q" is app.quit already in stream`},
		{Rebinding{"form.send", []string{"a"}}, `"a" is typed as text in form; form.send wants ctrl, alt or an F key there`},
		{Rebinding{"dialog.do", []string{"y"}}, `"y" is typed as text in dialogs; dialog.do wants ctrl, alt or an F key there`},
		{Rebinding{"form.send", []string{"cntrl+s"}}, `"cntrl+s" is no key; keys are written like a, ctrl+s, alt+enter, F4, space, pgdown`},
		{Rebinding{"app.quit-now", nil}, "app.quit-now wants a key"},
		{Rebinding{"form.next", []string{"ctrl+s"}}, `"ctrl+s" is form.send already in form`},
	} {
		_, err := Rebind([]Rebinding{ok, c.change})
		var wrong *RebindError
		if !errors.As(err, &wrong) || wrong.Index != 1 || err.Error() != c.want {
			t.Errorf("%v: got  %v\nwant %s", c.change, err, c.want)
		}
	}
	// Two that change places are fine, and so is what a place has twice on purpose.
	for _, changes := range [][]Rebinding{
		{{"stream.pause", []string{"x"}}, {"open.close", []string{"ctrl+w"}}},
		{{"nav.back", []string{"esc", "ctrl+y"}}},
		{{"form.next", []string{"tab", "down", "enter"}}},
	} {
		if _, err := Rebind(changes); err != nil {
			t.Errorf("%v: %v", changes, err)
		}
	}
}

// TestKeyNames reads keys as people write them, and every one that is in use.
func TestKeyNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"space": " ", "↑": "up", "F1": "f1", "pgdn": "pgdown", "PageDown": "pgdown", "Ctrl+S": "ctrl+s", "alt+↑": "alt+up",
		"alt+Enter": "alt+enter", "alt+E": "alt+E", "G": "G", "ü": "ü", "Esc": "esc", "return": "enter", "shift+tab": "shift+tab",
	} {
		if got, ok := readKey(name); !ok || got != want {
			t.Errorf("%s is %q, %v; want %q", name, got, ok, want)
		}
	}
	for _, name := range []string{"", "ctrl", "ctrl+", "strg+c", "f99", "alt+", "ab"} {
		if got, ok := readKey(name); ok {
			t.Errorf("%q is read as %q", name, got)
		}
	}
	for _, b := range bindings {
		for _, k := range b.keys {
			if got, ok := readKey(keyName(k)); !ok || got != k {
				t.Errorf("%s: %q is read as %q", b.id, keyName(k), got)
			}
		}
	}
}
