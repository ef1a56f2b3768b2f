package cli

import (
	"bytes"
	"os"
	"strconv"
	"sync"

	tea "github.com/charmbracelet/bubbletea"
)

// pasteInput is the terminal's input with a short ticket in place of each text that is
// pasted. Bubble Tea would look through all that came of a paste again with each 256
// bytes of it, which takes half a minute of 5 MB. It reads the ticket as a paste, in its
// order among the keys, and redeem gives it the text back.
type pasteInput struct {
	*os.File

	mu   sync.Mutex
	held map[string][]rune // by ticket
	last int
}

var (
	pasteStart = []byte("\x1b[200~")
	pasteEnd   = []byte("\x1b[201~")
)

// ticketMost is how many bytes a ticket takes at most, with what makes a paste of it.
const ticketMost = 32

// Read reads keys. It takes no more from the terminal than it returns: who waits for
// the terminal would not be woken for the rest.
func (i *pasteInput) Read(p []byte) (int, error) {
	if len(p) < 2*ticketMost {
		return i.File.Read(p)
	}
	// What is read must leave room for a ticket.
	room := p[:len(p)-ticketMost]
	n, err := i.File.Read(room[:len(room)-len(pasteStart)])
	if err != nil {
		return n, err
	}
	data := room[:n:n]
	for partial(data) && len(data) < len(room) && err == nil {
		n, err = i.File.Read(room[len(data):])
		data = room[: len(data)+n : len(data)+n]
	}
	at := bytes.Index(data, pasteStart)
	if at < 0 || err != nil {
		return len(data), err
	}
	text := append([]byte(nil), data[at+len(pasteStart):]...)
	chunk := make([]byte, len(room)-at)
	seen := 0
	for {
		if end := bytes.Index(text[seen:], pasteEnd); end >= 0 {
			end += seen
			out := append(p[:at], i.ticket(text[:end])...)
			return len(append(out, text[end+len(pasteEnd):]...)), nil
		}
		seen = max(len(text)-len(pasteEnd)+1, 0)
		n, err := i.File.Read(chunk)
		if err != nil {
			return at, err
		}
		text = append(text, chunk[:n]...)
	}
}

// ticket keeps a text, and returns what stands for it among the keys.
func (i *pasteInput) ticket(text []byte) []byte {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.held == nil {
		i.held = map[string][]rune{}
	}
	i.last++
	name := strconv.Itoa(i.last)
	i.held[name] = []rune(string(text))
	return append(append(bytes.Clone(pasteStart), name...), pasteEnd...)
}

// redeem gives a paste the text that its ticket stands for.
func (i *pasteInput) redeem(msg tea.Msg) tea.Msg {
	k, ok := msg.(tea.KeyMsg)
	if !ok || !k.Paste {
		return msg
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	name := string(k.Runes)
	if text, ok := i.held[name]; ok {
		delete(i.held, name)
		k.Runes = text
	}
	return k
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
