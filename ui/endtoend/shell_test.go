//go:build linux

package endtoend

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// The shell is what stands between a terminal and a program in real life: it owns
// the terminal, lends it to the program, sees it stop and end, and takes the
// terminal back as the program left it. It repairs nothing. Commands come in on
// one pipe, and what happens goes out on another.

// shell runs the program in args as the job in the foreground.
func shell(args []string) int {
	commands, reports := os.NewFile(3, "commands"), os.NewFile(4, "reports")
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Foreground: true, Ctty: 0}
	if err := cmd.Start(); err != nil {
		fmt.Fprintln(reports, err)
		return 1
	}
	// Taking the terminal back from the background would stop the shell. What is
	// ignored before a program starts stays so in it, so this comes after.
	signal.Ignore(syscall.SIGTTOU)
	job := cmd.Process.Pid
	fmt.Fprintln(reports, "job", job)
	for input := bufio.NewScanner(commands); ; {
		var status syscall.WaitStatus
		if _, err := syscall.Wait4(job, &status, syscall.WUNTRACED, nil); err != nil {
			fmt.Fprintln(reports, err)
			return 1
		}
		_ = unix.IoctlSetPointerInt(0, unix.TIOCSPGRP, syscall.Getpgrp())
		switch {
		case status.Stopped():
			fmt.Fprintln(reports, "stopped")
		case status.Signaled():
			fmt.Fprintln(reports, "killed by", status.Signal())
		default:
			fmt.Fprintln(reports, "exit", status.ExitStatus())
		}
		if !input.Scan() {
			return 0 // the test has seen what it wanted
		}
		if input.Text() == "fg" {
			_ = unix.IoctlSetPointerInt(0, unix.TIOCSPGRP, job)
			_ = syscall.Kill(-job, syscall.SIGCONT)
		}
	}
}

// job is the explorer as a job of a shell, in a terminal.
type job struct {
	*terminal
	pid      int
	commands *os.File
	reports  chan string
	before   *unix.Termios
}

// startJob opens the explorer from a shell.
func startJob(t *testing.T, args ...string) *job {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	theirCommands, commands, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	reports, theirReports, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	inner := command(t, []string{roleVariable + "=shell"}, args...)
	cmd := exec.Command(self, inner.Args...)
	cmd.Dir, cmd.Env, cmd.ExtraFiles = inner.Dir, inner.Env, []*os.File{theirCommands, theirReports}
	j := &job{commands: commands, reports: make(chan string, 8)}
	j.terminal = blank(t, 100, 30)
	j.before = j.line()
	j.Draw([]byte("$ ioscope\r\n"))
	j.run(cmd)
	_ = theirCommands.Close()
	_ = theirReports.Close()
	t.Cleanup(func() {
		_ = syscall.Kill(-j.pid, syscall.SIGKILL)
		_ = commands.Close()
	})
	go func() {
		defer close(j.reports)
		for lines := bufio.NewScanner(reports); lines.Scan(); {
			j.reports <- lines.Text()
		}
		_ = reports.Close()
	}()
	if _, err := fmt.Sscanf(j.report(), "job %d", &j.pid); err != nil {
		t.Fatalf("start the job: %v", err)
	}
	return j
}

// report waits for what the shell says next.
func (j *job) report() string {
	j.t.Helper()
	select {
	case line := <-j.reports:
		return line
	case <-time.After(patience):
		j.t.Fatalf("the shell has nothing to say:\n%s", j.screen())
		return ""
	}
}

// line returns how the terminal's line is set: raw, echo and all that.
func (e *terminal) line() (modes *unix.Termios) {
	e.t.Helper()
	var err error
	e.ok(e.Control(func(fd uintptr) { modes, err = unix.IoctlGetTermios(int(fd), unix.TCGETS) }))
	e.ok(err)
	return modes
}

// restored checks that the terminal is as the program found it.
func (j *job) restored() {
	j.t.Helper()
	// What was written before the report may still be on its way.
	j.until("the usual screen", func(screen) bool { return !j.Screen().Alt })
	j.rest()
	for m, on := range j.Modes() {
		if usual := usualModes[m]; on != usual {
			j.t.Errorf("mode %d of the terminal is left at %t", m.Mode(), on)
		}
	}
	if now := j.line(); *now != *j.before {
		j.t.Errorf("the line is set otherwise than before:\n%+v\n%+v", now, j.before)
	}
	if s := j.screen(); strings.Contains(s.String(), "Servers") || !strings.HasPrefix(s[0], "$ ") {
		j.t.Errorf("the usual screen is not as it was:\n%s", s)
	}
}
