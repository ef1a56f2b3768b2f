package ui

import (
	"errors"
	"fmt"
	"testing"

	"ioscope/client/interval/schema"
	"ioscope/model"
)

// A log that floods loses lines, which is told; nothing else is lost.
func TestLogFlood(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	h.backOffice()
	ref := h.startRun("import")
	for i := range pendingLines + 7 {
		h.box.Put(model.RunLogged{Ref: ref, Line: model.LogLine{Index: i, Text: fmt.Sprint("line ", i), At: h.now}})
	}
	h.tell(model.RunOver{Ref: ref, Result: &schema.Result{Status: schema.StatusSuccess}})
	h.shows("10,000 lines, 7 dropped", "✓ done after")
}

// What the host sends is drawn safely, and an unknown component harms nobody.
func TestHostileHost(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	h.backOffice()
	ref := h.startRun("orders/refund")
	h.render(ref, "k1", nil,
		component("evil \x1b]0;owned\a", &schema.DisplayHeading{}),
		component("**\u202eback** \x1b[31m", &schema.DisplayMarkdown{}),
		component("Name \x1b[2J", &schema.InputText{HelpText: "a\nb\x07"}),
		component("INPUT", &schema.Unknown{Name: "INPUT_SIGNATURE"}),
	)
	h.shows("This host asks with INPUT_SIGNATURE, which ioscope does not know. It can't")
	for _, size := range sizes {
		if law := h.lawAt(size[0], size[1]); law != "" {
			t.Error(size, law)
		}
	}
	h.tell(model.HostOdd{Host: "h1", Err: errors.New("render: kind: want RENDER")})
	h.resize(120, 40)
	h.shows("back-office sent what the protocol does not allow")
}

// Whoever wants to quit while runs go on is asked, and a second time is an answer.
func TestQuitAsksForRuns(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	h.backOffice()
	ref := h.startRun("orders/refund")
	h.render(ref, "k1", nil, component("Name", &schema.InputText{}))
	h.press("ctrl+c")
	h.shows("1 run goes on and stops with ioscope.", "[> Stay <]", "[ Quit ]")
	h.press("enter")
	if h.quit {
		t.Fatal("it quit")
	}
	h.press("ctrl+c", "ctrl+c")
	if !h.quit {
		t.Error("it stayed")
	}
}

// Closing and cancelling ask first; leaving never cancels.
func TestLeavingNeverCancels(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	h.backOffice()
	ref := h.startRun("orders/refund")
	h.render(ref, "k1", nil, component("Name", &schema.InputText{}))
	h.write("Ada")
	h.press("esc", "4")
	h.shows("asks you")
	h.press("x")
	h.shows(`Cancel "Refund an order"?`, "[> Keep it <]")
	h.press("enter")
	if len(h.runs.ended) != 0 {
		t.Fatalf("ended %v", h.runs.ended)
	}
	h.press("enter")
	h.shows("Ada")
	h.press("alt+x", "tab", "enter")
	if fmt.Sprint(h.runs.ended) != "[cancel "+ref+"]" {
		t.Errorf("ended %v", h.runs.ended)
	}
}

// A link is opened outside, or copied where nothing can open it; a menu starts an
// action with its parameters.
func TestLinksAndMenus(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	h.backOffice()
	ref := h.startRun("orders/refund")
	h.render(ref, "d1", nil, component("Docs", &schema.DisplayLink{Target: schema.Target{URL: "https://docs.example.test"}}))
	h.press("tab", "enter")
	if fmt.Sprint(h.runs.opened) != "[https://docs.example.test]" {
		t.Errorf("opened %v", h.runs.opened)
	}
	h.runs.openErr = errors.New("no desktop")
	h.press("enter")
	h.shows("copied the address")
	h.render(ref, "d2", nil, component("Orders", &schema.DisplayTable{Columns: orderColumns, Data: orderRows}))
	h.press("tab", "down", "enter")
	h.shows("Refund it", "◆ orders/refund")
	h.press("enter")
	h.shows("Parameters", "order=88104")
}
