package ui

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/model"
)

// TestPaneSizes changes widths by keys, by the mouse, and back.
func TestPaneSizes(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	rail := func(want int) {
		t.Helper()
		h.app.View()
		if got := h.app.lay.rail.w; got != want {
			t.Errorf("the rail is %d wide, want %d", got, want)
		}
		for _, line := range h.lines() {
			if n := len([]rune(line)); n != 120 {
				t.Errorf("a line is %d wide: %s", n, line)
			}
		}
	}
	rail(38)
	h.press("+")
	h.shows("rail: 42 % of the screen")
	rail(50)
	h.press("_", "_", "_", "_", "_", "_")
	rail(16)
	h.press("0", "_")
	rail(28)
	for range 9 {
		h.press("_")
	}
	rail(89)
	drag := func(x int, a tea.MouseAction) {
		h.update(tea.MouseMsg{X: x, Y: 10, Button: tea.MouseButtonLeft, Action: a})
	}
	drag(89, tea.MouseActionPress)
	for x := 88; x >= 5; x-- {
		drag(x, tea.MouseActionMotion)
		if want := max(x, 16); h.app.lay.rail.w != want {
			t.Fatalf("dragged to %d, the rail is %d wide", x, h.app.lay.rail.w)
		}
	}
	drag(5, tea.MouseActionRelease)
	drag(60, tea.MouseActionMotion)
	rail(16)
	h.palette("layout.reset")
	rail(38)
	h.press("f", "+")
	h.shows("+  one pane has the whole screen")
}

// TestSideSize changes the width of the inspector.
func TestSideSize(t *testing.T) {
	t.Parallel()
	h := sceneNamed(t, "event").play(t, 200, 60)
	side := func(want int) {
		t.Helper()
		h.app.View()
		if got := h.app.lay.inspector.w; got != want {
			t.Errorf("the inspector is %d wide, want %d", got, want)
		}
	}
	side(61)
	h.press("+")
	side(81)
	for range 9 {
		h.press("+")
	}
	side(200 - 44 - 30 - 2)
	x := h.app.lay.inspector.x - 1
	h.update(tea.MouseMsg{X: x, Y: 10, Button: tea.MouseButtonLeft, Action: tea.MouseActionPress})
	h.update(tea.MouseMsg{X: 149, Y: 10, Button: tea.MouseButtonLeft, Action: tea.MouseActionMotion})
	side(50)
}

// TestHiddenPanes hides panes of the rail; the digit of one shows it while it has the
// keyboard.
func TestHiddenPanes(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	h.press("3")
	h.palette("view.hide")
	h.shows("3 Streams")
	h.press("1")
	h.hides("3 Streams")
	h.palette("view.hide")
	h.press("2")
	h.hides("1 Servers", "3 Streams")
	h.press("3")
	h.shows("3 Streams", "2 Methods", "MarketData.News")
	for _, digit := range []string{"2", "4"} {
		h.press(digit)
		h.palette("view.hide")
	}
	h.press("0")
	h.hides("1 Servers", "2 Methods", "3 Streams", "4 Open")
	if strings.Contains(h.lines()[5], "│") {
		t.Error("a hairline is left")
	}
	h.press("2")
	h.palette("view.hide")
	h.press("0")
	h.shows("2 Methods")
	if len(h.app.shape.panes(model.Workspace)) != 1 {
		t.Error("more than one pane shows")
	}
}
