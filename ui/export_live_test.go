package ui

import (
	"strings"
	"testing"
)

// What the dialog counts goes on while it is open, and what is written is what it says.
func TestExportCountsOn(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	disk := &paper{files: map[string]string{}}
	h.app.opts.Disk = disk
	h.town()
	q := h.subscribe("AAPL")
	more := func(n int) {
		for range n {
			q.on(tick("AAPL", 1, h.now))
		}
		h.flush()
	}
	more(2)
	h.press("E")
	h.shows("all that is kept, 2 events")
	more(3)
	h.shows("all that is kept, 5 events")
	h.press("enter")
	h.flush()
	for name, text := range disk.files {
		if n := strings.Count(text, `"data"`); n != 5 {
			t.Errorf("%s has %d events", name, n)
		}
	}
	if len(disk.files) != 1 {
		t.Errorf("%d files", len(disk.files))
	}
}
