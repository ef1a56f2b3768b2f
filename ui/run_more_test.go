package ui

import (
	"strings"
	"testing"

	"ioscope/client/interval/schema"
	"ioscope/model"
)

// What asks stands first in Open, and the cursor stays on its thing.
func TestWhatAsksStandsFirst(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.main()
	h.backOffice()
	ref := h.startRun("orders/refund")
	mine := h.app.state.Shown()
	rows := func() []model.RowID { return h.app.state.Lists[model.Open].Rows() }
	if at := rows(); len(at) < 3 || at[len(at)-1] != mine.Row() {
		t.Fatalf("what was opened last is not last: %v", at)
	}
	h.press("0", "4", "g") // another row has the cursor
	here := h.app.state.Lists[model.Open].Cursor()
	h.render(ref, "k1", nil, component("Which?", &schema.InputText{}))
	if at := rows(); at[0] != mine.Row() {
		t.Errorf("what asks is not first: %v", at)
	}
	if got := h.app.state.Lists[model.Open].Cursor(); got != here {
		t.Errorf("the cursor went from %s to %s", here, got)
	}
	second := rows()[1]
	h.press("J")
	if at := rows(); at[0] != mine.Row() || at[2] != second {
		t.Errorf("moved to %v", at)
	}
	h.press("K", "K")
	if at := rows(); at[0] != mine.Row() || at[1] != second {
		t.Errorf("what asks lost its place: %v", at)
	}
	h.answered(ref, "k1")
	if at := rows(); at[len(at)-1] != mine.Row() {
		t.Errorf("answered, it does not go back: %v", at)
	}
}

// An action that a host wants to be run leaves the queue when it is started.
func TestQueuedActionIsStarted(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.main()
	h.backOffice()
	h.tell(model.RunQueued{ID: "q7", Slug: "import", Assignee: "ops"})
	rows := h.app.state.Lists[model.Open].Rows()
	h.press("4", "g")
	if r, ok := h.app.state.Shown().Content.(*model.Run); !ok || r.Action.Slug != "import" {
		t.Fatalf("it is not first: %v", rows)
	}
	h.press("enter", "enter")
	if n := len(h.runs.started); n != 1 || h.runs.started[0].Queued != "q7" || h.runs.started[0].Slug != "import" {
		t.Errorf("started: %+v", h.runs.started)
	}
}

// A page without a layout lists what is below it; enter opens that.
func TestPageOfNothing(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.main()
	h.tell(model.HostHeard{At: h.now, Host: model.Host{
		ID: "h1", Name: "back-office", Key: "back-office", Since: h.now,
		Actions: []model.Action{
			{Slug: "orders", Name: "Orders", Page: true},
			{Slug: "orders/refund", Name: "Refund an order"},
			{Slug: "orders/bulk", Name: "Bulk change"},
			{Slug: "import", Name: "Import clients"},
		},
	}})
	ref := h.startRun("orders")
	h.tell(model.PageDrawn{Ref: ref})
	frame := h.text()
	if !strings.Contains(frame, "nothing of its own. Below it:") || !strings.Contains(frame, "→ Refund an order") || strings.Contains(frame, "→ Import") {
		t.Fatalf("the list is wrong:\n%s", frame)
	}
	page, ok := h.app.state.Shown().Content.(*model.Run)
	if !ok || len(page.Stops()) != 2 {
		t.Fatalf("the stops are not two: %+v", page)
	}
	h.press("tab", "enter")
	if r, ok := h.app.state.Shown().Content.(*model.Run); !ok || r.Action.Page || r.Stage != model.RunForm {
		t.Errorf("enter opened nothing:\n%s", h.app.View())
	}
}

// A secret is not lent to the editor, which would write it into a file.
func TestSecretStaysHere(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.main()
	h.backOffice()
	ref := h.startRun("orders/refund")
	h.render(ref, "k1", nil, component("Login", &schema.Credentials{}))
	f := &fakeOutside{}
	h.app.opts.Outside = f
	for _, typed := range []string{"a token", "hush"} {
		h.write(typed)
		if h.press("f4"); f.opened != "" {
			t.Errorf("%s: it was lent %q", f.opened, f.text)
		}
		h.shows(strings.Repeat("•", len(typed)), "a secret is not written into a file")
		h.press("tab")
	}
}
