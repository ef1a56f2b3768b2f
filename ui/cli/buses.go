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
	if name != config.DemoBus {
		return b.join(f)
	}
	s, err := b.session(f)
	if err != nil {
		return ui.Joined{}, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), connectTimeout)
	defer cancel()
	start, err := s.embed(ctx)
	start.KeepRows, start.KeepBytes, _ = f.settings.keeps()
	return ui.Joined{Bus: s, Inbox: s.inbox, Runs: s.runs, Start: start}, err
}

// joinAt goes to the bus at an address, as who one is.
func (b *buses) joinAt(address string) (ui.Joined, error) {
	f := *b.flags
	f.bus, f.url, f.asked, f.replay.file = "", address, true, ""
	return b.join(&f)
}

// join goes to the bus that the flags name.
func (b *buses) join(f *flags) (ui.Joined, error) {
	s, err := b.session(f)
	if err != nil {
		return ui.Joined{}, err
	}
	s.open(f.url, nil)
	start := model.Options{Session: sessionID(), Name: f.name(), URL: f.url, Asked: f.url, User: f.user, ReadOnly: f.readOnly}
	start.KeepRows, start.KeepBytes, _ = f.settings.keeps()
	return ui.Joined{Bus: s, Inbox: s.inbox, Runs: s.runs, Start: start}, nil
}

// session makes one that is closed with the others.
func (b *buses) session(f *flags) (*session, error) {
	s := newSession(f, ui.NewInbox(), b.log)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil, context.Canceled
	}
	b.open = append(b.open, s)
	return s, nil
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
