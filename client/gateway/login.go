package gateway

import (
	"cmp"
	"encoding/json"
	"fmt"

	"ioscope/client/internal/wire"
)

// login is the outcome of an authentication.
type login struct {
	user string
	// login goes into the identity; a gateway token gives none.
	login string
	named bool
	// access is the token for the next log-in; "" with a gateway token.
	access string
	// refused is set when there is no way in.
	refused *refusal
}

// refusal is an error as the protocol has it.
type refusal struct{ uri, reason string }

const (
	authFailure   = "global.errors.authentication.failure"
	globalFailure = "global.errors.failure"
)

func refuse(uri, format string, args ...any) *login {
	return &login{refused: &refusal{uri, fmt.Sprintf(format, args...)}}
}

// credentials are the authentication of a hello. The pointers tell absent from
// empty: an empty secret is one.
type credentials struct {
	Method   string  `json:"method"`
	Provider *string `json:"provider"`
	Login    *string `json:"login"`
	Secret   *string `json:"secret"`
	Token    *string `json:"token"`
}

// authenticate decides who sent a hello.
func (g *Gateway) authenticate(f *wire.Frame) *login {
	var c credentials
	if f.Authentication != nil && json.Unmarshal(f.Authentication, &c) != nil {
		return refuse(authFailure, "Authentication is malformed")
	}
	if c.Method == "gateway-token" && c.Token != nil {
		return g.router.keys.enter(*c.Token)
	}
	if p := c.Provider; p != nil && *p != "basic" {
		return refuse(authFailure, "Requested authentication provider :%s is not available", *p)
	}
	switch c.Method {
	case "secret":
		return g.withSecret(&c)
	case "access-token":
		return g.router.keys.reenter(c.Token)
	}
	return refuse(authFailure, "Unknown authentication method %s", c.Method)
}

func (g *Gateway) withSecret(c *credentials) *login {
	if c.Login == nil || c.Secret == nil {
		return refuse(authFailure, "Missing login/secret")
	}
	if err := g.options.Authenticate(*c.Login, *c.Secret); err != nil {
		return refuse(authFailure, "%s", err.Error())
	}
	token := g.router.keys.access.sign(claims{User: *c.Login}, accessLife)
	return &login{user: *c.Login, login: *c.Login, named: true, access: token}
}

// reenter lets somebody in with the access token of an earlier welcome.
func (k keyring) reenter(token *string) *login {
	if token == nil {
		token = new(string)
	}
	c, err := k.access.verify(*token)
	if err != nil {
		return refuse(authFailure, "Invalid or expired token: %s", err.Error())
	}
	return &login{user: c.User, login: c.User, named: true, access: *token}
}

// enter lets somebody in with a token that another peer had made.
func (k keyring) enter(token string) *login {
	c, err := k.gateway.verify(token)
	if err != nil {
		return refuse(globalFailure, "%s", err.Error())
	}
	if c.Type != gatewayTokenType {
		return refuse(authFailure, "Invalid gateway token type: %s", cmp.Or(c.Type, "null"))
	}
	return &login{user: c.User}
}
