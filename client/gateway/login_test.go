package gateway

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"ioscope/client/internal/wire"
)

// enter sends a hello with this authentication and returns the answer.
func (c *client) enter(request, authentication string) map[string]any {
	c.Helper()
	c.send(`{"type":"hello","request_id":%q,"identity":{"application":"a"},"authentication":%s}`, request, authentication)
	return c.answer(request)
}

// TestChallenge follows the recorded conversation of a log-in in two steps.
func TestChallenge(t *testing.T) {
	t.Parallel()
	g := New(&Options{AuthenticateToken: func(l TokenLogin) (TokenAnswer, error) {
		switch {
		case l.State == nil && l.Token == "c3RlcDE=":
			return TokenAnswer{Challenge: "Y2hhbGxlbmdl", State: l.Provider + "!"}, nil
		case l.State == "!" && l.Token == "c3RlcDI=", l.State == "win!" && l.Token == "d2lu":
			return TokenAnswer{User: "alice"}, nil
		}
		return TokenAnswer{}, errors.New("refused by the authenticator")
	}})
	defer g.Close()
	c := &client{TB: t, conn: g.Connect(false)}
	step := func(token string) string { return fmt.Sprintf(`{"method":"access-token","token":%q}`, token) }
	got := c.enter("sess-1", step("c3RlcDE="))
	if got["type"] != "authentication-request" || fmt.Sprint(got["authentication"]) != "map[token:Y2hhbGxlbmdl]" || got["peer_id"] != nil {
		t.Errorf("the challenge: %v", got)
	}
	got = c.enter("sess-1", step("c3RlcDI="))
	identity, _ := got["resolved_identity"].(map[string]any)
	if got["type"] != "welcome" || identity["user"] != "alice" || identity["login"] != "alice" {
		t.Errorf("the answer: %v", got)
	}
	token := got["options"].(map[string]any)["access_token"].(string)
	refused(t, c.enter("sess-2", step("zz")), authFailure, "refused by the authenticator")
	refused(t, c.enter("sess-3", step("c3RlcDI=")), authFailure, "refused by the authenticator")
	// A step counts for the next hello alone.
	c.enter("sess-4", step("c3RlcDE="))
	c.hello("between", "bob")
	refused(t, c.enter("sess-5", step("c3RlcDI=")), authFailure, "refused by the authenticator")
	// The gateway's own tokens need nobody's word, providers of one's own do.
	if got := c.enter("sess-6", step(token)); got["type"] != "welcome" {
		t.Errorf("with the gateway's own token: %v", got)
	}
	win := func(token string) string {
		return fmt.Sprintf(`{"provider":"win","method":"access-token","token":%q}`, token)
	}
	refused(t, c.enter("w0", win(token)), authFailure, "refused by the authenticator")
	if got := c.enter("w1", win("c3RlcDE=")); got["type"] != "authentication-request" {
		t.Errorf("another provider: %v", got)
	}
	if got := c.enter("w1", win("d2lu")); got["type"] != "welcome" {
		t.Errorf("another provider's second step: %v", got)
	}
	refused(t, c.enter("n", `{"provider":"none","method":"secret","login":"u","secret":""}`), authFailure, ":none is not available")
}

func TestVouch(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		gone := errors.New("gone")
		var limit time.Time
		g := New(&Options{Vouch: func(user string, issued time.Time) error {
			if user != "ada" {
				t.Errorf("asked for %s", user)
			}
			if issued.Before(limit) {
				return gone
			}
			return nil
		}})
		c := &client{TB: t, conn: g.Connect(false)}
		got := c.hello("h", "ada")
		c.id = got["peer_id"].(string)
		access := fmt.Sprintf(`{"method":"access-token","token":%q}`, got["options"].(map[string]any)["access_token"])
		c.send(`{"domain":"global","type":"create-token","request_id":"t","peer_id":%q}`, c.id)
		gateway := fmt.Sprintf(`{"method":"gateway-token","token":%q}`, c.answer("t")["token"])
		for i, auth := range []string{access, gateway} {
			limit = began
			if got := c.enter(fmt.Sprint("good", i), auth); got["type"] != "welcome" {
				t.Errorf("a token that is still good: %v", got)
			}
			limit = began.Add(time.Millisecond)
			refused(t, c.enter(fmt.Sprint("bad", i), auth), authFailure, "gone")
		}
		_ = g.Close()
	})
}

