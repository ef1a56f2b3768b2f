package ui

import "testing"

// What has no room in a dialog's lower edge goes as a whole; what does it and what
// closes it stay longest.
func TestFootFits(t *testing.T) {
	t.Parallel()
	const foot = "S names the present one   enter uses it   x deletes   esc closes"
	for w, want := range map[int]string{
		80: foot,
		60: "S names the present one   enter uses it   esc closes",
		34: "enter uses it   esc closes",
		20: "enter uses it",
	} {
		if got := footFit(foot, w); got != want {
			t.Errorf("%d: %q", w, got)
		}
	}
	if got := footFit("moves try it   enter keeps   esc as it was", 34); got != "enter keeps   esc as it was" {
		t.Errorf("%q", got)
	}
}

// TestHelpIsSearchedWithASlash: / begins a search everywhere, so it does no harm here;
// alone it is the key that is looked for.
func TestHelpIsSearchedWithASlash(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	h.press("2", "?")
	h.write("/")
	h.shows("filter: word, !word")
	h.write("repeat")
	h.shows("/ repeat", "repeat last call")
	h.hides("Nothing matches")
}
