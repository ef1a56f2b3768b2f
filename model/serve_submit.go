package model

import (
	"encoding/json"
	"slices"
	"strconv"

	"ioscope/client/bus"
)

// Submit does what a form on a page of offers asks for. Where anything is wrong,
// nothing is done and the form says what.
func (s *State) Submit(v Provider) []Effect {
	f := v.View().Form
	switch f.Kind {
	case NewOffer:
		return s.submitOffer(v, f)
	case AnswerCall:
		value, ok := s.checked(f)
		if !ok {
			return nil
		}
		return s.Reply(v, f.Call, value, nil)
	case FailCall:
		if _, ok := s.checked(f); !ok {
			return nil
		}
		return s.Reply(v, f.Call, nil, &bus.Error{Reason: f.texts()[fieldReason]})
	case RejectRequest:
		if _, ok := s.checked(f); !ok {
			return nil
		}
		reason := f.texts()[fieldReason]
		return s.decide(v, f.Call, Admit{Reject: &reason})
	case EditRule:
		return s.submitRule(v, f)
	case PushData:
		data, ok := s.checked(f)
		if !ok {
			return nil
		}
		return s.push(f, data)
	case SetTimer:
		return s.submitTimer(v, f)
	case ChangeOffer:
		return s.submitChange(v, f)
	}
	return nil
}

func (s *State) submitOffer(v Provider, f *ServeForm) []Effect {
	if s.refuse(ToOffer) {
		return nil
	}
	t := f.texts()
	def := bus.MethodDefinition{
		Name: t[fieldName], Accepts: t[fieldAccepts], Returns: t[fieldReturns],
		DisplayName: t[fieldTitle], Description: t[fieldAbout], ObjectTypes: commaList(t[fieldTypes]),
	}
	for _, row := range f.Sheet.Form.Rows(s.Now) {
		if row.Path == fieldStream {
			def.Streaming = row.On
		}
	}
	if _, ok := s.checked(f); !ok {
		if why := s.NameTaken(def); why != "" {
			s.Say(why)
		}
		return nil
	}
	v.View().Form = nil
	s.forgetKept(def.Name)
	o := s.provide(Provision{Def: def, Patience: duration(t[fieldPatience])})
	if thing := s.ThingOf(o); thing != nil {
		s.show(thing)
	}
	return []Effect{Provide{o.ID, o.Provision}}
}

// Reply answers a call, unless it is too late.
func (s *State) Reply(v Provider, in *Incoming, value json.RawMessage, err *bus.Error) []Effect {
	if s.refuse(ToAnswer) || s.tooLate(in) {
		return nil
	}
	in.sent = true
	v.View().Form = nil
	s.onward(in.Of)
	return []Effect{AnswerTo{in.Of.ID, in.ID, value, err}}
}

// onward lets the cursor go to what waits next.
func (s *State) onward(o *Offering) { o.moved, s.Serving().moved = false, false }

// tooLate says so where something that came in is over, or is being answered.
func (s *State) tooLate(in *Incoming) bool {
	switch {
	case in.How != Undecided:
		s.Say(in.Late(s.Now))
	case in.sent:
		s.Say("the answer is on its way")
	default:
		return false
	}
	return true
}

// Accept accepts a subscriber on a branch; the empty key is the common one.
func (s *State) Accept(in *Incoming, branch string) []Effect {
	return s.decide(nil, in, Admit{Branch: branch})
}

// decide settles a wish to subscribe, unless it is too late.
func (s *State) decide(v Provider, in *Incoming, how Admit) []Effect {
	if s.refuse(ToAnswer) || s.tooLate(in) {
		return nil
	}
	in.sent = true
	if v != nil {
		v.View().Form = nil
	}
	s.onward(in.Of)
	how.ID, how.Request = in.Of.ID, in.ID
	return []Effect{how}
}

func (s *State) submitRule(v Provider, f *ServeForm) []Effect {
	if _, ok := s.checked(f, append(f.atMostOne(fieldValue, fieldJQ, fieldError), f.atMostOne(fieldBranch, fieldReject)...)...); !ok || s.refuse(ToAnswer) {
		return nil
	}
	t := f.texts()
	r := Rule{When: t[fieldWhen], JQ: t[fieldJQ], Branch: t[fieldBranch], After: duration(t[fieldAfter])}
	if t[fieldValue] != "" {
		r.Value = json.RawMessage(t[fieldValue])
	}
	if reason := t[fieldError] + t[fieldReject]; reason != "" {
		r.Error = &bus.Error{Reason: reason}
	}
	v.View().Form = nil
	s.onward(f.Of)
	if old := f.Of.rule(f.Rule); old != nil {
		r.ID, r.Times = old.ID, old.Times
		*old = r
	} else {
		r.ID = f.Of.id()
		f.Of.Rules = append(f.Of.Rules, r)
	}
	effects := f.Of.govern()
	if f.Call != nil && f.Call.How == Undecided && !f.Call.sent && !f.Of.Streaming() && r.Value != nil && r.After == 0 {
		// The call that the rule was made for gets the answer that was written for it,
		// also where the condition was changed.
		f.Call.sent = true
		effects = append([]Effect{AnswerTo{f.Of.ID, f.Call.ID, r.Value, nil}}, effects...)
	}
	return effects
}

