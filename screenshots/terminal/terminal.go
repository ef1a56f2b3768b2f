// Package terminal runs a program in a terminal that nobody sees: a real PTY on
// one side, an emulator on the other. The program is answered what it asks of
// the terminal (colours, cursor place), gets keys, mouse and resizes as a
// terminal sends them, and what it draws can be read as cells.
//
// It serves the pictures and the end-to-end tests. Methods may be called from
// any goroutine. It must not import anything of this project.
package terminal

import (
	"errors"
	"fmt"
	"image/color"
	"io"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
)

// Options are the terminal's own.
type Options struct {
	// Width and Height are in cells; default 80 and 24.
	Width, Height int
	// Env is added to the program's environment, which else has PATH, HOME,
	// USER and TMPDIR of ours, a UTF-8 locale and a terminal with all colours.
	Env []string
	// Dir is where the program starts; default here.
	Dir string
	// Foreground and Background are what the terminal says that its own colours
	// are; default white on black.
	Foreground, Background color.Color
	// Grace is how long Close waits for the program to end by itself after the
	// terminal is gone; default 2 s.
	Grace time.Duration
}

// Terminal is a program with its terminal.
type Terminal struct {
	cmd   *exec.Cmd
	file  *os.File // our side of the PTY
	grace time.Duration
	done  chan struct{}
	err   error // of the program; set before done is closed

	mu      sync.Mutex // guards what follows, and every call into the emulator
	vt      *vt.Emulator
	changed chan struct{} // closed and replaced when the screen changes
	hidden  bool          // the cursor
	title   string
}

// Start runs a program in a terminal of its own. Close it.
func Start(o Options, program string, args ...string) (*Terminal, error) {
	if o.Width <= 0 || o.Height <= 0 {
		o.Width, o.Height = 80, 24
	}
	if o.Grace <= 0 {
		o.Grace = 2 * time.Second
	}
	cmd := exec.Command(program, args...)
	cmd.Dir, cmd.Env = o.Dir, environment(o.Env)
	t := &Terminal{
		cmd: cmd, grace: o.Grace, done: make(chan struct{}),
		vt: vt.NewEmulator(o.Width, o.Height), changed: make(chan struct{}),
	}
	t.vt.SetDefaultForegroundColor(o.Foreground)
	t.vt.SetDefaultBackgroundColor(o.Background)
	t.vt.SetCallbacks(vt.Callbacks{
		CursorVisibility: func(visible bool) { t.hidden = !visible },
		Title:            func(title string) { t.title = title },
	})
	file, err := pty.StartWithSize(cmd, size(o.Width, o.Height))
	if err != nil {
		return nil, fmt.Errorf("start %s in a terminal: %w", program, err)
	}
	t.file = file
	go t.run()
	return t, nil
}

func size(w, h int) *pty.Winsize { return &pty.Winsize{Cols: uint16(w), Rows: uint16(h)} }

// environment leaves out all that would make the same program draw differently
// on another machine.
func environment(extra []string) []string {
	env := []string{"TERM=xterm-256color", "COLORTERM=truecolor", "LANG=C.UTF-8", "LC_ALL=C.UTF-8"}
	for _, key := range []string{"PATH", "HOME", "USER", "TMPDIR", "GOCOVERDIR"} {
		if value, ok := os.LookupEnv(key); ok {
			env = append(env, key+"="+value)
		}
	}
	return append(env, extra...)
}

// run carries bytes both ways until the program is over.
func (t *Terminal) run() {
	answered := make(chan struct{})
	go func() {
		// What the emulator says goes on being read until its pipe is closed,
		// else it would block in the middle of a write.
		defer close(answered)
		for buf := make([]byte, 4096); ; {
			n, err := t.vt.Read(buf)
			if err != nil {
				return
			}
			_, _ = t.file.Write(buf[:n])
		}
	}()
	for buf := make([]byte, 32<<10); ; {
		n, err := t.file.Read(buf)
		t.draw(buf[:n])
		if err != nil {
			break // EIO: the program has let go of the terminal
		}
	}
	t.err = t.cmd.Wait()
	// Not vt.Close, which sets a flag that the reader above reads unguarded.
	if pipe, ok := t.vt.InputPipe().(io.Closer); ok {
		_ = pipe.Close()
	}
	<-answered
	close(t.done)
}

func (t *Terminal) draw(output []byte) {
	if len(output) == 0 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	_, _ = t.vt.Write(output)
	t.notify()
}

func (t *Terminal) notify() {
	close(t.changed)
	t.changed = make(chan struct{})
}

// Resize changes the terminal's size and tells the program.
func (t *Terminal) Resize(w, h int) error {
	t.mu.Lock()
	t.vt.Resize(w, h)
	t.notify()
	t.mu.Unlock()
	if err := pty.Setsize(t.file, size(w, h)); err != nil {
		return fmt.Errorf("resize the terminal: %w", err)
	}
	return nil
}

// Title returns the window title that the program has set.
func (t *Terminal) Title() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.title
}

// Done is closed when the program has ended and all that it drew is on the
// screen.
func (t *Terminal) Done() <-chan struct{} { return t.done }

// Err returns how the program ended, as [exec.Cmd.Wait] does; nil while it runs.
func (t *Terminal) Err() error {
	select {
	case <-t.done:
		return t.err
	default:
		return nil
	}
}

// Close takes the terminal away, which a program is told by a SIGHUP, kills it if
// that does not end it, and returns when all is over. How a program ends that
// has lost its terminal is no error.
func (t *Terminal) Close() error {
	select {
	case <-t.done:
		return t.release()
	default:
	}
	// The PTY can't be closed while it is read: the kernel sends the SIGHUP only
	// when nobody holds it. So the signal is sent here.
	signalErr := t.cmd.Process.Signal(syscall.SIGHUP)
	select {
	case <-t.done:
	case <-time.After(t.grace):
		if err := t.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return errors.Join(signalErr, fmt.Errorf("kill the program: %w", err))
		}
		<-t.done
	}
	return t.release()
}

// release lets go of the PTY; twice is as good as once.
func (t *Terminal) release() error {
	if err := t.file.Close(); err != nil && !errors.Is(err, os.ErrClosed) {
		return fmt.Errorf("close the terminal: %w", err)
	}
	return nil
}
