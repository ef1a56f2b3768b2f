package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"ioscope/client/interval"
	"ioscope/client/interval/answers"
	"ioscope/client/interval/schema"
)

// patienceWithLate is how long values may take that the host promised, once all else is
// over.
const patienceWithLate = 2 * time.Second

// patienceWithHost is how long nothing may be heard of a run before that is told.
const patienceWithHost = 5 * time.Second

// errand is a run of an action, from its start to its end.
type errand struct {
	id, slug string
	desk     *desk
	sheet    *answers.Sheet
	forms    map[string]*answers.Form
	print    runPrinter
	person   *person // nil without a terminal
	stderr   io.Writer

	unanswered error // why it was canceled
	ended      *schema.Result
}

// runPrinter prints what happens in a run.
type runPrinter interface {
	render(interval.Rendered)
	answer(r *schema.Render, a interval.Answered)
	log(interval.LogLine)
	loading(interval.LoadingState)
	notify(interval.NotifyMessage)
	redirect(interval.Redirected)
	unanswered(label string, why error)
	complete(*schema.Result)
}

// unansweredError is a question that nothing and nobody answers.
type unansweredError struct {
	label string
	why   error
}

func (e *unansweredError) Error() string {
	return fmt.Sprintf("canceled, since %q was not answered: %v", e.label, e.why)
}

func (e *unansweredError) Unwrap() error { return e.why }

// follow plays the run to its end.
func (t *errand) follow(ctx context.Context) error {
	late := time.After(patienceWithHost)
	renders := map[string]*schema.Render{}
	for {
		e, err := t.desk.heard.next(ctx, late)
		if t.ended != nil && (err != nil || e == nil) {
			return t.over(ctx, renders)
		}
		if err != nil {
			return t.giveUp(errGivenUp)
		}
		switch e := e.(type) {
		case nil:
			late = nil
			note(t.stderr, "the host has not reacted yet")
			continue
		case interval.Rendered:
			if e.Transaction != t.id {
				continue
			}
			renders[e.Render.InputGroupKey] = e.Render
			t.print.render(e)
			if t.ended != nil {
				if len(lateLabels(renders)) == 0 {
					return t.over(ctx, renders)
				}
				continue // the time that is left goes on
			}
			if e.Waits && (!e.Update || e.Refused) {
				if err := t.answer(ctx, e.Render); ctx.Err() != nil {
					return t.giveUp(errGivenUp)
				} else if err != nil {
					return t.giveUp(err)
				}
			}
		case interval.Answered:
			if e.Transaction == t.id {
				t.print.answer(renders[e.Key], e)
			}
		case interval.Ended:
			if e.Transaction != t.id {
				continue
			}
			t.ended = e.Result
			if e.Result.Status != schema.StatusSuccess || len(lateLabels(renders)) == 0 {
				return t.over(ctx, renders)
			}
			late = time.After(patienceWithLate)
			continue
		default:
			t.tell(e)
		}
		if t.ended == nil {
			late = nil
		}
	}
}

// over tells the end of the run, and what never came.
func (t *errand) over(ctx context.Context, renders map[string]*schema.Render) error {
	if t.ended.Status == schema.StatusSuccess {
		for _, label := range lateLabels(renders) {
			note(t.stderr, "%q had not come when the action was over", label)
		}
	}
	t.print.complete(t.ended)
	return t.verdict(ctx, t.ended)
}

// lateLabels are the labels of the values that the host still works out.
func lateLabels(renders map[string]*schema.Render) []string {
	var labels []string
	for _, key := range slices.Sorted(maps.Keys(renders)) {
		for _, c := range renders[key].Components {
			if p, ok := c.Props.(*schema.DisplayMetadata); ok {
				for _, m := range p.Data {
					if m.Loading() {
						labels = append(labels, m.Label)
					}
				}
			}
		}
	}
	return labels
}

// tell prints what needs no answer.
func (t *errand) tell(e interval.Event) {
	switch e := e.(type) {
	case interval.Logged:
		if e.Transaction == t.id {
			t.print.log(e.Line)
		}
	case interval.Loading:
		if e.Ref == t.id && e.State != nil {
			t.print.loading(*e.State)
		}
	case interval.Notified:
		if e.TransactionID == t.id || e.TransactionID == "" {
			t.print.notify(e.NotifyMessage)
		}
	case interval.Redirected:
		if e.Ref == t.id {
			t.print.redirect(e)
		}
	case interval.PhaseChanged:
		if e.Transaction == t.id && e.Phase == interval.PhaseLost {
			note(t.stderr, "the connection to the host is lost; waiting for it to come back")
		}
	case interval.Odd:
		note(t.stderr, "the host sent what the protocol doesn't allow: %v", e.Err)
	}
}

// errGivenUp is how a run ends that nobody waits for any more.
var errGivenUp = errors.New("given up")

