package cli

import (
	"time"

	"github.com/spf13/cobra"

	"ioscope/client/bus"
)

// inquiry is what a command asks a method or a stream, as its flags say.
type inquiry struct {
	wanted   wanted
	argsText *string // nil when --args was not given
	response time.Duration
	asJSON   bool
}

// asks are the words in which commands that ask differ.
type asks struct{ who, answers string }

func (q *inquiry) register(cmd *cobra.Command, env Env, f *flags, words asks) {
	p := cmd.Flags()
	p.Var(optional{&q.argsText}, "args", "arguments as a JSON `object`; @FILE reads it from a file, - from stdin")
	p.Var(&q.wanted.target, "target", words.who+"; see above. May be given several times (default best)")
	p.DurationVar(&q.wanted.wait, "wait-timeout", bus.DefaultTimeout, "how long to wait for the "+q.wanted.what()+" to appear")
	p.DurationVar(&q.response, "response-timeout", bus.DefaultTimeout, words.answers)
	p.BoolVar(&q.asJSON, "json", false, "print one JSON object a line")
	_ = cmd.RegisterFlagCompletionFunc("target", completeTarget(env, f))
}

// check refuses what no bus could answer.
func (q *inquiry) check() error {
	if q.response <= 0 {
		return usagef("--response-timeout %s: no time for an answer", q.response)
	}
	return q.wanted.check()
}
