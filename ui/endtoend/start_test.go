//go:build linux

package endtoend

import (
	"fmt"
	"net"
	"regexp"
	"strings"
	"testing"

	"ioscope/client/bus"
)

// usualPort is where a bus of one's own listens if it can.
const usualPort = 8385

// gatewayOf is how the peer ids of one gateway begin.
var gatewayOf = regexp.MustCompile(`"peerId":"p-[0-9a-f]+`)

var address = regexp.MustCompile(`ws://127\.0\.0\.1:(\d+)/gw3`)

// TestFirstStart starts the program as on a fresh machine, where no gateway runs.
// It is not parallel: the port is fixed.
func TestFirstStart(t *testing.T) {
	at := fmt.Sprintf("127.0.0.1:%d", usualPort)
	if l, err := net.Listen("tcp", at); err == nil {
		_ = l.Close()
		t.Run("the port is free", func(t *testing.T) { firstStart(t, true) })
	} else {
		t.Logf("not tested with a free port: %v", err)
	}
	t.Run("the port is taken", func(t *testing.T) {
		l, err := net.Listen("tcp", at)
		if err != nil {
			t.Skipf("the port is taken by somebody whose doings are not known: %v", err)
		}
		defer func() { _ = l.Close() }()
		go hangUp(l)
		firstStart(t, false)
	})
}

// hangUp is a program at a port that speaks no protocol of ours.
func hangUp(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		_ = c.Close()
	}
}

func firstStart(t *testing.T, usual bool) {
	e := start(t, 120, 40, nil)
	if s := e.see("● live"); !strings.Contains(s.header(), "demo bus") {
		t.Skipf("a gateway of somebody else's came to the port: %q", s.header())
	}
	e.see("Welcome", "No gateway ran at 127.0.0.1:8385, so this is a bus of its own", "Your apps can join at", "● live")
	s := e.rest()
	m := address.FindStringSubmatch(strings.Join(s.pane("0"), "\n"))
	if m == nil {
		t.Fatalf("no address to join at:\n%s", s)
	}
	url, port := m[0], m[1]
	if free := port == fmt.Sprint(usualPort); free != usual {
		if l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", usualPort)); usual && err != nil {
			t.Skipf("another program took the port in the meantime: %v", err)
		} else if err == nil {
			_ = l.Close()
		}
		t.Errorf("the bus is at %s, usual port %t", url, usual)
	}
	if note := fmt.Sprintf("%d was taken; this bus listens at %s", usualPort, url); s.has(note) == usual {
		t.Errorf("the note %q: %t, want %t\n%s", note, s.has(note), !usual, s)
	}
	if !strings.Contains(s.header(), url) {
		t.Errorf("the header does not tell the address: %q", s.header())
	}

	out, err := run(t, "servers", "--json", "--url", url)
	if err != nil || !strings.Contains(out, `"PriceFeed"`) {
		t.Errorf("another program does not see the apps: %v\n%s", err, out)
	}
	gateway := gatewayOf.FindString(out)
	join(t, url, "Visitor")
	e.press("esc")
	e.gone("Welcome")
	e.press("0", "esc", "1", "G")
	e.until("the visitor", func(s screen) bool { return s.paneHas("1", "● Visitor") && !s.has("Welcome") })

	e.press("q")
	if code := e.ended(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	// The port may be another's by now.
	if out, err := run(t, "servers", "--json", "--url", url); err == nil && gatewayOf.FindString(out) == gateway {
		t.Errorf("the bus is still there after its explorer has ended:\n%s", out)
	}
}

// TestNobodyAnswers asks for an address where nothing is yet.
func TestNobodyAnswers(t *testing.T) {
	t.Parallel()
	at := freeAddress(t)
	e := start(t, 120, 40, nil, "--url", "ws://"+at+"/gw3")
	e.see("✗ Nobody answers at ws://"+at, "connection refused", "next try in", "✗ offline")
	s := e.screen()
	if s.has("Welcome") || strings.Contains(s.header(), "demo") {
		t.Errorf("switched to the demo silently:\n%s", s)
	}
	g := serve(t, at, "--demo")
	e.until("the bus", func(s screen) bool {
		return strings.Contains(s.header(), "● live") && s.paneHas("1", "● CalcClassic")
	})
	g.stop(t)
}

// TestGatewayIsLost: what was known stays readable while the gateway is away, and
// all is as before when it is back.
func TestGatewayIsLost(t *testing.T) {
	t.Parallel()
	g := serve(t, freeAddress(t))
	offer(t, join(t, g.url, "Anna"), bus.MethodDefinition{Name: "Anna.Ask"})
	e := explore(t, 120, 40, g.url)
	e.press("2")
	e.until("the method", on("2", "Anna.Ask"))
	g.kill()
	e.until("the loss", func(s screen) bool {
		return strings.Contains(s.header(), "! lost") && strings.Contains(s.header(), "as it was: 2 servers") && s.paneHas("1", "Anna")
	})
	e.until("another try", func(s screen) bool { return strings.Contains(s.header(), "retry in") })
	serve(t, strings.TrimSuffix(strings.TrimPrefix(g.url, "ws://"), "/gw3"))
	e.until("the bus again", func(s screen) bool {
		return strings.Contains(s.header(), "● live") && s.paneHas("1", "● Anna") && on("2", "Anna.Ask")(s)
	})
}

// TestAddressIsChanged goes from an address where nobody is to another.
func TestAddressIsChanged(t *testing.T) {
	t.Parallel()
	url := demo(t)
	e := start(t, 80, 24, nil, "--url", "ws://"+freeAddress(t)+"/gw3")
	e.see("Nobody answers")
	e.press("a")
	e.see("Address of the gateway")
	e.press("ctrl+u")
	e.write("http://127.0.0.1")
	e.press("enter")
	e.see("✗ an address begins with ws:// or wss://")
	e.press("ctrl+u")
	e.write(url)
	e.press("enter")
	e.see("● live", "● CalcClassic")
}
