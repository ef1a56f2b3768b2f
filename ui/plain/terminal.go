package plain

import (
	"io"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"ioscope/ui/screen"
)

// prompt stands before what is typed.
const prompt = "> "

// held is how long printing waits for a line that is being typed, and heldLines
// how much of it; then it goes on, and what was typed is written again below.
const (
	held      = 10 * time.Second
	heldBytes = 64 << 10
)

// TerminalOptions are what a console on a terminal is made of.
type TerminalOptions struct {
	// In and Out are the terminal, whose own editing and echo are off.
	In  io.Reader
	Out io.Writer
	// Width is how wide it is now; default 80.
	Width func() int
	// Suspend stops the program until it is told to go on; nil where it can't.
	Suspend func()
}

// terminal is a console that edits the line being typed by itself: it echoes,
// takes back with backspaces, and never moves the cursor otherwise, so that
// nothing that was said is said again. There is no prompt until the first key:
// what is printed meanwhile needs none to be cleared.
type terminal struct {
	o     TerminalOptions
	lines chan string
	done  chan struct{}
	once  sync.Once

	mu sync.Mutex
	// text is the line being typed, waiting what is printed after it.
	text    []rune
	waiting strings.Builder
	timer   *time.Timer
	secret  bool
	finish  func(string) []string
	// past are the lines typed before, at is the place among them, and kept is
	// what was being typed when it was left.
	past []string
	at   int
	kept string
	err  error
}

// NewTerminal returns a console on a terminal.
func NewTerminal(o TerminalOptions) Console {
	if o.Width == nil {
		o.Width = func() int { return columns }
	}
	t := &terminal{o: o, lines: make(chan string), done: make(chan struct{}), finish: func(string) []string { return nil }}
	go t.read()
	return t
}

func (t *terminal) Lines() <-chan string { return t.lines }

func (t *terminal) Typed() bool { return true }

func (t *terminal) Close() {
	t.once.Do(func() { close(t.done) })
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.timer != nil {
		t.timer.Stop()
	}
	if len(t.text) > 0 {
		t.write("\n")
		t.text = nil
	}
	t.release()
}

func (t *terminal) Secret(on bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.secret = on
}

func (t *terminal) Completes(finish func(string) []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.finish = finish
}

// Print writes lines, or keeps them until what is being typed is done.
func (t *terminal) Print(text string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.text) > 0 && t.waiting.Len()+len(text) <= heldBytes {
		t.waiting.WriteString(text)
		return t.err
	}
	if len(t.text) > 0 {
		t.waiting.WriteString(text)
		t.between()
		return t.err
	}
	t.write(text)
	return t.err
}

// write writes to the terminal, whose own line breaks are off.
func (t *terminal) write(s string) {
	if s == "" || t.err != nil {
		return
	}
	_, t.err = io.WriteString(t.o.Out, strings.ReplaceAll(s, "\n", "\r\n"))
}

// release prints what waited.
func (t *terminal) release() {
	t.write(t.waiting.String())
	t.waiting.Reset()
}

// between prints what waited although a line is being typed, which is written
// again below.
func (t *terminal) between() {
	if len(t.text) == 0 || t.waiting.Len() == 0 {
		return
	}
	t.write("\n")
	t.release()
	t.write(prompt + t.shown(t.text))
}

// shown is how the line looks.
func (t *terminal) shown(text []rune) string {
	if t.secret {
		return ""
	}
	return screen.Clean(string(text)).String()
}

