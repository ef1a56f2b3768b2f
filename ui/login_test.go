package ui

import (
	"slices"
	"strings"
	"testing"
)

func TestLogInAgainAfterARefusal(t *testing.T) {
	t.Parallel()
	h := sceneNamed(t, "refused").play(t, 80, 24)
	h.press("enter")
	if !strings.Contains(h.app.View(), "Log in again") {
		t.Fatalf("enter does not ask who:\n%s", h.app.View())
	}
	// The name is known; the password has the keyboard. shift+tab goes to the name.
	h.press("s", "e", "c", "shift+tab")
	if view := h.app.View(); !strings.Contains(view, "•••") || strings.Contains(view, "sec") {
		t.Errorf("the password can be read:\n%s", view)
	}
	h.press("ctrl+u", "a", "d", "a", "enter", "enter")
	if want := []string{"ada:sec"}; !slices.Equal(h.bus.logins, want) {
		t.Errorf("logged in as %q, want %q", h.bus.logins, want)
	}
	if strings.Contains(h.app.View(), "Log in again") {
		t.Error("the dialog stays")
	}
}
