package plain

import (
	"fmt"
	"time"

	"ioscope/client/bus"
	"ioscope/model"
)

// What a stream may say.
const (
	// breath is the time in which a stream may say so many lines; what comes
	// besides is counted at its end.
	breath      = time.Second
	breathLines = 2
	// heldWord is how often the count of a stream that is held is told.
	heldWord = 30 * time.Second
	// firstWait is how long an accepted stream may be silent before it is told.
	firstWait = 12 * time.Second
)

// streamTalk is what has been told of a subscription.
type streamTalk struct {
	accepted, waiting bool
	// spoken is the number of the last row that was told or counted.
	spoken uint64
	// began is when the breath began; lines were told in it, more and gaps were
	// only counted.
	began            time.Time
	lines, more, gap int
	line             string
	// quiet is true once its silence was told, held is how many rows a hold was
	// told to have, at heldAt.
	quiet bool
	// filtered is true until it was told how many kept events a filter lets through.
	filtered bool
	// jq is true until it was told what the expression lets through, stopped is the
	// expression of which it was told that it was given up.
	jq      bool
	stopped int
	held    int
	heldAt  time.Time
	// revived is true of one that came back from the last time, until it is resumed.
	revived bool
	// left is how many events had come when the person left the bus.
	left int
	// others are the peers of which it was told that they could join.
	others []bus.PeerID
}

func (x *explorer) tellStream(k *talk) {
	t, s, now := k.thing, &k.stream, x.state.Now
	if t.Phase == model.Filling {
		return
	}
	if !s.accepted && !t.Accepted.IsZero() {
		s.accepted = true
		if s.revived {
			x.sayf("%s: %s, back from last time, held; resume %d tells what comes", k.name(), x.askedWords(t), t.ID)
		} else {
			x.sayf("%s: accepted by %s", k.name(), t.Publisher.Name())
		}
	}
	k.due = time.Time{}
	if !x.away() {
		x.tellJQ(k)
		x.tellFilter(k)
	}
	if t.Tail.Following() {
		if !x.away() {
			x.tellRows(k)
		}
	} else if n := t.Tail.New(); n > s.held && !s.revived && !x.away() {
		k.due = s.heldAt.Add(heldWord)
		if !now.Before(k.due) {
			s.held, s.heldAt = n, now
			k.due = time.Time{}
			x.sayf("%s: %s new while held", k.name(), model.Number(n))
		}
	}
	if t.Phase == model.Asking && !k.warned {
		if k.due = t.Asked.Add(silence); !now.Before(k.due) {
			k.warned, k.due = true, time.Time{}
			x.sayf("%s: no publisher has accepted yet; it waits up to %s, stop %d gives up", k.name(), took(t.WaitFor+t.AnswerIn), t.ID)
		}
	}
	waiting := t.Phase == model.Waiting
	if waiting && !s.waiting {
		x.sayf("%s: %s left; waiting for it. unsubscribe %d stops waiting", k.name(), t.Publisher.Name(), t.ID)
	}
	s.waiting = waiting
	if t.Phase == model.Ended && !k.over {
		k.over = true
		x.breathe(k)
		k.due = time.Time{}
		x.tellStreamEnd(k)
		return
	}
	x.tellOthers(k)
	if !x.away() {
		x.tellSilence(k)
	}
}

// tellSilence tells once that nothing comes.
func (x *explorer) tellSilence(k *talk) {
	t, s, now := k.thing, &k.stream, x.state.Now
	if t.Phase != model.Running || !t.Tail.Following() || !t.Interrupted.IsZero() {
		return
	}
	at, words := t.Accepted.Add(firstWait), "accepted, nothing came for "+model.Awaited(firstWait)
	if last := t.Tail.Last(); !last.IsZero() {
		if t.Tail.Counts().Total < 2 {
			return
		}
		if s.quiet && now.Sub(last) < breath {
			s.quiet = false
		}
		limit := max(10*time.Second, 10*t.Tail.Usual())
		at, words = last.Add(limit), "silent for "+model.Awaited(limit)
	}
	switch {
	case s.quiet:
	case now.Before(at):
		if k.due.IsZero() || at.Before(k.due) {
			k.due = at
		}
	default:
		s.quiet = true
		x.sayf("%s: %s", k.name(), words)
	}
}

