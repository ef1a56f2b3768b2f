package model

import (
	"slices"
	"strconv"
	"time"

	"ioscope/client/bus"
)

// hear takes in an event, or an answer.
func (w *Watch) hear(s *State, at time.Time, data []byte) []Effect {
	if w.Paused {
		return nil
	}
	raw := w.steps.In(data)
	if raw == nil {
		w.Absent++
		return nil
	}
	w.Count++
	w.Seen = at
	text := string(raw[:min(len(raw), watchValue)])
	changed := w.Count > 1 && text != w.Value
	if text != w.Value || w.Count == 1 {
		w.Value, w.Changed = text, at
	}
	w.Fault = ""
	if n, err := strconv.ParseFloat(text, 64); err == nil {
		if !w.Numeric {
			w.Min, w.Max = n, n
		}
		w.Numeric = true
		w.Min, w.Max = min(w.Min, n), max(w.Max, n)
		w.points[uint64(at.Unix())%watchSeconds] = point{at.Unix(), n}
	}
	switch w.Condition.kind {
	case onChange:
		if changed {
			return w.ring(s)
		}
	case onCompare:
		return w.settle(s, w.Condition.holds(raw))
	case onSilence:
		w.Holds = false
	case onJQ:
		w.raw = slices.Clone(raw[:min(len(raw), watchValue)])
		return w.judge()
	case never:
	}
	return nil
}

// judge asks the expression about the value, one at a time: what comes meanwhile
// is asked about next, the latest alone.
func (w *Watch) judge() []Effect {
	if w.judged {
		w.due = true
		return nil
	}
	w.judged, w.due = true, false
	return []Effect{JudgeWatch{w.ID, w.gen, w.Condition.JQ(), w.raw}}
}

func (s *State) watchJudged(in WatchJudged) []Effect {
	w := s.watchByID(in.Watch)
	if w == nil {
		return nil
	}
	w.judged = false
	w.Fault = in.Fault
	effects := w.settle(s, in.Holds)
	if w.due && w.Condition.kind == onJQ {
		effects = append(effects, w.judge()...)
	}
	return effects
}

// settle takes over whether the condition holds, and rings when it begins to.
func (w *Watch) settle(s *State, holds bool) []Effect {
	was := w.Holds
	w.Holds = holds
	if holds && !was {
		return w.ring(s)
	}
	return nil
}

// ring tells that the condition is fulfilled: a mark, a notice and the bell.
func (w *Watch) ring(s *State) []Effect {
	w.Rings++
	w.Rang, w.News = s.Now, true
	if w.Quiet {
		return nil
	}
	if s.Now.Sub(s.watches.rang) < bellEvery {
		return nil
	}
	s.watches.rang = s.Now
	value := w.Value
	if len(value) > 40 {
		value = value[:40] + "…"
	}
	name := w.Name()
	if key := w.KeyWords(); key != "" {
		name += " of " + key
	}
	s.Say("◎ " + name + " " + PathName(w.Path) + "  " + w.Condition.Text + "  now " + value)
	return []Effect{Ring{}}
}

// watchStream lets the watches of a subscription hear an event.
func (s *State) watchStream(t *Thing, e bus.StreamData) []Effect {
	var effects []Effect
	for _, w := range s.watches.all {
		if w.thing == t.ID && w.follows(e.Data) {
			effects = append(effects, w.hear(s, e.At, e.Data)...)
		}
	}
	return effects
}

// watchReturned takes in what a call of a watch returned; false when it is of none.
func (s *State) watchReturned(in Returned) ([]Effect, bool) {
	w := s.watchOf(in.Thing)
	if w == nil || w.gen != in.Gen {
		return nil, w != nil
	}
	if in.Return.Err != nil {
		w.Fault = in.Return.Err.Error()
		return nil, true
	}
	return w.hear(s, s.Now, in.Return.Value), true
}

// watchFinished ends a call of a watch; false when it is of none.
func (s *State) watchFinished(in Finished) bool {
	w := s.watchOf(in.Thing)
	if w != nil && w.gen == in.Gen {
		w.asking = false
		if in.Err != nil {
			w.Fault = in.Err.Error()
		}
	}
	return w != nil
}

func (s *State) watchOf(id ThingID) *Watch {
	for _, w := range s.watches.all {
		if w.thing == id && !w.Stream() {
			return w
		}
	}
	return nil
}

func (s *State) watchByID(id int) *Watch {
	for _, w := range s.watches.all {
		if w.ID == id {
			return w
		}
	}
	return nil
}

// watchBeat calls what is due, and notices silence.
func (s *State) watchBeat() []Effect {
	var effects []Effect
	for _, w := range s.watches.all {
		if w.Condition.kind == onSilence && !w.Paused {
			since := w.Seen
			if since.IsZero() {
				since = w.born
			}
			effects = append(effects, w.settle(s, s.Now.Sub(since) >= w.Condition.span)...)
		}
		if w.Stream() {
			continue
		}
		why := s.Forbids(ToInvoke)
		switch {
		case w.Paused || w.asking || s.Conn.State != bus.Live || s.Now.Sub(w.asked) < w.Every:
		case why != "":
			w.Fault = why
		default:
			w.asked, w.asking = s.Now, true
			w.gen++
			effects = append(effects, Invoke{w.thing, w.gen, w.Def.Exactly(), w.Target, w.Args, w.Every, max(w.Every, 30*time.Second)})
		}
	}
	return effects
}
