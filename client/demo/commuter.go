package demo

import (
	"context"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
)

const (
	// heartEvery is how often Commuter's heart beats while somebody listens.
	heartEvery = time.Second
	// arriveMost is how long Commuter tries to get onto the bus.
	arriveMost = 10 * time.Second
)

// commuter comes and goes: it is on the bus for some seconds, leaves with a
// goodbye, and comes back as another instance. The first visit begins at once.
func commuter(ctx context.Context, s *stage) error {
	first, err := arrive(ctx, s, 1)
	if err != nil {
		return err
	}
	s.run(func(ctx context.Context) { commute(ctx, s, first) })
	return nil
}

// commute goes on until the apps are closed.
func commute(ctx context.Context, s *stage, v *visit) {
	rng := s.random("commuter")
	for number := 2; ; number++ {
		v.stay(ctx, 6*time.Second+within(rng, 4*time.Second))
		if !pause(ctx, 3*time.Second+within(rng, 2*time.Second)) {
			return
		}
		var err error
		if v, err = arrive(ctx, s, number); err != nil && ctx.Err() == nil {
			s.log.Info("demo: commuter stays away this time", "err", err)
		}
	}
}

// visit is one stay on the bus. Nil is a visit that did not come about.
type visit struct {
	stage  *stage
	number int
	client *client.Client
	stream *client.Stream
	wake   attention
}

// arrive joins the bus and offers what Commuter has.
func arrive(ctx context.Context, s *stage, number int) (*visit, error) {
	ctx, cancel := context.WithTimeout(ctx, arriveMost)
	defer cancel()
	c, err := s.dial(ctx, "Commuter")
	if err != nil {
		return nil, err
	}
	v := &visit{stage: s, number: number, client: c, wake: newAttention()}
	if err := v.unpack(ctx); err != nil {
		_ = c.Close()
		return nil, err
	}
	return v, nil
}

func (v *visit) unpack(ctx context.Context) (err error) {
	ping := bus.MethodDefinition{
		Name:        "Commuter.Ping",
		DisplayName: "Ping the Commuter",
		Description: "Answers while it is here.",
		Accepts:     "string? text",
		Returns:     "string pong, int visit",
		Version:     1,
	}
	heartbeat := bus.MethodDefinition{
		Name:        "Commuter.Heartbeat",
		DisplayName: "Heartbeat",
		Description: "A beat each second, as long as it is here.",
		Returns:     "int beat, int visit, datetime at",
		Version:     1,
	}
	if err := v.stage.register(ctx, v.client, offer{ping, v.ping}); err != nil {
		return err
	}
	v.stream, err = v.stage.stream(ctx, v.client, heartbeat, v.wake.options(nil))
	return err
}

func (v *visit) ping(_ context.Context, call client.Call) (any, error) {
	in := readArgs(call.Args)
	text := in.textOr("text", "pong")
	if err := in.problem(); err != nil {
		return nil, err
	}
	return struct {
		Pong  string `json:"pong"`
		Visit int    `json:"visit"`
	}{text, v.number}, nil
}

// stay remains on the bus for a while, and leaves it.
func (v *visit) stay(ctx context.Context, d time.Duration) {
	if v == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	beat := 0
	every := func() time.Duration { return heartEvery }
	whileWatched(ctx, v.stream, v.wake, every, func() {
		beat++
		v.stage.heed(v.stream.Push(struct {
			Beat  int         `json:"beat"`
			Visit int         `json:"visit"`
			At    client.Date `json:"at"`
		}{beat, v.number, v.stage.now()}))
	})
	v.stage.heed(v.client.Close())
}
