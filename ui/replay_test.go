package ui

import (
	"errors"
	"slices"
	"testing"
	"time"

	"ioscope/model"
)

func init() { //nolint:gochecknoinits // the scenes of a replay stand apart
	scenes = append(scenes, replayScenes...)
	pictures = append(pictures, replayPictures...)
}

var replayPictures = []struct {
	scene string
	sizes [][2]int
}{
	{"replay", mainSizes},
	{"replay-paused", mainSizes},
	{"replay-over", smallSize},
	{"replay-seek", mainSizes},
}

func replayScene(name string, change func(*Replay)) scene {
	return scene{name: name, make: func(h *harness) {
		h.main()
		change(&h.replays().now)
		h.app.state.Name = "bug-412.jsonl"
		h.pass(0)
	}}
}

var replayScenes = []scene{
	replayScene("replay", func(r *Replay) { r.Speed = 2 }),
	replayScene("replay-paused", func(r *Replay) { r.Paused = true }),
	replayScene("replay-over", func(r *Replay) { r.Over, r.Position = true, r.Length }),
	{name: "replay-seek", make: func(h *harness) {
		h.main()
		h.replays()
		h.app.state.Name = "bug-412.jsonl"
		h.press("@")
		h.write("2m30s")
	}},
}

// filmBus is a bus that is a recording.
type filmBus struct {
	*fakeBus
	now Replay
	err error
	// sought are the moments that were gone to.
	sought []time.Duration
}

func (b *filmBus) Replay() (Replay, bool) { return b.now, true }

func (b *filmBus) Play(do ReplayDeed) error {
	switch do {
	case ReplayPause:
		b.now.Paused = !b.now.Paused
	case ReplayFaster:
		b.now.Speed *= 2
	case ReplaySlower:
		b.now.Speed /= 2
	case ReplayRestart:
		b.now.At = b.now.At.Add(-b.now.Position)
		b.now.Position, b.now.Over = 0, false
	}
	return b.err
}

func (b *filmBus) Seek(to time.Duration) error {
	b.sought = append(b.sought, to)
	b.now.At = b.now.At.Add(to - b.now.Position)
	b.now.Position, b.now.Over = to, to == b.now.Length
	return b.err
}

func (h *harness) replays() *filmBus {
	b := &filmBus{fakeBus: h.bus, now: Replay{
		At: time.Date(2026, time.July, 4, 12, 3, 4, 0, time.Local), Position: 41 * time.Second, Length: 200 * time.Second, Speed: 1,
	}}
	h.app.desk.asker.bus = b
	return b
}

func TestReplay(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{w: 160, h: 40})
	h.main()
	h.press("P")
	h.shows("this bus is no recording; ioscope --replay FILE plays one")
	b := h.replays()
	h.pass(0)
	h.shows("▲ replay 4 Jul 12:03:04  00:41 of 03:20  ×1")
	h.hides("live")
	h.press("P")
	h.shows("▲ replay ‖ paused 4 Jul 12:03:04", "replay paused at 12:03:04; calls are answered all the same")
	h.press("P")
	h.shows("replay goes on")
	h.palette("replay.faster")
	h.shows("replay ×2", "of 03:20  ×2")
	h.palette("replay.slower")
	h.palette("replay.slower")
	h.shows("of 03:20  ×0.5")
	b.now.Speed = 64
	h.palette("replay.faster")
	h.shows("faster than ×64 it does not go")
	b.now.Over = true
	h.pass(0)
	h.shows("▲ replay over 03:20")
	b.err = errors.New("the bus is closed")
	h.palette("replay.restart")
	h.shows("replay: the bus is closed")
	b.err = nil
	h.palette("replay.restart")
	h.shows("replay from the beginning", "00:00 of 03:20")
}

