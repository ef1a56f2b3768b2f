//go:build linux

package endtoend

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"ioscope/client/bus"
)

var lostFor = regexp.MustCompile(`! lost (\d\d:\d\d)`)

// TestBusIsLostAndBack kills the gateway under a subscription and starts it again at
// the same port.
func TestBusIsLostAndBack(t *testing.T) {
	t.Parallel()
	g := serve(t, freeAddress(t))
	p := publish(t, g.url, "Tape.Numbers")
	e := explore(t, 120, 40, g.url)
	e.form("3", "Tape.Numbers")
	e.write("me")
	e.press("ctrl+s")
	e.work("● accepted by Tape")
	<-p.asked
	p.push(t, 1, 5)
	e.work("6 events")
	g.kill()
	first := lostFor.FindString(e.until("the loss", func(s screen) bool {
		return lostFor.MatchString(s.header()) && strings.Contains(s.header(), "as it was: 2 servers")
	}).header())
	e.work("6 events", "n 5  ")
	e.until("the time going on", func(s screen) bool { return lostFor.FindString(s.header()) != first })

	serve(t, strings.TrimSuffix(strings.TrimPrefix(g.url, "ws://"), "/gw3"))
	e.until("the bus again", func(s screen) bool { return strings.Contains(s.header(), "● live") && s.paneHas("1", "● Tape") })
	<-p.asked
	e.work("● accepted by Tape", "connection lost for")
	p.push(t, 6, 7)
	e.work("n 5  ", "n 7  ")
	e.press("5")
	e.work("! you", "lost", "✓ you")
}

// settings writes a config file below a home.
func settings(t *testing.T, home, text string) {
	t.Helper()
	file := filepath.Join(home, ".config", "ioscope", "config.yaml")
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// configured opens the explorer as the person of a home, who may have settings.
func configured(t *testing.T, home string, args ...string) *terminal {
	t.Helper()
	cmd := command(t, []string{"HOME=" + home}, args...)
	cmd.Dir = home
	return open(t, 120, 40, cmd)
}

// TestTwoBuses goes from one bus of the config to the other and back: what was on the
// screen is there again, and went on.
func TestTwoBuses(t *testing.T) {
	t.Parallel()
	east, west, home := serve(t, "127.0.0.1:0"), serve(t, "127.0.0.1:0"), t.TempDir()
	p := publish(t, east.url, "Tape.Numbers")
	offer(t, join(t, west.url, "Bert"), bus.MethodDefinition{Name: "Bert.Ask", Accepts: "string name"})
	settings(t, home, fmt.Sprintf("bus: east\nbuses:\n  east:\n    url: %s\n  west:\n    url: %s\n", east.url, west.url))
	e := configured(t, home)
	e.until("the first bus", func(s screen) bool {
		return strings.Contains(s.header(), " east ") && strings.Contains(s.header(), "● live") && s.paneHas("3", "Tape.Numbers")
	})
	e.form("3", "Tape.Numbers")
	e.write("me")
	e.press("ctrl+s")
	e.work("● accepted by Tape")
	p.push(t, 1, 9)
	e.work("10 events")
	e.press("space", "k", "k")
	e.until("two rows up", on("0", "n 7  "))

	e.press("B")
	e.see("─ Bus ─", "● live", "not tried")
	e.press("down", "enter")
	e.until("the second bus", func(s screen) bool {
		return strings.Contains(s.header(), " west ") && strings.Contains(s.header(), "● live") && s.paneHas("2", "Bert.Ask") && !s.has("Tape")
	})
	e.form("2", "Bert.Ask")
	e.write("half")
	p.push(t, 10, 12)

	e.press("esc")
	e.until("the list", focused("2"))
	e.press("B")
	e.see("─ Bus ─")
	e.press("up", "enter")
	e.until("the first as it was", func(s screen) bool {
		return strings.Contains(s.header(), " east ") && on("0", "n 7  ")(s) && s.has("‖ paused") && s.has("3 new below")
	})
	e.press("B")
	e.see("─ Bus ─")
	e.press("down", "enter")
	e.until("the second as it was", func(s screen) bool { return strings.Contains(s.header(), " west ") && on("2", "Bert.Ask")(s) })
	e.press("4", "enter")
	e.work("Answer within", "half")
}
