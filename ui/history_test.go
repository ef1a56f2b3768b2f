package ui

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"ioscope/client/bus"
	"ioscope/model"
)

// fakeHistories keeps calls in memory.
type fakeHistories struct {
	mu      sync.Mutex
	records []*model.Record
	err     error
}

func (f *fakeHistories) Load() ([]*model.Record, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.records), f.err
}

func (f *fakeHistories) Keep(r *model.Record) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if i := slices.IndexFunc(f.records, func(x *model.Record) bool { return x.ID == r.ID }); i >= 0 {
		f.records[i] = r
		return f.err
	}
	f.records = append(f.records, r)
	return f.err
}

func (f *fakeHistories) Forget(ids ...string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.records = slices.DeleteFunc(f.records, func(r *model.Record) bool { return slices.Contains(ids, r.ID) })
	return f.err
}

func withHistories(t *testing.T, f *fakeHistories, session string) *harness {
	t.Helper()
	h := newHarness(t, setting{start: model.Options{Name: "demo bus", URL: "ws://127.0.0.1:8385/gw3", User: "dev", Session: session}})
	h.app.opts.Histories = f
	h.update(h.app.loadHistory())
	h.town()
	return h
}

// What was called is there after a restart: on the page, as the values of the form,
// and to be repeated with one key.
func TestHistorySurvivesARestart(t *testing.T) {
	t.Parallel()
	kept := &fakeHistories{}
	h := withHistories(t, kept, "one-")
	h.call("Addition", bus.Target{}, `{"a":2,"b":3}`, reply{"CalcPrecise", `{"sum":5}`, time.Millisecond})
	h.call("Division", bus.Target{}, `{"a":1,"b":0}`, reply{"CalcPrecise", `!no division by zero`, time.Millisecond})
	h = withHistories(t, kept, "two-")
	h.press("6")
	h.shows("6 History ━", "Addition", "a 2  b 3", "✓ sum 5", "✗ no division by zero")
	h.press("r")
	if q := h.question(); string(q.Args) != `{"a":1,"b":0}` || q.Method.Name != "Division" {
		t.Errorf("asked %+v", q)
	}
	h.finish(h.question(), nil)
	h.press("6", "/")
	h.write("addition")
	h.press("enter", "enter")
	h.shows("0 Addition ━", "remembered from 13:51")
	if got, _ := h.app.state.Shown().Form.Args(h.now); string(got) != `{"a":2,"b":3}` {
		t.Errorf("the form has %s", got)
	}
	if len(kept.records) != 3 {
		t.Errorf("%d calls are kept", len(kept.records))
	}
}

// x deletes a call from the page and from the disk.
func TestHistoryForgets(t *testing.T) {
	t.Parallel()
	kept := &fakeHistories{}
	h := withHistories(t, kept, "one-")
	h.call("Addition", bus.Target{}, `{"a":2,"b":3}`, reply{"CalcPrecise", `{"sum":5}`, time.Millisecond})
	h.press("6", "x")
	h.shows("deleted the call of 13:51:2", "No call was made yet.")
	if len(kept.records) != 0 {
		t.Error("it is still kept")
	}
	h.press(":")
	h.write("undo")
	h.press("enter")
	h.shows("brought back", "sum 5")
	if len(kept.records) != 1 {
		t.Error("it is not kept again")
	}
	kept.err = errors.New("disk full")
	h.call("Addition", bus.Target{}, `{"a":2,"b":3}`, reply{"CalcPrecise", `{"sum":5}`, time.Millisecond})
	h.shows("the history is not kept: disk full")
}

// A call of a method that nobody offers can't be repeated, and the screen says why.
func TestHistoryOfWhatIsGone(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.past()
	h.press("6", "G", "r")
	h.shows("Prices.Get has another signature now")
	h.leave("SlowReports")
	h.press("k", "k", "enter")
	h.shows("nobody offers Reports.Build now")
}

// y copies the call under the cursor as a command.
func TestHistoryCopies(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.past()
	h.press("6", "j", "j", "y")
	h.shows("as a command", "JavaScript", "Go")
	h.press("c")
	h.shows("copied as a command")
}

// esc from what was opened out of the history goes back to the history, and from
// there to where that was opened.
func TestBackToTheHistory(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	h.call("Addition", bus.Target{}, `{"a":1,"b":2}`, reply{"CalcPrecise", `{"sum":3}`, time.Millisecond})
	h.press("3", "6", "enter")
	h.shows("form · json", "sends to 1 server")
	h.press("esc")
	h.shows("6 History ━")
	h.press("esc")
	h.shows("3 Streams ━")
}
