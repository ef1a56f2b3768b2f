package gateway

import (
	"fmt"
	"testing"

	"ioscope/client/internal/load"
)

// The benchmarks put their loads on a gateway over real sockets, from the same
// process: what the clients cost is in the figures. They tell two versions of
// this package apart; `make compare` tells what the gateway alone costs.

func benched(b *testing.B) (url string) {
	b.Helper()
	g := New(nil)
	b.Cleanup(func() { _ = g.Close() })
	s, err := g.Listen(b.Context(), "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	return s.URL()
}

func BenchmarkInvoke(b *testing.B) {
	for _, callers := range []int{1, 4} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			calls, err := load.NewCalls(benched(b), callers, 16)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			b.ResetTimer()
			if err := calls.Run(b.N); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
			_ = calls.Close()
		})
	}
}

func BenchmarkFanout(b *testing.B) {
	const subs = 10
	for _, size := range []int{100, 10_000} {
		b.Run(fmt.Sprintf("subs=%d/size=%d", subs, size), func(b *testing.B) {
			events, err := load.NewEvents(benched(b), subs, size)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			b.ResetTimer()
			delivered, err := events.Run(b.N)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(delivered)/b.Elapsed().Seconds(), "events/s")
			_ = events.Close()
		})
	}
}

func BenchmarkDiscover(b *testing.B) {
	const peers, methods = 200, 10
	b.Run(fmt.Sprintf("peers=%d/methods=%d", peers, methods), func(b *testing.B) {
		url := benched(b)
		b.ReportAllocs()
		total := 0
		for b.Loop() {
			crowd, discovered, err := load.Gather(url, peers, methods)
			if err != nil {
				b.Fatal(err)
			}
			total += discovered
			b.StopTimer()
			if err := crowd.Leave(); err != nil {
				b.Fatal(err)
			}
			if err := load.Alone(url); err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
		}
		b.ReportMetric(float64(total)/b.Elapsed().Seconds(), "methods/s")
	})
}
