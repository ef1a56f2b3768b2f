package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ioscope/client"
	"ioscope/client/gateway"
	"ioscope/model"
	"ioscope/ui"
	"ioscope/ui/config"
	lines "ioscope/ui/plain"
)

// memoryBuses are gateways in memory by name. It is lines.Buses.
type memoryBuses struct {
	of   map[string]*gateway.Gateway
	ends []func()
}

func (b *memoryBuses) List() []ui.BusChoice {
	return []ui.BusChoice{{Name: "second", URL: "ws://second.memory/gw3", User: "dev"}, {Name: "third", URL: "ws://third.memory/gw3"}}
}

func (b *memoryBuses) Join(name string) (lines.Joined, error) {
	gw := b.of[name]
	if gw == nil {
		return lines.Joined{}, fmt.Errorf("no way to %s", name)
	}
	box := ui.NewInbox()
	s := newSession(&flags{application: "Trader", user: "dev"}, box, slog.New(slog.DiscardHandler))
	b.ends = append(b.ends, s.Close)
	url := "ws://" + name + ".memory/gw3"
	s.open(url, func(context.Context, string) (client.Conn, error) { return gw.Connect(false), nil })
	return lines.Joined{Joined: ui.Joined{Bus: s, Inbox: box, Start: model.Options{Name: name, URL: url, User: "dev"}}}, nil
}

func (b *memoryBuses) JoinAt(address string) (lines.Joined, error) {
	return b.Join(strings.TrimSuffix(strings.TrimPrefix(address, "ws://"), ".memory/gw3"))
}

// TestPlainSeveralBuses leaves a bus for another one: what is on the first goes on. What
// asks for the person is told with the bus's name, what streams say is counted, and all
// of it can be worked from the other bus.
func TestPlainSeveralBuses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		first, second := gateway.New(nil), gateway.New(nil)
		others := &memoryBuses{of: map[string]*gateway.Gateway{"second": second, "fourth": gateway.New(nil)}}
		desk, there := speak(t, first, "Desk"), speak(t, second, "There")
		trader := speakIn(t, first, "Trader", t.TempDir(), true, func(o *lines.Options) { o.Buses = others })
		defer func() {
			for _, s := range []*speaker{desk, there, trader} {
				s.end()
			}
			for _, end := range others.ends {
				end()
			}
			_, _ = first.Close(), second.Close()
		}()
		desk.say(`offer stream Rates returns="double bid"`, "accept-all Rates")
		there.say(`offer stream Ticks returns="int n"`, "accept-all Ticks", `offer method Load returns="int load"`, `rule Load value='{"load":7}'`)
		trader.say("subscribe Rates", `watch Rates path=bid condition="> 5"`, "offer method Ask accepts='int a' returns='int b'", "connect second", "methods", "subscribe Ticks")
		trader.sees("subscription 1: accepted by Desk", "bus: now second, ws://second.memory/gw3", "Load: offered by There", "methods: 1\n", "subscription 1: accepted by There")
		desk.say("push Rates bid=1", "push Rates bid=2", "push Rates bid=9", `offer method Later`)
		there.say("push Ticks n=1")
		said := trader.heard()
		if !strings.Contains(said, "on memory, watch 1: rings, bid of Rates is 9, > 5") || !strings.Contains(said, "shared, n 1") {
			t.Errorf("heard %s", said)
		}
		if strings.Contains(said, "shared, bid") || strings.Contains(said, "Later") {
			t.Errorf("a bus that was left speaks of what nobody waits for: %s", said)
		}
		desk.say("invoke Ask a=1")
		trader.sees("on memory, request 1: Desk calls Ask with a 1, 30 s left. on memory answer 1 b=INT answers it, on memory reject 1 REASON refuses it")
		trader.say("answer 1 b=2", "on memory answer 1 b=2", "on memory open", "on nowhere open", "on second", "buses")
		trader.sees("error: ", "on memory, request 1: answered by hand, b 2", "on memory, subscription 1: Rates, running", "on memory, offer 2: Ask, your method", "error: you were not on \"nowhere\" yet", "error: which command",
			"memory: ws://in.memory/gw3, user dev, live for ", "1 subscription, 1 watch, 1 offer", "second: ws://second.memory/gw3, user dev, live for ", "you are here, 1 subscription", "third: ws://third.memory/gw3", "demo: the bus inside")
		desk.sees("Trader returned b 2")
		trader.say("connect memory")
		trader.sees("bus: now memory, ws://in.memory/gw3, live for ", "subscription 1: 3 events came meanwhile; show 1 events tells the last", "Desk: offers the method Later")
		trader.say("show 1 events", "invoke Load", "connect memory")
		trader.sees("bid 1", "bid 2", "bid 9", "error: no method \"Load\"", "error: you are on memory")
		desk.say("push Rates bid=3")
		trader.sees("1: ", "shared, bid 3")
		trader.say("connect third", "connect ws://fourth.memory/gw3", "connect fith", "on second unsubscribe 1", "connect second", "open")
		trader.sees("error: no way to third", "bus: now fourth, ws://fourth.memory/gw3", "error: no address of a gateway and no name of a bus", "on second, subscription 1: unsubscribed", "bus: now second", "subscription 1: Ticks, over")
		there.sees("subscriber 1, is gone")
		trader.say("on memory unregister Ask", "connect memory", "offers")
		trader.sees("Ask, your method, taken back")
	})
}