// TestReplayGoesToAMoment: by a dialog that reads what is typed, by keys, and by a click
// on the reel.
func TestReplayGoesToAMoment(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{w: 120, h: 40})
	h.main()
	for _, key := range []string{"@", "(", ")"} {
		h.press(key)
		h.shows("this bus is no recording; ioscope --replay FILE plays one")
	}
	b := h.replays()
	h.pass(0)
	h.shows("00:41 ━━", " 03:20")
	h.press("@")
	h.shows("Go to a moment of the recording", "recorded at 12:03:04")
	h.write("2m30s")
	h.shows("2m30s", "recorded at 12:04:53")
	h.press("enter")
	h.hides("Go to a moment")
	h.shows("replay at 02:30 of 03:20, recorded at 12:04:53", "▲ replay 4 Jul 12:04:53  02:30 of 03:20")
	if b.now.Position != 150*time.Second {
		t.Errorf("it went to %s", b.now.Position)
	}
	h.press("@")
	h.write("9m")
	h.shows("✗ 9m is not in it: it is 03:20 long")
	h.press("enter")
	h.shows("Go to a moment")
	h.press("up")
	h.shows("02:20", "recorded at 12:04:43")
	h.press("esc")
	if b.now.Position != 150*time.Second {
		t.Errorf("esc went to %s", b.now.Position)
	}
	h.press("(", "(")
	h.shows("replay at 02:10 of 03:20")
	b.now.Paused = true
	h.press(")")
	h.shows("replay at 02:20 of 03:20, recorded at 12:04:43, paused")
	for range 7 {
		h.press(")")
	}
	h.shows("replay over 03:20", "the replay is at its end")
	b.now.Over, b.now.Position = false, 5*time.Second
	h.press("(", "(")
	h.shows("the replay is at its beginning", "00:00  ×1")

	h.click(6, 38)
	if b.now.Position != 0 {
		t.Errorf("a click at the beginning of the reel went to %s", b.now.Position)
	}
	h.click(112, 38)
	if b.now.Position != b.now.Length {
		t.Errorf("a click at the end of the reel went to %s", b.now.Position)
	}
	h.click(59, 38)
	if at := b.now.Position.Seconds(); at < 98 || at > 102 {
		t.Errorf("a click in the middle of the reel went to %v s", at)
	}
	before := b.now.Position
	h.click(2, 38)
	h.click(116, 38)
	if b.now.Position != before {
		t.Errorf("a click beside the reel went to %s", b.now.Position)
	}
	b.err = errors.New("the bus is closed")
	h.press(")")
	h.shows("replay: the bus is closed")
}

// TestReplayHeldKeyGoesAllTheWay: while the replay is on its way, further steps add up,
// and it goes to where they lead at once.
func TestReplayHeldKeyGoesAllTheWay(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{w: 120, h: 40})
	h.main()
	b := h.replays()
	h.pass(0)
	first := stepReplay(stride)(h.app)
	for range 3 {
		if cmd := stepReplay(stride)(h.app); cmd != nil {
			t.Fatal("it goes twice at once")
		}
	}
	h.exec(first)
	if want := []time.Duration{51 * time.Second, 81 * time.Second}; !slices.Equal(b.sought, want) {
		t.Errorf("it went to %v; want %v", b.sought, want)
	}
	h.shows("replay at 01:21 of 03:20")
	h.press("(")
	h.shows("replay at 01:11 of 03:20")
}

func TestReplayIsKeptApart(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	plain := h.app.desk.key()
	h.replays()
	if film := h.app.desk.key(); film == plain || film != "replay of demo bus" {
		t.Errorf("a replay is kept as %q, the bus at its address as %q", film, plain)
	}
}

// TestReplayKeepsNoCalls: what is called in a replay is not kept with the calls on real
// buses; a call on another bus, brought back there, is.
func TestReplayKeepsNoCalls(t *testing.T) {
	t.Parallel()
	kept := &fakeHistories{}
	h := withHistories(t, kept, "one-")
	h.replays()
	h.app.state.Name = "bug-412.jsonl"
	if h.app.keepCall(model.Keep{Record: &model.Record{ID: "1", Bus: "bug-412.jsonl"}}) != nil {
		t.Error("a call in a replay is kept")
	}
	if h.app.keepCall(model.Keep{Record: &model.Record{ID: "2", Bus: "trading"}}) == nil {
		t.Error("a call on another bus is not kept")
	}
}

// The header of a replay tells the time that the recording shows, at each width, with
// its day where that is another one; where there is least room, how far it is.
func TestReplayTellsItsTime(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.main()
	b := h.replays()
	h.app.state.Name = "bug-412.jsonl"
	for _, c := range []struct {
		w    int
		want string
	}{{200, "▲ replay 4 Jul 12:03:04  00:41 of 03:20  ×1"}, {100, "▲ replay 4 Jul 12:03:04  00:41  ×1"}, {80, "▲ replay 12:03:04  00:41  ×1"}, {40, "▲ replay 00:41 "}} {
		h.resize(c.w, 24)
		h.shows(c.want)
	}
	h.app.state.Name = "local-20261122-123152.jsonl"
	h.resize(40, 10)
	h.shows("…   ▲ replay 00:41 ")
	h.resize(120, 40)
	b.now.At = time.Date(2025, time.July, 4, 12, 3, 4, 0, time.Local)
	h.pass(0)
	h.shows("▲ replay 4 Jul 2025 12:03:04")
	y, m, d := h.now.Local().Date()
	b.now.At = time.Date(y, m, d, 12, 3, 4, 0, time.Local)
	h.pass(0)
	h.shows("▲ replay 12:03:04  00:41")
}
