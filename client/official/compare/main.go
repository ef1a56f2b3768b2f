// Command compare measures the vendor's gateway and ours under the same loads,
// and prints what each costs and the ratios: CPU time of the gateway process for
// a call, for a delivered event and for a discovered method, and its peak
// memory. Run it in the module's root, on a machine with Linux's /proc, Go and
// Node.js:
//
//	go run ./client/official/compare [-rounds N] [-scale F] [-only NAME]
//
// Both gateways are processes of their own, started afresh for each load and
// warmed up with it. Then they take the load in turn, round by round, so that
// whatever else the machine does meets both; the table shows medians over the
// rounds, and the lowest and highest ratio. The load comes from this process.
// Peak memory is that of the whole life of a gateway, its clients' leaving
// included.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"text/tabwriter"
)

func main() {
	rounds := flag.Int("rounds", 5, "measured `rounds` per load")
	scale := flag.Float64("scale", 1, "size of the calls and events loads, as a `factor`")
	only := flag.String("only", "", "measure one `load` alone: calls, events or discovery")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := compare(ctx, os.Stdout, *rounds, *scale, *only); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		stop()
		os.Exit(1)
	}
}

func compare(ctx context.Context, out io.Writer, rounds int, scale float64, only string) error {
	makers, cleanUp, err := gateways(ctx)
	if err != nil {
		return err
	}
	defer cleanUp()
	table := tabwriter.NewWriter(out, 0, 0, 1, ' ', 0)
	fmt.Fprintln(table, "| per \t| official \t| ioscope \t| ratio (lowest to highest) \t| peak memory, official \t| ioscope \t| ratio \t|")
	fmt.Fprintln(table, "|---\t|---\t|---\t|---\t|---\t|---\t|---\t|")
	for _, load := range loads(scale) {
		if only != "" && load.name != only {
			continue
		}
		fmt.Fprintf(os.Stderr, "%s: %s\n", load.name, load.what)
		r, err := measure(ctx, makers, load, rounds)
		if err != nil {
			return fmt.Errorf("%s: %w", load.name, err)
		}
		r.print(table, load.unit)
	}
	return table.Flush()
}
