package demo

import (
	"context"
	"encoding/json"

	"ioscope/client"
	"ioscope/client/bus"
)

// priceArchive offers Prices.Get too, but with other names in its signature: to
// the bus another method. It gives the price at which the feed began.
func priceArchive(ctx context.Context, s *stage) error {
	c, err := s.connect(ctx, "PriceArchive")
	if err != nil {
		return err
	}
	get := bus.MethodDefinition{
		Name:        "Prices.Get",
		DisplayName: "Get Closing Price",
		Description: "The last closing price of a symbol.",
		Accepts:     "string sym",
		Returns:     "string sym, double close, string currency",
		ObjectTypes: []string{"Instrument"},
		Version:     1,
	}
	return s.register(ctx, c, offer{get, closingPrice})
}

func closingPrice(_ context.Context, call client.Call) (any, error) {
	in := readArgs(call.Args)
	symbol := in.text("sym")
	if err := in.problem(); err != nil {
		return nil, err
	}
	l, err := listed(symbol)
	if err != nil {
		return nil, err
	}
	currency := "GBP"
	if l.venue == "XNAS" {
		currency = "USD"
	}
	return struct {
		Sym      string      `json:"sym"`
		Close    json.Number `json:"close"`
		Currency string      `json:"currency"`
	}{l.symbol, l.price(l.start), currency}, nil
}
