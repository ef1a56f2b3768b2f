package client_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/client/gateway"
	"ioscope/client/internal/wire"
)

// guarded is a gateway that wants a password.
func guarded(t *testing.T) *gateway.Gateway {
	g := gateway.New(&gateway.Options{Authenticate: func(user, secret string) error {
		if secret != "pw" {
			return fmt.Errorf("wrong password for %s", user)
		}
		return nil
	}})
	t.Cleanup(func() { _ = g.Close() })
	return g
}

func enter(t *testing.T, g *gateway.Gateway, o client.Options) (*client.Client, error) {
	t.Helper()
	o.Dial = func(context.Context, string) (client.Conn, error) { return g.Connect(false), nil }
	c, err := client.Dial(t.Context(), "ws://in-process/gw3", &o)
	if err == nil {
		t.Cleanup(func() { _ = c.Close() })
	}
	return c, err
}

func TestGatewayTokenLetsAnotherIn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := guarded(t)
		ann, err := enter(t, g, client.Options{Application: "First", User: "ann", Password: "pw"})
		if err != nil {
			t.Fatal(err)
		}
		token, err := ann.CreateToken(t.Context())
		if err != nil || token == "" {
			t.Fatalf("token %q, %v", token, err)
		}
		second, err := enter(t, g, client.Options{Application: "Second", User: "nobody", GatewayToken: token})
		if err != nil {
			t.Fatal(err)
		}
		if got := second.Self(); got.User != "ann" || got.Application != "Second" {
			t.Errorf("self %+v", got)
		}
		var refused *client.RefusedError
		if _, err := enter(t, g, client.Options{GatewayToken: token + "x"}); !errors.As(err, &refused) {
			t.Errorf("a bad gateway token: %v", err)
		}
		if _, err := enter(t, g, client.Options{Token: token}); !errors.Is(err, &bus.Error{URI: bus.AuthenticationFailure}) && !errors.As(err, &refused) {
			t.Errorf("a gateway token for an access token: %v", err)
		}
		if _, err := enter(t, g, client.Options{User: "ann"}); !errors.As(err, &refused) {
			t.Errorf("no password: %v", err)
		}
		_ = ann.Close()
		if _, err := ann.CreateToken(t.Context()); !errors.Is(err, client.ErrClosed) {
			t.Errorf("token of a closed client: %v", err)
		}
	})
}

func TestCreateTokenFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _, l := opened(t, client.Options{})
		ask := func() <-chan outcome[string] {
			return later(func() (string, error) { return c.CreateToken(t.Context()) })
		}
		asked := ask()
		l.fail(l.want(wire.CreateToken), "global.errors.failure", "no tokens here")
		if out := <-asked; !errors.Is(out.err, &bus.Error{URI: "global.errors.failure"}) {
			t.Errorf("refused: %v", out.err)
		}
		asked = ask()
		l.send(`{"domain":"global","type":"token","request_id":%s}`, l.want(wire.CreateToken).RequestID)
		if out := <-asked; out.err == nil {
			t.Errorf("no token in the answer: %q", out.value)
		}
		asked = ask()
		l.want(wire.CreateToken)
		l.cut()
		if out := <-asked; !errors.As(out.err, new(*client.LostError)) {
			t.Errorf("cut: %v", out.err)
		}
	})
}

// welcomeWith answers a hello by a welcome with an access token, and the join.
func (l *link) welcomeWith(hello wire.Frame, token string) {
	l.t.Helper()
	l.send(`{"domain":"global","type":"welcome","request_id":%s,"peer_id":"me","options":{"access_token":%q}}`, hello.RequestID, token)
	l.success(l.want(wire.Join))
}

func TestReconnectUsesTheAccessToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		c := client.Open("ws://fake/gw3", &client.Options{User: "ann", Password: "pw", Dial: f.dial})
		defer c.Close()
		const secret = `{"login":"ann","method":"secret","secret":"pw"}`
		wantHello := func(l *link, authentication string) wire.Frame {
			t.Helper()
			hello := l.want(wire.Hello)
			if string(hello.Authentication) != authentication {
				t.Errorf("hello with %s, want %s", hello.Authentication, authentication)
			}
			return hello
		}
		l := f.link()
		l.welcomeWith(wantHello(l, secret), "one")
		synctest.Wait()
		l.cut()

		l = f.link()
		hello := wantHello(l, `{"method":"access-token","token":"one"}`)
		l.fail(hello, "global.errors.already_seen", "Hello already received once")
		l.welcomeWith(wantHello(l, `{"method":"access-token","token":"one"}`), "two")
		synctest.Wait()
		l.cut()

		// Refused, the token is given up on the same connection.
		l = f.link()
		l.fail(wantHello(l, `{"method":"access-token","token":"two"}`), "global.errors.authentication.failure", "Invalid or expired token")
		l.welcomeWith(wantHello(l, secret), "three")
		synctest.Wait()
		l.cut()

		// A gateway that cuts who shows a token is asked the other way.
		l = f.link()
		wantHello(l, `{"method":"access-token","token":"three"}`)
		l.cut()
		l = f.link()
		l.fail(wantHello(l, secret), "global.errors.authentication.failure", "locked")
		var refused *client.RefusedError
		if err := c.Ready(t.Context()); !errors.As(err, &refused) {
			t.Errorf("both refused: %v", err)
		}
	})
}

func TestReconnectOverAGatewayThatWasStartedAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := guarded(t)
		var now client.Conn
		c, err := client.Dial(t.Context(), "ws://in-process/gw3", &client.Options{
			User: "ann", Password: "pw",
			Dial: func(context.Context, string) (client.Conn, error) { now = g.Connect(false); return now, nil },
		})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		register(t, c, bus.Named("Kept"))
		for _, next := range []*gateway.Gateway{g, guarded(t)} { // the second knows no token of the first
			g = next
			_ = now.Close(wire.CodeCut, "")
			synctest.Wait()
			if err := c.Ready(t.Context()); err != nil {
				t.Fatal(err)
			}
			if own := c.MethodsOf(c.Self().PeerID); len(own) != 1 || c.Self().User != "ann" {
				t.Errorf("back as %s with %+v", c.Self().User, own)
			}
		}
	})
}
