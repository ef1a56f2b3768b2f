package demo

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
)

// everySymbol is the argument, and the branch, that means all of them.
const everySymbol = "*"

// feedStep is the least that lies between two wake-ups of the feed. What is due
// by then goes out together.
const feedStep = 10 * time.Millisecond

// refreshEvery is how many events lie between two private notes, in the mean.
const refreshEvery = 400

// feed is PriceFeed. Its stream has a branch for each symbol and one for all.
type feed struct {
	stage  *stage
	stream *client.Stream
	wake   attention
	notes  *rand.Rand

	mu    sync.Mutex
	lines map[string]*line // guarded by mu, the lines' content too
}

// line is one symbol of the feed.
type line struct {
	walk  *walk
	pulse *pulse
	live  bool
}

// priceFeed streams prices and news.
func priceFeed(ctx context.Context, s *stage) error {
	c, err := s.connect(ctx, "PriceFeed")
	if err != nil {
		return err
	}
	f := newFeed(s)
	get := bus.MethodDefinition{
		Name:        "Prices.Get",
		DisplayName: "Get Price",
		Description: "The last quote of a symbol.",
		Accepts:     "string symbol",
		Returns:     "string symbol, double bid, double ask, int size, long seq, datetime at",
		ObjectTypes: []string{"Instrument"},
		Version:     2,
	}
	if err := s.register(ctx, c, offer{get, f.get}); err != nil {
		return err
	}
	prices := bus.MethodDefinition{
		Name:        "MarketData.Prices",
		DisplayName: "Live Prices",
		Description: "Quotes of a symbol as they change, * for all. A branch per symbol.",
		Accepts:     "string symbol (a symbol, or * for all)",
		Returns: "string sym, double bid, double ask, int size, long seq, " +
			"composite: { string code, bool? halted } venue, bool? snapshot, string? note",
		ObjectTypes: []string{"Instrument"},
		Version:     1,
	}
	f.stream, err = s.stream(ctx, c, prices, &client.StreamOptions{
		OnRequest:    f.admit,
		OnSubscribed: f.welcome,
	})
	if err != nil {
		return err
	}
	s.run(f.play)
	return marketNews(ctx, s, c)
}

func newFeed(s *stage) *feed {
	f := &feed{stage: s, wake: newAttention(), notes: s.random("refresh notes"), lines: map[string]*line{}}
	for _, l := range listings {
		f.lines[l.symbol] = &line{
			walk:  newWalk(l, s.random("walk "+l.symbol)),
			pulse: newPulse(s.random("pulse "+l.symbol), l.perSecond),
		}
	}
	return f
}

func (f *feed) get(_ context.Context, call client.Call) (any, error) {
	in := readArgs(call.Args)
	symbol := in.text("symbol")
	if err := in.problem(); err != nil {
		return nil, err
	}
	l, err := listed(symbol)
	if err != nil {
		return nil, err
	}
	q := f.last(l.symbol)
	return struct {
		Symbol string      `json:"symbol"`
		Bid    json.Number `json:"bid"`
		Ask    json.Number `json:"ask"`
		Size   int64       `json:"size"`
		Seq    int64       `json:"seq"`
		At     client.Date `json:"at"`
	}{q.symbol, q.price(q.bid), q.price(q.ask), q.size, q.seq, f.stage.now()}, nil
}

func (f *feed) last(symbol string) quote {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.lines[symbol].walk.now
}

// admit lets a subscriber in on the branch of its symbol.
func (f *feed) admit(r *client.Request) {
	in := readArgs(r.Args)
	symbol := in.text("symbol")
	err := in.problem()
	if err == nil && symbol != everySymbol {
		_, err = listed(symbol)
	}
	if err != nil {
		r.Reject(err.Error())
		return
	}
	r.AcceptOnBranch(strings.ToUpper(symbol))
}

// welcome gives a new subscriber the last quotes, to it alone: one, or all.
func (f *feed) welcome(sub *client.Subscriber) {
	key := sub.Branch().Key()
	for _, l := range listings {
		if key != everySymbol && key != l.symbol {
			continue
		}
		f.stage.heed(sub.Push(f.last(l.symbol).welcome()))
	}
	f.wake.call()
}

// play pushes quotes as they are due, and waits while nobody listens.
func (f *feed) play(ctx context.Context) {
	for {
		now := time.Now()
		next, live := f.tune(now)
		if !live {
			if !f.wake.wait(ctx) {
				return
			}
			continue
		}
		if !f.sleep(ctx, next.Sub(now)) {
			return
		}
		f.push(time.Now())
	}
}

// sleep waits for the next quote, or for a newcomer, who may want other ones.
func (f *feed) sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(max(d, feedStep))
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-f.wake:
		return true
	case <-ctx.Done():
		return false
	}
}

// tune wakes the lines that somebody listens to, lets the others rest, and
// returns when the first quote is due.
func (f *feed) tune(now time.Time) (next time.Time, live bool) {
	heard := map[string]bool{}
	for _, b := range f.stream.Branches() {
		heard[b.Key()] = len(b.Subscribers()) > 0
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for symbol, l := range f.lines {
		was := l.live
		l.live = heard[symbol] || heard[everySymbol]
		if l.live && !was {
			l.pulse.start(now)
		}
		if l.live && (!live || l.pulse.due.Before(next)) {
			next, live = l.pulse.due, true
		}
	}
	return next, live
}

// push sends every quote that is due, in the order in which they fell due.
func (f *feed) push(now time.Time) {
	for {
		q, ok := f.draw(now)
		if !ok {
			return
		}
		f.stage.heed(f.stream.Push(q.event(), q.symbol, everySymbol))
		if f.notes.IntN(refreshEvery) == 0 {
			f.refresh(q.symbol)
		}
	}
}

// draw takes the quote that is due first, by now.
func (f *feed) draw(now time.Time) (quote, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var first *line
	for _, l := range listings {
		one := f.lines[l.symbol]
		if one.live && !one.pulse.due.After(now) && (first == nil || one.pulse.due.Before(first.pulse.due)) {
			first = one
		}
	}
	if first == nil {
		return quote{}, false
	}
	first.pulse.beat(now)
	return first.walk.next(), true
}

// refresh tells one of the symbol's subscribers, and no other, that its quote is fresh.
func (f *feed) refresh(symbol string) {
	var subs []*client.Subscriber
	for _, key := range []string{symbol, everySymbol} {
		if b := f.stream.Branch(key); b != nil {
			subs = slices.Concat(subs, b.Subscribers())
		}
	}
	if len(subs) == 0 {
		return
	}
	f.stage.heed(subs[f.notes.IntN(len(subs))].Push(struct {
		Sym  string `json:"sym"`
		Note string `json:"note"`
	}{symbol, "quote refreshed for you"}))
}
