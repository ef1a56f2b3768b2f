package demo

import (
	"context"
	"fmt"
	"math"
	"strconv"

	"ioscope/client"
)

// calcClassic calculates as a pocket calculator does: in 32 bits, or with four
// places, and it has never heard of remainders, whatever it registered.
func calcClassic(ctx context.Context, s *stage) error {
	c, err := s.connect(ctx, "CalcClassic")
	if err != nil {
		return err
	}
	return s.register(ctx, c,
		offer{addition, classicAddition},
		offer{division, classicDivision},
		offer{multiply, classicMultiply},
	)
}

func classicAddition(_ context.Context, call client.Call) (any, error) {
	in := readArgs(call.Args)
	sum := in.integer("a") + in.integer("b") + in.integerOr("c", 0)
	if err := in.problem(); err != nil {
		return nil, err
	}
	if sum != int64(int32(sum)) {
		return nil, fmt.Errorf("the sum %d does not fit an int", sum)
	}
	return struct {
		Sum int64 `json:"sum"`
	}{sum}, nil
}

func classicDivision(_ context.Context, call client.Call) (any, error) {
	in := readArgs(call.Args)
	a, b := in.double("a"), in.double("b")
	if err := in.problem(); err != nil {
		return nil, err
	}
	if b == 0 {
		return nil, errByZero
	}
	quotient, err := fourPlaces(a / b)
	if err != nil {
		return nil, err
	}
	return struct {
		Quotient float64 `json:"quotient"`
		Exact    bool    `json:"exact"`
		Unit     string  `json:"unit"`
	}{quotient, quotient*b == a, noUnit}, nil
}

func classicMultiply(_ context.Context, call client.Call) (any, error) {
	in := readArgs(call.Args)
	a, b := in.double("a"), in.double("b")
	if err := in.problem(); err != nil {
		return nil, err
	}
	product, err := fourPlaces(a * b)
	if err != nil {
		return nil, err
	}
	return struct {
		Product float64 `json:"product"`
	}{product}, nil
}

// fourPlaces rounds to four places after the point. What is too large for a
// double is an error: JSON has no infinity.
func fourPlaces(f float64) (float64, error) {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return 0, fmt.Errorf("the result is too large for a double")
	}
	return strconv.ParseFloat(strconv.FormatFloat(f, 'f', 4, 64), 64)
}
