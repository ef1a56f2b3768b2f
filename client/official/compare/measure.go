package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"time"
)

// warmth is how long each gateway works before anything counts: the vendor's
// compiler takes seconds to do its best.
const warmth = 6 * time.Second

// contender is one of the two gateways under a load.
type contender struct {
	process *process
	load    running
	// costs are the nanoseconds of CPU time per unit, one entry a round.
	costs []float64
	peak  int64
}

// result is the two, the vendor's first.
type result [2]*contender

func measure(ctx context.Context, makers [2]maker, kind loadKind, rounds int) (r result, err error) {
	defer func() {
		for _, c := range r {
			if c != nil {
				_ = c.process.stop()
			}
		}
	}()
	for i, start := range makers {
		if r[i], err = prepare(ctx, start, kind); err != nil {
			return r, err
		}
	}
	for round := range rounds {
		for i := range r {
			c := r[(round+i)%2] // who is first changes
			if err := c.round(); err != nil {
				return r, err
			}
		}
		fmt.Fprintf(os.Stderr, "  round %d: %.2f and %.2f µs, ratio %.1f\n",
			round+1, r[0].costs[round]/1000, r[1].costs[round]/1000, r[0].costs[round]/r[1].costs[round])
	}
	for _, c := range r {
		if err := c.finish(); err != nil {
			return r, err
		}
	}
	return r, ctx.Err()
}

// prepare starts a gateway and warms it up.
func prepare(ctx context.Context, start maker, kind loadKind) (*contender, error) {
	p, err := start(ctx)
	if err != nil {
		return nil, err
	}
	c := &contender{process: p}
	if c.load, err = kind.open(p.url); err != nil {
		_ = p.stop()
		return nil, err
	}
	for began := time.Now(); time.Since(began) < warmth; {
		if _, err := c.load.run(); err != nil {
			_ = p.stop()
			return nil, err
		}
		if err := c.load.rest(); err != nil {
			_ = p.stop()
			return nil, err
		}
	}
	return c, nil
}

// round puts the load on once.
func (c *contender) round() error {
	before, err := c.process.cpu()
	if err != nil {
		return err
	}
	units, err := c.load.run()
	if err != nil {
		return err
	}
	after, err := c.process.cpu()
	if err != nil {
		return err
	}
	c.costs = append(c.costs, float64(after-before)/float64(units))
	return c.load.rest()
}

func (c *contender) finish() (err error) {
	if err := c.load.close(); err != nil {
		return err
	}
	c.peak, err = c.process.peak()
	return err
}

func (r result) print(w io.Writer, unit string) {
	vendor, ours := r[0], r[1]
	ratios := make([]float64, len(ours.costs))
	for i := range ratios {
		ratios[i] = vendor.costs[i] / max(ours.costs[i], 1)
	}
	fmt.Fprintf(w, "| %s \t| %.2f µs \t| %.2f µs \t| %.1f (%.1f to %.1f) \t| %d MB \t| %d MB \t| %.1f \t|\n",
		unit, median(vendor.costs)/1000, median(ours.costs)/1000, median(ratios), slices.Min(ratios), slices.Max(ratios),
		vendor.peak>>20, ours.peak>>20, float64(vendor.peak)/float64(ours.peak))
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}
