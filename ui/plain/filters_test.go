package plain

import (
	"slices"
	"sync"
	"testing"
	"time"

	"ioscope/client/bus"
	"ioscope/ui"
)

// fakeFilters keeps filters in memory.
type fakeFilters struct {
	mu  sync.Mutex
	all []ui.NamedFilter
}

func (f *fakeFilters) Load() ([]ui.NamedFilter, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.all), nil
}

func (f *fakeFilters) Save(one ui.NamedFilter) error {
	_ = f.Delete(one.Kind, one.Name)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.all = append(f.all, one)
	return nil
}

func (f *fakeFilters) Delete(kind ui.FilterKind, name string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.all = slices.DeleteFunc(f.all, func(n ui.NamedFilter) bool { return n.Kind == kind && n.Name == name })
	return nil
}

// TestNamedFilters names what narrows a stream, words and an expression, uses them on
// streams and lists, and deletes.
func TestNamedFilters(t *testing.T) {
	play(t, func(r *rig) {
		r.say("filters")
		r.expect("filters: none has a name yet; filters save KIND NAME WORDS names one\n")
		r.say("subscribe MarketData.Prices symbol=A")
		feed := instance("PriceFeed")
		r.push(bus.StreamAccepted{At: time.Now(), Server: feed})
		for _, sym := range []string{"AAPL", "VOD", "AAPL"} {
			r.push(bus.StreamData{At: time.Now(), Server: feed.PeerID, Data: []byte(`{"sym":"` + sym + `","bid":5}`)})
		}
		r.pass(time.Second)
		r.say("filters save 1 nothing")
		r.expect("error: nothing narrows subscription 1\n")
		r.say("filter 1 aapl")
		r.say(`filters save 1 "my apples"`)
		r.expect("filter my apples: for streams, aapl, on subscription 1\n")
		r.say(`filters save jq cheap select(.bid < 10) | {s: "a\"b"}`)
		r.expect(`filter cheap: for streams by jq, select(.bid < 10) | {s: "a\"b"}` + "\n")
		r.say("filters save list old clients !crt")
		r.expect("filter old: for lists, clients !crt\n")
		r.say("filters save jq broken .[")
		r.expect("error: jq: ")
		r.say("filters save stream broken /(/")
		r.expect("error: /(/ can't be read")
		r.say("filters save stream cheap vod")
		r.expect("filter cheap: for streams, vod\n")

		r.say("filters cheap")
		r.expect("filter cheap: for streams by jq, ", "filter cheap: for streams, vod", "filters: 2, 2 more hidden\n")
		r.say("filters use cheap")
		r.expect("error: 2 filters have the name \"cheap\"\n", "hint: filters use jq cheap is an example\n")
		r.say("filters use stream cheap 1")
		r.expect("subscription 1: only events with \"vod\" are told; 1 of the 3 that are kept match\n")
		r.say(`filters use "MY apples"`)
		r.expect("only events with \"aapl\" are told; 2 of the 3")
		r.say("filters use jq cheap")
		r.pass(time.Second)
		r.expect("subscription 1: jq select(.bid < 10) | {s: \"a\\\"b\"} lets 2 of the 3 events", "through that are kept\n")
		r.say("filters use old")
		r.expect("error: which list? servers, methods, streams, history, saved, feed work\n", "hint: filters use old methods is an example\n")
		r.say("filters use old methods sort=newest")
		r.expect("Clients.Create: ", "methods: 1, 3 more hidden by \"clients !crt\"\n")
		r.say("filters use aplles")
		r.expect("error: no filter \"aplles\"\n", "hint: ")

		r.say("filters save list old prices")
		r.expect("filter old: it is clients !crt now, and is replaced. Type yes to do it")
		r.say("yes")
		r.expect("filter old: for lists, prices\n")
		r.say("filters delete old")
		r.expect("delete filter old: it is prices. Type yes")
		r.say("no")
		r.expect("delete filter old: not done, all stays\n")
		r.say("filters delete old")
		r.say("yes")
		r.expect("filter old: deleted\n")
		if all, _ := r.named.Load(); len(all) != 3 || slices.ContainsFunc(all, func(f ui.NamedFilter) bool { return f.Name == "old" }) {
			t.Errorf("kept %v", all)
		}
	})
}
