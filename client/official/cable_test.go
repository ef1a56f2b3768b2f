package official

import (
	"errors"
	"io"
	"net"
	"net/url"
	"sync"
	"testing"
)

// cable is a connection's way to a gateway, which can be cut: what is connected
// then breaks without a goodbye, as when a network fails.
type cable struct {
	url string

	target string
	listen net.Listener
	wait   sync.WaitGroup

	mu    sync.Mutex
	ends  map[*net.TCPConn]struct{}
	ended bool
}

// layCable stands between its url and the gateway's.
func layCable(t testing.TB, gateway string) *cable {
	t.Helper()
	address, err := url.Parse(gateway)
	if err != nil {
		t.Fatal(err)
	}
	listen, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cable{target: address.Host, listen: listen, ends: map[*net.TCPConn]struct{}{}}
	address.Host = listen.Addr().String()
	c.url = address.String()
	c.wait.Go(c.accept)
	t.Cleanup(func() {
		_ = listen.Close()
		c.drop(true)
		c.wait.Wait()
	})
	return c
}

// cut breaks every connection. New ones may follow at once.
func (c *cable) cut() { c.drop(false) }

func (c *cable) drop(forGood bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = c.ended || forGood
	for end := range c.ends {
		_ = end.SetLinger(0) // a reset, not a polite end
		_ = end.Close()
	}
	clear(c.ends)
}

func (c *cable) accept() {
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
func (c *cable) hold(ends ...*net.TCPConn) bool {
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
func (c *cable) carry(to, from *net.TCPConn) {
	if _, err := io.Copy(to, from); errors.Is(err, net.ErrClosed) {
		return // cut
	}
	_ = to.CloseWrite()
}
