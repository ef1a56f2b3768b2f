package ui

import (
	"testing"
	"time"

	"ioscope/client/bus"
	"ioscope/model"
)

const invokingIsOff = "read-only: invoking is off. Start without --read-only to allow it."

func readOnlyTown(t *testing.T) *harness {
	t.Helper()
	h := newHarness(t, setting{start: model.Options{Name: "demo bus", URL: "ws://127.0.0.1:8385/gw3", User: "dev", ReadOnly: true}})
	h.town()
	return h
}

// Whatever way a call is asked for, it is refused with the one reason.
func TestReadOnlyForbidsInvoking(t *testing.T) {
	t.Parallel()
	h := readOnlyTown(t)
	h.shows("read-only")
	h.app.state.OpenForm(h.method("Addition"), bus.Target{})
	h.write("1")
	h.press("tab")
	h.write("2")
	h.press("ctrl+s")
	h.shows(invokingIsOff)
	h.pass(5 * time.Second)
	h.press("alt+enter")
	h.shows(invokingIsOff)
	h.pass(5 * time.Second)
	h.app.state.Shown().Focus = model.StopSend
	h.press("enter")
	h.shows(invokingIsOff)
	if cmd := h.app.run([]model.Effect{model.Invoke{}}); cmd != nil {
		t.Error("an effect gets past the refusal")
	}
	if len(h.asked) > 0 {
		t.Error("something was asked")
	}
	h.press("ctrl+p")
	h.write("form.send")
	h.shows("read-only")
}

// Reading goes on: a subscription changes nothing.
func TestReadOnlyAllowsSubscribing(t *testing.T) {
	t.Parallel()
	h := readOnlyTown(t)
	q := h.subscribe("AAPL")
	if !q.stream {
		t.Error("the subscription was not asked for")
	}
	h.press("u")
	h.press("u")
	if len(h.asked) != 2 {
		t.Errorf("asked %d times, want the subscription and again", len(h.asked))
	}
}

// Another bus is read-only too, and so are its demo apps.
func TestReadOnlyStays(t *testing.T) {
	t.Parallel()
	h := readOnlyTown(t)
	h.box.Put(model.Moved{Options: model.Options{Name: "other", URL: "ws://10.0.4.12:8385/gw3"}})
	h.live()
	h.shows("read-only")
	h.press("d")
	h.shows("read-only: starting apps is off")
	if h.bus.demos != 0 {
		t.Error("the demo apps were started")
	}
}

// Actions are not run, and what is asked is not answered; pages only show.
func TestReadOnlyForbidsRuns(t *testing.T) {
	t.Parallel()
	h := readOnlyTown(t)
	h.backOffice()
	h.startRun("orders/refund")
	h.shows("read-only: running an action is off.")
	for _, e := range []model.Effect{model.StartRun{}, model.AnswerRun{}, model.UploadRun{}} {
		if cmd := h.app.run([]model.Effect{e}); cmd != nil {
			t.Errorf("%T gets past the refusal", e)
		}
	}
	if len(h.runs.started) > 0 {
		t.Error("an action was started")
	}
	h.press("esc")
	h.startRun("reports")
	if len(h.runs.started) != 1 {
		t.Error("the page was not opened")
	}
}

func TestReadOnlyForbidsSavedCalls(t *testing.T) {
	t.Parallel()
	h := readOnlyTown(t)
	h.app.opts.Shelf = &fakeShelf{library: savedLibrary()}
	h.app.savedRead(savedMsg{library: savedLibrary()})
	h.press("7", "j", "j", "r")
	h.shows(invokingIsOff)
	h.pass(5 * time.Second)
	h.exec(h.app.runSaved()) // past the key
	if len(h.asked) > 0 {
		t.Error("something was asked")
	}
}

// A watch of a call says why it has no value, however it came to be.
func TestReadOnlyForbidsWatchesThatCall(t *testing.T) {
	t.Parallel()
	h := readOnlyTown(t)
	m := h.method("Addition")
	w := &model.Watch{Method: m.ID, Def: m.Def, Args: []byte(`{"a":1,"b":2}`), Path: "$.sum", Every: time.Second}
	h.exec(h.app.run(h.app.state.AddWatch(w)))
	h.pass(5 * time.Second)
	h.press("8")
	h.shows("read-only: invoking is off")
	if len(h.asked) > 0 || w.Count > 0 {
		t.Error("it calls")
	}
}
