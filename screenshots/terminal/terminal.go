// Package terminal runs a program in a terminal that nobody sees: a real PTY on
// one side, an emulator on the other. The program is answered what it asks of
// the terminal (colours, cursor place), gets keys, mouse and resizes as a
// terminal sends them, and what it draws can be read as cells.
//
// It serves the pictures and the end-to-end tests. Methods may be called from
// any goroutine. It must not import anything of this project.
package terminal

import (
	"bytes"
	"errors"
	"fmt"
	"image/color"
	"io"
	"maps"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"github.com/charmbracelet/x/ansi"
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

// Terminal is a terminal, and the program in it.
type Terminal struct {
	cmd   *exec.Cmd
	file  *os.File // our side of the PTY
	tty   *os.File // the program's side, held for its queue of keys
	grace time.Duration
	done  chan struct{}
	err   error // of the program; set before done is closed

	typing  sync.Mutex // guards escaped, and keeps keys in order
	escaped bool       // the last key was an escape

	mu      sync.Mutex // guards what follows, and every call into the emulator
	vt      *vt.Emulator
	changed chan struct{} // closed and replaced when the screen changes
	hidden  bool          // the cursor
	title   string
	modes   map[ansi.Mode]bool
	output  []byte
}

// Start runs a program in a terminal of its own. Close it.
func Start(o Options, program string, args ...string) (*Terminal, error) {
	t, err := Open(o)
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", program, err)
	}
	cmd := exec.Command(program, args...)
	cmd.Dir, cmd.Env = o.Dir, environment(o.Env)
	if err := t.Run(cmd); err != nil {
		return nil, err
	}
	return t, nil
}

// Open makes a terminal in which nothing runs yet. It needs a Run, and then a Close;
// Env and Dir of the options are for [Start] alone.
func Open(o Options) (*Terminal, error) {
	if o.Width <= 0 || o.Height <= 0 {
		o.Width, o.Height = 80, 24
	}
	if o.Grace <= 0 {
		o.Grace = 2 * time.Second
	}
	t := &Terminal{
		grace: o.Grace, done: make(chan struct{}), modes: map[ansi.Mode]bool{},
		vt: vt.NewEmulator(o.Width, o.Height), changed: make(chan struct{}),
	}
	t.vt.SetDefaultForegroundColor(o.Foreground)
	t.vt.SetDefaultBackgroundColor(o.Background)
	t.vt.SetCallbacks(vt.Callbacks{
		CursorVisibility: func(visible bool) { t.hidden = !visible },
		Title:            func(title string) { t.title = title },
		EnableMode:       func(m ansi.Mode) { t.modes[m] = true },
		DisableMode:      func(m ansi.Mode) { t.modes[m] = false },
	})
	var err error
	if t.file, t.tty, err = pty.Open(); err != nil {
		return nil, fmt.Errorf("open a terminal: %w", err)
	}
	if err := pty.Setsize(t.file, size(o.Width, o.Height)); err != nil {
		return nil, errors.Join(fmt.Errorf("size the terminal: %w", err), t.file.Close(), t.tty.Close())
	}
	return t, nil
}

// Run starts the program of the terminal, once. Where it can't start, the terminal
// is gone.
func (t *Terminal) Run(cmd *exec.Cmd) error {
	cmd.Stdin, cmd.Stdout, cmd.Stderr = t.tty, t.tty, t.tty
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		return errors.Join(fmt.Errorf("start %s: %w", cmd.Path, err), t.file.Close(), t.tty.Close())
	}
	t.cmd = cmd
	go t.run()
	return nil
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
	answered, drawn := make(chan struct{}), make(chan struct{})
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
	go func() {
		defer close(drawn)
		var frame []byte
		for buf := make([]byte, 64<<10); ; {
			n, err := t.file.Read(buf)
			frame = append(frame, buf[:n]...)
			if err == nil && (queued(t.file) > 0 || !whole(frame)) {
				continue // nobody wants to see half a frame
			}
			t.Draw(frame)
			frame = frame[:0]
			if err != nil {
				return // EIO: nobody holds the other side any more
			}
		}
	}()
	t.err = t.cmd.Wait()
	_ = t.tty.Close()
	<-drawn
	// Not vt.Close, which sets a flag that the reader above reads unguarded.
	if pipe, ok := t.vt.InputPipe().(io.Closer); ok {
		_ = pipe.Close()
	}
	<-answered
	close(t.done)
}

// whole reports whether an output ends outside of a frame. A program that says where
// its frames begin and end is believed; one that does not is never within one.
func whole(output []byte) bool {
	const begin, end = ansi.SetModeSynchronizedOutput, ansi.ResetModeSynchronizedOutput
	for n := len(begin) - 1; n > 1; n-- {
		if bytes.HasSuffix(output, []byte(begin[:n])) {
			return false
		}
	}
	return bytes.LastIndex(output, []byte(begin)) <= bytes.LastIndex(output, []byte(end))
}

// Draw does what a program's output does.
func (t *Terminal) Draw(output []byte) {
	if len(output) == 0 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.output = append(t.output, output...)
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

// Output returns all that was drawn so far, as bytes.
func (t *Terminal) Output() []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.output[:len(t.output):len(t.output)]
}

// Modes returns the modes of the terminal that were turned on or off, as they are.
func (t *Terminal) Modes() map[ansi.Mode]bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return maps.Clone(t.modes)
}

// Control hands the file descriptor of our side of the PTY to a function.
func (t *Terminal) Control(f func(fd uintptr)) error {
	conn, err := t.file.SyscallConn()
	if err != nil {
		return err
	}
	return conn.Control(f)
}

// Process is the program's; it is there after Run.
func (t *Terminal) Process() *os.Process { return t.cmd.Process }

// ExitCode is how the program ended, and -1 before that and after a signal.
func (t *Terminal) ExitCode() int {
	select {
	case <-t.done:
		return t.cmd.ProcessState.ExitCode()
	default:
		return -1
	}
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
