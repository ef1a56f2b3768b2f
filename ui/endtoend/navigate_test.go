//go:build linux

package endtoend

import (
	"strings"
	"testing"
)

// TestFilter filters the list that has the keyboard.
func TestFilter(t *testing.T) {
	t.Parallel()
	e := explore(t, 120, 40, demo(t))
	e.press("2", "/")
	e.see("enter keep", "esc clear", "F1 keys")
	e.write("clients")
	e.until("what matches", func(s screen) bool {
		return on("2", "Clients.Create")(s) && s.paneHas("2", "25 hidden") && !s.paneHas("2", "Addition")
	})
	e.write(" q?")
	e.until("letters, not commands", func(s screen) bool { return s.paneHas("2", "/ clients q?") && s.has(`nothing matches "clients q?"`) })
	e.press("backspace", "backspace", "backspace")
	e.press("enter", "j")
	e.until("the next that matches", on("2", "Clients.Find"))
	e.press("esc")
	e.until("all, the cursor where it was", func(s screen) bool { return on("2", "Clients.Find")(s) && s.paneHas("2", "Addition") })
	e.press("1", "/")
	e.write("zzz")
	e.see(`nothing matches "zzz"`, "12 hidden", "esc clear")
	e.press("esc")
	e.gone(`nothing matches "zzz"`)
}

// TestHelp shows the keys of the place, and goes without a trace.
func TestHelp(t *testing.T) {
	t.Parallel()
	e := explore(t, 120, 40, demo(t))
	e.press("3")
	e.until("the streams", focused("3"))
	e.press("?")
	e.see("Keys: Streams", "subscribe", "Everywhere, also while typing", "esc closes")
	e.write("suspend")
	e.see("ctrl+z")
	e.gone("next pane")
	e.press("esc")
	e.gone("Keys: Streams")
	e.until("the streams", focused("3"))
	// While typing, ? is a letter and F1 is help.
	e.form("3", "MarketData.Prices")
	e.press("?")
	e.until("a letter", func(s screen) bool { return strings.Contains(s.cursor("0"), "?") })
	e.press("f1")
	e.see("Keys: Form", "next field")
	e.press("esc")
	e.until("the form as it was", func(s screen) bool { return !s.has("Keys:") && strings.Contains(s.cursor("0"), "?") })
}

// TestPaste: a paste is one text where text is typed, and nothing elsewhere.
func TestPaste(t *testing.T) {
	t.Parallel()
	e := explore(t, 120, 40, demo(t))
	e.paste("qqq?/2")
	e.press("3")
	e.until("the streams, nothing typed or pressed", func(s screen) bool {
		return s.focus() == "3" && !s.has("Keys:") && !s.paneHas("3", "/ ")
	})
	e.form("2", "Clients.Find")
	e.paste("q? 2\x1b[Aü")
	e.until("the text", func(s screen) bool {
		return strings.Contains(s.cursor("0"), "q? 2") && strings.Contains(s.cursor("0"), "ü")
	})
}

// TestTab goes round the panes, both ways.
func TestTab(t *testing.T) {
	t.Parallel()
	e := explore(t, 120, 40, demo(t))
	for _, c := range []struct{ key, pane string }{
		{"tab", "2"},
		{"tab", "3"},
		{"tab", "4"},
		{"tab", "0"},
		{"tab", "1"},
		{"shift+tab", "0"},
		{"shift+tab", "4"},
		{"shift+tab", "3"},
		{"3", "3"},
		{"1", "1"},
		{"0", "0"},
	} {
		e.press(c.key)
		e.until("pane "+c.pane+" after "+c.key, focused(c.pane))
	}
}

// TestMouse clicks rows, panes and the footer, and turns the wheel.
func TestMouse(t *testing.T) {
	t.Parallel()
	e := explore(t, 120, 40, demo(t))
	e.clickOn("  Clients.Find")
	e.until("the row", on("2", "Clients.Find"))
	e.clickOn("▌ Clients.Find")
	e.until("its form, by a second click", func(s screen) bool { return s.focus() == "0" && s.paneHas("0", "Answer within") })
	e.clickOn("query  ")
	e.write("an")
	e.until("the text", func(s screen) bool { return strings.Contains(s.cursor("0"), "an") })
	e.clickOn("limit  ")
	e.until("the field", func(s screen) bool { return strings.HasPrefix(s.cursor("0"), "limit") })
	e.clickOn("[ Send ]")
	e.work("✓ 1 of 1", "▾ clients")
	e.clickOn("3 Streams")
	e.until("the streams", focused("3"))
	e.clickOn("? keys")
	e.see("Keys: Streams")
	e.press("esc")
	e.gone("Keys: Streams")
	e.clickOn("/ filter")
	e.see("enter keep")
	e.press("esc")

	x, y, _ := e.see("Addition").find("Addition")
	e.wheel(x, y, true)
	e.until("three rows down", on("2", "Clients."))
	e.press("g")
	e.until("the first row", on("2", "Addition"))
	for range 20 {
		e.wheel(x, y, true)
	}
	e.until("the last row", func(s screen) bool { return on("2", "Sulk")(s) && !s.paneHas("2", "Addition") })
	for range 20 {
		e.wheel(x, y, false)
	}
	e.until("the first row", on("2", "Addition"))
}

