package ui

import (
	"fmt"
	"strings"
	"testing"

	"ioscope/client/bus"
	"ioscope/model"
)

func TestGroupsWithKeysAndMouse(t *testing.T) {
	t.Parallel()
	h := sceneNamed(t, "main").play(t, 120, 40)
	h.press("o")
	h.shows("o  not in groups; v groups")
	h.pass(noticeOver)
	h.groupBy("2", "prefix")
	h.shows("by prefix", "▾ Orders", "▾ no prefix", "   Cancel")
	h.press("O")
	h.shows("▸ Orders")
	h.hides("   Cancel")
	h.clickOn("▸ Orders")
	h.shows("▾ Orders", "   Cancel")
	h.clickOn("Orders  ")
	h.shows("▸ Orders")
	h.press("right", "right", "right")
	if m := h.app.state.CardMethod(); h.app.state.Focus != model.Workspace || m == nil || m.Def.Name != "Orders.Cancel" {
		t.Fatalf("→ does not go into the group, to its first row, and into that")
	}
	h.press("esc", "left")
	if g := h.app.state.CardGroup(); g == nil || g.Name != "Orders" || g.Folded {
		t.Fatal("← does not go to the heading")
	}
	h.press("space")
	h.shows("▸ Orders", "enter open the group")
	h.press("enter")
	h.shows("▾ Orders", "enter close the group")
	h.press("A")
	h.shows("A  no method here")

	h.groupBy("1", "kind")
	h.shows("▾ you", "▾ application")
	h.press("g", "space")
	if h.app.state.Narrow != "" {
		t.Error("a group was narrowed to")
	}
	h.shows("▸ application")
	h.press("2", "v", "g", "enter")
	h.hides("▾ Orders")
}

// TestGroupsInThePast scrubs through the feed while the list is in groups.
func TestGroupsInThePast(t *testing.T) {
	t.Parallel()
	h := sceneNamed(t, "main").play(t, 120, 40)
	h.groupBy("2", "server")
	h.press("5", "g", "enter")
	if _, past := h.app.state.Past(); !past {
		t.Fatal("the past is not shown")
	}
	h.hides("▾ PriceFeed")
	h.press("G")
	h.shows("▾ CalcClassic")
}

// TestFoldedBusIsNotEmpty folds all servers away: that makes no empty bus of it.
func TestFoldedBusIsNotEmpty(t *testing.T) {
	t.Parallel()
	h := sceneNamed(t, "main").play(t, 120, 40)
	h.groupBy("1", "user")
	h.press("O")
	if h.app.deserted() || h.app.context() != inServers {
		t.Error("a folded list counts as an empty bus")
	}
}

// crowd fills the bus with methods of many prefixes.
func (h *harness) crowd(n int) {
	defs := make([]bus.MethodDefinition, n)
	for i := range defs {
		defs[i] = method(fmt.Sprintf("Area%d.Method%d", i%40, i), "", "", "int a", "int b")
	}
	h.join("Crowd", 5000, defs...)
}

// BenchmarkGroups draws frames of a list of 2,000 methods, flat and in groups: moving,
// and while methods come and go.
func BenchmarkGroups(b *testing.B) {
	for _, by := range []string{"", "prefix", "server, prefix"} {
		for _, what := range []string{"move", "change"} {
			b.Run(what+"/by="+strings.ReplaceAll(by, ", ", "+"), func(b *testing.B) {
				h := newHarness(b, setting{})
				h.resize(120, 40)
				h.town()
				h.crowd(2000)
				var keys []model.GroupBy
				for name := range strings.SplitSeq(by, ", ") {
					if name != "" {
						keys = append(keys, model.GroupBy(name))
					}
				}
				h.app.state.SetGroups(model.Methods, keys)
				h.press("2")
				late := person("Crowd", 5000)
				extra := []bus.MethodDefinition{{ID: "late", Name: "Late.One"}}
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					if what == "move" {
						h.app.state.MoveCursor(1 - i/1000%2*2)
					} else if i%2 == 0 {
						h.hear(bus.MethodsAdded{At: h.now, Peer: late.PeerID, Methods: extra})
					} else {
						h.hear(bus.MethodsRemoved{At: h.now, Peer: late.PeerID, Methods: extra})
					}
					h.app.dirty = true
					if h.app.View() == "" {
						b.Fatal("nothing was drawn")
					}
				}
			})
		}
	}
}

// TestDialogsAreClicked groups a list by the mouse alone, but for the key that asks.
func TestDialogsAreClicked(t *testing.T) {
	t.Parallel()
	h := sceneNamed(t, "main").play(t, 120, 40)
	h.press("v")
	h.clickOn("the name before its last dot")
	h.shows("▌[ ] prefix")
	h.clickOn("Methods in groups") // the edge is no row
	h.clickOn("[ ] prefix")
	h.shows("by prefix", "▾ Orders")
	h.press(":")
	h.write("pane")
	h.clickOn("pane smaller")
	h.shows("▌pane smaller", "Palette")
	h.clickOn("pane smaller")
	h.hides("Palette")
}
