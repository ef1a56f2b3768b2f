package official

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"ioscope/client/internal/wire"
	"ioscope/client/interval"
)

// crowd holds those back who come to a runner until there are several, and then
// lets all in at once, as a slow network or a busy machine does.
type crowd struct {
	runner *interval.Runner

	mu    sync.Mutex
	size  int // that go in together
	here  int
	total int
	opens chan struct{}
	conns []wire.Conn
}

func (c *crowd) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/websocket" {
		c.runner.ServeHTTP(w, r)
		return
	}
	c.mu.Lock()
	opens := c.opens
	c.total++
	if c.here++; c.here == c.size {
		close(opens)
	}
	c.mu.Unlock()
	<-opens
	conn, err := wire.Accept(w, r, 100<<20)
	if err != nil {
		return
	}
	c.mu.Lock()
	c.conns = append(c.conns, conn)
	c.mu.Unlock()
	_ = c.runner.Serve(conn, interval.Hello{InstanceID: r.Header.Get("X-Instance-Id"), BaseURL: "http://" + r.Host})
}

// cut breaks every connection, and lets nobody in until so many have come.
func (c *crowd) cut(size int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.size, c.here, c.opens = size, 0, make(chan struct{})
	for _, conn := range c.conns {
		_ = conn.Close(wire.CodeCut, "")
	}
	c.conns = nil
}

// came is how many connections there were.
func (c *crowd) came() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.total
}

func joined(d *desk) (n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, e := range d.events {
		if _, ok := e.(interval.HostJoined); ok {
			n++
		}
	}
	return n
}

// TestHostReturnsInACrowd cuts the connection again and again, and lets several
// that the SDK made meanwhile in at once. It tells nobody which of them it means;
// whichever stays, the host goes on and comes back after the next cut.
func TestHostReturnsInACrowd(t *testing.T) {
	t.Parallel()
	sdk(t)
	d := newDesk(t, interval.RunnerOptions{})
	through := &crowd{runner: d.runner, size: 1, opens: make(chan struct{})}
	server := httptest.NewServer(through)
	t.Cleanup(func() {
		d.runner.Close() // else the server waits for what was hijacked
		server.Close()
	})
	run(t, "host.mjs", "ws"+strings.TrimPrefix(server.URL, "http")+"/websocket").line(0, func(l []byte) bool { return string(l) == "ready" })
	for round := range 8 {
		id := d.start("validates")
		q := d.asked(id, "Code")
		through.cut(1 + round%4)
		lost := false
		await(d, func(e interval.PhaseChanged) bool {
			lost = lost || e.Transaction == id && e.Phase == interval.PhaseLost
			return lost && e.Transaction == id && e.Phase == interval.PhaseAsking
		})
		d.answer(q, answers{"Code": "A1"}, "")
		d.succeeds(id, "A1")
		// The end of one that still waits would be the very end that the SDK takes for
		// its own, and nobody can spare it that.
		d.until(func() bool { return joined(d) == through.came() })
	}
}
