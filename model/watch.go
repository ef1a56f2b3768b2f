package model

import (
	"encoding/json"
	"slices"
	"strconv"
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
	// Key and Only narrow it to the events of a stream with one value at Key.
	Key, Only string
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
	// keySteps is Key, read.
	keySteps Steps
	points   [watchSeconds]point
	judged   bool // an expression is being asked
	due      bool // and there is a newer value since
}

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
	w.aim()
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
			if value := t.latestOf(w); value != nil {
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
	s.Say("it goes on unseen, because it is watched; {go.watches} shows the watches")
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

// Heard is the subscription that a watch hears of, and whether it is in no list.
func (s *State) Heard(w *Watch) (t *Thing, hidden bool) {
	t = s.Thing(w.thing)
	return t, slices.Contains(s.hidden, t)
}