// giveUp ends a run that can't go on.
func (t *errand) giveUp(why error) error {
	if t.desk.runner.Cancel(t.id) == nil {
		t.leave(context.Background())
	}
	t.print.complete(&schema.Result{Status: schema.StatusCanceled, Data: schema.Undefined{}})
	return fmt.Errorf("run %s: %w", t.slug, why)
}

// answer answers a form. What can't be answered cancels the run.
func (t *errand) answer(ctx context.Context, r *schema.Render) error {
	f := t.forms[r.InputGroupKey]
	if f == nil {
		f = t.sheet.Form()
		t.forms[r.InputGroupKey] = f
	}
	for {
		host := &formHost{t, r.InputGroupKey}
		gaps, err := f.Answer(ctx, r, host)
		if err != nil {
			return err
		}
		if len(gaps) > 0 {
			if err := t.close(ctx, f, r, gaps, host); err != nil {
				return err
			}
			if t.unanswered != nil {
				return nil
			}
		}
		err = t.desk.runner.Respond(t.id, r.InputGroupKey, f.Values(), f.Choice())
		var refused *schema.AnswerError
		switch {
		case errors.As(err, &refused):
			r = blamed(r, refused)
			continue
		case err != nil && !over(err):
			gaps := []answers.Gap{{Index: answers.ChoiceIndex, Label: answers.ChoiceLabel, Why: err}}
			if err := t.close(ctx, f, r, gaps, host); err != nil || t.unanswered != nil {
				return err
			}
			continue
		}
		return nil
	}
}

// over reports that nobody waits for an answer any more, as when the action was
// ended meanwhile. What became of it is heard.
func over(err error) bool {
	return errors.Is(err, interval.ErrEnded) || errors.Is(err, interval.ErrNoTransaction) || errors.Is(err, interval.ErrNotAsking)
}

// blamed is the render as if the host itself had refused the answer.
func blamed(r *schema.Render, err *schema.AnswerError) *schema.Render {
	out := *r
	out.Components = append([]schema.Component{}, r.Components...)
	for _, p := range err.Problems {
		out.Components[p.Index].Error = p.Err.Error()
	}
	return &out
}

// close has the gaps of a form filled by the person; without one the run ends.
func (t *errand) close(ctx context.Context, f *answers.Form, r *schema.Render, gaps []answers.Gap, host answers.Asker) error {
	for _, g := range gaps {
		why := g.Why
		if t.person != nil {
			err := t.person.fill(ctx, f, r, g, host)
			if err == nil {
				continue
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if !errors.Is(err, io.EOF) {
				why = err
			}
		}
		t.print.unanswered(g.Label, why)
		if t.unanswered == nil {
			t.unanswered = &unansweredError{g.Label, why}
		}
	}
	if t.unanswered != nil {
		_ = t.desk.runner.Cancel(t.id)
	}
	return nil
}

// leave lets the host forget the run, within a moment.
func (t *errand) leave(ctx context.Context) {
	_ = t.desk.runner.Leave(t.id)
	late := time.NewTimer(time.Second)
	defer late.Stop()
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for {
		if _, err := t.desk.runner.Transaction(t.id); err != nil {
			return
		}
		select {
		case <-again.C:
		case <-late.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

// verdict is what the command ends with.
func (t *errand) verdict(ctx context.Context, result *schema.Result) error {
	t.leave(ctx)
	for _, label := range t.sheet.Unused() {
		if t.unanswered == nil && result.Status == schema.StatusSuccess {
			note(t.stderr, "nobody asked for %q", label)
		}
	}
	switch {
	case t.unanswered != nil:
		return t.unanswered
	case result.Status == schema.StatusFailure:
		return fmt.Errorf("%s failed: %s", t.slug, failureText(result.Failure))
	case result.Status == schema.StatusCanceled:
		return fmt.Errorf("%s was canceled", t.slug)
	}
	return nil
}

// failureText is what a failure says, for people.
func failureText(f *schema.Failure) string {
	if f == nil {
		return "it does not say why"
	}
	out := cmp.Or(f.Message, f.Kind, "it does not say why")
	if f.Kind != "" && f.Kind != "Error" && f.Message != "" {
		out = f.Kind + ": " + out
	}
	if f.Cause != "" {
		out += "\nbecause of " + f.Cause
	}
	return strings.TrimSpace(out)
}

// formHost asks the host for what a form needs.
type formHost struct {
	t   *errand
	key string
}

func (h *formHost) State(ctx context.Context, index int, state any) (*schema.Render, error) {
	if err := h.t.desk.runner.SetState(h.t.id, h.key, index, state); err != nil {
		return nil, err
	}
	return h.t.desk.runner.Settled(ctx, h.t.id, h.key)
}

func (h *formHost) Upload(ctx context.Context, index int, paths []string) ([]schema.File, error) {
	files := make([]interval.LocalFile, len(paths))
	for i, path := range paths {
		file, err := interval.FileAt(path)
		if err != nil {
			return nil, err
		}
		files[i] = file
	}
	return h.t.desk.runner.Upload(ctx, h.t.id, h.key, index, files...)
}
