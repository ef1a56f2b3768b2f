package gateway

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ioscope/client/internal/wire"
)

// enrol logs a peer in over a socket.
func enrol(t *testing.T, s *Server, app string) *client {
	t.Helper()
	c := dial(t, s)
	t.Cleanup(func() { _ = c.conn.Close(wire.CodeCut, "") })
	c.id = c.hello(app, "u")["peer_id"].(string)
	c.send(`{"domain":"global","type":"join","destination":"agm","peer_id":%q}`, c.id)
	c.until("success")
	return c
}

// narrow accepts connections for which the system buffers little.
type narrow struct{ net.Listener }

func (n narrow) Accept() (net.Conn, error) {
	conn, err := n.Listener.Accept()
	if err == nil {
		_ = conn.(*net.TCPConn).SetWriteBuffer(16 << 10)
	}
	return conn, err
}

// TestSlowSocketIsCutOff is TestSlowPeerIsCutOff with the system's buffers
// between: the slow one is found only when they are full.
func TestSlowSocketIsCutOff(t *testing.T) {
	t.Parallel()
	g := New(&Options{QueueLimit: 1 << 20})
	t.Cleanup(func() { _ = g.Close() })
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := newServer(g, narrow{listener})
	g.adopt(s)
	go func() { _ = s.serve() }()
	pub, quick, slow := enrol(t, s, "pub"), enrol(t, s, "quick"), enrol(t, s, "slow")
	pub.send(`{"domain":"agm","type":"register","peer_id":%q,"methods":[{"id":"0","name":"S"}]}`, pub.id)
	for _, sub := range []*client{quick, slow} {
		sub.until("methods-added")
		sub.send(`{"domain":"agm","type":"subscribe","peer_id":%q,"server_id":%q,"method_id":"0"}`, sub.id, pub.id)
		id := pub.until("add-interest")["subscription_id"]
		pub.send(`{"domain":"agm","type":"accepted","peer_id":%q,"subscription_id":%q,"stream_id":"S"}`, pub.id, id)
		sub.until("subscribed")
	}
	body := strings.Repeat("x", 200_000)
	for n := 0; g.Stats().CutOff == 0; n++ {
		pub.send(`{"domain":"agm","type":"publish","peer_id":%q,"stream_id":"S","sequence":%d,"data":%q}`, pub.id, n, body)
		if got := quick.until("event")["sequence"]; got != float64(n) {
			t.Fatalf("event %v comes as number %d", got, n)
		}
		if n > 500 { // a hundred megabytes
			t.Fatal("the slow one is never cut off")
		}
	}
	if who := pub.until("peer-removed")["removed_id"]; who != slow.id {
		t.Errorf("%v went, want %s", who, slow.id)
	}
}

// TestAnnouncementsComeAlone has somebody hear of a newcomer, and of their end,
// while nothing else is sent that could take the news along.
func TestAnnouncementsComeAlone(t *testing.T) {
	t.Parallel()
	_, s := served(t, nil)
	first := enrol(t, s, "first")
	second := enrol(t, s, "second")
	if id := first.until("peer-added")["new_peer_id"]; id != second.id {
		t.Errorf("%v came, want %s", id, second.id)
	}
	_ = second.conn.Close(wire.CodeCut, "")
	if id := first.until("peer-removed")["removed_id"]; id != second.id {
		t.Errorf("%v went, want %s", id, second.id)
	}
}

// TestLoginDelaysNobody has answers written before a log-in that takes its time,
// although all came together.
func TestLoginDelaysNobody(t *testing.T) {
	t.Parallel()
	asked, decide := make(chan struct{}, 1), make(chan struct{})
	_, s := served(t, &Options{Authenticate: func(user, _ string) error {
		if user == "slow" {
			asked <- struct{}{}
			<-decide
		}
		return nil
	}})
	c := enrol(t, s, "c")
	c.send(`{"domain":"agm","type":"nosuch","request_id":"before"}`)
	c.send(`{"type":"hello","request_id":"hello","authentication":{"method":"secret","login":"slow","secret":""}}`)
	<-asked
	c.answer("before")
	close(decide)
	c.answer("hello")
}

