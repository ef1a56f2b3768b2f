package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/client/record"
	"ioscope/model"
	"ioscope/ui"
)

// recording is the record command, with what its flags say.
type recording struct {
	env    Env
	asks   []*asked
	until  time.Duration
	wait   time.Duration
	max    size
	over   bool
	asJSON bool

	mu sync.Mutex // of stderr
}

// asked is a --stream or a --call, with what is given for it behind it.
type asked struct {
	wanted wanted
	args   *string
}

// toAsk is the flag --stream or --call: each begins a question of its own.
type toAsk struct {
	r         *recording
	streaming bool
}

func (a toAsk) Set(name string) error {
	if name == "" {
		return errors.New("its name is missing")
	}
	a.r.asks = append(a.r.asks, &asked{wanted: wanted{name: name, streaming: a.streaming}})
	return nil
}
func (toAsk) Type() string   { return "name" }
func (toAsk) String() string { return "" }

// ofLast is a flag that belongs to the --stream or --call before it.
type ofLast struct {
	r   *recording
	set func(*asked, string) error
}

func (o ofLast) Set(text string) error {
	if len(o.r.asks) == 0 {
		return errors.New("it belongs behind a --stream or a --call")
	}
	return o.set(o.r.asks[len(o.r.asks)-1], text)
}
func (ofLast) Type() string   { return "text" }
func (ofLast) String() string { return "" }

func newRecord(env Env, f *flags) *cobra.Command {
	r := &recording{env: env, max: record.DefaultMaxBytes}
	cmd := &cobra.Command{
		Use:   "record FILE",
		Short: "Record a bus to a file, to be replayed",
		Long: "Notes as JSON lines what is on the bus, what joins, leaves, registers and unregisters, and the connection's own\n" +
			"losses. Each --stream is subscribed to and its events are noted; each --call is made once, at the beginning, and\n" +
			"its answers are noted, so that the replay can give them. --args and --target belong to the --stream or --call\n" +
			"before them, and are read as invoke reads them.\n\n" +
			"FILE - is stdout. A file that is there already is left alone unless --over is given. It goes on until ctrl+c, for\n" +
			"the time of --for, or until the file is as long as --max-size. A stream that is not there, or refuses, is told of\n" +
			"and does not end it.\n\n" +
			"ioscope --replay FILE opens the explorer on it, ioscope gateway --replay FILE serves it to other programs. The\n" +
			"package client/record documents the lines.\n\n" +
			"At the end it says on stderr what was recorded; with --json as an object on stdout: file, events, lines, bytes,\n" +
			"dropped, full.\n\n" +
			"Exit codes: 0 recorded, 1 no connection or the file could not be written, 2 wrong usage.",
		Example: "  ioscope record day.jsonl --for 1h\n" +
			"  ioscope record demo.jsonl --stream MarketData.Prices --args '{\"symbol\": \"VOD\"}' --call Clients.List --for 30s\n" +
			"  ioscope record - --stream MarketData.News | jq -c 'select(.what == \"event\") | .data'",
		Args: oneName("file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return misused(cmd, fmt.Errorf("one file is enough: %q", args[1]))
			}
			return r.run(cmd.Context(), f, args[0])
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveDefault
		},
	}
	p := cmd.Flags()
	p.Var(toAsk{r, true}, "stream", "`name` of a stream to subscribe to (repeatable)")
	p.Var(toAsk{r, false}, "call", "`name` of a method to call once (repeatable)")
	p.Var(ofLast{r, func(a *asked, text string) error { a.args = &text; return nil }}, "args", "arguments of the --stream or --call before, as a JSON `object`; @FILE reads it from a file, - from stdin")
	p.Var(ofLast{r, func(a *asked, text string) error { return a.wanted.target.Set(text) }}, "target", "`who` is asked; as of subscribe and invoke (default best)")
	p.DurationVar(&r.until, "for", 0, "end after this `time` (default: go on)")
	p.DurationVar(&r.wait, "wait-timeout", bus.DefaultTimeout, "how long to wait for a stream or a method to appear")
	p.Var(&r.max, "max-size", "end when the file is so long")
	p.BoolVar(&r.over, "over", false, "write over a file that is there already")
	p.BoolVar(&r.asJSON, "json", false, "print what was recorded as a JSON object")
	_ = cmd.RegisterFlagCompletionFunc("stream", completeOffer(env, f, true))
	_ = cmd.RegisterFlagCompletionFunc("call", completeOffer(env, f, false))
	_ = cmd.RegisterFlagCompletionFunc("target", completeTarget(env, f))
	return cmd
}

func (r *recording) check(f *flags, file string) error {
	switch {
	case r.until < 0:
		return usagef("--for %s: less than nothing", r.until)
	case r.wait < 0:
		return usagef("--wait-timeout %s: less than nothing", r.wait)
	case r.asJSON && file == "-":
		return usagef("--json: stdout is the recording's")
	}
	for _, a := range r.asks {
		if !a.wanted.streaming {
			if err := f.allow(model.ToInvoke); err != nil {
				return err
			}
		} else if a.wanted.target.target.Mode == bus.SkipMine {
			return usagef("--target skipMine: for --call alone")
		}
		a.wanted.wait = r.wait
		var err error
		if a.wanted.args, err = readArguments(r.env.Stdin, a.args, nil); err != nil {
			return err
		}
	}
	return nil
}

