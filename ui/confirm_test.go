package ui

import (
	"strings"
	"testing"

	"ioscope/client/interval/schema"
	"ioscope/model"
)

// TestQuitListsWhatEnds has a run that goes on and offers that somebody would miss:
// one question tells of all.
func TestQuitListsWhatEnds(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.shop()
	h.serve(model.Provision{Def: method("Quiet", "", "", "", "")})
	offers := []string{"Quotes.Ask: 2 calls wait for an answer", "Quotes.Live: 4 subscribers lose it, 1 request waits for an"}
	h.press("ctrl+c")
	h.shows(append(offers, "Quit?", "2 offers of yours end with ioscope.", "[> Stay <]", "[ Quit ]")...)
	h.press("enter")
	if h.quit {
		t.Fatal("it quit")
	}

	h.backOffice()
	ref := h.startRun("orders/refund")
	h.render(ref, "k1", nil, component("Name", &schema.InputText{}))
	h.press("ctrl+c")
	h.shows(append(offers, "1 run and 2 offers of yours end with ioscope.", "◆ Refund an order on back-office")...)
	if strings.Contains(h.text(), "Quiet:") {
		t.Error("an offer that nobody uses is told of")
	}
	h.resize(40, 10)
	h.shows("[> Stay <]", "[ Quit ]")
	h.press("tab", "enter")
	if !h.quit {
		t.Error("it stayed")
	}
}

// TestQuitWithQuietOffers: what nobody hears of needs no question.
func TestQuitWithQuietOffers(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	h.serve(model.Provision{Def: method("Quiet", "", "", "", "")})
	h.press("q")
	if !h.quit {
		t.Errorf("it asks:\n%s", h.text())
	}
}
