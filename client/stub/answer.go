package stub

import (
	"context"
	"encoding/json"
	"errors"
	"sync/atomic"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/client/internal/rest"
)

// errNoAnswer is said where the file has no answer for the arguments.
var errNoAnswer = &bus.Error{Reason: "no answer is written for these arguments"}

// ready is an answer whose programs can run.
type ready struct {
	answer
	when, jq *program
}

// handler answers the calls of a method.
func (r *Running) handler(m *method) client.Handler {
	chance := newChance(r.app.Seed, m.def.Name)
	answers := make([]ready, len(m.answers))
	for i, a := range m.answers {
		answers[i] = ready{a, a.when.with(chance), a.jq.with(chance)}
	}
	var calls atomic.Int64
	return func(ctx context.Context, call client.Call) (any, error) {
		started, n := time.Now(), calls.Add(1)-1
		value, err := answerTo(ctx, call, answers, int(n))
		r.tell(Entry{
			At: time.Now(), What: Called, Name: m.def.Name, Peer: call.Caller,
			Args: call.Args, Value: value, Err: err, Took: time.Since(started),
		})
		if err != nil {
			return nil, err
		}
		if value == nil {
			return nil, nil
		}
		return value, nil
	}
}

// answerTo gives the first answer whose condition holds.
func answerTo(ctx context.Context, call client.Call, answers []ready, n int) (json.RawMessage, error) {
	args, caller := bus.Decode(call.Args), peer(call.Caller)
	for _, a := range answers {
		holds, err := a.when.holds(ctx, args, caller, n)
		if err != nil {
			return nil, refusal(err)
		}
		if holds {
			return a.give(ctx, args, caller, n)
		}
	}
	return nil, errNoAnswer
}

func (a *ready) give(ctx context.Context, args any, caller map[string]any, n int) (json.RawMessage, error) {
	if !rest.For(ctx, a.after) {
		return nil, ctx.Err()
	}
	switch {
	case a.refusal != nil:
		return nil, a.refusal
	case a.jq == nil:
		return a.value, nil
	}
	value, err := a.jq.json(ctx, args, caller, n)
	if err != nil && !errors.Is(err, context.Canceled) {
		err = refusal(err)
	}
	return value, err
}
