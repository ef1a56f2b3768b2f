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

	e.press("4", "enter")
	before := residentMB(t, e.cmd.Process.Pid)
	e.until("30,000 events more", func(n int) func(screen) bool {
		return func(s screen) bool { return events(s) > n+30_000 }
	}(events(e.see(" events"))))
	after := residentMB(t, e.cmd.Process.Pid)
	t.Logf("%d MB resident, then %d MB", before, after)
	// 30,000 rows take about 8 MB; the ring and the collector's slack are more.
	if limit := before + 150; after > limit {
		t.Errorf("%d MB resident after 30,000 events more, before it was %d MB", after, before)
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
