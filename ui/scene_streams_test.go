package ui

import (
	"fmt"
	"sync"
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
	{name: "stream-sorted", make: func(h *harness) {
		h.main()
		h.press("4", "g", "enter", "v", "s", "s", "S", "k")
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
	{name: "stream-diff", make: func(h *harness) {
		q := h.allPrices()
		q.on(bus.StreamData{At: h.now, Server: "peer-PriceFeed", Data: []byte(`{"sym":"RIO","bid":48.6,"ask":48.69,"size":513,"seq":376,"note":"x","venue":{"code":"XNAS"}}`)})
		q.on(bus.StreamData{At: h.now.Add(time.Millisecond), Server: "peer-PriceFeed", Data: []byte(`{"sym":"VOD","bid":0.7,"seq":1}`)})
		q.on(bus.StreamData{At: h.now.Add(2 * time.Millisecond), Server: "peer-PriceFeed", Data: []byte(`{"sym":"RIO","bid":48.71,"ask":48.69,"size":600,"seq":377,"venue":{"code":"XNAS","halted":false}}`)})
		h.flush()
		h.press("v", "v", "v", "d")
	}},
	{name: "stream-wrapped", make: func(h *harness) {
		h.main()
		h.press("4", "g", "enter", "w", "k", "k", "m")
	}},
	{name: "stream-export", make: func(h *harness) {
		h.app.opts.Disk = &paper{files: map[string]string{}}
		pausedStream(h)
		h.press("&")
		h.write(`"size":2`)
		h.press("enter", "E")
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
var streamPictures = []string{"stream-latest", "stream-chart", "stream-columns", "stream-sorted", "stream-flood", "stream-choose-columns", "stream-key", "stream-diff", "stream-wrapped", "stream-export", "stream-filter", "stream-jq-wrong"}

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

// priceEvents are the events of all symbols by the second: some of two minutes,
// and all of the last seconds.
var priceEvents = sync.OnceValue(func() [][]bus.StreamData {
	seq := map[string]int{}
	out := make([][]bus.StreamData, 125)
	for second := range out {
		for ms := 0; ms < 1000; ms += 50 {
			for k, s := range quoted {
				rate := s.rate
				if second < 119 {
					rate = 1 + rate/12
				}
				for n := ms * rate / 1000; n < (ms+50)*rate/1000; n++ {
					seq[s.sym]++
					bid := s.price * (1 + 0.004*wave(k+1, second/3) + 0.001*wave(k+40, seq[s.sym]))
					out[second] = append(out[second], bus.StreamData{
						At: time.Time{}.Add(time.Duration(ms+k) * time.Millisecond), Server: "peer-PriceFeed",
						Data: fmt.Appendf(nil, `{"sym":%q,"bid":%.*f,"ask":%.*f,"size":%d,"seq":%d,"venue":{"code":"XNAS"}}`, s.sym, s.digits, bid, s.digits, bid*1.0002, 100+seq[s.sym]*37%900, seq[s.sym]),
					})
				}
			}
		}
	}
	return out
})

// allPrices subscribes to all symbols, and lets two minutes go by.
func (h *harness) allPrices() *asking {
	h.t.Helper()
	h.town()
	h.at("14:01:20.000")
	q := h.subscribe("*")
	for _, events := range priceEvents() {
		for _, e := range events {
			e.At = h.now.Add(e.At.Sub(time.Time{}))
			q.on(e)
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
		rate := 1200 + second*150
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

// TestDiffIsToggled steps through events as differences.
func TestDiffIsToggled(t *testing.T) {
	t.Parallel()
	h := sceneNamed(t, "stream").play(t, 120, 40)
	h.press("d")
	h.shows("diff to seq 493, same sym", "~ seq", "494", "was 493", "+1")
	h.press("K")
	h.shows("diff to seq 492, same sym")
	h.press("d")
	h.hides("diff to")
	h.press("x", "g", "d")
	h.shows("no event before it, same sym")
}

// TestCondensing lets events come fast and slowly again, and looks at how the
// view turns.
func TestCondensing(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	aapl := h.main()
	h.press("4", "g", "enter")
	thing := h.app.state.Shown()
	step := func(rate, seconds int, want model.ViewKind) {
		t.Helper()
		aapl.rate = rate
		h.flow(seconds, aapl)
		if thing.View.Kind != want {
			t.Errorf("at %d/s the view is %v, want %v", rate, thing.View.Kind, want)
		}
	}
	step(55, 5, model.RowsView)
	step(100, 1, model.RowsView)
	step(100, 2, model.LatestView)
	h.shows("condensed", "shown. Rows return below 40/s, or with v.", "latest by sym")
	step(50, 9, model.LatestView)
	step(1500, 4, model.RatesView)
	h.shows("by sym, busiest first", "events/s", "a sample")
	step(800, 9, model.RatesView)
	step(300, 5, model.LatestView)
	step(20, 5, model.RowsView)
	h.hides("condensed")
	h.press("space")
	step(100, 6, model.RowsView)
	h.press("space")
	step(100, 4, model.LatestView)
	h.press("v", "v", "v")
	step(100, 9, model.RowsView)
	h.hides("condensed")
}

// TestLatestByKey moves by keys, sorts, and shows the rows of one.
func TestLatestByKey(t *testing.T) {
	t.Parallel()
	h := sceneNamed(t, "stream-latest").play(t, 120, 40)
	thing := h.app.state.Shown()
	h.press("j", "j")
	if thing.CursorKey() != "BARC" {
		t.Errorf("two down is %s", thing.CursorKey())
	}
	h.shows("BARC bid")
	h.press("s")
	if keys := thing.Keys(h.now); keys[0].Key != "VOD" || thing.CursorKey() != "BARC" {
		t.Errorf("by bid the first is %s, the cursor on %s", keys[0].Key, thing.CursorKey())
	}
	h.press("S")
	if keys := thing.Keys(h.now); keys[0].Key != "MSFT" {
		t.Errorf("reversed the first is %s", keys[0].Key)
	}
	h.press("enter")
	h.shows("= sym BARC", " shown, ")
	for _, row := range thing.Tail.Window(0, 50) {
		if string(row.Data[:13]) != `{"sym":"BARC"` {
			t.Fatalf("%s is shown", row.Data)
		}
	}
	h.press("esc")
	if shown, kept := thing.Tail.Shown(); shown != kept {
		t.Error("esc does not show all again")
	}
	h.press("v", "v", ">")
	h.shows("ask, last 2 min")
}

// TestSourcesAreHidden hides a publisher, and shows it alone.
func TestSourcesAreHidden(t *testing.T) {
	t.Parallel()
	h := sceneNamed(t, "stream").play(t, 120, 40)
	thing := h.app.state.Shown()
	thing.Tail.Append(bus.StreamData{At: h.now, Server: "peer-CalcClassic", Data: []byte("{}")})
	h.press("p")
	h.shows("Publishers of MarketData.Prices", "[x] CalcClassic", "1 event", "[x] PriceFeed", "494 events")
	h.press("enter")
	h.shows("[ ] PriceFeed")
	h.press("enter", "down", "space", "esc")
	h.shows("p 1 publisher hidden", "1 of 495 shown")
	h.press("esc")
	h.hides("publisher hidden")
}

// TestMarksOnTheScreen marks a row, goes on, and comes back.
func TestMarksOnTheScreen(t *testing.T) {
	t.Parallel()
	h := sceneNamed(t, "stream").play(t, 120, 40)
	h.press("'")
	h.shows("'  nothing is marked; m marks a row")
	h.press("k", "k", "m", "G", "'")
	if n := h.app.state.Shown().Tail.Cursor(); n != 492 {
		t.Errorf("the mark is at %d", n)
	}
	h.shows("•14:03:22.025")
}
