package cli

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"ioscope/model"
	"ioscope/ui"
	"ioscope/ui/config"
)

// buses are those of the config, and the one inside this program. It is ui.Buses.
type buses struct {
	flags *flags
	log   *slog.Logger
	seen  func(name string) time.Time

	mu     sync.Mutex
	open   []*session
	closed bool
}

var _ ui.Buses = (*buses)(nil)

// List implements ui.Buses.
func (b *buses) List() []ui.BusChoice {
	out := make([]ui.BusChoice, len(b.flags.settings.Buses))
	for i, c := range b.flags.settings.Buses {
		out[i] = ui.BusChoice{Name: c.Name, URL: c.URL, User: c.User, Seen: b.seen(c.Name)}
	}
	return out
}

// Join implements ui.Buses.
func (b *buses) Join(name string) (ui.Joined, error) {
	demo := *b.flags
	demo.bus = config.DemoBus
	f := &demo
	if name != config.DemoBus {
		c, ok := f.settings.Find(name)
		if !ok {
			return ui.Joined{}, fmt.Errorf("no bus %q in the config", name)
		}
		var err error
		if f, err = f.toBus(c); err != nil {
			return ui.Joined{}, err
		}
	}
	inbox := ui.NewInbox()
	s := newSession(f, inbox, b.log)
	b.mu.Lock()
	if b.closed {
		b.mu.Unlock()
		return ui.Joined{}, context.Canceled
	}
	b.open = append(b.open, s)
	b.mu.Unlock()
	rows, size, _ := f.settings.keeps()
	if name != config.DemoBus {
		s.open(f.url, nil)
		return ui.Joined{Bus: s, Inbox: inbox, Runs: s.runs, Start: model.Options{Session: sessionID(), Name: f.name(), URL: f.url, Asked: f.url, User: f.user, ReadOnly: f.readOnly, KeepRows: rows, KeepBytes: size}}, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), connectTimeout)
	defer cancel()
	start, err := s.embed(ctx)
	start.KeepRows, start.KeepBytes = rows, size
	return ui.Joined{Bus: s, Inbox: inbox, Runs: s.runs, Start: start}, err
}

// Close leaves all of them.
func (b *buses) Close() {
	b.mu.Lock()
	b.closed = true
	open := b.open
	b.mu.Unlock()
	for _, s := range open {
		s.Close()
		s.inbox.Close()
	}
}
