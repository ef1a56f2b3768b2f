package gateway

import (
	"cmp"
	"encoding/json"
	"fmt"
	"time"

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
	// issued is when the token was made that let them in.
	issued time.Time
	// task is the request of the activity domain that they were started for.
	task string
	// refused is set when there is no way in, challenge, a JSON text, when there
	// may be after one more step.
	refused   *refusal
	challenge wire.Raw
	// asked is who it was that tried, as far as they said.
	asked string
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

// TokenLogin is a log-in with a token, or the next step of one.
type TokenLogin struct {
	// Provider is who is to check it, as the client names them; "" if it names
	// nobody.
	Provider string
	// Token is what the client sent.
	Token string
	// State is that of the last TokenAnswer on this connection, if that asked for
	// this step; else nil.
	State any
}

// TokenAnswer is what follows from a TokenLogin without an error.
type TokenAnswer struct {
	// User is whose peer is let in, if Challenge is empty. It may be empty too:
	// that is a user like any other.
	User string
	// Challenge is the token with which the client is asked for one more step;
	// official clients take it for base64.
	Challenge string
	// State comes back with the next step.
	State any
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
func (g *Gateway) authenticate(l *link, f *wire.Frame) *login {
	state := l.handshake
	l.handshake = nil
	var c credentials
	if f.Authentication != nil && json.Unmarshal(f.Authentication, &c) != nil {
		return refuse(authFailure, "Authentication is malformed")
	}
	who := g.decide(l, &c, state)
	who.asked = who.user
	if c.Login != nil {
		who.asked = *c.Login
	}
	return who
}

func (g *Gateway) decide(l *link, c *credentials, state any) *login {
	if c.Method == "gateway-token" && c.Token != nil {
		return g.vouch(g.router.keys.enter(*c.Token))
	}
	provider := "basic"
	if c.Provider != nil {
		provider = *c.Provider
	}
	byToken := c.Method == "access-token" && c.Token != nil && g.options.AuthenticateToken != nil
	switch {
	case provider != "basic" && byToken:
		return g.withToken(l, c, state)
	case provider != "basic":
		return refuse(authFailure, "Requested authentication provider :%s is not available", provider)
	case c.Method == "secret":
		return g.withSecret(c)
	case c.Method != "access-token":
		return refuse(authFailure, "Unknown authentication method %s", c.Method)
	}
	known := g.router.keys.reenter(c.Token)
	if known.refused != nil && byToken {
		return g.withToken(l, c, state)
	}
	return g.vouch(known)
}

func (g *Gateway) withSecret(c *credentials) *login {
	if c.Login == nil || c.Secret == nil {
		return refuse(authFailure, "Missing login/secret")
	}
	if err := g.options.Authenticate(*c.Login, *c.Secret); err != nil {
		return refuse(authFailure, "%s", err.Error())
	}
	return g.admit(*c.Login)
}

// withToken lets whoever embeds the gateway decide.
func (g *Gateway) withToken(l *link, c *credentials, state any) *login {
	attempt := TokenLogin{Token: *c.Token, State: state}
	if c.Provider != nil {
		attempt.Provider = *c.Provider
	}
	answer, err := g.options.AuthenticateToken(attempt)
	if err != nil {
		return refuse(authFailure, "%s", err.Error())
	}
	if answer.Challenge != "" {
		l.handshake = answer.State
		return &login{challenge: wire.Quote(answer.Challenge)}
	}
	return g.admit(answer.User)
}

// admit lets a user in, with a token for the next time.
func (g *Gateway) admit(user string) *login {
	token := g.router.keys.access.sign(claims{User: user}, accessLife)
	return &login{user: user, login: user, named: true, access: token}
}

// vouch asks whether the user of a good token is still welcome.
func (g *Gateway) vouch(who *login) *login {
	if who.refused != nil || g.options.Vouch == nil {
		return who
	}
	if err := g.options.Vouch(who.user, who.issued); err != nil {
		return refuse(authFailure, "%s", err.Error())
	}
	return who
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
	return &login{user: c.User, login: c.User, named: true, access: *token, issued: time.UnixMilli(c.Issued)}
}

// enter lets somebody in with a token that another peer had made.
func (k keyring) enter(token string) *login {
	c, err := k.gateway.verify(token)
	if err != nil {
		return refuse(globalFailure, "%s", err.Error())
	}
	if c.Type != gatewayTokenType && c.Type != requestTokenType {
		return refuse(authFailure, "Invalid gateway token type: %s", cmp.Or(c.Type, "null"))
	}
	return &login{user: c.User, issued: time.UnixMilli(c.Issued), task: c.Request}
}
