package client

import (
	"context"
	"errors"
	"fmt"

	"ioscope/client/internal/wire"
)

// CreateToken asks the gateway for a token with which another program may log in
// as the same user, without the password: see Options.GatewayToken. The vendor's
// gateway takes one for ten minutes, as often as it is shown, and only until it is
// started again (gw3 3.6). CreateToken waits until the client is live. The error
// is a *bus.Error where the gateway refuses, a *LostError, ErrClosed, or ctx's.
func (c *Client) CreateToken(ctx context.Context) (string, error) {
	token, err := c.createToken(ctx)
	if err != nil {
		return "", fmt.Errorf("create token: %w", err)
	}
	return token, nil
}

func (c *Client) createToken(ctx context.Context) (string, error) {
	s, err := c.live(ctx)
	if err != nil {
		return "", err
	}
	var r reply
	select {
	case r = <-s.ask(wire.Frame{Domain: wire.Global, Type: wire.CreateToken}):
	case <-ctx.Done():
		return "", ctx.Err()
	}
	if r.err != nil {
		return "", r.err
	}
	token, ok := wire.Text(r.frame.Token)
	if !ok || token == "" {
		return "", errors.New("gateway answered without one")
	}
	return token, nil
}

// credentials are the ways to log in, in the order in which they are tried. The
// access token of the last connection comes first: it works where the password
// was good for one log-in only. It is kept for one try, so that a gateway that
// cuts whoever shows it is asked the other way next. Of the reading goroutine.
func (c *Client) credentials() []wire.Raw {
	first := c.authentication
	if c.access == "" {
		return []wire.Raw{first}
	}
	token := accessToken(c.access)
	c.access = ""
	return []wire.Raw{token, first}
}

// keepAccess takes the access token that a welcome may carry in its options.
func (c *Client) keepAccess(options wire.Raw) {
	wire.Members(options, func(key string, value wire.Raw) {
		if key == "access_token" {
			c.access, _ = wire.Text(value)
		}
	})
}

func accessToken(token string) wire.Raw {
	raw, _ := marshal(map[string]string{"method": "access-token", "token": token}) // texts can't fail
	return raw
}