// againAndAgain is a desk on a bus, and an explorer beside it that begins as often as is
// wanted with what was kept, for a person or a script. over ends them all.
func againAndAgain(t *testing.T) (desk *speaker, begin func(person bool) *speaker, over func()) {
	t.Helper()
	gw, folder := gateway.New(nil), t.TempDir()
	desk = speak(t, gw, "Desk")
	begun := []*speaker{desk}
	begin = func(person bool) *speaker {
		s := speakIn(t, gw, "Trader", folder, person, func(o *lines.Options) {
			o.Keeper = &keeper{settings: &settings{paths: config.Paths{State: folder}}}
		})
		begun = append(begun, s)
		return s
	}
	return desk, begin, func() {
		for _, s := range begun {
			s.end()
		}
		_ = gw.Close()
	}
}

// TestPlainComesBack ends and begins again: watches come back, offers are told and not
// offered, subscriptions are held. A script leaves what a person had open.
func TestPlainComesBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		desk, begin, over := againAndAgain(t)
		defer over()
		desk.say(`offer stream Rates returns="double bid"`, "accept-all Rates")
		trader := begin(true)
		trader.say(`watch Rates path=bid condition="> 5"`, "subscribe Rates", `offer method Sum accepts="int a" returns="int sum"`, `rule Sum value='{"sum":1}'`, "offer stream Own")
		trader.sees("watch 1: ", "subscription 2: accepted", "Own: offered")
		trader.end()

		trader = begin(false)
		trader.pass(3 * time.Second)
		said := trader.heard()
		for _, want := range []string{"offers: 2 offers of last time, not offered: Sum, Own. register NAME offers one again, register kept all", "watches: 1 of last time is back; watches lists it"} {
			if !strings.Contains(unwrap.ReplaceAllString(said, " "), want) {
				t.Errorf("%q was not said in %s", want, said)
			}
		}
		if strings.Contains(said, "subscription") {
			t.Errorf("a script begins with a subscription: %s", said)
		}
		trader.say(`watch Rates path=bid condition="> 5"`, "watches")
		trader.sees("watch 1: bid of Rates, no value yet, rings on > 5, is watched already")
		trader.end()

		trader = begin(true)
		trader.pass(3 * time.Second)
		desk.say("push Rates bid=3", "push Rates bid=8")
		said = unwrap.ReplaceAllString(trader.heard(), " ")
		for _, want := range []string{`subscription \d+: Rates, back from last time, held; resume \d+ tells what comes`, `watch 1: rings, bid of Rates is 8`, `watches: 1 of last time is back`} {
			if !regexp.MustCompile(want).MatchString(said) {
				t.Errorf("%q was not said in %s", want, said)
			}
		}
		if strings.Contains(said, "shared") {
			t.Errorf("what nobody asked for in this run speaks: %s", said)
		}
		trader.say("offers", "resume", "register Sum")
		trader.sees("Sum, your method, kept from last time, not offered; register Sum offers it again", "goes on; 2 events came while it was held", "Sum: offered, others see it")
		desk.say("push Rates bid=4", "invoke Sum a=1")
		trader.sees("shared, bid 4", "Sum: Desk with a 1 answered by rule 1")
		trader.say("register kept", "register kept", "watches 1 remove")
		trader.sees("Own: offered", "error: nothing of last time is kept", "watch 1: removed")
		trader.end()

		trader = begin(true)
		trader.pass(3 * time.Second)
		if said := trader.heard(); strings.Contains(said, "watches:") {
			t.Errorf("what was removed comes back: %s", said)
		}
		trader.end()
	})
}

