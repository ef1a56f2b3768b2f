package model

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"ioscope/client/bus"
)

// WatchList is the page of the watches, and the form in which one is made or
// changed.
type WatchList struct {
	// Sheet is the form that is open, Of the watch that it changes; nil for a new
	// one.
	Sheet *Sheet
	Of    *Watch

	all  []*Watch
	next int
	rang time.Time
}

// WatchList is all that is pinned.
func (s *State) WatchList() *WatchList { return s.watches }

// All are the watches, in the order of pinning.
func (l *WatchList) All() []*Watch { return l.all }

// Rows implements [Listed].
func (l *WatchList) Rows(_ *State, list *List) (rows []RowID, hidden int) {
	for _, w := range l.all {
		if !list.Passes(strings.Join([]string{w.Name(), w.Def.Name, w.Path, w.Value, w.Condition.Text, w.KeyWords()}, " ")) {
			hidden++
			continue
		}
		rows = append(rows, w.Row())
	}
	return rows, hidden
}

// Current is the watch that the cursor is on, or nil.
func (l *WatchList) Current(s *State) *Watch {
	id := s.Lists[Watches].Cursor()
	i := slices.IndexFunc(l.all, func(w *Watch) bool { return w.Row() == id })
	if i < 0 {
		return nil
	}
	return l.all[i]
}

// Move implements [Content].
func (l *WatchList) Move(s *State, delta int) {
	s.Lists[Watches].move(delta)
	l.look(s)
}

// look takes the mark of what rang from the watch under the cursor.
func (l *WatchList) look(s *State) {
	if w := l.Current(s); w != nil {
		w.News = false
	}
}

// Enter implements [Content]: it goes to what is watched.
func (l *WatchList) Enter(s *State) []Effect {
	w := l.Current(s)
	if w == nil {
		return nil
	}
	w.News = false
	if w.Stream() {
		s.reveal(w.thing)
		return nil
	}
	m := s.bus().Method(w.Method)
	if m == nil {
		s.Say("nobody offers " + w.Def.Name + " now")
		return nil
	}
	t := s.OpenForm(m, w.Target)
	t.Form.Fill(w.Args)
	return nil
}

// Back implements [Content].
func (l *WatchList) Back(*State) bool {
	if l.Sheet != nil {
		l.Sheet, l.Of = nil, nil
		return true
	}
	return false
}

// watchForm is the signature of the form: of a new watch, and of one that is.
const (
	watchOf   = "string watch (a stream or a method), string? arguments (JSON), "
	watchRest = "string path (bid, venue.code, list[0]), string? only (events of one key: sym AAPL), string? every (for a method: 10 s), string? condition, bool? bell"
)

// Edit opens the form of a watch.
func (l *WatchList) Edit(s *State, w *Watch) {
	l.open(s, watchRest)
	l.Of = w
	l.bell(!w.Quiet)
	l.Sheet.Form.SetText("path", strings.TrimPrefix(JQPath(w.Path), "."))
	if w.Every > 0 {
		l.Sheet.Form.SetText("every", w.Every.String())
	}
	if w.Key != "" {
		l.Sheet.Form.SetText("only", w.KeyWords())
	}
	if w.Condition.Text != "" {
		l.Sheet.Form.SetText("condition", w.Condition.Text)
	}
	l.Sheet.Focus = "condition"
}

// New opens the form of a new watch, filled with what is on the screen.
func (l *WatchList) New(s *State, from *Watch) {
	l.open(s, watchOf+watchRest)
	l.Of = nil
	l.bell(true)
	if from == nil {
		l.Sheet.Focus = l.Sheet.FirstStop(s.Now)
		return
	}
	l.Sheet.Form.SetText("watch", from.Def.Name)
	if len(from.Args) > 0 && string(from.Args) != "{}" {
		l.Sheet.Form.SetText("arguments", string(from.Args))
	}
	if from.Path != "" {
		l.Sheet.Form.SetText("path", strings.TrimPrefix(JQPath(from.Path), "."))
	}
	if from.Key != "" {
		l.Sheet.Form.SetText("only", from.KeyWords())
	}
	l.Sheet.Focus = "path"
}

func (l *WatchList) open(s *State, signature string) {
	l.Sheet = &Sheet{Form: NewForm(signature), Foot: []FieldPath{StopSend}}
	s.Go(Watches)
}

func (l *WatchList) bell(on bool) {
	raw := json.RawMessage(`{"bell":false}`)
	if on {
		raw = json.RawMessage(`{"bell":true}`)
	}
	l.Sheet.Form.Fill(raw)
}

// watchFields are what the form holds.
type watchFields struct {
	Watch, Arguments, Path, Only, Every, Condition string
	Bell                                           *bool
}

