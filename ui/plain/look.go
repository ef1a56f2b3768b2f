package plain

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ioscope/model"
)

// lookCommands look at a stream in other ways than row by row.
func lookCommands() []command {
	return []command{
		{"jq", "[NUMBER] EXPRESSION", "tells only events that a jq expression lets through, or what it makes of them; without EXPRESSION, all again", nil, raw((*explorer).jq), needAll},
		{"fields", "[NUMBER]", "lists the fields that the events of a stream have", nil, (*explorer).fieldsOf, needAll},
		{"columns", "[NUMBER] [FIELD ...]", "tells these fields alone; without them, all again", nil, (*explorer).columns, needAll},
		{"key", "[NUMBER] FIELD", "chooses the field that tells what an event is about; none for none", nil, (*explorer).key, needAll},
		{"latest", "[NUMBER] [WORDS] [sort=FIELD]", "tells the latest event of each key, with change, rate and age; sort=key, change, rate, age or a field, reverse turns it", nil, (*explorer).latest, needAll},
		{"only", "[NUMBER] [VALUE]", "tells the events of one key alone; without VALUE, all again", nil, (*explorer).only, needAll},
		{"rates", "[NUMBER]", "tells how much comes, and which keys are busiest", nil, (*explorer).rates, needAll},
		{"chart", "[NUMBER] [FIELD] [last=5m] [of=KEY]", "tells a number over time: its course, least, most and last", nil, (*explorer).chart, needAll},
		{"times", "[NUMBER] [clock, ago or between]", "chooses how events tell the time: by the clock, how long ago, or since the event before", nil, (*explorer).times, needAll},
		{"diff", "[NUMBER] [EVENT] [against EVENT]", "tells what an event changed against the one before of the same key, or against another", nil, (*explorer).diff, needAll},
		{"publishers", "[NUMBER] [hide NAME or show NAME]", "lists who publishes a stream, hides the events of one, or shows them again", nil, (*explorer).publishers, needAll},
		{"clear", "NUMBER or requests", "throws away what is kept of a subscription, or what is past of your offers", nil, (*explorer).clear, needAll},
	}
}

// raw makes a command of one that wants what was typed behind its name as it is.
func raw(run func(*explorer, []string) error) func(*explorer, []string) error {
	return func(x *explorer, words []string) error {
		_, rest, _ := strings.Cut(strings.TrimSpace(x.typed), " ")
		if rest = strings.TrimSpace(rest); rest == "" {
			return run(x, nil)
		}
		return run(x, []string{rest})
	}
}

// stream finds the subscription that a command means: the number may be left out where
// there is one alone. It returns the words that are left.
func (x *explorer) stream(words []string) (*talk, []string, error) {
	if len(words) > 0 {
		if _, err := strconv.Atoi(words[0]); err == nil {
			return x.one(words, isStream, "subscription")
		}
	}
	k, _, err := x.one(nil, isStream, "subscription")
	return k, words, err
}

// jq lets an expression narrow or reshape what is told.
func (x *explorer) jq(words []string) error {
	text := strings.Join(words, " ")
	first, rest, _ := strings.Cut(text, " ")
	var pick []string
	if _, err := strconv.Atoi(first); err == nil {
		pick, text = []string{first}, strings.TrimSpace(rest)
	}
	k, _, err := x.stream(pick)
	if err != nil {
		return err
	}
	t := k.thing
	x.now()
	x.spendBreath(k)
	if wrong := faultOfJQ(text); wrong != "" {
		var names []string
		for _, name := range t.Tail.Fields().Names() {
			names = append(names, "."+name)
		}
		return problemf("fields: "+strings.Join(names, ", "), "%s", wrong)
	}
	t.SetJQ(text, "")
	if text == "" {
		x.say(k.name() + ": all events are told")
		return nil
	}
	k.stream.jq = true
	return nil
}

