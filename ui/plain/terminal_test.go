package plain

import (
	"bytes"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// tube is a terminal that keeps what is written to it, as it stands there once
// backspaces have done their work.
type tube struct {
	mu  sync.Mutex
	raw bytes.Buffer
}

func (b *tube) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.raw.Write(p)
}

// rows are what a person sees.
func (b *tube) rows() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var rows []string
	row, at := []rune{}, 0
	for _, r := range b.raw.String() {
		switch r {
		case '\r':
			at = 0
		case '\n':
			rows = append(rows, strings.TrimRight(string(row), " "))
			row, at = nil, 0
		case '\b':
			at--
		default:
			if at < len(row) {
				row[at] = r
			} else {
				row = append(row, r)
			}
			at++
		}
	}
	return strings.Join(append(rows, strings.TrimRight(string(row), " ")), "|")
}

// typing plays keys and wants rows and lines.
func typing(t *testing.T, test func(press func(string), print func(string), rows func() string, lines func() string)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		in, keys := io.Pipe()
		out := &tube{}
		c := NewTerminal(TerminalOptions{In: in, Out: out, Width: func() int { return 40 }})
		c.Completes(func(line string) []string {
			var found []string
			for _, w := range []string{"servers", "streams", "subscribe"} {
				if strings.HasPrefix(w, strings.ToLower(line)) && line != "" {
					found = append(found, w)
				}
			}
			return found
		})
		var mu sync.Mutex
		var got []string
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			for l := range c.Lines() {
				mu.Lock()
				got = append(got, l)
				mu.Unlock()
			}
		}()
		test(func(s string) {
			_, _ = io.WriteString(keys, s)
			synctest.Wait()
		}, func(s string) { _ = c.Print(s) }, out.rows, func() string {
			mu.Lock()
			defer mu.Unlock()
			return strings.Join(got, "|")
		})
		_ = keys.Close()
		_ = in.Close()
		c.Close()
		<-ended
		if raw := out.raw.String(); strings.ContainsAny(raw, "\x1b\a") || strings.Contains(strings.ReplaceAll(raw, "\r\n", ""), "\r") {
			t.Errorf("moves the cursor: %q", raw)
		}
	})
}

func want(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf(" got %q\nwant %q", got, want)
	}
}

func TestTyping(t *testing.T) {
	typing(t, func(press, print func(string), rows, lines func() string) {
		print("hello\n")
		want(t, rows(), "hello|")
		press("servers")
		want(t, rows(), "hello|> servers")
		press("\x7f\x7fab cd\x17x\r")
		want(t, rows(), "hello|> serveab x|")
		want(t, lines(), "serveab x")
		press("gone\x15")
		want(t, rows(), "hello|> serveab x|")
		press("幅e\u0301\x7f\x7f広\r")
		want(t, lines(), "serveab x|幅広")
		press("\x1b[A\x1b[A!\r") // up, up
		want(t, lines(), "serveab x|幅広|serveab x!")
		press("half\x1b[A\x1b[B-done\r") // up, down
		want(t, lines(), "serveab x|幅広|serveab x!|half-done")
		press("\x1b[D\x1b[1;5C\x1bOP\x1bb\x01\r")
		want(t, lines(), "serveab x|幅広|serveab x!|half-done|")
	})
}

// What is printed while a line is being typed waits, but not for ever.
func TestPrintWhileTyping(t *testing.T) {
	typing(t, func(press, print func(string), rows, lines func() string) {
		press("se")
		print("news\n")
		want(t, rows(), "> se")
		press("\x7f\x7f")
		want(t, rows(), "news|")
		press("se")
		print("more\n")
		press("r\r")
		want(t, rows(), "news|> ser|more|")
		press("sl")
		print("late\n")
		time.Sleep(held - time.Second)
		press("o")
		time.Sleep(held - time.Second)
		synctest.Wait()
		want(t, rows(), "news|> ser|more|> slo")
		time.Sleep(2 * time.Second)
		synctest.Wait()
		want(t, rows(), "news|> ser|more|> slo|late|> slo")
		press("w")
		print(strings.Repeat("x", heldBytes) + "\n")
		if got := rows(); !strings.HasSuffix(got, "xxx|> slow") {
			t.Errorf("a flood waits: %q", got[len(got)-20:])
		}
		press("\x03") // ctrl+c: the line is gone, and is kept
		press("\x1b[A\r")
		want(t, lines(), "ser|slow")
	})
}

func TestCompletion(t *testing.T) {
	typing(t, func(press, print func(string), rows, lines func() string) {
		press("\t") // nothing to finish
		press("SE\t\r")
		want(t, lines(), "servers ")
		press("st\t\rs\t")
		want(t, rows(), "> servers|> streams|> s|may be: servers, streams, subscribe|> s")
		press("x\t\x03")
		want(t, lines(), "servers |streams ")
	})
}

// A row that is full can't be taken back by backspaces.
func TestLongLine(t *testing.T) {
	typing(t, func(press, print func(string), rows, lines func() string) {
		press(strings.Repeat("a", 38) + "\x7f")
		want(t, rows(), "> "+strings.Repeat("a", 38)+"|> "+strings.Repeat("a", 37))
		press("\x7f\r")
		want(t, lines(), strings.Repeat("a", 36))
	})
}

func TestSecret(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		in, keys := io.Pipe()
		out := &tube{}
		c := NewTerminal(TerminalOptions{In: in, Out: out})
		c.Secret(true)
		go func() { _, _ = io.WriteString(keys, "hunter3\x7f2\t\r\x1b[A\x04\x04") }()
		if got := <-c.Lines(); got != "hunter2" {
			t.Errorf("read %q", got)
		}
		if _, more := <-c.Lines(); more {
			t.Error("goes on after ctrl+d")
		}
		if strings.ContainsAny(out.raw.String(), "hunter") {
			t.Errorf("shows the secret: %q", out.raw.String())
		}
		_ = in.Close()
		c.Close()
	})
}
