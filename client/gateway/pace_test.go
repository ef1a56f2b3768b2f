package gateway

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ioscope/client/internal/wire"
)

// closedWith reads what is left and returns the goodbye.
func (c *client) closedWith() *wire.CloseError {
	c.Helper()
	for {
		if _, err := c.conn.Read(c.Context()); err != nil {
			var closed *wire.CloseError
			if !errors.As(err, &closed) {
				c.Fatalf("ended with %v", err)
			}
			return closed
		}
	}
}

// TestGreedyPeerIsSlowed lets a peer ask without reading the answers. It is
// slowed before its queue can grow to the limit; others are served meanwhile,
// and it gets everything once it reads.
func TestGreedyPeerIsSlowed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := New(&Options{QueueLimit: 100_000})
		greedy, other := join(t, g, "greedy"), join(t, g, "other")
		const requests = 5000
		asked := make(chan struct{})
		go func() {
			defer close(asked)
			for range requests {
				_ = greedy.conn.Write(t.Context(), []byte(`{"domain":"agm","type":"nosuch","request_id":"x"}`))
			}
		}()
		time.Sleep(defaultSlowPatience / 2) // of the bubble's clock
		select {
		case <-asked:
			t.Error("it was never slowed")
		default:
		}
		if s := g.Stats(); s.SlowPeers != 1 || s.QueuedBytes > 50_000 || s.CutOff != 0 {
			t.Errorf("stats while it is slowed: %+v", s)
		}
		other.send(`{"domain":"agm","type":"nosuch","request_id":"o"}`)
		other.answer("o")
		for range requests {
			greedy.answer("x")
		}
		<-asked
		synctest.Wait()
		time.Sleep(2 * slowLook)
		if s := g.Stats(); s.SlowPeers != 0 || s.Dropped != 0 {
			t.Errorf("stats afterwards: %+v", s)
		}
		_ = g.Close()
	})
}

// TestStuckPeerIsCutOff never reads at all.
func TestStuckPeerIsCutOff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log logged
		g := New(&Options{QueueLimit: 100_000, Logger: log.logger()})
		greedy := join(t, g, "greedy")
		written := make(chan struct{})
		go func() {
			defer close(written)
			for {
				if greedy.conn.Write(t.Context(), []byte(`{"domain":"agm","type":"nosuch","request_id":"x"}`)) != nil {
					return
				}
			}
		}()
		before := time.Now()
		<-written
		if took := time.Since(before).Round(time.Second); took != defaultSlowPatience {
			t.Errorf("cut off after %v", took)
		}
		if closed := greedy.closedWith(); closed.Code != wire.CodePolicy || !strings.Contains(closed.Reason, "none was taken for 30s") {
			t.Errorf("told %v", closed)
		}
		synctest.Wait()
		if s := g.Stats(); s.CutOff != 1 || s.Dropped == 0 || s.SlowPeers != 0 || s.Connections != 0 {
			t.Errorf("stats: %+v", s)
		}
		if !strings.Contains(log.String(), `msg="connection cut off"`) || !strings.Contains(log.String(), "peers=[greedy]") {
			t.Errorf("the log says %s", &log)
		}
		_ = g.Close()
	})
}

// TestGreedyPeerOverSocket is the same over a real socket, whose buffers hold
// some of it: what it asks for stays unread, so that it is the one who waits.
func TestGreedyPeerOverSocket(t *testing.T) {
	t.Parallel()
	g, s := served(t, &Options{QueueLimit: 64 << 10, SlowPatience: 50 * time.Millisecond})
	greedy, other := dial(t, s), dial(t, s)
	greedy.hello("greedy", "ada")
	other.hello("other", "ada")
	request := []byte(`{"domain":"agm","type":"nosuch","request_id":"` + strings.Repeat("x", 4000) + `"}`)
	var asked uint64
	for greedy.conn.Write(t.Context(), request) == nil {
		asked++
	}
	other.send(`{"type":"nosuch","request_id":"o"}`)
	other.answer("o")
	_ = greedy.conn.Close(wire.CodeCut, "")
	_ = other.conn.Close(wire.CodeNormal, "")
	drained(t, g)
	if now := g.Stats(); now.CutOff != 1 || now.MessagesIn >= asked {
		t.Errorf("asked %d times: %+v", asked, now)
	}
}

func TestHelloTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log logged
		g := New(&Options{HelloPatience: 5 * time.Second, Logger: log.logger(), Authenticate: func(user, _ string) error {
			if user == "eve" {
				return errors.New("no")
			}
			return nil
		}})
		connect := func() (*client, *link) {
			ours, theirs := wire.Pipe()
			l := newLink(ours, "192.0.2.1", &g.options)
			l.watched = true
			g.start(l)
			return &client{TB: t, conn: theirs}, l
		}
		silent, first := connect()
		refused, second := connect()
		good, third := connect()
		memory := &client{TB: t, conn: g.Connect(false)}
		refused.hello("x", "eve")
		good.hello("x", "ada")
		before := time.Now()
		<-first.finished
		<-second.finished
		if took := time.Since(before); took != 5*time.Second {
			t.Errorf("ended after %v", took)
		}
		for _, c := range []*client{silent, refused} {
			if closed := c.closedWith(); closed.Code != wire.CodePolicy || closed.Reason != "nobody logged in within 5s" {
				t.Errorf("told %v", closed)
			}
		}
		time.Sleep(time.Minute) // of the bubble's clock
		if third.gone() {
			t.Error("who logged in was cut off")
		}
		memory.hello("late", "ada") // a program's own connection may wait
		if n := strings.Count(log.String(), "nobody logged in"); n != 2 {
			t.Errorf("%d lines in the log:\n%s", n, &log)
		}
		if !strings.Contains(log.String(), `msg="log-in refused" remote=192.0.2.1 user=eve reason=no`) {
			t.Errorf("the log says %s", &log)
		}
		_ = g.Close()
	})
}
