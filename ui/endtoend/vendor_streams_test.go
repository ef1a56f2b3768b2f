//go:build linux

package endtoend

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// tape is an application of the vendor's with a stream of quotes, which has a
// branch for each symbol.
func tape(t *testing.T, url string) *vendor {
	t.Helper()
	v := vendorApp(t, url, "glue", "Tape")
	v.await(v.do("createStream", map[string]any{"asks": true, "definition": map[string]any{"name": "Tape.Quotes", "accepts": "string sym"}}))
	return v
}

// acceptOnBranch lets the next subscriber in, on the branch of its symbol, and returns
// its number.
func (v *vendor) acceptOnBranch() any {
	v.t.Helper()
	asked := v.event("request")
	args, _ := asked["args"].(map[string]any)
	v.do("accept", map[string]any{"request": asked["request"], "branch": strings.ToUpper(fmt.Sprint(args["sym"]))})
	return v.event("subscribed")["subscriber"]
}

// quotes pushes quotes of some symbols to their branches.
func (v *vendor) quotes(from, to int, symbols ...string) {
	v.t.Helper()
	last := 0
	for n := from; n <= to; n++ {
		for _, sym := range symbols {
			last = v.do("pushBranch", map[string]any{"stream": "Tape.Quotes", "branch": sym, "data": map[string]any{"sym": sym, "bid": 100 + n, "seq": n}})
		}
	}
	v.await(last)
}

// TestStreamsOfOfficial subscribes to a publisher that is made with the vendor's
// client: three times, on two branches. The branches are found out, and what the
// publisher's death does is seen.
func TestStreamsOfOfficial(t *testing.T) {
	t.Parallel()
	g := serve(t, "127.0.0.1:0")
	v := tape(t, g.url)
	e := start(t, 120, 40, nil, "--url", g.url, "--user", "dev")
	e.until("the bus", func(s screen) bool { return strings.Contains(s.header(), "● live") && s.paneHas("3", "Tape.Quotes") })
	var subscribers []any
	for _, sym := range []string{"AAPL", "VOD", "aapl"} {
		e.form("3", "Tape.Quotes")
		e.press("ctrl+u")
		e.write(sym)
		e.press("ctrl+s")
		subscribers = append(subscribers, v.acceptOnBranch())
		e.work("● accepted by Tape", "sym "+sym)
	}
	v.quotes(1, 15, "AAPL", "VOD")
	v.await(v.do("pushOne", map[string]any{"subscriber": subscribers[1], "data": map[string]any{"note": "you alone"}}))
	e.work("15 events", "seq 15")

	e.press("b")
	e.work("Branches of Tape.Quotes", "inferred from 3 subscriptions", "A  one branch", "likely  15 of 15 shared events equal",
		"A #1  sym AAPL", "A #3  sym aapl", "B  alone", "B #2  sym VOD", "nothing in common with A",
		"private, only to you", `B #2   note "you alone"`, "not known: neither bus nor publisher is ours")
	e.press("x")

	// The second subscription, narrowed and exported.
	e.press("4", "g")
	e.until("the first in Open", func(s screen) bool { return s.has("Tape.Quotes AAPL ") })
	e.press("j", "enter")
	e.work("Tape.Quotes VOD", "16 events", "1 private")
	e.press("|")
	e.write("select(.seq > 12)")
	e.press("enter")
	e.work("3 of 16 shown, 13 hidden")
	e.press("&")
	e.write("!114")
	e.press("enter")
	e.work("2 of 16 shown")
	name := filepath.Join(t.TempDir(), "quotes.jsonl")
	e.press("E", "ctrl+u")
	e.write(name)
	e.press("enter")
	e.see("exported 2 rows")
	checkExport(t, name, `{"bid":113,"seq":13,"sym":"VOD"}`, `{"bid":115,"seq":15,"sym":"VOD"}`)
	e.press("esc", "esc")
	e.work("▼ following", "seq 15")

	// A value of it is watched, with a condition.
	e.press("g", "enter")
	e.see("event 1 ")
	e.press("W")
	e.see("watching bid of Quotes VOD; 8 shows it")
	e.press("8", "c")
	e.see("[ Keep ]")
	e.write("> 120")
	e.press("ctrl+s")
	e.work("> 120", "not yet")
	bells := strings.Count(string(e.Output()), "\a")
	v.quotes(16, 21, "VOD")
	e.work("it is so now", "1 time")
	if n := strings.Count(string(e.Output()), "\a"); n != bells+1 {
		t.Errorf("the bell rang %d times", n-bells)
	}

	// The publisher dies, and comes back as another process.
	_ = v.cmd.Process.Kill()
	e.until("the server gone", func(s screen) bool { return s.paneHas("1", "† Tape") })
	e.press("4", "g")
	e.work("† Tape left", "waiting for it", "seq 15")
	e.press("5")
	e.work("- Tape", "left", "1 offer")
	v = tape(t, g.url)
	for range 3 {
		v.acceptOnBranch()
	}
	v.quotes(40, 41, "AAPL", "VOD")
	e.work("+ Tape", "joined")
	e.press("4", "g")
	e.work("● accepted by Tape", "╌ Tape is back after", "seq 41")

	// The bus as it was before.
	e.press("5", "/")
	e.write("left")
	e.press("enter")
	e.press("g", "enter")
	e.see("the bus at")
	e.until("the rail as it was", func(s screen) bool { return s.paneHas("1", "† Tape") })
	e.press("esc")
	e.until("now", func(s screen) bool { return s.paneHas("1", "● Tape") })
}

// checkExport checks what the lines of an export have as their data.
func checkExport(t *testing.T, name string, want ...string) {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(raw)), "\n")
	if len(lines) != len(want) {
		t.Fatalf("%d lines were exported, want %d:\n%s", len(lines), len(want), raw)
	}
	for i, line := range lines {
		var row struct {
			Publisher string
			Data      json.RawMessage
		}
		if err := json.Unmarshal([]byte(line), &row); err != nil || string(row.Data) != want[i] || row.Publisher != "Tape" {
			t.Errorf("line %d is %s, want %s: %v", i, line, want[i], err)
		}
	}
}
