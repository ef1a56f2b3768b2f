package ui

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"ioscope/client/bus"
)

// n goes from mark to mark while nothing is looked for, then from hit to hit.
func TestNextGoesToMarksAndHits(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	h.call("Clients.Find", bus.Target{}, `{"query":"north"}`, reply{"ClientDesk", foundClients, time.Millisecond})
	h.shows("4 marks against returns")
	h.press("n")
	h.shows("$.clients[0].creditLimit")
	h.press("n")
	h.shows("$.clients[0].rating")
	h.press("N", "N")
	h.shows("$.clients[1].since")
	h.press("O", "/")
	h.write("rotter")
	h.press("enter")
	h.shows("$.clients[0].address.city", "1 of 1")
	h.press("esc", "n")
	h.shows("$.clients[0].creditLimit")
	h.press("/")
	h.write("nowhere")
	h.press("enter")
	h.shows(`no value has "nowhere"`)
}

// Levels fold and unfold, and the screen says how many.
func TestDeeper(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	h.call("Clients.Find", bus.Target{}, `{"query":"north"}`, reply{"ClientDesk", foundClients, time.Millisecond})
	h.press("<", "<", "<")
	h.shows("no level unfolded", "▸ clients")
	h.hides("Northwind")
	h.press(">", ">")
	h.shows("2 levels unfolded", "Northwind")
	h.hides("Rotterdam")
}

// D lays the call before of the same method and target beside this one.
func TestDifferenceToTheCallBefore(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	h.call("Addition", bus.Target{}, `{"a":1,"b":2}`, reply{"CalcPrecise", `{"sum":3}`, time.Millisecond})
	h.press("D")
	h.shows("no call before with the same method and target")
	h.pass(5 * time.Second)
	h.call("Addition", bus.Target{Mode: bus.All}, `{"a":1,"b":2}`, reply{"CalcPrecise", `{"sum":4}`, time.Millisecond})
	h.press("D")
	h.shows("no call before with the same method and target")
	h.pass(5 * time.Second)
	h.call("Addition", bus.Target{}, `{"a":1,"b":3}`, reply{"CalcPrecise", `{"sum":5}`, time.Millisecond})
	h.press("D")
	h.shows("Compared with the call before", "≠ sum", "A 13:51:2", "B 13:51:3")
	h.hides("best takes")
	h.press("D")
	h.hides("Compared with")
}

// What is said after a call was given up is in the history, and the screen says so.
func TestLateAnswer(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	q := h.ask("Addition", bus.Target{}, `{"a":1,"b":2}`)
	h.answer(q, reply{from: "CalcPrecise"})
	h.press("x")
	h.shows("given up after", "A late answer goes to the history.")
	if q.ctx.Err() != nil {
		t.Error("the call was taken back, so that its answer could not be heard")
	}
	q.returned(bus.Return{Server: who("CalcPrecise"), Value: []byte(`{"sum":3}`)})
	h.finish(q, nil)
	h.shows("a late answer of CalcPrecise to Addition is in the history")
	if r := h.app.state.History[0]; r.OK != 1 || !r.GivenUp {
		t.Errorf("the history has %+v", r)
	}
	if _, _, pending := h.app.state.Shown().Results.Counts(); pending != 1 {
		t.Error("the late answer is shown as if it had been waited for")
	}
}

// A call to several says whom it reaches before it goes, and is safe by default.
func TestSeveralAreAskedFirst(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	form := h.app.state.OpenForm(h.method("Division"), bus.Target{Mode: bus.All})
	form.Form.Fill([]byte(`{"a":1,"b":3}`))
	h.press("ctrl+s")
	h.shows("Send Division to all?", "It reaches 3 servers", "CalcPrecise   CalcClassic   Grumpy", "[> Cancel <]")
	h.press("enter")
	if len(h.asked) != 0 {
		t.Fatal("cancelled, and sent all the same")
	}
	h.shows("not sent")
	h.press("ctrl+s", "right", " ", "enter")
	q := h.question()
	h.answer(q, reply{"CalcPrecise", `{}`, 0}, reply{"CalcClassic", `{}`, 0})
	h.finish(q, nil)
	h.press("r")
	if len(h.asked) != 2 {
		t.Fatal("it asks again on the same day")
	}
	h.finish(h.question(), nil)
	h.pass(24 * time.Hour)
	h.press("r")
	h.shows("Send Division to all?")
	h.press("esc")
	if len(h.asked) != 2 {
		t.Error("esc sent it")
	}
	h.pass(5 * time.Second)
	h.call("Division", bus.Target{}, `{"a":1,"b":3}`, reply{"CalcPrecise", `{}`, 0})
	h.press("r")
	h.hides("Send Division to all?")
}

