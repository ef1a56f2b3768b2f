package ui

import (
	"encoding/json"
	"errors"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/themes"
)

// fakeKeeper remembers in memory.
type fakeKeeper struct {
	theme  string
	buses  map[string][]byte
	writes int
	err    error
}

// KeepBus and Bus keep what is written as JSON, as the disk does.
func (k *fakeKeeper) KeepBus(name string, what Kept) error {
	data, err := json.Marshal(what)
	if k.buses == nil {
		k.buses = map[string][]byte{}
	}
	k.buses[name] = data
	k.writes++
	return errors.Join(err, k.err)
}

func (k *fakeKeeper) Bus(name string) (what Kept, ok bool) {
	data, ok := k.buses[name]
	ok = ok && json.Unmarshal(data, &what) == nil
	return what, ok
}

func (k *fakeKeeper) KeepTheme(name string) error { k.theme = name; return k.err }

// TestThemePicker tries themes on: the screen wears what the cursor is on, enter keeps
// it, and esc puts the one from before back.
func TestThemePicker(t *testing.T) {
	t.Parallel()
	k := &fakeKeeper{}
	h := newHarness(t, setting{})
	h.app.opts.Keeper, h.app.opts.Themes = k, someThemes()
	h.town()
	dusk := h.app.View()
	h.palette("theme.pick")
	h.shows("mine      from your themes folder", "2.4 ✗", "beacon    dark, colour-blind safe", "9 servers")
	h.press("down", "down")
	if h.app.opts.Theme.Name != "slate" {
		t.Fatalf("the cursor is on slate, and %s is worn", h.app.opts.Theme.Name)
	}
	h.press("esc")
	if h.app.View() != dusk || k.theme != "" {
		t.Error("esc does not put the theme back")
	}
	h.palette("theme.pick")
	h.press("up")
	h.shows("mine: muted on sel is 2.4")
	if h.app.opts.Theme.Name != "mine" {
		t.Error("one that can't be kept can't be tried either")
	}
	h.press("enter")
	if h.app.topDialog() == nil || k.theme != "" {
		t.Error("a theme that can't be read is kept")
	}
	h.press("up", "enter")
	if k.theme != "noon" || h.app.opts.Theme.Name != "noon" || h.app.View() == dusk {
		t.Errorf("%q was kept, %q is worn", k.theme, h.app.opts.Theme.Name)
	}
	k.err = errors.New("disk full")
	h.palette("theme.pick")
	h.press("down", "down", "enter")
	h.shows("the theme is not kept: disk full")
}

// TestThemeReload writes the theme in use anew.
func TestThemeReload(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	all := someThemes()
	mine := all[0].Theme
	mine.Name = "mine"
	h.app.wear(mine)
	before := h.app.View()
	mine.Accent = "#ffffff"
	h.update(ThemesChanged(append(all[:8:8], ThemeChoice{Theme: mine, Own: true})))
	h.shows("theme mine was read again")
	if h.app.View() == before || h.app.opts.Theme.Accent != "#ffffff" {
		t.Error("the theme is not read again")
	}
	broken := ThemeChoice{Theme: themes.Theme{Name: "mine"}, Own: true, Wrong: "fg: missing"}
	h.update(ThemesChanged(append(all[:8:8], broken)))
	h.shows("theme stays as it was: fg: missing")
	if h.app.opts.Theme.Accent != "#ffffff" {
		t.Error("a broken theme is worn")
	}
}

// TestMouseToggle gives the mouse away and takes it back.
func TestMouseToggle(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	h.press("M")
	h.shows("mouse off: the terminal selects text; M takes it back")
	_, cmd := h.app.Update(tea.ResumeMsg{})
	for _, c := range cmd().(tea.BatchMsg) {
		if c() == tea.EnableMouseCellMotion() {
			t.Error("the mouse comes back with the program")
		}
	}
	h.press("M")
	h.shows("mouse on")
	if got := h.app.hold()(); got != tea.EnableMouseCellMotion() {
		t.Errorf("%T", got)
	}
}

// TestSignsAndMotion turns both off and on from the palette.
func TestSignsAndMotion(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	h.shows("●")
	h.palette("view.ascii")
	h.hides("●", "─")
	h.palette("view.ascii")
	h.shows("●")
	h.palette("view.motion")
	if !h.app.opts.Still {
		t.Error("the spinner still turns")
	}
}
