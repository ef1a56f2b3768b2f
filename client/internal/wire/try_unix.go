//go:build unix

package wire

import (
	"errors"
	"syscall"
)

// canTry says that sockets can be written to without waiting.
const canTry = true

// errFull is the error of a write that would have to wait.
var errFull = errors.New("socket is full")

// tryWrite writes what the socket takes at once; sockets of the net package are
// in non-blocking mode.
func tryWrite(fd uintptr, b []byte) (int, error) {
	for {
		n, err := syscall.Write(int(fd), b)
		switch {
		case err == nil:
			return n, nil
		case errors.Is(err, syscall.EAGAIN):
			return 0, errFull
		case !errors.Is(err, syscall.EINTR):
			return 0, err
		}
	}
}
