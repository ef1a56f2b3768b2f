package model

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// ReplaySought tells that a replay went from one position in its recording to another. What
// streams bring from here on came then.
type ReplaySought struct{ From, To time.Duration }

func (ReplaySought) input() {}

// sought marks the streams: what lies between is neither here nor missing.
func (s *State) sought(in ReplaySought) {
	words := "the replay went from " + Elapsed(in.From) + " to " + Elapsed(in.To) + "; what lies between is not here"
	if in.To < in.From {
		words = "the replay went back from " + Elapsed(in.From) + " to " + Elapsed(in.To)
	}
	for _, list := range [][]*Thing{s.Things, s.hidden} {
		for _, t := range list {
			if t.Tail == nil || t.Phase == Ended {
				continue
			}
			t.Tail.Interrupt(GapReplay, words, s.Now)
			if l := s.LensOf(t.Method); l != nil {
				l.miss(t.ID)
			}
		}
	}
}

// Span is a time that is over, with the position of somebody in it: a recording that
// is played.
type Span struct {
	Begin            time.Time
	Length, Position time.Duration
}

var errNoMoment = errors.New("not a moment: 2m30s, 02:30, +30s, -1m, 50%, end and the time of day work")

// Moment reads a moment in it: how long after its beginning (2m30s, 02:30, 90 for
// seconds), from the position (+30s, -1m), a share of it (50%), start or end, or the
// time of day, where no length can be meant. Who goes too far by a step from the
// position gets to the end.
func (s Span) Moment(text string) (time.Duration, error) {
	text = strings.ToLower(strings.Join(strings.Fields(text), ""))
	switch text {
	case "":
		return 0, errNoMoment
	case "start", "begin", "beginning":
		return 0, nil
	case "end":
		return s.Length, nil
	}
	if share, ok := strings.CutSuffix(text, "%"); ok {
		n, err := strconv.ParseFloat(share, 64)
		if err != nil {
			return 0, errNoMoment
		}
		if !(n >= 0 && n <= 100) {
			return 0, fmt.Errorf("%s is not from 0%% to 100%%", text)
		}
		return time.Duration(n / 100 * float64(s.Length)), nil
	}
	if sign := text[0]; sign == '+' || sign == '-' {
		d, ok := lasting(text[1:])
		if !ok {
			return 0, errNoMoment
		}
		if sign == '-' {
			d = -d
		}
		return min(max(s.Position+d, 0), s.Length), nil
	}
	d, ok := lasting(text)
	if ok && d <= s.Length {
		return d, nil
	}
	if at, clock := s.timeOfDay(text); clock {
		if at >= 0 && at <= s.Length {
			return at, nil
		}
		const layout = "15:04:05"
		return 0, fmt.Errorf("%s is not in it: it is %s long, from %s to %s", text, Elapsed(s.Length), s.Begin.Format(layout), s.Begin.Add(s.Length).Format(layout))
	}
	if !ok {
		return 0, errNoMoment
	}
	return 0, fmt.Errorf("%s is not in it: it is %s long", text, Elapsed(s.Length))
}

// lasting reads a length of time: 2m30s, 2:30, 1:02:30, 90.
func lasting(text string) (time.Duration, bool) {
	if n, err := strconv.ParseUint(text, 10, 31); err == nil {
		return time.Duration(n) * time.Second, true
	}
	if parts := strings.Split(text, ":"); len(parts) > 1 {
		if len(parts) > 3 {
			return 0, false
		}
		var sum float64
		for i, part := range parts {
			n, err := strconv.ParseFloat(part, 64)
			if err != nil || n < 0 || !(n < 60) && i > 0 || part[0] < '0' || part[0] > '9' || i < len(parts)-1 && n != float64(int(n)) || n > 1e5 {
				return 0, false
			}
			sum = sum*60 + n
		}
		return time.Duration(sum * float64(time.Second)).Round(time.Millisecond), true
	}
	d, err := time.ParseDuration(text)
	return d, err == nil && text[0] >= '0' && text[0] <= '9'
}

// timeOfDay reads a time of day: the first one of the span, or of its first day.
func (s Span) timeOfDay(text string) (time.Duration, bool) {
	for _, layout := range []string{"15:04:05", "15:04"} {
		t, err := time.ParseInLocation(layout, text, s.Begin.Location())
		if err != nil {
			continue
		}
		b := s.Begin
		at := time.Date(b.Year(), b.Month(), b.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), b.Location())
		if d := at.Sub(b); d >= 0 || at.AddDate(0, 0, 1).Sub(b) > s.Length {
			return d, true
		}
		return at.AddDate(0, 0, 1).Sub(b), true
	}
	return 0, false
}
