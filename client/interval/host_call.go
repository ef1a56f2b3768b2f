package interval

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"ioscope/client/interval/schema"
)

// field is a component that a promise stands for.
type field struct {
	comp schema.Component
	// take reads an answer; Undefined for one that was left out.
	take func(v any) error
	// check says what is wrong with the answer that was taken; nil for no check.
	check func(ctx context.Context) string
	// state finds other props; the function that it gives puts them in place.
	state func(ctx context.Context, state any) (func(), error)
	// late are values that are still to be found.
	late []func(ctx context.Context) func()
	// err is why the component can't be shown at all.
	err error
}

// call is a question or a display, from the first render to the answer.
type call struct {
	host   *Host
	ref    string // transaction or page
	fields []*field
	check  func(ctx context.Context) string // of the whole
	send   func(c *call, text string)       // renders

	stating sync.Mutex // one state after the other

	mu         sync.Mutex
	key        string
	id         string // of the last render
	text       string
	open       bool
	accepted   int // the initialisation over which the runner has had it
	validating bool
	refused    map[string]bool // renders whose answer was not good
	message    string          // for the whole form
	buttons    []schema.ChoiceButton
	states     map[int]string // last accepted, as text
	answer     chan returned  // capacity 1
}

type returned struct {
	choice string
	err    error
}

func newCall(h *Host, ref string, fields []*field) *call {
	return &call{host: h, ref: ref, fields: fields, key: newID(), open: true, states: map[int]string{}, refused: map[string]bool{}, answer: make(chan returned, 1)}
}

// render draws anew, under a new id.
func (c *call) render() (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.renderLocked()
}

func (c *call) renderLocked() (string, error) {
	for _, f := range c.fields {
		if f.err != nil {
			return "", fmt.Errorf("%s: %w", f.comp.Label, f.err)
		}
	}
	c.id = newID()
	text, err := c.current().Encode()
	if err != nil {
		return "", err
	}
	c.text = string(text)
	return c.text, nil
}

// current must be called with mu held.
func (c *call) current() *schema.Render {
	r := &schema.Render{ID: c.id, InputGroupKey: c.key, Error: c.message, Buttons: c.buttons}
	for _, f := range c.fields {
		r.Components = append(r.Components, f.comp)
	}
	return r
}

// finish gives the answer, once.
func (c *call) finish(r returned) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.open {
		return
	}
	c.open = false
	c.answer <- r
}

// redraw sends another render.
func (c *call) redraw() {
	text, err := c.render()
	if err != nil {
		c.finish(returned{err: &IOError{KindRenderError, err.Error()}})
		return
	}
	c.send(c, text)
}

// errCount is how the SDK says that an answer has not one value per component.
var errCount = errors.New("mismatch in return array length")

// returned takes an answer. Validation may take its time, so that it runs in a
// goroutine of its own.
func (c *call) returned(ctx context.Context, r *schema.IOResponse) {
	c.mu.Lock()
	if !c.open || c.validating || c.refused[r.ID] { // the last may come twice
		c.mu.Unlock()
		return
	}
	c.validating = true
	c.mu.Unlock()
	c.host.work.Go(func() {
		good, err := c.validate(ctx, r)
		c.mu.Lock()
		c.validating = false
		if !good {
			c.refused[r.ID] = true
		}
		c.mu.Unlock()
		switch {
		case err != nil:
			c.finish(returned{err: err})
		case good:
			choice := ""
			if r.Choice != nil && len(c.buttons) > 0 {
				choice = *r.Choice
			}
			c.finish(returned{choice: choice})
		default:
			c.redraw()
		}
	})
}

