package ui

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
)

// exported presses keys and returns the lines of the one file that was written.
func exported(t *testing.T, h *harness, keys ...string) []string {
	t.Helper()
	disk := &paper{files: map[string]string{}}
	h.app.opts.Disk = disk
	h.press(keys...)
	h.flush()
	files := slices.Collect(maps.Values(disk.files))
	if len(files) != 1 {
		t.Fatalf("%d files were written", len(files))
	}
	return strings.Split(strings.TrimSpace(files[0]), "\n")
}

func TestExportOfTheFeed(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	feedScene(h)
	h.press("5")
	all := exported(t, h, "E", "enter")
	var last struct{ Name, What, Note string }
	if err := json.Unmarshal([]byte(all[len(all)-1]), &last); err != nil || last.Name != "Orders.Place" || last.What != "second signature" || last.Note == "" {
		t.Errorf("the last of %d lines is %s: %v", len(all), all[len(all)-1], err)
	}
	h.press("/")
	h.write("grumpy")
	h.press("enter")
	some := exported(t, h, "E", "tab", "enter")
	if len(some) < 3 || len(some) >= len(all) || some[0] != "time,name,what,offers,note,pid" || !strings.Contains(some[1], ",Grumpy,") {
		t.Errorf("what is shown:\n%s", strings.Join(some, "\n"))
	}
}

func TestExportOfTheLens(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	lensFlow(h, 8)
	h.press("b")
	groups := exported(t, h, "E", "enter")
	if len(groups) != 3 || !strings.Contains(groups[0], `"group":"A","subscription":1,"arguments":{"symbol":"AAPL"}`) ||
		!strings.Contains(groups[0], `"verdict":"sure","both":304,"of":304`) || !strings.Contains(groups[2], `"group":"B"`) {
		t.Errorf("the groups:\n%s", strings.Join(groups, "\n"))
	}
	private := exported(t, h, "E", "down", "enter")
	if !strings.Contains(private[len(private)-1], `"data":{"note":"quote refreshed for you"}`) {
		t.Errorf("the private events:\n%s", strings.Join(private, "\n"))
	}
}
