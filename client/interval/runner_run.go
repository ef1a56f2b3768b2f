package interval

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"ioscope/client/interval/schema"
)

// run is a transaction. All is guarded by Runner.mu.
type run struct {
	r       *Runner
	host    *instance
	id      string
	action  ActionDefinition
	slug    string
	params  schema.Record
	user    User
	started time.Time
	start   StartMessage

	arrived bool // the start was acknowledged
	heard   bool // something came of it
	phase   Phase
	steps   []*step
	loading *LoadingState
	logs    map[int]LogLine
	extra   int // index of lines that have none
	goal    *schema.Target
	result  *schema.Result
	given   bool // given up: what comes brings it back to life
	cancel  bool // canceled by us
	left    bool // to be closed on the host
	gone    bool // and it has acknowledged that
}

func (t *run) stopTimers() {
	for _, s := range t.steps {
		s.stopTimer()
	}
}

func (t *run) info() RunInfo {
	info := RunInfo{
		ID: t.id, Host: t.host.id, Slug: t.slug, Action: t.action, Params: t.params, User: t.user, Phase: t.phase,
		Appending: t.start.DisplayResolvesImmediately, Started: t.started, Loading: t.loading, Redirect: t.goal, Result: t.result,
	}
	for _, s := range t.steps {
		info.Steps = append(info.Steps, Step{s.render, s.waits && !s.answered, s.values, s.choice})
	}
	for _, i := range slices.Sorted(maps.Keys(t.logs)) {
		info.Logs = append(info.Logs, t.logs[i])
	}
	return info
}

func (t *run) step(key string) *step {
	for _, s := range t.steps {
		if s.render.InputGroupKey == key {
			return s
		}
	}
	return nil
}

// open is the newest step that waits for the person, nil for none.
func (t *run) open() *step {
	for _, s := range slices.Backward(t.steps) {
		if s.waits && !s.answered {
			return s
		}
	}
	return nil
}

// setPhase tells a change. What has ended stays so.
func (t *run) setPhase(p Phase) {
	if t.phase == p || t.phase == PhaseEnded {
		return
	}
	t.phase = p
	t.r.emit(PhaseChanged{t.id, p})
}

// alive notes that something came from the host.
func (t *run) alive() {
	t.heard = true
	if t.given && t.phase == PhaseEnded {
		t.phase, t.result, t.given = PhaseLost, nil, false
	}
	if t.open() != nil {
		t.setPhase(PhaseAsking)
		return
	}
	t.setPhase(PhaseRunning)
}

func (t *run) end(result *schema.Result) {
	if t.phase == PhaseEnded {
		return
	}
	t.result, t.phase = result, PhaseEnded
	t.setLoading(nil)
	t.r.emit(Ended{t.id, result})
}

func (t *run) setLoading(state *LoadingState) {
	if t.loading == nil && state == nil {
		return
	}
	t.loading = state
	t.r.emit(Loading{t.id, state})
}

// repeat does again what the loss of a connection may have undone.
func (t *run) repeat() {
	switch {
	case t.left:
		t.close()
		return
	case !t.arrived && (t.start.DisplayResolvesImmediately || !t.heard):
		t.post()
		return
	}
	for i, s := range t.steps {
		// The host sends its last call again, and tells by that what became of the
		// answer. For an earlier one the repetition has to be blind.
		if s.lost() && i < len(t.steps)-1 {
			s.sendAnswer()
		}
		if s.asking {
			s.postState()
		}
	}
}

func (t *run) post() {
	_ = Post(t.host.duplex, StartRun, t.start, func() {
		t.r.mu.Lock()
		defer t.r.mu.Unlock()
		t.arrived = true
	}, nil)
}

// close lets the host forget the transaction.
func (t *run) close() {
	t.left = true
	_ = Post(t.host.duplex, CloseRun, CloseRunMessage{t.id}, func() {
		t.r.mu.Lock()
		defer t.r.mu.Unlock()
		t.gone = true
		if t.phase == PhaseEnded && !t.cancel {
			delete(t.r.runs, t.id)
		}
	}, nil)
}

// StartOptions say how an action is started. The zero value is fine.
type StartOptions struct {
	// Host is the instance id. Default: the newest that offers the action.
	Host string
	// Params are flat: text, numbers, booleans, dates, null.
	Params schema.Record
	// User runs the action. Default: that of the runner.
	User *User
}

// offering finds the newest host that offers an action. It must be called with
// mu held.
func (r *Runner) offering(host, slug string) (*instance, ActionDefinition, error) {
	for _, id := range slices.Backward(r.order) {
		h := r.hosts[id]
		if host != "" && id != host || !h.ready || h.socket == nil || h.closing {
			continue
		}
		for _, a := range h.def.Actions {
			if a.FullSlug() == slug {
				return h, a, nil
			}
		}
	}
	return nil, ActionDefinition{}, ErrNoHost
}

