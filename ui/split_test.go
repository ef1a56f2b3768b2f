package ui

import (
	"strings"
	"testing"

	"ioscope/model"
)

// TestSplitScreen works in both halves: by tab, by the mouse, and back to one.
func TestSplitScreen(t *testing.T) {
	t.Parallel()
	h := sceneNamed(t, "main").play(t, 120, 40)
	s := h.app.state
	h.press("\\")
	h.shows(`\  open something first; what is open is split`)
	h.press("4", "g", "enter", "\\")
	aapl, vod := s.Things[0], s.Things[1]
	h.shows("MarketData.Prices AAPL", "MarketData.Prices VOD")
	if s.Shown() != vod {
		t.Error("the new half has not the keyboard")
	}
	h.press("shift+tab", " ")
	if s.Shown() != aapl || aapl.Tail.Following() || !vod.Tail.Following() {
		t.Error("shift+tab does not go to the half before, or its key works elsewhere")
	}
	y := 0
	for i, line := range h.lines() {
		if strings.Contains(line, "MarketData.Prices VOD") {
			y = i
		}
	}
	h.click(60, y)
	if s.Shown() != vod || s.Focus != model.Workspace {
		t.Error("a click does not go to the other half")
	}
	h.press("1", "0")
	h.wheel(60, 8, false)
	if s.Shown() != aapl {
		t.Error("the wheel turns what it is not over")
	}
	h.press(".", ".")
	h.shows("▸ asked with  kind daily", "MarketData.Prices AAPL")
	h.hides("MarketData.Prices VOD")
	h.press("\\")
	if s.Splits() {
		t.Error("it is still split")
	}
	h.resize(40, 10)
	h.press("\\")
	h.shows(`\  too low for two here`)
}

// TestSlotsFill looks at every size that a workspace may have: slots lie beside and
// above one another without a gap.
func TestSlotsFill(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{53, 22}, {81, 38}, {155, 58}, {93, 58}, {200, 60}, {120, 12}, {39, 40}} {
		for n := 2; n <= 4; n++ {
			r := rect{7, 1, size[0], size[1]}
			rects := slotRects(r, n)
			if rects == nil {
				continue
			}
			taken := map[[2]int]int{}
			for i, at := range rects {
				for x := at.x; x < at.x+at.w; x++ {
					for y := at.y; y < at.y+at.h; y++ {
						if j, ok := taken[[2]int{x, y}]; ok || !r.holds(x, y) {
							t.Fatalf("%v in %d: slot %d lies over slot %d or outside", size, n, i, j)
						}
						taken[[2]int{x, y}] = i
					}
				}
			}
			lines := 0
			if rects[0].w < r.w {
				lines = r.h
			}
			if len(rects) != n || len(taken)+lines != r.w*r.h {
				t.Errorf("%v in %d: %d cells of %d are taken", size, n, len(taken)+lines, r.w*r.h)
			}
		}
	}
}
