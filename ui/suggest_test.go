package ui

import "testing"

func TestTypingTakesTheFormerValuesPlace(t *testing.T) {
	t.Parallel()
	h := sceneNamed(t, "main").play(t, 120, 40)
	h.press("2", "/", "a", "d", "d", "i", "enter", "enter")
	thing := h.app.State().Shown()
	thing.Form.Fill([]byte(`{"a":12,"b":3}`))
	h.app.lineAt = ""
	h.press("7")
	if got := thing.Form.Text("a"); got != "7" {
		t.Errorf("a former value is %q after a 7 was typed over it", got)
	}
	h.press("8")
	if got := thing.Form.Text("a"); got != "78" {
		t.Errorf("what was typed oneself is replaced: %q", got)
	}
	h.press("tab", "end", "4")
	if got := thing.Form.Text("b"); got != "34" {
		t.Errorf("end makes a former value one's own, then it grows: %q", got)
	}
	h.press("shift+tab", "9")
	if got := thing.Form.Text("a"); got != "789" {
		t.Errorf("what was typed oneself is kept on coming back: %q", got)
	}
}
