package ui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ioscope/model"
)

func TestEditorIsWhatTheEnvironmentNames(t *testing.T) {
	path := filepath.Join(t.TempDir(), "args with blanks.json")
	if err := os.WriteFile(path, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("VISUAL", "")
	t.Setenv("EDITOR", `cp /dev/null`)
	if out, err := editor(path).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if data, err := os.ReadFile(path); err != nil || len(data) != 0 {
		t.Errorf("the editor did not get the file: %q, %v", data, err)
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

func TestPagerShowsTheWholeValueInLines(t *testing.T) {
	t.Parallel()
	h := sceneNamed(t, "result-one").play(t, 120, 40)
	h.press("e")
	if text, _ := h.app.readable(); !strings.HasPrefix(text, "{\n  \"") {
		t.Errorf("the pager gets %q", text)
	}
}
