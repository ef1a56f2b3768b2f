// Package leak ends a test run that leaves goroutines behind. It is for TestMain
// alone, and imports the standard library only.
package leak

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

// patience is what goroutines on their way out get.
const patience = 5 * time.Second

// Run runs the tests and returns the exit code: that of the tests, or 1 when
// goroutines of this module or of the websocket package outlive them.
func Run(m *testing.M) int {
	code := m.Run()
	if code != 0 {
		return code
	}
	if left := leaked(); left != "" {
		fmt.Fprintf(os.Stderr, "goroutines outlive the tests:\n%s\n", left)
		return 1
	}
	return 0
}

func leaked() string {
	deadline := time.Now().Add(patience)
	for {
		left := ours()
		if len(left) == 0 || time.Now().After(deadline) {
			return strings.Join(left, "\n\n")
		}
		time.Sleep(10 * time.Millisecond) // nothing tells when a goroutine has ended
	}
}

func ours() []string {
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	var found []string
	for i, stack := range strings.Split(string(stacks), "\n\n") {
		own := strings.Contains(stack, "ioscope/") || strings.Contains(stack, "nhooyr.io/")
		if i > 0 && own { // the first is the caller
			found = append(found, stack)
		}
	}
	return found
}
