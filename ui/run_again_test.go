package ui

import (
	"testing"
	"time"

	"ioscope/client/interval/schema"
	"ioscope/model"
)

// over ends a run.
func (h *harness) over(ref string, status schema.Status) {
	h.tell(model.RunOver{Ref: ref, Result: &schema.Result{Status: status}})
}

// A run that ended well has paid: before it pays again it asks, and nothing is the
// first button.
func TestRunThatEndedWellAsksBeforeItRunsAgain(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{w: 120, h: 40})
	h.main()
	h.backOffice()
	ref := h.startRun("orders/refund")
	h.render(ref, "k1", nil, component("Order", &schema.InputText{}), component("Bank", &schema.Credentials{}))
	h.write("#1002")
	h.press("tab")
	h.write("hidden")
	h.press("tab")
	h.write("secret")
	h.press("ctrl+s")
	h.answered(ref, "k1")
	h.over(ref, schema.StatusSuccess)
	h.press("r")
	h.shows(`Run "Refund an order" again?`, "[> Leave it <]", "Order: #1002", "the same credentials: Bank", "Bank: given, not shown")
	h.hides("hidden", "secret")
	h.press("enter")
	if n := len(h.runs.started); n != 1 {
		t.Fatalf("started %d times after enter alone", n)
	}
	h.press("r", "tab", "enter")
	if n := len(h.runs.started); n != 2 {
		t.Errorf("started %d times", n)
	}
}

// What failed or was cancelled has done nothing yet, and runs again at once.
func TestRunThatFailedRunsAgainAtOnce(t *testing.T) {
	t.Parallel()
	for _, status := range []schema.Status{schema.StatusFailure, schema.StatusCanceled} {
		h := newHarness(t, setting{w: 120, h: 40})
		h.main()
		h.backOffice()
		h.over(h.startRun("orders/refund"), status)
		h.press("r")
		if n := len(h.runs.started); n != 2 {
			t.Errorf("%s: started %d times\n%s", status, n, h.text())
		}
	}
}

// Typed parameters come back by their key, from a list.
func TestParametersAreRecalled(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{w: 120, h: 40})
	h.main()
	h.backOffice()
	m := h.app.state.Dir.Method("action\x00orders/refund")
	h.app.run(h.app.state.OpenAction(m, nil))
	h.press("ctrl+r", "shift+tab")
	h.hides("Parameters typed before")
	h.write("order=#7")
	h.press("ctrl+s")
	h.flush()
	h.app.run(h.app.state.OpenAction(m, nil))
	h.hides("order=#7")
	h.press("ctrl+r")
	h.shows("Parameters typed before", "order=#7")
	h.press("enter", "enter")
	h.flush()
	if n := len(h.runs.started); n != 2 || len(h.runs.started[1].Params) != 1 || h.runs.started[1].Params[0].Value != "#7" {
		t.Errorf("started %+v", h.runs.started)
	}
}

// A page that is open waits for somebody; it does not run beside anything.
func TestPageDoesNotRunBeside(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{w: 120, h: 60})
	h.main()
	h.backOffice()
	h.tell(model.RunLoading{Ref: h.startRun("reports"), State: &model.Progress{Label: "Adding up"}})
	other := h.startRun("import")
	h.tell(model.RunLoading{Ref: other, State: &model.Progress{Label: "Reading"}})
	h.startRun("orders/refund")
	h.shows("Import clients runs beside this")
	h.over(other, schema.StatusSuccess)
	h.hides("runs beside this")
}

// A host confirms nothing when a run begins, so that one that hangs looks as one that
// works. After a while that is said, until something comes.
func TestRunThatBeginsInSilence(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{w: 120, h: 40})
	h.main()
	h.backOffice()
	const silent = "Nothing came from back-office yet"
	ref := h.startRun("orders/refund")
	h.pass(4 * time.Second)
	h.shows("works")
	h.hides(silent)
	h.pass(2 * time.Second)
	h.shows(silent)
	h.tell(model.RunStage{Ref: ref, Stage: model.RunWorking})
	h.hides(silent)
}
