package ui

import (
	"fmt"
	"testing"
)

// BenchmarkView draws whole frames.
func BenchmarkView(b *testing.B) {
	for _, name := range []string{"main", "stream", "stream-columns", "stream-latest", "stream-chart", "stream-flood", "form", "result-one"} {
		for _, size := range [][2]int{{120, 40}, {200, 60}} {
			b.Run(fmt.Sprintf("%s/w=%d/h=%d", name, size[0], size[1]), func(b *testing.B) {
				h := sceneNamed(b, name).play(b, size[0], size[1])
				b.ReportAllocs()
				for b.Loop() {
					h.app.dirty = true
					if h.app.View() == "" {
						b.Fatal("nothing was drawn")
					}
				}
			})
		}
	}
}

// BenchmarkFlood takes a frame's worth of events in, at 50,000 a second, and draws.
func BenchmarkFlood(b *testing.B) {
	h := newHarness(b, setting{})
	aapl := &source{q: func() *asking { h.town(); return h.subscribe("AAPL") }(), sym: "AAPL", next: 1}
	b.ReportAllocs()
	for b.Loop() {
		for range 1650 {
			aapl.q.on(tick("AAPL", aapl.next, h.now))
			aapl.next++
		}
		h.now = h.now.Add(frame)
		h.flush()
	}
}
