package model

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"ioscope/client/bus"
)

// Watch follows one value: a field of a stream, or of what a method returns when
// it is called again and again.
//
// A watch of a stream hears what a subscription of ours hears. It has none of its
// own: it shares the one that it was pinned from, or one with the same arguments,
// and keeps it when that is put away. So it costs nothing beside what is looked
// at, and comes back with its publisher as every subscription does.
type Watch struct {
	ID     int
	Method RowID
	Def    bus.MethodDefinition
	Target bus.Target
	Args   json.RawMessage
	// Path says where the value is; Every is how often a method is called.
	Path      string
	Every     time.Duration
	Condition Trigger
	// Quiet watches ring no bell, Paused ones follow nothing.
	Quiet, Paused bool

	// Value is what was there last; Seen when it came, Changed when it was another
	// one than before. Count counts the values, Absent the events without one.
	Value         string
	Seen, Changed time.Time
	Count, Absent int
	// Min and Max are of all numbers that came, where Numeric is true.
	Min, Max float64
	Numeric  bool
	// Holds is true while the condition holds, News until somebody has looked
	// after it rang; Rings counts how often it did, Rang is when last.
	Holds, News bool
	Rings       int
	Rang        time.Time
	// Fault is why there is no value: a call that failed, an expression.
	Fault string

	thing  ThingID // its subscription, or what its calls are asked as
	gen    int
	asking bool
	asked  time.Time
	born   time.Time
	steps  Steps
	raw    []byte
	points [watchSeconds]point
	judged bool // an expression is being asked
	due    bool // and there is a newer value since
}

// point is the last number of a second.
type point struct {
	second int64
	value  float64
}

const (
	watchSeconds = 64
	// watchValue is how much of a value is kept.
	watchValue = 4 << 10
	// bellEvery is how often the bell may ring at most.
	bellEvery = time.Second
)

// Row is the watch's id in the list of watches.
func (w *Watch) Row() RowID { return RowID("watch" + strconv.Itoa(w.ID)) }

// Stream reports whether it follows a stream, not a call.
func (w *Watch) Stream() bool { return w.Def.Streaming }

// Name is what it follows: Prices AAPL.
func (w *Watch) Name() string {
	name := ShortName(w.Def.Name)
	for _, t := range OneLine(w.Args, 60) {
		if t.Kind == TokenText || t.Kind == TokenNum || t.Kind == TokenLit {
			name += " " + t.Text
		}
	}
	return name
}

// Ring sounds the bell.
type Ring struct{}

func (Ring) effect() {}

// JudgeWatch asks the jq expression of a watch's condition about its value.
type JudgeWatch struct {
	Watch, Gen int
	Expr       string
	Value      json.RawMessage
}

func (JudgeWatch) effect() {}

// WatchJudged is the answer to [JudgeWatch].
type WatchJudged struct {
	Watch, Gen int
	Holds      bool
	Fault      string
}

func (WatchJudged) input() {}

// AddWatch pins a value of a stream or of a method's answer. Those of a stream
// take the subscription there is, or ask for one.
func (s *State) AddWatch(w *Watch) []Effect {
	s.watches.next++
	w.ID, w.born = s.watches.next, s.Now
	w.steps, _ = ReadPath(w.Path)
	s.watches.all = append(s.watches.all, w)
	effects := s.attach(w)
	s.refresh()
	return effects
}

// attach gives a watch what it hears of.
func (s *State) attach(w *Watch) []Effect {
	if !w.Stream() {
		s.nextThing++
		w.thing = s.nextThing
		return nil
	}
	for _, t := range s.subscriptions(w.Method) {
		if t.Live() && sameJSON(t.Args, w.Args) && t.Target.Mode == w.Target.Mode {
			w.thing = t.ID
			if value := t.lastEvent(); value != nil {
				return w.hear(s, value.At, value.Data)
			}
			return nil
		}
	}
	m := s.bus().Method(w.Method)
	if m == nil {
		m = &Method{ID: w.Method, Def: w.Def}
	}
	t := s.newThing(m, w.Target)
	s.Things = slices.DeleteFunc(s.Things, func(other *Thing) bool { return other == t })
	s.hidden = append(s.hidden, t)
	w.thing = t.ID
	t.Form.Fill(w.Args)
	t.ask(w.Args, forever, 30*time.Second, s.Now)
	t.Part = InRows
	return []Effect{Subscribe{t.ID, t.Gen, t.Def.Exactly(), t.Target, t.Args, t.WaitFor, t.AnswerIn}}
}