// A server that was asked in one of two calls alone is named.
func TestDifferenceNamesWhoWasNotAsked(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	all := bus.Target{Mode: bus.All}
	sum := `{"sum":3}`
	h.call("Addition", all, `{"a":1,"b":2}`, reply{"CalcClassic", sum, time.Millisecond}, reply{"CalcPrecise", sum, time.Millisecond})
	h.pass(5 * time.Second)
	h.call("Addition", all, `{"a":1,"b":2}`, reply{"CalcPrecise", sum, time.Millisecond}, reply{"Grumpy", "!no", time.Millisecond})
	h.press("D")
	h.shows("CalcClassic was asked before, and not this time", "Grumpy was not asked before")
	h.hides("CalcPrecise was")
}

// What is returned and does not fit is not just fine.
func TestResultSaysThatItDoesNotFit(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	h.call("Addition", bus.Target{Mode: bus.All}, `{"a":1,"b":2}`, reply{"CalcClassic", `{"sum":"3"}`, time.Millisecond}, reply{"CalcPrecise", `{"sum":3}`, time.Millisecond})
	h.shows("✓ 2 of 2  ! 1 mark  1 ms")
	h.press("c")
	h.shows("✓ returned  ! 1 mark")
}

// Dates of the wire read as dates wherever a value stands in one line.
func TestDatesInLines(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	at := time.Date(2026, 11, 22, 2, 31, 18, 676e6, time.UTC)
	h.call("Addition", bus.Target{}, `{"a":1,"b":2}`, reply{"CalcPrecise", `{"asOf":"` + bus.DateText(at) + `"}`, time.Millisecond})
	h.shows(bus.DateText(at)) // opened, it is as it came
	h.press("6")
	h.shows("asOf 2026-11-22")
	h.hides("#T42")
	q := h.subscribe("AAPL")
	q.on(bus.StreamData{At: h.now, Server: "peer-PriceFeed", Data: []byte(`{"at":"` + bus.DateText(at) + `"}`)})
	h.flush()
	h.shows("at " + at.Local().Format("2006-01-02 15:04:05.000"))
}

// A date that there is no room for is cut, never taken for another one.
func TestDateWithoutRoom(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 2, 31, 18, 676e6, time.UTC)
	raw := []byte(`{"asOf":"` + bus.DateText(at) + `","next":"` + bus.DateText(at) + `"}`)
	whole := "asOf " + at.Local().Format("2006-01-02 15:04:05.000") + "  next " + at.Local().Format("2006-01-02 15:04:05.000")
	for w := 1; w < 70; w++ {
		got := payload(raw, w).Plain()
		kept, short := strings.CutSuffix(got, "…")
		if !strings.HasPrefix(whole, kept) || short == (w >= len(whole)) {
			t.Errorf("in %d cells: %q", w, got)
		}
	}
}

// TestCardCountsErrors tells how many of a server's answers were errors.
func TestCardCountsErrors(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	sum := reply{"CalcPrecise", `{"sum":3}`, time.Millisecond}
	for _, grumpy := range []string{"!no", `{"sum":3}`, `{"sum":3}`} {
		h.call("Addition", bus.Target{Mode: bus.All}, `{"a":1,"b":2}`, sum, reply{"Grumpy", grumpy, time.Millisecond})
	}
	h.press("2", "esc", "g")
	card := regexp.MustCompile(`(CalcPrecise|Grumpy) .*pid \d+.*?((?:✗ \d+ of )?\d+)  +1 ms`).FindAllStringSubmatch(h.text(), -1)
	if len(card) != 2 || card[0][2] != "3" || card[1][2] != "✗ 1 of 3" {
		t.Errorf("the card says %q\n%s", card, h.text())
	}
}

// TestOddKeysAreSeen: a key that has blanks at an end, or is empty, stands in quotes.
func TestOddKeysAreSeen(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	h.call("Addition", bus.Target{}, `{"a":1,"b":2}`, reply{"CalcPrecise", `{"number ":"12","":null,"two words":1}`, time.Millisecond})
	h.shows(`"number "`, `""         null`, ` two words  1`)
	h.hides(`"two words"`)
}