func TestRemote(t *testing.T) {
	t.Parallel()
	o := Options{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}}
	for _, c := range []struct {
		from      string
		forwarded []string
		want      string
	}{
		{"192.0.2.1:5", nil, "192.0.2.1"},
		{"192.0.2.1:5", []string{"198.51.100.7"}, "192.0.2.1"}, // no proxy of ours
		{"10.1.2.3:5", nil, "10.1.2.3"},
		{"10.1.2.3:5", []string{"198.51.100.7"}, "198.51.100.7"},
		{"10.1.2.3:5", []string{"1.1.1.1, 198.51.100.7"}, "198.51.100.7"}, // the first was made up
		{"10.1.2.3:5", []string{"1.1.1.1", "198.51.100.7, 10.9.9.9"}, "198.51.100.7"},
		{"10.1.2.3:5", []string{"10.4.4.4,10.9.9.9"}, "10.4.4.4"},
		{"10.1.2.3:5", []string{"evil, 10.9.9.9"}, "10.9.9.9"},
		{"10.1.2.3:5", []string{""}, "10.1.2.3"},
		{"[::1]:5", []string{"2001:db8::7"}, "2001:db8::7"},
		{"[::ffff:10.1.2.3]:5", []string{"198.51.100.7"}, "198.51.100.7"},
		{"pipe", []string{"198.51.100.7"}, "pipe"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = c.from
		for _, f := range c.forwarded {
			r.Header.Add("X-Forwarded-For", f)
		}
		if got := o.remote(r); got != c.want {
			t.Errorf("%s, forwarded for %q: %s, want %s", c.from, c.forwarded, got, c.want)
		}
	}
}

// TestServeTLS serves on a listener with TLS, which is the caller's to make.
func TestServeTLS(t *testing.T) {
	t.Parallel()
	borrowed := httptest.NewUnstartedServer(nil)
	borrowed.StartTLS()
	defer borrowed.Close()
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g := New(nil)
	ended := make(chan error, 1)
	go func() {
		ended <- g.Serve(tls.NewListener(plain, &tls.Config{Certificates: borrowed.TLS.Certificates, MinVersion: tls.VersionTLS12}))
	}()
	trusted := x509.NewCertPool()
	trusted.AddCert(borrowed.Certificate())
	conn, err := wire.DialTLS(t.Context(), "wss://"+plain.Addr().String()+"/gw3", &tls.Config{RootCAs: trusted})
	if err != nil {
		t.Fatal(err)
	}
	c := &client{TB: t, conn: conn}
	if got := c.hello("a", "ada"); got["type"] != "welcome" {
		t.Errorf("over TLS: %v", got)
	}
	// More than one record and one buffer, both ways.
	body := make([]byte, 300_000)
	for i := range body {
		body[i] = 'x'
	}
	c.id, _ = c.hello("b", "ada")["peer_id"].(string)
	c.send(`{"type":"join","destination":"agm","peer_id":%q,"request_id":"j"}`, c.id)
	c.answer("j")
	c.send(`{"domain":"agm","type":"register","request_id":"r","peer_id":%q,"methods":[{"id":"0","name":"M","description":%q}]}`, c.id, body)
	methods := c.until("methods-added")["methods"].([]any)
	if got := methods[0].(map[string]any)["description"]; got != string(body) {
		t.Errorf("%d bytes came back", len(fmt.Sprint(got)))
	}
	if _, err := wire.Dial(t.Context(), "ws://"+plain.Addr().String()); err == nil {
		t.Error("somebody got in without TLS")
	}
	_ = conn.Close(wire.CodeNormal, "")
	_ = g.Close()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
