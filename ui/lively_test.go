package ui

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"ioscope/client/bus"
	"ioscope/model"
)

// What was just active is brighter in the rail for a moment, where motion is wanted.
func TestActiveRowsAreBrighter(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{w: 120, h: 40})
	h.town()
	aapl := &source{h.subscribe("AAPL"), "AAPL", 1, 38}
	h.flow(2, aapl)
	row := func(name string) string {
		t.Helper()
		for _, line := range strings.Split(h.app.View(), "\n") {
			if left, _, _ := strings.Cut(ansi.Strip(line), "│"); strings.Contains(left, name) {
				part, _, _ := strings.Cut(line, "│")
				return part
			}
		}
		t.Fatalf("no row %q:\n%s", name, h.text())
		return ""
	}
	bright := func(sign string) *regexp.Regexp { return regexp.MustCompile(`\x1b\[1[0-9;]*m ?` + sign) }
	spark, rate, took := bright(`[▂▃▄▅▆▇█]`), bright(`\d+/s`), bright(` *3 ms`)
	if !spark.MatchString(row("● PriceFeed")) || spark.MatchString(row("● CalcClassic")) {
		t.Errorf("the server that sends is not brighter: %q", row("● PriceFeed"))
	}
	if !rate.MatchString(row("MarketData.Prices")) || !rate.MatchString(row("≈ Prices AAPL")) {
		t.Errorf("the stream is not brighter: %q", row("MarketData.Prices"))
	}
	h.call("Addition", bus.Target{}, `{"a":2,"b":3}`, reply{"CalcPrecise", `{"sum":5}`, 3 * time.Millisecond})
	h.app.state.Go(model.Methods)
	h.pass(0)
	if !took.MatchString(row(" Addition ")) {
		t.Errorf("the method is not brighter: %q", row(" Addition "))
	}

	h.app.opts.Still = true
	h.pass(0)
	if spark.MatchString(row("● PriceFeed")) || took.MatchString(row(" Addition ")) {
		t.Error("motion is off, and something is brighter")
	}
	h.app.opts.Still = false
	h.pass(3 * time.Second)
	if spark.MatchString(row("● PriceFeed")) || rate.MatchString(row("MarketData.Prices")) || took.MatchString(row(" Addition ")) {
		t.Errorf("still brighter after 3 s: %q", row("● PriceFeed"))
	}
}
