package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/client/bus"
	"ioscope/model"
)

// paste pastes a text, as a terminal brings it.
func (h *harness) paste(text string) {
	h.t.Helper()
	h.update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(text), Paste: true})
}

func jsonOf(t *testing.T, name string) *harness {
	t.Helper()
	h := newHarness(t, setting{})
	h.town()
	h.app.state.OpenForm(h.method(name), bus.Target{})
	h.press("ctrl+g")
	return h
}

func (h *harness) formText() string { return h.app.state.Shown().Form.JSON(h.now) }

// What is pasted and nearly JSON is repaired, and the screen says what was done.
func TestPasteIsRepaired(t *testing.T) {
	t.Parallel()
	h := jsonOf(t, "Addition")
	h.paste("{'a': 2,\r\n 'b': 3,}")
	if got := h.formText(); got != "{\"a\": 2,\n \"b\": 3}" {
		t.Errorf("the text is %q", got)
	}
	h.shows("✓ repaired while pasting: 4 single quotes, 1 trailing comma")
	h.press("ctrl+r")
	h.shows(`{'a': 2,`)
	h.hides("repaired while pasting")
}

// An object that is pasted over another takes its place, which can be undone.
func TestPasteTakesThePlace(t *testing.T) {
	t.Parallel()
	h := jsonOf(t, "Addition")
	h.paste(`{"a": 2, "b": 3}`)
	h.hides("repaired", "took the place")
	h.paste(`{"a": 20, "b": 30}`)
	h.shows("✓ took the place of what stood here; ctrl+r brings that back")
	if got := h.formText(); got != `{"a": 20, "b": 30}` {
		t.Errorf("the text is %q", got)
	}
	h.press("ctrl+r")
	if got := h.formText(); got != `{"a": 2, "b": 3}` {
		t.Errorf("the text is %q", got)
	}
}

// What was begun by hand is not taken away by a paste.
func TestPasteKeepsWhatWasBegun(t *testing.T) {
	t.Parallel()
	h := jsonOf(t, "Addition")
	h.press("down", "end")
	h.write(" x")
	h.paste(`{"a": 1}`)
	if got := h.formText(); !strings.Contains(got, ` x{"a": 1}`) {
		t.Errorf("the text is %q", got)
	}
}

// ctrl+r repairs what was typed, says where it can't, and brings back what was.
func TestRepairByKey(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	h.join("Oddities", 4140, bus.MethodDefinition{Name: "Oddities.Undeclared"})
	h.app.state.OpenForm(h.method("Oddities.Undeclared"), bus.Target{})
	h.pass(0)
	h.press("ctrl+r")
	h.shows("ctrl+r  it is JSON already")
	h.write(`limit: 25000.5.1`)
	h.press("ctrl+r")
	h.shows(`{"limit": 25000.51}`, "✓ repaired: 1 unquoted key, 25000.5.1 as 25000.51")
	h.press("ctrl+r")
	h.shows(`{limit: 25000.5.1}`, "as it was before")
	h.press("ctrl+k", "ctrl+u")
	h.write(`{"limit": 1.2.3}`)
	h.shows(`↑ a second "." in a number; ctrl+r cuts it`)
	h.press("ctrl+u")
	h.write(`{"limit": NaN}`)
	h.press("ctrl+r")
	h.shows("can't be repaired: line 1: NaN is no number that JSON has")
	h.press("ctrl+u")
	h.write(`{"limit":   1}`)
	h.press("alt+c")
	h.shows(`{"limit":1}`)
}

// large is an object of about 5 MB, in lines or in one.
func large(between string) string {
	var b strings.Builder
	b.WriteString(`{"name": "x", "contacts": [`)
	for i := 0; b.Len() < 5_000_000; i++ {
		fmt.Fprintf(&b, `{"kind": "email", "value": "someone.%d@example.com"},%s`, i, between)
	}
	b.WriteString(`{"kind": "email", "value": "last"}]}`)
	return b.String()
}

// perKey bounds what a key and its frame may take beside 5 MB. It is far above
// what they do take, and far below what they took when each key read all.
const perKey = 20 * time.Millisecond

// Nothing that a person does beside 5 MB of arguments waits for them.
func TestLargeArguments(t *testing.T) {
	t.Parallel()
	keys := func(t *testing.T, h *harness, names ...string) {
		t.Helper()
		best := time.Hour
		for range 5 {
			start := time.Now()
			h.press(names...)
			best = min(best, time.Since(start)/time.Duration(len(names)))
		}
		t.Logf("%v a key and its frame", best)
		if best > perKey && !slowed {
			t.Errorf("a key and its frame take %v", best)
		}
	}
	for name, between := range map[string]string{"lines": "\n  ", "one line": " "} {
		t.Run("json, "+name, func(t *testing.T) {
			t.Parallel()
			h := jsonOf(t, "Clients.Create")
			start := time.Now()
			h.paste(large(between))
			t.Logf("pasted in %v", time.Since(start))
			h.shows("5.0 MB", "F4 edits it in $EDITOR")
			keys(t, h, "x", "down", "pgdown", "up")
			h.shows("5.0 MB are too much to type in")
			h.press("ctrl+g")
			keys(t, h, "tab", "shift+tab")
			h.press("ctrl+g", "ctrl+k")
			h.shows("cleared 5")
			if got := h.formText(); got != "{}" {
				t.Errorf("%d bytes are left", len(got))
			}
		})
	}
	t.Run("a field", func(t *testing.T) {
		t.Parallel()
		h := newHarness(t, setting{})
		h.town()
		h.app.state.OpenForm(h.method("Clients.Find"), bus.Target{})
		h.paste(strings.Repeat("north ", 800_000))
		h.shows("4.8 MB  F4 edits")
		keys(t, h, "x", "tab", "1", "shift+tab")
		h.press("tab", "ctrl+k", "ctrl+u")
		h.press("ctrl+s")
		if got := len(h.question().Args); got < 4_800_000 {
			t.Errorf("%d bytes were sent", got)
		}
		keys(t, h, "2", "j", "k", "4")
	})
}

func BenchmarkLargePaste(b *testing.B) {
	text := large("\n")
	for b.Loop() {
		f := model.NewForm(clientAsked)
		_ = f.Flip(bornAt)
		f.Pasted(f.JSON(bornAt), text, text)
	}
}
