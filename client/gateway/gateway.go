// Package gateway is an interop gateway: the server in the middle of a gw3 bus.
// It speaks the protocol of the vendor's own gateway, so that official clients
// work with it as they are, and it can be embedded: a program connects to it in
// memory or serves it on a listener.
//
// It serves the domains global, agm (methods and streams), context, bus,
// activity and metrics; metrics are taken and dropped.
// Nothing is stored on disk. Which addresses to listen on is the caller's
// business; loopback is the wise choice, because any user name with any
// password is let in unless Options.Authenticate says otherwise.
//
// # Strangers
//
// What a peer may hold is bounded, see Options, and every refusal is an error
// of the protocol; the connection stays, because official clients come back at
// once and without a pause when it is closed. What is closed is a connection
// that breaks the rules of the transport, over which nobody logs in, that answers
// no ping, or that takes too little of what it asked for. Who takes little is
// slowed first: nothing more is read from it, so that its own requests wait, and
// nobody else's. Package users keeps passwords in a file; package admin shows the
// numbers of Stats to operators. For TLS, Serve takes a listener that has it.
//
// # Concurrency
//
// A Gateway may be used from any goroutine. Every connection has a goroutine
// that reads and, for sockets, one that pings. Messages are handled one at a
// time, in one order for all connections, as clients rely on, by the goroutine
// that read them; nothing waits for a socket meanwhile, because what is to be
// written goes to an outbox per connection. Writing needs no lock of the gateway's
// and never waits. A connection whose outbox outgrows its bound is cut off.
//
// # What it costs
//
// The command in client/official/compare measures the gateway against the
// vendor's, and the benchmarks here tell two versions of it apart. What they
// taught, in the order of what it brought:
//
//   - Writing costs the most, by the system call and by the goroutine that has to
//     wake up for it. So there are no goroutines that write: a reader puts messages
//     into the outboxes of their receivers, and those onto a list, which is worked
//     off when a reader is about to wait (see mail). A write that finds the socket
//     full goes on in a goroutine of its own.
//   - Package wire builds frames by hand, into one buffer per connection, which
//     holds what the websocket library writes by itself too: the library's own
//     Write changes goroutines twice a frame. Frames are read by the library,
//     which changes four times; that is now more than a third of what a call
//     costs, and nothing but another reader could change it.
//   - Announcements may wait some milliseconds: while many peers come, what each is
//     told of the others shares a write. Answers, calls and events never wait, and
//     take waiting announcements along.
//   - What many are told is written once, but for the receiver's id: events,
//     introductions, methods (see notice). The bytes of a body are never looked
//     at after the check of the whole message.
//   - A frame has more than forty fields. One in every message read and written was
//     most of the garbage; they are pooled, or never leave the stack.
//   - Reads use a context that can't end: one that can is looked at for every
//     message. Closing the connection ends a read as well.
//   - A connection whose write failed drops its output at once. When many peers go
//     together, what they are told of each other would be the peak of memory.
//   - ServeHTTP does not wait for the connection's end, which frees what net/http
//     keeps for a request: two buffers and a goroutine.
//
// One processor (GOMAXPROCS=1) saves up to a sixth of a call, in goroutines that
// need not find each other; it is for whoever runs a gateway to say.
//
// The package must not import the client: a server must not share its client's
// mistakes.
package gateway

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"net"
	"net/http"
	"sync"

	"ioscope/client/internal/wire"
)

// Gateway is one bus.
type Gateway struct {
	options Options
	running sync.WaitGroup // goroutines of links and servers
	mail    mail

	mu      sync.Mutex // guards all below; never held while anything waits
	router  *router
	links   map[*link]struct{}
	servers map[*Server]struct{}
	closed  bool
	past    traffic // of links that have ended
}

// New makes a gateway with nobody on it. It starts nothing; nil options mean
// the defaults.
func New(o *Options) *Gateway {
	g := &Gateway{
		options: o.withDefaults(),
		router:  newRouter(newNode(), newKeyring()),
		links:   map[*link]struct{}{},
		servers: map[*Server]struct{}{},
	}
	g.router.limits = g.options.limits()
	return g
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

// ServeHTTP upgrades a request of any path to a gw3 connection and returns at
// once, so that what the HTTP server holds for the request is free while the
// connection lives. Origins that are not allowed get status 403.
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
	l := newLink(conn, g.options.remote(r), &g.options)
	l.watched = true
	if !g.start(l) {
		_ = conn.Close(wire.CodeGoingAway, "gateway closed")
	}
}

// start runs the link's goroutines unless the gateway is closed.
func (g *Gateway) start(l *link) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return false
	}
	g.links[l] = struct{}{}
	l.mail = &g.mail
	if w, ok := l.conn.(wire.Waiter); ok {
		l.tells = true
		w.BeforeWait(g.mail.deliver)
	}
	g.running.Go(func() {
		defer g.awaitHello(l)()
		l.run(g.receive, g.forget)
	})
	return true
}

// forget takes the link's peers off the bus.
func (g *Gateway) forget(l *link) {
	g.mu.Lock()
	g.router.closed(l)
	delete(g.links, l)
	g.past.add(&l.meter)
	g.mu.Unlock()
	g.mail.deliver()
}

// frames are for the messages being handled: more than a kilobyte each, and of no
// use afterwards.
var frames = sync.Pool{New: func() any { return new(wire.Frame) }}

// receive handles one message of a link. An error ends the connection.
func (g *Gateway) receive(l *link, msg []byte) error {
	if !l.tells {
		defer g.mail.deliver()
	}
	f := frames.Get().(*wire.Frame)
	defer frames.Put(f)
	err := f.Peek(msg)
	if errors.Is(err, wire.ErrNotText) {
		return err
	}
	if err != nil {
		l.enqueue(unreadable(err), nil, express)
		return nil
	}
	if f.Type == wire.Ping {
		return nil // in any domain, and never answered
	}
	var admitted *login
	if f.Type == wire.Hello && isGlobal(f) {
		// Outside the lock: whoever decides may take its time.
		g.mail.deliver()
		admitted = g.authenticate(l, f)
	}
	g.handle(l, f, msg, admitted)
	return nil
}

// handle lets the router see a message, unless the gateway is closing.
func (g *Gateway) handle(l *link, f *wire.Frame, msg []byte, admitted *login) {
	g.mu.Lock()
	var refused string
	switch {
	case g.closed: // only what is queued already still goes out
	case admitted != nil:
		refused = g.router.hello(l, f, admitted)
	default:
		g.router.text = msg
		g.router.route(l, f)
	}
	g.mu.Unlock()
	if refused != "" {
		g.options.Logger.Warn("log-in refused", "remote", l.host, "user", admitted.asked, "reason", refused)
	}
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
