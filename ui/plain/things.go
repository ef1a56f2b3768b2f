package plain

import (
	"fmt"
	"strconv"
	"strings"
	"time"

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
	k, err := alone(x.one(words, isStream, "subscription"))
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
	k, err := alone(x.one(words, isStream, "subscription"))
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
	if x.toWait() && len(words) == 0 { // a person's alone gets here
		x.wait, x.idle = time.Time{}, false
		x.say("wait: over")
		return nil
	}
	k, err := alone(x.one(words, isLive, "call or subscription that goes on"))
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
	if len(words) == 1 && words[0] == "over" {
		return x.closeOver()
	}
	for _, o := range x.state.Serving().Offerings {
		if strings.EqualFold(o.Def.Name, strings.Join(words, " ")) {
			return x.closeOffer(o)
		}
	}
	k, err := alone(x.one(words, anything, "call or subscription"))
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
