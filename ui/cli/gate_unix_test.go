//go:build unix

package cli

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"

	"ioscope/client/gateway/users"
)

// TestGatewayHangup changes the files of a gateway so that no clock could tell,
// and sends it the signal.
func TestGatewayHangup(t *testing.T) {
	dir := t.TempDir()
	list, cert, key := filepath.Join(dir, "users"), filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	certify(t, cert, key)
	if _, err := users.Set(list, "ada", "one"); err != nil {
		t.Fatal(err)
	}
	g := startGateway(t, "--users", list, "--cert", cert, "--key", key, "--log", "-")
	g.says("listening on")
	if _, err := users.Set(list, "bob", "two"); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(os.Getpid(), syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	g.says(`msg="users read again" users=2`)
	g.says(`msg="certificate read again"`)
	if err := os.WriteFile(list, []byte("broken"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(os.Getpid(), syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	g.says(`msg="users not read again, the old ones stay"`)
	g.says(`msg="certificate not read again, the old one stays"`)
}

// TestGatewayEndsWithItsTerminal sends the signal to a gateway that has nothing to
// read again.
func TestGatewayEndsWithItsTerminal(t *testing.T) {
	g := startGateway(t, "--log", "-")
	g.says("listening on")
	if err := syscall.Kill(os.Getpid(), syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	g.says("msg=ended")
}

// leftOpen keeps a terminal that somebody may still read.
var leftOpen *os.File

// TestPasswdAsks types into a terminal.
func TestPasswdAsks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name          string
		first, second string
		code          int
		says          string
	}{
		{"twice the same", "sesame\n", "sesame\n", exitFine, "ada is now in"},
		{"two passwords", "sesame\n", "Sesame\n", exitUsage, "the two passwords differ"},
		{"ctrl+c", "ses", "", exitFailed, "given up"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			keyboard, terminal, err := pty.Open()
			if err != nil {
				t.Skip(err)
			}
			defer keyboard.Close()
			if c.second != "" {
				defer terminal.Close()
			} else {
				// Who reads the password knows a number, not a file, and may not have
				// begun when it is given up: the number must not become another's.
				leftOpen = terminal
			}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			said := &watched{changed: make(chan struct{}, 1)}
			code := make(chan int, 1)
			list := filepath.Join(t.TempDir(), "users")
			go func() {
				code <- Main(ctx, Env{
					Stdin: terminal, Stdout: said, Stderr: said,
					Getenv:     func(string) string { return "" },
					IsTerminal: func() bool { return true },
					Now:        time.Now,
				}, []string{"passwd", "ada", "--file", list})
			}()
			answer := func(prompt, text string) {
				for late := time.After(patience); !strings.Contains(said.String(), prompt); {
					select {
					case <-said.changed:
					case <-late:
						t.Fatalf("never asked %q, but:\n%s", prompt, said)
					}
				}
				if _, err := keyboard.WriteString(text); err != nil {
					t.Fatal(err)
				}
			}
			answer("Password: ", c.first)
			if c.second == "" {
				cancel()
			} else {
				answer("Again: ", c.second)
			}
			if got := <-code; got != c.code || !strings.Contains(said.String(), c.says) || strings.Contains(said.String(), "sesame") {
				t.Errorf("code %d, %s", got, said)
			}
			f, err := users.Open(list, nil)
			if c.code != exitFine {
				if err == nil {
					t.Error("a file was made")
				}
				return
			}
			if err != nil || f.Check("ada", "sesame") != nil {
				t.Errorf("the password is not the one that was typed: %v", err)
			}
		})
	}
}
