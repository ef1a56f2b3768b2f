package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/creack/pty"
)

// TestPlainEdit has an editor on the terminal of the lines: it finds the terminal as it
// was, gets the keys that are typed while it is there, and the lines go on after it.
func TestPlainEdit(t *testing.T) {
	t.Parallel()
	ours, theirs, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = ours.Close(), theirs.Close() })
	said := &seen{grown: make(chan struct{}, 1)}
	go func() {
		buf := make([]byte, 4096)
		for {
			n, err := ours.Read(buf)
			_, _ = said.Write(buf[:n])
			if err != nil {
				return
			}
		}
	}()
	keys := func(text string) {
		t.Helper()
		if _, err := ours.WriteString(text); err != nil {
			t.Fatal(err)
		}
	}
	// It asks on the terminal, as editors do, and writes what it is told into the file.
	program := filepath.Join(t.TempDir(), "editor")
	const script = "#!/bin/sh\nstty -a | grep -q ' icanon' && echo EDITOR\nread -r key\necho \"GOT $key\"\necho \"$(cat \"$1\") $key\" > \"$1\"\n"
	if err := os.WriteFile(program, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	env := named("EDITOR", program).env
	env.Stdin, env.Stdout, env.Stderr = theirs, theirs, theirs
	console, editor, restore, err := terminalConsole(env, theirs)
	if err != nil {
		t.Fatal(err)
	}
	defer restore()
	defer console.Close()
	keys("before\r")
	if line := <-console.Lines(); line != "before" {
		t.Fatalf("typed %q", line)
	}
	for _, typed := range []string{"one", "two"} {
		type left struct {
			text string
			err  error
		}
		done := make(chan left, 1)
		go func() {
			text, err := editor.Edit("text", ".txt")
			done <- left{text, err}
		}()
		said.await(t, "EDITOR\r\n")
		keys(typed + "\n")
		said.await(t, "GOT "+typed+"\r\n")
		if l := <-done; l.err != nil || l.text != "text "+typed+"\n" {
			t.Fatalf("%v: %q", l.err, l.text)
		}
		said.mu.Lock()
		if strings.Contains(said.text.String(), "> "+typed) {
			t.Errorf("the lines took what was typed for the editor:\n%s", said.text.String())
		}
		said.text.Reset()
		said.mu.Unlock()
		keys("after " + typed + "\r")
		if line := <-console.Lines(); line != "after "+typed {
			t.Errorf("typed %q", line)
		}
	}
}
