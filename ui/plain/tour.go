package plain

import (
	"slices"
	"strings"
)

// tour leads somebody through the commands, one thing to do after the other. Nothing is
// done for them.
type tour struct {
	name, about string
	steps       []tourStep
}

// tourStep is one thing to do: what to type, and the commands that do it.
type tourStep struct {
	say string
	by  []string
}

// touring is a tour that is under way; done is true once the step was done.
type touring struct {
	tour
	at   int
	done bool
}

// tours are those that there are: the same as on the screen.
var tours = []tour{
	{"call", "find a method, give its values, hear what it answers", []tourStep{
		{"methods lists the methods; words behind it narrow: methods add", []string{"methods"}},
		{"show NAME tells all of one: show Addition", []string{"show"}},
		{"fill NAME asks for its values, one a line, and sends them: fill Addition", []string{"fill", "invoke", "edit"}},
		{"show NUMBER tells all of what came back; the number stands behind call", []string{"show"}},
		{"repeat asks the same again", []string{"repeat", "again"}},
		{"history lists the calls; help calling tells the other commands of calls", []string{"history", "help"}},
	}},
	{"stream", "subscribe, hold it, look into an event", []tourStep{
		{"streams lists the streams", []string{"streams"}},
		{"subscribe NAME asks for one: subscribe MarketData.Prices symbol=AAPL", []string{"subscribe", "fill"}},
		{"It speaks. hold lets it be quiet; what comes is kept", []string{"hold"}},
		{"event tells the last event whole, show NUMBER events lists the last ten", []string{"event", "show"}},
		{"latest tells the latest of each key, resume lets it speak again", []string{"latest", "resume"}},
		{"unsubscribe ends it; help following and help inspecting tell the rest", []string{"unsubscribe", "stop", "close"}},
	}},
}

// lead begins a tour, or ends the one that is under way.
func (x *explorer) lead(words []string) error {
	if len(words) == 1 && words[0] == "stop" {
		if x.tour == nil {
			return problemf("tour call begins one", "no tour is under way")
		}
		x.tour = nil
		x.say("tour: over")
		return nil
	}
	var names []string
	for _, t := range tours {
		if len(words) == 1 && words[0] == t.name {
			x.tour = &touring{tour: t, at: -1, done: true}
			return nil
		}
		names = append(names, "tour "+t.name)
		if len(words) == 0 {
			x.sayf("tour %s: %s", t.name, t.about)
		}
	}
	if len(words) == 0 {
		return nil
	}
	return problemf(strings.Join(names, ", ")+", tour stop", "no tour %q", strings.Join(words, " "))
}

// did notes that a command was done, for the tour.
func (x *explorer) did(name string) {
	if t := x.tour; t != nil && t.at >= 0 && slices.Contains(t.steps[t.at].by, name) {
		t.done = true
	}
}

// tellTour tells the next step once the one before was done to its end.
func (x *explorer) tellTour() {
	t := x.tour
	if t == nil || !t.done || x.form != nil || x.errands > 0 || x.sits.underway(x.o.Now())&(needCalls|needSubscriptions) != 0 {
		return
	}
	t.done = false
	if t.at++; t.at == len(t.steps) {
		x.tour = nil
		x.say("tour: that is all of it")
		return
	}
	x.sayf("tour, step %d of %d: %s", t.at+1, len(t.steps), t.steps[t.at].say)
}
