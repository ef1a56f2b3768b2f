package ui

import (
	"time"

	"ioscope/client/bus"
	"ioscope/model"
)

func init() { //nolint:gochecknoinits // see scene_lens_test.go
	scenes = append(scenes, feedScenes...)
	pictures = append(pictures, []struct {
		scene string
		sizes [][2]int
	}{
		{"feed", mainSizes},
		{"feed-past", mainSizes},
		{"feed-since", normalSize},
		{"feed-lost", normalSize},
		{"past-methods", bothSizes},
	}...)
}

var feedScenes = []scene{
	{name: "feed", make: func(h *harness) { feedScene(h); h.press("5") }},
	{name: "feed-past", make: func(h *harness) {
		feedScene(h)
		h.press("5", "k", "k", "k", "k", "k", "k", "enter")
	}},
	{name: "feed-since", make: func(h *harness) {
		feedScene(h)
		h.press("5", "c")
	}},
	{name: "feed-lost", make: func(h *harness) {
		feedScene(h)
		h.lose()
		h.pass(4 * time.Second)
		h.back("Grumpy")
		h.press("5", "k", "k")
	}},
	{name: "past-methods", make: func(h *harness) {
		feedScene(h)
		h.press("5", "k", "k", "k", "enter", "2", "g", "enter")
	}},
}

// back connects again; those that are named have gone meanwhile.
func (h *harness) back(gone ...string) {
	for _, p := range townspeople {
		missing := false
		for _, name := range gone {
			missing = missing || name == p.name
		}
		if missing {
			continue
		}
		h.box.Hear(bus.ServerAdded{At: h.now, Server: who(p.name)})
		h.box.Hear(bus.MethodsAdded{At: h.now, Peer: who(p.name).PeerID, Methods: numbered(p.methods)})
	}
	h.hear(bus.ConnChanged{State: bus.Live, At: h.now, URL: h.app.opts.Start.URL, Self: self, Subscriptions: 2})
	h.pass(2 * time.Second)
}

// feedScene is a bus on which applications come and go for a quarter of an hour.
func feedScene(h *harness) {
	h.town()
	ping := []bus.MethodDefinition{method("Commuter.Ping", "Ping", "", "string? text", "string pong"), stream("Commuter.Heartbeat", "Heartbeat", "", "", "int beat")}
	h.at("13:52:02.000")
	h.call("Division", bus.Target{Mode: bus.All}, `{"a":1,"b":3}`, reply{"Grumpy", `!not in the mood to divide today`, 6 * time.Millisecond})
	h.at("13:53:30.000")
	h.join("Commuter", 4128, ping...)
	h.at("13:54:03.000")
	h.leave("Commuter")
	h.at("13:55:10.000")
	h.app.state.Mark(h.now)
	h.at("13:58:07.000")
	h.leave("Grumpy")
	h.at("13:58:40.000")
	h.join("Grumpy", 4527, townspeople[3].methods...)
	h.at("13:59:10.000")
	desk := who("ClientDesk")
	purge := method("Clients.Purge", "Purge Clients", "", "", "long removed")
	purge.ID = "77"
	h.hear(bus.MethodsAdded{At: h.now, Peer: desk.PeerID, Methods: []bus.MethodDefinition{purge}})
	h.at("13:59:55.000")
	h.hear(bus.MethodsRemoved{At: h.now, Peer: desk.PeerID, Methods: []bus.MethodDefinition{purge}})
	h.at("14:01:02.000")
	h.join("Commuter", 4129, ping...)
	h.at("14:01:35.000")
	h.leave("Commuter")
	h.at("14:02:11.000")
	aapl := &source{h.subscribe("AAPL"), "AAPL", 1, 38}
	h.at("14:03:30.000")
	odd := method("Orders.Place", "Place Order", "", "string symbol, long qty", "long id")
	odd.ID = "78"
	h.hear(bus.MethodsAdded{At: h.now, Peer: who("PriceArchive").PeerID, Methods: []bus.MethodDefinition{odd}})
	h.at("14:04:05.000")
	h.flow(2, aapl)
	h.app.state.Go(model.Methods)
}
