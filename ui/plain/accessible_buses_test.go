package plain

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ioscope/client/bus"
	"ioscope/model"
	"ioscope/ui"
)

// otherBus is a second bus, whose name and address are up to no good. It is Buses.
type otherBus struct {
	bus   *fakeBus
	inbox *ui.Inbox
}

func (o *otherBus) List() []ui.BusChoice {
	return []ui.BusChoice{{Name: "other", URL: "ws://other" + hostile, User: hostile, Seen: time.Now()}, {Name: "quiet", URL: "ws://quiet"}}
}

func (o *otherBus) Join(name string) (Joined, error) {
	if name != "other" {
		return Joined{}, &bus.Error{Reason: hostile}
	}
	return Joined{Joined: ui.Joined{Bus: o.bus, Inbox: o.inbox, Start: model.Options{Name: name, URL: "ws://other" + hostile, User: "dev", Note: hostile}}}, nil
}

func (o *otherBus) JoinAt(address string) (Joined, error) { return o.Join(address) }

// fakeKeeper keeps what is told of a bus as it is written. It is ui.Keeper.
type fakeKeeper struct {
	mu    sync.Mutex // two buses are kept at once
	text  []byte
	wrote int
}

func (k *fakeKeeper) KeepTheme(string) error { return nil }

func (k *fakeKeeper) KeepBus(_ string, what ui.Kept) (err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.wrote++
	k.text, err = json.Marshal(what)
	return err
}

func (k *fakeKeeper) Bus(string) (what ui.Kept, ok bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return what, k.text != nil && json.Unmarshal(k.text, &what) == nil
}

// TestAccessibleBuses plays on two buses at once, begins again with what was kept, and
// holds each line against what a screen reader needs. What a bus says that was left has
// its name in front, since each line is heard by itself.
func TestAccessibleBuses(t *testing.T) {
	other := &otherBus{bus: &fakeBus{}}
	kept := &fakeKeeper{text: []byte(`{"memory": {"watches": [{"method": {"name": "MarketData.Prices", "accepts": "string symbol", "streaming": true}, "path": "$.bid"}],
		"offers": [{"method": {"name": "Old\u001b[31m --- thing"}}, {"method": {"name": "Older", "streaming": true}}]}}`)}
	playWith(t, func(r *rig) {
		other.inbox = ui.NewInbox() // in the time of the test
		r.pass(4 * time.Second)
		nasty := instance("Nasty " + hostile)
		r.hear(bus.ServerAdded{At: time.Now(), Server: nasty}, bus.MethodsAdded{At: time.Now(), Peer: nasty.PeerID, Methods: []bus.MethodDefinition{{ID: "1", Name: "Nasty", Accepts: "string? text, int[] list, composite: { string a }? c (" + strings.ReplaceAll(hostile, ")", "") + ")"}}})
		r.bus.answer = answers(map[string]any{"CalcPrecise": string(bus.QuoteJSON(hostile))})
		feed := instance("PriceFeed")
		r.bus.accepts = &feed
		for _, line := range []string{"subscribe MarketData.Prices symbol=A", "offers", "register kept", "watches", "fill Nasty", hostile[:4], ".back", "text", "1", "x", "", "perhaps", "yes", "---", "fill Nasty", ".stop", "show 2 depth=1", "times ago"} {
			r.say(line)
		}
		r.push(bus.StreamData{At: time.Now(), Server: feed.PeerID, Data: []byte(`{"bid":1}`)})
		r.say(`offer method Sum accepts="int a" returns="int sum"`)
		for id := range 4 {
			r.inbox.Put(model.Provided{ID: model.OfferingID(id + 1)})
		}
		r.say("connect quiet")
		r.say("connect other")
		other.inbox.Hear(bus.ServerAdded{At: time.Now(), Server: instance("There")})
		other.inbox.Hear(bus.MethodsAdded{At: time.Now(), Peer: instance("There").PeerID, Methods: []bus.MethodDefinition{{ID: "1", Name: "Over", Accepts: "int a"}}})
		other.inbox.Hear(bus.ConnChanged{State: bus.Live, At: time.Now()})
		r.pass(2 * time.Second)
		from := len(r.all)
		for n := range 20 {
			r.push(bus.StreamData{At: time.Now(), Server: feed.PeerID, Data: []byte(`{"bid":2,"text":` + string(bus.QuoteJSON(hostile)) + `}`)})
			r.inbox.Put(model.Came{ID: 3, Call: 100 + n, Caller: nasty, Args: []byte(`{"a":` + string(bus.QuoteJSON(hostile)) + `}`), At: time.Now(), Deadline: time.Now().Add(30 * time.Second)})
			r.inbox.Hear(bus.ServerRemoved{At: time.Now(), Server: instance("Grumpy"), Reason: hostile})
			r.pass(100 * time.Millisecond)
		}
		r.pass(21 * time.Second)
		r.hear(bus.ConnChanged{State: bus.Lost, At: time.Now(), Err: &bus.Error{Reason: hostile}})
		for _, p := range r.all[from:] {
			if !strings.HasPrefix(p.text, "on demo, ") && !strings.HasPrefix(p.text, "on demo bus, ") && !strings.HasPrefix(p.text, "  ") {
				t.Errorf("it is not said on which bus: %q", p.text)
			}
			if strings.Contains(p.text, "shared") {
				t.Errorf("a stream of a bus that was left speaks: %q", p.text)
			}
		}
		for _, line := range []string{"buses", "methods", "on", "on demo", `on "demo bus" open`, "on 'demo bus' open", "on nowhere open", "requests", `on "demo bus" requests`, `connect "demo bus"`, "open", "connect " + hostile[:4], "connect other", "connect ws://nowhere", "quit"} {
			r.say(line)
		}
		for _, f := range hindrances(r.all) {
			t.Error(f)
		}
		all := ""
		for _, p := range r.all {
			all += p.text
		}
		for _, want := range []string{"watches: 1 of last time is back", "offers: 2 offers of last time, not offered", "came meanwhile; show ", "fill: given up", "bus: now other, ", "request 100: Nasty", "connection lost"} {
			if !strings.Contains(all, want) {
				t.Errorf("%q was not said", want)
			}
		}
		if !slices.ContainsFunc(r.all, func(p printed) bool { return strings.Contains(p.text, "10 s left") }) {
			t.Error("it was not said that time runs out on the other bus")
		}
	}, func(o *Options) { o.Buses, o.Keeper = other, kept })
	if kept.wrote == 0 {
		t.Error("nothing was kept for the next time")
	}
}
