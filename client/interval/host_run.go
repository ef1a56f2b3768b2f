package interval

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"time"

	"ioscope/client/interval/schema"
)

// Kinds of an IOError, as the SDK calls them.
const (
	KindIOCanceled        = "CANCELED"
	KindTransactionClosed = "TRANSACTION_CLOSED"
	KindRenderError       = "RENDER_ERROR"
	KindBadResponse       = "BAD_RESPONSE"
)

// IOError says why a question has no answer.
type IOError struct {
	// Kind is one of those above.
	Kind    string
	Message string
}

// Error implements error.
func (e *IOError) Error() string {
	if e.Message == "" {
		return e.Kind
	}
	return e.Kind + ": " + e.Message
}

// Is compares kinds, so that errors.Is(err, ErrCanceled) works.
func (e *IOError) Is(target error) bool {
	other, ok := target.(*IOError)
	return ok && other.Message == "" && other.Kind == e.Kind
}

// ErrCanceled is the error of a question, and the cause of the end of an action's
// context, when the person cancels.
var ErrCanceled error = &IOError{Kind: KindIOCanceled}

// Transaction is one run of an action.
type Transaction struct {
	// ID is the runner's.
	ID string
	// Params, User, Environment and Action are what it was started with.
	Params      schema.Record
	User        User
	Environment string
	Action      ActionRef
	// Organization is whom the host works for.
	Organization Organization
	// IO asks and shows.
	IO *IO
	// Loading tells how far the action is.
	Loading *LoadingControl

	host      *Host
	appending bool
	ctx       context.Context // the action's
	cancel    context.CancelCauseFunc
	out       outbox

	mu      sync.Mutex
	calls   map[string]*call // by key
	order   []*call
	closed  bool // canceled or closed by the runner
	done    bool // the action has ended
	told    bool // the runner knows how it ended
	late    int  // promised values that are not found yet
	nextLog int
}

func (h *Host) startRun(in StartMessage) Nothing {
	h.mu.Lock()
	defer h.mu.Unlock()
	action := h.action(in.Action.Slug)
	switch {
	case h.closing || h.ctx.Err() != nil || h.runs[in.TransactionID] != nil:
		return Nothing{}
	case action == nil:
		h.opts.Logger.Warn("no such action", "slug", in.Action.Slug)
		return Nothing{}
	}
	params, err := noted(in.Params, in.ParamsMeta)
	if err != nil {
		h.opts.Logger.Warn("parameters", "slug", in.Action.Slug, "err", err)
	}
	t := &Transaction{
		ID: in.TransactionID, Params: params, User: in.User, Environment: in.Environment, Action: in.Action, Organization: h.org,
		host: h, appending: in.DisplayResolvesImmediately, calls: map[string]*call{},
	}
	t.ctx, t.cancel = context.WithCancelCause(h.ctx)
	t.IO, t.Loading = newIO(t), &LoadingControl{send: t.sendLoading}
	h.runs[t.ID] = t
	h.work.Go(func() { t.run(action) })
	return Nothing{}
}

// action must be called with mu held.
func (h *Host) action(slug string) *Action {
	for _, a := range h.actions {
		if a.definition().FullSlug() == slug {
			return &a
		}
	}
	return nil
}

func (t *Transaction) run(action *Action) {
	data, err := t.protect(action)
	t.Loading.stop()
	t.mu.Lock()
	t.done = true
	silent := t.closed && (errors.Is(err, ErrCanceled) || errors.Is(err, context.Canceled))
	t.mu.Unlock()
	if silent { // the runner knows, and the SDK says nothing either
		t.host.forget(t)
		t.cancel(nil)
		return
	}
	text, status := resultText(data, err)
	_ = t.do(t.host.ctx, func() error {
		_, err := Call(t.host.ctx, t.host.duplex, MarkComplete, CompleteMessage{t.ID, status, text})
		return err
	})
	t.mu.Lock()
	t.told = true
	over, spent := !t.appending || t.closed, t.late == 0 || err != nil
	t.mu.Unlock()
	if over {
		t.host.forget(t)
	}
	if spent {
		t.cancel(nil)
	}
}

// lateBegun and lateFound count the promised values: what is on the screen when an
// action ends well stays there, and so they are found after its end, too.
func (t *Transaction) lateBegun() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.late++
}

func (t *Transaction) lateFound() {
	t.mu.Lock()
	t.late--
	spent := t.told && t.late == 0
	t.mu.Unlock()
	if spent {
		t.cancel(nil)
	}
}

