package ui

import (
	"strings"
	"testing"
	"time"

	"ioscope/client/interval/schema"
	"ioscope/model"
)

// A run that ends while it asks says what was not answered, not that it does not know
// the question.
func TestEndedRunTellsWhatWasNotAnswered(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{w: 120, h: 40})
	h.main()
	h.backOffice()
	ref := h.startRun("orders/refund")
	h.render(ref, "k1", nil, component("Bill", &schema.DisplayHeading{}), component("Account", &schema.InputText{}), component("Site", &schema.InputURL{}))
	h.press("ctrl+s")
	h.tell(model.RunOver{Ref: ref, Result: &schema.Result{Status: schema.StatusCanceled}})
	screen := h.text()
	for _, want := range []string{"Bill", "Account", "Site", "not answered"} {
		if !strings.Contains(screen, want) {
			t.Errorf("no %q on\n%s", want, screen)
		}
	}
	for _, not := range []string{"does not know", "needed"} {
		if strings.Contains(screen, not) {
			t.Errorf("%q on\n%s", not, screen)
		}
	}
}

// The editor's key on an action leads to its own form, not to the form of a call.
func TestEditorKeyOnAnActionOpensItsForm(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{w: 120, h: 40})
	h.main()
	h.backOffice()
	h.app.state.Point(model.Methods, "action\x00orders/refund")
	h.press("e")
	if _, ok := h.app.state.Content().(*model.Run); !ok {
		t.Errorf("no form of the action on\n%s", h.text())
	}
}

// What an action tells is read whole, however narrow the pane is.
func TestWhatAnActionTellsIsWrapped(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{w: 100, h: 40})
	h.main()
	h.backOffice()
	ref := h.startRun("orders/refund")
	h.tell(model.RunNotified{Ref: ref, Title: "Refund", Message: "the money is on its way to a customer with a long name", To: []string{"books@shop.example"}})
	h.pass(10 * time.Second)
	if screen := h.text(); !strings.Contains(screen, "books@shop.example") {
		t.Errorf("the end is cut off\n%s", screen)
	}
}

// That the host is gone is told however long the transcript is.
func TestLostHostIsToldUnderALongTranscript(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{w: 120, h: 30})
	h.main()
	h.backOffice()
	ref := h.startRun("orders/refund")
	h.render(ref, "k1", nil, component("Facts", &schema.DisplayMarkdown{}), component("Code", &schema.DisplayCode{Code: strings.Repeat("line\n", 60)}), component("Account", &schema.InputText{}))
	h.tell(model.RunStage{Ref: ref, Stage: model.RunLost})
	h.shows("back-office is gone since", "it goes on if the host")
}
