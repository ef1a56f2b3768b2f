//go:build unix

package cli

import (
	"bytes"
	"fmt"
	"os"
	"os/signal"
	"strconv"

	"golang.org/x/sys/unix"
)

// cantSuspend says why ctrl+z would stop us for good: when there is no shell
// that could bring us back, the kernel does not stop us, and nothing would ever
// tell us to go on. It is empty when there is one, and where it can't be known.
func cantSuspend() string {
	own, err := unix.Getpgid(0)
	if err != nil {
		return ""
	}
	for pid := os.Getppid(); pid > 1; {
		group, err := unix.Getpgid(pid)
		if err != nil {
			break
		}
		if group != own {
			mine, _ := unix.Getsid(0)
			if session, err := unix.Getsid(pid); err == nil && session == mine {
				return ""
			}
			break
		}
		parent, ok := parentOf(pid)
		if !ok {
			return ""
		}
		pid = parent
	}
	return "no shell to come back from"
}

// suspend stops the program, and those that were started with it, until the shell
// tells them to go on.
func suspend() {
	// Another thread than ours may be the first to stop.
	again := make(chan os.Signal, 1)
	signal.Notify(again, unix.SIGCONT)
	defer signal.Stop(again)
	_ = unix.Kill(0, unix.SIGTSTP)
	<-again
}

// parentOf reads the parent of a process, where the system tells.
func parentOf(pid int) (int, bool) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, false
	}
	// The name stands in parentheses and may have anything in it.
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) < 2 {
		return 0, false
	}
	parent, err := strconv.Atoi(string(fields[1]))
	return parent, err == nil
}
