//go:build linux

package endtoend

import (
	"errors"
	"image/color"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// patience is how long a test waits for what must come. It is for slow machines;
// what is awaited usually comes within a frame.
const patience = 30 * time.Second

// terminal is a program in a PTY, with an emulator that draws what it writes and
// answers what it asks.
type terminal struct {
	t    *testing.T
	cmd  *exec.Cmd
	pty  *os.File // our side
	tty  *os.File // the program's side, for its input queue
	done chan struct{}
	err  error // of the program; set before done is closed

	escaped bool // the last key was an escape

	mu      sync.Mutex // guards what follows, and every call into the emulator
	vt      *vt.Emulator
	raw     []byte // all that the program wrote
	modes   map[ansi.Mode]bool
	changed chan struct{} // closed and replaced when something was drawn
}

// open runs a program in a terminal of its own, which ends with the test.
func open(t *testing.T, cols, rows int, cmd *exec.Cmd) *terminal {
	t.Helper()
	return openFrom(t, cols, rows, cmd, func(*terminal) {})
}

// openFrom does the same, after something was done with the terminal.
func openFrom(t *testing.T, cols, rows int, cmd *exec.Cmd, before func(*terminal)) *terminal {
	t.Helper()
	e := &terminal{
		t: t, cmd: cmd, done: make(chan struct{}), vt: vt.NewEmulator(cols, rows),
		modes: map[ansi.Mode]bool{}, changed: make(chan struct{}),
	}
	e.vt.SetDefaultForegroundColor(color.White)
	e.vt.SetDefaultBackgroundColor(color.Black)
	e.vt.SetCallbacks(vt.Callbacks{
		EnableMode:  func(m ansi.Mode) { e.modes[m] = true },
		DisableMode: func(m ansi.Mode) { e.modes[m] = false },
	})
	var err error
	if e.pty, e.tty, err = pty.Open(); err != nil {
		t.Fatalf("open a terminal: %v", err)
	}
	if err := pty.Setsize(e.pty, winsize(cols, rows)); err != nil {
		t.Fatalf("size the terminal: %v", err)
	}
	before(e)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = e.tty, e.tty, e.tty
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		t.Fatalf("start %s: %v", cmd.Path, err)
	}
	go e.run()
	t.Cleanup(e.close)
	return e
}

func winsize(cols, rows int) *pty.Winsize {
	return &pty.Winsize{Cols: uint16(cols), Rows: uint16(rows)}
}

// run carries bytes both ways until the program has ended and all is drawn.
func (e *terminal) run() {
	answered, drawn := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(answered)
		_, _ = io.Copy(e.pty, e.vt)
	}()
	go func() {
		defer close(drawn)
		var frame []byte
		for buf := make([]byte, 64<<10); ; {
			n, err := e.pty.Read(buf)
			frame = append(frame, buf[:n]...)
			if more, _ := queued(e.pty); more > 0 && err == nil {
				continue // nobody wants to see half a frame
			}
			e.draw(frame)
			frame = frame[:0]
			if err != nil {
				return // EIO: nobody holds the other side any more
			}
		}
	}()
	e.err = e.cmd.Wait()
	_ = e.tty.Close()
	<-drawn
	// The pipe alone: Close of the emulator writes what its Read reads unguarded.
	if pipe, ok := e.vt.InputPipe().(io.Closer); ok {
		_ = pipe.Close()
	}
	<-answered
	close(e.done)
	e.draw(nil)
}

func (e *terminal) draw(output []byte) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.raw = append(e.raw, output...)
	_, _ = e.vt.Write(output)
	close(e.changed)
	e.changed = make(chan struct{})
}

// close ends the program if it still runs. A screen is shown where a test failed.
func (e *terminal) close() {
	if e.t.Failed() {
		e.t.Logf("the screen at last:\n%s", e.screen())
	}
	select {
	case <-e.done:
	default:
		_ = e.cmd.Process.Kill()
		<-e.done
	}
	_ = e.pty.Close()
}

// screen is what is to be seen now.
func (e *terminal) screen() screen {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.look()
}

func (e *terminal) look() screen {
	w, h := e.vt.Width(), e.vt.Height()
	s := screen{w: w, h: h, lines: make([]string, h)}
	var b strings.Builder
	for y := range h {
		b.Reset()
		for x := range w {
			switch c := e.vt.CellAt(x, y); {
			case c == nil || c.Content == "" && c.Width == 1:
				b.WriteByte(' ')
			default:
				b.WriteString(c.Content)
			}
		}
		s.lines[y] = b.String()
	}
	return s
}

