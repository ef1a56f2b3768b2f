package ui

import (
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/client/bus"
)

// TestTheTitleTellsTheWay goes into a call and into an event where one pane is seen at a
// time: the title says where each lies, and where there are more panes it need not.
func TestTheTitleTellsTheWay(t *testing.T) {
	t.Parallel()
	h := sceneNamed(t, "main").play(t, 60, 20)
	h.press("2", "g", "enter")
	h.shows(" 0 Methods › Addition ━")
	h.call("Addition", bus.Target{}, `{"a":2,"b":3}`, reply{"CalcPrecise", `{"sum":5}`, time.Millisecond})
	h.press("4", "enter")
	h.shows(" 0 Open › ")
	h = sceneNamed(t, "result-one").play(t, 60, 20)
	h.shows(" 0 Methods › Clients.Find › Result ━")
	h.resize(120, 40)
	h.shows("0 Result ━")
	h.hides("Clients.Find › Result")
	h = sceneNamed(t, "event").play(t, 60, 20)
	h.shows(" Open › MarketData.Prices › seq ")
}

// TestStoppedIsARow stops the program for a while: what is read after that has a row
// before it, so that nobody takes the time of its reading for that of its sending. A
// blink of an eye is none.
func TestStoppedIsARow(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	q := h.subscribe("AAPL")
	q.on(tick("AAPL", 1, h.now))
	h.flush()
	h.press("ctrl+z")
	h.now = h.now.Add(12 * time.Second)
	q.on(tick("AAPL", 2, h.now))
	h.flush()
	h.update(tea.ResumeMsg{})
	h.press("ctrl+z")
	h.now = h.now.Add(100 * time.Millisecond)
	h.update(tea.ResumeMsg{})
	h.now = h.now.Add(time.Minute)
	q.on(tick("AAPL", 3, h.now))
	h.flush()
	var rows []string
	tail := h.app.state.Things[0].Tail
	for n := uint64(1); n <= uint64(tail.Len()); n++ {
		row, _ := tail.Get(n)
		rows = append(rows, row.Gap)
	}
	if got, want := strings.Join(rows, "|"), "|ioscope was stopped for 12.0 s; what came then was read only now||"; got != want {
		t.Errorf("rows %q, want %q", got, want)
	}
}
