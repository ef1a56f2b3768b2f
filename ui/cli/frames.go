package cli

import (
	"os"

	"github.com/charmbracelet/x/ansi"
)

// frames is the terminal as Bubble Tea draws on it: one write is one frame. A large
// one arrives in pieces, so each says where it begins and ends, and a terminal that
// knows of that (mode 2026) shows no half of it. Others pass over it.
type frames struct {
	*os.File
	// whole is used again by each frame; Bubble Tea writes one at a time.
	whole []byte
}

// Write writes a frame. What is no frame, such as a change of the terminal's modes,
// goes by WriteString, which is the file's own.
func (f *frames) Write(frame []byte) (int, error) {
	f.whole = append(f.whole[:0], ansi.SetModeSynchronizedOutput...)
	f.whole = append(f.whole, frame...)
	f.whole = append(f.whole, ansi.ResetModeSynchronizedOutput...)
	n, err := f.File.Write(f.whole)
	return min(max(n-len(ansi.SetModeSynchronizedOutput), 0), len(frame)), err
}