func (o *Offering) govern() []Effect { return []Effect{Govern{o.ID, slices.Clone(o.Rules)}} }

// MoveRule moves a rule up or down: the first that fits counts.
func (s *State) MoveRule(v Provider, delta int) []Effect {
	row, ok := s.ServeAt(v)
	if !ok || row.Kind != RowRule || s.refuse(ToAnswer) {
		return nil
	}
	to := row.Rule + delta
	if to < 0 || to >= len(row.Of.Rules) {
		return nil
	}
	rules := row.Of.Rules
	rules[row.Rule], rules[to] = rules[to], rules[row.Rule]
	return row.Of.govern()
}

// DeleteRule takes a rule away.
func (s *State) DeleteRule(o *Offering, i int) []Effect {
	if s.refuse(ToAnswer) {
		return nil
	}
	o.Rules = slices.Delete(o.Rules, i, i+1)
	return o.govern()
}

// ToggleAccept lets a stream accept everybody that no rule decides on, or ask again.
func (s *State) ToggleAccept(o *Offering) []Effect {
	if s.refuse(ToAnswer) {
		return nil
	}
	if auto := o.AutoAccept(); auto != nil {
		o.Rules = slices.DeleteFunc(o.Rules, func(r Rule) bool { return r.ID == auto.ID })
		s.Say(o.Def.Name + " asks you for each subscriber")
	} else {
		o.Rules = append(o.Rules, Rule{ID: o.id()})
		s.Say(o.Def.Name + " accepts everybody")
	}
	return o.govern()
}

// push sends data by hand; the form stays for the next.
func (s *State) push(f *ServeForm, data json.RawMessage) []Effect {
	if s.refuse(ToPush) {
		return nil
	}
	f.Of.pushed = data
	n := len(f.Of.Reached(f.To))
	if n == 0 {
		s.Say("nobody listens; nothing was pushed")
		return nil
	}
	s.Say("pushed to " + Count(n, "subscriber"))
	return []Effect{Push{f.Of.ID, f.To, data}}
}

func (s *State) submitTimer(v Provider, f *ServeForm) []Effect {
	if t := f.texts(); t[fieldJQ] != "" && f.suggested != "" && t[fieldValue] == f.suggested {
		f.Sheet.Form.LeaveOut(fieldValue) // an expression was typed in its place
	}
	more := f.atMostOne(fieldJQ, fieldValue)
	t := f.texts()
	if t[fieldJQ]+t[fieldValue] == "" {
		more = append(more, FieldError{Path: fieldJQ, Reason: "nothing to push; write jq or a value"})
	}
	if _, ok := s.checked(f, more...); !ok || s.refuse(ToPush) {
		return nil
	}
	timer := Timer{ID: f.Timer, To: f.To, Every: duration(t[fieldEvery]), After: duration(t[fieldEvery]), JQ: t[fieldJQ]}
	timer.Times, _ = strconv.Atoi(t[fieldTimes])
	timer.Numbered, timer.Snapshot = f.Sheet.Form.Ticked(fieldNumbered), f.Sheet.Form.Ticked(fieldSnapshot)
	if t[fieldValue] != "" {
		timer.Value = json.RawMessage(t[fieldValue])
	}
	v.View().Form = nil
	if old := f.Of.timer(f.Timer); old != nil {
		timer.Sent = old.Sent
		*old = timer
	} else {
		timer.ID = f.Of.id()
		f.Of.Timers = append(f.Of.Timers, timer)
	}
	return []Effect{Pace{f.Of.ID, timer}}
}

// StopTimer takes a timer away.
func (s *State) StopTimer(o *Offering, i int) []Effect {
	if s.refuse(ToPush) {
		return nil
	}
	id := o.Timers[i].ID
	o.Timers = slices.Delete(o.Timers, i, i+1)
	return []Effect{Unpace{o.ID, id}}
}

// Dismiss ends subscriptions: that of one subscriber, or those of a branch.
func (s *State) Dismiss(o *Offering, to PushTo) []Effect {
	if s.refuse(ToOffer) {
		return nil
	}
	return []Effect{Dismiss{o.ID, to}}
}

// ClearPast forgets what is over.
func (s *State) ClearPast(v Provider) int {
	n := 0
	for _, o := range v.Served(s) {
		n += len(o.Past)
		o.Past = nil
	}
	return n
}
