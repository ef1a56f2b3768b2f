package cli

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"ioscope/client/gateway"
	"ioscope/client/gateway/admin"
)

// door is where the gateway listens.
type door struct {
	listener net.Listener
	url      string
	cert     *certificate // nil without TLS
}

// open opens the door, unless it would stand open to everybody.
func (gf *gatewayFlags) open(env Env, g *gate, log *slog.Logger) (*door, error) {
	if (gf.cert == "") != (gf.key == "") {
		return nil, usagef("--cert and --key go together")
	}
	d := &door{}
	if gf.cert != "" {
		d.cert = &certificate{certFile: gf.cert, keyFile: gf.key, log: log}
		if err := d.cert.load(); err != nil {
			return nil, err
		}
	}
	beyond, err := reachesOut(gf.listen)
	if err != nil {
		return nil, withHint(usagef("--listen %q: %w", gf.listen, err), "it looks like "+defaultListen)
	}
	if beyond && !g.guarded() {
		return nil, withHint(usagef("%s can be reached from other machines, and anybody could log in", gf.listen),
			"--users FILE or --token-file FILE says who may; ioscope passwd makes users")
	}
	if d.listener, err = listen("listen", gf.listen); err != nil {
		return nil, err
	}
	scheme := "ws"
	if d.cert != nil {
		scheme = "wss"
		d.listener = tls.NewListener(d.listener, &tls.Config{GetCertificate: d.cert.get, MinVersion: tls.VersionTLS12})
	} else if beyond {
		note(env.Stderr, "passwords and data travel in the clear; --cert and --key bring TLS")
	}
	d.url = scheme + "://" + d.listener.Addr().String() + "/gw3"
	return d, nil
}

// reload reads the certificate again.
func (d *door) reload(log *slog.Logger) {
	if d.cert == nil {
		return
	}
	if err := d.cert.load(); err != nil {
		log.Warn("certificate not read again, the old one stays", "error", err)
		return
	}
	log.Info("certificate read again")
}

// reachesOut reports whether an address to listen on can be reached from other
// machines. It looks before anything is opened.
func reachesOut(address string) (bool, error) {
	addr, err := net.ResolveTCPAddr("tcp", address)
	if err != nil {
		return false, errors.New("no address with a port")
	}
	return !addr.IP.IsLoopback(), nil
}

// certificate is a pair of files that is read again when they have changed.
type certificate struct {
	certFile, keyFile string
	log               *slog.Logger

	mu    sync.Mutex // guards all below
	pair  *tls.Certificate
	stamp [2]time.Time
}

func (c *certificate) load() error {
	now := c.look()
	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stamp = now // what is broken is complained of once
	if err != nil {
		return fmt.Errorf("certificate: %w", err)
	}
	c.pair = &pair
	return nil
}

// look tells when the files were changed; never, if they are not there.
func (c *certificate) look() (at [2]time.Time) {
	for i, path := range []string{c.certFile, c.keyFile} {
		if info, err := os.Stat(path); err == nil {
			at[i] = info.ModTime()
		}
	}
	return at
}

// get is called for each handshake.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	fresh := c.stamp == c.look()
	c.mu.Unlock()
	if !fresh {
		if err := c.load(); err != nil {
			c.log.Warn("certificate not read again, the old one stays", "error", err)
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.pair, nil
}

// authorities are the settings for wss:// addresses whose certificate one of
// the authorities in a file vouches for, or one that the system trusts.
func authorities(file string) (*tls.Config, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("authorities: %w", err)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(text) {
		return nil, withHint(usagef("--ca %s: no certificate in it", file), "it begins with -----BEGIN CERTIFICATE-----")
	}
	return &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}, nil
}

// headerPatience is how long who asks the admin address may take for the request.
const headerPatience = 5 * time.Second

// serveAdmin opens the address for operators, and returns what closes it.
func (gf *gatewayFlags) serveAdmin(env Env, g *gateway.Gateway, ended chan<- error) (func(), error) {
	l, err := listen("admin", gf.admin)
	if err != nil {
		return nil, err
	}
	server := &http.Server{Handler: admin.Handler(g), ReadHeaderTimeout: headerPatience}
	go func() {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			ended <- fmt.Errorf("admin address: %w", err)
		}
	}()
	note(env.Stderr, "/healthz and /metrics are at http://%s", l.Addr())
	return func() { _ = server.Close() }, nil
}
