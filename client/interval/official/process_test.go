package official

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"
)

// patience is how long a test waits for what is bound to happen.
const patience = 30 * time.Second

// program is a script on Node.js: lines in and out. It ends when its stdin does.
type program struct {
	t     testing.TB
	stdin io.WriteCloser

	mu      sync.Mutex
	changed chan struct{} // closed and replaced with each line
	lines   [][]byte
}

// run starts a script.
func run(t testing.TB, script string, args ...string) *program {
	t.Helper()
	home := sdk(t)
	if _, err := os.Stat(script); err != nil { // so that the test cache knows of it
		t.Fatal(err)
	}
	cmd := exec.Command("node", append([]string{script}, args...)...)
	cmd.Env = append(os.Environ(), "IOSCOPE_OFFICIAL="+home)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	p := &program{t: t, changed: make(chan struct{})}
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p.stdin = stdin
	done := make(chan struct{})
	go func() {
		defer close(done)
		for in := bufio.NewReader(stdout); ; {
			line, err := in.ReadBytes('\n')
			if err != nil {
				return
			}
			p.heard(bytes.TrimSpace(line))
		}
	}()
	t.Cleanup(func() {
		_ = stdin.Close()
		timer := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() })
		<-done
		err := cmd.Wait()
		if !timer.Stop() || err != nil {
			t.Errorf("%s: %v: %s", script, err, stderr.String())
		}
		if t.Failed() {
			t.Logf("%s said:\n%s\n%s", script, bytes.Join(p.lines, []byte("\n")), stderr.String())
		}
	})
	return p
}

func (p *program) heard(line []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lines = append(p.lines, line)
	close(p.changed)
	p.changed = make(chan struct{})
}

// line waits for a line that is good, from the one with that number on, and gives
// the number of the next.
func (p *program) line(from int, good func([]byte) bool) ([]byte, int) {
	p.t.Helper()
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	for {
		p.mu.Lock()
		lines, changed := p.lines, p.changed
		p.mu.Unlock()
		for ; from < len(lines); from++ {
			if good(lines[from]) {
				return lines[from], from + 1
			}
		}
		select {
		case <-changed:
		case <-timeout.C:
			p.t.Fatalf("no such line within %v", patience)
		}
	}
}
