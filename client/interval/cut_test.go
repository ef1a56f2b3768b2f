package interval

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ioscope/client/interval/schema"
)

// errand uses most of what a transaction can do.
func errand(runs *int) func(ctx context.Context, tx *Transaction) (any, error) {
	return func(ctx context.Context, tx *Transaction) (any, error) {
		*runs++
		tx.Log("begun")
		name, err := tx.IO.Input.Text("Name", schema.InputText{}).Validate(func(s string) string {
			if s == "first" {
				return "Once more."
			}
			return ""
		}).Await(ctx)
		if err != nil {
			return nil, err
		}
		if _, err := tx.IO.Display.Heading("Shown", schema.DisplayHeading{}).Await(ctx); err != nil {
			return nil, err
		}
		hit, err := Search(tx.IO, "Find", SearchOptions[string]{
			Find: func(_ context.Context, q string) ([]string, error) { return []string{q + "-1", q + "-2"}, nil },
			Show: func(s string) schema.SearchResult { return schema.SearchResult{Label: s} },
		}).Await(ctx)
		if err != nil {
			return nil, err
		}
		tx.Log("found", hit)
		two := 2
		tx.Loading.Start(LoadingState{Label: "Working", ItemsInQueue: &two})
		time.Sleep(200 * time.Millisecond)
		sure, err := tx.IO.Confirm("Sure?", "").Await(ctx)
		tx.Log("over")
		return fmt.Sprint(name, " ", hit, " ", sure), err
	}
}

// runErrand plays the person, and gives the number of frames it took.
func runErrand(t *testing.T, before func(n int, text []byte) (deliver, cut bool), down time.Duration) int {
	frames, cutAt := 0, time.Time{}
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, RunnerOptions{})
		runs := 0
		g.down = func() time.Time {
			g.mu.Lock()
			defer g.mu.Unlock()
			return cutAt.Add(down)
		}
		picked := false
		g.person(func(e Event) { attend(t, g, e, &picked) })
		var id string
		g.before = func(_ bool, text []byte) (bool, bool) {
			g.mu.Lock()
			defer g.mu.Unlock()
			if id == "" {
				return true, false
			}
			frames++
			deliver, cut := before(frames, text)
			if cut {
				cutAt = time.Now()
			}
			return deliver, cut
		}
		g.host(HostOptions{RetryEvery: 100 * time.Millisecond}, Action{Slug: "errand", Run: errand(&runs)})
		synctest.Wait()
		g.mu.Lock()
		id = "soon"
		g.mu.Unlock()
		started := g.start("errand")
		succeeded(t, g.ended(started), "second SKU-2 true")
		time.Sleep(time.Second)
		info, err := g.runner.Transaction(started)
		if err != nil || runs != 1 {
			t.Errorf("%v, and the action ran %d times", err, runs)
		}
		var lines []string
		for i, l := range info.Logs {
			lines = append(lines, l.Text)
			if l.Index != i {
				t.Errorf("line %d has the index %d", i, l.Index)
			}
		}
		if got := strings.Join(lines, ", "); got != "begun, found SKU-2, over" {
			t.Errorf("the log is %q", got)
		}
		if len(info.Steps) != 4 {
			t.Errorf("%d steps", len(info.Steps))
		}
		answers := 0
		g.mu.Lock()
		events := g.events
		g.mu.Unlock()
		for _, e := range events {
			if _, ok := e.(Answered); ok {
				answers++
			}
			if odd, ok := e.(Odd); ok {
				t.Errorf("odd: %v", odd.Err)
			}
		}
		if answers != 4 {
			t.Errorf("the person had to answer %d times", answers)
		}
		if t.Failed() {
			t.Log(g.story())
		}
	})
	return frames
}

// attend is a person who takes everything at its face value.
func attend(t *testing.T, g *rig, e Event, picked *bool) {
	r, ok := e.(Rendered)
	if !ok || !r.Waits {
		return
	}
	respond := func(v any) {
		if err := g.runner.Respond(r.Transaction, r.Render.InputGroupKey, []any{v}, ""); err != nil {
			t.Errorf("respond: %v", err)
		}
	}
	switch p := r.Render.Components[0].Props.(type) {
	case *schema.InputText:
		if r.Update && !r.Refused {
			return
		}
		if r.Refused {
			respond("second")
			return
		}
		respond("first")
	case *schema.Search:
		if len(p.Results) == 0 {
			if err := g.runner.SetState(r.Transaction, r.Render.InputGroupKey, 0, schema.SearchState{QueryTerm: "SKU"}); err != nil {
				t.Error(err)
			}
			return
		}
		if !*picked { // a straggler of the same results changes nothing
			*picked = true
			respond("1:1")
		}
	case *schema.Confirm:
		respond(true)
	}
}

// TestCutAtEveryFrame loses the connection at each frame of a conversation in
// turn. Nothing may be lost or doubled.
func TestCutAtEveryFrame(t *testing.T) {
	t.Parallel()
	whole := runErrand(t, func(int, []byte) (bool, bool) { return true, false }, 0)
	if whole < 40 {
		t.Fatalf("only %d frames", whole)
	}
	for _, delivered := range []bool{false, true} {
		for _, down := range []time.Duration{0, 400 * time.Millisecond} {
			for at := 1; at <= whole; at += cutStride {
				name := fmt.Sprintf("at %d of %d, delivered %v, down %v", at, whole, delivered, down)
				t.Run(name, func(t *testing.T) {
					var lost []byte
					runErrand(t, func(n int, text []byte) (bool, bool) {
						if n == at {
							lost = append(lost, text...)
						}
						return n != at || delivered, n == at
					}, down)
					if t.Failed() {
						var f frame
						_ = json.Unmarshal(lost, &f)
						t.Logf("cut at %s %s", f.Type, clip(string(f.Data), 300))
					}
				})
			}
		}
	}
}
