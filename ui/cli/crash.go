package cli

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime/debug"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"
)

// Bubble Tea gives the terminal back after a panic that it can catch. One in a
// goroutine of somebody else, a fatal error of the runtime, or being killed, it
// can't. So a second process of this program watches over the first: it holds
// the reading end of a pipe, and when that closes without a goodbye, it puts the
// terminal back as it was and tells where the report is.

// leaveScreen undoes what the screen turned on: a frame that is not over, the other
// buffer, the hidden cursor, the mouse, bracketed paste, colours.
const leaveScreen = "\x1b[?2026l\x1b[?1049l\x1b[?25h\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[0m"

// goodbye is what stands in the pipe after a clean end.
const goodbye = "\x00fine"

const watchCommand = "watch-terminal"

// guarded starts the watcher. The function that it returns says goodbye to it.
// Without a watcher the program runs as well, so what fails here is no error.
func guarded() func() {
	self, err := os.Executable()
	if err != nil {
		return func() {}
	}
	report, crash, err := os.Pipe()
	if err != nil {
		return func() {}
	}
	cmd := exec.Command(self, watchCommand)
	cmd.Stdin, cmd.Stderr = report, os.Stderr
	cmd.ExtraFiles = []*os.File{os.Stdin}
	ready, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	_ = report.Close()
	if err != nil {
		_ = crash.Close()
		return func() {}
	}
	// It has to know the terminal before we change it.
	_, _ = ready.Read(make([]byte, 1))
	_ = debug.SetCrashOutput(crash, debug.CrashOptions{})
	return func() {
		_, _ = io.WriteString(crash, goodbye)
		_ = debug.SetCrashOutput(nil, debug.CrashOptions{})
		_ = crash.Close()
		_ = cmd.Wait()
	}
}

// newWatch is the command of the watcher. Nobody types it.
func newWatch(env Env) *cobra.Command {
	return &cobra.Command{
		Use: watchCommand, Hidden: true, Args: noArgs,
		RunE: func(*cobra.Command, []string) error { return watch(env, os.NewFile(3, "terminal")) },
	}
}

// reportLimit bounds what is kept of a report.
const reportLimit = 4 << 20

func watch(env Env, terminal *os.File) error {
	// What ends the one who is watched must not end who watches.
	signal.Ignore(os.Interrupt)
	state, err := term.GetState(terminal.Fd())
	if err != nil {
		return err
	}
	if _, err := io.WriteString(env.Stdout, "."); err != nil {
		return err
	}
	report, err := io.ReadAll(io.LimitReader(env.Stdin, reportLimit))
	if err != nil || bytes.HasSuffix(report, []byte(goodbye)) {
		return err
	}
	_, _ = io.WriteString(terminal, leaveScreen)
	_ = term.Restore(terminal.Fd(), state)
	tell(env.Stderr, report)
	return nil
}

// tell says what happened, and keeps the report where there is one.
func tell(w io.Writer, report []byte) {
	if len(report) == 0 {
		_, _ = fmt.Fprint(w, "\nioscope was ended from outside. The terminal is as it was.\n")
		return
	}
	said := ""
	file, err := os.CreateTemp("", "ioscope-report-*.txt")
	if err == nil {
		_, err = file.Write(report)
		_ = file.Close()
	}
	if err == nil {
		path, _ := filepath.Abs(file.Name())
		said = "; the report: " + path
	}
	_, _ = fmt.Fprintf(w, "\nioscope stopped on an error of its own. The terminal is as it was%s\n", said)
}
