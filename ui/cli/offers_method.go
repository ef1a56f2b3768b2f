package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/model"
)

// waiting is a call that a person has to answer.
type waiting struct {
	came  model.Came
	reply chan model.AnswerTo
	// again is told when the rules are others.
	again chan struct{}
}

// answer is the handler of a method of ours: a rule answers, or a person.
func (f *ownOffer) answer(ctx context.Context, call client.Call) (any, error) {
	n := int(f.calls.Add(1) - 1)
	came := f.came(call.Caller, call.Args)
	if value, done, err := f.byRule(ctx, came, call, n); done {
		return value, err
	}
	w := &waiting{came: came, reply: make(chan model.AnswerTo, 1), again: make(chan struct{}, 1)}
	if !f.await(w) {
		return nil, fmt.Errorf("%s has %s waiting already", f.p.Def.Name, plural(maxWaiting, "call"))
	}
	f.all.inbox.Put(came)
	ran := time.NewTimer(time.Until(came.Deadline))
	defer ran.Stop()
	for {
		select {
		case r := <-w.reply:
			return f.byHand(w, r)
		case <-w.again:
			if !f.take(came.Call) {
				continue // it is being answered by hand
			}
			if value, done, err := f.byRule(ctx, came, call, n); done {
				return value, err
			}
			f.await(w)
		case <-ran.C:
			if f.take(came.Call) {
				f.over(came, model.Over{How: model.RanOut})
				return nil, fmt.Errorf("nobody answered within %s", model.Duration(came.Deadline.Sub(came.At)))
			}
		case <-ctx.Done():
			f.take(came.Call)
			f.over(came, model.Over{How: model.ConnectionLost})
			return nil, ctx.Err()
		case <-f.ctx.Done():
			if f.take(came.Call) {
				f.over(came, model.Over{How: model.ByHand, Err: "taken back"})
				return nil, errors.New(f.p.Def.Name + " was taken back")
			}
		}
	}
}

// byRule lets the rules answer; done is false where none fits.
func (f *ownOffer) byRule(ctx context.Context, came model.Came, call client.Call, n int) (value any, done bool, err error) {
	set := f.rules.Load()
	i, err := set.answers.Fits(ctx, call, n)
	if i < 0 {
		return nil, false, nil
	}
	var raw json.RawMessage
	if err == nil {
		raw, err = set.answers.Give(ctx, i, call, n)
	}
	how := model.Over{How: model.ByRule, Rule: set.ids[i], Value: raw, Err: reason(err)}
	if ctx.Err() != nil {
		how = model.Over{How: model.ConnectionLost}
	}
	f.over(came, how)
	if err != nil || raw == nil {
		return nil, true, err
	}
	return raw, true, nil
}

func (f *ownOffer) byHand(w *waiting, r model.AnswerTo) (any, error) {
	f.over(w.came, model.Over{How: model.ByHand, Value: r.Value, Err: reasonOf(r.Err)})
	if r.Err != nil {
		return nil, r.Err
	}
	return r.Value, nil
}

func reasonOf(e *bus.Error) string {
	if e == nil {
		return ""
	}
	return e.Reason
}

// await puts a call among those that wait; false where there are too many.
func (f *ownOffer) await(w *waiting) bool {
	f.all.mu.Lock()
	defer f.all.mu.Unlock()
	if len(f.waiting) >= maxWaiting {
		return false
	}
	f.waiting[w.came.Call] = w
	return true
}

// take takes a call from those that wait; false where somebody else did.
func (f *ownOffer) take(call int) bool {
	f.all.mu.Lock()
	defer f.all.mu.Unlock()
	_, ok := f.waiting[call]
	delete(f.waiting, call)
	return ok
}

// reply answers a call by hand. o.mu is held.
func (f *ownOffer) reply(e model.AnswerTo) error {
	w := f.waiting[e.Call]
	if w == nil {
		return errors.New("it was too late; your answer was not sent")
	}
	delete(f.waiting, e.Call)
	w.reply <- e
	return nil
}
