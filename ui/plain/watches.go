package plain

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"ioscope/client/bus"
	"ioscope/model"
)

// watchCommands are those of values that are watched.
func watchCommands() []command {
	return []command{
		{"watch", "STREAM or METHOD or NUMBER [path=FIELD] [condition=TEXT]", `watches a field: of a stream, of a method that is called every=10s, or of what open lists by NUMBER. condition="> 5", "changes", "silent 10 s" or a jq expression rings; key=value are arguments; bell=no rings unheard`, nil, (*explorer).watch, needAll},
		{"watches", "[NUMBER] [condition=TEXT, path=FIELD, every=5s]", "lists what is watched; with NUMBER all of one, and what follows changes it. watches NUMBER pause, resume, bell and remove do that", nil, (*explorer).watches, needAll},
	}
}

// watchWords are the words before = that mean the watch itself.
var watchWords = []string{"path", "every", "condition", "bell"}

// watch watches a value.
func (x *explorer) watch(words []string) error {
	if len(words) == 0 {
		return problemf(`watch MarketData.Prices path=bid symbol=AAPL condition="> 142" is an example`, "watch what?")
	}
	x.now()
	if n, err := strconv.Atoi(words[0]); err == nil {
		return x.pin(n, words[1:])
	}
	l := x.state.WatchList()
	l.New(x.state, nil)
	form := l.Sheet.Form
	var own, pairs []string
	var object string
	sig := x.signatureOf(words[0])
	for _, w := range words[1:] {
		key, _, ok := strings.Cut(w, "=")
		name, always := strings.CutPrefix(key, "@")
		_, taken := sig.Find(name)
		switch {
		case strings.HasPrefix(w, "{"):
			object = w
		case !ok:
			own = append(own, "path="+w)
		case slices.Contains(watchWords, name) && (always || !taken):
			own = append(own, strings.TrimPrefix(w, "@"))
		default:
			pairs = append(pairs, w)
		}
	}
	args := object
	if len(pairs) > 0 {
		value, err := bus.FromPairs(sig, len(sig) > 0, pairs, x.o.Now())
		if err != nil {
			return x.unwatched(problemf("nothing is watched", "%s", inputWords(err)))
		}
		args = string(value)
	}
	own = append(own, "watch="+words[0])
	if args != "" {
		own = append(own, "arguments="+args)
	}
	if err := x.watchFields(form, own); err != nil {
		return x.unwatched(err)
	}
	return x.submitWatch()
}

// signatureOf is what the first method or stream of a name accepts.
func (x *explorer) signatureOf(name string) bus.Signature {
	for _, m := range x.methods(name) {
		sig, _ := bus.ParseSignature(m.Def.Accepts)
		return sig
	}
	return nil
}

// unwatched closes the form again.
func (x *explorer) unwatched(err error) error {
	x.state.WatchList().Back(x.state)
	return err
}

// watchFields fills the form of a watch.
func (x *explorer) watchFields(form *model.Form, pairs []string) error {
	for _, p := range pairs {
		key, value, ok := strings.Cut(p, "=")
		if ok && key == "bell" {
			for _, row := range form.Rows(x.state.Now) {
				if row.Label == key && row.On != (value != "no" && value != "off" && value != "false") {
					form.Toggle(row.Path)
				}
			}
			continue
		}
		if err := x.fields(form, []string{p}); err != nil {
			return err
		}
	}
	return nil
}

// submitWatch makes or changes the watch whose form is open, and tells it.
func (x *explorer) submitWatch() error {
	l := x.state.WatchList()
	of, sheet := l.Of, l.Sheet
	x.state.Notice = model.Notice{}
	effects := l.Submit(x.state)
	if len(sheet.Wrong) > 0 {
		return x.unwatched(problemf("nothing is watched", "%s", faults(sheet.Wrong)))
	}
	if of == nil {
		all := l.All()
		of = all[len(all)-1]
		if old := x.twinOf(of); old != nil {
			// What a script watches it would watch once more each time that it runs.
			x.run(append(effects, x.state.RemoveWatch(of)...))
			x.say(x.watchLine(old) + ", is watched already")
			return nil
		}
	}
	x.run(effects)
	x.say(x.watchLine(of))
	return nil
}

