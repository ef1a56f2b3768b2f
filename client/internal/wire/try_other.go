//go:build !unix

package wire

import "errors"

// canTry is false where nobody has tried to write to sockets without waiting:
// a goroutine then writes.
const canTry = false

var errFull = errors.New("socket is full")

func tryWrite(uintptr, []byte) (int, error) { return 0, errFull }