// tellJQ tells what an expression lets through, once it has seen all that is kept, and
// when it is stopped.
func (x *explorer) tellJQ(k *talk) {
	j := &k.thing.Sieve.JQ
	switch {
	case !k.stream.jq && (!j.Stopped || k.stream.stopped == j.Gen):
		return
	case j.Stopped:
		k.stream.stopped = j.Gen
		x.sayf("%s: %s", k.name(), j.Wrong)
	case k.thing.Tail.Unseen() > 0:
		return
	default:
		shown, kept := k.thing.Tail.Shown()
		words := fmt.Sprintf("%s: jq %s lets %s of the %s through that are kept", k.name(), j.Text, model.Number(shown), model.Count(kept, "event"))
		if c := k.thing.Complaint(); c != "" {
			words = k.name() + ": " + c
		}
		x.say(words)
	}
	k.stream.jq = false
}

// fieldsOf lists the fields of a stream.
func (x *explorer) fieldsOf(words []string) error {
	k, err := alone(x.stream(words))
	if err != nil {
		return err
	}
	x.settle()
	f := k.thing.Tail.Fields()
	for _, one := range f.List() {
		kind := "mixed"
		switch {
		case one.Number():
			kind = "number"
		case one.Text():
			kind = "text"
		case one.Truth():
			kind = "true or false"
		case !one.Scalar():
			kind = "list or object"
		}
		line := fmt.Sprintf("%s: %s, in %s of %s", model.PathName(one.Path), kind, model.Number(one.Seen), model.Count(f.Seen(), "event"))
		if one.Path == k.thing.View.Key {
			line += ", the key"
		}
		x.say(line)
	}
	if len(f.List()) == 0 {
		x.say(k.name() + ": no fields were seen yet")
	}
	return nil
}

// field finds a field of a stream by what a person types.
func field(t *model.Thing, word string) (string, error) {
	bare := strings.TrimPrefix(strings.TrimPrefix(word, "$"), ".")
	var names []string
	for _, one := range t.Tail.Fields().List() {
		name := model.PathName(one.Path)
		if strings.EqualFold(name, bare) {
			return one.Path, nil
		}
		names = append(names, name)
	}
	path := "$." + bare
	if _, ok := model.ReadPath(path); !ok || len(names) > 0 {
		return "", problemf(near(bare, names, "fields lists them"), "no event has %s", word)
	}
	return path, nil
}

// columns tells some fields alone.
func (x *explorer) columns(words []string) error {
	k, rest, err := x.stream(words)
	if err != nil {
		return err
	}
	t := k.thing
	x.settle()
	var paths []string
	for _, w := range rest {
		for name := range strings.SplitSeq(w, ",") {
			if name == "" {
				continue
			}
			path, err := field(t, name)
			if err != nil {
				return err
			}
			paths = append(paths, path)
		}
	}
	t.View.Columns = paths
	if len(paths) == 0 {
		t.Show(model.RowsView)
		x.say(k.name() + ": events are told whole")
		return nil
	}
	t.Show(model.ColumnsView)
	x.sayf("%s: %s of each event are told", k.name(), strings.Join(rest, ", "))
	return nil
}