// twinOf is a watch that was there before, of the same value and with the same
// condition; nil for none.
func (x *explorer) twinOf(w *model.Watch) *model.Watch {
	for _, old := range x.state.WatchList().All() {
		if old != w && old.Method == w.Method && old.Path == w.Path && old.Key == w.Key && old.Only == w.Only && old.Every == w.Every &&
			old.Condition.Text == w.Condition.Text && string(cmpArgs(old.Args)) == string(cmpArgs(w.Args)) && reflect.DeepEqual(old.Target, w.Target) {
			return old
		}
	}
	return nil
}

// pin watches a value of a call or of a subscription.
func (x *explorer) pin(n int, words []string) error {
	k := x.talks[model.ThingID(n)]
	if k == nil {
		return problemf("open lists the numbers", "no call or subscription %d", n)
	}
	t := k.thing
	path := "$"
	if t.Stream() {
		if row, ok := t.Tail.Get(t.Tail.Cursor()); ok {
			path = model.NumberPath(row.Data)
		}
	} else {
		if why := x.state.Forbids(model.ToInvoke); why != "" {
			return problemf("", "%s", why)
		}
		if a := t.Results.Current(); a != nil && a.Err == nil {
			path = model.NumberPath(a.Value)
		}
	}
	x.run(x.state.AddWatch(t.Subject(path)))
	all := x.state.WatchList().All()
	w := all[len(all)-1]
	if len(words) == 0 {
		x.say(x.watchLine(w))
		return nil
	}
	if err := x.changeWatch(w, words); err != nil {
		x.run(x.state.RemoveWatch(w))
		return err
	}
	return nil
}

// watches lists what is watched, tells one, or changes it.
func (x *explorer) watches(words []string) error {
	x.now()
	all := x.state.WatchList().All()
	var n int
	var err error
	if len(words) > 0 {
		n, err = strconv.Atoi(words[0])
	}
	if len(words) == 0 || err != nil {
		told := 0
		for _, w := range all {
			if line := x.watchLine(w); strings.Contains(strings.ToLower(line), strings.ToLower(strings.Join(words, " "))) {
				x.say(line)
				told++
			}
		}
		if told == 0 {
			x.say("watches: nothing is watched; watch pins something")
		}
		return nil
	}
	i := slices.IndexFunc(all, func(w *model.Watch) bool { return w.ID == n })
	if i < 0 {
		return problemf("watches lists them", "no watch %d", n)
	}
	w, rest := all[i], words[1:]
	w.News = false
	verb := ""
	if len(rest) == 1 {
		verb = rest[0]
	}
	switch {
	case len(rest) == 0:
		x.watchFacts(w)
		return nil
	case verb == "pause" || verb == "resume":
		w.Paused = verb == "pause"
		x.sayf("watch %d: %s", w.ID, map[bool]string{true: "paused", false: "goes on"}[w.Paused])
		return nil
	case verb == "bell":
		w.Quiet = !w.Quiet
		x.sayf("watch %d: %s", w.ID, map[bool]string{true: "no bell; watches tells what rang all the same", false: "the bell is on"}[w.Quiet])
		return nil
	case verb == "remove":
		x.run(x.state.DropWatch(w))
		x.state.Notice = model.Notice{}
		x.sayf("watch %d: removed; for 5 minutes reopen brings it back", w.ID)
		return nil
	case !strings.Contains(rest[0], "=") || slices.Contains([]string{"=", "==", ">=", "<=", "!="}, rest[0]):
		rest = []string{"condition=" + strings.Join(rest, " ")}
	}
	return x.changeWatch(w, rest)
}

