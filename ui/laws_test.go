package ui

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"ioscope/model"
)

// sizes are the sizes at which the laws of the screen must hold.
var sizes = [][2]int{{200, 60}, {120, 40}, {100, 30}, {80, 24}, {72, 16}, {60, 20}, {40, 10}, {20, 6}, {10, 3}, {1, 1}}

// wrong tells which law of the screen is broken; empty when none is.
func wrong(view string, w, h int) string {
	lines := strings.Split(view, "\n")
	if len(lines) != h {
		return fmt.Sprintf("%d lines, want %d", len(lines), h)
	}
	for i, line := range lines {
		if got := ansi.StringWidth(line); got != w {
			return fmt.Sprintf("line %d is %d wide, want %d: %q", i, got, w, ansi.Strip(line))
		}
	}
	return ""
}

// lawAt draws at a size and tells which law is broken.
func (h *harness) lawAt(width, height int) (law string) {
	defer func() {
		if r := recover(); r != nil {
			law = fmt.Sprint("panic: ", r)
		}
	}()
	h.resize(width, height)
	return wrong(h.app.View(), width, height)
}

func TestEveryLineIsAsWideAsTheScreen(t *testing.T) {
	t.Parallel()
	for _, s := range scenes {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			h := s.play(t, 120, 40)
			for _, size := range sizes {
				t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
					if law := h.lawAt(size[0], size[1]); law != "" {
						t.Error(law)
					}
				})
			}
		})
	}
}

// TestFocusAndCursorAreTold looks for the heavy rule and the bar, which must tell
// where the keyboard is without any colour.
func TestFocusAndCursorAreTold(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name             string
		set              setting
		heavy, rule, bar string
	}{
		{"colour", setting{}, "━", "─", "▌"},
		{"plain", setting{plain: true}, "━", "─", "▌"},
		{"ascii", setting{plain: true, ascii: true}, "=", "-", ">"},
	} {
		for _, size := range [][2]int{{200, 60}, {120, 40}, {80, 24}, {60, 20}, {40, 10}} {
			t.Run(fmt.Sprintf("%s-%dx%d", c.name, size[0], size[1]), func(t *testing.T) {
				t.Parallel()
				h := scene{set: c.set, make: func(h *harness) { h.main() }}.play(t, size[0], size[1])
				for _, digit := range []string{"1", "2", "3", "4", "0"} {
					h.press(digit)
					var heavy, light []string
					for _, line := range h.lines() {
						for _, part := range strings.FieldsFunc(line, func(r rune) bool { return r == '│' || r == '|' }) {
							switch title := strings.TrimSpace(part); {
							case len(title) < 2 || !strings.Contains("01234", title[:1]) || title[1] != ' ':
							case strings.Contains(title, strings.Repeat(c.heavy, 2)):
								heavy = append(heavy, title)
							case strings.Contains(title, strings.Repeat(c.rule, 2)):
								light = append(light, title)
							}
						}
					}
					if len(heavy) != 1 || !strings.HasPrefix(heavy[0], digit) {
						t.Errorf("%s: heavy titles %q, light ones %q", digit, heavy, light)
					}
					if digit == "0" {
						continue
					}
					list := &h.app.state.Lists[digit[0]-'0']
					name := map[string]string{"1": "CalcClassic", "2": "Addition", "3": "ClientDesk.Changes", "4": "Reports.Build"}[digit]
					if !h.barAt(c.bar, name) {
						t.Errorf("%s: no bar at %s (row %d):\n%s", digit, name, list.Index(), h.text())
					}
				}
			})
		}
	}
}

// barAt reports whether a row of the rail has the cursor's bar and this name.
func (h *harness) barAt(bar, name string) bool {
	for _, line := range h.lines() {
		if rest, ok := strings.CutPrefix(line, bar); ok && strings.Contains(rest, name) {
			return true
		}
	}
	return false
}

// TestFormTellsItsStop looks for brackets around the field that the keyboard is
// at, where no ground can show it.
func TestFormTellsItsStop(t *testing.T) {
	t.Parallel()
	h := scene{set: setting{plain: true}, make: wrongForm}.play(t, 120, 40)
	seen := map[model.FieldPath]bool{}
	for range 30 {
		thing := h.app.state.Shown()
		if seen[thing.Focus] {
			return // all the way round
		}
		seen[thing.Focus] = true
		here := ""
		for _, line := range h.lines() {
			if _, work, ok := strings.Cut(line, "│▌"); ok {
				here = work
			}
		}
		row, field := thing.FieldRow(h.now)
		isBox := !field || row.Kind == model.RowField || row.Kind == model.RowBool
		if here == "" || isBox && !strings.Contains(here, "[") {
			t.Fatalf("the stop %q is not told: %q", thing.Focus, here)
		}
		if h.press("tab"); h.app.state.Focus != model.Workspace {
			t.Fatal("tab leaves the form, and the next letter would be a command")
		}
	}
	t.Error("tab does not come round")
}

// TestEscReachesTheRail presses esc from every scene until nothing is left to go
// back from: that is the rail, and the program still runs.
func TestEscReachesTheRail(t *testing.T) {
	t.Parallel()
	for _, s := range scenes {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			h := s.play(t, 120, 40)
			h.escape()
		})
	}
}

// escape presses esc, and fails unless that ends on the rail.
func (h *harness) escape() {
	h.t.Helper()
	for range 20 {
		h.press("esc")
	}
	st := h.app.state
	switch {
	case h.quit:
		h.t.Error("esc quit")
	case len(h.app.dialogs) > 0, h.app.filtering, st.Focus == model.Workspace, st.Full:
		h.t.Errorf("esc ends in pane %v, %d dialogs, filtering %v, full %v", st.Focus, len(h.app.dialogs), h.app.filtering, st.Full)
	case st.Narrow != "" && (st.Focus == model.Methods || st.Focus == model.Streams), st.Lists[st.Focus].Filter != "":
		h.t.Error("esc leaves the list narrowed or filtered")
	}
}