func (r *recording) run(ctx context.Context, f *flags, file string) error {
	if err := r.check(f, file); err != nil {
		return err
	}
	tap := record.NewTap()
	c, err := f.connectAs(ctx, func(o *client.Options) {
		next := o.OnEvent
		o.OnEvent = func(e bus.Event) { tap.Hear(e); next(e) }
	})
	if err != nil {
		return quietEnd(ctx, err)
	}
	defer c.Close()
	out, err := r.open(file)
	if err != nil {
		return err
	}
	recorder, err := tap.Start(out, &record.Options{
		MaxBytes: int64(r.max), URL: f.url, User: c.Self().User, Application: f.application, Program: "ioscope " + version(),
	})
	if err != nil {
		return err
	}
	r.say("recording to %s; ctrl+c ends it", file)
	ctx, stop := lasting(ctx, r.until)
	defer stop()
	asking, enough := context.WithCancel(ctx)
	var all sync.WaitGroup
	for _, a := range r.asks {
		all.Go(func() { r.ask(asking, c, tap, a) })
	}
	select {
	case <-ctx.Done():
	case <-recorder.Done():
	}
	// What has no end yet keeps none: the recording stops first.
	tap.Stop()
	enough()
	all.Wait()
	return r.told(file, recorder.Status())
}

// open makes the file. It holds payloads, so it is its owner's alone.
func (r *recording) open(file string) (io.WriteCloser, error) {
	if file == "-" {
		return keptOpen{r.env.Stdout}, nil
	}
	out, err := createRecording(file, r.over)
	if errors.Is(err, fs.ErrExist) {
		return nil, withHint(fmt.Errorf("%s is there already", file), "--over writes over it")
	}
	if err != nil {
		return nil, fmt.Errorf("record: %w", err)
	}
	return out, nil
}

// createRecording makes the file of a recording.
func createRecording(file string, over bool) (*os.File, error) {
	how := os.O_WRONLY | os.O_CREATE | os.O_EXCL
	if over {
		how = os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	}
	return os.OpenFile(file, how, 0o600)
}

// keptOpen is a writer that others still need.
type keptOpen struct{ io.Writer }

func (keptOpen) Close() error { return nil }

// ask subscribes, or calls. What goes wrong is told, and ends nothing.
func (r *recording) ask(ctx context.Context, c *connected, tap *record.Tap, a *asked) {
	p, err := r.find(ctx, c, a.wanted)
	if err != nil {
		if ctx.Err() == nil {
			r.say("%s: %v", a.wanted.name, err)
		}
		return
	}
	for _, n := range p.notes {
		r.say("%s: %s", a.wanted.name, n)
	}
	if a.wanted.streaming {
		r.follow(ctx, c, tap, a, p)
		return
	}
	call := tap.Call(p.filter, a.wanted.target.target, p.args)
	_, err = c.Invoke(ctx, p.filter, p.args, &client.InvokeOptions{
		Target: p.target(), WaitTimeout: -1, OnSent: call.Sent,
		OnReturn: func(answer bus.Return) {
			if errors.Is(answer.Err, context.Canceled) || errors.Is(answer.Err, context.DeadlineExceeded) {
				return // it is we who gave up
			}
			call.Returned(answer)
			if answer.Err != nil {
				r.say("%s: %v", a.wanted.name, explainReturn(answer))
			}
		},
	})
	if err != nil && ctx.Err() == nil {
		call.Failed(err)
		r.say("%s: %v", a.wanted.name, err)
	}
}

// find waits until a stream or a method is there. Unlike find it shares the word of
// a change with others.
func (r *recording) find(ctx context.Context, c *connected, w wanted) (plan, error) {
	offer := w.filter(nil)
	changed := make(chan struct{}, 1)
	stop := c.OnServerMethodAdded(func(bus.Candidate) {
		select {
		case changed <- struct{}{}:
		default:
		}
	})
	defer stop()
	own := *c
	own.changed = changed
	p, err := find(ctx, &own, w, r.env.Now(), io.Discard)
	if none := (*noOffer)(nil); errors.As(err, &none) && len(c.Methods(offer)) == 0 {
		return p, fmt.Errorf("%w; nothing of it is recorded", err)
	}
	return p, err
}

// follow subscribes until ctx ends.
func (r *recording) follow(ctx context.Context, c *connected, tap *record.Tap, a *asked, p plan) {
	heard := tap.Subscribe(p.filter, a.wanted.target.target, p.args)
	sub, err := c.Subscribe(ctx, p.filter, &client.SubscribeOptions{
		Args: p.args, Target: a.wanted.target.forLong(p.offered), WaitTimeout: -1,
		OnEvent: func(e bus.Event) {
			heard.Hear(e)
			if closed, ok := e.(bus.StreamClosed); ok && !closed.Mine {
				go r.say("%s: %s closed this%s", a.wanted.name, closed.Server.Name(), colon(closed.Why()))
			}
		},
	})
	if err != nil {
		if ctx.Err() == nil {
			heard.Failed(err)
			r.say("%s: %v", a.wanted.name, err)
		}
		return
	}
	<-ctx.Done()
	_ = sub.Close()
}

func (r *recording) say(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	note(r.env.Stderr, format, args...)
}

// told says how it went.
func (r *recording) told(file string, s record.Status) error {
	if s.Err != nil && !readerGone(s.Err) {
		return fmt.Errorf("record to %s: %w", file, s.Err)
	}
	if r.asJSON {
		o := (&object{}).set("file", file).set("calls", s.Calls).set("events", s.Events).set("lines", s.Lines).set("bytes", s.Bytes)
		_, err := r.env.Stdout.Write(o.set("dropped", s.Dropped).set("full", s.Full).line())
		return err
	}
	words := fmt.Sprintf("recorded %s to %s, %s", ui.RecordingHolds(s.Calls, s.Events), file, model.Bytes(int(s.Bytes)))
	if s.Full {
		words += "; that is as long as it may get, --max-size allows more"
	}
	if s.Dropped > 0 {
		words += fmt.Sprintf("; %d lines dropped, the file was too slow", s.Dropped)
	}
	r.say("%s", words)
	return nil
}
