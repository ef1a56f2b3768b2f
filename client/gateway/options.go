package gateway

import (
	"cmp"
	"log/slog"
	"net/netip"
	"time"
)

// Options are the settings of a Gateway. The zero value and nil are good.
type Options struct {
	// Logger gets a line for every connection that is cut off, every origin and
	// every log-in that is refused and, at debug level, for connections that come
	// and go. Default: none.
	Logger *slog.Logger

	// Authenticate decides over a log-in with user name and secret; the text of
	// its error is what the client is told. It is called on the connection's own
	// goroutine and may take its time. Default: everybody may be who they say.
	Authenticate func(user, secret string) error
	// AuthenticateToken decides over an access token that this gateway did not
	// issue, and over every log-in for a provider of its own. It may ask for one
	// more step. It is called as Authenticate is. Default: nobody gets in so.
	AuthenticateToken func(TokenLogin) (TokenAnswer, error)
	// Vouch is asked whenever somebody comes with a token that the gateway
	// issued for a user at a time: an error keeps them out. Without it a token
	// outlives the user's right to log in, by up to 17 hours. Default: no check.
	Vouch func(user string, issued time.Time) error

	// AllowOrigin decides over the Origin header of a connection that has one,
	// as those of browsers do. Default: LoopbackOrigin.
	AllowOrigin func(origin string) bool
	// TrustedProxies are the networks of proxies whose X-Forwarded-For header
	// tells who is really connecting. Default: none, and the header is ignored.
	TrustedProxies []netip.Prefix

	// ReadLimit is the size in bytes of the longest message that is taken; a
	// longer one costs its connection. Default: 16 MiB.
	ReadLimit int64
	// QueueLimit is how many bytes may wait to be written to one connection
	// before it is cut off as too slow. One message always fits. At a quarter of
	// it nothing more is read from that connection. Default: 32 MiB.
	QueueLimit int
	// SlowPatience is how long a connection that is slowed down may take nothing
	// at all before it is cut off. Default: 30 s.
	SlowPatience time.Duration

	// HelloPatience is how long a socket may stay open before somebody has logged
	// in over it. Default: 30 s; negative: for ever.
	HelloPatience time.Duration
	// PingEvery is the time between WebSocket pings, which find connections
	// whose other end has vanished. Default: 15 s; negative: none.
	PingEvery time.Duration
	// PingPatience is how long a ping may stay unanswered. Default: 10 s.
	PingPatience time.Duration

	// MaxPeers is how many peers may be on the bus, and MaxUserPeers how many of
	// one user. Default: 10,000 and no bound; negative: no bound.
	MaxPeers, MaxUserPeers int
	// MaxMethods is how many methods one peer may have registered.
	// Default: 10,000; negative: no bound.
	MaxMethods int
	// MaxCalls is how many calls of one peer may wait for their answers, and
	// MaxSubscriptions how many subscriptions it may hold, pending ones included.
	// Default: 10,000 each; negative: no bound.
	MaxCalls, MaxSubscriptions int
}

const (
	defaultReadLimit     = 16 << 20
	defaultQueueLimit    = 32 << 20
	defaultSlowPatience  = 30 * time.Second
	defaultHelloPatience = 30 * time.Second
	defaultPingEvery     = 15 * time.Second
	defaultPingPatience  = 10 * time.Second
	defaultMax           = 10_000
	// closeGrace is how long a goodbye may take before the connection is cut.
	closeGrace = 2 * time.Second
)

// withDefaults returns a copy in which everything is set but the optional
// functions.
func (o *Options) withDefaults() Options {
	var full Options
	if o != nil {
		full = *o
	}
	if full.Logger == nil {
		full.Logger = slog.New(slog.DiscardHandler)
	}
	if full.Authenticate == nil {
		full.Authenticate = func(string, string) error { return nil }
	}
	if full.AllowOrigin == nil {
		full.AllowOrigin = LoopbackOrigin
	}
	full.ReadLimit = positive(full.ReadLimit, defaultReadLimit)
	full.QueueLimit = positive(full.QueueLimit, defaultQueueLimit)
	full.SlowPatience = positive(full.SlowPatience, defaultSlowPatience)
	full.PingPatience = positive(full.PingPatience, defaultPingPatience)
	full.HelloPatience = cmp.Or(full.HelloPatience, defaultHelloPatience)
	full.PingEvery = cmp.Or(full.PingEvery, defaultPingEvery)
	for _, limit := range []*int{&full.MaxPeers, &full.MaxMethods, &full.MaxCalls, &full.MaxSubscriptions} {
		*limit = cmp.Or(*limit, defaultMax)
	}
	return full
}

// positive is value, or else if that is none.
func positive[T int | int64 | time.Duration](value, otherwise T) T {
	if value <= 0 {
		return otherwise
	}
	return value
}