// read takes keys until there are no more.
func (t *terminal) read() {
	defer close(t.lines)
	buf := make([]byte, 4096)
	var rest []byte
	for {
		n, err := t.o.In.Read(buf)
		rest = append(rest, buf[:n]...)
		for len(rest) > 0 {
			key, used := nextKey(rest, err != nil)
			if used == 0 {
				break
			}
			rest = rest[used:]
			if !t.press(key) {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// key is one key: a name, or a character where the name is empty.
type key struct {
	name string
	r    rune
}

var controlKeys = map[byte]string{
	'\r': "enter", '\n': "enter", 0x7f: "back", 8: "back", '\t': "tab",
	3: "cancel", 4: "end", 21: "clear", 23: "word", 14: "down", 16: "up", 26: "suspend",
}

// nextKey takes a key off the front of what was read. It uses nothing where a
// character is not whole yet. An escape that nothing follows is a key of its own.
func nextKey(b []byte, last bool) (key, int) {
	if name, ok := controlKeys[b[0]]; ok {
		return key{name: name}, 1
	}
	if b[0] == 0x1b {
		return escapeKey(b)
	}
	if b[0] < 0x20 {
		return key{name: "nothing"}, 1
	}
	if !utf8.FullRune(b) && !last {
		return key{}, 0
	}
	r, n := utf8.DecodeRune(b)
	return key{r: r}, n
}

// escapeKey takes an escape sequence off the front; all but up and down mean nothing.
func escapeKey(b []byte) (key, int) {
	if len(b) == 1 {
		return key{name: "clear"}, 1
	}
	if b[1] != '[' && b[1] != 'O' {
		return key{name: "nothing"}, 2
	}
	for i := 2; i < len(b); i++ {
		if b[i] < 0x40 || b[i] > 0x7e {
			continue
		}
		switch {
		case i == 2 && b[i] == 'A':
			return key{name: "up"}, i + 1
		case i == 2 && b[i] == 'B':
			return key{name: "down"}, i + 1
		}
		return key{name: "nothing"}, i + 1
	}
	return key{name: "nothing"}, len(b)
}

// press does what a key says. It is false when there is nothing more to read.
func (t *terminal) press(k key) bool {
	t.mu.Lock()
	line, send := "", false
	switch k.name {
	case "":
		t.add(string(k.r))
	case "enter":
		line, send = t.enter(), true
	case "cancel":
		if len(t.text) == 0 {
			t.mu.Unlock()
			return false
		}
		t.enter() // it stays in the history, so nothing is lost
	case "end":
		if len(t.text) == 0 {
			t.mu.Unlock()
			return false
		}
	case "back":
		t.erase(min(1, len(t.text)))
	case "word":
		n := len(t.text)
		for n > 0 && t.text[n-1] == ' ' {
			n--
		}
		for n > 0 && t.text[n-1] != ' ' {
			n--
		}
		t.erase(len(t.text) - n)
	case "clear":
		t.erase(len(t.text))
	case "up":
		t.recall(-1)
	case "down":
		t.recall(1)
	case "tab":
		t.complete()
	case "suspend":
		if t.o.Suspend != nil {
			t.o.Suspend()
		}
	}
	t.mu.Unlock()
	if !send {
		return true
	}
	select {
	case t.lines <- line:
		return true
	case <-t.done:
		return false
	}
}

// add types a text.
func (t *terminal) add(s string) {
	if len(t.text) == 0 && s != "" {
		t.write(prompt)
	}
	t.text = append(t.text, []rune(s)...)
	t.write(t.shown([]rune(s)))
	t.touch()
}

// touch lets what is printed wait a while longer for the line to be done.
func (t *terminal) touch() {
	if t.timer != nil {
		t.timer.Stop()
	}
	t.timer = time.AfterFunc(held, func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.between()
	})
}

// erase takes back the last n characters, as the terminal itself does: with
// backspaces. Where they are not all in one row it writes the line anew below.
func (t *terminal) erase(n int) {
	if n == 0 {
		return
	}
	before := t.width()
	gone := t.text[len(t.text)-n:]
	t.text = t.text[:len(t.text)-n]
	w := ansi.StringWidth(t.shown(gone))
	if len(t.text) == 0 {
		w += len(prompt)
	}
	if before >= t.o.Width() {
		t.write("\n")
		if len(t.text) > 0 {
			t.write(prompt + t.shown(t.text))
		}
	} else {
		back := strings.Repeat("\b", w)
		t.write(back + strings.Repeat(" ", w) + back)
	}
	if len(t.text) == 0 {
		t.release()
	}
	t.touch()
}

// width is how wide the row is that is being typed.
func (t *terminal) width() int { return len(prompt) + ansi.StringWidth(t.shown(t.text)) }

// enter ends the line.
func (t *terminal) enter() string {
	line := string(t.text)
	if len(t.text) > 0 {
		t.write("\n")
		if last := len(t.past) - 1; !t.secret && (last < 0 || t.past[last] != line) {
			t.past = append(t.past, line)
		}
	}
	t.text, t.at, t.kept = nil, len(t.past), ""
	t.release()
	return line
}

// recall brings back a line that was typed before.
func (t *terminal) recall(delta int) {
	to := t.at + delta
	if t.secret || to < 0 || to > len(t.past) {
		return
	}
	if t.at == len(t.past) {
		t.kept = string(t.text)
	}
	t.at = to
	line := t.kept
	if to < len(t.past) {
		line = t.past[to]
	}
	t.erase(len(t.text))
	t.add(line)
}

// complete finishes the last word, or names what it may be.
func (t *terminal) complete() {
	if t.secret {
		return
	}
	line := string(t.text)
	words := t.finish(line)
	if len(words) == 0 {
		return
	}
	last := line[strings.LastIndexByte(line, ' ')+1:]
	common := words[0]
	for _, w := range words[1:] {
		for !strings.HasPrefix(w, common) {
			common = common[:len(common)-1]
		}
	}
	if len(words) == 1 {
		common += " "
		if strings.HasSuffix(common, "= ") {
			common = strings.TrimSuffix(common, " ")
		}
	}
	if len(common) > len(last) {
		if !strings.HasPrefix(common, last) { // it was typed in other case
			t.erase(len([]rune(last)))
			t.add(common)
			return
		}
		t.add(common[len(last):])
		return
	}
	if len(words) > 1 {
		const most = 20
		more := ""
		if len(words) > most {
			more = ", and more"
			words = words[:most]
		}
		if len(t.text) > 0 {
			t.write("\n")
		}
		for _, l := range wrap("may be: " + strings.Join(words, ", ") + more) {
			t.write(l + "\n")
		}
		if len(t.text) > 0 {
			t.write(prompt + t.shown(t.text))
		}
	}
}
