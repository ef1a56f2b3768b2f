//go:build linux

package endtoend

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// TestPlain uses the explorer as lines, in a terminal: it answers, and nothing
// moves the cursor but backspaces over what is being typed.
func TestPlain(t *testing.T) {
	t.Parallel()
	j := startJob(t, "--url", demo(t), "--plain")
	j.see("plain output", "live")
	say := func(line string, texts ...string) {
		t.Helper()
		j.enter(line)
		j.see(texts...)
	}
	j.enter("serves\x7frs calc")
	j.see("> servers calc", "CalcClassic: offers 3 methods", `more hidden by "calc"`)
	say("invoke Addition a=2 b=x", `error: b is not an int: "x"`)
	j.enter("\x1b[A\x7f3") // up, and mended
	j.see("> invoke Addition a=2 b=3", "call 1: CalcPrecise returned sum 5")
	say("invoke Division a=1 b=4 target=all", "call 2: sent to 3 servers: CalcPrecise, CalcClassic, Grumpy", "2 of 3 returned")
	j.ok(j.Type("subs\t"))
	j.see("> subscribe")
	j.enter("marketdata.pr\tsymbol=AAPL")
	j.see("> subscribe MarketData.Prices symbol=AAPL", "subscription 3: accepted by PriceFeed", "sym AAPL, ")
	say("hold", "held; what comes is kept")
	say("event", "event ", `sym: "AAPL"`)
	say("unsubscribe", "subscription 3: unsubscribed.")
	j.press("ctrl+z")
	if got := j.report(); got != "stopped" {
		t.Fatalf("the shell says %q", got)
	}
	j.sameLine()
	if _, err := j.commands.WriteString("fg\n"); err != nil {
		t.Fatal(err)
	}
	say("bus", "you: ioscope")
	j.enter("quit")
	if got := j.report(); got != "exit 0" {
		t.Errorf("the shell says %q", got)
	}
	j.sameLine()

	said := j.Output()
	for _, line := range strings.Split(strings.ReplaceAll(string(said), "\r\n", "\n"), "\n") {
		line = strings.ReplaceAll(line, "\b", "")
		for _, r := range line {
			if !unicode.IsPrint(r) || r == utf8.RuneError {
				t.Errorf("%U in %q", r, line)
			}
		}
	}
	if !regexp.MustCompile(`(?m)^3: [0-9:.]+ (shared|private to you), sym AAPL, `).Match(said) {
		t.Errorf("no event was told:\n%s", said)
	}
	if bytes.Contains(said, []byte("\x1b")) {
		t.Error("an escape came")
	}
}

// enter gives a line in one piece, keys and all.
func (j *job) enter(line string) {
	j.t.Helper()
	j.ok(j.Type(line + "\r"))
}

// sameLine checks that the terminal's line is as the program found it.
func (j *job) sameLine() {
	j.t.Helper()
	if now := j.line(); *now != *j.before {
		j.t.Errorf("the line is set otherwise than before:\n%+v\n%+v", now, j.before)
	}
}
