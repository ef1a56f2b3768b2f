package ui

import (
	"strings"
	"time"

	"ioscope/client/bus"
)

func init() { //nolint:gochecknoinits // the scenes of calls stand in a file of their own
	scenes = append(scenes, callScenes...)
	pictures = append(pictures, callPictures...)
}

var callScenes = []scene{
	{name: "form-json-repaired", make: func(h *harness) {
		h.main()
		h.app.state.OpenForm(h.method("Clients.Create"), bus.Target{})
		h.press("ctrl+g")
		h.paste(scribbled)
		h.press("down", "down", "down", "down")
	}},
	{name: "several", make: func(h *harness) {
		h.main()
		t := h.app.state.OpenForm(h.method("Division"), bus.Target{Mode: bus.All})
		t.Form.Fill([]byte(`{"a":1,"b":3}`))
		h.press("ctrl+s")
	}},
	{name: "compared", make: func(h *harness) {
		h.main()
		h.divide()
		h.press("c")
	}},
	{name: "result-diff", make: func(h *harness) {
		h.main()
		h.at("14:03:51.000")
		h.call("Clients.Find", bus.Target{}, `{"query":"north","limit":20}`, reply{"ClientDesk", foundClients, 12 * time.Millisecond})
		h.at("14:07:51.000")
		h.call("Clients.Find", bus.Target{}, `{"query":"north","limit":20}`,
			reply{"ClientDesk", strings.Replace(foundClients, `"rating":4,`, `"since":"2026-11-21T09:00:00Z",`, 1), 9 * time.Millisecond})
		h.press("D")
	}},
	{name: "result-find", make: func(h *harness) {
		h.main()
		h.at("14:03:51.000")
		h.call("Clients.Find", bus.Target{}, `{"query":"north","limit":20}`, reply{"ClientDesk", foundClients, 12 * time.Millisecond})
		h.press("/")
		h.write("north")
		h.press("enter", "n")
	}},
	{name: "result-wrapped", make: func(h *harness) {
		h.main()
		h.at("14:03:51.000")
		long := strings.Repeat("a sentence that goes on and on, ", 6)
		h.call("Reports.List", bus.Target{}, `{}`, reply{"SlowReports", `{"reports":[{"kind":"daily","title":"` + long + `"},{"kind":"weekly","title":"short"}]}`, 12 * time.Millisecond})
		h.press("j", "j", "j", "w")
	}},
}

// divide asks all servers for the same quotient.
func (h *harness) divide() {
	h.t.Helper()
	h.at("14:05:12.000")
	h.call("Division", bus.Target{Mode: bus.All}, `{"a":1,"b":3}`,
		reply{"CalcPrecise", `{"quotient":0.33333333333333,"remainder":1,"exact":false,"unit":"none"}`, 4 * time.Millisecond},
		reply{"CalcClassic", `{"quotient":0.3333,"exact":false,"unit":"none"}`, 3 * time.Millisecond},
		reply{"Grumpy", `!not in the mood to divide today`, 6 * time.Millisecond})
}

// scribbled is an object as people write one into a message.
const scribbled = `{
  name: 'Northwind Traders',  // the one in Rotterdam
  "address": { "street": "12 Harbour Street", "city": "Rotterdam", "country": "NL", },
  "contacts": [],
  "creditLimit": 25000.5.1,
  "active": True,
  "vip": true,
  "accountIds": [9007199254740993, 7]
`

var callPictures = []struct {
	scene string
	sizes [][2]int
}{
	{"form-json-repaired", bothSizes},
	{"compared", mainSizes},
	{"several", [][2]int{{120, 40}, {80, 24}, {40, 10}}},
	{"result-diff", bothSizes},
	{"result-find", bothSizes},
	{"result-wrapped", bothSizes},
}
