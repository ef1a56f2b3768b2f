package model

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
)

func pinned(path, condition string) WatchMemory {
	return WatchMemory{Method: DefMemory{Name: "Prices", Accepts: "string sym"}, Args: json.RawMessage(`{"sym":"A"}`), Path: path, Condition: condition}
}

func openThing(args string) ThingMemory {
	return ThingMemory{Method: "Prices", Live: true, Args: json.RawMessage(args)}
}

// words tell a memory, for the tables below.
func (m Memory) words() string {
	var out []string
	for _, w := range m.Watches {
		out = append(out, strings.TrimSpace(w.Path+" "+w.Condition))
	}
	out = append(out, "|")
	for i, t := range m.Things {
		sign := ""
		if i == m.Shown {
			sign = "*"
		}
		out = append(out, sign+string(t.Args)+t.Filter)
	}
	out = append(out, "|")
	for _, o := range m.Offers {
		out = append(out, o.Method.Name+strings.Repeat("+", len(o.Rules)))
	}
	return strings.Join(out, " ")
}

// TestMergeSets has two runs begin with the same, change it, and end one after the other:
// nothing of the first is lost, and what both agree on stays.
func TestMergeSets(t *testing.T) {
	t.Parallel()
	offer := func(name string, rules int) OfferMemory {
		return OfferMemory{Method: DefMemory{Name: name}, Rules: make([]Rule, rules)}
	}
	base := Memory{
		Watches: []WatchMemory{pinned("$.a", ""), pinned("$.b", ""), pinned("$.c", "")},
		Things:  []ThingMemory{openThing(`1`), openThing(`2`), openThing(`2`)},
		Offers:  []OfferMemory{offer("Sum", 1)},
		Shown:   1,
	}
	for name, c := range map[string]struct {
		mine, theirs Memory
		want         string
	}{
		"nobody changes": {base, base, "$.a $.b $.c | 1 *2 2 | Sum+"},
		"both add": {
			Memory{Watches: append(slices.Clone(base.Watches), pinned("$.d", "")), Things: append(slices.Clone(base.Things), openThing(`4`)), Offers: append(slices.Clone(base.Offers), offer("Mine", 0)), Shown: 3},
			Memory{Watches: append(slices.Clone(base.Watches), pinned("$.e", "")), Things: append(slices.Clone(base.Things), openThing(`5`)), Offers: append(slices.Clone(base.Offers), offer("Theirs", 0)), Shown: 0},
			"$.a $.b $.c $.d $.e | 1 2 2 *4 5 | Sum+ Mine Theirs",
		},
		"each takes away another": {
			Memory{Watches: base.Watches[1:], Things: base.Things[1:], Offers: base.Offers, Shown: 0},
			Memory{Watches: base.Watches[:2], Things: base.Things[:2], Offers: nil, Shown: 1},
			"$.b | *2 |",
		},
		"each changes another": {
			Memory{Watches: []WatchMemory{pinned("$.a", "> 1"), base.Watches[1], base.Watches[2]}, Things: base.Things, Offers: []OfferMemory{offer("Sum", 2)}, Shown: 1},
			Memory{Watches: []WatchMemory{base.Watches[0], pinned("$.b", "> 2"), base.Watches[2]}, Things: base.Things, Offers: base.Offers, Shown: -1},
			"$.a > 1 $.b > 2 $.c | 1 2 2 | Sum++",
		},
		"what one changed the other took away": {
			Memory{Watches: []WatchMemory{pinned("$.a", "> 1"), base.Watches[1], base.Watches[2]}, Things: base.Things, Shown: 1},
			Memory{Watches: base.Watches[1:], Things: base.Things, Offers: base.Offers, Shown: 1},
			"$.a > 1 $.b $.c | 1 *2 2 |",
		},
		"both add the same": {
			Memory{Watches: append(slices.Clone(base.Watches), pinned("$.d", "")), Things: append(slices.Clone(base.Things), openThing(`2`)), Offers: base.Offers, Shown: 1},
			Memory{Watches: append(slices.Clone(base.Watches), pinned("$.d", "")), Things: append(slices.Clone(base.Things), openThing(`2`)), Offers: base.Offers, Shown: 1},
			"$.a $.b $.c $.d | 1 *2 2 2 | Sum+",
		},
	} {
		if got := c.mine.Onto(base, c.theirs).words(); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, c.want)
		}
	}
}

// TestMergeLists keeps what each run did to another list, or to another side of one.
func TestMergeLists(t *testing.T) {
	t.Parallel()
	seen := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	base := Memory{Seen: seen, Rail: Methods, Lists: map[Pane]ListMemory{Servers: {Filter: "desk"}, Methods: {Cursor: "Sum", Groups: []GroupBy{GroupPrefix}}}}
	mine := Memory{Seen: seen.Add(time.Minute), Rail: Methods, Lists: map[Pane]ListMemory{Servers: {}, Methods: {Cursor: "Sum", Groups: []GroupBy{GroupPrefix}, Sort: ByTraffic}}}
	theirs := Memory{Seen: seen.Add(time.Hour), Rail: Streams, Lists: map[Pane]ListMemory{Servers: {Filter: "desk", Cursor: "CalcClassic"}, Methods: {Cursor: "Get", Groups: []GroupBy{GroupServer}, But: []RowID{"x"}}, Streams: {Filter: "prices"}}}
	got := mine.Onto(base, theirs)
	want := Memory{Seen: theirs.Seen, Rail: Streams, Shown: -1, Lists: map[Pane]ListMemory{
		Servers: {Cursor: "CalcClassic"},
		Methods: {Cursor: "Get", Sort: ByTraffic, Groups: []GroupBy{GroupServer}, But: []RowID{"x"}},
		Streams: {Filter: "prices"},
	}}
	if !alike(got, want) {
		t.Errorf("got\n%s\nwant\n%s", written(got), written(want))
	}
	if again := mine.Onto(mine, got); !alike(again, got) {
		t.Errorf("kept once more without a change it is\n%s\nwant\n%s", written(again), written(got))
	}
}
