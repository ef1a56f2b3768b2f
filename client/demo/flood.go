package demo

import (
	"context"
	"fmt"
	"maps"
	"strconv"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
)

const (
	// floodUsual and floodMost are events a second; floodMost is for all
	// subscribers together, but those who ask for the same rate share one flow.
	floodUsual, floodMost = 5000, 50_000
	// floodTick is how often a batch goes out.
	floodTick = 10 * time.Millisecond
)

// torrent is Flood.
type torrent struct {
	stage  *stage
	stream *client.Stream
	wake   attention
}

// flood pushes as much as it is asked for, while somebody is there to take it.
func flood(ctx context.Context, s *stage) error {
	c, err := s.connect(ctx, "Flood")
	if err != nil {
		return err
	}
	t := &torrent{stage: s, wake: newAttention()}
	def := bus.MethodDefinition{
		Name:        "LoadTest.Ticks",
		DisplayName: "Load Test",
		Description: "As many events a second as you ask for, to see what gives way first.",
		Accepts:     "int? rate (events a second, 1 to 50000; 5000 if left out)",
		Returns:     "string pair, double bid, long n",
		Version:     1,
	}
	if t.stream, err = s.stream(ctx, c, def, t.wake.options(t.admit)); err != nil {
		return err
	}
	s.run(t.play)
	return nil
}

// admit lets a subscriber in on the branch of its rate, unless it would be too much.
func (t *torrent) admit(r *client.Request) {
	in := readArgs(r.Args)
	rate := int(in.integerOr("rate", floodUsual))
	err := in.problem()
	if err == nil && (rate < 1 || rate > floodMost) {
		err = fmt.Errorf("rate %d is not between 1 and %d", rate, floodMost)
	}
	if err == nil {
		err = t.room(rate)
	}
	if err != nil {
		r.Reject(err.Error())
		return
	}
	r.AcceptOnBranch(strconv.Itoa(rate))
}

// room reports an error when another flow of this rate would go beyond the most
// that the flood gives.
func (t *torrent) room(rate int) error {
	taken := 0
	for _, b := range t.stream.Branches() {
		if one, _ := strconv.Atoi(b.Key()); one != rate && len(b.Subscribers()) > 0 {
			taken += one
		}
	}
	if taken+rate > floodMost {
		return fmt.Errorf("%d of %d events a second are taken; there is no room for %d more", taken, floodMost, rate)
	}
	return nil
}

// play sends a batch a tick for each rate that somebody asked for, and waits
// while nobody has.
func (t *torrent) play(ctx context.Context) {
	flows := map[string]*tickFlow{}
	for {
		t.pour(flows)
		if len(flows) == 0 && !t.wake.wait(ctx) || len(flows) > 0 && !pause(ctx, floodTick) {
			return
		}
	}
}

// pour sends what is due on each branch. A flow that nobody takes any more ends;
// the next one of its rate begins again at 1.
func (t *torrent) pour(flows map[string]*tickFlow) {
	heard := map[string]bool{}
	for _, b := range t.stream.Branches() {
		if len(b.Subscribers()) == 0 {
			continue
		}
		key := b.Key()
		heard[key] = true
		if flows[key] == nil {
			rate, _ := strconv.Atoi(key)
			flows[key] = newTickFlow(rate, t.stage.random("flood "+key))
		}
		for range flows[key].due(time.Now()) {
			t.stage.heed(b.Push(flows[key].next()))
		}
	}
	maps.DeleteFunc(flows, func(key string, _ *tickFlow) bool { return !heard[key] })
}
