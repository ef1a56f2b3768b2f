//go:build linux

package endtoend

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestFlood presses keys while 5,000 events a second come in. It is not parallel,
// for it takes the time.
func TestFlood(t *testing.T) {
	e := explore(t, 120, 40, demo(t))
	e.form("3", "LoadTest.Ticks")
	e.write("5000")
	e.press("ctrl+s")
	e.work("● accepted by Flood")
	e.until("the flood", func(s screen) bool { return events(s) > 5000 })

	var took []time.Duration
	for i := range 20 {
		key, pane := "1", "1"
		if i%2 == 1 {
			key, pane = "2", "2"
		}
		since := time.Now()
		e.press(key)
		e.until("the answer to a key", focused(pane))
		took = append(took, time.Since(since))
	}
	slices.Sort(took)
	most := 150 * time.Millisecond
	if raceEnabled {
		most = time.Second
	}
	t.Logf("a key shows after %v in the middle, %v at most", took[10], took[19])
	if took[10] > most {
		t.Errorf("a key shows after %v in the middle, want at most %v: %v", took[10], most, took)
	}
}

// TestMemoryIsBounded subscribes to more than is kept, and to as much again. It is
// not parallel, for others would take the time that it counts with.
func TestMemoryIsBounded(t *testing.T) {
	// kept is how many events of a subscription are kept. The race detector is too
	// slow to come to that.
	kept := 100_000
	if raceEnabled {
		kept = 10_000
	}
	e := explore(t, 120, 40, demo(t))
	e.form("3", "LoadTest.Ticks")
	e.write("25000")
	e.press("ctrl+s")
	e.work("● accepted by Flood")
	more := func(than int) func(screen) bool { return func(s screen) bool { return events(s) > than } }
	full := events(e.until("as much as is kept", more(kept)))
	before := residentMB(t, e.Process().Pid)
	e.until("as much again", more(full+kept))
	after := residentMB(t, e.Process().Pid)
	t.Logf("%d MB resident with %d events, %d MB after as much again", before, full, after)
	// The collector lets the heap grow before it looks, up to twice of what lives.
	if after > 2*before {
		t.Errorf("%d MB resident after %d events more, %d MB before", after, kept, before)
	}
}

// residentMB is how much memory a process has now, in MB.
func residentMB(t *testing.T, pid int) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, err := strconv.Atoi(strings.Fields(rest)[0])
			if err != nil {
				t.Fatal(err)
			}
			return kb >> 10
		}
	}
	t.Fatalf("no VmRSS in:\n%s", status)
	return 0
}
