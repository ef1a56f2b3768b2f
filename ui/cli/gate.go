package cli

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"

	"ioscope/client/gateway"
	"ioscope/client/gateway/users"
)

// tokenUser is as whom somebody is on the bus who shows the shared token and no
// name. Peers see those of the same user.
const tokenUser = "shared"

// errToken is for a token that is not the gateway's.
var errToken = errors.New("wrong token")

// gate decides who may log in: everybody, those in a file, or those who know a
// token.
type gate struct {
	users *users.File
	token string
	// inside is a password that this process made up for its own apps; empty
	// where everybody may log in.
	inside string
}

// gate makes the gate and puts it, with what else guards the bus, into the
// gateway's options.
func (gf *gatewayFlags) gate(log *slog.Logger) (*gate, error) {
	o := &gf.options
	o.Logger, o.ReadLimit, o.QueueLimit = log, int64(gf.maxMessage), int(gf.maxQueue)
	var err error
	if o.AllowOrigin, err = allowedOrigins(gf.origins); err != nil {
		return nil, err
	}
	if o.TrustedProxies, err = networks(gf.proxies); err != nil {
		return nil, err
	}
	g := &gate{}
	if g.token, err = gf.sharedToken(); err != nil {
		return nil, err
	}
	switch {
	case gf.users != "" && g.token != "":
		return nil, usagef("--users and a token exclude each other")
	case gf.users != "":
		if g.users, err = users.Open(gf.users, log); err != nil {
			return nil, withHint(err, "ioscope passwd NAME --file "+gf.users+" makes a user")
		}
		o.Authenticate, o.Vouch = g.check, g.users.Vouch
	case g.token != "":
		o.Authenticate, o.AuthenticateToken = g.check, g.checkToken
	default:
		return g, nil
	}
	g.inside = rand.Text()
	return g, nil
}

// guarded reports whether not everybody may log in.
func (g *gate) guarded() bool { return g.inside != "" }

func (g *gate) check(user, secret string) error {
	switch {
	case same(secret, g.inside), g.token != "" && same(secret, g.token):
		return nil
	case g.users != nil:
		return g.users.Check(user, secret)
	}
	return users.ErrWrong
}

func (g *gate) checkToken(l gateway.TokenLogin) (gateway.TokenAnswer, error) {
	if l.Provider != "" && l.Provider != "basic" || !same(l.Token, g.token) {
		return gateway.TokenAnswer{}, errToken
	}
	return gateway.TokenAnswer{User: tokenUser}, nil
}

// same compares secrets in a time that tells nothing about them.
func same(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

// reload reads the users again.
func (g *gate) reload(log *slog.Logger) {
	if g.users == nil {
		return
	}
	if err := g.users.Reload(); err != nil {
		log.Warn("users not read again, the old ones stay", "error", err)
		return
	}
	log.Info("users read again", "users", g.users.Len())
}

// sharedToken is the token of --token or --token-file; empty if there is none.
func (gf *gatewayFlags) sharedToken() (string, error) {
	if gf.tokenFile == "" {
		return gf.token, nil
	}
	if gf.token != "" {
		return "", usagef("--token and --token-file exclude each other")
	}
	text, err := os.ReadFile(gf.tokenFile)
	if err != nil {
		return "", fmt.Errorf("token: %w", err)
	}
	token := strings.TrimSpace(string(text))
	if token == "" {
		return "", fmt.Errorf("token: %s is empty", gf.tokenFile)
	}
	return token, nil
}

// allowedOrigins decides over web pages: those of this machine may connect, and
// those that are listed.
func allowedOrigins(list []string) (func(string) bool, error) {
	var known []string
	for _, text := range list {
		if text == "*" {
			return func(string) bool { return true }, nil
		}
		origin, ok := canonicalOrigin(text)
		if !ok {
			return nil, withHint(usagef("--allow-origin %q: no origin of web pages", text), "it looks like https://app.example:8443")
		}
		known = append(known, origin)
	}
	return func(text string) bool {
		origin, ok := canonicalOrigin(text)
		return gateway.LoopbackOrigin(text) || ok && slices.Contains(known, origin)
	}, nil
}

// canonicalOrigin is the same for equal origins, and false for what is none.
func canonicalOrigin(text string) (string, bool) {
	u, err := url.Parse(strings.TrimSuffix(text, "/"))
	if err != nil || u.Host == "" || u.Scheme == "" || u.User != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" {
		return "", false
	}
	host, scheme := strings.ToLower(u.Host), strings.ToLower(u.Scheme)
	switch scheme {
	case "https":
		host = strings.TrimSuffix(host, ":443")
	case "http":
		host = strings.TrimSuffix(host, ":80")
	}
	return scheme + "://" + host, true
}

// networks reads prefixes; a lone address stands for itself.
func networks(list []string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, text := range list {
		prefix, err := netip.ParsePrefix(text)
		if addr, alone := netip.ParseAddr(text); alone == nil {
			prefix, err = addr.Prefix(addr.BitLen())
		}
		if err != nil {
			return nil, withHint(usagef("--trusted-proxy %q: no network", text), "it looks like 10.0.0.0/8 or 192.0.2.7")
		}
		out = append(out, prefix)
	}
	return out, nil
}
