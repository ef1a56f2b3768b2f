package cli

import (
	"io"
	"os"
	"testing"

	"github.com/charmbracelet/x/term"
)

// TestFrames: a frame says where it begins and ends, what is none does not, and for
// Bubble Tea it is a terminal like any other.
func TestFrames(t *testing.T) {
	t.Parallel()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	f := &frames{File: w}
	var _ term.File = f
	for range 2 {
		if n, err := f.Write([]byte("frame")); n != 5 || err != nil {
			t.Errorf("wrote %d, %v", n, err)
		}
	}
	if _, err := io.WriteString(f, "mode"); err != nil {
		t.Error(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(r)
	const want = "\x1b[?2026hframe\x1b[?2026l\x1b[?2026hframe\x1b[?2026lmode"
	if err != nil || string(got) != want {
		t.Errorf("got %q, %v\nwant %q", got, err, want)
	}
	if n, err := f.Write([]byte("late")); n != 0 || err == nil {
		t.Errorf("wrote %d to what is closed, %v", n, err)
	}
}
