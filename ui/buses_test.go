package ui

import (
	"errors"
	"testing"

	"ioscope/client/bus"
	"ioscope/model"
)

// TestAnotherBus goes to another bus and back: what was on the screen is there again,
// and what came meanwhile, too.
func TestAnotherBus(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	first := h.app.desk
	first.name = "local"
	buses := h.named()
	first.name = "local"
	sub := h.subscribe("AAPL")
	h.app.state.Go(model.Methods)
	h.press("down", "down")
	before := h.app.state.Lists[model.Methods].Cursor()
	uatBus := &fakeBus{asked: make(chan *asking)}
	box := NewInbox()
	box.Close()
	buses.joined = map[string]Joined{"uat": {Bus: uatBus, Inbox: box, Start: model.Options{Name: "uat", URL: "wss://bus.uat.example/gw3", User: "ann"}}}

	h.press("B")
	h.shows("trading", "● live", "not tried", "in this program")
	h.press("down", "enter")
	if len(buses.asked) != 1 || buses.asked[0] != "uat" || h.app.state.Name != "uat" {
		t.Fatalf("%v was gone to, and the screen shows %s", buses.asked, h.app.state.Name)
	}
	h.shows("uat", "◐ connecting")
	h.hides("CalcClassic")
	uat := h.app.desk
	h.update(heardMsg{uat, batchMsg{
		model.Heard{Event: bus.ConnChanged{State: bus.Live, At: h.now, URL: "wss://bus.uat.example/gw3", Self: self}},
		model.Heard{Event: bus.ServerAdded{At: h.now, Server: person("UatOnly", 9)}},
	}})
	h.shows("UatOnly", "wss://bus.uat.example/gw3")

	// The other bus goes on where nobody looks.
	sub.on(bus.StreamData{At: h.now, Server: "peer-PriceFeed", Data: []byte(`{"sym":"AAPL","seq":1}`)})
	h.update(heardMsg{first, h.box.take()})
	h.hides("CalcClassic")
	if n := first.state.Things[0].Tail.Len(); n != 1 {
		t.Errorf("%d events came while somebody was elsewhere", n)
	}

	h.press("B")
	h.shows("● live 00:02", "● live 00:00")
	h.press("esc")
	// A thing opened here has a number of its own.
	if id := h.app.state.AddThing(nil).ID; id == first.state.Things[0].ID {
		t.Error("two things have one number")
	}
	h.press("B", "up", "enter")
	if h.app.desk != first || h.app.state.Lists[model.Methods].Cursor() != before || h.app.state.Focus != model.Methods {
		t.Error("it is not as it was left")
	}
	h.shows("CalcClassic", "≈ Prices AAPL")
	h.press("B", "down", "enter")
	if h.app.desk != uat || len(buses.asked) != 1 {
		t.Error("a bus that is open is gone to once more")
	}
	h.press("q")
	if sub.ctx.Err() == nil {
		t.Error("what goes on elsewhere is not ended at the end")
	}
}

// TestBusThatCannotBeJoined stays where one is, and says why.
func TestBusThatCannotBeJoined(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	buses := h.named()
	h.app.desk.name = "local"
	buses.err = errors.New("the password of trading: no such file")
	h.press("B", "up", "enter")
	h.shows("trading: the password of trading: no such file", "CalcClassic")
	if len(h.app.desks) != 1 {
		t.Error("it is open all the same")
	}
	h.press("B", "up", "enter")
	if len(buses.asked) != 2 {
		t.Error("it can't be tried again")
	}
}

// TestNobodyGoesElsewhere chooses another bus on the page that says that nobody answers.
func TestNobodyGoesElsewhere(t *testing.T) {
	t.Parallel()
	h := sceneNamed(t, "nobody-buses").play(t, 80, 24)
	buses := h.app.opts.Buses.(*someBuses)
	h.shows("enter try now")
	h.press("down", "down")
	h.shows("enter go to uat")
	box := NewInbox()
	box.Close()
	buses.joined = map[string]Joined{
		"uat":  {Bus: h.bus, Inbox: box, Start: model.Options{Name: "uat", URL: "wss://bus.uat.example/gw3"}},
		"demo": {Bus: h.bus, Inbox: box, Start: model.Options{Name: "demo bus", Demo: true, URL: "ws://127.0.0.1:8385/gw3"}},
	}
	h.press("enter")
	if h.bus.retries != 0 || h.app.state.Name != "uat" {
		t.Errorf("%d retries, and the screen shows %s", h.bus.retries, h.app.state.Name)
	}
	h.app.sit(h.app.desks[0])
	h.press("enter")
	if h.bus.retries != 1 {
		t.Error("enter does not try")
	}
	h.press("d")
	if !h.app.state.Demo || h.bus.demos != 0 {
		t.Error("d does not go to the bus inside this program")
	}
	h.press("B")
	h.shows("demo bus", "ws://127.0.0.1:8385/gw3")
}

// TestNoOtherBus says why there is nowhere to go.
func TestNoOtherBus(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	h.press("B")
	h.shows("B  no other bus; ioscope config tells where to name some")
}
