package gateway

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// How long tokens live, as in the vendor's gateway.
const (
	accessLife  = 60_000 * time.Second
	gatewayLife = 10 * time.Minute
)

// gatewayTokenType marks a token that lets another program log in as the user
// who asked for it.
const gatewayTokenType = "authentication"

// requestTokenType marks one that also says for which request of the activity
// domain the program was started.
const requestTokenType = "gw-request"

// claims are what a token says. Expires is in seconds since the epoch, Issued in
// milliseconds.
type claims struct {
	Type    string `json:"type,omitempty"`
	User    string `json:"user"`
	Request string `json:"request,omitempty"`
	Issued  int64  `json:"issued_ms"`
	Expires int64  `json:"exp"`
}

// The reasons why a token is refused, in the words of the vendor's gateway.
var (
	errToken     = errors.New("invalid token")
	errSignature = errors.New("signature verification failed")
)

// key signs one kind of token. Keys are made at start, so tokens end with the
// gateway.
type key []byte

// keyring has a key for each kind, so that one kind is no good as the other.
type keyring struct{ access, gateway key }

func newKeyring() keyring {
	made := func() key {
		k := make(key, sha256.Size)
		_, _ = rand.Read(k) // never fails, says its documentation
		return k
	}
	return keyring{access: made(), gateway: made()}
}

var encoding = base64.RawURLEncoding

// tokenHeader is the same for every token; others are not accepted.
var tokenHeader = encoding.EncodeToString([]byte(`{"alg":"HS256","typ":"JWT"}`))

// sign makes a token of the JWT form.
func (k key) sign(c claims, life time.Duration) string {
	now := time.Now()
	c.Issued, c.Expires = now.UnixMilli(), now.Add(life).Unix()
	body, _ := json.Marshal(c) // strings and numbers can't fail
	text := tokenHeader + "." + encoding.EncodeToString(body)
	return text + "." + encoding.EncodeToString(k.sum(text))
}

func (k key) sum(text string) []byte {
	mac := hmac.New(sha256.New, k)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

// verify reads a token that this key signed.
func (k key) verify(token string) (claims, error) {
	var c claims
	head, rest, _ := strings.Cut(token, ".")
	body, signature, ok := strings.Cut(rest, ".")
	if !ok {
		return c, errToken
	}
	sum, err := encoding.DecodeString(signature)
	if err != nil || head != tokenHeader || !hmac.Equal(sum, k.sum(head+"."+body)) {
		return c, errSignature
	}
	data, err := encoding.DecodeString(body)
	if err != nil || json.Unmarshal(data, &c) != nil {
		return c, errToken
	}
	if time.Now().Unix() >= c.Expires {
		return c, fmt.Errorf("Token is expired %d", c.Expires) //nolint:staticcheck // words of the protocol
	}
	return c, nil
}
