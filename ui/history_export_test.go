package ui

import (
	"strings"
	"testing"
)

// The history is written to a file: what the filter lets through, or all of it.
func TestHistoryIsExported(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	disk := &paper{files: map[string]string{}}
	h.app.opts.Disk = disk
	h.past()
	h.press("6")
	h.shows("Prices.Get ≠")
	h.press("/")
	h.write("prices.get")
	h.press("enter", "E")
	h.shows("Export History", "(•) what is shown, 2 calls")
	h.press("enter")
	if len(disk.files) != 1 {
		t.Fatalf("files: %v", disk.files)
	}
	for name, text := range disk.files {
		lines := strings.Split(strings.TrimSpace(text), "\n")
		if len(lines) != 2 || !strings.HasSuffix(name, ".jsonl") ||
			!strings.Contains(lines[0], `"method":"Prices.Get"`) || !strings.Contains(lines[0], `"args":{"ticker":"AAPL"},"server":"PriceFeed","ok":false,"ms":1,"error":"no such ticker"`) ||
			!strings.Contains(lines[1], `"target":["best"]`) || !strings.Contains(lines[1], `"value":{"symbol":"AAPL","bid":142.50,"ask":142.54}`) {
			t.Errorf("%s:\n%s", name, text)
		}
	}
	h.press("E", "down", "tab", "enter")
	for name, text := range disk.files {
		if strings.HasSuffix(name, ".csv") && (!strings.HasPrefix(text, "call,time,bus,method,") || !strings.Contains(text, "Reports.Build") || !strings.Contains(text, "no answer")) {
			t.Errorf("%s:\n%s", name, text)
		}
	}
	if len(disk.files) != 2 {
		t.Errorf("files: %v", disk.files)
	}
}
