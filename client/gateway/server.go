package gateway

import (
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// headerPatience is how long a client may take to send its request.
const headerPatience = 10 * time.Second

// Server is a gateway on a listener.
type Server struct {
	gateway  *Gateway
	listener net.Listener
	http     http.Server
}

func newServer(g *Gateway, listener net.Listener) *Server {
	s := &Server{gateway: g, listener: listener}
	s.http.Handler = g
	s.http.ReadHeaderTimeout = headerPatience
	s.http.ErrorLog = slog.NewLogLogger(g.options.Logger.Handler(), slog.LevelDebug)
	return s
}

// serve returns nil when the server was closed.
func (s *Server) serve() error {
	defer s.gateway.abandon(s)
	if err := s.http.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Addr is where the server listens.
func (s *Server) Addr() net.Addr { return s.listener.Addr() }

// URL is the address for clients on this machine, such as ws://127.0.0.1:8385.
func (s *Server) URL() string { return "ws://" + s.listener.Addr().String() }

// Close stops listening. Connections that are open stay open until the gateway
// is closed.
func (s *Server) Close() error {
	return s.http.Close()
}

// LoopbackOrigin reports whether a page of this origin was served by this
// machine: any scheme and port of localhost, its subdomains or a loopback
// address.
func LoopbackOrigin(origin string) bool {
	u, err := url.Parse(origin)
	if err != nil {
		return false
	}
	host := strings.ToLower(u.Hostname())
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
