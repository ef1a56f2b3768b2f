package interval

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ioscope/client/interval/schema"
)

func greet(ctx context.Context, tx *Transaction) (any, error) {
	name, err := tx.IO.Input.Text("Name", schema.InputText{MinLength: 2}).
		Validate(func(s string) string {
			if s == "nobody" {
				return "Somebody, please."
			}
			return ""
		}).Await(ctx)
	if err != nil {
		return nil, err
	}
	return map[string]any{"hello": name}, nil
}

func TestAskAndAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, RunnerOptions{})
		g.host(HostOptions{}, Action{Slug: "greet", Name: "Greet", Group: "people", Run: greet})
		joined := await[HostJoined](g, nil)
		if a := joined.Host.Actions[0]; a.FullSlug() != "people/greet" || a.Name != "Greet" {
			t.Errorf("got %+v", a)
		}
		id := g.start("people/greet")
		asked := g.asked(id, "Name")
		if err := g.runner.Respond(id, asked.Render.InputGroupKey, []any{"x"}, ""); err == nil || !strings.Contains(err.Error(), "at least 2") {
			t.Errorf("a name that is too short: %v", err)
		}
		g.answer(asked, "nobody")
		refused := await(g, func(e Rendered) bool { return e.Refused })
		if refused.Render.Components[0].Error != "Somebody, please." || !refused.Update || !refused.Waits {
			t.Errorf("got %+v", refused)
		}
		g.answer(refused, "World")
		succeeded(t, g.ended(id), map[string]any{"hello": "World"})
		info, err := g.runner.Transaction(id)
		if err != nil || info.Phase != PhaseEnded || len(info.Steps) != 1 || info.Steps[0].Open {
			t.Errorf("got %+v, %v", info, err)
		}
		if err := g.runner.Respond(id, asked.Render.InputGroupKey, []any{"late"}, ""); !errors.Is(err, ErrEnded) {
			t.Errorf("answer after the end: %v", err)
		}
		if err := g.runner.Leave(id); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		if _, err := g.runner.Transaction(id); !errors.Is(err, ErrNoTransaction) {
			t.Errorf("a transaction that was left: %v", err)
		}
	})
}

func TestCancelEndsTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, RunnerOptions{})
		causes := make(chan error, 4)
		g.host(HostOptions{},
			Action{Slug: "ask", Run: func(ctx context.Context, tx *Transaction) (any, error) {
				_, err := tx.IO.Confirm("Sure?", "").Await(ctx)
				causes <- context.Cause(ctx)
				return nil, err
			}},
			Action{Slug: "catch", Run: func(ctx context.Context, tx *Transaction) (any, error) {
				_, err := tx.IO.Confirm("Sure?", "").Await(ctx)
				if !errors.Is(err, ErrCanceled) {
					t.Errorf("got %v", err)
				}
				tx.Log("tidied up")
				_, err = tx.IO.Confirm("Again?", "").Await(context.Background())
				if !errors.Is(err, &IOError{Kind: KindTransactionClosed}) {
					t.Errorf("a question after the end: %v", err)
				}
				return "tidy", nil
			}},
			Action{Slug: "busy", Run: func(ctx context.Context, _ *Transaction) (any, error) {
				<-ctx.Done()
				causes <- context.Cause(ctx)
				return nil, ctx.Err()
			}})
		for _, slug := range []string{"ask", "busy"} {
			id := g.start(slug)
			synctest.Wait()
			if err := g.runner.Cancel(id); err != nil {
				t.Fatal(err)
			}
			if r := g.ended(id); r.Status != schema.StatusCanceled {
				t.Errorf("%s: %+v", slug, r)
			}
			if cause := <-causes; !errors.Is(cause, ErrCanceled) || !strings.Contains(cause.Error(), "CANCELED") {
				t.Errorf("%s: the context ended with %v", slug, cause)
			}
			if err := g.runner.Cancel(id); !errors.Is(err, ErrEnded) {
				t.Errorf("%s canceled twice: %v", slug, err)
			}
		}
		id := g.start("catch")
		g.asked(id, "Sure?")
		if err := g.runner.Cancel(id); err != nil {
			t.Fatal(err)
		}
		late := await(g, func(e LateResult) bool { return e.Transaction == id })
		succeeded(t, late.Result, "tidy")
		if line := await(g, func(e Logged) bool { return e.Transaction == id }); line.Line.Text != "tidied up" {
			t.Errorf("got %+v", line)
		}
	})
}

