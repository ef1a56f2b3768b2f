package plain

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ioscope/model"
)

// one finds the thing that a command means: the one with the number that comes
// first, else the only one that fits. It returns the words that are left.
func (x *explorer) one(words []string, fits func(*model.Thing) bool, what string) (*talk, []string, error) {
	if len(words) > 0 {
		n, err := strconv.Atoi(words[0])
		if err != nil {
			return nil, words, problemf("open lists the numbers", "not a number: %q", words[0])
		}
		k := x.talks[model.ThingID(n)]
		if k == nil || !fits(k.thing) {
			return nil, words, problemf("open lists the numbers", "no %s %d", what, n)
		}
		return k, words[1:], nil
	}
	var found *talk
	for _, id := range x.order {
		k := x.talks[id]
		if !fits(k.thing) || k.over && found != nil {
			continue
		}
		if found != nil && !found.over {
			return nil, words, problemf("open lists the numbers", "which %s?", what)
		}
		found = k
	}
	if found == nil {
		return nil, words, problemf("", "there is no %s", what)
	}
	return found, words, nil
}

func isStream(t *model.Thing) bool { return t.Stream() && t.Tail != nil }
func isLive(t *model.Thing) bool   { return t.Live() }
func anything(_ *model.Thing) bool { return true }

func (x *explorer) hold(words []string) error {
	k, rest, err := x.one(words, isStream, "subscription")
	if err == nil {
		err = nothing(rest)
	}
	if err != nil {
		return err
	}
	x.now()
	x.tellRows(k)
	x.breathe(k)
	if k.thing.Tail.Paused().IsZero() {
		k.thing.Tail.Pause(x.state.Now)
		k.stream.held, k.stream.heldAt = 0, x.state.Now
	}
	x.say(k.name() + ": held; what comes is kept")
	return nil
}

func (x *explorer) resume(words []string) error {
	k, rest, err := x.one(words, isStream, "subscription")
	if err == nil {
		err = nothing(rest)
	}
	if err != nil {
		return err
	}
	t := k.thing
	if t.Tail.Following() {
		x.say(k.name() + ": was not held")
		return nil
	}
	n := t.Tail.New()
	t.Tail.Follow()
	k.stream.revived = false
	k.stream.spoken = t.Tail.Cursor()
	x.sayf("%s: goes on; %s came while it was held", k.name(), model.Count(n, "event"))
	return nil
}

func (x *explorer) filter(words []string) error {
	k, rest, err := x.one(words, isStream, "subscription")
	if err != nil {
		return err
	}
	x.spendBreath(k)
	k.thing.SetFilter(strings.Join(rest, " "))
	if err := k.thing.Sieve.Wrong; err != nil {
		k.thing.SetFilter("")
		return problemf("word, !word, ~letters and /regex/ work", "%v", err)
	}
	x.settle()
	k.stream.filtered = len(rest) > 0
	if len(rest) == 0 {
		x.sayf("%s: all events are told", k.name())
		return nil
	}
	x.tellFilter(k)
	return nil
}

// tellFilter tells how many of the kept events a filter lets through: at once, or where
// an expression stands beside it, when that has seen them all again.
func (x *explorer) tellFilter(k *talk) {
	t := k.thing
	if !k.stream.filtered || t.Tail.Unseen() > 0 && !t.Sieve.JQ.Stopped {
		return
	}
	k.stream.filtered = false
	shown, kept := t.Tail.Shown()
	x.sayf("%s: only events with %q are told; %d of the %d that are kept match", k.name(), t.Filter, shown, kept)
}

func (x *explorer) stop(words []string) error {
	if x.job != nil && len(words) == 0 {
		x.job.cancel()
		return nil
	}
	k, rest, err := x.one(words, isLive, "call or subscription that goes on")
	if err == nil {
		err = nothing(rest)
	}
	if err != nil {
		return err
	}
	x.now()
	x.run(x.state.GiveUp(k.thing))
	return nil
}