// Start runs an action, by its full slug, and gives the id of the transaction.
// What becomes of it is told by events. The error wraps ErrNoHost when nobody
// offers the action now.
func (r *Runner) Start(slug string, opts *StartOptions) (string, error) {
	var o StartOptions
	if opts != nil {
		o = *opts
	}
	params, meta, err := flat(o.Params)
	if err != nil {
		return "", fmt.Errorf("start %s: %w", slug, err)
	}
	if o.User == nil {
		o.User = r.opts.User
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return "", fmt.Errorf("start %s: %w", slug, ErrClosed)
	}
	h, action, err := r.offering(o.Host, slug)
	if err != nil {
		return "", fmt.Errorf("start %s: %w", slug, err)
	}
	t := &run{
		r: r, host: h, id: newID(), action: action, slug: slug, params: o.Params, user: *o.User, started: time.Now(),
		logs: map[int]LogLine{}, extra: 1 << 30,
	}
	t.start = StartMessage{
		TransactionID: t.id, DisplayResolvesImmediately: !r.opts.Paged, ActionName: slug,
		Action:      ActionRef{slug, r.base(h) + "/dashboard/" + r.opts.Organization.Slug + "/develop/actions/" + slug},
		Environment: r.opts.Environment, User: *o.User, Params: params, ParamsMeta: meta,
	}
	r.runs[t.id] = t
	r.emit(Started{t.info()})
	h.tell(func() {
		if !t.left { // by now
			t.post()
		}
	})
	return t.id, nil
}

// running finds a transaction that has not ended. It must be called with mu held.
func (r *Runner) running(id string) (*run, error) {
	t := r.runs[id]
	switch {
	case t == nil:
		return nil, ErrNoTransaction
	case t.phase == PhaseEnded:
		return nil, ErrEnded
	}
	return t, nil
}

// Respond answers a step of a transaction, by the key of its render, with one
// value per component (see schema.Check) and the value or label of a button,
// empty for the first. A *schema.AnswerError says what is wrong with the values;
// then nothing was sent. Whether the host accepts the answer is told by events.
// While the host is away the answer waits for it.
func (r *Runner) Respond(id, key string, values []any, choice string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	t, err := r.running(id)
	if err != nil {
		return fmt.Errorf("respond: %w", err)
	}
	s := t.step(key)
	if s == nil || !s.waits || s.answered {
		return fmt.Errorf("respond: %w", ErrNotAsking)
	}
	if err := s.answer(values, choice); err != nil {
		return fmt.Errorf("respond: %w", err)
	}
	t.setLoading(nil)
	r.emit(Answered{t.id, key, s.values, s.choice})
	if t.host.socket != nil {
		t.alive()
	}
	return nil
}

// SetState asks for other props of a component of a step: other rows, hits or
// places for files. State is one of schema's state types. The renders that come
// are events. States are sent one at a time, and of those that wait the newest
// for each component; a step of an ended transaction can still be asked in the
// mode in which output is appended. Ref may also be the key of a page.
func (r *Runner) SetState(ref, key string, index int, state any) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	s, err := r.find(ref, key)
	if err != nil {
		return fmt.Errorf("set state: %w", err)
	}
	if err := s.checkState(index, state); err != nil {
		return fmt.Errorf("set state: %w", err)
	}
	s.ask(index, state)
	return nil
}

func (r *Runner) find(ref, key string) (*step, error) {
	if p := r.pages[ref]; p != nil {
		if p.step != nil && p.step.render.InputGroupKey == key {
			return p.step, nil
		}
		return nil, ErrNotAsking
	}
	t := r.runs[ref]
	if t == nil {
		return nil, ErrNoTransaction
	}
	if s := t.step(key); s != nil {
		return s, nil
	}
	return nil, ErrNotAsking
}

// Settled waits until a step shows what the last state asked for, and gives what
// it shows then. Programs need it before they answer; a person's pace hides the
// difference.
func (r *Runner) Settled(ctx context.Context, ref, key string) (*schema.Render, error) {
	for {
		r.mu.Lock()
		s, err := r.find(ref, key)
		if err != nil {
			r.mu.Unlock()
			return nil, fmt.Errorf("settled: %w", err)
		}
		render, wait := s.render, s.settled
		r.mu.Unlock()
		if wait == nil {
			return render, nil
		}
		select {
		case <-wait:
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-r.ctx.Done():
			return nil, ErrClosed
		}
	}
}

// Cancel ends a transaction. An action that works and waits for nobody can't be
// stopped: it is only not heard any more.
func (r *Runner) Cancel(id string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	t, err := r.running(id)
	if err != nil {
		return fmt.Errorf("cancel: %w", err)
	}
	for _, s := range t.steps {
		s.held = false
	}
	if s := t.current(); s != nil {
		s.post(&schema.IOResponse{Kind: schema.KindCanceled, Values: []any{}}, nil)
	}
	t.cancel = true
	t.end(&schema.Result{Status: schema.StatusCanceled, Data: schema.Undefined{}})
	t.close()
	return nil
}

// current is the step that a cancellation is for: the one that waits, else the
// last, which may be a display.
func (t *run) current() *step {
	if s := t.open(); s != nil {
		return s
	}
	if len(t.steps) > 0 {
		return t.steps[len(t.steps)-1]
	}
	return nil
}

// Leave forgets a transaction that has ended, here and on its host, and the files
// that were uploaded for it. Steps of it can't be asked any more.
func (r *Runner) Leave(id string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.runs[id]
	switch {
	case t == nil:
		return fmt.Errorf("leave: %w", ErrNoTransaction)
	case t.phase != PhaseEnded:
		return errors.New("leave: the transaction has not ended: cancel it first")
	}
	t.stopTimers()
	r.dropFiles(id)
	if !t.left && t.start.DisplayResolvesImmediately {
		t.close()
	}
	if !t.gone && t.host.socket == nil && t.start.DisplayResolvesImmediately {
		t.host.leaving = append(t.host.leaving, id)
	}
	if t.gone || t.host.socket == nil || !t.start.DisplayResolvesImmediately {
		delete(r.runs, id)
	}
	t.cancel = false // to be deleted when the host has heard
	return nil
}
