//go:build !linux

package terminal

import "os"

// queued is not known here: frames may come in pieces, and keys too fast.
func queued(*os.File) int { return 0 }
