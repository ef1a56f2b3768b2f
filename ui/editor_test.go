package ui

import (
	"errors"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/model"
)

// fakeOutside is a person's programs: it notes what they are given, and leaves what
// the test says.
type fakeOutside struct {
	// opened is "edit .json" and such, text what it was given.
	opened, text string
	leaves       string
	err          error
}

func (f *fakeOutside) Edit(text, ending string, then func(string, error) tea.Msg) tea.Cmd {
	f.opened, f.text = "edit "+ending, text
	return func() tea.Msg { return then(f.leaves, f.err) }
}

func (f *fakeOutside) Read(text, ending string, then func(error) tea.Msg) tea.Cmd {
	f.opened, f.text = "read "+ending, text
	return func() tea.Msg { return then(f.err) }
}

// outside presses a key that opens a program, and lets it leave a text.
func (h *harness) outside(key, leaves string) *fakeOutside {
	h.t.Helper()
	f := &fakeOutside{leaves: leaves}
	h.app.opts.Outside = f
	h.press(key)
	if f.opened == "" {
		h.t.Fatalf("%s opened nothing", key)
	}
	return f
}

// TestF4OpensTheField gives the editor the one field that the cursor is in, and
// elsewhere all of them.
func TestF4OpensTheField(t *testing.T) {
	t.Parallel()
	h := sceneNamed(t, "form").play(t, 120, 40)
	thing := h.app.State().Shown()
	thing.Focus = "name"
	if f := h.outside("f4", "two\nlines\n"); f.opened != "edit .txt" || f.text != thing.Form.Text("name")+"\n" && f.text != "Northwind Traders\n" {
		t.Errorf("%s got %q", f.opened, f.text)
	}
	if got := thing.Form.Text("name"); got != `"two\nlines"` {
		t.Errorf("name is %s", got)
	}
	h.shows(`"two\nlines"`)
	if f := h.outside("f4", "two\nlines\n"); f.text != "two\nlines\n" {
		t.Errorf("the editor got %q", f.text)
	}
	for at, key := range map[model.FieldPath]string{"name": "ctrl+o", model.StopTarget: "f4", "active": "f4"} {
		thing.Focus = at
		if f := h.outside(key, `{"name":"all of it"}`); f.opened != "edit .json" || !strings.HasPrefix(f.text, "{\n") {
			t.Errorf("%s at %s: %s got %q", key, at, f.opened, f.text)
		}
		if got := thing.Form.Text("name"); got != "all of it" {
			t.Errorf("%s at %s: name is %s", key, at, got)
		}
	}
	f := &fakeOutside{err: errors.New("editor: exit status 1"), leaves: "lost"}
	h.app.opts.Outside = f
	thing.Focus = "name"
	h.press("f4")
	h.shows("editor: exit status 1")
	if got := thing.Form.Text("name"); got != "all of it" {
		t.Errorf("an editor that failed left %s", got)
	}
}

func TestEditedComesBackIntoTheForm(t *testing.T) {
	t.Parallel()
	h := sceneNamed(t, "form").play(t, 120, 40)
	thing := h.app.State().Shown()
	h.app.Update(editedMsg{take: func(text string) { h.app.takeJSON(&thing.Sheet, text) }, text: `{"name":"from the editor","extra":9007199254740993}`})
	if got := thing.Form.Text("name"); got != "from the editor" || thing.Form.Mode() != model.FormMode {
		t.Errorf("name is %q, side %v", got, thing.Form.Mode())
	}
	h.app.Update(editedMsg{take: func(text string) { h.app.takeJSON(&thing.Sheet, text) }, text: `{"name": broken`})
	if thing.Form.Mode() != model.JSONMode || thing.Focus != model.StopJSON || thing.Form.Broken() == nil {
		t.Errorf("what is no JSON stays to be mended: side %v, at %s", thing.Form.Mode(), thing.Focus)
	}
}

// A broken text from the editor is kept with what is wrong, and one key brings back the
// form as it was: what was typed, also what is wrong, in its fields.
func TestBrokenTextFromTheEditor(t *testing.T) {
	t.Parallel()
	h := sceneNamed(t, "form").play(t, 120, 40)
	thing := h.app.State().Shown()
	thing.Form.SetText("name", "Ada")
	thing.Form.SetText("since", "not a date")
	before := string(thing.Form.Draft(h.now))
	h.outside("ctrl+o", "{ bad\n")
	h.shows("not JSON yet: line 1", "alt+z brings back the form as it was", "{ bad")
	h.pass(time.Minute)
	h.shows("alt+z brings back the form as it was") // beside the fault, when the notice is gone
	h.outside("ctrl+o", "{ worse\n")
	h.press("alt+z")
	if thing.Form.Mode() != model.FormMode || thing.Form.Text("name") != "Ada" || string(thing.Form.Draft(h.now)) != before {
		t.Errorf("side %v has %s, want %s", thing.Form.Mode(), thing.Form.Draft(h.now), before)
	}
	h.shows("as it was before", "Ada")

	h.press("ctrl+g")
	text := thing.Form.JSON(h.now)
	h.outside("ctrl+o", "[1]\n")
	h.press("alt+z")
	if thing.Form.Mode() != model.JSONMode || thing.Form.JSON(h.now) != text || thing.Form.Broken() != nil {
		t.Errorf("side %v has %s", thing.Form.Mode(), thing.Form.JSON(h.now))
	}
	h.outside("ctrl+o", "{ bad\n")
	if err := thing.Form.SetJSON(`{"name":"Bo"}`); err != nil || thing.Form.CanRevert() || thing.Form.WayBack() != "" {
		t.Errorf("a text that was mended has no way back: %v", err)
	}
	h.press("ctrl+g")
	if got := thing.Form.Text("name"); got != "Bo" {
		t.Errorf("name is %q", got)
	}
}

func TestPagerShowsTheWholeValueInLines(t *testing.T) {
	t.Parallel()
	h := sceneNamed(t, "result-one").play(t, 120, 40)
	if f := h.outside("e", ""); f.opened != "read .json" || !strings.HasPrefix(f.text, "{\n  \"") {
		t.Errorf("%s got %q", f.opened, f.text)
	}
}
