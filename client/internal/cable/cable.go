// Package cable is a connection that can be cut, for tests.
package cable

import (
	"errors"
	"io"
	"net"
	"sync"
	"testing"
)

// Cable is the way to a server, which can be cut: what is connected then breaks
// without a goodbye, as when a network fails.
type Cable struct {
	// Address is what to connect to instead of the server.
	Address string

	target string
	listen net.Listener
	wait   sync.WaitGroup

	mu    sync.Mutex
	ends  map[*net.TCPConn]struct{}
	ended bool
}

// Lay stands before the server at an address, until the test is over.
func Lay(t testing.TB, target string) *Cable {
	t.Helper()
	listen, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &Cable{Address: listen.Addr().String(), target: target, listen: listen, ends: map[*net.TCPConn]struct{}{}}
	c.wait.Go(c.accept)
	t.Cleanup(func() {
		_ = listen.Close()
		c.drop(true)
		c.wait.Wait()
	})
	return c
}

// Cut breaks every connection. New ones may follow at once.
func (c *Cable) Cut() { c.drop(false) }

func (c *Cable) drop(forGood bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = c.ended || forGood
	for end := range c.ends {
		_ = end.SetLinger(0) // a reset, not a polite end
		_ = end.Close()
	}
	clear(c.ends)
}

func (c *Cable) accept() {
	for {
		near, err := c.listen.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", c.target)
		if err != nil {
			_ = near.Close()
			continue
		}
		a, b := near.(*net.TCPConn), far.(*net.TCPConn)
		if !c.hold(a, b) {
			continue
		}
		c.wait.Go(func() { c.carry(a, b) })
		c.wait.Go(func() { c.carry(b, a) })
	}
}

// hold remembers the two ends of one connection, unless all has ended.
func (c *Cable) hold(ends ...*net.TCPConn) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, end := range ends {
		c.ends[end] = struct{}{}
		if c.ended {
			_ = end.Close()
		}
	}
	return !c.ended
}

// carry copies until one end is gone, and then ends the other.
func (c *Cable) carry(to, from *net.TCPConn) {
	if _, err := io.Copy(to, from); errors.Is(err, net.ErrClosed) {
		return // cut
	}
	_ = to.CloseWrite()
}
