package gateway

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"ioscope/client/internal/wire"
)

// logged is a log that can be looked at while others write to it.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func (l *logged) logger() *slog.Logger { return slog.New(slog.NewTextHandler(l, nil)) }

// TestSlowPeerIsCutOff lets one subscriber stop reading. The publisher and the
// other subscriber must not notice, but for the slow one's going.
func TestSlowPeerIsCutOff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log logged
		g := New(&Options{QueueLimit: 100_000, Logger: log.logger()})
		pub, quick, slow := join(t, g, "pub"), join(t, g, "quick"), join(t, g, "slow")
		pub.send(`{"domain":"agm","type":"register","peer_id":%q,"methods":[{"id":"0","name":"S"}]}`, pub.id)
		for _, sub := range []*client{quick, slow} {
			sub.until("methods-added")
			sub.send(`{"domain":"agm","type":"subscribe","peer_id":%q,"server_id":%q,"method_id":"0"}`, sub.id, pub.id)
			id := pub.until("add-interest")["subscription_id"]
			pub.send(`{"domain":"agm","type":"accepted","peer_id":%q,"subscription_id":%q,"stream_id":"S"}`, pub.id, id)
			sub.until("subscribed")
		}
		body := strings.Repeat("x", 1000)
		for range 1000 {
			pub.send(`{"domain":"agm","type":"publish","peer_id":%q,"stream_id":"S","data":%q}`, pub.id, body)
			quick.until("event")
		}
		if gone := pub.until("peer-removed")["removed_id"]; gone != slow.id {
			t.Errorf("%v went, want %s", gone, slow.id)
		}
		synctest.Wait()
		var closed *wire.CloseError
		for {
			if _, err := slow.conn.Read(t.Context()); err != nil {
				if !errors.As(err, &closed) || closed.Code != wire.CodePolicy || !strings.Contains(closed.Reason, "too slow") {
					t.Errorf("the slow peer is told %v", err)
				}
				break
			}
		}
		if !strings.Contains(log.String(), "too slow") || !strings.Contains(log.String(), "peers=[slow]") {
			t.Errorf("the log says %q", &log)
		}
		_ = g.Close()
	})
}

// deaf is a connection whose other end has vanished: nothing comes, and pings
// are not answered.
type deaf struct{ wire.Conn }

func (deaf) Ping(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

func TestHalfOpenConnectionIsFound(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log logged
		o := &Options{Logger: log.logger()}
		g := New(o)
		ours, theirs := wire.Pipe()
		l := newLink(deaf{ours}, "192.0.2.1", &g.options)
		l.watched = true
		g.start(l)
		c := &client{TB: t, conn: theirs}
		c.send(`{"type":"hello","authentication":{"method":"secret","login":"u","secret":""}}`)
		c.until("welcome")
		before := time.Now()
		<-l.finished
		if took := time.Since(before); took != defaultPingEvery+defaultPingPatience {
			t.Errorf("noticed after %v", took)
		}
		if left := leftovers(g); len(left) > 0 {
			t.Errorf("left over: %v", left)
		}
		if !strings.Contains(log.String(), "no answer to ping") {
			t.Errorf("the log says %q", &log)
		}
		_ = g.Close()
	})
}

func TestPingsGoOnWhileAnswered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := New(&Options{HelloPatience: -1})
		ours, theirs := wire.Pipe()
		l := newLink(ours, "192.0.2.1", &g.options)
		l.watched = true
		g.start(l)
		time.Sleep(24 * time.Hour) // of the bubble's clock
		select {
		case <-l.finished:
			t.Error("a healthy connection was ended")
		default:
		}
		_ = theirs.Close(wire.CodeNormal, "")
		_ = g.Close()
	})
}

// pipeListener accepts connections in memory, whose writes wait for a reader.
type pipeListener struct {
	conns chan net.Conn
	once  sync.Once
}

func (l *pipeListener) Accept() (net.Conn, error) {
	conn, ok := <-l.conns
	if !ok {
		return nil, net.ErrClosed
	}
	return conn, nil
}

func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.conns) })
	return nil
}

func (l *pipeListener) Addr() net.Addr { return &net.TCPAddr{} }

// TestCloseDoesNotWaitForTheDead closes a gateway while a client neither reads
// nor answers.
func TestCloseDoesNotWaitForTheDead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := New(nil)
		listener := &pipeListener{conns: make(chan net.Conn, 1)}
		served := make(chan error, 1)
		go func() { served <- g.Serve(listener) }()
		ours, theirs := net.Pipe()
		listener.conns <- theirs
		_, err := io.WriteString(ours, "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
			"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n")
		if err != nil {
			t.Fatal(err)
		}
		answer := make([]byte, 4096)
		if n, err := ours.Read(answer); err != nil || !bytes.Contains(answer[:n], []byte("101 Switching")) {
			t.Fatalf("%s, %v", answer[:n], err)
		}
		synctest.Wait()
		before := time.Now()
		_ = g.Close()
		if took := time.Since(before); took > 2*closeGrace {
			t.Errorf("close took %v", took)
		}
		if err := <-served; err != nil {
			t.Errorf("serve: %v", err)
		}
		_ = ours.Close()
	})
}

// served is a gateway on a real socket.
func served(t *testing.T, o *Options) (*Gateway, *Server) {
	t.Helper()
	g := New(o)
	t.Cleanup(func() { _ = g.Close() })
	s, err := g.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return g, s
}

func dial(t *testing.T, s *Server) *client {
	t.Helper()
	conn, err := wire.Dial(t.Context(), s.URL())
	if err != nil {
		t.Fatal(err)
	}
	return &client{TB: t, conn: conn}
}

