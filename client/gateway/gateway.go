// Package gateway is an interop gateway: the server in the middle of a gw3 bus.
// It speaks the protocol of the vendor's own gateway, so that official clients
// work with it as they are, and it can be embedded: a program connects to it in
// memory or serves it on a listener.
//
// It serves the domains global, agm (methods and streams), context, bus and
// metrics; metrics are taken and dropped. The activity domain is not offered.
// Nothing is stored on disk. Which addresses to listen on is the caller's
// business; loopback is the wise choice, because any user name with any
// password is let in unless Options.Authenticate says otherwise.
//
// # Concurrency
//
// A Gateway may be used from any goroutine. Every connection has a goroutine
// that reads, one that writes and, for sockets, one that pings. Messages are
// handled one at a time, in one order for all connections, as clients rely on;
// nothing waits for a socket meanwhile, because answers go to a queue per
// connection. A connection whose queue outgrows its bound is cut off.
//
// The package must not import the client: a server must not share its client's
// mistakes.
package gateway

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"ioscope/client/internal/wire"
)

// Options are the settings of a Gateway. The zero value and nil are good.
type Options struct {
	// Logger gets a line for every connection that is cut off and, at debug
	// level, for those that come and go. Default: none.
	Logger *slog.Logger
	// Authenticate decides over a log-in with user name and secret; the text of
	// its error is what the client is told. It is called on the connection's own
	// goroutine and may take its time. Default: everybody may be who they say.
	Authenticate func(user, secret string) error
	// AllowOrigin decides over the Origin header of a connection that has one,
	// as those of browsers do. Default: LoopbackOrigin.
	AllowOrigin func(origin string) bool
	// ReadLimit is the size in bytes of the longest message that is taken; a
	// longer one costs its connection. Default: 16 MiB.
	ReadLimit int64
	// QueueLimit is how many bytes may wait to be written to one connection
	// before it is cut off as too slow. One message always fits. Default: 32 MiB.
	QueueLimit int
	// PingEvery is the time between WebSocket pings, which find connections
	// whose other end has vanished. Default: 15 s; negative: none.
	PingEvery time.Duration
	// PingPatience is how long a ping may stay unanswered. Default: 10 s.
	PingPatience time.Duration
}

const (
	defaultReadLimit    = 16 << 20
	defaultQueueLimit   = 32 << 20
	defaultPingEvery    = 15 * time.Second
	defaultPingPatience = 10 * time.Second
	// closeGrace is how long a goodbye may take before the connection is cut.
	closeGrace = 2 * time.Second
)

// withDefaults returns a copy in which everything is set.
func (o *Options) withDefaults() Options {
	var full Options
	if o != nil {
		full = *o
	}
	if full.Logger == nil {
		full.Logger = slog.New(slog.DiscardHandler)
	}
	if full.Authenticate == nil {
		full.Authenticate = func(string, string) error { return nil }
	}
	if full.AllowOrigin == nil {
		full.AllowOrigin = LoopbackOrigin
	}
	if full.ReadLimit <= 0 {
		full.ReadLimit = defaultReadLimit
	}
	if full.QueueLimit <= 0 {
		full.QueueLimit = defaultQueueLimit
	}
	if full.PingEvery == 0 {
		full.PingEvery = defaultPingEvery
	}
	if full.PingPatience <= 0 {
		full.PingPatience = defaultPingPatience
	}
	return full
}

// Gateway is one bus.
type Gateway struct {
	options Options
	running sync.WaitGroup // goroutines of links and servers

	mu      sync.Mutex // guards all below; never held while anything is written
	router  *router
	links   map[*link]struct{}
	servers map[*Server]struct{}
	closed  bool
}

// New makes a gateway with nobody on it. It starts nothing; nil options mean
// the defaults.
func New(o *Options) *Gateway {
	return &Gateway{
		options: o.withDefaults(),
		router:  newRouter(newNode(), newKeyring()),
		links:   map[*link]struct{}{},
		servers: map[*Server]struct{}{},
	}
}

// newNode names this gateway in the ids that it makes: 32 hexadecimal digits.
func newNode() string {
	var random [16]byte
	_, _ = rand.Read(random[:]) // never fails, says its documentation
	return hex.EncodeToString(random[:])
}