// TestPlainTwoAtOnce has one person listen to two explorers: who ends last keeps what the
// other one left.
func TestPlainTwoAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		desk, begin, over := againAndAgain(t)
		defer over()
		desk.say(`offer stream Rates returns="double bid, double ask"`, "accept-all Rates")
		one, two := begin(true), begin(true)
		one.say("watch Rates path=bid", "offer method One", "subscribe Rates")
		two.say("watch Rates path=ask", "offer method Two")
		one.end()
		two.end()
		three := begin(true)
		three.pass(3 * time.Second)
		three.say("watches", "offers", "open")
		said := unwrap.ReplaceAllString(three.heard(), " ")
		for _, want := range []string{"watches: 2 of last time are back", "bid of Rates", "ask of Rates", "One, your method, kept from last time", "Two, your method, kept from last time", "Rates, running"} {
			if !strings.Contains(said, want) {
				t.Errorf("%q was not said in %s", want, said)
			}
		}
		three.end()
	})
}

// TestPlainLeavesTheScreen keeps what only the screen knows of: how it is laid out, its
// lists with their groups, and what was open there is not asked twice.
func TestPlainLeavesTheScreen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gw := gateway.New(nil)
		defer func() { _ = gw.Close() }()
		s := &settings{paths: config.Paths{State: t.TempDir()}}
		desk := speak(t, gw, "Desk")
		defer desk.end()
		desk.say("offer method Orders.Place", "offer method Orders.Cancel")
		const was = `{"memory": {"seen": "2026-01-01T00:00:00Z", "rail": 2, "lists": {"2": {"filter": "nothing like it", "groups": ["prefix"], "but": ["x"]}}, "shown": -1}, "layout": {"rail": 300, "hidden": [1]}}`
		put(t, s.paths.State, busFile("ws://in.memory/gw3"), was)
		trader := speakIn(t, gw, "Trader", s.paths.State, true, func(o *lines.Options) { o.Keeper = &keeper{settings: s} })
		defer trader.end()
		trader.pass(3 * time.Second)
		trader.say("methods", "methods by prefix", "offer method Mine")
		trader.sees("Orders.Place: offered by Desk", "methods: 2\n", "prefix Orders: 2 methods")
		trader.end()
		var before, after map[string]any
		kept, err := os.ReadFile(filepath.Join(s.paths.State, busFile("ws://in.memory/gw3")))
		if err != nil || json.Unmarshal([]byte(was), &before) != nil || json.Unmarshal(kept, &after) != nil {
			t.Fatal(err, string(kept))
		}
		was0, is := before["memory"].(map[string]any), after["memory"].(map[string]any)
		if !reflect.DeepEqual(before["layout"], after["layout"]) || !reflect.DeepEqual(was0["lists"], is["lists"]) || !reflect.DeepEqual(was0["rail"], is["rail"]) {
			t.Errorf("the screen's own is not what it was:\n%s", kept)
		}
		if offers, _ := is["offers"].([]any); len(offers) != 1 {
			t.Errorf("the offer is not kept:\n%s", kept)
		}
	})
}
