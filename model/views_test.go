package model

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"ioscope/client/bus"
)

// watched is a subscription to which events may be given.
func watched(o TailOptions) (*State, *Thing) {
	s := New(Options{}, noon)
	t := &Thing{ID: 1, Tail: NewTail(o), Phase: Running, Part: InRows, Def: bus.MethodDefinition{Name: "Prices", Streaming: true}}
	s.Things = append(s.Things, t)
	return s, t
}

// quote gives an event of a symbol.
func quote(t *Thing, i int, sym string, seq int) {
	t.Tail.Append(bus.StreamData{At: noon.Add(time.Duration(i) * 100 * time.Millisecond), Server: "p1", Data: fmt.Appendf(nil, `{"sym":%q,"bid":%d.%02d,"seq":%d}`, sym, 100+seq%7, seq%100, seq)})
}

// TestNumbersInThePayload lets a stream number its events in their payload, each
// key by itself, with a hole, one that comes late, and a restart.
func TestNumbersInThePayload(t *testing.T) {
	t.Parallel()
	s, thing := watched(TailOptions{})
	seq := map[string]int{}
	step := func(i int, sym string) {
		seq[sym]++
		quote(thing, i, sym, seq[sym])
	}
	for i := range 200 {
		step(i, fmt.Sprint("S", i*i%4))
		s.Work()
	}
	if c := thing.Tail.Counts(); c.Gaps > 0 || c.Repeats > 0 {
		t.Fatalf("%+v before anything is missing: %s", c, text(thing.Tail))
	}
	seq["S0"] += 3
	step(201, "S0")
	step(202, "S1")
	quote(thing, 203, "S0", seq["S0"]-2)
	quote(thing, 204, "S1", seq["S1"])
	var gaps []string
	for _, r := range thing.Tail.All() {
		if r.GapKind != NoGap {
			gaps = append(gaps, r.Gap)
		}
	}
	if c := thing.Tail.Counts(); len(gaps) != 1 || !strings.HasPrefix(gaps[0], "3 missing of S0: seq 101 to 103, within ") || c.Missing != 3 || c.Late != 1 || c.Repeats != 1 {
		t.Errorf("%q, %+v", gaps, c)
	}
	seq["S1"] = 0
	step(205, "S1")
	if last, _ := thing.Tail.Get(thing.Tail.next - 2); last.Gap != "S1: sequence begins again at 1" {
		t.Errorf("a restart is told as %q", last.Gap)
	}
}

func TestWhatIsNoNumbering(t *testing.T) {
	t.Parallel()
	s, thing := watched(TailOptions{})
	for i := range 300 {
		thing.Tail.Append(bus.StreamData{At: noon, Server: "p1", Data: fmt.Appendf(nil, `{"n":%d,"seq":"x","index":%d}`, i*i%17, i%3)})
		s.Work()
	}
	if thing.Tail.numbers.steps != nil || thing.Tail.Counts().Gaps > 0 {
		t.Errorf("%+v", thing.Tail.numbers)
	}
}

// TestLatestAgainstAll compares what is kept by key with a look at all rows, while
// rows fall out, the key changes and the rows are held.
func TestLatestAgainstAll(t *testing.T) {
	t.Parallel()
	s, thing := watched(TailOptions{MaxRows: 500})
	last := map[string]string{}
	count := map[string]int{}
	for i := range 5000 {
		sym := fmt.Sprint("S", i*7%13)
		quote(thing, i, sym, i)
		count[sym]++
		last[sym] = fmt.Sprintf(`{"sym":%q,"bid":%d.%02d,"seq":%d}`, sym, 100+i%7, i%100, i)
		if i%37 == 0 {
			s.Now = noon.Add(time.Duration(i) * 100 * time.Millisecond)
			s.Work()
		}
	}
	s.Work()
	if thing.View.Key != "$.sym" || thing.View.Number != "$.bid" {
		t.Fatalf("key %q, number %q", thing.View.Key, thing.View.Number)
	}
	total := 0
	for _, e := range thing.Keys(s.Now) {
		if string(e.Data) != last[e.Key] {
			t.Errorf("%s is %s, want %s", e.Key, e.Data, last[e.Key])
		}
		total += e.Count
	}
	if total < 4900 || len(thing.Keys(s.Now)) != 13 {
		t.Errorf("%d events by %d keys", total, len(thing.Keys(s.Now)))
	}
	thing.Tail.Pause(noon)
	quote(thing, 5000, "S0", 12345)
	s.Work()
	if e := thing.Tail.Latest().Entry("S0"); string(e.Data) != last["S0"] {
		t.Error("what is held goes on by key")
	}
	thing.Tail.Follow()
	s.Work()
	if e := thing.Tail.Latest().Entry("S0"); !strings.Contains(string(e.Data), "12345") || string(e.Before) != last["S0"] {
		t.Error("what was held is lost by key")
	}
	thing.SetKey("$.seq")
	for s.Work() {
	}
	if n := thing.Tail.Latest().Len(); n < 400 {
		t.Errorf("%d keys of another field", n)
	}
	thing.SetKey("$.sym")
	thing.SetFilter("S3")
	for s.Work() {
	}
	if keys := thing.Keys(s.Now); len(keys) != 1 || keys[0].Key != "S3" {
		t.Errorf("%d keys pass the filter", len(keys))
	}
}

