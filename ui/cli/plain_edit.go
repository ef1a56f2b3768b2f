package cli

import (
	"errors"
	"io"
	"os"
	"sync"

	"github.com/muesli/cancelreader"
)

// lentInput is the input of a terminal that other programs have for a time: nothing is
// read from it meanwhile, so that no key of theirs is missing.
type lentInput struct {
	file *os.File
	// turn is held by who reads.
	turn sync.Mutex
	// keys is used by who has the turn; cancel lets go of the turn.
	keys   io.Reader
	cancel func() bool
}

func newLentInput(file *os.File) *lentInput {
	l := &lentInput{file: file}
	l.take()
	return l
}

// take reads the terminal from now on. Where that can't be ended, it is never lent.
func (l *lentInput) take() {
	keys, err := cancelreader.NewReader(l.file)
	if err != nil {
		l.keys, l.cancel = l.file, func() bool { return false }
		return
	}
	l.keys, l.cancel = keys, keys.Cancel
}

// Read implements io.Reader.
func (l *lentInput) Read(p []byte) (int, error) {
	for {
		l.turn.Lock()
		n, err := l.keys.Read(p)
		l.turn.Unlock()
		if n > 0 || !errors.Is(err, cancelreader.ErrCanceled) {
			return n, err
		}
	}
}

// lend does something for which the terminal has to be free.
func (l *lentInput) lend(do func() error) error {
	if !l.cancel() {
		return errors.New("the terminal can't be lent here")
	}
	l.turn.Lock()
	defer l.turn.Unlock()
	defer func() {
		if c, ok := l.keys.(io.Closer); ok {
			_ = c.Close()
		}
		l.take()
	}()
	return do()
}

// lineEditor opens texts in the person's own editor, which has the terminal meanwhile. It
// is lines.Editor.
type lineEditor struct {
	env  Env
	lend func(do func() error) error
}

// Edit implements lines.Editor.
func (e *lineEditor) Edit(text, ending string) (string, error) {
	o := outside{e.env}.editor(text, ending)
	o.stdin, o.stdout, o.stderr = e.env.Stdin, e.env.Stdout, e.env.Stderr
	err := e.lend(o.Run)
	return o.text, err
}
