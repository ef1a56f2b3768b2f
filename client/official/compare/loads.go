package main

import (
	"fmt"

	"ioscope/client/internal/load"
)

// loadKind is a load that both gateways are put under.
type loadKind struct {
	name, what string
	// unit is what the CPU time is shared out to.
	unit string
	// open prepares the load on a gateway.
	open func(url string) (running, error)
}

// running is a load on one gateway. run puts it on once and says how many units
// that were; rest, which is not timed, makes ready for the next run.
type running struct {
	run         func() (units int, err error)
	rest, close func() error
}

func noRest() error { return nil }

func loads(scale float64) []loadKind {
	times := func(n int) int { return max(int(float64(n)*scale), 1) }
	return []loadKind{
		{
			"calls", "4 callers with 16 calls in flight each, one server", "call",
			func(url string) (running, error) { return calls(url, times(20_000)) },
		},
		{
			"events", "one publisher, 10 subscribers, data of 100 bytes", "delivered event",
			func(url string) (running, error) { return events(url, times(10_000)) },
		},
		{
			"discovery", "200 peers that join and register 10 methods each, one after the other", "discovered method",
			func(url string) (running, error) { return discovery(url, 200, 10), nil },
		},
	}
}

func calls(url string, n int) (running, error) {
	c, err := load.NewCalls(url, 4, 16)
	if err != nil {
		return running{}, err
	}
	return running{
		run:   func() (int, error) { return n, c.Run(n) },
		rest:  noRest,
		close: c.Close,
	}, nil
}

func events(url string, n int) (running, error) {
	e, err := load.NewEvents(url, 10, 100)
	if err != nil {
		return running{}, err
	}
	return running{
		run:   func() (int, error) { return e.Run(n) },
		rest:  noRest,
		close: e.Close,
	}, nil
}

// discovery leaves between two runs, so that the bus is as empty as it was.
func discovery(url string, peers, methods int) running {
	var crowd *load.Crowd
	return running{
		run: func() (units int, err error) {
			crowd, units, err = load.Gather(url, peers, methods)
			return units, err
		},
		rest: func() error {
			if err := crowd.Leave(); err != nil {
				return fmt.Errorf("leave: %w", err)
			}
			return load.Alone(url)
		},
		close: noRest,
	}
}
