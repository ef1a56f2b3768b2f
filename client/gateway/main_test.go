package gateway

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestMain fails the run when goroutines of this module outlive the tests.
func TestMain(m *testing.M) {
	code := m.Run()
	if code == 0 {
		if left := leaked(5 * time.Second); left != "" {
			fmt.Fprintf(os.Stderr, "goroutines outlive the tests:\n%s\n", left)
			code = 1
		}
	}
	os.Exit(code)
}

// leaked lists the goroutines that still run code of this module or of the
// websocket package. Those on their way out get some patience.
func leaked(patience time.Duration) string {
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
