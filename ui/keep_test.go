package ui

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"ioscope/client/bus"
	"ioscope/model"
)

// again is the program started once more, with what was kept.
func again(t *testing.T, k *fakeKeeper) *harness {
	t.Helper()
	return newHarness(t, setting{keeper: k})
}

// TestStateComesBack leaves the program and comes back: cursors, orders, filters,
// sizes, open streams and begun forms are as they were.
func TestStateComesBack(t *testing.T) {
	t.Parallel()
	k := &fakeKeeper{}
	h := again(t, k)
	h.town()
	h.press("+", "2", "s", "S", "down", "down", "3", "/")
	h.write("prices")
	h.press("enter")
	sub := h.subscribe("AAPL")
	h.press("t", "o", "&")
	h.write("!VOD")
	h.press("enter")
	h.app.state.OpenForm(h.method("Clients.Find"), bus.Target{Mode: bus.All})
	h.write("north")
	done := h.ask("Addition", bus.Target{}, `{"a":1,"b":2}`)
	h.answer(done, reply{"CalcPrecise", `{"sum":3}`, time.Millisecond})
	h.app.state.Go(model.Methods)
	cursor := h.app.state.Lists[model.Methods].Cursor()
	width := h.app.lay.rail.w
	if err := h.app.Keep(); err != nil {
		t.Fatal(err)
	}
	_ = sub

	h = again(t, k)
	h.town()
	s := h.app.state
	if s.Focus != model.Methods || s.Lists[model.Methods].Cursor() != cursor || h.app.lay.rail.w != width {
		t.Errorf("in %v on %s, %d wide", s.Focus, s.Lists[model.Methods].Cursor(), h.app.lay.rail.w)
	}
	if l := &s.Lists[model.Methods]; l.Sort != model.ByTraffic || !l.Reverse || s.Lists[model.Streams].Filter != "prices" {
		t.Errorf("the lists are %+v, %+v", l, s.Lists[model.Streams])
	}
	if len(s.Things) != 2 || len(h.asked) != 1 {
		t.Fatalf("%d things are open, %d were asked", len(s.Things), len(h.asked))
	}
	stream, form := s.Things[0], s.Things[1]
	q := h.question()
	if !q.stream || string(q.Args) != `{"symbol":"AAPL"}` || stream.Filter != "!VOD" || stream.Times != model.Ago || !stream.NewestFirst {
		t.Errorf("the stream: %s, %q, %v", q.Args, stream.Filter, stream.Times)
	}
	args, _ := form.Form.Args(s.Now)
	if form.Def.Name != "Clients.Find" || form.Phase != model.Filling || form.Target.Mode != bus.All || string(args) != `{"query":"north"}` {
		t.Errorf("the form: %s %s", form.Def.Name, args)
	}
}

// TestWhatIsNotThereYetIsKept starts without the publisher: its stream is neither
// opened nor forgotten, and comes back with it.
func TestWhatIsNotThereYetIsKept(t *testing.T) {
	t.Parallel()
	k := &fakeKeeper{}
	h := again(t, k)
	h.town()
	h.subscribe("AAPL")
	_ = h.app.Keep()
	for range 2 {
		h = again(t, k)
		h.live()
		h.pass(time.Minute)
		if len(h.app.state.Things) != 0 {
			t.Fatal("a stream is open that nobody offers")
		}
		_ = h.app.Keep()
	}
	h = again(t, k)
	h.town()
	if len(h.app.state.Things) != 1 {
		t.Error("the stream does not come back")
	}
	h.press("4", "x")
	_ = h.app.Keep()
	h = again(t, k)
	h.town()
	if len(h.app.state.Things) != 0 {
		t.Error("what was closed comes back")
	}
}

// TestKeepingIsCalm counts the writes: none while nothing changes, few while much does.
func TestKeepingIsCalm(t *testing.T) {
	t.Parallel()
	k := &fakeKeeper{}
	h := again(t, k)
	tick := func() { // the harness turns the clock itself and drops the rest
		h.now = h.now.Add(time.Second)
		h.app.state.Tick(h.now)
		h.exec(h.app.keep())
	}
	for range 30 {
		tick()
	}
	if k.writes != 0 {
		t.Error("a bus that never answered is kept")
	}
	h.town()
	for range 60 {
		tick()
	}
	if k.writes > 3 {
		t.Errorf("%d writes while nothing changed", k.writes)
	}
	before := k.writes
	for range 60 {
		h.press("s")
		tick()
	}
	if n := k.writes - before; n < 5 || n > 13 {
		t.Errorf("%d writes in a minute of changes", n)
	}
}

// TestBrokenMemory takes what a file may hold that nobody wrote.
func TestBrokenMemory(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{}`, `null`, `[]`, `{"memory": {"rail": 99, "lists": {"77": {"sort": 9}, "2": {"sort": -1, "cursor": "x"}}, "shown": 7}}`,
		`{"memory": {"seen": "2026-01-01T00:00:00Z", "things": [{"method": "nothing"}, {"method": ""}]}, "layout": {"rail": -5, "side": 90000, "hidden": [1, 2, 3, 4, 9]}}`,
		`{"layout": {"rail": 999999}}`,
	} {
		if !json.Valid([]byte(text)) {
			t.Fatal(text)
		}
		h := again(t, &fakeKeeper{buses: map[string][]byte{"ws://127.0.0.1:8385/gw3": []byte(text)}})
		h.town()
		for _, size := range [][2]int{{200, 60}, {120, 40}, {72, 16}, {40, 10}, {1, 1}} {
			h.resize(size[0], size[1])
			h.press("1", "2", "+", "_", "0")
		}
	}
}

// TestSplitComesBack splits the screen, and finds it split in the same order however
// the bus comes in.
func TestSplitComesBack(t *testing.T) {
	t.Parallel()
	k := &fakeKeeper{}
	h := again(t, k)
	h.town()
	h.subscribe("AAPL")
	h.app.state.OpenForm(h.method("Clients.Find"), bus.Target{}).Touch()
	h.app.state.ShowThing(h.app.state.Things[0])
	h.press("\\")
	names := func() (out []string) {
		for _, id := range h.app.state.Slots {
			out = append(out, h.app.state.Thing(id).Def.Name)
		}
		return out
	}
	before := names()
	_ = h.app.Keep()
	h = again(t, k)
	h.town()
	if got := names(); len(got) != 2 || !slices.Equal(got, before) {
		t.Errorf("%v, before %v", got, before)
	}
}

// TestKeepOrder has an older state written after a newer one: it is not written.
func TestKeepOrder(t *testing.T) {
	t.Parallel()
	k := &fakeKeeper{}
	var order KeepOrder
	of := func(rail int) Kept { return Kept{Layout: shape{Rail: rail}} }
	first, second := order.Keep(k, "bus", of(1)), order.Keep(k, "bus", of(2))
	for _, write := range []func() error{second, first, order.Keep(k, "other", of(3))} {
		if err := write(); err != nil {
			t.Fatal(err)
		}
	}
	if got, _ := k.Bus("bus"); got.Layout.Rail != 2 || k.writes != 2 {
		t.Errorf("kept %+v in %d writes", got.Layout, k.writes)
	}
	if got, _ := k.Bus("other"); got.Layout.Rail != 3 {
		t.Errorf("kept %+v of the other", got.Layout)
	}
}
