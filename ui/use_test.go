package ui

import (
	"testing"
	"time"

	"ioscope/client/bus"
)

// From an object on the screen, the methods that fit it open with it filled in.
func TestObjectIsUsed(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	typed := method("Desk.Show", "", "", "", "")
	typed.ObjectTypes = []string{"demo.Client"}
	h.join("Desk", 4141, typed, method("Desk.Post", "", "", "composite: { long id, string name } client, string note", ""))
	h.call("Clients.Find", bus.Target{}, `{"query":"north"}`, reply{"ClientDesk", foundClients, time.Millisecond})
	h.press("j", "a")
	h.shows("Use clients in", "Desk.Show", "takes demo.Client objects", "Clients.Get", "id fits", "Desk.Post", "client fits; still needs note")
	h.press("down", "enter")
	h.shows("0 Desk.Post ━", "9007199254740993", "Northwind Traders")
}

// From a single value, the methods that have an entry of its name and type.
func TestValueIsUsed(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	h.call("Orders.Place", bus.Target{}, `{"symbol":"VOD","side":"buy","qty":1}`, reply{"OrderBlotter", `{"id":88012,"status":"placed"}`, time.Millisecond})
	h.press("a")
	h.shows("Use id in", "Orders.Cancel", "Clients.Remove")
	h.press("esc", "j", "a")
	h.shows("Use it in", "id fits") // nothing takes a status, so what it is in
	h.press("enter")
	h.shows("88012")
	h.subscribe("AAPL").on(tick("AAPL", 1, h.now))
	h.flush()
	h.press("a")
	h.shows("Prices.Get", "sym fits")
}

// ctrl+r brings the values of earlier calls back, each once.
func TestEarlierValues(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	for _, args := range []string{`{"a":1,"b":2}`, `{"a":7,"b":8}`, `{"a":1,"b":2}`} {
		h.pass(time.Second)
		h.call("Addition", bus.Target{}, args, reply{"CalcPrecise", `{"sum":3}`, time.Millisecond})
	}
	h.app.state.OpenForm(h.method("Addition"), bus.Target{})
	h.press("ctrl+r")
	h.shows("Values of earlier calls", "a 1  b 2", "a 7  b 8")
	h.press("down", "enter")
	if got, _ := h.app.state.Shown().Form.Args(h.now); string(got) != `{"a":7,"b":8}` {
		t.Errorf("the form has %s", got)
	}
	h.shows("remembered from 13:51")
}
