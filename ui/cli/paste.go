package cli

import (
	"bytes"
	"os"
	"strconv"
	"sync"
	"unicode/utf8"

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

const (
	// ticketMost is how many bytes a ticket takes at most, with what makes a paste
	// of it.
	ticketMost = 32
	// keyMost is how many bytes a key or a turn of the wheel takes at most.
	keyMost = 32
)

// Read reads keys. It takes no more from the terminal than it returns: who waits for
// the terminal would not be woken for the rest. And it returns whole keys, since
// Bubble Tea takes the end of a read for the end of a key; of a wheel that turns fast
// it would take the digits of a place on the screen for keys.
func (i *pasteInput) Read(p []byte) (int, error) {
	if len(p) < ticketMost+2*keyMost {
		return i.File.Read(p)
	}
	// What is read must leave room for a ticket.
	room := p[:len(p)-ticketMost]
	most := len(room) - keyMost
	n, err := i.File.Read(room[:most])
	if err != nil {
		return n, err
	}
	data := room[:i.whole(room, n, n == most)]
	at := bytes.Index(data, pasteStart)
	if at < 0 {
		return len(data), nil
	}
	text := append([]byte(nil), data[at+len(pasteStart):]...)
	chunk := make([]byte, len(room)-at)
	seen, full := 0, false
	for {
		if end := bytes.Index(text[seen:], pasteEnd); end >= 0 {
			end += seen
			out := append(p[:at], i.ticket(text[:end])...)
			out = append(out, text[end+len(pasteEnd):]...)
			return i.whole(p, len(out), full), nil
		}
		seen = max(len(text)-len(pasteEnd)+1, 0)
		n, err := i.File.Read(chunk)
		if err != nil {
			return at, err
		}
		text, full = append(text, chunk[:n]...), n == len(chunk)
	}
}

// whole reads on, a byte at a time, while the n bytes in room end inside a key, and
// returns how many there are then. What went wrong comes up at the next read.
func (i *pasteInput) whole(room []byte, n int, full bool) int {
	for n < len(room) && cut(room[:n], full) {
		more, err := i.File.Read(room[n : n+1])
		if n += more; err != nil {
			break
		}
	}
	return n
}

// cut reports whether data ends inside a key. A read that was full may have been cut
// anywhere; another one only where no key ends.
func cut(data []byte, full bool) bool {
	if at := bytes.LastIndexByte(data, '\x1b'); at >= 0 {
		switch tail := data[at+1:]; {
		case len(tail) == 0:
			return full // else it is the key esc
		case tail[0] == 'O' && len(tail) == 1, string(tail) == "[", string(tail) == "[[":
			return full
		case tail[0] == '[' && tail[1] == 'M':
			return full && len(tail) < len("[Mbxy") // a mouse of old terminals
		case tail[0] == '[' && bytes.IndexFunc(tail[1:], noParameter) < 0:
			return true
		}
	}
	for n := 1; full && n < utf8.UTFMax && n <= len(data); n++ {
		if tail := data[len(data)-n:]; utf8.RuneStart(tail[0]) {
			return !utf8.FullRune(tail)
		}
	}
	return false
}

// noParameter reports whether a letter is none of a sequence's parameters, which
// never end it.
func noParameter(r rune) bool { return r < '0' || r > '?' }

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