// until waits until the screen is as wanted and returns it.
func (e *terminal) until(what string, wanted func(screen) bool) screen {
	e.t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	for {
		e.mu.Lock()
		s, changed := e.look(), e.changed
		e.mu.Unlock()
		if wanted(s) {
			return s
		}
		select {
		case <-changed:
		case <-deadline.C:
			e.t.Fatalf("waited for %s, saw:\n%s", what, e.screen())
		case <-e.done:
			if s := e.screen(); wanted(s) {
				return s
			}
			e.t.Fatalf("waited for %s, but the program ended: %v\n%s", what, e.err, e.screen())
		}
	}
}

// see waits until all the texts are on the screen at once.
func (e *terminal) see(texts ...string) screen {
	e.t.Helper()
	return e.until(strings.Join(texts, " and "), func(s screen) bool {
		for _, text := range texts {
			if !s.has(text) {
				return false
			}
		}
		return true
	})
}

// gone waits until none of the texts is on the screen.
func (e *terminal) gone(texts ...string) screen {
	e.t.Helper()
	return e.until("the end of "+strings.Join(texts, " and "), func(s screen) bool {
		for _, text := range texts {
			if s.has(text) {
				return false
			}
		}
		return true
	})
}

// rest waits until nothing is drawn for a while and returns the screen. It is for
// what must not be seen: a frame may come in pieces.
func (e *terminal) rest() screen {
	e.t.Helper()
	const quiet = 150 * time.Millisecond
	end := time.Now().Add(patience)
	for {
		e.mu.Lock()
		changed := e.changed
		e.mu.Unlock()
		select {
		case <-changed:
			if time.Now().After(end) {
				e.t.Fatalf("the screen does not come to rest:\n%s", e.screen())
			}
		case <-time.After(quiet):
			return e.screen()
		case <-e.done:
			return e.screen()
		}
	}
}

// output returns all that the program has written.
func (e *terminal) output() []byte {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.raw[:len(e.raw):len(e.raw)]
}

// mode tells whether the program has a mode of the terminal turned on.
func (e *terminal) mode(m ansi.Mode) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.modes[m]
}

// keyPause is how long a person takes at least from the escape key to another. A
// terminal sends an escape before alt+k and before an arrow too, so that a program
// can tell the key from them by nothing but time.
const keyPause = 30 * time.Millisecond

// send gives bytes to the program, as a person's keys: after an escape with a
// pause, and not before the program has taken it.
func (e *terminal) send(bytes string) {
	e.t.Helper()
	if e.escaped {
		time.Sleep(keyPause)
		e.taken()
	}
	e.escaped = bytes == "\x1b"
	if _, err := e.pty.WriteString(bytes); err != nil {
		e.t.Fatalf("type into the terminal: %v", err)
	}
}

// taken waits until the program has read all that was typed.
func (e *terminal) taken() {
	e.t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		// The kernel tells nobody when a queue becomes empty.
		n, err := queued(e.tty)
		if err != nil || n == 0 {
			return // an error: the program has ended, which the next wait tells
		}
		if time.Now().After(deadline) {
			e.t.Fatalf("the program does not read its keys: %d bytes wait\n%s", n, e.screen())
		}
	}
}

// queued is how many bytes wait to be read on one side of a PTY.
func queued(side *os.File) (n int, err error) {
	conn, err := side.SyscallConn()
	if err != nil {
		return 0, err
	}
	if closed := conn.Control(func(fd uintptr) { n, err = unix.IoctlGetInt(int(fd), unix.TIOCINQ) }); closed != nil {
		return 0, closed
	}
	return n, err
}

// resize changes the terminal's size, of which the program is told.
func (e *terminal) resize(cols, rows int) {
	e.t.Helper()
	e.mu.Lock()
	e.vt.Resize(cols, rows)
	e.mu.Unlock()
	if err := pty.Setsize(e.pty, winsize(cols, rows)); err != nil {
		e.t.Fatalf("resize the terminal: %v", err)
	}
}

// ended waits for the program's end and returns its exit code.
func (e *terminal) ended() int {
	e.t.Helper()
	select {
	case <-e.done:
	case <-time.After(patience):
		e.t.Fatalf("the program does not end:\n%s", e.screen())
	}
	var failed *exec.ExitError
	if e.err != nil && !errors.As(e.err, &failed) {
		e.t.Fatalf("wait for the program: %v", e.err)
	}
	return e.cmd.ProcessState.ExitCode()
}
