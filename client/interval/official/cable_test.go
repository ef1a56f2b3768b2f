package official

import (
	"io"
	"net"
	"sync"
	"testing"
)

// cable is a way to the runner that can be cut: what is connected then breaks
// without a goodbye.
type cable struct {
	url    string
	target string
	listen net.Listener
	work   sync.WaitGroup

	mu    sync.Mutex
	ended bool
	ends  map[*net.TCPConn]bool
}

func newCable(t testing.TB, target string) *cable {
	t.Helper()
	listen, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cable{url: "ws://" + listen.Addr().String() + "/websocket", target: target, listen: listen, ends: map[*net.TCPConn]bool{}}
	c.work.Go(c.accept)
	t.Cleanup(func() {
		_ = listen.Close()
		c.drop(true)
		c.work.Wait()
	})
	return c
}

func (c *cable) cut() { c.drop(false) }

func (c *cable) drop(forGood bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = c.ended || forGood
	for end := range c.ends {
		_ = end.SetLinger(0) // a reset
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
		c.join(near.(*net.TCPConn), far.(*net.TCPConn))
	}
}

func (c *cable) join(a, b *net.TCPConn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended {
		_, _ = a.Close(), b.Close()
		return
	}
	c.ends[a], c.ends[b] = true, true
	carry := func(to, from *net.TCPConn) {
		_, _ = io.Copy(to, from)
		_ = to.CloseWrite()
	}
	c.work.Go(func() { carry(a, b) })
	c.work.Go(func() { carry(b, a) })
}
