package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/model"
)

// invocation is the invoke command, with what its flags say.
type invocation struct {
	env Env
	inquiry
	hooks *hooks
	// returns are the answers, once it was asked.
	returns []bus.Return
}

func newInvoke(env Env, f *flags) *cobra.Command {
	i := &invocation{env: env}
	cmd := &cobra.Command{
		Use:   "invoke METHOD [key=value ...]",
		Short: "Invoke a method",
		Long: "The arguments are read by the method's signature: a number where it says a number, dates such as\n" +
			"\"tomorrow 09:00\", address.city=Sofia for a part of a composite. Where there is no signature a value is\n" +
			"JSON, or else text. --args gives them as one JSON object; pairs win over its keys. What does not fit the\n" +
			"signature is refused, and nothing is sent.\n\n" +
			targetHelp + ", each once.\n\n" +
			"Each server's answer is printed as it comes; with --json as one object a line: server, application,\n" +
			"instance, peerId, ok, took_ms, and value or error {uri, reason, context}. What of a value breaks the method's\n" +
			"returns is told below it, \"! not as declared: sum: string, wants int\", and in JSON in marks, a list of\n" +
			"{path, what}, which is absent where all fits or nothing is declared; the exit code stays 0.\n\n" +
			"Exit codes: 0 all servers returned, 1 one of them failed, 2 wrong usage or arguments, 3 no such method or\n" +
			"server within --wait-timeout, 4 no answer within --response-timeout (and no server failed).",
		Example: "  ioscope invoke Addition a=2 b=3\n" +
			"  ioscope invoke Division a=1 b=4 --target all --json\n" +
			"  ioscope invoke Addition a=2 b=3 --target 'application=/^Calc/,user=ada'\n" +
			"  ioscope invoke Addition --args @sum.json --response-timeout 2s\n" +
			"  echo '{\"a\": 2}' | ioscope invoke Addition b=3 --args -",
		Args: oneName("method"),
		RunE: func(cmd *cobra.Command, args []string) error {
			i.wanted.name = args[0]
			return i.run(cmd.Context(), f, args[1:])
		},
		ValidArgsFunction: completeOffer(env, f, false),
	}
	i.register(cmd, env, f, asks{"who answers", "how long to wait for the answers"})
	return cmd
}

func (i *invocation) run(ctx context.Context, f *flags, pairs []string) error {
	if err := f.allow(model.ToInvoke); err != nil {
		return err
	}
	if err := i.check(); err != nil {
		return err
	}
	var err error
	if i.wanted.args, err = readArguments(i.env.Stdin, i.argsText, pairs); err != nil {
		return err
	}
	i.hooks = f.hooks
	c, err := f.connect(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	p, err := find(ctx, c, i.wanted, i.env.Now(), i.env.Stderr)
	if err != nil {
		return err
	}
	for _, n := range p.notes {
		note(i.env.Stderr, "%s", n)
	}
	return i.ask(ctx, c, p)
}

// ask sends the question and prints the answers in the order in which they come.
func (i *invocation) ask(ctx context.Context, c *connected, p plan) error {
	told := func(a model.Aside) { note(i.env.Stderr, "%s", a.Text) }
	args, err := i.hooks.before(ctx, i.wanted.name, false, i.wanted.target.target, p.args, told)
	if err != nil {
		return err
	}
	p.args = args
	err = i.askNow(ctx, c, p)
	if len(i.returns) > 0 {
		i.hooks.after(ctx, i.wanted.name, p.args, i.returns, told)
	}
	return err
}

// askNow is ask without what runs around it.
func (i *invocation) askNow(ctx context.Context, c *connected, p plan) error {
	answers := make(chan bus.Return, len(p.servers))
	options := &client.InvokeOptions{
		Target:          p.target(),
		WaitTimeout:     -1, // find has waited
		ResponseTimeout: i.response,
		OnReturn:        func(r bus.Return) { answers <- r },
	}
	type outcome struct {
		result *client.Result
		err    error
	}
	done := make(chan outcome, 1)
	started := time.Now()
	go func() {
		r, err := c.Invoke(ctx, p.filter, p.args, options)
		done <- outcome{r, err}
	}()
	print := &answerPrinter{out: i.env.Stdout, errors: i.env.Stderr, asJSON: i.asJSON, printed: map[bus.PeerID]bool{}}
	for {
		select {
		case r := <-answers:
			if !errors.Is(r.Err, context.Canceled) { // else it is we who gave up
				print.one(r)
			}
		case o := <-done:
			switch {
			case ctx.Err() != nil:
				return fmt.Errorf("invoke %q: given up after %s", i.wanted.name, duration(time.Since(started)))
			case o.err != nil:
				return o.err
			}
			i.returns = o.result.Returns
			for _, r := range o.result.Returns {
				print.one(r)
			}
			return print.verdict()
		}
	}
}
