//go:build linux

package endtoend

import (
	"io"
	"net"
	"os"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// cord is the way to an address, which can be unplugged: what is connected breaks
// then, and who comes waits until it is plugged in again.
type cord struct {
	address, target string

	mu   sync.Mutex
	out  bool
	ends []net.Conn
	wait []net.Conn // what came meanwhile
	work sync.WaitGroup
}

func plugged(t *testing.T, target string) *cord {
	t.Helper()
	listen, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cord{address: listen.Addr().String(), target: target}
	c.work.Go(func() {
		for {
			near, err := listen.Accept()
			if err != nil {
				return
			}
			c.mu.Lock()
			if c.out {
				c.wait = append(c.wait, near)
			} else {
				c.through(near)
			}
			c.mu.Unlock()
		}
	})
	t.Cleanup(func() {
		_ = listen.Close()
		c.unplug()
		for _, near := range c.wait {
			_ = near.Close()
		}
		c.work.Wait()
	})
	return c
}

// through connects the two ends. It must be called with mu held.
func (c *cord) through(near net.Conn) {
	far, err := net.Dial("tcp", c.target)
	if err != nil {
		_ = near.Close()
		return
	}
	c.ends = append(c.ends, near, far)
	for _, way := range [][2]net.Conn{{near, far}, {far, near}} {
		c.work.Go(func() {
			_, _ = io.Copy(way[0], way[1])
			_ = way[0].Close()
			_ = way[1].Close()
		})
	}
}

func (c *cord) unplug() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.out = true
	for _, end := range c.ends {
		_ = end.Close()
	}
	c.ends = nil
}

func (c *cord) plug() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.out = false
	for _, near := range c.wait {
		c.through(near)
	}
	c.wait = nil
}

// demoHost starts the program's own host.
func demoHost(t *testing.T, address string) {
	t.Helper()
	cmd := command(t, []string{"IOSCOPE_API_KEY=shop_secret"}, "demo-host", "--interval", address)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
	})
}

var goneFor = regexp.MustCompile(`is gone since 00:0[2-9]`)

// away unplugs a host, and waits until the screen has said for two seconds that it
// is gone and the run waits.
func (e *terminal) away(c *cord, host string) {
	e.t.Helper()
	c.unplug()
	e.until("the loss of "+host, func(s screen) bool {
		return s.paneHas("1", "† "+host) && s.paneHas("4", "host lost") && s.has("The run waits") && goneFor.MatchString(s.String())
	})
}

// TestIntervalHostReturns cuts the wire to a host twice in a run: while it asks,
// and while an answer is under way. The same process comes back each time, and the
// run goes on where it was. The SDK's host dials once and waits: of several
// connections one may be on its way when the next cut comes, and the SDK that hears
// of that one's end first stays away for good.
func TestIntervalHostReturns(t *testing.T) {
	t.Parallel()
	for name, visit := range map[string]func(e *terminal, c *cord){
		"the SDK's host": func(e *terminal, c *cord) {
			sdkHost(e.t, c.address, "INTERVAL_RETRY=3600000")
			e.until("the host", func(s screen) bool { return s.paneHas("2", "The errand") })
			e.act("The errand")
			e.shown("Name ───")
			e.write("Ad")
			e.away(c, "sdk-host")
			e.write("a") // typing goes on
			c.plug()
			e.until("its return", func(s screen) bool { return s.paneHas("1", "● sdk-host") && s.paneHas("4", "asks you") })
			e.press("ctrl+s")
			e.shown("✓ 1 Name Ada", "Sure?", "[> Yes <]")
			e.away(c, "sdk-host")
			e.press("enter")
			e.shown("Sure? yes")
			c.plug()
			e.over("Ada true")
		},
		"our host": func(e *terminal, c *cord) {
			demoHost(e.t, c.address)
			e.until("the host", func(s screen) bool { return s.paneHas("2", "Refund an order") })
			e.act("Refund an order")
			e.shown("Order ───", "#1638")
			e.away(c, "shop")
			c.plug()
			e.until("its return", func(s screen) bool { return s.paneHas("1", "● shop") && s.paneHas("4", "asks you") })
			e.press("down", "space", "ctrl+s")
			e.shown("✓ 1 Order", "What it wants to know")
			e.toField("Amount")
			e.press("ctrl+u")
			e.write("1.50")
			e.press("tab")
			e.until("the reasons", func(s screen) bool { return strings.Contains(barRow(s), "Damaged") })
			e.press("space")
			e.away(c, "shop")
			e.press("ctrl+s")
			e.shown("✓ 2 Amount")
			c.plug()
			e.over("1.5")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, address := dashboard(t)
			visit(e, plugged(t, address))
			e.until("nothing that is lost", func(s screen) bool { return !strings.Contains(s.String(), "host lost") })
		})
	}
}
