package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"ioscope/client"
	"ioscope/client/bus"
)

// hostileName has an escape sequence, a C1 control and characters that turn text round.
const hostileName = "Evil\x1b[31m\u009b2J\u202egnp.exe\u2066"

// apps [name ...] puts apps on the bus at IOSCOPE_URL; they leave with the script.
func cmdApps(ts *testscript.TestScript, neg bool, args []string) {
	refuse(ts, neg)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for _, name := range args {
		enter := cast[name]
		if enter == nil {
			ts.Fatalf("no app %q", name)
		}
		c, err := client.Dial(ctx, ts.Getenv("IOSCOPE_URL"), &client.Options{
			Application: name, User: ts.Getenv("IOSCOPE_USER"),
			Identity: map[string]any{"instance": name + "-1", "machine": "desk-7", "process": 4711},
		})
		ts.Check(err)
		ts.Defer(func() { _ = c.Close() })
		ts.Check(enter(ctx, c))
	}
}

// cast are the apps of the scripts.
var cast = map[string]func(context.Context, *client.Client) error{
	"First":  offers(echo("Echo", "int a, long? big, string? text, datetime? at, composite: {string? city, int? zip}? address"), echo("Loose", "")),
	"Second": offers(echo("Echo", "int a, long? big, string? text, datetime? at, composite: {string? city, int? zip}? address")),
	"Other":  offers(echo("Echo", "string name")),
	"Broken": offers(fail("Echo", "int a, long? big, string? text, datetime? at, composite: {string? city, int? zip}? address"), fail("Fails", "")),
	"Later":  offers(echo("Later.Echo", "int a")),
	"Silent": offers(silent("Waits", "")),
	"Evil":   enterEvil,
	"Feed":   enterFeed,
	"Fast":   enterFast,
}

type offering struct {
	def    bus.MethodDefinition
	handle client.Handler
}

func offers(list ...offering) func(context.Context, *client.Client) error {
	return func(ctx context.Context, c *client.Client) error {
		for _, o := range list {
			if _, err := c.Register(ctx, o.def, o.handle); err != nil {
				return err
			}
		}
		return nil
	}
}

// echo returns the arguments as they came.
func echo(name, accepts string) offering {
	def := bus.MethodDefinition{
		Name: name, Accepts: accepts, DisplayName: "Echo it", Description: "Gives <back> what it gets.",
		ObjectTypes: []string{"Client"}, Version: 3, Flags: json.RawMessage(`{"exact":9007199254740993.10}`),
	}
	return offering{def, func(_ context.Context, c client.Call) (any, error) { return c.Args, nil }}
}

func fail(name, accepts string) offering {
	return offering{bus.MethodDefinition{Name: name, Accepts: accepts}, func(context.Context, client.Call) (any, error) {
		return nil, errors.New("not in the mood\x1b[2J")
	}}
}

func silent(name, accepts string) offering {
	return offering{bus.MethodDefinition{Name: name, Accepts: accepts}, func(ctx context.Context, _ client.Call) (any, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}}
}

func enterEvil(ctx context.Context, c *client.Client) error {
	return offers(offering{
		bus.MethodDefinition{Name: hostileName, Description: hostileName},
		func(context.Context, client.Call) (any, error) {
			return json.RawMessage(`{"text":"` + "\u202e\u009b" + `","n":1234567890123456789.1200}`), nil
		},
	})(ctx, c)
}

// enterFeed offers a stream that says what it is asked to: it refuses "guest",
// closes "night" after three events, and goes on for all others.
func enterFeed(ctx context.Context, c *client.Client) error {
	_, err := c.CreateStream(ctx, bus.MethodDefinition{Name: "Feed.Ticks", Accepts: "string desk", Streaming: true}, &client.StreamOptions{
		OnRequest: func(r *client.Request) {
			var args struct{ Desk string }
			_ = json.Unmarshal(r.Args, &args)
			if args.Desk == "guest" {
				r.Reject(`desk "guest" may not see ticks` + "\x1b[2J")
				return
			}
			r.Accept()
		},
		OnSubscribed: func(s *client.Subscriber) {
			for i := range 3 {
				_ = s.Push(json.RawMessage(fmt.Sprintf(`{ "seq": %d, "exact": 12345678901234567890.10, "html": "<&>" }`, i+1)))
			}
			var args struct{ Desk string }
			_ = json.Unmarshal(s.Args(), &args)
			if args.Desk == "night" {
				s.Close()
			}
		},
	})
	return err
}

// enterFast offers a stream that pushes as fast as it can while it is listened to.
func enterFast(ctx context.Context, c *client.Client) error {
	var leaving sync.Map // of a channel for each subscriber
	_, err := c.CreateStream(ctx, bus.MethodDefinition{Name: "Fast.Ticks", Streaming: true}, &client.StreamOptions{
		OnSubscribed: func(s *client.Subscriber) {
			left := make(chan struct{})
			leaving.Store(s, left)
			go func() {
				pace := time.NewTicker(time.Millisecond)
				defer pace.Stop()
				for i := 0; ; i++ {
					select {
					case <-left:
						return
					case <-pace.C:
					}
					for range 10 {
						_ = s.Push(map[string]any{"n": i})
					}
				}
			}()
		},
		OnUnsubscribed: func(s *client.Subscriber) {
			left, _ := leaving.Load(s)
			close(left.(chan struct{}))
		},
	})
	return err
}