func TestLoadingLogRedirect(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, RunnerOptions{})
		g.host(HostOptions{}, Action{Slug: "work", Run: func(ctx context.Context, tx *Transaction) (any, error) {
			five := 5
			tx.Loading.Start(LoadingState{Label: "Queue", ItemsInQueue: &five})
			for range 5 {
				tx.Loading.CompleteOne()
			}
			time.Sleep(150 * time.Millisecond)
			tx.Log("plain", 1, map[string]any{"a": []int{1}}, nil, true)
			tx.Log()
			tx.Log(strings.Repeat("x", 20_000))
			if err := tx.Redirect(ctx, schema.Target{Route: "work"}, false); err != nil {
				return nil, err
			}
			return nil, tx.Redirect(ctx, schema.Target{}, false)
		}})
		id := g.start("work")
		if s := await[Loading](g, nil).State; s.Label != "Queue" || *s.ItemsCompleted != 5 || *s.ItemsInQueue != 5 {
			t.Errorf("got %+v", s)
		}
		r := g.ended(id)
		if r.Status != schema.StatusFailure || !strings.Contains(r.Failure.Message, "refuses") {
			t.Errorf("a redirect to nowhere: %+v", r)
		}
		info, _ := g.runner.Transaction(id)
		if len(info.Logs) != 2 || info.Logs[0].Text != "plain 1 {\n  \"a\": [\n    1\n  ]\n} null true" {
			t.Errorf("got %+v", info.Logs)
		}
		if info.Redirect == nil || info.Redirect.Route != "work" || info.Loading != nil {
			t.Errorf("got %+v", info)
		}
		if n := len(info.Logs[1].Text); n != 10_003 {
			t.Errorf("a long line has %d", n)
		}
	})
}

func TestParallelQuestions(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, RunnerOptions{})
		g.host(HostOptions{}, Action{Slug: "two", Run: func(ctx context.Context, tx *Transaction) (any, error) {
			b := make(chan string)
			go func() {
				v, _ := tx.IO.Input.Text("B", schema.InputText{}).Await(ctx)
				b <- v
			}()
			a, err := tx.IO.Input.Text("A", schema.InputText{}).Await(ctx)
			return a + <-b, err
		}})
		id := g.start("two")
		a, b := g.asked(id, "A"), g.asked(id, "B")
		g.answer(b, "vB")
		g.answer(a, "vA")
		succeeded(t, g.ended(id), "vAvB")
	})
}

func TestFailures(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, RunnerOptions{})
		g.host(HostOptions{},
			Action{Slug: "plain", Run: func(context.Context, *Transaction) (any, error) { return nil, errors.New("bound to happen") }},
			Action{Slug: "panic", Run: func(context.Context, *Transaction) (any, error) { panic("oh no") }},
			Action{Slug: "class", Run: func(context.Context, *Transaction) (any, error) { return nil, &OutOfStock{errors.New("3 wanted")} }},
			Action{Slug: "credentials", Run: func(ctx context.Context, tx *Transaction) (any, error) {
				return tx.IO.Experimental.Credentials("shop", schema.Credentials{}).Await(ctx)
			}},
			Action{Slug: "odd", Run: func(context.Context, *Transaction) (any, error) { return func() {}, nil }},
			Action{Slug: "nothing", Run: func(context.Context, *Transaction) (any, error) { return nil, nil }})
		tests := map[string]schema.Failure{
			"plain":       {Kind: "Error", Message: "bound to happen"},
			"panic":       {Kind: "Panic", Message: "oh no"},
			"class":       {Kind: "OutOfStock", Message: "no bolts left", Cause: "Error: 3 wanted"},
			"credentials": {Kind: "IOError", Message: "Credentials are not supported."},
			"odd":         {Kind: "Error", Message: "result: want what can travel, got func()"},
		}
		for slug, want := range tests {
			if r := g.ended(g.start(slug)); r.Status != schema.StatusFailure || r.Failure == nil || *r.Failure != want {
				t.Errorf("%s: %+v", slug, r.Failure)
			}
		}
		succeeded(t, g.ended(g.start("nothing")), schema.Undefined{})
		if _, err := g.runner.Start("unknown", nil); !errors.Is(err, ErrNoHost) {
			t.Errorf("an unknown action: %v", err)
		}
		nested := schema.Record{{Name: "a", Value: schema.Record{}}}
		if _, err := g.runner.Start("plain", &StartOptions{Params: nested}); err == nil {
			t.Error("nested parameters passed")
		}
	})
}

// OutOfStock is an error with a name and a cause.
type OutOfStock struct{ cause error }

func (e *OutOfStock) Error() string { return "no bolts left" }
func (e *OutOfStock) Unwrap() error { return e.cause }