// TestBadConnectionsCostOnlyThemselves sends what must not be passed on.
func TestBadConnectionsCostOnlyThemselves(t *testing.T) {
	t.Parallel()
	_, s := served(t, &Options{ReadLimit: 1000})
	good := dial(t, s)
	defer good.conn.Close(wire.CodeNormal, "")
	for _, c := range []struct {
		name, text string
		code       int
		reason     string
	}{
		{"oversize", `{"type":"` + strings.Repeat("x", 1000) + `"}`, wire.CodeTooBig, "limit of 1000 bytes"},
		{"no utf-8", "{\"type\":\"\xff\"}", wire.CodeBadText, ""},
	} {
		bad := dial(t, s)
		bad.send("%s", c.text)
		var closed *wire.CloseError
		_, err := bad.conn.Read(t.Context())
		if !errors.As(err, &closed) || closed.Code != c.code || !strings.Contains(closed.Reason, c.reason) {
			t.Errorf("%s: closed with %v, want code %d and %q", c.name, err, c.code, c.reason)
		}
		_ = bad.conn.Close(wire.CodeCut, "")
		good.send(`{"type":"nosuch"}`)
		good.until("error")
	}
}

func TestOrigin(t *testing.T) {
	t.Parallel()
	for origin, want := range map[string]bool{
		"http://localhost:4242": true, "https://127.0.0.1": true, "http://[::1]:80": true, "http://app.localhost": true,
		"http://LOCALHOST": true, "http://127.1.2.3": true,
		"http://example.com": false, "null": false, "http://localhost.example.com": false, "http://10.0.0.1": false,
		"": false, "://": false, "file://": false,
	} {
		if got := LoopbackOrigin(origin); got != want {
			t.Errorf("%q: %v", origin, got)
		}
	}
	g := New(nil)
	defer g.Close()
	r := httptest.NewRequest(http.MethodGet, "/any/path", nil)
	r.Header.Set("Origin", "http://example.com")
	w := httptest.NewRecorder()
	g.ServeHTTP(w, r)
	if w.Code != http.StatusForbidden {
		t.Errorf("a foreign page gets status %d", w.Code)
	}
	r.Header.Del("Origin")
	w = httptest.NewRecorder()
	g.ServeHTTP(w, r)
	if w.Code != http.StatusUpgradeRequired {
		t.Errorf("a browser that asks for no websocket gets status %d", w.Code)
	}
}

func TestCloseSaysGoodbye(t *testing.T) {
	t.Parallel()
	g, s := served(t, nil)
	var conns []wire.Conn
	for range 3 {
		c := dial(t, s)
		c.hello("A", "ada") // it is let in: who is still on the way is told nothing
		conns = append(conns, c.conn, g.Connect(false))
	}
	ends := make(chan error, len(conns))
	for _, c := range conns {
		go func() {
			var err error
			for err == nil {
				_, err = c.Read(context.Background())
			}
			ends <- err
			_ = c.Close(wire.CodeNormal, "")
		}()
	}
	if err := g.Close(); err != nil {
		t.Error(err)
	}
	for range conns {
		var closed *wire.CloseError
		if err := <-ends; !errors.As(err, &closed) || closed.Code != wire.CodeGoingAway {
			t.Errorf("told %v", err)
		}
	}
	if err := g.Close(); err != nil {
		t.Errorf("second close: %v", err)
	}
	if _, err := g.Listen(t.Context(), "127.0.0.1:0"); !errors.Is(err, http.ErrServerClosed) {
		t.Errorf("listen on a closed gateway: %v", err)
	}
	if _, err := g.Connect(false).Read(t.Context()); !errors.Is(err, io.EOF) {
		t.Errorf("connect to a closed gateway: %v", err)
	}
	if _, err := net.Dial("tcp", s.Addr().String()); err == nil {
		t.Error("the port is still open")
	}
}

func TestServeReturnsWhenClosed(t *testing.T) {
	t.Parallel()
	g := New(nil)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- g.Serve(listener) }()
	conn, err := wire.Dial(t.Context(), "ws://"+listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.Close(wire.CodeNormal, "")
	_ = g.Close()
	if err := <-ended; err != nil {
		t.Errorf("serve: %v", err)
	}
}

// TestOwnerSeesEverybody connects the explorer's way.
func TestOwnerSeesEverybody(t *testing.T) {
	t.Parallel()
	g := New(nil)
	defer g.Close()
	other := join(t, g, "other")
	owner := &client{TB: t, conn: g.Connect(true)}
	owner.send(`{"type":"hello","authentication":{"method":"secret","login":"somebody","secret":""}}`)
	owner.id = owner.until("welcome")["peer_id"].(string)
	owner.send(`{"domain":"global","type":"join","destination":"agm","peer_id":%q}`, owner.id)
	if seen := owner.until("peer-added")["new_peer_id"]; seen != other.id {
		t.Errorf("the owner sees %v", seen)
	}
	if seen := other.until("peer-added")["new_peer_id"]; seen != owner.id {
		t.Errorf("the other sees %v", seen)
	}
}

func TestAuthenticate(t *testing.T) {
	t.Parallel()
	g := New(&Options{Authenticate: func(user, secret string) error {
		if secret != "sesame" {
			return errors.New("wrong password for " + user)
		}
		return nil
	}})
	defer g.Close()
	c := &client{TB: t, conn: g.Connect(false)}
	c.send(`{"type":"hello","authentication":{"method":"secret","login":"u","secret":"x"}}`)
	if got := c.until("error"); got["reason"] != "wrong password for u" || got["reason_uri"] != authFailure {
		t.Errorf("refused with %v", got)
	}
	c.send(`{"type":"hello","authentication":{"method":"secret","login":"u","secret":"sesame"}}`)
	c.until("welcome")
}
