package model

import (
	"bytes"
	"encoding/json"
	"slices"
	"time"

	"ioscope/client/bus"
)

// OpenForm opens a form for a method or a stream, filled with the values of the
// last call where there was one. A form for the same method that was not sent
// yet is gone to instead of opening another.
func (s *State) OpenForm(m *Method, target bus.Target) *Thing {
	for _, t := range s.Things {
		if t.Method == m.ID && t.Phase == Filling {
			t.Target = target
			s.show(t)
			return t
		}
	}
	t := s.newThing(m, target)
	if calls := s.Calls(m.ID, 1); len(calls) > 0 {
		t.Form.Fill(calls[0].Args)
		t.Remembered = calls[0].At
	}
	t.Focus = t.FirstStop(s.Now)
	s.show(t)
	return t
}

func (s *State) newThing(m *Method, target bus.Target) *Thing {
	s.nextThing++
	t := &Thing{
		ID: s.nextThing, born: s.Now, Method: m.ID, Def: m.Def, From: s.Rail,
		Sheet: Sheet{
			Form: NewForm(m.Def.Accepts),
			Head: []FieldPath{StopTarget, StopWait, StopAnswer}, Foot: []FieldPath{StopSend},
		},
		Target: target, Wait: "30s", Answer: "30s",
	}
	t.Texts = map[FieldPath]*string{StopWait: &t.Wait, StopAnswer: &t.Answer}
	if t.Stream() {
		t.Tail = NewTail(s.tailOptions())
	}
	s.retire()
	s.Things = append(s.Things, t)
	return t
}

// retire lets answered calls that nobody touched leave Open when another comes.
func (s *State) retire() {
	keep := s.Things[:0:0]
	for _, t := range s.Things {
		if t.Content != nil || t.Stream() || t.Phase != Ended || t.touched {
			keep = append(keep, t)
		}
	}
	s.Things = keep
}

// show puts the thing into the workspace, with the keyboard.
func (s *State) show(t *Thing) {
	s.refresh()
	if s.Focus != Workspace {
		s.came = s.Focus
	}
	if s.Page > Open {
		s.camePage = s.Page
	}
	// What is opened is shown, whatever Open is narrowed to.
	if open := &s.Lists[Open]; !open.point(t.Row()) && open.Filter != "" {
		s.SetFilter(Open, "")
		open.point(t.Row())
		s.Say("the filter of Open is gone: what you opened does not pass it")
	}
	s.Rail, s.Focus, s.Page = Open, Workspace, Workspace
	s.Welcome = false
}

// Reach is the servers that a thing's target means now.
func (s *State) Reach(t *Thing) []*Server { return s.Means(t.Method, t.Target) }

// Means is the servers that a target means now, of those who offer a method.
func (s *State) Means(method RowID, target bus.Target) []*Server {
	m := s.bus().Method(method)
	if m == nil {
		return nil
	}
	var candidates []bus.Candidate
	for _, o := range m.Offers {
		candidates = append(candidates, bus.Candidate{Server: o.Server.Instance, Method: o.Def, Mine: o.Server.Mine})
	}
	var out []*Server
	for _, c := range target.Choose(candidates) {
		if srv := s.bus().ByPeer(c.Server.PeerID); srv != nil {
			out = append(out, srv)
		}
	}
	return out
}

// AsksFirst reports whether the person is to be asked before a call goes out,
// because it reaches several servers and each of them acts.
func (s *State) AsksFirst(method RowID, target bus.Target) bool {
	m := s.bus().Method(method)
	switch {
	case m == nil || m.Streaming() || s.ReadOnly:
		return false
	case s.unasked[method] == s.Now.Format(time.DateOnly):
		return false
	}
	return len(s.Means(method, target)) > 1
}

// AskNoMore lets calls of a method go to several servers without asking, for the rest
// of the day.
func (s *State) AskNoMore(method RowID) {
	if s.unasked == nil {
		s.unasked = map[RowID]string{}
	}
	s.unasked[method] = s.Now.Format(time.DateOnly)
}

// Ready returns the arguments of a form that could be sent as it is.
func (s *State) Ready(t *Thing) (json.RawMessage, bool) {
	_, _, wrong := t.parseTimeouts()
	args, more := t.Form.Args(s.Now)
	return args, len(wrong)+len(more)+len(t.lacking(s.Now)) == 0
}

