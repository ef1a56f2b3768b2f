// Package demo is a cast of small apps that make a bus worth exploring. Each is
// a connection of its own, written with the public client API alone, so the
// package doubles as a tour of that API.
//
//   - CalcPrecise and CalcClassic calculate, one with every digit, the other
//     with four places: the same methods with different handlers.
//   - Grumpy offers the same methods again, and always fails.
//   - ClientDesk keeps clients, with nested values, lists and ids above 2^53,
//     and streams each change.
//   - OrderBlotter takes orders; its stream turns one desk away and closes
//     another when its shift is over.
//   - PriceFeed streams prices with a branch per symbol, at 277 events a second
//     in all, and news every few seconds.
//   - PriceArchive offers a method that PriceFeed has too, with another signature.
//   - Commuter joins and leaves every few seconds.
//   - SlowReports takes 12 seconds for a report.
//   - Flood pushes as many events a second as it is asked for.
//   - Oddities has what an explorer must survive: methods without a signature, or
//     with a broken one, hostile texts, huge values and numbers.
//
// All data is seeded: the same seed gives the same values in the same order,
// whatever the clock does. Only datetime fields come from the clock, which
// [Options].Now can fix. Nothing is computed or pushed while nobody is
// subscribed.
//
// The package must not import anything of this project but client and client/bus.
package demo

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"ioscope/client"
)

// DefaultSeed is the seed of the data where none is given.
const DefaultSeed = 20260704

// Options says how the apps join, and what their data is made from. Nil is
// allowed and means the defaults.
type Options struct {
	// User and Password log in. Default: as in client.Options. Apps under another
	// user than the explorer's are hidden from it by most gateways.
	User, Password string
	// Seed makes the data. Default: DefaultSeed.
	Seed int64
	// Machine is the machine that the apps claim to run on. Default: the gateway
	// resolves it from the connection.
	Machine string
	// Dial makes a connection. Default: as in client.Options, a websocket.
	Dial func(ctx context.Context, url string) (client.Conn, error)
	// Now is the clock of datetime fields; timers do not use it. Default: time.Now.
	Now func() time.Time
	// Logger hears of what goes wrong. Default: discard.
	Logger *slog.Logger
}

// cast lists the apps in the order in which they join. The order counts: the
// target "best" means the first server that offers a method.
var cast = []struct {
	name  string
	enter func(context.Context, *stage) error
}{
	{"CalcPrecise", calcPrecise},
	{"CalcClassic", calcClassic},
	{"Grumpy", grumpy},
	{"ClientDesk", clientDesk},
	{"OrderBlotter", orderBlotter},
	{"PriceFeed", priceFeed},
	{"PriceArchive", priceArchive},
	{"SlowReports", slowReports},
	{"Flood", flood},
	{"Oddities", oddities},
	{"Commuter", commuter},
}

// Names lists the apps' application names in the order in which they join.
func Names() []string {
	names := make([]string, 0, len(cast))
	for _, a := range cast {
		names = append(names, a.name)
	}
	return names
}

// Apps are the running apps.
type Apps struct{ stage *stage }

// Start brings all apps to the bus at url. It returns when each has joined and
// registered what it offers; the context limits that alone. If one can't, those
// that could leave again, and the error says which. An app whose connection is
// lost later comes back by itself.
func Start(ctx context.Context, url string, o *Options) (*Apps, error) {
	s := newStage(url, o)
	for _, a := range cast {
		if err := a.enter(ctx, s); err != nil {
			_ = s.close()
			return nil, fmt.Errorf("start demo app %s: %w", a.name, err)
		}
	}
	return &Apps{stage: s}, nil
}

// Clients are the apps' connections, in the order in which they joined. They belong
// to the apps.
func (a *Apps) Clients() []*client.Client {
	a.stage.mu.Lock()
	defer a.stage.mu.Unlock()
	return slices.Clone(a.stage.clients)
}

// Close makes all apps leave and waits for their goroutines. It returns the
// errors of connections that did not close well. A second Close does nothing.
func (a *Apps) Close() error { return a.stage.close() }

func newStage(url string, o *Options) *stage {
	var opts Options
	if o != nil {
		opts = *o
	}
	if opts.Seed == 0 {
		opts.Seed = DefaultSeed
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	play, end := context.WithCancel(context.Background())
	return &stage{url: url, opts: opts, log: opts.Logger, play: play, end: end}
}