// validate reports whether the answer is good. The messages stand in the
// components, if not.
func (c *call) validate(ctx context.Context, r *schema.IOResponse) (bool, error) {
	if len(r.Values) != len(c.fields) {
		return false, errCount
	}
	good := true
	messages := make([]string, len(c.fields))
	for i, f := range c.fields {
		err := f.take(r.Values[i])
		switch {
		case err != nil && f.check == nil:
			return false, &IOError{KindBadResponse, fmt.Sprintf("%s: %v", f.comp.Label, err)}
		case err != nil:
			messages[i] = "Received invalid value for field."
		case f.check != nil:
			messages[i] = f.check(ctx)
		}
		good = good && messages[i] == ""
	}
	whole := ""
	if good && c.check != nil {
		whole = c.check(ctx)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, f := range c.fields {
		f.comp.Error = messages[i]
	}
	c.message = whole
	return good && whole == "", nil
}

// setState finds other props. A render follows whatever comes of it.
func (c *call) setState(ctx context.Context, values []any) {
	c.mu.Lock()
	wanted := map[int]any{}
	for i, v := range values {
		if i >= len(c.fields) || schema.Missing(v) || c.fields[i].state == nil {
			continue
		}
		text, err := schema.Marshal(v)
		if err == nil && c.states[i] != string(text) {
			wanted[i] = v
		}
	}
	c.mu.Unlock()
	c.host.work.Go(func() {
		c.stating.Lock()
		defer c.stating.Unlock()
		for _, i := range slices.Sorted(maps.Keys(wanted)) {
			c.setOne(ctx, i, wanted[i])
		}
		c.redraw()
	})
}

func (c *call) setOne(ctx context.Context, i int, state any) {
	place, err := c.fields[i].state(ctx, state)
	if err != nil {
		c.host.opts.Logger.Warn("state not taken", "component", c.fields[i].comp.Label, "err", err)
		return
	}
	text, _ := schema.Marshal(state)
	c.mu.Lock()
	defer c.mu.Unlock()
	place()
	c.states[i] = string(text)
}

// findLate computes the values that were promised, each to be drawn when it is
// there. begun and found count them.
func (c *call) findLate(ctx context.Context, begun, found func()) {
	for _, f := range c.fields {
		for _, find := range f.late {
			begun()
			c.host.work.Go(func() {
				defer found()
				place := find(ctx)
				if ctx.Err() != nil {
					return
				}
				c.mu.Lock()
				place()
				c.mu.Unlock()
				c.redraw()
			})
		}
	}
}

// waits tells how a call ends: with an answer, or when the runner has it.
func (c *call) waits(appending bool) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.current().Waits(appending)
}

// ask shows fields and waits for what comes back.
func (t *Transaction) ask(ctx context.Context, c *call) (string, error) {
	t.mu.Lock()
	if t.closed {
		t.mu.Unlock()
		return "", &IOError{Kind: KindTransactionClosed}
	}
	t.calls[c.key] = c
	t.order = append(t.order, c)
	t.mu.Unlock()
	text, err := c.render()
	if err != nil {
		return "", &IOError{KindRenderError, err.Error()}
	}
	c.send = t.sendCall
	waits := c.waits(t.appending)
	sent := make(chan error, 1)
	t.out.add(&t.host.work, func() { sent <- t.deliverCall(c, text) })
	c.findLate(t.ctx, t.lateBegun, t.lateFound)
	for {
		select {
		case err := <-sent:
			sent = nil
			if err != nil {
				c.finish(returned{err: err})
				continue
			}
			t.Loading.asked()
			if !waits {
				c.finish(returned{})
			}
		case r := <-c.answer:
			return r.choice, r.err
		case <-ctx.Done():
			return "", context.Cause(ctx)
		case <-t.ctx.Done():
			return "", context.Cause(t.ctx)
		}
	}
}

// sendCall sends another render of a call.
func (t *Transaction) sendCall(c *call, text string) {
	t.out.add(&t.host.work, func() {
		if err := t.deliverCall(c, text); err != nil {
			c.finish(returned{err: err})
		}
	})
}

func (t *Transaction) deliverCall(c *call, text string) error {
	epoch, err := t.host.deliverOver(t.host.ctx, func() error { return t.callRunner(text) })
	c.mu.Lock()
	defer c.mu.Unlock()
	c.accepted = epoch
	return err
}

