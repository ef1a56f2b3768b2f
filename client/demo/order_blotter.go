package demo

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
)

const (
	// guestDesk may not subscribe, and nightDesk not for long.
	guestDesk = "guest"
	nightDesk = "night"
	// nightShift is how many events a subscriber of the night desk gets.
	nightShift = 60
	// usualDesk is where an order is placed when nothing is said.
	usualDesk = "cash"
	// deskMost is the length of the longest name of a desk, and desksMost how many
	// there may be.
	deskMost, desksMost = 40, 500
	// blotterPerSecond is how much happens at a desk.
	blotterPerSecond = 40
	// firstOrder is the id of the first order that is placed.
	firstOrder = 88001
	// ordersMost is how many placed orders are kept; the oldest are forgotten.
	ordersMost = 5000
)

// blotter is OrderBlotter.
type blotter struct {
	stage  *stage
	stream *client.Stream
	wake   attention

	// mu guards what follows, and the flows' content.
	mu     sync.Mutex
	placed map[int64]placedOrder
	first  int64 // the oldest order that is kept
	next   int64
	desks  map[string]*orderFlow
	seen   map[*client.Subscriber]int // events that a subscriber of the night desk got
	delays *rand.Rand
}

// placedOrder is what is kept of an order that somebody placed.
type placedOrder struct {
	Desk, Symbol, Side string
	Qty                int64
	Cancelled          bool
}

// orderBlotter takes orders, and streams what happens to those of a desk.
func orderBlotter(ctx context.Context, s *stage) error {
	c, err := s.connect(ctx, "OrderBlotter")
	if err != nil {
		return err
	}
	b := &blotter{
		stage: s, wake: newAttention(),
		placed: map[int64]placedOrder{}, first: firstOrder, next: firstOrder,
		desks: map[string]*orderFlow{}, seen: map[*client.Subscriber]int{},
		delays: s.random("order delays"),
	}
	stream := bus.MethodDefinition{
		Name:        "Orders.Blotter",
		DisplayName: "Order Blotter",
		Description: "What happens to the orders of a desk.",
		Accepts:     "string desk (cash, delta, night or any other)",
		Returns: "long seq, string desk, long order, string symbol, string side, long qty, long filled, " +
			"string status, datetime at",
		ObjectTypes: []string{"Order"},
		Version:     1,
	}
	if b.stream, err = s.stream(ctx, c, stream, b.wake.options(b.admit)); err != nil {
		return err
	}
	if err := s.register(ctx, c, b.offers()...); err != nil {
		return err
	}
	s.run(b.play)
	return nil
}

func (b *blotter) offers() []offer {
	place := bus.MethodDefinition{
		Name:        "Orders.Place",
		DisplayName: "Place Order",
		Description: "Places an order. It shows on the blotter of its desk.",
		Accepts: "string symbol, string side (buy or sell), long qty, string? type (market, limit or stop), double? limit, " +
			"datetime? goodTill, bool? allOrNone, tuple: { double low, double high }? collar, string? desk",
		Returns:     "long id, string status, datetime placed",
		ObjectTypes: []string{"Order", "Instrument"},
		Version:     1,
	}
	cancel := bus.MethodDefinition{
		Name:        "Orders.Cancel",
		DisplayName: "Cancel Order",
		Description: "Cancels an order that was placed here.",
		Accepts:     "long id",
		Returns:     "long id, string status",
		ObjectTypes: []string{"Order"},
		Version:     1,
	}
	return []offer{{place, b.place}, {cancel, b.cancel}}
}

