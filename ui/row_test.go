package ui

import (
	"testing"

	"ioscope/ui/screen"
)

func TestRowShowsItsBarHoweverNarrow(t *testing.T) {
	t.Parallel()
	line := screen.L(plain, screen.T("Addition"))
	for _, c := range []struct {
		w    int
		want string
	}{{1, "▌"}, {2, "▌…"}, {5, "▌Add…"}, {9, "▌Addition"}, {10, "▌Addition "}} {
		for _, focused := range []bool{true, false} {
			if got := row(line, c.w, true, focused).Plain(); got != c.want {
				t.Errorf("%d wide: %q, want %q", c.w, got, c.want)
			}
		}
		if got := row(line, c.w, false, true); got.Width() != c.w {
			t.Errorf("%d wide without the cursor: %d", c.w, got.Width())
		}
	}
}
