package cli

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"ioscope/client/interval"
	"ioscope/client/interval/schema"
	"ioscope/model"
	"ioscope/ui"
)

// ourQueue is a host of ours that leaves an action in the queue and looks whether
// it is still there when the person says so, as the SDK's does.
func ourQueue(ctx context.Context, url string) {
	h := interval.NewHost(interval.HostOptions{Endpoint: url, InstanceID: "host-1"})
	h.Action(interval.Action{Slug: "echo", Run: func(_ context.Context, tx *interval.Transaction) (any, error) {
		id, _ := tx.Params.Get("id")
		return schema.Record{{Name: "params", Value: schema.Record{{Name: "id", Value: id}}}}, nil
	}})
	h.Action(interval.Action{Slug: "queued", Run: func(ctx context.Context, tx *interval.Transaction) (any, error) {
		id, err := h.Enqueue(ctx, "echo", "ops@example.test", schema.Record{{Name: "id", Value: 1}})
		if err != nil {
			return nil, err
		}
		if _, err := tx.IO.Confirm("Taken?", "").Await(ctx); err != nil {
			return nil, err
		}
		if _, err := h.Dequeue(ctx, id); err != nil {
			return "gone", nil //nolint:nilerr // what the test is about
		}
		return "still there", nil
	}})
	defer h.Close()
	if h.Listen(ctx) == nil {
		<-ctx.Done()
	}
}

// hosted listens, and has a host come. What must come has until the context ends;
// then nothing more is heard.
func hosted(t *testing.T, host func(context.Context, string)) (context.Context, *runs) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	r := &runs{inbox: ui.NewInbox(), log: slog.New(slog.DiscardHandler), user: "ada"}
	url, err := r.listen("127.0.0.1:0", true)
	if err != nil {
		t.Fatal(err)
	}
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		host(ctx, url)
	}()
	context.AfterFunc(ctx, r.inbox.Close)
	t.Cleanup(func() {
		cancel()
		<-gone
		r.Close()
	})
	return ctx, r
}

// TestQueuedActionIsTaken: what is started from the runner's queue leaves it, for
// its host and for everybody else.
func TestQueuedActionIsTaken(t *testing.T) {
	t.Parallel()
	for name, of := range map[string]func(*testing.T) func(context.Context, string){
		"our host":   func(*testing.T) func(context.Context, string) { return ourQueue },
		"SDK's host": sdkHost,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, r := hosted(t, of(t))
			start := func(e model.StartRun) (ref string) {
				r.Start(e, func(id string, err error) {
					if ref = id; err != nil {
						t.Fatalf("start %s: %v", e.Slug, err)
					}
				})
				return ref
			}
			var leaves, echo, question string
			echoed, over := false, false
			for !over {
				batch, ok := r.inbox.Next()
				if !ok {
					t.Fatalf("nothing more happens; %d in the queue", len(r.runner.Queue()))
				}
				for _, in := range batch {
					switch in := in.(type) {
					case model.HostHeard:
						if leaves == "" && len(in.Host.Actions) > 0 {
							leaves = start(model.StartRun{Slug: "queued", Params: schema.Record{{Name: "leave", Value: true}}})
						}
					case model.RunQueued:
						if queue := r.runner.Queue(); len(queue) != 1 || queue[0].ID != in.ID || in.Assignee != "ops@example.test" {
							t.Errorf("heard of %+v, and the queue has %+v", in, queue)
						}
						echo = start(model.StartRun{Slug: in.Slug, Params: in.Params, Queued: in.ID})
						if queue := r.runner.Queue(); len(queue) != 0 {
							t.Errorf("still there: %+v", queue)
						}
					case model.RunRendered:
						if in.Ref == leaves && in.Waits {
							question = in.Render.InputGroupKey
						}
					case model.RunOver:
						switch in.Ref {
						case echo:
							echoed = true
							given, _ := in.Result.Data.(schema.Record)
							params, _ := given.Get("params")
							if id, _ := params.(schema.Record).Get("id"); schema.Text(id) != "1" {
								t.Errorf("it ran with %s", schema.Text(in.Result.Data))
							}
						case leaves:
							if over = true; schema.Text(in.Result.Data) != "gone" {
								t.Errorf("for the host it is %s", schema.Text(in.Result.Data))
							}
						}
					}
				}
				if echoed && question != "" {
					if err := r.Answer(model.AnswerRun{Ref: leaves, Key: question, Values: []any{true}}); err != nil {
						t.Fatal(err)
					}
					question = ""
				}
			}
		})
	}
}

// TestLinesShareTheRunner: actions and run, typed into the explorer of lines, ask the
// hosts that came to it and listen nowhere themselves.
func TestLinesShareTheRunner(t *testing.T) {
	t.Parallel()
	ctx, r := hosted(t, ourQueue)
	env := Env{Getenv: func(string) string { return "" }, Now: time.Now}
	for range 2 { // the second finds the host that is here already
		for _, words := range [][]string{{"actions", "--json"}, {"run", "echo", "id=7", "--json"}} {
			var out bytes.Buffer
			if err := aside(env, r)(ctx, words, strings.NewReader(""), &out); err != nil {
				t.Fatalf("%v: %v\n%s", words, err, out.String())
			}
			want := `"slug":"queued"`
			if words[0] == "run" {
				want = `"status":"SUCCESS","result":{"params":{"id":7}}`
			}
			if !strings.Contains(out.String(), want) {
				t.Errorf("%v says\n%s", words, out.String())
			}
		}
	}
	if len(r.lent) != 0 {
		t.Errorf("%d desks hear for ever", len(r.lent))
	}
	if _, err := r.runner.Start("echo", nil); err != nil {
		t.Errorf("a command ended the runner: %v", err)
	}
}
