//go:build linux

package endtoend

import (
	"strings"
	"testing"
)

// TestSettings starts with a config that is broken, then with one that changes a
// key; the theme, a filter and a form that was begun are there again after a restart.
func TestSettings(t *testing.T) {
	t.Parallel()
	url, home := demo(t), t.TempDir()
	settings(t, home, "mouse: true\nkeys:\n  app.help: \"f9\"\n  app.palete: \";\"\n")
	e := again(t, home, url)
	e.see("line 4", "app.palette")
	e.press("q")
	if code := e.ended(); code != 0 {
		t.Fatalf("ended with %d", code)
	}

	settings(t, home, "mouse: true\nkeys:\n  app.palette-key: \";\"\n")
	e = again(t, home, url)
	e.press(":")
	e.press(";")
	e.see("─ Palette ─")
	if s := e.rest(); strings.Contains(s.row("›"), "› :") || strings.Contains(s.row("›"), "› ;") {
		t.Errorf("the key was typed:\n%s", s)
	}
	e.write("theme")
	e.see("theme.pick")
	e.press("enter")
	e.see("─ Theme ─", "▌dusk")
	e.press("down", "down")
	e.see("▌slate")
	e.press("enter")
	e.gone("─ Theme ─")
	e.form("2", "Multiply")
	e.write("6")
	e.until("the value", func(s screen) bool { return strings.Contains(s.cursor("0"), "* 6 ") })
	e.press("ctrl+c")
	if code := e.ended(); code != 0 {
		t.Fatalf("ended with %d", code)
	}

	e = again(t, home, url)
	e.until("the form that was begun", func(s screen) bool { return s.paneHas("4", "Multiply") && s.paneHas("2", "/ Multiply") })
	e.press("4", "enter")
	e.until("the value", func(s screen) bool { return strings.Contains(s.paneRow("0", " a "), "* 6 ") })
	e.gone("✗ needed")
	e.press("esc")
	e.until("Open", focused("4"))
	e.press(";")
	e.write("theme")
	e.see("theme.pick")
	e.press("enter")
	e.see("─ Theme ─", "▌slate")
}