// diff tells what an event changed.
func (x *explorer) diff(words []string) error {
	var other []string
	if i := slices.Index(words, "against"); i >= 0 {
		words, other = words[:i], words[i+1:]
	}
	pick, rest := words[:max(len(words)-1, 0)], words[max(len(words)-1, 0):] // one number alone is the event's
	k, more, err := x.stream(pick)
	if err == nil {
		err = nothing(more)
	}
	if err != nil {
		return err
	}
	x.settle()
	row, err := x.eventOf(k, rest)
	if err != nil {
		return err
	}
	before, same, ok := k.thing.Before(&row)
	if len(other) > 0 {
		same, ok = false, true
		if before, err = x.eventOf(k, other); err != nil {
			return err
		}
	}
	if !ok {
		return problemf("", "no event before event %d", row.N)
	}
	d := model.NewDiff(row.Data, before.Data)
	line := fmt.Sprintf("event %d of %s: against event %d", row.N, k.name(), before.N)
	if same {
		line += ", same " + k.thing.KeyName()
	}
	if d.Changes == 0 {
		x.say(line + ", no difference")
		return nil
	}
	x.say(line)
	same0 := 0
	for _, r := range d.Rows {
		name := model.PathName(r.Path)
		switch r.Sign {
		case model.Changed:
			words := fmt.Sprintf("  %s: %s, was %s", name, sentence(r.Raw), sentence(r.Was))
			if r.Delta != "" {
				words += ", " + r.Delta
			}
			x.say(words)
		case model.Added:
			x.sayf("  %s: new, %s", name, sentence(r.Raw))
		case model.Removed:
			x.sayf("  %s: gone, was %s", name, sentence(r.Raw))
		case model.Same:
			if !r.Open {
				same0++
			}
		}
	}
	if same0 > 0 {
		x.sayf("  the same: %s", model.Count(same0, "value"))
	}
	return nil
}

// eventOf is the event of a number, or the last one.
func (x *explorer) eventOf(k *talk, words []string) (model.TailRow, error) {
	tail := k.thing.Tail
	at := tail.Cursor()
	if len(words) > 0 {
		n, err := count(words[0])
		if err == nil {
			err = nothing(words[1:])
		}
		if err != nil {
			return model.TailRow{}, err
		}
		at = uint64(n)
	}
	row, ok := tail.Get(at)
	if !ok || row.GapKind != model.NoGap {
		return row, problemf(fmt.Sprintf("show %d events lists those that are kept", k.thing.ID), "event %d is not kept", at)
	}
	return row, nil
}

// publishers lists who publishes a stream, hides one or shows it again.
func (x *explorer) publishers(words []string) error {
	k, rest, err := x.stream(words)
	if err != nil {
		return err
	}
	t := k.thing
	name := func(p string, n int, hidden bool) string {
		line := p + ": " + model.Count(n, "event")
		if hidden {
			line += ", hidden"
		}
		return line
	}
	found := false
	var lines []string
	for _, s := range t.Tail.Sources() {
		who := cmp.Or(x.state.Dir.NameOf(s.Latest()), string(s.Latest()))
		hidden := t.Hides(s)
		if len(rest) == 2 && strings.EqualFold(rest[1], who) && (rest[0] == "hide" || rest[0] == "show") {
			found = true
			if hidden != (rest[0] == "hide") {
				t.HideSource(s)
				hidden = !hidden
			}
		}
		lines = append(lines, name(who, s.Events, hidden))
	}
	if len(rest) > 0 && !found {
		return problemf("publishers lists them; hide NAME and show NAME work", "not understood: %q", strings.Join(rest, " "))
	}
	slices.Sort(lines)
	for _, line := range lines {
		x.say(line)
	}
	if len(lines) == 0 {
		x.say(k.name() + ": nothing came yet")
	}
	return nil
}

// clear throws away what is kept of a stream, or of past requests.
func (x *explorer) clear(words []string) error {
	if len(words) == 1 && words[0] == "requests" {
		x.sayf("requests: cleared %s", model.Count(x.state.ClearPast(x.state.Serving()), "row"))
		return nil
	}
	if len(words) == 0 {
		return problemf("clear 1 and clear requests are examples", "clear what?")
	}
	k, err := alone(x.one(words, isStream, "subscription"))
	if err != nil {
		return err
	}
	x.spendBreath(k)
	x.state.Notice = model.Notice{}
	x.state.ClearStream(k.thing)
	k.stream.spoken = 0
	if x.state.Notice.Text == "" {
		x.say(k.name() + ": nothing to clear")
		return nil
	}
	x.say(k.name() + ": " + inPlainWords(x.state.Notice.Text))
	x.state.Notice = model.Notice{}
	return nil
}
