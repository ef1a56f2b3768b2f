package ui

import (
	"errors"
	"testing"
	"time"
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
}

// filmBus is a bus that is a recording.
type filmBus struct {
	*fakeBus
	now Replay
	err error
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
		b.now.Position, b.now.Over = 0, false
	}
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
	h.shows("▲ replay 12:03:04  00:41 of 03:20  ×1")
	h.hides("live")
	h.press("P")
	h.shows("▲ replay ‖ paused 12:03:04", "replay paused at 12:03:04; calls are answered all the same")
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

func TestReplayIsKeptApart(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	plain := h.app.desk.key()
	h.replays()
	if film := h.app.desk.key(); film == plain || film != "replay of demo bus" {
		t.Errorf("a replay is kept as %q, the bus at its address as %q", film, plain)
	}
}
