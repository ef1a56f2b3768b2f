package plain

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"ioscope/model"
)

// keysTold is how many keys are told at once.
const keysTold = 50

// key chooses the field by which events are told apart.
func (x *explorer) key(words []string) error {
	k, rest, err := x.stream(words)
	if err != nil {
		return err
	}
	t := k.thing
	x.settle()
	if len(rest) != 1 {
		words := "no key"
		if t.View.Key != "" {
			words = "the key is " + t.KeyName()
		}
		x.say(k.name() + ": " + words)
		return nothing(rest)
	}
	path := ""
	if rest[0] != "none" {
		if path, err = field(t, rest[0]); err != nil {
			return err
		}
	}
	t.SetKey(path)
	x.sayf("%s: the key is %s", k.name(), cmp.Or(t.KeyName(), "none"))
	return nil
}

// keyed finds a stream that has keys.
func (x *explorer) keyed(words []string) (*talk, []string, error) {
	k, rest, err := x.stream(words)
	if err != nil {
		return nil, nil, err
	}
	x.settle()
	t := k.thing
	switch {
	case t.Tail.Counts().Total == 0:
		err = problemf("", "nothing came yet")
	case t.View.Key == "":
		err = problemf(fmt.Sprintf("key %d FIELD chooses one", t.ID), "no field tells these events apart, as far as can be seen")
	case t.Tail.Latest().Len() == 0:
		err = problemf(fmt.Sprintf("key %d FIELD chooses another key", t.ID), "nothing that is told has %s", t.KeyName())
	}
	return k, rest, err
}

// latest tells the latest event of each key.
func (x *explorer) latest(words []string) error {
	k, rest, err := x.keyed(words)
	if err != nil {
		return err
	}
	t, now := k.thing, x.state.Now
	t.View.Reverse = false
	var filter []string
	for _, w := range rest {
		by, sorted := strings.CutPrefix(w, "sort=")
		switch {
		case w == "reverse":
			t.View.Reverse = true
		case !sorted:
			filter = append(filter, w)
		default:
			named := map[string]string{"key": model.SortKey, "change": model.SortChange, "rate": model.SortRate, "age": model.SortAge}
			sort, ok := named[by]
			if !ok {
				if sort, err = field(t, by); err != nil {
					return err
				}
			}
			t.View.Sort = sort
		}
	}
	sieve, err := model.ReadFilter(strings.Join(filter, " "))
	if err != nil {
		return problemf("", "%v", err)
	}
	told, hidden := 0, 0
	for _, e := range t.Keys(now) {
		if line := x.keyLine(t, e); !sieve.Passes([]byte(line)) {
			hidden++
		} else if told++; told <= keysTold {
			x.say(line)
		}
	}
	line := fmt.Sprintf("%s: %s", k.name(), model.Count(told+hidden, "key"))
	if told > keysTold {
		line += fmt.Sprintf(", %d told", keysTold)
	}
	if hidden > 0 {
		line += fmt.Sprintf(", %d hidden", hidden)
	}
	x.say(line)
	return nil
}

// keyLine tells the latest of a key in one line.
func (x *explorer) keyLine(t *model.Thing, e *model.Entry) string {
	line := cmp.Or(e.Key, "the empty key") + ":"
	n := 0
	for _, f := range t.ColumnFields() {
		raw := f.Steps.In(e.Data)
		if f.Path == t.View.Key || raw == nil || n == 6 {
			continue
		}
		n++
		line += " " + model.PathName(f.Path) + " " + sentence(raw) + ","
	}
	if change, ok := t.Tail.Latest().Change(e); ok {
		line += " " + model.PathName(t.View.Number) + " changed by " + change + ","
	}
	return line + fmt.Sprintf(" %s, %s ago, %s", model.PerSecond(e.Rate(x.state.Now)), model.Awaited(x.state.Now.Sub(e.At)), model.Count(e.Count, "event"))
}

// only tells the events of one key.
func (x *explorer) only(words []string) error {
	k, rest, err := x.keyed(words)
	if err != nil {
		return err
	}
	t := k.thing
	x.spendBreath(k)
	value, before := strings.Join(rest, " "), t.Sieve.Only
	if before != "" {
		t.SetOnly("")
		x.settle()
	}
	if value != "" && t.Tail.Latest().Entry(value) == nil {
		var names []string
		for _, e := range t.Keys(x.state.Now) {
			names = append(names, e.Key)
		}
		t.SetOnly(before)
		return problemf(near(value, names, "latest lists the keys"), "no event has %s %s", t.KeyName(), value)
	}
	t.SetOnly(value)
	if value == "" {
		x.say(k.name() + ": the events of all keys are told")
		return nil
	}
	x.settle()
	shown, _ := t.Tail.Shown()
	x.sayf("%s: only %s %s is told; %s", k.name(), t.KeyName(), value, model.Count(shown, "event"))
	return nil
}

// rates tells how much comes.
func (x *explorer) rates(words []string) error {
	k, err := alone(x.stream(words))
	if err != nil {
		return err
	}
	x.now()
	x.settle()
	t, now := k.thing, x.state.Now
	line := k.name() + ": " + model.PerSecond(t.Tail.Rate(now)) + ", " + x.counts(t)
	if t.Tail.Filtered() {
		line += ", told " + model.PerSecond(t.Tail.Viewed().Rate(now))
	}
	if course := courseWords(t.Tail.Spark(now, 60)); course != "" {
		line += "; in the last minute it " + course
	}
	x.say(line)
	kind := t.View.Kind
	t.View.Kind = model.RatesView // the busiest keys first
	keys := slices.Clone(t.Keys(now))
	t.View.Kind = kind
	for _, e := range keys[:min(len(keys), 10)] {
		x.sayf("  %s: %s, %s", cmp.Or(e.Key, "the empty key"), model.PerSecond(e.Rate(now)), model.Count(e.Count, "event"))
	}
	return nil
}
