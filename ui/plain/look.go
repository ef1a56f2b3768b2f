package plain

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"ioscope/model"
)

// lookCommands look at a stream in other ways than row by row.
func lookCommands() []command {
	return []command{
		{"jq", "[NUMBER] EXPRESSION", "tells only events that a jq expression lets through, or what it makes of them; without EXPRESSION, all again", nil, raw((*explorer).jq)},
		{"fields", "[NUMBER]", "lists the fields that the events of a stream have", nil, (*explorer).fieldsOf},
		{"columns", "[NUMBER] [FIELD ...]", "tells these fields alone; without them, all again", nil, (*explorer).columns},
		{"key", "[NUMBER] FIELD", "chooses the field that tells what an event is about; none for none", nil, (*explorer).key},
		{"latest", "[NUMBER] [WORDS] [sort=FIELD]", "tells the latest event of each key, with change, rate and age; sort=key, change, rate, age or a field, reverse turns it", nil, (*explorer).latest},
		{"only", "[NUMBER] [VALUE]", "tells the events of one key alone; without VALUE, all again", nil, (*explorer).only},
		{"rates", "[NUMBER]", "tells how much comes, and which keys are busiest", nil, (*explorer).rates},
		{"chart", "[NUMBER] [FIELD] [last=5m] [of=KEY]", "tells a number over time: its course, least, most and last", nil, (*explorer).chart},
		{"diff", "[NUMBER] [EVENT]", "tells what an event changed against the one before of the same key", nil, (*explorer).diff},
		{"publishers", "[NUMBER] [hide NAME or show NAME]", "lists who publishes a stream, hides the events of one, or shows them again", nil, (*explorer).publishers},
		{"clear", "NUMBER or requests", "throws away what is kept of a subscription, or what is past of your offers", nil, (*explorer).clear},
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
	x.tellRows(k)
	x.breathe(k)
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
	k, rest, err := x.stream(words)
	if err == nil {
		err = nothing(rest)
	}
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

// keysTold is how many keys are told at once.
const keysTold = 50

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
	x.tellRows(k)
	x.breathe(k)
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
	k, rest, err := x.stream(words)
	if err == nil {
		err = nothing(rest)
	}
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

// diff tells what an event changed.
func (x *explorer) diff(words []string) error {
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
	for peer, n := range t.Tail.Publishers() {
		who := cmp.Or(x.state.Dir.NameOf(peer), string(peer))
		hidden := t.Sieve.Hidden[peer]
		if len(rest) == 2 && strings.EqualFold(rest[1], who) && (rest[0] == "hide" || rest[0] == "show") {
			found = true
			if hidden != (rest[0] == "hide") {
				t.HidePublisher(peer)
				hidden = !hidden
			}
		}
		lines = append(lines, name(who, n, hidden))
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
	k, rest, err := x.one(words, isStream, "subscription")
	if err == nil {
		err = nothing(rest)
	}
	if err != nil {
		return err
	}
	x.tellRows(k)
	x.breathe(k)
	_, kept := k.thing.Tail.Shown()
	k.thing.ClearTail()
	k.stream.spoken = 0
	x.sayf("%s: cleared %s", k.name(), model.Count(kept, "event"))
	return nil
}

// chart tells a number over time.
func (x *explorer) chart(words []string) error {
	k, rest, err := x.stream(words)
	if err != nil {
		return err
	}
	x.now()
	x.settle()
	t := k.thing
	stretch := t.View.Range
	for _, w := range rest {
		key, value, given := strings.Cut(w, "=")
		switch {
		case !given:
			path, err := field(t, w)
			if err != nil {
				return err
			}
			t.SetNumber(path)
			x.settle()
		case key == "last" && value == "all":
			stretch = 0
		case key == "last":
			if stretch, err = model.ParseTimeout(value); err != nil {
				return problemf("last=5m and last=all are examples", "%v", err)
			}
		case key == "of":
			if t.Tail.Latest().Entry(value) == nil {
				return problemf("latest lists the keys", "no key %s", value)
			}
			t.PointKey(value)
		default:
			return problemf("chart 1 bid last=5m of=AAPL is an example", "not understood: %q", w)
		}
	}
	if t.View.Number == "" {
		return problemf("fields lists them", "no field of these events is a number")
	}
	t.View.Range = stretch
	kind := t.View.Kind
	t.Show(model.ChartOver)
	x.settle()
	x.chartWords(k, stretch)
	t.Show(kind)
	return nil
}

// chartSteps is in how many values a course is told.
const chartSteps = 8

func (x *explorer) chartWords(k *talk, stretch time.Duration) {
	t, c := k.thing, k.thing.Tail.Chart()
	what := model.PathName(t.View.Number)
	if t.Tail.Latest().Len() > 1 {
		what += " of " + t.CursorKey()
	}
	v, ok := c.View(x.state.Now, stretch, 120)
	if !ok {
		x.sayf("%s: no %s in that time", k.name(), what)
		return
	}
	number := func(n float64) string { return strconv.FormatFloat(n, 'f', c.Digits, 64) }
	var values []float64
	for _, n := range v.Values {
		if n == n { // NaN is before the first
			values = append(values, n)
		}
	}
	x.sayf("%s: %s from %s to %s, %s", what, model.Count(v.Count, "value"), clock(v.From), clock(v.To), cmp.Or(courseWords(values), "one value alone"))
	x.sayf("  least %s, most %s, mean %s, first %s, last %s", number(v.Low), number(v.High), number(v.Mean), number(values[0]), number(values[len(values)-1]))
	few, _ := c.View(x.state.Now, stretch, chartSteps)
	step := few.To.Sub(few.From) / chartSteps
	for i, n := range few.Values {
		if n == n {
			x.sayf("  %s: %s", clock(few.From.Add(time.Duration(i+1)*step)), number(n))
		}
	}
}
