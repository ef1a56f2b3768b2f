// Package backoffice is a demo host of Interval actions: the back office of a small
// shop, written with the public host API of package interval alone, so that it
// doubles as a tour of that API. Between them its actions use every component of
// the protocol.
//
//   - orders/refund finds an order and pays money back, with a check of the amount,
//     buttons, and a second question where it is much.
//   - orders/bulk changes many orders: a ledger that comes page by page, a table of
//     more rows than one message carries, and a count of what is done.
//   - customers/edit finds a customer and changes everything about them.
//   - customers/write sends a letter with files to several customers.
//   - stock/import takes a file or typed rows, checks them, and imports with progress.
//   - stock/recount fails, with a cause.
//   - stock/reindex works on in the background and can be canceled.
//   - tools/displays shows every display, tools/calendar asks for credentials.
//   - The pages orders, stock and reports show tables, grids and late parts; the
//     page reports/broken fails.
//
// All data is seeded: the same seed gives the same shop. What is changed stays
// changed until the host is closed.
//
// # Concurrency
//
// Every function may be called from any goroutine.
//
// The package must not import ui or model.
package backoffice

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"ioscope/client/interval"
)

// DefaultSeed is the seed of the data where none is given.
const DefaultSeed = 20260704

// Options say how the host joins, and what its data is made from. Nil is allowed
// and means the defaults.
type Options struct {
	// APIKey is what the runner may ask for.
	APIKey string
	// InstanceID is the identity of the host. Default: a new one.
	InstanceID string
	// Seed makes the data. Default: DefaultSeed.
	Seed int64
	// Now is the clock of the data. Default: time.Now.
	Now func() time.Time
	// Pace is how long an item of work takes. Default: 80 ms; negative: no time.
	Pace time.Duration
	// RetryEvery is the pause between two attempts to connect. Default: 1 s.
	RetryEvery time.Duration
	// Dial makes the connection. Default: a WebSocket.
	Dial func(ctx context.Context, url string, header http.Header) (interval.Conn, error)
	// Logger hears of what goes wrong. Default: discard.
	Logger *slog.Logger
}

func (o *Options) withDefaults() Options {
	var out Options
	if o != nil {
		out = *o
	}
	if out.Seed == 0 {
		out.Seed = DefaultSeed
	}
	if out.Now == nil {
		out.Now = time.Now
	}
	if out.Pace == 0 {
		out.Pace = 80 * time.Millisecond
	}
	if out.RetryEvery == 0 {
		out.RetryEvery = time.Second
	}
	if out.Logger == nil {
		out.Logger = slog.New(slog.DiscardHandler)
	}
	return out
}

// Host is the demo host.
type Host struct{ *interval.Host }

// Start connects the host to the runner at endpoint, such as
// ws://127.0.0.1:3000/websocket. While nobody listens there it tries again, until
// ctx ends; a runner that refuses it is an error. From then on it connects again by
// itself whenever the connection breaks, until Close.
func Start(ctx context.Context, endpoint string, o *Options) (*Host, error) {
	opts := o.withDefaults()
	h := New(endpoint, &opts)
	for {
		err := h.Listen(ctx)
		switch {
		case err == nil:
			return h, nil
		case ctx.Err() != nil:
			h.Close()
			return nil, fmt.Errorf("start the back office: %w", context.Cause(ctx))
		case errors.Is(err, interval.ErrRefused): // it would be no better next time
			h.Close()
			return nil, fmt.Errorf("start the back office: %w", err)
		}
		opts.Logger.Info("no runner yet", "endpoint", endpoint, "err", err)
		select {
		case <-time.After(opts.RetryEvery):
		case <-ctx.Done():
		}
	}
}

// New makes the host without connecting it: Listen does that.
func New(endpoint string, o *Options) *Host {
	opts := o.withDefaults()
	h := interval.NewHost(interval.HostOptions{
		Endpoint: endpoint, APIKey: opts.APIKey, InstanceID: opts.InstanceID, Dial: opts.Dial,
		RetryEvery: opts.RetryEvery, Logger: opts.Logger, SDKName: "ioscope-backoffice",
	})
	s := newShop(opts)
	s.orderPages(h)
	s.stockPages(h)
	s.reportPages(h)
	h.Page(interval.Page{Slug: "customers", Name: "Customers", Description: "Those whom we sell to"})
	h.Page(interval.Page{Slug: "tools", Name: "Tools", Description: "What belongs nowhere else"})
	h.Action(interval.Action{Group: "orders", Slug: "refund", Name: "Refund an order", Description: "Pays back what a customer paid, or a part of it", Run: s.refund})
	h.Action(interval.Action{Group: "orders", Slug: "bulk", Name: "Change many orders", Description: "Gives the chosen orders another status", Run: s.bulk})
	h.Action(interval.Action{Group: "customers", Slug: "edit", Name: "Edit a customer", Description: "Finds a customer and changes all about them", Run: s.edit})
	h.Action(interval.Action{Group: "customers", Slug: "write", Name: "Write to customers", Description: "Sends a letter, with files", Run: s.write})
	h.Action(interval.Action{Group: "stock", Slug: "import", Name: "Import stock", Description: "From a CSV file, or typed", Run: s.importStock})
	h.Action(interval.Action{Group: "stock", Slug: "recount", Name: "Recount the stock", Description: "Fails: the scales are broken", Run: s.recount})
	h.Action(interval.Action{
		Group: "stock", Slug: "reindex", Name: "Rebuild the index", Description: "Goes on when nobody looks; can be canceled",
		Backgroundable: true, WarnOnClose: new(false), Run: s.reindex,
	})
	h.Action(interval.Action{Group: "tools", Slug: "displays", Name: "Every display", Description: "Shows all that can be shown", Run: s.displays})
	h.Action(interval.Action{Group: "tools", Slug: "calendar", Name: "Connect a calendar", Description: "Asks for credentials, where the runner has any", Run: s.calendar})
	h.Action(interval.Action{Group: "tools", Slug: "echo", Name: "Echo", Description: "Gives its parameters back", Unlisted: true, Run: s.echo})
	return &Host{h}
}

// pause is the time that an item of work takes. It ends early with the action.
func (s *shop) pause(ctx context.Context) error {
	if s.opts.Pace > 0 {
		timer := time.NewTimer(s.opts.Pace)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
		}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}