func (x *explorer) close(words []string) error {
	if len(words) == 0 {
		return problemf("close 1 is an example", "which one?")
	}
	if o := x.numbered(words[0]); o != nil {
		return x.closeOffer(o)
	}
	for _, o := range x.state.Serving().Offerings {
		if strings.EqualFold(o.Def.Name, strings.Join(words, " ")) {
			return x.closeOffer(o)
		}
	}
	k, rest, err := x.one(words, anything, "call or subscription")
	if err == nil {
		err = nothing(rest)
	}
	if err != nil {
		return err
	}
	x.now()
	x.state.Notice = model.Notice{}
	x.run(x.state.Close(k.thing))
	line := k.name() + ": put away"
	if more := inPlainWords(strings.TrimPrefix(x.state.Notice.Text, "closed; ")); more != "" {
		line += "; " + more
	}
	x.state.Notice = model.Notice{}
	x.tellTalks()
	x.say(line)
	delete(x.talks, k.thing.ID)
	for i, id := range x.order {
		if id == k.thing.ID {
			x.order = append(x.order[:i], x.order[i+1:]...)
			break
		}
	}
	return nil
}

// open lists what goes on, and what of it is over and still kept.
func (x *explorer) open(words []string) error {
	told := 0
	for _, id := range x.order {
		k := x.talks[id]
		if !k.thing.Stream() && k.over && id != x.last {
			continue
		}
		x.say(x.thingLine(k))
		told++
	}
	for _, o := range x.state.Serving().Offerings {
		x.say(x.offerLine(o))
		told++
	}
	if told == 0 {
		x.say("open: nothing; invoke calls a method, subscribe follows a stream")
	}
	return nothing(words)
}

// thingLine tells a thing in one line.
func (x *explorer) thingLine(k *talk) string {
	t := k.thing
	return k.name() + ": " + x.askedWords(t) + ", " + x.phase(t)
}

// askedWords tell what is asked, and with what.
func (x *explorer) askedWords(t *model.Thing) string {
	if a := sentence(t.Args); a != "an empty object" && a != "nothing" {
		return t.Def.Name + " " + a
	}
	return t.Def.Name
}

// phase tells how far a thing has come.
func (x *explorer) phase(t *model.Thing) string {
	switch t.Phase {
	case model.Asking:
		return "asking for " + model.Awaited(x.state.Now.Sub(t.Asked))
	case model.Waiting:
		return t.Publisher.Name() + " left; waiting for it"
	case model.Running:
		words := "running, " + model.PerSecond(t.Rate(x.state.Now)) + ", " + x.counts(t)
		if !t.Interrupted.IsZero() {
			words = "connection lost, it is asked for again when the bus is back, " + x.counts(t)
		}
		return words + holdWords(t)
	case model.Ended:
		if t.Stream() {
			return "over, " + x.counts(t)
		}
		ok, failed, pending := t.Results.Counts()
		switch {
		case t.GivenUp:
			return "given up"
		case t.Err != nil:
			return "failed"
		}
		return fmt.Sprintf("%d of %d returned", ok, ok+failed+pending)
	case model.Filling:
	}
	return "not asked"
}

// counts tells the counters of a subscription.
func (x *explorer) counts(t *model.Thing) string {
	c := t.Tail.Counts()
	words := model.Count(c.Total, "event")
	for _, n := range []struct {
		n    int
		word string
	}{{c.Private, "private"}, {c.Missing, "missing"}, {c.Dropped, "dropped"}} {
		if n.n > 0 {
			words += ", " + model.Number(n.n) + " " + n.word
		}
	}
	if kept, _ := t.Tail.Kept(); kept < c.Total {
		words += ", " + model.Number(kept) + " kept"
	}
	return words
}