func TestManyKeysAreBounded(t *testing.T) {
	t.Parallel()
	s, thing := watched(TailOptions{})
	for i := range 40_000 {
		quote(thing, i, fmt.Sprint("S", i%20_000), i)
	}
	thing.SetKey("$.sym")
	for s.Work() {
	}
	if l := thing.Tail.Latest(); l.Len() != keysMost || l.Others() != 20_000 {
		t.Errorf("%d keys, %d others", l.Len(), l.Others())
	}
	big := strings.Repeat("x", 1<<20)
	s, thing = watched(TailOptions{})
	for i := range 100 {
		thing.Tail.Append(bus.StreamData{At: noon, Data: fmt.Appendf(nil, `{"sym":"S%d","big":%q}`, i%50, big)})
		s.Work()
	}
	thing.SetKey("$.sym")
	for s.Work() {
	}
	if l := thing.Tail.Latest(); l.bytes > latestBytes+(1<<21) {
		t.Errorf("%d bytes by key", l.bytes)
	}
}

func TestChartKeepsItsPeaks(t *testing.T) {
	t.Parallel()
	s, thing := watched(TailOptions{MaxRows: 1000})
	thing.Show(ChartOver)
	for i := range 20_000 {
		v := 10
		if i == 7777 {
			v = 99
		}
		thing.Tail.Append(bus.StreamData{At: noon.Add(time.Duration(i) * 50 * time.Millisecond), Data: fmt.Appendf(nil, `{"v":%d.5}`, v)})
		if i%100 == 0 {
			s.Now = noon.Add(time.Duration(i) * 50 * time.Millisecond)
			s.Work()
		}
	}
	s.Work()
	now := noon.Add(1000 * time.Second)
	v, ok := thing.Tail.Chart().View(now, 0, 60)
	high := 0.0
	for _, x := range v.Values {
		if !math.IsNaN(x) {
			high = max(high, x)
		}
	}
	if !ok || v.High != 99.5 || v.Low != 10.5 || high != 99.5 || v.Count < 19_900 || thing.Tail.Chart().Digits != 1 {
		t.Errorf("high %v, drawn %v, low %v, %d values", v.High, high, v.Low, v.Count)
	}
	if v, _ = thing.Tail.Chart().View(now, time.Minute, 60); v.High != 10.5 || v.Count > 1300 {
		t.Errorf("of the last minute high %v, %d values", v.High, v.Count)
	}
	if len(thing.Tail.Chart().steps) > chartSteps {
		t.Errorf("%d steps", len(thing.Tail.Chart().steps))
	}
	if _, ok := thing.Tail.Chart().View(now.Add(10*time.Hour), time.Minute, 60); ok {
		t.Error("a minute without values has some")
	}
}

func TestMarks(t *testing.T) {
	t.Parallel()
	_, thing := watched(TailOptions{MaxRows: 50})
	plain(thing.Tail, 50)
	for _, n := range []uint64{10, 30} {
		thing.Tail.SetCursor(n, noon)
		thing.ToggleMark()
	}
	for _, want := range []uint64{10, 30, 10} {
		if !thing.NextMark(noon) || thing.Tail.Cursor() != want {
			t.Errorf("the next mark is at %d, want %d", thing.Tail.Cursor(), want)
		}
	}
	thing.Tail.Follow()
	plain(thing.Tail, 25)
	if !thing.NextMark(noon) || thing.Tail.Cursor() != 30 || len(thing.View.Marks) != 1 {
		t.Errorf("after the first fell out: %d of %v", thing.Tail.Cursor(), thing.View.Marks)
	}
	thing.ToggleMark()
	if thing.NextMark(noon) {
		t.Error("a mark that was taken away is gone to")
	}
}

// BenchmarkViews takes events in, a frame's worth at a time, with nothing kept of
// them but the rows, and with what each view needs.
func BenchmarkViews(b *testing.B) {
	const events = 165 // a frame at 5,000 a second
	data := make([]json.RawMessage, 1200)
	for i := range data {
		data[i] = fmt.Appendf(nil, `{"sym":"S%d","bid":%d.%02d,"ask":%d.%02d,"size":%d,"seq":%d,"venue":{"code":"XNAS","halted":false}}`, i%12, 142, i%100, 142, (i+3)%100, i%900, i)
	}
	for _, c := range []struct {
		name string
		with func(*State, *Thing)
		work bool
	}{
		{"rows alone", nil, false},
		{"fields and latest", nil, true},
		{"and a chart", func(_ *State, t *Thing) { t.Show(ChartOver) }, true},
		{"and a filter", func(_ *State, t *Thing) { t.Show(ChartOver); t.SetFilter("xnas !nothing") }, true},
	} {
		b.Run(strings.ReplaceAll(c.name, " ", "_"), func(b *testing.B) {
			s, thing := watched(TailOptions{})
			n := 0
			frame := func() {
				for range events {
					thing.Tail.Append(bus.StreamData{At: noon.Add(time.Duration(n) * 200 * time.Microsecond), Server: "p1", Data: data[n%len(data)]})
					n++
				}
				s.Now = noon.Add(time.Duration(n) * 200 * time.Microsecond)
				if c.work {
					s.Work()
				}
			}
			for n < 110_000 {
				frame()
			}
			if c.with != nil {
				c.with(s, thing)
			}
			for c.work && s.Work() {
			}
			b.ReportAllocs()
			b.ResetTimer()
			for b.Loop() {
				frame()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/events, "ns/event")
		})
	}
}
