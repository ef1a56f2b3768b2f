package demo

import (
	"math/rand/v2"
	"slices"

	"ioscope/client"
)

// openMost is how many orders of its own a desk has at work.
const openMost = 12

// orderEvent is one event of Orders.Blotter.
type orderEvent struct {
	Seq    int64       `json:"seq"`
	Desk   string      `json:"desk"`
	Order  int64       `json:"order"`
	Symbol string      `json:"symbol"`
	Side   string      `json:"side"`
	Qty    int64       `json:"qty"`
	Filled int64       `json:"filled"`
	Status string      `json:"status"`
	At     client.Date `json:"at"`
}

// orderFlow makes up what happens at a desk: orders come, are filled piece by
// piece, and some are cancelled. It is not safe for concurrent use.
type orderFlow struct {
	desk string
	rng  *rand.Rand
	now  func() client.Date
	seq  int64
	last int64
	open []orderEvent
}

func newOrderFlow(desk string, rng *rand.Rand, now func() client.Date) *orderFlow {
	return &orderFlow{desk: desk, rng: rng, now: now, last: 40_000 + 1000*rng.Int64N(40)}
}

// next lets one thing happen.
func (f *orderFlow) next() orderEvent {
	if len(f.open) == 0 || len(f.open) < openMost && f.rng.IntN(3) == 0 {
		return f.stamp(f.begin())
	}
	return f.stamp(f.proceed(f.rng.IntN(len(f.open))))
}

// begin takes a new order.
func (f *orderFlow) begin() orderEvent {
	f.last++
	e := orderEvent{
		Desk:   f.desk,
		Order:  f.last,
		Symbol: listings[f.rng.IntN(len(listings))].symbol,
		Side:   []string{"buy", "sell"}[f.rng.IntN(2)],
		Qty:    100 * (1 + f.rng.Int64N(50)),
		Status: "new",
	}
	f.open = append(f.open, e)
	return e
}

// proceed fills a part of an order, or the rest of it, or cancels it.
func (f *orderFlow) proceed(i int) orderEvent {
	e := &f.open[i]
	switch f.rng.IntN(8) {
	case 0:
		e.Status = "cancelled"
	case 1, 2, 3:
		e.Filled, e.Status = e.Qty, "filled"
	default:
		e.Filled += (e.Qty - e.Filled + 1) / 2
		e.Status = "part filled"
		if e.Filled == e.Qty {
			e.Status = "filled"
		}
	}
	out := *e
	if out.Status != "part filled" {
		f.open = slices.Delete(f.open, i, i+1)
	}
	return out
}

// placed and cancelled are what somebody on the bus did.
func (f *orderFlow) placed(id int64, o placedOrder) orderEvent {
	return f.stamp(o.event(f.desk, id, "new"))
}

func (f *orderFlow) cancelled(id int64, o placedOrder) orderEvent {
	return f.stamp(o.event(f.desk, id, "cancelled"))
}

func (o placedOrder) event(desk string, id int64, status string) orderEvent {
	return orderEvent{Desk: desk, Order: id, Symbol: o.Symbol, Side: o.Side, Qty: o.Qty, Status: status}
}

func (f *orderFlow) stamp(e orderEvent) orderEvent {
	f.seq++
	e.Seq, e.At = f.seq, f.now()
	return e
}
