package plain

import (
	"bufio"
	"io"
	"strings"
	"sync"
)

// Console is where lines are read from and written to. Its methods may be called
// from any goroutine.
type Console interface {
	// Lines brings what was typed, line by line, and is closed at its end.
	Lines() <-chan string
	// Print writes whole lines, each with its line break. It may wait with them
	// until a line that is being typed is done.
	Print(text string) error
	// Secret says whether what is typed next is not to be seen.
	Secret(bool)
	// Completes sets what completes a line that is being typed: it returns the
	// words that may stand in place of the last one.
	Completes(func(line string) []string)
	// Typed reports whether a person types, rather than a script.
	Typed() bool
	// Close lets go of what is being read.
	Close()
}

// pipe is a console without any terminal: lines in, lines out. A terminal that
// edits its lines itself is one, too.
type pipe struct {
	lines chan string
	typed bool
	done  chan struct{}
	once  sync.Once
	mu    sync.Mutex
	out   io.Writer
}

// maxLine is how long a line may be that is read.
const maxLine = 16 << 20

// NewPipe returns a console that reads lines and writes lines, and no more. typed
// tells whether a person types them.
func NewPipe(in io.Reader, out io.Writer, typed bool) Console {
	p := &pipe{lines: make(chan string), typed: typed, done: make(chan struct{}), out: out}
	go func() {
		defer close(p.lines)
		s := bufio.NewScanner(in)
		s.Buffer(nil, maxLine)
		for s.Scan() {
			select {
			case p.lines <- strings.TrimSuffix(s.Text(), "\r"):
			case <-p.done:
				return
			}
		}
	}()
	return p
}

func (p *pipe) Lines() <-chan string { return p.lines }

func (p *pipe) Print(text string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, err := io.WriteString(p.out, text)
	return err
}

func (p *pipe) Secret(bool) {}

func (p *pipe) Completes(func(string) []string) {}

func (p *pipe) Typed() bool { return p.typed }

func (p *pipe) Close() { p.once.Do(func() { close(p.done) }) }
