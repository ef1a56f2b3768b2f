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

// quotes sends quotes of four symbols, each with numbers of its own.
func (p *publisher) quotes(t *testing.T, from, to int) {
	t.Helper()
	for n := from; n <= to; n++ {
		for _, sym := range []string{"AAPL", "MSFT", "RIO", "VOD"} {
			if err := p.flow.Push(json.RawMessage(fmt.Sprintf(`{"sym":%q,"bid":%d.%02d,"seq":%d}`, sym, 100+n%5, n*7%100, n))); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// listen subscribes to a stream of quotes.
func listen(t *testing.T) (*publisher, *terminal) {
	t.Helper()
	g := serve(t, "127.0.0.1:0")
	p := publish(t, g.url, "Tape.Quotes")
	e := explore(t, 120, 40, g.url)
	e.form("3", "Tape.Quotes")
	e.write("me")
	e.press("ctrl+s")
	e.work("● accepted by Tape", `hello "you alone"`)
	return p, e
}

// TestStreamExpressions filters and reshapes what is kept while it is held, and
// what comes after that.
func TestStreamExpressions(t *testing.T) {
	t.Parallel()
	p, e := listen(t)
	p.quotes(t, 1, 10)
	e.work("41 events")
	e.press("space")
	e.work("‖ paused")
	p.quotes(t, 11, 12)
	e.work("49 events", "8 new below")
	e.press("|")
	e.write(`.sym == "VOD"`)
	e.press("enter")
	e.work(`| .sym == "VOD"`, "12 of 49 shown, 37 hidden", "sym VOD")
	e.gone("sym RIO", "sym AAPL")
	e.press("&")
	e.write(`/"seq":[123],?/ !"seq":2`)
	e.press("enter")
	// Of the twelve those numbered 1, 3, 10, 11 and 12.
	e.work("5 of 49 shown, 44 hidden")
	e.press("esc")
	e.work("12 of 49 shown")
	p.quotes(t, 13, 13)
	e.work("13 of 53 shown", "12 new below")
	e.press("|", "ctrl+u")
	e.write("{seq, bi")
	e.work("jq: goes on after character 8")
	e.press("ctrl+u")
	e.write("select(.seq > 11) | {sym, seq}")
	e.press("enter", "G")
	e.work("8 of 53 shown", "seq 13  sym VOD")
	e.press("esc", "|")
	e.write(".pric")
	e.press("enter")
	e.work("jq: .pric gives null on all 53 kept. Fields: bid, hello, seq, sym")
	e.press("|", "ctrl+u")
	e.write("def f: f; f")
	e.press("enter")
	e.work("took longer than 250 ms on one event; stopped")
	e.press("esc")
	e.gone("stopped")
	e.work("sym VOD  bid", "▼ following")
}

// TestStreamByKey turns the views, moves by keys, and exports.
func TestStreamByKey(t *testing.T) {
	t.Parallel()
	p, e := listen(t)
	p.quotes(t, 1, 10)
	e.work("41 events")
	e.press("v")
	e.work("sym   ", "bid  ", "seq", "103.21")
	e.press("v")
	e.work("latest by sym", "4 keys", "AAPL   100.70   10   -3.93", "bid, last 2 min", "AAPL bid")
	p.quotes(t, 11, 11)
	e.work("AAPL   101.77   11   +1.07")
	e.press("j", "j")
	e.work("RIO bid", "row 3 of 4")
	e.press("v")
	e.work("RIO bid", "min 100.", "max 104.")
	e.press("v")
	e.work("events/s, last", "by sym, busiest first", "a sample")
	e.press("v")
	e.work("▼ following", "sym VOD  bid 101.77  seq 11")

	name := filepath.Join(t.TempDir(), "quotes.csv")
	e.press("E", "tab", "ctrl+u")
	e.see("Export Tape.Quotes", "(•) CSV")
	e.write(name)
	e.press("enter")
	e.see("exported 45 rows")
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if lines := strings.Split(strings.TrimSpace(string(raw)), "\n"); len(lines) != 46 || !strings.HasSuffix(lines[0], ",gap,hello,sym,bid,seq") || !strings.HasSuffix(lines[45], ",VOD,101.77,11") {
		t.Errorf("exported %d lines, the first %s, the last %s", len(lines), lines[0], lines[len(lines)-1])
	}
}

// TestStreamDiff looks at an event beside the one before of the same key, and at
// a hole in the numbers of one key.
func TestStreamDiff(t *testing.T) {
	t.Parallel()
	p, e := listen(t)
	p.quotes(t, 1, 30)
	e.work("121 events")
	e.press("d")
	e.until("the difference", func(s screen) bool {
		return s.has("same sym") && s.has("~ bid  100.10  was 104.03   -3.93") && s.has("~ seq  30      was 29       +1")
	})
	e.press("K")
	e.until("that of another key", func(s screen) bool { return s.has(`sym  "RIO"`) && s.has("was 29") })
	e.press("d")
	e.gone("was 29")
	e.press("esc", "G")
	p.quotes(t, 34, 34)
	e.work("3 missing of AAPL: seq 31 to 33, within", "12 missing", "sym VOD  bid 104.38  seq 34")
}

// TestStreamCondenses takes a flood in. It is not parallel, for it takes the time.
func TestStreamCondenses(t *testing.T) {
	e := explore(t, 120, 40, demo(t))
	e.form("3", "LoadTest.Ticks")
	e.write("300")
	e.press("ctrl+s")
	e.work("latest by pair", "condensed", "shown. Rows return below 40/s, or with v.")
	e.press("x")
	e.form("3", "LoadTest.Ticks")
	e.press("ctrl+u")
	e.write("3000")
	e.press("ctrl+s")
	e.work("condensed", "by pair, busiest first", "EURUSD", "events/s, last")
	e.press("v")
	e.work("time", "payload", "pair ")
	e.gone("condensed")
}
