package demo

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"strconv"
	"time"
)

// floodLate is how far the flood may fall behind before it gives up what it missed.
const floodLate = 250 * time.Millisecond

// dollars is what one of each currency is worth, roughly. Of two, the one that
// stands first here is the first of the pair.
var dollars = []struct {
	code  string
	worth float64
}{
	{"EUR", 1.0843},
	{"GBP", 1.2712},
	{"AUD", 0.6512},
	{"NZD", 0.5986},
	{"USD", 1},
	{"CAD", 0.7321},
	{"CHF", 1.1290},
	{"NOK", 0.0942},
	{"SEK", 0.0961},
	{"JPY", 0.00655},
}

// busy says how many of a thousand ticks are of a pair; the others share the rest evenly.
var busy = map[string]int{
	"EURUSD": 184, "USDJPY": 156, "GBPUSD": 128, "AUDUSD": 82,
	"USDCHF": 79, "EURGBP": 62, "USDCAD": 60, "NZDUSD": 44,
}

// pair is a pair of currencies, its price in units of the last place.
type pair struct {
	name       string
	places     int
	start, bid int64
}

// tickFlow makes the ticks of one rate, and says how many are due. It is not
// safe for concurrent use.
type tickFlow struct {
	rate  int
	rng   *rand.Rand
	pairs []pair
	deal  []uint8 // indexes of pairs, each as often as it is busy
	n     int64

	since time.Time // when counting began, at most a second ago
	last  time.Time
	sent  int64 // of what is due since then
}

func newTickFlow(rate int, rng *rand.Rand) *tickFlow {
	f := &tickFlow{rate: rate, rng: rng}
	for i, base := range dollars {
		for _, quoted := range dollars[i+1:] {
			f.pairs = append(f.pairs, newPair(base.code+quoted.code, base.worth/quoted.worth))
		}
	}
	rest := 1000
	for _, share := range busy {
		rest -= share
	}
	for i, p := range f.pairs {
		share, ok := busy[p.name]
		if !ok {
			share = max(1, rest/(len(f.pairs)-len(busy)))
		}
		for range share {
			f.deal = append(f.deal, uint8(i))
		}
	}
	return f
}

func newPair(name string, price float64) pair {
	p := pair{name: name, places: 4}
	if price > 20 {
		p.places = 2
	}
	p.start = int64(math.Round(price * math.Pow10(p.places)))
	p.bid = p.start
	return p
}

// due returns how many ticks are due by now and counts them as sent. What was
// missed while the machine was too slow is not made up for.
func (f *tickFlow) due(now time.Time) int64 {
	if f.since.IsZero() || now.Sub(f.last) > floodLate {
		f.since, f.sent = now, 0
	}
	f.last = now
	for now.Sub(f.since) >= time.Second {
		f.since = f.since.Add(time.Second)
		f.sent -= int64(f.rate)
	}
	owed := int64(now.Sub(f.since))*int64(f.rate)/int64(time.Second) - f.sent
	f.sent += owed
	return owed
}

// next makes a tick.
func (f *tickFlow) next() json.RawMessage {
	f.n++
	p := &f.pairs[f.deal[f.rng.IntN(len(f.deal))]]
	p.bid += f.rng.Int64N(3) - 1
	if away := p.bid - p.start; away > p.start/50 || away < -p.start/50 {
		p.bid = p.start
	}
	b := make([]byte, 0, 64)
	b = append(b, `{"pair":"`...)
	b = append(b, p.name...)
	b = append(b, `","bid":`...)
	b = appendPrice(b, p.bid, p.places)
	b = append(b, `,"n":`...)
	b = strconv.AppendInt(b, f.n, 10)
	return append(b, '}')
}
