package cli

import (
	"io"
	"os/exec"
	"strings"
	"time"

	"github.com/creack/pty"
	"github.com/rogpeppe/go-internal/testscript"
)

// shells are how each begins without anybody's own settings, and how it learns
// to complete ioscope.
var shells = map[string]struct {
	args  []string
	setup string
}{
	"bash": {[]string{"--noprofile", "--norc", "-i"}, "source <(ioscope completion bash); PS1=rea''dy'> '"},
	"zsh":  {[]string{"-f", "-i"}, "autoload -U compinit; compinit -u -D; source <(ioscope completion zsh); PS1=rea''dy'> '"},
	"fish": {[]string{"--no-config", "-i"}, "ioscope completion fish | source; function fish_prompt; echo rea''dy'> '; end"},
}

// tab SHELL KEYS TEXT types KEYS into an interactive shell that has learned to
// complete, presses tab, and waits until the shell has written TEXT.
func cmdTab(ts *testscript.TestScript, neg bool, args []string) {
	refuse(ts, neg)
	if len(args) != 3 || shells[args[0]].args == nil {
		ts.Fatalf("usage: tab SHELL KEYS TEXT")
	}
	cmd := command(ts, append([]string{args[0]}, shells[args[0]].args...))
	cmd.Env = append(cmd.Env, "TERM=xterm", "INPUTRC=/dev/null")
	screen, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 24, Cols: 200})
	ts.Check(err)
	said := &watched{changed: make(chan struct{}, 1)}
	read := make(chan struct{})
	go func() {
		defer close(read)
		_, _ = io.Copy(said, screen)
	}()
	defer func() {
		kill(cmd, screen)
		<-read
	}()
	type_ := func(keys string) {
		_, err := io.WriteString(screen, keys)
		ts.Check(err)
	}
	type_(shells[args[0]].setup + "\r")
	said.await(ts, "ready> ", "")
	type_(args[1])
	words := strings.Fields(args[1])
	said.awaitAfter(ts, strings.LastIndex(said.String(), "ready> "), words[len(words)-1])
	typed := len(said.String())
	type_("\t")
	// A machine under load may not ask the bus in the time that completion allows.
	again := time.AfterFunc(2*completeTimeout, func() { _, _ = io.WriteString(screen, "\t") })
	defer again.Stop()
	said.awaitAfter(ts, typed, args[2])
}

// awaitAfter waits until a text is there behind the first n bytes.
func (w *watched) awaitAfter(ts *testscript.TestScript, n int, text string) {
	late := time.After(patience)
	for !strings.Contains(w.String()[n:], text) {
		select {
		case <-w.changed:
		case <-late:
			ts.Fatalf("never said %q, but:\n%q", text, w.String()[n:])
		}
	}
}

// kill ends a shell, which may have asked to outlive its terminal.
func kill(cmd *exec.Cmd, screen io.Closer) {
	_ = screen.Close()
	late := time.AfterFunc(time.Second, func() { _ = cmd.Process.Kill() })
	defer late.Stop()
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
}
