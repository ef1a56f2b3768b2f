package ui

import (
	"encoding/json"
	"strings"
	"time"

	"ioscope/client/bus"
	"ioscope/model"
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
	{name: "history", make: func(h *harness) {
		h.past()
		h.press("6")
	}},
	{name: "history-filter", make: func(h *harness) {
		h.past()
		h.press("6", "/")
		h.write("!addition !daily")
		h.press("enter")
	}},
	{name: "history-compare", make: func(h *harness) {
		h.past()
		h.press("6", "/")
		h.write("addition")
		h.press("enter", "d", "j", "d")
	}},
	{name: "history-empty", make: func(h *harness) {
		h.town()
		h.press("6")
	}},
	{name: "saved", make: func(h *harness) {
		h.main()
		h.app.savedRead(savedMsg{library: savedLibrary()})
		h.press("7", "j", "j")
	}},
	{name: "saved-list", make: func(h *harness) {
		h.main()
		h.app.savedRead(savedMsg{library: savedLibrary()})
		h.press("7", "G")
	}},
	{name: "saved-empty", make: func(h *harness) {
		h.town()
		h.press("7")
	}},
	{name: "use", make: func(h *harness) {
		h.main()
		typed := method("Desk.Show", "", "", "", "")
		typed.ObjectTypes = []string{"demo.Client"}
		h.join("Desk", 4141, typed, method("Desk.Post", "", "", "composite: { long id, string name } client, string note", ""))
		h.at("14:03:51.000")
		h.call("Clients.Find", bus.Target{}, `{"query":"north","limit":20}`, reply{"ClientDesk", foundClients, 12 * time.Millisecond})
		h.press("j", "a")
	}},
	{name: "recall", make: func(h *harness) {
		h.past()
		h.app.state.OpenForm(h.method("Addition"), bus.Target{})
		h.press("ctrl+r")
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

// savedLibrary is a folder of saved calls.
func savedLibrary() *model.Library {
	return &model.Library{
		Folder: "calls",
		Calls: []*model.SavedCall{
			{Path: "broken", Fault: "line 3: a variable needs quotes: \"{{name}}\""},
			{Path: "clients/find-north", Method: "Clients.Find", Args: []byte(`{"query":"north"}`), Note: "The two of the north, for the demo."},
			{Path: "orders/place-small", Method: "Orders.Place", Args: []byte(`{"symbol":"{{symbol}}","side":"buy","qty":100}`)},
			{Path: "orders/place-too-many", Method: "Orders.Place", Args: []byte(`{"symbol":"{{symbol}}","side":"{{side}}","qty":1000000000}`)},
			{Path: "smoke", Calls: []string{"clients/find-north", "orders/place-small"}},
		},
		Envs: []model.Environment{{Name: "demo", Vars: map[string]json.RawMessage{"symbol": []byte(`"VOD"`)}}},
	}
}

// past is the main scene, with calls of the days before.
func (h *harness) past() {
	h.t.Helper()
	h.main()
	friday := time.Date(2026, time.November, 20, 17, 20, 0, 0, time.UTC)
	old := func(id string, at time.Time, def bus.MethodDefinition, args string, replies ...model.Reply) *model.Record {
		r := &model.Record{
			ID: id, At: at, Bus: "demo bus", Method: model.MethodRow(def), Name: def.Name, Accepts: def.Accepts, Returns: def.Returns,
			Args: []byte(args), Wait: 30 * time.Second, Answer: 30 * time.Second, Replies: replies, Took: replies[0].Took,
		}
		for _, reply := range replies {
			if reply.Err == "" {
				r.OK, r.Value = r.OK+1, reply.Value
			} else {
				r.Failed, r.Err, r.Who = r.Failed+1, reply.Err, reply.Server
			}
		}
		return r
	}
	get := h.method("Prices.Get").Def
	build := h.method("Reports.Build").Def
	gone := method("Prices.Get", "", "", "string ticker", "double last")
	h.app.recalled(recalledMsg{records: []*model.Record{
		old("a", friday, gone, `{"ticker":"AAPL"}`, model.Reply{Server: "PriceFeed", Err: "no such ticker", Took: time.Millisecond}),
		old("b", friday.Add(2*time.Minute), get, `{"symbol":"AAPL"}`, model.Reply{Server: "PriceFeed", Value: []byte(`{"symbol":"AAPL","bid":142.50,"ask":142.54}`), Took: time.Millisecond}),
		old("c", friday.Add(3*time.Minute), build, `{"kind":"daily"}`, model.Reply{Server: "SlowReports", Err: "no answer", Silent: true, Took: 30 * time.Second}),
	}})
	h.divide()
	h.pass(0)
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
	{"use", bothSizes},
	{"recall", bothSizes},
	{"saved", mainSizes},
	{"saved-list", normalSize},
	{"saved-empty", smallSize},
	{"history", mainSizes},
	{"history-filter", bothSizes},
	{"history-compare", bothSizes},
	{"history-empty", normalSize},
	{"several", [][2]int{{120, 40}, {80, 24}, {40, 10}}},
	{"result-diff", bothSizes},
	{"result-find", bothSizes},
	{"result-wrapped", bothSizes},
}