// TestEscapeNeverQuits presses it from the depths, far more often than there are
// steps to go back.
func TestEscapeNeverQuits(t *testing.T) {
	t.Parallel()
	e := explore(t, 120, 40, demo(t))
	e.choose("2", "Reports.List")
	e.press("enter")
	e.until("the form", focused("0"))
	e.press("ctrl+s")
	e.work("✓ 1 of 1")
	e.form("3", "MarketData.Prices")
	e.write("AAPL")
	e.press("ctrl+s")
	e.work("▼ following", "sym AAPL")
	e.press("enter")
	e.until("the event", func(s screen) bool { return strings.HasPrefix(s.focus(), "event") })
	e.press("?")
	e.see("Keys: Event")
	for range 20 {
		e.press("esc")
	}
	e.until("the rail", func(s screen) bool { return s.focus() == "3" && s.paneHas("4", "Prices AAPL") })
	e.press("j", "1")
	e.until("a live program", focused("1"))
}

// TestResize goes down to one cell and back; the focus is where it was.
func TestResize(t *testing.T) {
	t.Parallel()
	g := serve(t, "127.0.0.1:0")
	offerMany(t, g.url)
	e := explore(t, 120, 40, g.url)
	e.choose("2", "Anna.Method07")
	e.press("esc")
	const name = "Anna.Method07"
	shown := on("2", name)
	e.until("the row", func(s screen) bool { return shown(s) && s.paneHas("2", "Anna.Method20") })
	for _, c := range []struct {
		w, h int
		want func(screen) bool
	}{
		{80, 24, func(s screen) bool { return shown(s) && framed(s) && s.paneHas("0", name) }},
		{40, 10, func(s screen) bool { return shown(s) && framed(s) && s.pane("0") == nil }},
		{20, 5, func(s screen) bool {
			return strings.Contains(s.String(), "2 Methods") && strings.Contains(s.cursor("2"), "07")
		}},
		{1, 1, func(s screen) bool { return len(s) == 1 }},
		{20, 5, func(s screen) bool { return strings.Contains(s.cursor("2"), "07") }},
		{40, 10, func(s screen) bool { return shown(s) && framed(s) }},
		{200, 60, func(s screen) bool { return shown(s) && framed(s) && s.paneHas("0", name) }},
		{120, 40, func(s screen) bool { return shown(s) && framed(s) && s.paneHas("0", name) }},
	} {
		e.resize(c.w, c.h)
		e.until("the screen at its new size", c.want)
		if s := e.rest(); !c.want(s) {
			t.Fatalf("at %dx%d it does not stay so:\n%s", c.w, c.h, s)
		}
	}
}

// framed tells that header and footer stand where they belong, once, and that the
// hairline goes straight down between: nothing has wrapped.
func framed(s screen) bool {
	if !strings.Contains(s.header(), "● live") || !strings.HasSuffix(strings.TrimSpace(s.footer()), "keys") {
		return false
	}
	at := -1
	for y, line := range s[1 : len(s)-1] {
		i := len([]rune(strings.SplitN(line, hairline, 2)[0]))
		if y > 0 && i != at || strings.Contains(line, "● live") || strings.Contains(line, "? keys") {
			return false
		}
		at = i
	}
	return true
}

// TestOneCell: however small the screen is, the cursor's row is the one that is
// drawn.
func TestOneCell(t *testing.T) {
	t.Parallel()
	g := serve(t, "127.0.0.1:0")
	offerMany(t, g.url)
	e := explore(t, 120, 40, g.url)
	e.choose("2", "Anna.Method07")
	e.resize(20, 1)
	e.until("the cursor's row", func(s screen) bool { return strings.Contains(s.String(), "▌") && strings.Contains(s.String(), "07") })
	e.resize(1, 1)
	e.until("the cursor", func(s screen) bool { return s.String() == "▌" })
}
