package terminal

import (
	"os"

	"golang.org/x/sys/unix"
)

// queued is how many bytes wait to be read on one side of a PTY.
func queued(side *os.File) int {
	n := 0
	if conn, err := side.SyscallConn(); err == nil {
		_ = conn.Control(func(fd uintptr) { n, _ = unix.IoctlGetInt(int(fd), unix.TIOCINQ) })
	}
	return n
}
