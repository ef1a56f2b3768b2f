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

// What is answered while the host is away waits, and the screen says so.
func TestAnswerToALostHostWaits(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{w: 120, h: 30})
	h.main()
	h.backOffice()
	ref := h.startRun("orders/refund")
	h.render(ref, "k1", nil, component("Account", &schema.InputText{}))
	h.tell(model.RunStage{Ref: ref, Stage: model.RunLost})
	h.shows("it goes on if the host")
	h.write("7")
	h.press("ctrl+s")
	h.tell(model.RunAnswered{Ref: ref, Key: "k1"})
	h.shows("Your answer waits")
	h.tell(model.RunStage{Ref: ref, Stage: model.RunWorking}, model.RunStage{Ref: ref, Stage: model.RunLost})
	h.hides("Your answer waits")
}

// A label never hides where it leads: the address stands beside it, or below the
// table for the row under the cursor.
func TestAddressesStandBesideTheirLabels(t *testing.T) {
	t.Parallel()
	const of = "https://docs.example.test/"
	to := func(path string) schema.Target { return schema.Target{URL: of + path} }
	rows := func(path string) []schema.Row {
		return []schema.Row{
			{Key: "1", Data: schema.Record{{Name: "site", Value: schema.Record{{Name: "label", Value: "Ours"}, {Name: "url", Value: of + path}}}}},
			{Key: "2", Data: schema.Record{{Name: "site", Value: "none"}}},
		}
	}
	columns := []schema.Column{{Label: "site", AccessorKey: "site"}}
	h := newHarness(t, setting{w: 120, h: 40})
	h.main()
	h.backOffice()
	ref := h.startRun("orders/refund")
	h.render(ref, "k1", nil,
		component("Facts", &schema.DisplayMetadata{Data: []schema.MetaItem{{Label: "Manual", Value: schema.Some("Read me"), Target: to("facts")}}}),
		component("Blocks", &schema.DisplayTable{Columns: columns, Data: rows("blocks"), Orientation: "vertical"}),
		component("Rows", &schema.DisplayTable{Columns: columns, Data: rows("rows")}),
	)
	h.shows("Read me  → "+of+"facts", "Ours  → "+of+"blocks")
	h.hides(of + "rows")
	for range 5 {
		h.press("tab")
		if strings.Contains(h.text(), "Ours  → "+of+"rows") {
			return
		}
	}
	t.Errorf("the address of the row is nowhere on\n%s", h.text())
}

// A place that is typed in the dialog for files is gone to, and a file there taken;
// the dialog doesn't call it a name that nothing matches.
func TestPlaceOfAFileIsTyped(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{w: 120, h: 40})
	h.main()
	h.backOffice()
	h.runs.entries = []Entry{{Name: "note.csv", Size: 18}, {Name: "old", Dir: true}}
	ref := h.startRun("import")
	h.render(ref, "k1", nil, component("Note", &schema.UploadFile{}))
	h.press("alt+o")
	h.write("/data/note.csv")
	h.shows("enter goes to /data/note.csv")
	h.hides("nothing matches")
	h.press("enter")
	h.shows("Note", "/data/note.csv")
	h.hides("enter goes to")
	h.press("alt+o")
	h.write("nosuch")
	h.shows("nothing matches \"nosuch\"")
}

// What opens a person's accounts is not left on the screen.
func TestCredentialsAreNotShownOnceGiven(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{w: 120, h: 40})
	h.main()
	h.backOffice()
	ref := h.startRun("import")
	h.render(ref, "k1", nil, component("Calendar", &schema.Credentials{}))
	h.write("tok-4711")
	h.shows("••••••••", "alt+v shows what is typed", "alt+v show")
	h.hides("tok-4711")
	h.press("alt+v")
	h.shows("tok-4711", "alt+v hides what is typed")
	h.press("left", "backspace") // what is hidden is edited all the same
	h.press("alt+v")
	h.write("1")
	h.hides("tok-4711")
	h.press("tab")
	h.write("hush")
	h.shows("••••••••", "••••")
	h.press("ctrl+s")
	if got := h.runs.answers[0].Values[0]; got != any(schema.Login{Token: "tok-4711", Secret: "hush"}) {
		t.Errorf("%+v was given", got)
	}
	h.answered(ref, "k1")
	h.shows("given, not shown")
	h.hides("tok-4711")
}