// TestSoak has applications come over sockets, call, subscribe, publish and go
// in every way, all at once. Everything they get is sound and in order, and
// nothing is left of them.
func TestSoak(t *testing.T) {
	t.Parallel()
	g, s := served(t, nil)
	var all sync.WaitGroup
	var results, events atomic.Int64
	for who := range 6 {
		random := rand.New(rand.NewPCG(uint64(who), 1))
		all.Go(func() {
			for range 12 {
				l := life{TB: t, random: random, last: map[string]int{}}
				l.live(s)
				results.Add(l.results)
				events.Add(l.events)
			}
		})
	}
	all.Wait()
	if results.Load() == 0 || events.Load() == 0 {
		t.Errorf("%d results and %d events", results.Load(), events.Load())
	}
	drained(t, g)
	if left := leftovers(g); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
	enrol(t, s, "afterwards")
}

// life is one application of TestSoak, from its log-in to its end.
type life struct {
	testing.TB
	random          *rand.Rand
	conn            wire.Conn
	id              string
	next            int            // number of the next event
	last            map[string]int // by subscription: the last event
	results, events int64
}

func (l *life) live(s *Server) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(20+l.random.IntN(150))*time.Millisecond)
	defer cancel()
	conn, err := wire.Dial(context.Background(), s.URL())
	if err != nil {
		l.Error(err)
		return
	}
	l.conn = conn
	l.say(ctx, `{"type":"hello","identity":{"application":"a"},"authentication":{"method":"secret","login":"u","secret":""}}`)
	for range 20 + l.random.IntN(400) {
		text, err := conn.Read(ctx)
		if err != nil {
			break
		}
		var m map[string]any
		if err := json.Unmarshal(text, &m); err != nil {
			l.Errorf("%v: %.200s", err, text)
			break
		}
		l.react(ctx, m)
	}
	_ = conn.Close([]int{wire.CodeCut, wire.CodeNormal, wire.CodeGoingAway}[l.random.IntN(3)], "")
}

// say ignores errors: the read that follows has them too.
func (l *life) say(ctx context.Context, format string, args ...any) {
	_ = l.conn.Write(ctx, fmt.Appendf(nil, format, args...))
}

func (l *life) react(ctx context.Context, m map[string]any) {
	switch m["type"] {
	case "welcome":
		l.id = m["peer_id"].(string)
		l.say(ctx, `{"domain":"global","type":"join","destination":"agm","peer_id":%q}`, l.id)
		l.say(ctx, `{"domain":"agm","type":"register","peer_id":%q,"methods":[{"id":"0","name":"M"}]}`, l.id)
	case "methods-added":
		l.say(ctx, `{"domain":"agm","type":"call","request_id":"c","peer_id":%q,"server_id":%q,"method_id":"0"}`, l.id, m["server_id"])
		l.say(ctx, `{"domain":"agm","type":"subscribe","request_id":"s","peer_id":%q,"server_id":%q,"method_id":"0"}`, l.id, m["server_id"])
	case "invoke":
		l.say(ctx, `{"domain":"agm","type":"yield","peer_id":%q,"invocation_id":%q,"result":{}}`, l.id, m["invocation_id"])
	case "add-interest":
		l.say(ctx, `{"domain":"agm","type":"accepted","peer_id":%q,"subscription_id":%q,"stream_id":"S"}`, l.id, m["subscription_id"])
		for range 5 {
			l.next++
			l.say(ctx, `{"domain":"agm","type":"publish","peer_id":%q,"stream_id":"S","sequence":%d,"data":%q}`,
				l.id, l.next, strings.Repeat("x", l.random.IntN(2000)))
		}
	case "result":
		l.results++
	case "event":
		l.events++
		id, n := m["subscription_id"].(string), int(m["sequence"].(float64))
		if n <= l.last[id] {
			l.Errorf("event %d comes after %d", n, l.last[id])
		}
		l.last[id] = n
	}
}
