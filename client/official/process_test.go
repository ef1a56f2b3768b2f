package official

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"
)

// patience is how long a test waits for something that is bound to happen. It
// is long because CI machines are slow, and never waited out when all is well.
const patience = time.Minute

// await takes what is bound to come.
func await[T any](t testing.TB, from <-chan T, what string) T {
	t.Helper()
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	select {
	case got := <-from:
		return got
	case <-timeout.C:
		t.Fatalf("no %s within %v", what, patience)
		panic("not reached")
	}
}

// process is a driven program: lines in on stdin, lines out on stdout. It ends
// when its stdin closes.
type process struct {
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	stderr *tail
	done   chan struct{} // closed when the program has ended and onLine has had all
	err    error         // how it ended; set before done closes
}

// startProcess starts node with a script. onLine gets each line of stdout, one
// after the other, on a goroutine of the process.
func startProcess(home string, onLine func([]byte), script string, args ...string) (*process, error) {
	// Looked at so that Go's test cache knows of it.
	if _, err := os.Stat(script); err != nil {
		return nil, fmt.Errorf("start node: %w", err)
	}
	cmd := exec.Command("node", append([]string{script}, args...)...)
	cmd.Env = append(os.Environ(), "IOSCOPE_OFFICIAL="+home)
	p := &process{cmd: cmd, stderr: &tail{}, done: make(chan struct{})}
	cmd.Stderr = p.stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start node: %w", err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start node: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start node: %w", err)
	}
	p.stdin = stdin
	go func() {
		defer close(p.done)
		for lines := bufio.NewReader(stdout); ; {
			line, err := lines.ReadBytes('\n')
			if len(line) > 0 {
				onLine(bytes.TrimSpace(line))
			}
			if err != nil {
				break
			}
		}
		p.err = cmd.Wait()
	}()
	return p, nil
}

// stop closes stdin and waits for the end. A program that doesn't go is killed,
// which is an error.
func (p *process) stop() error {
	_ = p.stdin.Close()
	select {
	case <-p.done:
		if p.err != nil {
			return fmt.Errorf("%v: %w: %s", p.cmd.Args, p.err, p.stderr)
		}
		return nil
	case <-time.After(patience):
		_ = p.cmd.Process.Kill()
		<-p.done
		return fmt.Errorf("%v: still there %v after its stdin closed", p.cmd.Args, patience)
	}
}

// tail keeps the last of what was written to it.
type tail struct {
	mu   sync.Mutex
	text []byte
}

const tailLimit = 16 << 10

func (w *tail) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.text = append(w.text, p...)
	if extra := len(w.text) - tailLimit; extra > 0 {
		w.text = append(w.text[:0], w.text[extra:]...)
	}
	return len(p), nil
}

func (w *tail) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return string(w.text)
}
