package demo

import (
	"context"
	"encoding/json"
	"math/big"
	"strings"

	"ioscope/client"
)

// quotientPlaces is how many places CalcPrecise gives of a number that does not end.
const quotientPlaces = 14

// calcPrecise calculates with every digit.
func calcPrecise(ctx context.Context, s *stage) error {
	c, err := s.connect(ctx, "CalcPrecise")
	if err != nil {
		return err
	}
	return s.register(ctx, c,
		offer{addition, preciseAddition},
		offer{division, preciseDivision},
		offer{multiply, preciseMultiply},
	)
}

func preciseAddition(_ context.Context, call client.Call) (any, error) {
	in := readArgs(call.Args)
	sum := big.NewInt(in.integer("a"))
	sum.Add(sum, big.NewInt(in.integer("b")))
	sum.Add(sum, big.NewInt(in.integerOr("c", 0)))
	if err := in.problem(); err != nil {
		return nil, err
	}
	return struct {
		Sum json.Number `json:"sum"`
	}{json.Number(sum.String())}, nil
}

func preciseDivision(_ context.Context, call client.Call) (any, error) {
	in := readArgs(call.Args)
	a, b := in.exact("a"), in.exact("b")
	if err := in.problem(); err != nil {
		return nil, err
	}
	if b.Sign() == 0 {
		return nil, errByZero
	}
	quotient := new(big.Rat).Quo(a, b)
	whole := new(big.Int).Quo(quotient.Num(), quotient.Denom())
	remainder := new(big.Rat).Sub(a, new(big.Rat).Mul(b, new(big.Rat).SetInt(whole)))
	digits, exact := decimal(quotient)
	rest, _ := decimal(remainder)
	return struct {
		Quotient  json.Number `json:"quotient"`
		Remainder json.Number `json:"remainder"`
		Exact     bool        `json:"exact"`
		Unit      string      `json:"unit"`
	}{digits, rest, exact, noUnit}, nil
}

func preciseMultiply(_ context.Context, call client.Call) (any, error) {
	in := readArgs(call.Args)
	a, b := in.exact("a"), in.exact("b")
	if err := in.problem(); err != nil {
		return nil, err
	}
	product, _ := decimal(new(big.Rat).Mul(a, b))
	return struct {
		Product json.Number `json:"product"`
	}{product}, nil
}

// decimal writes every digit of a number that ends, and else as many places as
// are promised, counted from the first that is not 0. It reports whether these
// are all its digits.
func decimal(r *big.Rat) (json.Number, bool) {
	places, ends := r.FloatPrec()
	if !ends || places > maxNumber {
		zeros := len(r.Denom().String()) - len(r.Num().String())
		places, ends = quotientPlaces+max(0, zeros), false
	}
	digits := r.FloatString(places)
	if strings.Contains(digits, ".") {
		digits = strings.TrimRight(strings.TrimRight(digits, "0"), ".")
	}
	return json.Number(digits), ends
}