// sameJSON reports whether two arguments are equal but for blanks.
func sameJSON(a, b json.RawMessage) bool {
	flat := func(raw json.RawMessage) string {
		if len(raw) == 0 {
			return "{}"
		}
		var v any
		if json.Unmarshal(raw, &v) != nil {
			return string(raw)
		}
		text, _ := json.Marshal(v)
		return string(text)
	}
	return flat(a) == flat(b)
}

// lastEvent is the newest event that is kept, or nil.
func (t *Thing) lastEvent() *TailRow {
	for n := t.Tail.next; n > t.Tail.first; n-- {
		if row := t.Tail.at(n - 1); row.GapKind == NoGap {
			return row
		}
	}
	return nil
}

// watched reports whether a watch hears of a subscription.
func (s *State) watched(id ThingID) bool {
	return slices.ContainsFunc(s.watches.all, func(w *Watch) bool { return w.thing == id && w.Stream() })
}

// hide takes a subscription that is watched off Open, and lets it go on.
func (s *State) hide(t *Thing) bool {
	if t.Content != nil || !t.Stream() || !t.Live() || !s.watched(t.ID) {
		return false
	}
	s.hidden = append(s.hidden, t)
	s.Say("it goes on unseen, because it is watched; 8 shows the watches")
	return true
}

// release ends the subscription of a watch that is gone, where nobody sees it.
func (s *State) release(w *Watch) []Effect {
	if !w.Stream() {
		return []Effect{Stop{w.thing, w.gen}}
	}
	for i, t := range s.hidden {
		if t.ID == w.thing && !s.watched(t.ID) {
			s.hidden = slices.Delete(s.hidden, i, i+1)
			return s.GiveUp(t)
		}
	}
	return nil
}

// RemoveWatch takes a watch away, and ends what only it needed.
func (s *State) RemoveWatch(w *Watch) []Effect {
	s.watches.all = slices.DeleteFunc(s.watches.all, func(o *Watch) bool { return o == w })
	s.refresh()
	return s.release(w)
}

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
	s.Say("◎ " + w.Name() + " " + PathName(w.Path) + "  " + w.Condition.Text + "  now " + value)
	return []Effect{Ring{}}
}

// watchStream lets the watches of a subscription hear an event.
func (s *State) watchStream(t *Thing, e bus.StreamData) []Effect {
	var effects []Effect
	for _, w := range s.watches.all {
		if w.thing == t.ID {
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

// Heard is the subscription that a watch hears of, and whether it is in no list.
func (s *State) Heard(w *Watch) (t *Thing, hidden bool) {
	t = s.Thing(w.thing)
	return t, slices.Contains(s.hidden, t)
}

// Silent is how long no value has come.
func (w *Watch) Silent(now time.Time) time.Duration {
	if w.Seen.IsZero() {
		return now.Sub(w.born)
	}
	return now.Sub(w.Seen)
}

// Spark is the value at the end of each of the last n seconds, scaled from 1 to
// 7; 0 before there was one. What is no number has none.
func (w *Watch) Spark(now time.Time, n int) []int {
	out := make([]int, n)
	low, high := 0.0, 0.0
	var list []float64
	known := make([]bool, n)
	values := make([]float64, n)
	last, ok := 0.0, false
	for i := -watchSeconds + n + 1; i < n; i++ {
		second := now.Unix() - int64(n-1-i)
		if p := w.points[uint64(second)%watchSeconds]; p.second == second && second > 0 {
			last, ok = p.value, true
		}
		if i >= 0 && ok {
			values[i], known[i] = last, true
			list = append(list, last)
		}
	}
	if len(list) == 0 {
		return out
	}
	low, high = slices.Min(list), slices.Max(list)
	for i, v := range values {
		switch {
		case !known[i]:
		case high == low:
			out[i] = 4
		default:
			out[i] = 1 + int(6*(v-low)/(high-low))
		}
	}
	return out
}

// Bound writes Min or Max with no more digits than it needs.
func Bound(n float64) string {
	text := strconv.FormatFloat(n, 'f', -1, 64)
	if len(text) > 14 {
		text = strconv.FormatFloat(n, 'g', 6, 64)
	}
	return text
}

// pathOf completes what a person types as a path: bid, .bid and $.bid are one.
func pathOf(text string) (string, error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "" || text == "." || text == "$":
		return "$", nil
	case text[0] == '$':
	case text[0] == '.' || text[0] == '[':
		text = "$" + text
	default:
		text = "$." + text
	}
	if _, ok := ReadPath(text); !ok {
		return "", fmt.Errorf("not a path: %s; bid, venue.code and list[0] work", text)
	}
	return text, nil
}