// Submit makes or changes the watch, unless something is wrong with the form.
func (l *WatchList) Submit(s *State) []Effect {
	f := l.Sheet
	raw, wrong := f.Form.Args(s.Now)
	f.Wrong = wrong
	var in watchFields
	if len(wrong) == 0 && json.Unmarshal(raw, &in) != nil {
		f.Wrong = []FieldError{{Path: StopJSON, Reason: "not what the form asks for"}}
	}
	if len(f.Wrong) > 0 {
		f.Focus = f.Wrong[0].Path
		return nil
	}
	w := &Watch{}
	if l.Of != nil {
		*w = Watch{Method: l.Of.Method, Def: l.Of.Def, Target: l.Of.Target, Args: l.Of.Args}
	}
	bad := func(path FieldPath, err error) {
		f.Wrong = append(f.Wrong, FieldError{Path: path, Reason: err.Error()})
	}
	if l.Of == nil {
		if err := s.watchWhat(w, in); err != nil {
			bad("watch", err)
		}
		if text := strings.TrimSpace(in.Arguments); text != "" {
			w.Args = json.RawMessage(text)
			if !json.Valid(w.Args) || text[0] != '{' {
				bad("arguments", errors.New(`not a JSON object; {"symbol":"AAPL"} works`))
			}
		}
	}
	var err error
	if w.Path, err = pathOf(in.Path); err != nil {
		bad("path", err)
	}
	if w.Key, w.Only, err = keyOf(in.Only); err == nil && w.Key != "" && w.Def.Name != "" && !w.Stream() {
		err = errors.New("only the events of a stream have a key")
	}
	if err != nil {
		bad("only", err)
	}
	if w.Condition, err = ReadTrigger(in.Condition); err != nil {
		bad("condition", err)
	}
	if !w.Stream() {
		w.Every = 10 * time.Second
		if in.Every != "" {
			if w.Every, err = ParseTimeout(in.Every); err != nil {
				bad("every", err)
			}
			w.Every = max(w.Every, time.Second)
		}
	}
	if len(f.Wrong) > 0 {
		f.Focus = f.Wrong[0].Path
		return nil
	}
	w.Quiet = in.Bell != nil && !*in.Bell
	of := l.Of
	l.Sheet, l.Of = nil, nil
	if of == nil {
		effects := s.AddWatch(w)
		s.Lists[Watches].point(w.Row())
		return effects
	}
	return of.become(s, w)
}

// watchWhat finds the stream or the method that is meant.
func (s *State) watchWhat(w *Watch, in watchFields) error {
	name := strings.TrimSpace(in.Watch)
	for _, m := range s.bus().Methods() {
		if strings.EqualFold(m.Def.Name, name) && !m.Drift {
			w.Method, w.Def = m.ID, m.Def
			if !m.Streaming() && s.Forbids(ToInvoke) != "" {
				return errors.New(s.Forbids(ToInvoke))
			}
			return nil
		}
	}
	return errors.New("the bus has no stream or method of this name")
}

// become changes a watch. With another path it begins anew.
func (w *Watch) become(s *State, to *Watch) []Effect {
	w.Every, w.Quiet = to.Every, to.Quiet
	if w.Condition.Text != to.Condition.Text {
		w.Condition, w.Holds, w.News, w.Fault = to.Condition, false, false, ""
		w.judged = false
	}
	if w.Path != to.Path || w.Key != to.Key || w.Only != to.Only {
		w.Path, w.Key, w.Only = to.Path, to.Key, to.Only
		w.aim()
		w.Value, w.Count, w.Absent, w.Numeric = "", 0, 0, false
		w.points = [watchSeconds]point{}
		w.Seen, w.Changed = time.Time{}, time.Time{}
	}
	if t := s.Thing(w.thing); w.Stream() && t != nil && t.Tail != nil {
		if last := t.latestOf(w); last != nil {
			return w.hear(s, last.At, last.Data)
		}
	}
	w.asked = time.Time{}
	return nil
}

// Pin watches what is under the cursor at once; it says what it did.
func (s *State) Pin(w *Watch) []Effect {
	effects := s.AddWatch(w)
	words := "watching " + PathName(w.Path) + " of " + w.Name()
	if key := w.KeyWords(); key != "" {
		words += ", " + key + " alone"
	}
	if !w.Stream() {
		words += " every " + Duration(w.Every)
	}
	s.Say(words + "; {go.watches} shows it, {watch.condition} there adds a condition")
	return effects
}

// Subject is a watch of a path in what a thing shows.
func (t *Thing) Subject(path string) *Watch {
	w := &Watch{Method: t.Method, Def: t.Def, Target: t.Target, Args: t.Args, Path: path}
	if !t.Stream() {
		w.Every = 10 * time.Second
		if t.Target.Mode == bus.All {
			w.Target = bus.Target{}
		}
	}
	return w
}

// NumberPath is the path of the first number in a payload, else of its first
// member.
func NumberPath(raw json.RawMessage) string {
	tree := NewTree(raw, 3)
	first := "$"
	for i := range min(tree.Len(), 200) {
		r := tree.Row(i)
		switch {
		case r.Kind == NumberValue:
			return r.Path
		case first == "$" && !r.Foldable:
			first = r.Path
		}
	}
	return first
}
