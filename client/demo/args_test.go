package demo

import (
	"encoding/json"
	"testing"
	"time"
)

func TestArgs(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, args string
		read       func(*args) any
		want       any
		problem    string
	}{
		{"text", `{"k":"v"}`, func(a *args) any { return a.text("k") }, "v", ""},
		{"empty text is a text", `{"k":""}`, func(a *args) any { return a.text("k") }, "", ""},
		{"missing", `{}`, func(a *args) any { return a.text("k") }, "", "k is missing"},
		{"no arguments", ``, func(a *args) any { return a.text("k") }, "", "k is missing"},
		{"null is left out", `{"k":null}`, func(a *args) any { return a.textOr("k", "other") }, "other", ""},
		{"no string", `{"k":7}`, func(a *args) any { return a.text("k") }, "", "k is not a string: 7"},
		{"no object", `[1]`, func(a *args) any { return a.textOr("k", "") }, "", "the arguments are no object"},
		{"the first problem", `{"b":"x"}`, func(a *args) any { return a.integer("a") + a.integer("b") }, int64(0), "a is missing"},
		{"int", `{"k":-2147483648}`, func(a *args) any { return a.integer("k") }, int64(-2147483648), ""},
		{"int too big", `{"k":2147483648}`, func(a *args) any { return a.integer("k") }, nil, "k is not an int: 2147483648"},
		{"int with a fraction", `{"k":2.5}`, func(a *args) any { return a.integer("k") }, nil, "k is not an int: 2.5"},
		{"int as text", `{"k":"2"}`, func(a *args) any { return a.integer("k") }, nil, `k is not an int: "2"`},
		{"long above 2^53", `{"k":9007199254740993}`, func(a *args) any { return a.long("k") }, int64(9007199254740993), ""},
		{"long as text", `{"k":"9007199254740993"}`, func(a *args) any { return a.long("k") }, int64(9007199254740993), ""},
		{"long too big", `{"k":9223372036854775808}`, func(a *args) any { return a.long("k") }, nil, "k is not a long: 9223372036854775808"},
		{"double", `{"k":1e3}`, func(a *args) any { return a.double("k") }, 1000.0, ""},
		{"double too big", `{"k":1e400}`, func(a *args) any { return a.double("k") }, nil, "k is not a double: 1e400"},
		{"amount keeps its digits", `{"k":25000.50}`, func(a *args) any { return string(a.amount("k")) }, "25000.50", ""},
		{"exact", `{"k":0.1}`, func(a *args) any { return a.exact("k").RatString() }, "1/10", ""},
		{
			"exact and endless", `{"k":1e999999999}`, func(a *args) any { return a.exact("k").Sign() }, nil,
			"k is not a number that can be worked with: 1e999999999",
		},
		{"truth", `{"k":true}`, func(a *args) any { return a.truth("k") }, true, ""},
		{"no truth", `{"k":"true"}`, func(a *args) any { return a.truth("k") }, nil, `k is not a bool: "true"`},
		{"date of the bus", `{"k":"#T42_DATE#1000"}`, func(a *args) any { return a.when("k").Unix() }, int64(1), ""},
		{"date of ISO", `{"k":"1970-01-01T00:00:01Z"}`, func(a *args) any { return a.when("k").Unix() }, int64(1), ""},
		{"no date", `{"k":"soon"}`, func(a *args) any { return a.when("k") }, nil, `k is not a datetime: "soon"`},
		{"nested", `{"k":{"a":1}}`, func(a *args) any { return a.object("k").integer("a") }, int64(1), ""},
		{"nested and missing", `{"k":{}}`, func(a *args) any { return a.object("k").integer("a") }, nil, "k.a is missing"},
		{"nested in a list", `{"k":[{"a":1},{"a":"x"}]}`, func(a *args) any {
			for _, one := range a.objects("k") {
				one.integer("a")
			}
			return nil
		}, nil, `k[1].a is not an int: "x"`},
		{"longs", `{"k":[9007199254740993,7]}`, func(a *args) any { return a.longs("k")[0] }, int64(9007199254740993), ""},
		{"a bad long", `{"k":[1,null]}`, func(a *args) any { return a.longs("k")[0] }, nil, "k[1] is missing"},
		{"tuple as an array", `{"k":[1,2.5]}`, func(a *args) any { _, high := a.span("k", "low", "high"); return high }, 2.5, ""},
		{"tuple as an object", `{"k":{"low":1,"high":2.5}}`, func(a *args) any { _, high := a.span("k", "low", "high"); return high }, 2.5, ""},
		{
			"tuple too short", `{"k":[1]}`, func(a *args) any { _, high := a.span("k", "low", "high"); return high }, nil,
			"k is not a pair of doubles: [1]",
		},
		{
			"tuple of texts", `{"k":[1,"2"]}`, func(a *args) any { _, high := a.span("k", "low", "high"); return high }, nil,
			`k[1] is not a double: "2"`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			in := readArgs(json.RawMessage(test.args))
			got := test.read(in)
			problem := ""
			if err := in.problem(); err != nil {
				problem = err.Error()
			}
			if problem != test.problem {
				t.Fatalf("problem %q, want %q", problem, test.problem)
			}
			if problem == "" && got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestClipKeepsLettersWhole(t *testing.T) {
	t.Parallel()
	long := ""
	for range 40 {
		long += "ä"
	}
	if got := clip("x" + long); len(got) > 63 || got[len(got)-5:] != "ä…" {
		t.Errorf("clip gives %q", got)
	}
}

func TestTickFlowOwesWhatTimeAllows(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 7, 4, 12, 0, 0, 0, time.UTC)
	for _, rate := range []int{1, 7, 5000, 50_000} {
		f := newTickFlow(rate, nil)
		total := f.due(start)
		for ms := 10; ms <= 3000; ms += 10 {
			total += f.due(start.Add(time.Duration(ms) * time.Millisecond))
		}
		if want := int64(3 * rate); total != want {
			t.Errorf("rate %d: %d in 3 s, want %d", rate, total, want)
		}
		if late := f.due(start.Add(time.Hour)); late != 0 {
			t.Errorf("rate %d: makes up for %d after an hour of silence", rate, late)
		}
	}
}

func TestAppendPrice(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		units  int64
		places int
		want   string
	}{
		{14230, 2, "142.30"}, {7312, 4, "0.7312"}, {5, 4, "0.0005"}, {42, 0, "42"}, {10000, 4, "1.0000"},
	} {
		if got := string(appendPrice(nil, test.units, test.places)); got != test.want {
			t.Errorf("%d with %d places is %s, want %s", test.units, test.places, got, test.want)
		}
	}
}

func TestWalkStaysAPrice(t *testing.T) {
	t.Parallel()
	s := newStage("", nil)
	for _, l := range listings {
		w := newWalk(l, s.random("walk "+l.symbol))
		for range 4000 {
			q := w.next()
			if !json.Valid(q.event()) || !json.Valid(q.welcome()) {
				t.Fatalf("%s is no JSON", q.event())
			}
			if q.bid < l.start/2 || q.bid > 2*l.start || q.ask <= q.bid {
				t.Fatalf("%s went to bid %d ask %d, from %d", l.symbol, q.bid, q.ask, l.start)
			}
		}
	}
}
