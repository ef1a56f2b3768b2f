package demo

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
)

// listing is a symbol on the feed. Prices are counted in units of the last
// place that is shown.
type listing struct {
	symbol    string
	venue     string
	perSecond int
	places    int
	start     int64
	spread    int64
}

// listings are the symbols of the feed, in the order of the alphabet.
var listings = []listing{
	{"AAPL", "XNAS", 38, 2, 14230, 3},
	{"AZN", "XLON", 4, 2, 11802, 4},
	{"BARC", "XLON", 22, 3, 2141, 1},
	{"BP", "XLON", 17, 3, 4502, 2},
	{"GSK", "XLON", 6, 2, 1522, 2},
	{"HSBA", "XLON", 31, 3, 6318, 2},
	{"MSFT", "XNAS", 36, 2, 40910, 6},
	{"RIO", "XLON", 3, 2, 4871, 4},
	{"SHEL", "XLON", 9, 2, 2560, 2},
	{"TSCO", "XLON", 5, 3, 2930, 1},
	{"ULVR", "XLON", 2, 2, 4406, 4},
	{"VOD", "XLON", 104, 4, 7312, 2},
}

// listed returns the listing of a symbol, in any case.
func listed(symbol string) (listing, error) {
	known := make([]string, 0, len(listings))
	for _, l := range listings {
		if strings.EqualFold(l.symbol, symbol) {
			return l, nil
		}
		known = append(known, l.symbol)
	}
	return listing{}, fmt.Errorf("no symbol %q; there are %s", clip(symbol), strings.Join(known, ", "))
}

// price writes an amount in units of the last place, every place of it.
func (l listing) price(units int64) json.Number {
	return json.Number(appendPrice(nil, units, l.places))
}

// quote is the price of a symbol at one moment.
type quote struct {
	listing
	bid, ask, size int64
	// seq counts the quotes of the symbol, from 1.
	seq int64
	// saysHalted is true where the quote tells that trading is not halted; most
	// leave it out.
	saysHalted bool
}

// walk makes the quotes of one symbol: a random walk that is drawn back to where
// it started, so that it stays a price for ever.
type walk struct {
	rng *rand.Rand
	now quote
}

func newWalk(l listing, rng *rand.Rand) *walk {
	return &walk{rng: rng, now: quote{listing: l, bid: l.start, ask: l.start + l.spread, size: 100}}
}

// next takes a step and returns the quote it leads to.
func (w *walk) next() quote {
	q := &w.now
	most := max(2, q.start/700)
	home := (q.start - q.bid) / 40
	q.bid = max(1, q.bid+home+w.rng.Int64N(2*most+1)-most)
	q.ask = q.bid + max(1, q.spread+w.rng.Int64N(3)-1)
	q.size = 100 + w.rng.Int64N(900)
	q.saysHalted = w.rng.IntN(20) == 0
	q.seq++
	return *q
}

// members writes the quote as JSON, prices with their last zeros, but for the
// brace that ends it.
func (q quote) members(b []byte) []byte {
	b = append(b, `{"sym":"`...)
	b = append(b, q.symbol...)
	b = append(b, `","bid":`...)
	b = appendPrice(b, q.bid, q.places)
	b = append(b, `,"ask":`...)
	b = appendPrice(b, q.ask, q.places)
	b = append(b, `,"size":`...)
	b = strconv.AppendInt(b, q.size, 10)
	b = append(b, `,"seq":`...)
	b = strconv.AppendInt(b, q.seq, 10)
	b = append(b, `,"venue":{"code":"`...)
	b = append(b, q.venue...)
	b = append(b, '"')
	if q.saysHalted {
		b = append(b, `,"halted":false`...)
	}
	return append(b, '}')
}

// event is the quote as the stream sends it.
func (q quote) event() json.RawMessage {
	return append(q.members(make([]byte, 0, 128)), '}')
}

// welcome is the quote as a new subscriber gets it, alone.
func (q quote) welcome() json.RawMessage {
	return append(q.members(make([]byte, 0, 160)), `,"snapshot":true,"note":"welcome"}`...)
}

// appendPrice writes units of the last place as a decimal number, every place of it.
func appendPrice(b []byte, units int64, places int) []byte {
	digits := strconv.FormatInt(units, 10)
	for len(digits) <= places {
		digits = "0" + digits
	}
	point := len(digits) - places
	b = append(b, digits[:point]...)
	if places == 0 {
		return b
	}
	return append(append(b, '.'), digits[point:]...)
}
