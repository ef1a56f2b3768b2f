package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"ioscope/client/bus"
)

// TestTourOfACall does what the tour says, and nothing else.
func TestTourOfACall(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	h.palette("tour.start")
	h.shows("call a method", "watch a stream")
	h.hides("end the tour")
	h.press("enter")
	h.shows("1 of 6", "2 goes to Methods.")
	h.press("down")
	h.shows("1 of 6")
	h.press("2")
	h.shows("2 of 6", "enter opens its form.")
	h.press("enter")
	h.shows("3 of 6", "ctrl+s sends it.")
	h.write("2")
	h.press("tab")
	h.write("3")
	h.press("tab")
	h.press("ctrl+s")
	h.shows("4 of 6")
	h.answer(h.question(), reply{"CalcPrecise", `{"sum":5}`, time.Millisecond})
	h.finish(h.question(), nil)
	h.shows("5 of 6", "esc goes back")
	h.press("esc", "esc", "esc")
	h.shows("6 of 6")
	h.press("?")
	h.press("esc")
	h.shows("the tour is over; : tour has the other one")
	h.hides("▸ tour")
}

// TestTourOfAStream does what the other tour says.
func TestTourOfAStream(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	h.palette("tour.start")
	h.press("down", "enter")
	h.shows("1 of 7")
	h.press("3", "down", "down")
	h.shows("2 of 7")
	h.press("enter")
	h.shows("3 of 7")
	h.write("AAPL")
	h.press("ctrl+s")
	q := h.question()
	q.on(bus.StreamAccepted{At: h.now, Server: who("PriceFeed")})
	h.finish(q, nil)
	h.flow(1, &source{q, "AAPL", 1, 5})
	h.shows("4 of 7", "space holds the rows")
	h.press(" ")
	h.shows("5 of 7")
	h.press("up", "enter")
	h.shows("6 of 7")
	h.press("esc", "G")
	h.shows("7 of 7")
	h.palette("tour.start")
	h.press("up", "enter")
	h.hides("▸ tour")
}

// TestToursFit: what to do is seen whole on a screen of 80 columns.
func TestToursFit(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{w: 80, h: 24})
	h.town()
	for i := range tours {
		for at := range tours[i].steps {
			h.app.tour = touring{&tours[i], at}
			h.resize(80, 24)
			for _, line := range h.lines() {
				if strings.Contains(line, "▸ tour") && strings.Contains(line, "…") {
					t.Errorf("cut: %s", line)
				}
			}
		}
	}
}

// TestToursNameKeys looks for every action that a tour names.
func TestToursNameKeys(t *testing.T) {
	t.Parallel()
	for _, x := range tours {
		for _, s := range x.steps {
			for _, part := range strings.Split(s.say, "{")[1:] {
				action, _, _ := strings.Cut(part, "}")
				if !slices.Contains(Actions(), action) {
					t.Errorf("%s names %s, which is no action", x.name, action)
				}
			}
		}
	}
}
