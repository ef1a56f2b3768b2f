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
		j.send(line + "\r")
		j.see(texts...)
	}
	j.send("serves\x7frs calc\r")
	j.see("> servers calc", "CalcClassic: offers 3 methods", `more hidden by "calc"`)
	say("invoke Addition a=2 b=x", `error: b is not an int: "x"`)
	j.send("\x1b[A\x7f3\r") // up, and mended
	j.see("> invoke Addition a=2 b=3", "call 1: CalcPrecise returned sum 5")
	say("invoke Division a=1 b=4 target=all", "call 2: sent to 3 servers: CalcPrecise, CalcClassic, Grumpy", "2 of 3 returned")
	j.send("subs\t")
	j.see("> subscribe")
	j.send("marketdata.pr\tsymbol=AAPL\r")
	j.see("> subscribe MarketData.Prices symbol=AAPL", "subscription 3: accepted by PriceFeed", "sym AAPL, ")
	say("hold", "held; what comes is kept")
	say("event", "event ", `sym: "AAPL"`)
	say("unsubscribe", "subscription 3: unsubscribed.")
	j.send("\x1a") // ctrl+z
	if got := j.report(); got != "stopped" {
		t.Fatalf("the shell says %q", got)
	}
	j.sameLine()
	if _, err := j.commands.WriteString("fg\n"); err != nil {
		t.Fatal(err)
	}
	say("bus", "you: ioscope")
	j.send("quit\r")
	if got := j.report(); got != "exit 0" {
		t.Errorf("the shell says %q", got)
	}
	j.sameLine()

	said := j.output()
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

// sameLine checks that the terminal's line is as the program found it.
func (j *job) sameLine() {
	j.t.Helper()
	if now := modesOf(j.t, j.terminal); *now != *j.before {
		j.t.Errorf("the line is set otherwise than before:\n%+v\n%+v", now, j.before)
	}
}