// protect turns a panic into a failure.
func (t *Transaction) protect(action *Action) (data any, err error) {
	defer func() {
		if p := recover(); p != nil {
			t.host.opts.Logger.Error("action panics", "slug", action.Slug, "panic", p)
			err = &schema.Failure{Kind: "Panic", Message: fmt.Sprint(p)}
		}
	}()
	return action.Run(t.ctx, t)
}

func resultText(data any, err error) (string, schema.Status) {
	result := &schema.Result{Status: schema.StatusSuccess, Data: data}
	if data == nil {
		result.Data = schema.Undefined{}
	}
	if err != nil {
		result = &schema.Result{Status: schema.StatusFailure, Failure: failureOf(err)}
	}
	text, wrong := result.Encode()
	if wrong != nil {
		result = &schema.Result{Status: schema.StatusFailure, Failure: &schema.Failure{Kind: "Error", Message: wrong.Error()}}
		text, _ = result.Encode()
	}
	return string(text), result.Status
}

// failureOf tells an error as the SDK does: its class, what it says, and what
// lay beneath.
func failureOf(err error) *schema.Failure {
	var f *schema.Failure
	if errors.As(err, &f) {
		return f
	}
	var io *IOError
	if errors.As(err, &io) {
		return &schema.Failure{Kind: "IOError", Message: io.Message}
	}
	failure := &schema.Failure{Kind: className(err), Message: err.Error()}
	if cause := errors.Unwrap(err); cause != nil {
		failure.Cause = className(cause) + ": " + cause.Error()
	}
	return failure
}

// className is the name of an error's type, where it was made for others to see.
func className(err error) string {
	t := reflect.TypeOf(err)
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if name := t.Name(); name != "" && name[0] >= 'A' && name[0] <= 'Z' {
		return name
	}
	return "Error"
}

func (h *Host) forget(t *Transaction) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.runs[t.ID] == t {
		delete(h.runs, t.ID)
		h.lessOpen()
	}
}

func (h *Host) closeRun(in CloseRunMessage) Nothing {
	h.mu.Lock()
	t := h.runs[in.TransactionID]
	h.mu.Unlock()
	if t == nil {
		return Nothing{}
	}
	t.mu.Lock()
	done := t.done
	t.closed = true
	t.mu.Unlock()
	if done {
		h.forget(t)
	}
	t.cancel(ErrCanceled)
	return Nothing{}
}

// maxLine is how long a line of a log may be, in characters.
const maxLine = 10_000

// Log adds a line to the log that the person sees: texts as they are, anything
// else as indented JSON, with spaces between. It returns at once.
func (t *Transaction) Log(args ...any) {
	if len(args) == 0 {
		return
	}
	parts := make([]string, len(args))
	for i, arg := range args {
		parts[i] = logText(arg)
	}
	line := strings.Join(parts, " ")
	if runes := []rune(line); len(runes) > maxLine {
		t.host.opts.Logger.Warn("log line cut", "transaction", t.ID, "characters", len(runes))
		line = string(runes[:maxLine]) + "..."
	}
	t.mu.Lock()
	index := t.nextLog
	t.nextLog++
	t.mu.Unlock()
	now := float64(time.Now().UnixMilli())
	t.later("log line", func() error {
		_, err := Call(t.host.ctx, t.host.duplex, SendLog, LogMessage{t.ID, line, &index, &now})
		return err
	})
}

func logText(arg any) string {
	if s, ok := arg.(string); ok {
		return s
	}
	if _, ok := arg.(schema.Undefined); ok {
		return "undefined"
	}
	if err, ok := arg.(error); ok {
		return err.Error()
	}
	text, err := schema.Marshal(arg)
	if err != nil {
		return fmt.Sprint(arg)
	}
	var out bytes.Buffer
	if json.Indent(&out, text, "", "  ") != nil {
		return string(text)
	}
	return out.String()
}

// Redirect sends the person elsewhere: to an address, or to an action or page by
// its slug. The action goes on.
func (t *Transaction) Redirect(ctx context.Context, target schema.Target, replace bool) error {
	return t.host.redirect(ctx, t.do, RedirectMessage{t.ID, target, replace})
}

func (h *Host) redirect(ctx context.Context, do func(context.Context, func() error) error, m RedirectMessage) error {
	ok := false
	err := do(ctx, func() (err error) {
		ok, err = Call(h.ctx, h.duplex, SendRedirect, m)
		return err
	})
	if err == nil && !ok {
		err = errors.New("the runner refuses")
	}
	if err != nil {
		return fmt.Errorf("redirect: %w", err)
	}
	return nil
}