// tellRows tells the new rows of a stream, as many as it has breath for.
func (x *explorer) tellRows(k *talk) {
	t, s, now := k.thing, &k.stream, x.state.Now
	if now.Sub(s.began) >= breath {
		x.breathe(k)
	}
	const window = 512
	for i := t.Tail.Index(s.spoken + 1); i >= 0 && i < t.Tail.Len(); {
		rows := t.Tail.Window(i, window)
		for j := range rows {
			if rows[j].N > s.spoken {
				x.tellRow(k, &rows[j])
			}
		}
		i += len(rows)
	}
	if s.more > 0 {
		k.due = s.began.Add(breath)
	}
}

func (x *explorer) tellRow(k *talk, row *model.TailRow) {
	s := &k.stream
	s.spoken = row.N
	if s.lines < breathLines {
		if line := x.row(k.thing, row); line != s.line {
			if s.lines == 0 {
				s.began = x.state.Now
			}
			s.lines++
			s.line = line
			x.sayf("%d: %s", k.thing.ID, line)
			return
		}
	}
	s.more++
	if row.GapKind != model.NoGap {
		s.gap++
	}
}

// breathe ends a breath: what was only counted is told as a number.
func (x *explorer) breathe(k *talk) {
	s := &k.stream
	if s.more > 0 {
		words := fmt.Sprintf("%d: and %s more", k.thing.ID, model.Number(s.more))
		if s.gap > 0 {
			words += ", " + model.Count(s.gap, "gap") + " among them"
		}
		x.say(words)
		s.began = x.state.Now
	}
	s.lines, s.more, s.gap, s.line = 0, 0, 0, ""
}

// spendBreath tells what is new of a stream before something else is told of it, unless
// it is held.
func (x *explorer) spendBreath(k *talk) {
	if k.thing.Tail.Following() {
		x.tellRows(k)
		x.breathe(k)
	}
}

// row tells a row of a stream.
func (x *explorer) row(t *model.Thing, row *model.TailRow) string {
	at := x.rowTime(t, row)
	if row.GapKind != model.NoGap {
		return at + " " + row.Gap
	}
	words := at + " shared"
	if row.Private {
		words = at + " private to you"
	}
	if row.Snapshot {
		words += ", snapshot"
	}
	if t.Target.Mode != bus.Best {
		if srv := x.state.Dir.ByPeer(row.Server); srv != nil {
			words += ", from " + srv.Instance.Name()
		}
	}
	return words + ", " + rowWords(t, row)
}

// rowTime tells when a row came, in the way that was chosen.
func (x *explorer) rowTime(t *model.Thing, row *model.TailRow) string {
	switch t.Times {
	case model.Ago:
		return model.Awaited(x.state.Now.Sub(row.At)) + " ago,"
	case model.SinceBefore:
		if i := t.Tail.Index(row.N); i > 0 {
			if before := t.Tail.Window(i-1, 1); len(before) == 1 && before[0].N < row.N {
				return "after " + took(row.At.Sub(before[0].At)) + ","
			}
		}
		return "the first,"
	case model.ByClock:
	}
	return row.At.Format("15:04:05.000")
}

// times chooses how the events of a stream tell the time.
func (x *explorer) times(words []string) error {
	k, rest, err := x.stream(words)
	if err != nil {
		return err
	}
	ways := map[string]model.Times{"clock": model.ByClock, "ago": model.Ago, "between": model.SinceBefore}
	t := k.thing
	if len(rest) > 0 {
		way, ok := ways[rest[0]]
		if !ok {
			return problemf("clock, ago and between, since the event before, work", "not a way to tell the time: %q", rest[0])
		}
		x.spendBreath(k)
		t.Times = way
		rest = rest[1:]
	}
	x.sayf("%s: times are told as %s", k.name(), t.Times)
	return nothing(rest)
}

func (x *explorer) tellStreamEnd(k *talk) {
	t := k.thing
	kept, _ := t.Tail.Kept()
	stays := ""
	if kept > 0 {
		stays = ". " + model.Count(kept, "event") + " kept"
	}
	switch c := t.Closing; {
	case t.GivenUp:
		x.say(k.name() + ": unsubscribed" + stays)
	case t.Err != nil:
		x.say(k.name() + ": " + inPlainWords(t.Err.Error()))
	case c != nil && !c.Mine:
		words := fmt.Sprintf("%s: %s closed this at %s", k.name(), t.Publisher.Name(), clock(c.At))
		if c.Reason != "" {
			words += ": " + c.Reason
		}
		x.say(words + stays)
	default:
		x.say(k.name() + ": over" + stays)
	}
}

// holdWords tell the state of a stream's rows.
func holdWords(t *model.Thing) string {
	if t.Tail.Following() {
		return ""
	}
	return ", held since " + clock(t.Tail.Paused()) + ", " + model.Number(t.Tail.New()) + " new"
}