// showThing tells all of a call or a subscription.
func (x *explorer) showThing(n int, words []string) error {
	k := x.talks[model.ThingID(n)]
	if o := x.numbered(fmt.Sprint(n)); o != nil {
		x.showOffer(o)
		return nil
	}
	if k == nil {
		return problemf("open lists the numbers", "no call or subscription %d", n)
	}
	x.now()
	of, words, err := readPart(words)
	if err != nil {
		return err
	}
	if len(words) > 0 {
		if words[0] != "events" || !k.thing.Stream() {
			return problemf("show 1 events 20 tells the last 20 events of subscription 1, show 1 .client depth=2 a part of a result", "show %d what? %q", n, words[0])
		}
		return x.showEvents(k, words[1:])
	}
	if of != (part{}) && k.thing.Stream() {
		row, err := x.eventOf(k, nil)
		if err != nil {
			return err
		}
		return x.tellPart(of, row.Payload())
	}
	x.say(x.thingLine(k))
	if !k.thing.Stream() {
		for _, a := range k.thing.Results.Answers {
			if a.Pending || a.Err != nil {
				line := "no answer yet"
				if a.Err != nil {
					line = x.answer(k.thing, a)
				}
				x.say("  " + line)
				continue
			}
			x.sayf("%s returned, after %s%s", a.Server.Name(), took(a.Took), misfits(k.thing, a))
			if err := x.tellPart(of, a.Value); err != nil {
				return err
			}
			if of == (part{}) {
				x.allMisfits(k.thing, a)
			}
		}
		if err := k.thing.Err; err != nil {
			x.say("  " + inPlainWords(err.Error()))
		}
		return nil
	}
	if k.thing.Publisher.Name() != "" {
		x.sayf("  publisher: %s", k.thing.Publisher.Name())
	}
	if k.thing.Filter != "" {
		x.sayf("  filter: %s", k.thing.Filter)
	}
	if row, ok := k.thing.Tail.Get(k.thing.Tail.Cursor()); ok {
		x.sayf("  last: %s", x.row(k.thing, &row))
	}
	return nil
}

func (x *explorer) value(raw []byte) {
	for _, line := range indented(raw, 0) {
		x.say(line)
	}
}

// showEvents lists the last events that are kept, each with its number.
func (x *explorer) showEvents(k *talk, words []string) error {
	n := 10
	newest := false
	words = slices.DeleteFunc(slices.Clone(words), func(w string) bool {
		newest = newest || w == "newest"
		return w == "newest"
	})
	if len(words) > 0 {
		var err error
		if n, err = count(words[0]); err != nil {
			return err
		}
	}
	tail := k.thing.Tail
	n = min(n, 1000)
	rows := tail.Window(max(tail.Len()-n, 0), n)
	if newest {
		rows = slices.Clone(rows)
		slices.Reverse(rows)
	}
	for i := range rows {
		x.sayf("%d, event %d: %s", k.thing.ID, rows[i].N, x.row(k.thing, &rows[i]))
	}
	if len(rows) == 0 {
		x.say(k.name() + ": no events kept")
	}
	return nil
}

// event tells one event as an indented list.
func (x *explorer) event(words []string) error {
	var k *talk
	of, words, err := readPart(words)
	if err != nil {
		return err
	}
	switch len(words) {
	case 0, 1:
		k, _, err = x.one(nil, isStream, "subscription")
	case 2:
		k, words, err = x.one(words, isStream, "subscription")
	default:
		return problemf("event 1 1188 tells event 1188 of subscription 1", "two numbers are wanted")
	}
	if err != nil {
		return err
	}
	tail := k.thing.Tail
	at := tail.Cursor()
	if tail.Following() && tail.Len() > 0 {
		rows := tail.Window(tail.Len()-1, 1)
		at = rows[0].N
	}
	if len(words) == 1 {
		n, err := count(words[0])
		if err != nil {
			return err
		}
		at = uint64(n)
	}
	row, ok := tail.Get(at)
	if !ok {
		return problemf(fmt.Sprintf("show %d events lists those that are kept", k.thing.ID), "event %d is not kept", at)
	}
	if row.GapKind != model.NoGap {
		x.sayf("event %d of %s: %s", row.N, k.name(), x.row(k.thing, &row))
		return nil
	}
	to := "shared"
	if row.Private {
		to = "private to you"
	}
	from := ""
	if srv := x.state.Dir.ByPeer(row.Server); srv != nil {
		from = ", from " + srv.Instance.Name()
	}
	x.sayf("event %d of %s: %s, %s%s, %s", row.N, k.name(), row.At.Format("15:04:05.000"), to, from, model.Bytes(len(row.Data)))
	return x.tellPart(of, row.Data)
}