// repeatCall sends a question once more, byte by byte, after a reconnect: unless
// it was answered by the time that its turn comes, or has gone over the new
// connection already.
func (t *Transaction) repeatCall(c *call) {
	t.out.add(&t.host.work, func() {
		t.host.mu.Lock()
		epoch := t.host.epoch
		t.host.mu.Unlock()
		c.mu.Lock()
		open, had, text := c.open, c.accepted, c.text
		c.mu.Unlock()
		if !open || had == 0 || had == epoch {
			return
		}
		if err := t.deliverCall(c, text); err != nil {
			c.finish(returned{err: err})
		}
	})
}

func (t *Transaction) callRunner(text string) error {
	answer, err := Call(t.host.ctx, t.host.duplex, SendIOCall, IOCallMessage{t.ID, text})
	if err != nil {
		return err
	}
	return callRefused(answer)
}

// callRefused reads the answer to SEND_IO_CALL: true, false, or an object with
// the reason.
func callRefused(answer json.RawMessage) error {
	var reason struct {
		Type    string  `json:"type"`
		Message *string `json:"message,omitempty"`
	}
	switch {
	case string(answer) == "true":
		return nil
	case schema.Unmarshal(answer, &reason) == nil && reason.Message != nil:
		return &IOError{KindRenderError, *reason.Message}
	}
	return &IOError{KindRenderError, "Error sending IO call."}
}

// answerIO takes what comes back for a transaction or a page.
func (h *Host) answerIO(in AnswerMessage) Nothing {
	r, err := schema.DecodeResponse([]byte(in.Value))
	if err != nil {
		h.opts.Logger.Warn("answer", "err", err)
		return Nothing{}
	}
	h.mu.Lock()
	t, view := h.runs[r.TransactionID], h.views[r.TransactionID]
	h.mu.Unlock()
	switch {
	case t != nil:
		t.answered(r)
	case view != nil && r.Kind == schema.KindSetState:
		view.setState(r)
	}
	return Nothing{}
}

func (t *Transaction) answered(r *schema.IOResponse) {
	t.mu.Lock()
	c := t.calls[r.InputGroupKey]
	if r.InputGroupKey == "" && len(t.order) > 0 {
		c = t.order[len(t.order)-1]
	}
	closed := t.closed
	t.mu.Unlock()
	if c == nil || closed && t.ended() {
		return
	}
	switch r.Kind {
	case schema.KindReturn:
		c.returned(t.ctx, r)
	case schema.KindSetState:
		c.setState(t.lasting(), r.Values)
	case schema.KindCanceled:
		t.canceled(c)
	}
}

func (t *Transaction) ended() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.done
}

// lasting is the context of what goes on when the action has ended: tables can
// still be paged then.
func (t *Transaction) lasting() context.Context {
	if t.ended() {
		return t.host.ctx
	}
	return t.ctx
}

// canceled ends the action's context, unless what is canceled was answered
// before.
func (t *Transaction) canceled(c *call) {
	c.mu.Lock()
	passed := !c.open && c.current().Waits(t.appending)
	c.mu.Unlock()
	if passed {
		return
	}
	t.mu.Lock()
	t.closed = true
	t.mu.Unlock()
	c.finish(returned{err: ErrCanceled})
	t.cancel(ErrCanceled)
}

// resend sends again what the runner may not know any more: questions that are
// open, loading states, pages.
func (h *Host) resend() {
	h.mu.Lock()
	runs, views := slices.Collect(maps.Values(h.runs)), slices.Collect(maps.Values(h.views))
	h.mu.Unlock()
	for _, t := range runs {
		t.mu.Lock()
		calls := slices.Clone(t.order)
		t.mu.Unlock()
		for _, c := range calls {
			t.repeatCall(c)
		}
		t.Loading.again()
	}
	for _, v := range views {
		v.again()
	}
}
