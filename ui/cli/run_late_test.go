package cli

import (
	"context"
	"strings"
	"testing"

	"ioscope/client/interval"
	"ioscope/client/interval/schema"
)

// lateAction shows a value that is found when the action is over, and one that never is.
func lateAction(never bool) []interval.Action {
	return []interval.Action{{Slug: "late", Run: func(ctx context.Context, tx *interval.Transaction) (any, error) {
		returned := make(chan struct{})
		defer close(returned)
		facts := []interval.Fact{
			{MetaItem: schema.MetaItem{Label: "Now", Value: schema.Some("ready")}},
			{MetaItem: schema.MetaItem{Label: "Later"}, Later: func(context.Context) (any, error) {
				<-returned
				return "here it is", nil
			}},
		}
		if never {
			facts[1].Later = func(ctx context.Context) (any, error) {
				<-ctx.Done()
				return nil, ctx.Err()
			}
		}
		_, err := tx.IO.Display.Metadata("Facts", "", facts...).Await(ctx)
		return "done", err
	}}}
}

// A value that comes when the action is over is printed all the same, before its end.
func TestRunWaitsForLateValues(t *testing.T) {
	t.Parallel()
	stdout, stderr, code := onDesk(t, strings.NewReader(""), lateAction(false), "run", "late")
	if want := "Facts:\n  Now: ready\n  Later: …\nFacts:\n  Later: here it is\ndone\n"; code != 0 || stdout != want {
		t.Errorf("exit code %d\n%s%s", code, stdout, stderr)
	}
	stdout, stderr, code = onDesk(t, strings.NewReader(""), lateAction(false), "run", "late", "--json")
	lines := strings.Split(strings.TrimSpace(stdout), "\n")
	if n := len(lines); code != 0 || n != 3 || !strings.Contains(lines[1], `{"label":"Later","value":"here it is"}`) || !strings.HasPrefix(lines[2], `{"event":"complete"`) {
		t.Errorf("exit code %d\n%s%s", code, stdout, stderr)
	}
}

// One that never comes is named, and holds the end up for a moment alone.
func TestRunTellsWhatNeverCame(t *testing.T) {
	t.Parallel()
	stdout, stderr, code := onDesk(t, strings.NewReader(""), lateAction(true), "run", "late")
	if want := "Facts:\n  Now: ready\n  Later: …\ndone\n"; code != 0 || stdout != want || !strings.Contains(stderr, `"Later" had not come when the action was over`) {
		t.Errorf("exit code %d\n%s%s", code, stdout, stderr)
	}
}
