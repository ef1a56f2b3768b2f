package demo

import (
	"context"
	"math/rand/v2"
	"strings"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
)

// headlines are what news is made of; # stands for the symbol.
var headlines = []string{
	"# opens a second data centre in Rotterdam",
	"# raises its outlook for the year",
	"# to publish its figures a day early",
	"Analysts disagree about #",
	"# denies talks, and keeps talking",
	"Trading in # is calm; nobody knows why",
	"# buys back shares for the third time",
	"Strong demand lifts #",
}

// marketNews is the slow stream of PriceFeed: an item every few seconds.
func marketNews(ctx context.Context, s *stage, c *client.Client) error {
	def := bus.MethodDefinition{
		Name:        "MarketData.News",
		DisplayName: "Market News",
		Description: "Headlines, one every few seconds.",
		Returns:     "long seq, datetime at, string headline, string[] symbols, int urgency",
		ObjectTypes: []string{"Instrument", "News"},
		Version:     1,
	}
	wake := newAttention()
	stream, err := s.stream(ctx, c, def, wake.options(nil))
	if err != nil {
		return err
	}
	desk := &newsDesk{rng: s.random("news"), now: s.now}
	gaps := s.random("news gaps")
	every := func() time.Duration { return 3*time.Second + within(gaps, 4*time.Second) }
	s.run(func(ctx context.Context) {
		whileWatched(ctx, stream, wake, every, func() { s.heed(stream.Push(desk.next())) })
	})
	return nil
}

// newsDesk writes the items; one goroutine at a time.
type newsDesk struct {
	rng *rand.Rand
	now func() client.Date
	seq int64
}

// newsItem is one event of MarketData.News.
type newsItem struct {
	Seq      int64       `json:"seq"`
	At       client.Date `json:"at"`
	Headline string      `json:"headline"`
	Symbols  []string    `json:"symbols"`
	Urgency  int         `json:"urgency"`
}

func (d *newsDesk) next() newsItem {
	d.seq++
	symbol := listings[d.rng.IntN(len(listings))].symbol
	headline := headlines[d.rng.IntN(len(headlines))]
	return newsItem{
		Seq:      d.seq,
		At:       d.now(),
		Headline: strings.ReplaceAll(headline, "#", symbol),
		Symbols:  []string{symbol},
		Urgency:  1 + d.rng.IntN(3),
	}
}
