package ui

import (
	"fmt"
	"testing"
	"time"

	"ioscope/client/bus"
	"ioscope/model"
)

// streamScenes are the views of a stream.
var streamScenes = []scene{
	{name: "stream-latest", make: func(h *harness) { h.allPrices() }},
	{name: "stream-chart", make: func(h *harness) {
		h.allPrices()
		h.press("v", "T", "T")
	}},
	{name: "stream-columns", make: func(h *harness) {
		h.main()
		h.press("4", "g", "enter", "v")
	}},
	{name: "stream-flood", make: func(h *harness) { h.flood() }},
	{name: "stream-choose-columns", make: func(h *harness) {
		h.main()
		h.press("4", "g", "enter", "c", "j", "j", "space", "down", "down", "K")
	}},
	{name: "stream-key", make: func(h *harness) {
		h.allPrices()
		h.press("K")
	}},
	{name: "stream-filter", make: func(h *harness) {
		pausedStream(h)
		h.press("|")
		h.write(".size > 200")
		h.press("enter")
	}},
	{name: "stream-jq-wrong", make: func(h *harness) {
		pausedStream(h)
		h.press("esc", "|")
		h.write(".pric")
	}},
}

func init() { scenes = append(scenes, streamScenes...) } //nolint:gochecknoinits // each file brings its scenes

// streamPictures are those of them that are kept as text.
var streamPictures = []string{"stream-latest", "stream-chart", "stream-columns", "stream-flood", "stream-choose-columns", "stream-key", "stream-filter", "stream-jq-wrong"}

func init() { //nolint:gochecknoinits // each file brings its pictures
	for _, name := range streamPictures {
		pictures = append(pictures, struct {
			scene string
			sizes [][2]int
		}{name, mainSizes})
	}
}

// quoted are the symbols of the scene: their prices, digits and events a second.
var quoted = []struct {
	sym    string
	price  float64
	digits int
	rate   int
}{
	{"AAPL", 142.36, 2, 38},
	{"AZN", 118.02, 2, 4},
	{"BARC", 2.141, 3, 22},
	{"BP", 4.502, 3, 17},
	{"GSK", 15.22, 2, 6},
	{"HSBA", 6.318, 3, 31},
	{"MSFT", 409.10, 2, 36},
	{"RIO", 48.71, 2, 3},
	{"SHEL", 25.60, 2, 9},
	{"TSCO", 2.930, 3, 5},
	{"ULVR", 44.06, 2, 2},
	{"VOD", 0.7312, 4, 104},
}

// wave is a walk that is the same each time.
func wave(seed, i int) float64 {
	x := uint64(seed*7919+i)*2654435761%1000 + uint64(seed*31+i/7)*40503%700
	return float64(x)/850 - 1
}

// allPrices subscribes to all symbols, and lets two minutes go by.
func (h *harness) allPrices() *asking {
	h.t.Helper()
	h.town()
	h.at("14:01:20.000")
	q := h.subscribe("*")
	seq := map[string]int{}
	for second := range 125 {
		for ms := 0; ms < 1000; ms += 50 {
			for k, s := range quoted {
				for n := ms * s.rate / 1000; n < (ms+50)*s.rate/1000; n++ {
					seq[s.sym]++
					bid := s.price * (1 + 0.004*wave(k+1, second/3) + 0.001*wave(k+40, seq[s.sym]))
					q.on(bus.StreamData{
						At: h.now.Add(time.Duration(ms)*time.Millisecond + time.Duration(k)*time.Millisecond), Server: "peer-PriceFeed",
						Data: fmt.Appendf(nil, `{"sym":%q,"bid":%.*f,"ask":%.*f,"size":%d,"seq":%d,"venue":{"code":"XNAS"}}`, s.sym, s.digits, bid, s.digits, bid*1.0002, 100+seq[s.sym]*37%900, seq[s.sym]),
					})
				}
			}
		}
		h.now = h.now.Add(time.Second - time.Millisecond)
		h.flush()
		h.now = h.now.Add(time.Millisecond)
	}
	h.update(tickMsg{})
	h.press("2", "4", "g", "enter")
	return q
}

var pairs = []struct {
	name  string
	share int
}{{"EURUSD", 184}, {"USDJPY", 156}, {"GBPUSD", 128}, {"AUDUSD", 82}, {"USDCHF", 79}, {"EURGBP", 62}, {"USDCAD", 60}, {"NZDUSD", 44}, {"EURJPY", 205}}

// flood lets thousands of events a second come.
func (h *harness) flood() *asking {
	h.t.Helper()
	h.town()
	h.join("Flood", 4150, stream("LoadTest.Ticks", "Load Test", "", "int? rate", "string pair, double bid, long n"))
	h.at("14:06:02.000")
	q := h.ask("LoadTest.Ticks", bus.Target{}, `{"rate":5000}`)
	q.on(bus.StreamAccepted{At: h.now, Server: person("Flood", 4150)})
	h.finish(q, nil)
	n := 0
	for second := range 8 {
		rate := 3000 + second*300
		for i := range rate {
			pick, pair := n*7919%1000, ""
			for _, p := range pairs {
				if pick -= p.share; pick < 0 {
					pair = p.name
					break
				}
			}
			if pair == "EURJPY" {
				pair = fmt.Sprint("X", n%41)
			}
			n++
			q.on(bus.StreamData{
				At: h.now.Add(time.Duration(i) * time.Second / time.Duration(rate)), Server: "peer-Flood",
				Data: fmt.Appendf(nil, `{"pair":%q,"bid":%.4f,"n":%d}`, pair, 1.08+float64(n%100)/10000, n),
			})
			if i%200 == 199 {
				h.flush()
			}
		}
		h.now = h.now.Add(time.Second)
		h.flush()
	}
	h.update(tickMsg{})
	h.press("2", "4", "g", "enter")
	return q
}

// TestViewsTurn turns the views by hand, and looks at what each shows.
func TestViewsTurn(t *testing.T) {
	t.Parallel()
	h := sceneNamed(t, "stream").play(t, 120, 40)
	thing := h.app.state.Shown()
	for _, want := range []model.ViewKind{model.ColumnsView, model.LatestView, model.ChartOver, model.RatesView, model.RowsView} {
		h.press("v")
		if thing.View.Kind != want || !thing.View.ByHand {
			t.Errorf("v turns to %v, want %v", thing.View.Kind, want)
		}
		if law := wrong(h.app.View(), 120, 40); law != "" {
			t.Errorf("%v: %s", want, law)
		}
	}
}