// changeWatch changes a watch by its form.
func (x *explorer) changeWatch(w *model.Watch, pairs []string) error {
	l := x.state.WatchList()
	l.Edit(x.state, w)
	if err := x.watchFields(l.Sheet.Form, pairs); err != nil {
		return x.unwatched(err)
	}
	return x.submitWatch()
}

// watchLine tells a watch in one line.
func (x *explorer) watchLine(w *model.Watch) string {
	now := x.state.Now
	line := fmt.Sprintf("watch %d: %s of %s", w.ID, model.PathName(w.Path), w.Name())
	switch {
	case w.Fault != "":
		line += ", " + w.Fault
	case w.Count == 0:
		line += ", no value yet"
	default:
		line += ", " + sentence([]byte(w.Value))
		if w.Numeric && w.Min != w.Max {
			line += ", from " + model.Bound(w.Min) + " to " + model.Bound(w.Max)
		}
		line += ", changed " + model.Awaited(now.Sub(w.Changed)) + " ago"
	}
	if _, end := x.state.WatchEnd(w); end != "" {
		line += ", hears nothing: " + end
	}
	if w.Every > 0 {
		line += ", called every " + took(w.Every)
	}
	if c := w.Condition.Text; c != "" {
		line += ", rings on " + c
		if w.Holds {
			line += ", which holds"
		}
		if w.Rings > 0 {
			line += ", rang " + timesWords(w.Rings)
		}
		if w.Quiet {
			line += ", without a bell"
		}
	}
	if w.Paused {
		line += ", paused"
	}
	return line
}

// watchFacts tell all of a watch.
func (x *explorer) watchFacts(w *model.Watch) {
	x.say(x.watchLine(w))
	x.sayf("  path: %s", model.JQPath(w.Path))
	if t, hidden := x.state.Heard(w); t != nil && !hidden {
		x.sayf("  subscription: %d", t.ID)
	}
	x.sayf("  values: %s, %s without this field", model.Number(w.Count), model.Count(w.Absent, "event"))
	if !w.Seen.IsZero() {
		x.sayf("  last: %s, %s ago", clock(w.Seen), model.Awaited(w.Silent(x.state.Now)))
	}
	if course := courseWords(sparkOf(w, x.state.Now)); course != "" {
		x.sayf("  course of the last 20 s: %s", course)
	}
	if !w.Rang.IsZero() {
		x.sayf("  rang: last at %s", clock(w.Rang))
	}
}

func sparkOf(w *model.Watch, now time.Time) []float64 {
	var out []float64
	for _, step := range w.Spark(now, 20) {
		if step > 0 {
			out = append(out, float64(step))
		}
	}
	return out
}

// tellWatches tells which watches rang, each at most once a second.
func (x *explorer) tellWatches() {
	for _, w := range x.state.WatchList().All() {
		r := x.rung[w.ID]
		if w.Rings == r.rings || w.Quiet {
			x.rung[w.ID] = ring{w.Rings, r.at}
			continue
		}
		if x.state.Now.Sub(r.at) < breath {
			continue // Beat comes again
		}
		line := fmt.Sprintf("watch %d: rings, %s of %s is %s, %s", w.ID, model.PathName(w.Path), w.Name(), sentence([]byte(w.Value)), w.Condition.Text)
		if w.Count == 0 || w.Condition.Silence() > 0 {
			line = fmt.Sprintf("watch %d: rings, %s of %s, %s", w.ID, model.PathName(w.Path), w.Name(), w.Condition.Text)
		}
		if more := w.Rings - r.rings - 1; more > 0 {
			line += fmt.Sprintf(", and %d more", more)
		}
		x.rung[w.ID] = ring{w.Rings, x.state.Now}
		x.say(line)
	}
}

// ring is what was told of a watch that rang.
type ring struct {
	rings int
	at    time.Time
}
