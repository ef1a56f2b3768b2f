package client

import (
	"cmp"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"time"

	"ioscope/client/bus"
	"ioscope/client/internal/wire"
)

// Conn carries messages to a gateway and back. What a gateway in the same
// process gives from Connect is one.
type Conn = wire.Conn

// Options say who the client is and how it behaves. The zero value, and nil,
// are fine.
type Options struct {
	// Application is the name on the bus. Default: the base name of the program.
	Application string
	// User and Password log in, with the protocol's method "secret". Peers see
	// those of the same user only. Default user: the one of the operating system.
	User, Password string
	// Token logs in with an access token, as the gateway gives one with every
	// log-in by password, instead of with User and Password. GatewayToken logs in
	// with what CreateToken made, and goes before both. Whatever logs in first, a
	// connection that was lost is made again with the access token that came with
	// it and, if the gateway refuses that, as at first.
	Token, GatewayToken string
	// Identity holds further members of the identity that others see; they win
	// over the client's own. With an "instance" of its own, a client that
	// reconnects waits until the gateway has given up its former connection.
	Identity map[string]any
	// OnEvent hears discovery and the state of the connection, one event at a
	// time and in order. It must return quickly, must not wait for the bus, and
	// may be nil.
	OnEvent func(bus.Event)
	// RetryMin and RetryMax bound the pause between two attempts to connect,
	// which doubles from one to the other and is shortened at random, by up to a
	// half. Defaults: 250 ms and 10 s.
	RetryMin, RetryMax time.Duration
	// ReadPause lets what comes wait for so long in the socket, so that it is read
	// together with what follows, at the price of that delay. For who follows a
	// busy stream and does nothing else on the connection: being woken for every
	// small event is most of what it costs, and 5 ms take most of that away. What
	// comes after silence is read at once. It needs a connection that can do it,
	// as those of the default Dial can. Default: nothing waits.
	ReadPause time.Duration
	// PingEvery is how often the gateway is told, and asked, whether the
	// connection still stands. Default: 30 s.
	PingEvery time.Duration
	// TLS holds settings for wss:// addresses, such as the authorities to trust
	// and a certificate to show. Default: what the system trusts.
	TLS *tls.Config
	// Dial makes the connection. Default: a WebSocket to the address.
	Dial func(ctx context.Context, url string) (Conn, error)
	// Logger hears what is odd about the connection. Default: nobody.
	Logger *slog.Logger
}

func (o *Options) withDefaults() Options {
	var out Options
	if o != nil {
		out = *o
	}
	if out.Application == "" {
		out.Application = programName()
	}
	if out.User == "" {
		out.User = systemUser()
	}
	out.RetryMin = cmp.Or(out.RetryMin, 250*time.Millisecond)
	out.RetryMax = max(out.RetryMin, cmp.Or(out.RetryMax, 10*time.Second))
	out.PingEvery = cmp.Or(out.PingEvery, 30*time.Second)
	if out.Dial == nil {
		settings := out.TLS
		out.Dial = func(ctx context.Context, url string) (Conn, error) { return wire.DialTLS(ctx, url, settings) }
	}
	if out.Logger == nil {
		out.Logger = slog.New(slog.DiscardHandler)
	}
	return out
}

func programName() string {
	name := filepath.Base(os.Args[0])
	return strings.TrimSuffix(name, ".exe")
}

// systemUser is the log-in name without a Windows domain.
func systemUser() string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return u.Username[strings.LastIndexByte(u.Username, '\\')+1:]
	}
	return cmp.Or(os.Getenv("USER"), os.Getenv("USERNAME"), "user")
}

// identity and authentication are the two parts of a hello (gw3 3.2 and 3.3).
func (o *Options) identity() (json.RawMessage, error) {
	members := map[string]any{
		"application":     o.Application,
		"applicationName": o.Application,
		"process":         os.Getpid(),
		"api":             "ioscope",
	}
	maps.Copy(members, o.Identity)
	raw, err := marshal(members)
	if err != nil {
		return nil, fmt.Errorf("identity: %w", err)
	}
	return raw, nil
}

func (o *Options) authentication() json.RawMessage {
	switch {
	case o.GatewayToken != "":
		raw, _ := marshal(map[string]string{"method": "gateway-token", "token": o.GatewayToken})
		return raw
	case o.Token != "":
		return accessToken(o.Token)
	}
	raw, _ := marshal(map[string]string{"method": "secret", "login": o.User, "secret": o.Password})
	return raw
}
