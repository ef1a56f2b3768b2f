package interval

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"ioscope/client/interval/schema"
)

// of finds the transaction of a host's message. It must be called with mu held.
func (r *Runner) of(h *instance, id string) *run {
	if t := r.runs[id]; t != nil && (t.host == h || t.host.id == h.id) {
		t.host = h // the same process, after it was given up
		return t
	}
	return nil
}

// refusal answers a SEND_IO_CALL that fails in the action.
func refusal(format string, args ...any) json.RawMessage {
	text, _ := schema.Marshal(schema.Record{{Name: "type", Value: "ERROR"}, {Name: "message", Value: fmt.Sprintf(format, args...)}})
	return text
}

func (r *Runner) ioCall(h *instance, in IOCallMessage) json.RawMessage {
	render, err := schema.DecodeRender([]byte(in.IOCall))
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.of(h, in.TransactionID)
	switch {
	case t == nil:
		return refusal("The runner knows no transaction %s.", clip(in.TransactionID, 60))
	case err != nil:
		r.emit(Odd{h.id, err})
		return refusal("The runner can't show this: %v.", err)
	case t.cancel:
		return refusal("The transaction was canceled.")
	case !r.opts.Credentials && asksCredentials(render):
		return refusal("Credentials are not supported.")
	}
	t.show(render)
	return accepted
}

func asksCredentials(r *schema.Render) bool {
	return slices.ContainsFunc(r.Components, func(c schema.Component) bool { return c.Method() == schema.CredentialsMethod })
}

// show takes a render: a new step, an update of one, a refusal of its answer, or
// one that came before.
func (t *run) show(render *schema.Render) {
	s := t.step(render.InputGroupKey)
	switch {
	case s == nil:
		s = &step{r: t.r, host: t.host, ref: t.id, waits: render.Waits(t.start.DisplayResolvesImmediately)}
		t.steps = append(t.steps, s)
		s.show(render)
		t.setLoading(nil)
		t.r.emit(Rendered{t.id, render, false, false, s.waits})
		t.alive()
		s.begin()
		return
	case s.render.ID == render.ID:
		s.host = t.host
		t.again(s)
		return
	}
	s.host = t.host
	refused := s.answered && !s.held && render.Refused()
	s.show(render)
	if refused {
		s.answered, s.values, s.answerID = false, nil, ""
		t.setLoading(nil)
	}
	t.r.emit(Rendered{t.id, render, true, refused, s.waits && !s.answered})
	if s.lost() {
		s.sendAnswer() // it is no refusal, so that the answer is still wanted
	}
	t.alive()
}

// again takes a render that is known: a repetition after a reconnect.
func (t *run) again(s *step) {
	switch {
	case s.lost():
		s.sendAnswer()
	case s.answered:
	case !s.waits:
		s.pass() // the action may hang, waiting for it to pass
	}
	t.alive()
}

func (r *Runner) loading(h *instance, in LoadingMessage) bool {
	in.Label = cmp.Or(in.Label, in.Title)
	state := in.LoadingState
	r.mu.Lock()
	defer r.mu.Unlock()
	if p := r.pageOf(h, in.TransactionID); p != nil {
		if p.drawn {
			return true // late: it would cover the page
		}
		p.loads = true
		r.emit(Loading{p.key, &state})
		return true
	}
	t := r.of(h, in.TransactionID)
	if t == nil || t.phase == PhaseEnded && !t.given {
		return false
	}
	t.alive()
	if t.open() == nil { // else late: it would cover a question
		t.setLoading(&state)
	}
	return true
}

func (r *Runner) log(h *instance, in LogMessage) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.of(h, in.TransactionID)
	if t == nil {
		return false
	}
	line := LogLine{Text: in.Data, Time: time.Now()}
	if in.Timestamp != nil {
		line.Time = time.UnixMilli(int64(*in.Timestamp))
	}
	if line.Index = t.extra; in.Index != nil {
		line.Index = *in.Index
	} else {
		t.extra++
	}
	if !t.cancel {
		t.alive()
	}
	if _, twice := t.logs[line.Index]; twice {
		return true
	}
	t.logs[line.Index] = line
	if len(t.logs) > maxLogs {
		delete(t.logs, slices.Min(slices.Collect(maps.Keys(t.logs))))
	}
	r.emit(Logged{t.id, line})
	return true
}

func (r *Runner) redirect(h *instance, in RedirectMessage) bool {
	target := in.Target
	if target.Address() == "" && target.Slug() == "" {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if p := r.pageOf(h, in.TransactionID); p != nil {
		r.emit(Redirected{p.key, target, in.Replace})
		return true
	}
	t := r.of(h, in.TransactionID)
	if t == nil || t.cancel {
		return false
	}
	t.alive()
	if t.goal == nil { // a transaction is redirected once
		t.goal = &target
		r.emit(Redirected{t.id, target, in.Replace})
	}
	return true
}

func (r *Runner) complete(h *instance, in CompleteMessage) bool {
	result, err := schema.DecodeResult([]byte(in.Result))
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.of(h, in.TransactionID)
	if t == nil {
		return false
	}
	if err != nil {
		r.emit(Odd{h.id, err})
		result = &schema.Result{Status: cmp.Or(in.ResultStatus, schema.StatusSuccess), Data: schema.Undefined{}}
	}
	if t.cancel {
		r.emit(LateResult{t.id, result})
		return true
	}
	if t.phase == PhaseEnded && !t.given {
		return true // told twice
	}
	t.alive()
	for _, s := range t.steps {
		s.waits, s.held = s.waits && s.answered, false
	}
	t.end(result)
	if !t.start.DisplayResolvesImmediately {
		t.left, t.gone = true, true // the host forgets by itself
	}
	return true
}

// maxLogs is how many lines are kept of a transaction.
const maxLogs = 10_000

var accepted = json.RawMessage("true")
