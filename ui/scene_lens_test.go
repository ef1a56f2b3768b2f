package ui

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"ioscope/client/bus"
	"ioscope/model"
)

func init() { //nolint:gochecknoinits // the scenes of what happens over time stand in files of their own
	scenes = append(scenes, lensScenes...)
	pictures = append(pictures, lensPictures...)
}

var lensPictures = []struct {
	scene string
	sizes [][2]int
}{
	{"lens", mainSizes},
	{"lens-inferred", bothSizes},
	{"lens-early", normalSize},
	{"lens-none", normalSize},
}

// lensScenes are the branch lens in its states.
var lensScenes = []scene{
	{name: "lens", make: lensScene},
	{name: "lens-inferred", make: func(h *harness) { lensFlow(h, 4); h.press("b"); h.flush() }},
	{name: "lens-early", make: func(h *harness) {
		h.main()
		h.subscribe("RIO")
		h.press("b")
		h.flush()
	}},
	{name: "lens-none", make: func(h *harness) {
		h.town()
		h.app.state.Point(model.Streams, h.method("MarketData.Prices").ID)
		h.press("b")
		h.flush()
	}},
}

// shared is one publish on the branch of AAPL, as a subscription receives it.
func shared(seq int, at time.Time) bus.StreamData {
	e := tick("AAPL", seq, at)
	e.Sequence = json.Number(strconv.Itoa(seq))
	return e
}

// lensFlow has three subscriptions to prices, of which two are on one branch.
func lensFlow(h *harness, seconds int) (aapl, lower, vod *asking) {
	h.town()
	h.at("14:02:11.000")
	aapl = h.subscribe("AAPL")
	h.at("14:02:40.000")
	vod = h.subscribe("VOD")
	h.at("14:03:02.000")
	lower = h.subscribe("aapl")
	h.at("14:03:10.000")
	n, m := 1, 1
	for s := range seconds {
		for i := range 38 {
			if i*i%7 == 3 {
				continue
			}
			at := h.now.Add(time.Duration(i) * time.Second / 38)
			aapl.on(shared(n, at))
			lower.on(shared(n, at.Add(2*time.Millisecond)))
			n++
			for k := range 3 {
				vod.on(tick("VOD", m, at.Add(time.Duration(k)*9*time.Millisecond)))
				m++
			}
			if i == 20 && s%2 == 1 {
				aapl.on(bus.StreamData{At: at, Server: "peer-PriceFeed", Private: true, Data: json.RawMessage(`{"note":"quote refreshed for you"}`)})
			}
		}
		if s == 0 {
			vod.on(bus.StreamData{At: h.now, Server: "peer-PriceFeed", Private: true, Snapshot: true, Data: json.RawMessage(`{"note":"welcome"}`)})
		}
		h.now = h.now.Add(time.Second - time.Millisecond)
		h.flush()
		h.now = h.now.Add(time.Millisecond)
	}
	h.pass(0)
	return aapl, lower, vod
}

// lensScene is the picture: the bus is ours, so it knows.
func lensScene(h *harness) {
	lensFlow(h, 8)
	h.press("b")
	st := h.app.state
	m := h.method("MarketData.Prices")
	events := map[string]uint64{"AAPL": 1169, "VOD": 6006, "MSFT": 2174}
	tell := func(add map[string]uint64) {
		truth := model.Truth{Known: true, Source: "this bus is ours, so it knows"}
		for i, key := range []string{"AAPL", "VOD", "MSFT"} {
			events[key] += add[key]
			b := model.TrueBranch{ID: fmt.Sprint(i + 4), Key: key, KeyKnown: true, Publisher: "peer-PriceFeed", Events: events[key]}
			ours := map[string][]model.ThingID{"AAPL": {st.Things[0].ID, st.Things[2].ID}, "VOD": {st.Things[1].ID}}[key]
			for _, id := range ours {
				b.Subscribers = append(b.Subscribers, model.TrueSubscriber{Name: "ioscope", Thing: id})
			}
			if key != "VOD" {
				b.Subscribers = append(b.Subscribers, model.TrueSubscriber{Name: "Ticker"})
			}
			truth.Branches = append(truth.Branches, b)
		}
		h.box.Put(model.BranchesTold{Method: m.ID, Truth: truth})
		h.flush()
	}
	tell(nil)
	h.pass(time.Second)
	tell(map[string]uint64{"AAPL": 38, "VOD": 104, "MSFT": 36})
	h.press("G", "k", "k")
}