func (b *blotter) place(ctx context.Context, call client.Call) (any, error) {
	in := readArgs(call.Args)
	order := placedOrder{
		Symbol: in.text("symbol"),
		Side:   in.text("side"),
		Qty:    in.long("qty"),
		Desk:   in.textOr("desk", usualDesk),
	}
	if err := b.checkOrder(in, &order); err != nil {
		return nil, err
	}
	if !pause(ctx, b.delay()) {
		return nil, ctx.Err()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	id := b.keep(order)
	b.push(order.Desk, b.desks[order.Desk].placed(id, order))
	return struct {
		ID     int64       `json:"id"`
		Status string      `json:"status"`
		Placed client.Date `json:"placed"`
	}{id, "working", b.stage.now()}, nil
}

// checkOrder reads the rest of an order's arguments, and says what is wrong with any.
func (b *blotter) checkOrder(in *args, order *placedOrder) error {
	kind := in.textOr("type", "market")
	if in.has("limit") && in.double("limit") <= 0 {
		in.fail(errors.New("limit is not above 0"))
	}
	if in.has("goodTill") && in.when("goodTill").Before(b.stage.opts.Now()) {
		in.fail(errors.New("goodTill is past"))
	}
	if in.has("allOrNone") {
		in.truth("allOrNone")
	}
	if in.has("collar") {
		if low, high := in.span("collar", "low", "high"); low > high {
			in.fail(errors.New("collar is upside down: low is above high"))
		}
	}
	if err := in.problem(); err != nil {
		return err
	}
	l, err := listed(order.Symbol)
	if err != nil {
		return err
	}
	order.Symbol = l.symbol
	switch {
	case order.Side != "buy" && order.Side != "sell":
		return fmt.Errorf("side is neither buy nor sell: %q", clip(order.Side))
	case order.Qty < 1:
		return errors.New("qty below 1")
	case order.Qty > 1_000_000:
		return errors.New("qty above 1,000,000")
	case kind != "market" && kind != "limit" && kind != "stop":
		return fmt.Errorf("type is neither market, limit nor stop: %q", clip(kind))
	case kind != "market" && !in.has("limit"):
		return fmt.Errorf("limit is missing: a %s order needs it", kind)
	}
	order.Desk, err = b.desk(order.Desk)
	return err
}

func (b *blotter) cancel(_ context.Context, call client.Call) (any, error) {
	in := readArgs(call.Args)
	id := in.long("id")
	if err := in.problem(); err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	order, ok := b.placed[id]
	switch {
	case !ok:
		return nil, fmt.Errorf("no order %d", id)
	case order.Cancelled:
		return nil, fmt.Errorf("order %d is cancelled already", id)
	}
	order.Cancelled = true
	b.placed[id] = order
	b.push(order.Desk, b.desks[order.Desk].cancelled(id, order))
	return struct {
		ID     int64  `json:"id"`
		Status string `json:"status"`
	}{id, "cancelled"}, nil
}

// keep gives an order its id; the caller holds mu.
func (b *blotter) keep(order placedOrder) int64 {
	id := b.next
	b.next++
	b.placed[id] = order
	if len(b.placed) > ordersMost {
		delete(b.placed, b.first)
		b.first++
	}
	return id
}

// delay is how long an order takes: it passes through other hands.
func (b *blotter) delay() time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	return 20*time.Millisecond + within(b.delays, 40*time.Millisecond)
}

// desk checks the name of a desk, which is the same in any case. A desk that
// nobody named before begins to work.
func (b *blotter) desk(name string) (string, error) {
	name = strings.ToLower(strings.TrimSpace(name))
	switch {
	case name == "":
		return "", errors.New("desk is empty")
	case len(name) > deskMost:
		return "", fmt.Errorf("desk is longer than %d bytes", deskMost)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.desks[name] != nil {
		return name, nil
	}
	if len(b.desks) >= desksMost {
		return "", fmt.Errorf("no room for desk %q: there are %d", name, desksMost)
	}
	b.desks[name] = newOrderFlow(name, b.stage.random("orders of "+name), b.stage.now)
	return name, nil
}

func (b *blotter) admit(r *client.Request) {
	in := readArgs(r.Args)
	desk := in.text("desk")
	err := in.problem()
	if err == nil {
		desk, err = b.desk(desk)
	}
	if err == nil && desk == guestDesk {
		err = fmt.Errorf("desk %q may not see orders", desk)
	}
	if err != nil {
		r.Reject(err.Error())
		return
	}
	r.AcceptOnBranch(desk)
}

// play lets things happen at the desks that somebody looks at.
func (b *blotter) play(ctx context.Context) {
	beat := newPulse(b.stage.random("blotter pulse"), blotterPerSecond)
	whileWatched(ctx, b.stream, b.wake, beat.gap, b.step)
}

// step lets one thing happen at each desk that has an audience.
func (b *blotter) step() {
	b.mu.Lock()
	defer b.mu.Unlock()
	var night []*client.Subscriber
	for _, branch := range b.stream.Branches() {
		subs := branch.Subscribers()
		if len(subs) == 0 {
			continue
		}
		b.push(branch.Key(), b.desks[branch.Key()].next())
		if branch.Key() == nightDesk {
			night = subs
		}
	}
	b.countShift(night)
}

// countShift closes those who have followed the night desk for a whole shift,
// and forgets those who are gone. The caller holds mu.
func (b *blotter) countShift(night []*client.Subscriber) {
	here := make(map[*client.Subscriber]int, len(night))
	for _, sub := range night {
		here[sub] = b.seen[sub] + 1
		if here[sub] >= nightShift {
			delete(here, sub)
			sub.CloseWith("the night desk has gone home")
		}
	}
	b.seen = here
}

// push sends an event to those who follow the desk; the caller holds mu, so that
// the sequence goes out in order.
func (b *blotter) push(desk string, event orderEvent) {
	b.stage.heed(b.stream.Push(event, desk))
}
