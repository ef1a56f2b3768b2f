package cli

import (
	"bytes"
	"os"

	tea "github.com/charmbracelet/bubbletea"
)

// pasteInput is the terminal's input without what is pasted, which goes to the program
// as one key. Bubble Tea would look through all that came of a paste again with each 256
// bytes of it, which takes half a minute of 5 MB.
type pasteInput struct {
	*os.File
	send func(tea.Msg)
}

var (
	pasteStart = []byte("\x1b[200~")
	pasteEnd   = []byte("\x1b[201~")
)

// Read reads keys. It takes no more from the terminal than it returns: who waits for
// the terminal would not be woken for the rest.
func (i *pasteInput) Read(p []byte) (int, error) {
	// The beginning of a paste that is cut here must have room to be whole.
	n, err := i.File.Read(p[:max(len(p)-len(pasteStart), 1)])
	if err != nil {
		return n, err
	}
	data := p[:n:n]
	for partial(data) && len(data) < len(p) && err == nil {
		n, err = i.File.Read(p[len(data):])
		data = p[: len(data)+n : len(data)+n]
	}
	at := bytes.Index(data, pasteStart)
	if at < 0 || err != nil {
		return len(data), err
	}
	text := append([]byte(nil), data[at+len(pasteStart):]...)
	chunk := make([]byte, len(p)-at)
	seen := 0
	for {
		if end := bytes.Index(text[seen:], pasteEnd); end >= 0 {
			end += seen
			rest := text[end+len(pasteEnd):]
			i.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(string(text[:end])), Paste: true})
			return at + copy(p[at:], rest), nil
		}
		seen = max(len(text)-len(pasteEnd)+1, 0)
		n, err := i.File.Read(chunk)
		if err != nil {
			return at, err
		}
		text = append(text, chunk[:n]...)
	}
}

// partial reports whether the beginning of a paste was cut at the end of data.
func partial(data []byte) bool {
	for n := 3; n < len(pasteStart); n++ {
		if bytes.HasSuffix(data, pasteStart[:n]) {
			return true
		}
	}
	return false
}
