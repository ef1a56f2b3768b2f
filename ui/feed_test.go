package ui

import (
	"testing"
	"time"

	"ioscope/model"
)

func TestFeedGoesThroughTime(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	feedScene(h)
	h.press("5")
	h.shows("▼ now", "20 since you came, 8 since you looked", "changed since you looked, 13:55:10")
	h.press("left")
	h.shows("▲ 14:03:30, the past", "live goes on", "the panes on the left show the bus at 14:03:30")
	for range 3 {
		h.press("h")
	}
	h.shows("▲ 13:59:55, the past", "Grumpy")
	h.press("{", "{")
	h.shows("▲ 13:57:55, the past")
	h.press("}")
	h.shows("▲ 13:58:55, the past")
	if s := h.server("Grumpy"); s.Gone() || s.Instance.PID != 4527 {
		t.Errorf("Grumpy of the moment is %+v", s)
	}
	h.press("k")
	h.shows("▲ 13:58:07, the past", "left now")

	// What comes meanwhile is kept, and nothing is asked from the past.
	h.join("Newcomer", 4600, method("New.Ping", "", "", "", ""))
	h.press("2", "g", "enter")
	h.shows("this is the bus at 13:58:07; 5 then G goes back to now")
	h.hides("New.Ping")
	if len(h.app.state.Things) != 1 {
		t.Error("a form was opened from the past")
	}
	h.press("5", "G")
	h.shows("▼ now", "Newcomer")
	h.press("2")
	h.shows("New.Ping")

	// c shows what changed since the mark, a filter narrows, esc gives all back.
	h.press("5", "m", "c")
	h.shows("Nothing changed since")
	h.pass(5 * time.Second)
	h.leave("Newcomer")
	h.shows("goodbye after")
	h.press("esc", "/")
	h.write("grumpy")
	h.press("enter")
	h.shows("Grumpy", "hidden")
	h.hides("- Newcomer")
	h.press("esc")
	h.press("'")
	if e := h.app.state.Chronicle().Current(h.app.state); e == nil || e.Name != "Newcomer" || e.Kind != model.FeedLeft {
		t.Errorf("the mark leads to %+v", e)
	}

	// Held, the list stays; what comes is counted.
	h.press("G", "space")
	h.join("Another", 4601)
	h.shows("‖ held  1 new")
	h.hides("+ Another")
	h.press("space")
	h.shows("+ Another")

	// Back from elsewhere it tells what is new.
	h.press("1")
	h.pass(time.Minute)
	h.leave("Another")
	h.pass(time.Minute)
	h.press("5")
	h.shows("1 since you looked")
}

func TestMarkInServers(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	h.press("1", "m")
	h.shows("the feed tells what changes after it")
	h.pass(time.Second)
	h.leave("Grumpy")
	h.press("5")
	h.shows("1 since you looked")
}
