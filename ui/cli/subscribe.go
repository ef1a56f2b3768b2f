package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/model"
)

// pause lets a flood be read and written in large pieces, and what comes after
// silence at once: being woken for every event is most of what printing it costs.
const pause = 20 * time.Millisecond

// following is the subscribe command, with what its flags say.
type following struct {
	env Env
	inquiry
	count   int
	until   time.Duration // 0: for ever
	program string        // of --where; empty: every event
	// feed gives events to hooks; nil for none.
	feed func(bus.StreamData)
}

func newSubscribe(env Env, f *flags) *cobra.Command {
	s := &following{env: env, inquiry: inquiry{wanted: wanted{streaming: true}}}
	cmd := &cobra.Command{
		Use:   "subscribe STREAM [key=value ...]",
		Short: "Subscribe to a stream and print its events",
		Long: "The arguments are read as invoke reads them. Each event is a line: its time, ● or ○ for one that was sent\n" +
			"to you alone, the publisher, and the payload; with --json an object a line: time, server, application,\n" +
			"instance, peerId, private, snapshot, sequence, and data as it came, to the byte.\n\n" +
			"--where prints only those events for which a jq program gives neither false nor null. It gets the payload, and\n" +
			"$server, $application, $instance, $peerId and $private; what is printed stays as it came.\n\n" +
			targetHelp + "; one\nthat fits two of them at once may be followed twice.\n\n" +
			"It goes on until ctrl+c, until --count events were printed, for the time of --for after it was accepted, or\n" +
			"until the publisher closes it. A connection that is lost is made again, and the stream asked for again.\n\n" +
			"Exit codes: 0 ended by ctrl+c, by --count or, without --count, by --for or the publisher; 1 refused, or over\n" +
			"before --count events came; 2 wrong usage or arguments; 3 no such stream within --wait-timeout; 4 no answer\n" +
			"within --response-timeout.",
		Example: "  ioscope subscribe MarketData.Prices symbol=AAPL\n" +
			"  ioscope subscribe MarketData.Prices symbol=AAPL --count 3 --json\n" +
			"  ioscope subscribe MarketData.Prices symbol=AAPL --where '.bid > 180' --for 10s\n" +
			"  ioscope subscribe MarketData.Prices --args @all.json --target application=/Feed$/",
		Args: oneName("stream"),
		RunE: func(cmd *cobra.Command, args []string) error {
			s.wanted.name = args[0]
			return s.run(cmd.Context(), f, args[1:])
		},
		ValidArgsFunction: completeOffer(env, f, true),
	}
	s.register(cmd, env, f, asks{"who publishes", "how long to wait for the publisher to accept"})
	p := cmd.Flags()
	p.IntVar(&s.count, "count", 0, "end after `N` events (default: go on)")
	p.DurationVar(&s.until, "for", 0, "end after this `time` (default: go on)")
	p.StringVar(&s.program, "where", "", "print only events that this `jq` condition holds for")
	return cmd
}

func (s *following) run(ctx context.Context, f *flags, pairs []string) error {
	if err := s.check(); err != nil {
		return err
	}
	where, err := newWhere(s.program)
	if err != nil {
		return err
	}
	if s.wanted.args, err = readArguments(s.env.Stdin, s.argsText, pairs); err != nil {
		return err
	}
	c, err := f.connectAs(ctx, func(o *client.Options) { o.ReadPause = pause })
	if err != nil {
		return quietEnd(ctx, err)
	}
	defer c.Close()
	p, err := find(ctx, c, s.wanted, s.env.Now(), s.env.Stderr)
	if err != nil {
		return quietEnd(ctx, err)
	}
	for _, n := range p.notes {
		note(s.env.Stderr, "%s", n)
	}
	p.args, err = f.hooks.before(ctx, s.wanted.name, true, s.wanted.target.target, p.args, func(a model.Aside) { note(s.env.Stderr, "%s", a.Text) })
	if err != nil {
		return quietEnd(ctx, err)
	}
	if f.hooks != nil {
		f.hooks.say = func(text string) { note(s.env.Stderr, "%s", text) }
	}
	s.feed = f.hooks.feed(s.wanted.name, p.args)
	defer f.hooks.Close()
	sub, err := c.Subscribe(ctx, p.filter, &client.SubscribeOptions{
		Args: p.args,
		// Not the peers that were found: after a reconnect they have other ids.
		Target:          s.wanted.target.forLong(p.offered),
		WaitTimeout:     -1, // find has waited; after a reconnect it waits all the same
		ResponseTimeout: s.response,
	})
	if err != nil {
		return quietEnd(ctx, s.explain(err))
	}
	defer func() { _ = sub.Close() }()
	return s.follow(ctx, sub, &eventPrinter{
		out: bufio.NewWriterSize(s.env.Stdout, 64<<10), remarks: s.env.Stderr,
		asJSON: s.asJSON, count: s.count, where: where,
		names: newNames(c.Servers),
	})
}

func (s *following) check() error {
	switch {
	case s.count < 0:
		return usagef("--count %d: less than nothing", s.count)
	case s.until < 0:
		return usagef("--for %s: less than nothing", s.until)
	case s.wanted.target.target.Mode == bus.SkipMine:
		return usagef("--target skipMine: for invoke alone")
	}
	return s.inquiry.check()
}

// quietEnd makes ctrl+c the good end that it is for a command that goes on
// until it is told to stop.
func quietEnd(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// explain puts a refusal in a person's words.
func (s *following) explain(err error) error {
	var no *client.RejectedError
	var silent *client.NoAnswerError
	switch {
	case errors.As(err, &no) && no.Reason == "":
		return fmt.Errorf("%s refuses, and gives no reason", no.Server.Name())
	case errors.As(err, &no):
		return fmt.Errorf("%s refuses: %s", no.Server.Name(), no.Reason)
	case errors.As(err, &silent):
		err := fmt.Errorf("%s did not answer within %s%w", silent.Server.Name(), duration(silent.Waited), quiet{err})
		return withHint(err, "--response-timeout gives it longer")
	}
	return fmt.Errorf("subscribe to %q: %w", s.wanted.name, err)
}

// follow prints what comes until there is a reason to end.
func (s *following) follow(ctx context.Context, sub *client.Subscription, p *eventPrinter) error {
	whole := ctx
	ctx, stop := lasting(ctx, s.until)
	defer stop()
	for batch := range sub.Batches(ctx, pause) { // its one error is that ctx ended
		for _, e := range batch {
			if data, ok := e.(bus.StreamData); ok && s.feed != nil {
				s.feed(data)
			}
			if end, err := p.print(ctx, e); end || err != nil {
				return either(p.finish(), err)
			}
		}
		if err := p.catchUp(sub.Dropped()); err != nil {
			return either(p.finish(), err)
		}
	}
	return either(p.finish(), s.short(whole, p))
}

// short is the error of a time that was over before all was printed that was
// asked for. Who gave up knows it, and it is no error then.
func (s *following) short(ctx context.Context, p *eventPrinter) error {
	if ctx.Err() != nil || s.count == 0 {
		return nil
	}
	return fmt.Errorf("only %d of %s came within %s", p.printed, plural(s.count, "event"), duration(s.until))
}
