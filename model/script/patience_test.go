package script

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/itchyny/gojq"
)

// TestPatience is about the work that a program does, not about how busy the machine
// is meanwhile: in each case the program stands still for a while before it goes on.
func TestPatience(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, jq string
		still    time.Duration
		stopped  bool
	}{
		{"a short one that had to wait", "stall | .bid > 1", 2 * Patience, false},
		{"a short one that waited very long", "stall | .bid > 1", 2 * longPatience, true},
		{"a long one", "def f: f; stall | f", 2 * Patience, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				query, err := gojq.Parse(c.jq)
				if err != nil {
					t.Fatal(err)
				}
				code, err := gojq.Compile(query, gojq.WithFunction("stall", 0, 0, func(v any, _ []any) any {
					time.Sleep(c.still)
					return v
				}))
				if err != nil {
					t.Fatal(err)
				}
				ctx, stop := Within(context.Background())
				defer stop()
				v, _ := code.RunWithContext(ctx, map[string]any{"bid": 2.0}).Next()
				err, _ = v.(error)
				if stopped := errors.Is(err, context.DeadlineExceeded); stopped != c.stopped {
					t.Errorf("gives %v, stopped %v, want %v", v, stopped, c.stopped)
				}
			})
		})
	}
}