// Send checks the form and asks. Where anything is wrong, nothing is sent, the
// form says what, and the keyboard goes to the first wrong field.
func (s *State) Send(t *Thing) []Effect {
	if s.notThen() {
		return nil
	}
	if !t.Stream() && s.refuse(ToInvoke) {
		return nil
	}
	wait, answer, wrong := t.parseTimeouts()
	args, more := t.Form.Args(s.Now)
	t.Wrong = t.wanting(append(wrong, more...), s.Now)
	if len(t.Wrong) > 0 {
		// Who leaves it to choose an environment finds it again.
		t.touched = t.touched || slices.ContainsFunc(t.Wrong, func(w FieldError) bool { return w.Lacks != "" })
		t.Focus = t.Wrong[0].Path
		if !slices.Contains(t.Stops(s.Now), t.Focus) && t.Wrong[0].Lacks != "" {
			t.Focus = StopSend // it is in a member without a field
		}
		if t.Form.Mode() == JSONMode && len(wrong) == 0 {
			t.Focus = StopJSON
		}
		return nil
	}
	if s.Conn.State != bus.Live {
		s.Say("not sent: the bus is not connected")
		return nil
	}
	var effects []Effect
	if t.Live() {
		effects = append(effects, Stop{t.ID, t.Gen})
	}
	left := t.leaves(args, s.Now)
	t.ask(args, wait, answer, s.Now)
	t.Asides = nil
	if t.Stream() {
		if t.left = left; left.IsZero() {
			t.Tail = NewTail(s.tailOptions())
			t.sift()
		}
		t.Part = InRows
		return append(effects, Subscribe{t.ID, t.Gen, t.Def.Exactly(), t.Target, args, wait, answer})
	}
	t.Part = InResult
	return append(effects, Invoke{t.ID, t.Gen, t.Def.Exactly(), t.Target, args, wait, answer})
}

// leaves is since when a subscription that is asked for again hears nothing; zero
// where nothing is kept, or what is kept answers other arguments.
func (t *Thing) leaves(args []byte, now time.Time) time.Time {
	switch {
	case !t.Stream() || t.Tail == nil || t.Tail.Len() == 0 || !bytes.Equal(args, t.Args):
		return time.Time{}
	case t.Live():
		return now
	}
	return t.Over
}

func (t *Thing) ask(args []byte, wait, answer time.Duration, now time.Time) {
	t.Gen++
	t.Phase, t.Asked, t.Over = Asking, now, time.Time{}
	t.Args, t.WaitFor, t.AnswerIn = args, wait, answer
	t.Err, t.GivenUp, t.Closing, t.Unfolded = nil, false, nil, false
	t.Reaches, t.Results = nil, Results{}
	t.View.ByHand, t.View.Condensed = false, false
	t.Accepted, t.Interrupted, t.Event, t.wire, t.Publishers = time.Time{}, time.Time{}, nil, nil, nil
}

// Repeat asks the same again.
func (s *State) Repeat(t *Thing) []Effect { return s.Send(t) }

// RepeatLast asks what a method was asked last.
func (s *State) RepeatLast(m *Method) []Effect {
	calls := s.Calls(m.ID, 1)
	if s.notThen() {
		return nil
	}
	if len(calls) == 0 || s.refuse(ToInvoke) {
		return nil
	}
	t := s.newThing(m, calls[0].Target)
	t.Form.Fill(calls[0].Args)
	t.Focus = t.FirstStop(s.Now)
	s.show(t)
	return s.Send(t)
}

// GiveUp stops waiting for a call, or ends a subscription.
func (s *State) GiveUp(t *Thing) []Effect {
	if !t.Live() {
		return nil
	}
	was := t.Phase
	t.Phase, t.Over, t.GivenUp = Ended, s.Now, true
	t.Interrupted = time.Time{}
	if t.Stream() {
		return []Effect{Stop{t.ID, t.Gen}}
	}
	effects := s.remember(t)
	if was == Asking && len(t.Results.Answers) > 0 {
		// It is with the servers: what they still say belongs to the history.
		if s.late == nil {
			s.late = map[lateCall]*Record{}
		}
		s.late[lateCall{t.ID, t.Gen}] = t.Record
	} else {
		effects = append(effects, Stop{t.ID, t.Gen})
	}
	t.Gen++
	return effects
}

// Close takes a thing off Open; what goes on is given up first.
func (s *State) Close(t *Thing) []Effect {
	var effects []Effect
	unseen := s.hide(t)
	if !unseen {
		effects = s.GiveUp(t)
	}
	if t.Content != nil {
		effects = t.Content.End(s)
	}
	keep := s.Things[:0:0]
	for _, other := range s.Things {
		if other != t {
			keep = append(keep, other)
		}
	}
	s.Things = keep
	if !unseen {
		s.putAway(t)
	}
	s.refresh()
	if s.Focus == Workspace && s.Rail == Open && s.Page == Workspace {
		s.Go(s.came)
	}
	return effects
}

// tailOptions bound what is kept of a stream, and let its gap rows name publishers.
func (s *State) tailOptions() TailOptions {
	return TailOptions{MaxRows: s.KeepRows, MaxBytes: s.KeepBytes, Name: func(peer bus.PeerID) string {
		return s.bus().NameOf(peer)
	}}
}
