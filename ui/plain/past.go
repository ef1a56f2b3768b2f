package plain

import (
	"fmt"
	"strings"
	"time"

	"ioscope/model"
)

// pastCommands go through what happened on the bus.
func pastCommands() []command {
	return []command{
		{"feed", "[COUNT] [WORDS]", "lists what joined and left, with numbers", nil, (*explorer).feed, needAll},
		{"at", "TIME or NUMBER", "shows the bus as it was at a time, 14:03:22, or at a number of the feed; servers, methods, streams and show tell of that moment", nil, (*explorer).at, needAll},
		{"back", "[TIME]", "goes back in time by 1m, say; without TIME by one event", nil, stepper(-1), needAll},
		{"ahead", "[TIME]", "goes ahead in time; without TIME by one event", nil, stepper(1), needAll},
		{"now", "", "shows the bus as it is again", nil, (*explorer).goNow, needAll},
		{"mark", "", "marks this moment; changed tells what happens after it", nil, (*explorer).mark, needAll},
		{"changed", "", "lists what happened since the mark, or since feed was asked last", nil, (*explorer).changed, needAll},
	}
}

// feed lists what happened.
func (x *explorer) feed(words []string) error {
	n := 20
	if len(words) > 0 {
		if given, err := count(words[0]); err == nil {
			n, words = given, words[1:]
		} else if strings.HasPrefix(words[0], "-") {
			return err
		}
	}
	sieve, err := model.ReadFilter(strings.Join(words, " "))
	if err != nil {
		return problemf("", "%v", err)
	}
	var list []*model.FeedEntry
	for _, e := range x.state.Chronicle().Entries() {
		if e.Kind != model.FeedHere && sieve.Passes([]byte(e.Words())) {
			list = append(list, e)
		}
	}
	if len(list) == 0 {
		x.say("feed: nothing joined or left yet")
	}
	x.feedLines(list[max(0, len(list)-n):])
	if !x.marked {
		x.now()
		x.state.Mark(x.state.Now)
	}
	return nil
}

func (x *explorer) feedLines(list []*model.FeedEntry) {
	for _, e := range list {
		x.sayf("feed %d: %s", e.N, feedLine(e))
	}
}

// feedLine tells an entry of the feed.
func feedLine(e *model.FeedEntry) string {
	line := clock(e.At) + " " + e.Name + " " + e.What
	if len(e.Offers) > 0 {
		list, more := e.Offers, ""
		if len(list) > namesTold {
			list, more = list[:namesTold], fmt.Sprintf(" and %d more", len(e.Offers)-namesTold)
		}
		line += ": " + strings.Join(list, ", ") + more
	}
	if e.Note != "" {
		line += ", " + strings.ReplaceAll(e.Note, "→ ", "returns ")
	}
	return line
}

// at shows the bus as it was at a time, or after something that happened.
func (x *explorer) at(words []string) error {
	if len(words) != 1 {
		return problemf("at 14:03:22 and at 12 are examples", "at which time?")
	}
	x.now()
	f := x.state.Chronicle()
	if n, err := count(words[0]); err == nil {
		for _, e := range f.Entries() {
			if e.N == n {
				f.GoToEntry(x.state, e)
				x.tellMoment(e)
				return nil
			}
		}
		return problemf("feed lists what happened", "the feed has no %d", n)
	}
	for _, layout := range []string{"15:04:05", "15:04"} {
		t, err := time.ParseInLocation(layout, words[0], x.state.Now.Location())
		if err != nil {
			continue
		}
		y, m, d := x.state.Now.Date()
		at := time.Date(y, m, d, t.Hour(), t.Minute(), t.Second(), 0, x.state.Now.Location())
		if at.After(x.state.Now) {
			at = at.AddDate(0, 0, -1)
		}
		return x.goTo(at)
	}
	return problemf("at 14:03:22 and at 12 are examples", "not a time: %q", words[0])
}

// goTo goes to a moment of the past.
func (x *explorer) goTo(at time.Time) error {
	f := x.state.Chronicle()
	if len(f.Entries()) == 0 {
		return problemf("", "nothing is kept yet")
	}
	x.state.Notice = model.Notice{}
	f.GoTo(x.state, at)
	x.notice("bus")
	x.tellMoment(nil)
	return nil
}

// notice says what the model has to say.
func (x *explorer) notice(about string) {
	if text := x.state.Notice.Text; text != "" {
		x.say(about + ": " + inPlainWords(text))
	}
	x.state.Notice = model.Notice{}
}

// stepper goes through time.
func stepper(delta int) func(*explorer, []string) error {
	return func(x *explorer, words []string) error {
		x.now()
		if len(words) == 0 {
			x.state.Notice = model.Notice{}
			f := x.state.Chronicle()
			f.Step(x.state, delta)
			x.notice("bus")
			x.tellMoment(f.Current(x.state))
			return nil
		}
		d, err := model.ParseTimeout(words[0])
		if err != nil {
			return problemf("back 1m is an example", "%v", err)
		}
		if err := nothing(words[1:]); err != nil {
			return err
		}
		return x.goTo(x.state.Moment().Add(time.Duration(delta) * d))
	}
}

// tellMoment tells which moment is shown.
func (x *explorer) tellMoment(e *model.FeedEntry) {
	at, past := x.state.Past()
	if !past {
		x.say("bus: shown as it is now")
		return
	}
	servers, methods, streams := x.state.Dir.Counts()
	x.sayf("bus: as it was at %s, servers %d, methods %d, streams %d. now goes back", clock(at), servers, methods, streams)
	if e != nil {
		x.sayf("feed %d: %s", e.N, feedLine(e))
	}
}

func (x *explorer) goNow(words []string) error {
	if _, past := x.state.Past(); !past {
		return problemf("", "this is now")
	}
	x.state.GoNow()
	x.tellMoment(nil)
	return nothing(words)
}

func (x *explorer) mark(words []string) error {
	x.now()
	x.marked = true
	x.state.Mark(x.state.Moment())
	x.sayf("mark: %s; changed tells what happens after it", clock(x.state.Moment()))
	return nothing(words)
}

// changed lists what happened since the mark.
func (x *explorer) changed(words []string) error {
	f := x.state.Chronicle()
	if f.Looked.IsZero() {
		return problemf("mark marks this moment", "nothing was marked")
	}
	var list []*model.FeedEntry
	for _, e := range f.Entries() {
		if e.At.After(f.Looked) {
			list = append(list, e)
		}
	}
	x.feedLines(list)
	what := "nothing"
	if len(list) > 0 {
		what = model.Count(len(list), "thing")
	}
	x.sayf("changed: %s since %s", what, clock(f.Looked))
	return nothing(words)
}

// asItWas is said behind what is told of a moment of the past.
func (x *explorer) asItWas() string {
	if at, past := x.state.Past(); past {
		return ", as it was at " + clock(at)
	}
	return ""
}
