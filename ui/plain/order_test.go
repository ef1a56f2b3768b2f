package plain

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
)

// Commands of a script go one after the other: a run that asks nothing takes no line.
func TestScriptRunsInOrder(t *testing.T) {
	playWith(t, func(r *rig) {
		go func() {
			_, _ = io.WriteString(r.in, "run echo a=1\nrun echo a=2\nservers grumpy\n")
			_ = r.in.Close()
		}()
		r.pass(10 * time.Second)
		r.expect("ran echo a=1\n", "run: over\n", "ran echo a=2\n", "run: over\n", "Grumpy: offers 1 method")
	}, func(o *Options) {
		o.Commands = func(_ context.Context, words []string, _ io.Reader, out io.Writer) error {
			time.Sleep(time.Second)
			fmt.Fprintln(out, "ran "+strings.Join(words[1:], " "))
			return nil
		}
	})
}