// Connect returns a connection in memory. With owner set, the peers that log in
// over it see the peers of every user and are seen by them; others see their
// own user's alone. Closing the connection ends it. On a closed gateway the
// connection is closed too.
func (g *Gateway) Connect(owner bool) wire.Conn {
	ours, theirs := wire.Pipe()
	l := newLink(ours, "127.0.0.1", &g.options)
	l.service = owner
	if !g.start(l) {
		_ = ours.Close(wire.CodeGoingAway, "gateway closed")
	}
	return theirs
}

// ServeHTTP upgrades a request of any path to a gw3 connection and returns when
// that ends. Origins that are not allowed get status 403.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if origin := r.Header.Get("Origin"); origin != "" && !g.options.AllowOrigin(origin) {
		g.options.Logger.Warn("connection refused", "remote", r.RemoteAddr, "origin", origin)
		http.Error(w, "origin not allowed", http.StatusForbidden)
		return
	}
	conn, err := wire.Accept(w, r, g.options.ReadLimit)
	if err != nil {
		g.options.Logger.Debug("no websocket", "error", err)
		return
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	l := newLink(conn, host, &g.options)
	l.watched = true
	if !g.start(l) {
		_ = conn.Close(wire.CodeGoingAway, "gateway closed")
		return
	}
	<-l.finished
}

// start runs the link's goroutines unless the gateway is closed.
func (g *Gateway) start(l *link) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return false
	}
	g.links[l] = struct{}{}
	g.running.Go(func() { l.run(g.receive, g.forget) })
	return true
}

// forget takes the link's peers off the bus.
func (g *Gateway) forget(l *link) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.router.closed(l)
	delete(g.links, l)
}

// receive handles one message of a link. An error ends the connection.
func (g *Gateway) receive(l *link, msg []byte) error {
	f, err := wire.Peek(msg)
	if errors.Is(err, wire.ErrNotText) {
		return err
	}
	if err != nil {
		l.enqueue(unreadable(err))
		return nil
	}
	if f.Type == wire.Ping {
		return nil // in any domain, and never answered
	}
	var admitted *login
	if f.Type == wire.Hello && isGlobal(&f) {
		// Outside the lock: whoever decides may take its time.
		admitted = g.authenticate(&f)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if admitted != nil {
		g.router.hello(l, &f, admitted)
	} else {
		g.router.route(l, &f)
	}
	return nil
}

// unreadable answers what is no JSON object; clients only log what is not JSON,
// so the answer is.
func unreadable(err error) []byte {
	f := wire.Frame{
		Domain: wire.Global, Type: wire.Error, RequestID: wire.Raw("-1"), PeerID: wire.Null,
		ReasonURI: wire.Quote("global.errors.failure"),
		Reason:    wire.Quote("Unable to read message: " + err.Error()),
	}
	if errors.Is(err, wire.ErrNotObject) {
		f.ReasonURI = wire.Quote("global.errors.unhandled_message")
		f.Reason = wire.Quote("Unhandled message {}")
	}
	return f.Bytes()
}

// Close says goodbye to everybody, stops serving and returns when every
// goroutine has ended, at the latest after some seconds. It may be called twice.
func (g *Gateway) Close() error {
	g.mu.Lock()
	g.closed = true
	for l := range g.links {
		l.end(wire.CodeGoingAway, "gateway closed")
	}
	var servers []*Server
	for s := range g.servers {
		servers = append(servers, s)
	}
	g.mu.Unlock()
	var err error
	for _, s := range servers {
		err = errors.Join(err, s.Close())
	}
	g.running.Wait()
	return err
}

// Listen serves the gateway on a TCP address such as 127.0.0.1:0 and returns at
// once. ctx bounds only the look-up of the address.
func (g *Gateway) Listen(ctx context.Context, addr string) (*Server, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	s := newServer(g, listener)
	if !g.adopt(s) {
		_ = listener.Close()
		return nil, http.ErrServerClosed
	}
	go func() { _ = s.serve() }()
	return s, nil
}

// Serve serves the gateway on a listener until that or the gateway is closed.
// It takes the listener over and returns nil when the gateway was closed.
func (g *Gateway) Serve(listener net.Listener) error {
	s := newServer(g, listener)
	if !g.adopt(s) {
		_ = listener.Close()
		return http.ErrServerClosed
	}
	return s.serve()
}

// adopt remembers a server, so that Close ends it and waits for it.
func (g *Gateway) adopt(s *Server) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return false
	}
	g.servers[s] = struct{}{}
	g.running.Add(1)
	return true
}

// abandon forgets a server that has ended.
func (g *Gateway) abandon(s *Server) {
	g.mu.Lock()
	delete(g.servers, s)
	g.mu.Unlock()
	g.running.Done()
}
