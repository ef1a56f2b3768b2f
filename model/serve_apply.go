package model

import (
	"cmp"
	"slices"
	"time"

	"ioscope/client/bus"
)

// served takes in what concerns our offers.
func (s *State) served(in Input) []Effect {
	switch in := in.(type) {
	case Provided:
		s.provided(in)
	case Came:
		if o := s.Offering(in.ID); o != nil {
			o.wait(incoming(o, in))
			s.announce(o)
		}
	case Over:
		s.over(in)
	case Joined:
		if o := s.Offering(in.ID); o != nil {
			o.joined(in)
		}
	case Parted:
		if o := s.Offering(in.ID); o != nil {
			o.parted(in)
		}
	case Sown:
		if o := s.Offering(in.ID); o != nil {
			o.sown(in)
		}
	case OffersRead:
		return s.offersRead(in)
	}
	return nil
}

func (s *State) provided(in Provided) {
	o := s.Offering(in.ID)
	switch {
	case o == nil:
	case in.Err != nil:
		o.Standing, o.Err = Refused, in.Err
		s.Say(o.Def.Name + " is not offered: " + in.Err.Error())
	default:
		o.Standing, o.Err, o.Since = Offered, nil, s.Now
	}
}

func incoming(o *Offering, in Came) *Incoming {
	return &Incoming{ID: in.Call, Of: o, Caller: in.Caller, Args: in.Args, At: in.At, Deadline: in.Deadline}
}

// announce says once in the footer that somebody waits, unless that is on the screen.
func (s *State) announce(o *Offering) {
	if v, ok := s.Content().(Provider); ok && slices.Contains(v.Served(s), o) {
		return
	}
	in := o.Waiting[len(o.Waiting)-1]
	verb := " asks "
	if o.Streaming() {
		verb = " asks for "
	}
	s.Say(in.Caller.Name() + verb + o.Def.Name + ".  " + Awaited(in.Deadline.Sub(s.Now)) + " left")
}

func (s *State) over(in Over) {
	o := s.Offering(in.ID)
	if o == nil {
		return
	}
	call := o.waiting(in.Call)
	if call == nil {
		call = incoming(o, in.Came)
	}
	call.Value, call.Err, call.Branch = in.Value, in.Err, in.Branch
	call.Took = in.Over.Sub(call.At)
	if in.How == ByRule {
		if r := o.rule(in.Rule); r != nil {
			r.Times++
		}
		call.Rule = o.RuleNumber(in.Rule)
	}
	o.end(call, in.How, in.Over)
	s.Traffic.Add(1, in.Over)
	if in.How == RanOut || in.How == CallerLeft {
		s.missed(call)
	}
	s.freed(call)
}

// missed says that a call went while its answer was being written.
func (s *State) missed(call *Incoming) {
	for _, v := range s.servers() {
		if f := v.View().Form; f != nil && f.Call == call {
			s.Say(call.Late(s.Now))
			return
		}
	}
}

// freed closes the forms for something that was answered, if by whatever.
func (s *State) freed(call *Incoming) {
	if call.How != ByHand && call.How != ByRule {
		return // the words that were written stay to be copied
	}
	for _, v := range s.servers() {
		if f := v.View().Form; f != nil && f.Call == call && f.Kind != EditRule {
			v.View().Form = nil
		}
	}
}

// Late says what became of something that came in and is over; empty while it
// waits.
func (in *Incoming) Late(now time.Time) string {
	who, ago := in.Caller.Name(), Awaited(now.Sub(in.Over))+" ago"
	word, was := "call", "your answer was not sent."
	if in.Of.Streaming() {
		word, was = "request", "nothing was sent."
	}
	switch in.How {
	case RanOut:
		return who + "'s " + word + " ran out " + ago + "; " + was
	case CallerLeft:
		if in.Of.Streaming() {
			return who + " took its request back " + ago + "; " + was
		}
		return who + " left " + ago + "; " + was
	case ConnectionLost:
		return "the connection was lost " + ago + ", and " + who + "'s " + word + " with it; " + was
	case ByRule:
		return "rule " + Number(max(in.Rule, 1)) + " answered " + who + " " + ago + "; " + was
	case ByHand:
		return who + " was answered " + ago
	case Undecided:
	}
	return ""
}

// Parting says how a subscription to a stream of ours ended, and what was sent on it.
func (in *Incoming) Parting() string {
	words := "left"
	switch in.How {
	case ByHand:
		words = "closed by you"
	case ByRule:
		words = "ended after its time"
	case ConnectionLost:
		words = "connection lost"
	case Undecided, RanOut, CallerLeft:
	}
	return words + ", got " + Count(in.Got, "event")
}

func (o *Offering) joined(in Joined) {
	o.Subscribers = append(o.Subscribers, &Subscriber{ID: in.Subscriber, Of: o, Who: in.Who, Args: in.Args, Key: in.Branch, Since: in.At})
	if o.branch(in.Branch) == nil {
		o.Branches = append(o.Branches, &OwnBranch{Of: o, Key: in.Branch})
		slices.SortFunc(o.Branches, func(a, b *OwnBranch) int { return cmp.Compare(a.Key, b.Key) })
	}
	if in.Branch != "" && !slices.Contains(o.Keys, in.Branch) {
		o.Keys = append(o.Keys, in.Branch)
		slices.Sort(o.Keys)
	}
}

func (o *Offering) parted(in Parted) {
	gone := o.subscriber(in.Subscriber)
	if gone == nil {
		return
	}
	o.Subscribers = slices.DeleteFunc(o.Subscribers, func(x *Subscriber) bool { return x == gone })
	if len(o.On(gone.Key)) == 0 {
		o.Branches = slices.DeleteFunc(o.Branches, func(b *OwnBranch) bool { return b.Key == gone.Key })
	}
	o.remember(&Incoming{
		Of: o, Subscriber: gone.ID, Caller: gone.Who, Args: gone.Args, Branch: gone.Key, Got: gone.Sent,
		At: gone.Since, Over: in.At, Took: in.At.Sub(gone.Since), How: in.How,
	})
	// A timer for that one alone has nobody any more.
	o.Timers = slices.DeleteFunc(o.Timers, func(t Timer) bool { return t.To.Subscriber == gone.ID })
}

func (o *Offering) sown(in Sown) {
	if t := o.timer(in.Timer); t != nil {
		t.Next = in.Next
		if in.Err != nil {
			t.Err, t.Next = in.Err.Error(), time.Time{}
			return
		}
		t.Sent++
	}
	alone := in.To.Subscriber != 0 || in.To.Each
	reached := map[string]bool{}
	for _, sub := range o.Reached(in.To) {
		sub.Sent++
		reached[sub.Key] = true
		if alone {
			sub.Private++
		}
	}
	if len(reached) == 0 {
		return
	}
	o.Pushed++
	o.Traffic.Add(1, in.At)
	for key := range reached {
		if b := o.branch(key); b != nil && !alone {
			b.Sent++
			b.Traffic.Add(1, in.At)
		}
	}
}

// callerWent ends what a peer that left had asked of us.
func (s *State) callerWent(e bus.ServerRemoved) []Effect {
	if e.Reset {
		return nil // those who answer know, and tell
	}
	var effects []Effect
	for _, o := range s.Serving().Offerings {
		for _, in := range slices.Clone(o.Waiting) {
			if in.Caller.PeerID != e.Server.PeerID {
				continue
			}
			if o.Streaming() {
				gone := "the subscriber left"
				effects = append(effects, Admit{ID: o.ID, Request: in.ID, Reject: &gone})
			} else {
				effects = append(effects, AnswerTo{ID: o.ID, Call: in.ID, Err: &bus.Error{Reason: "the caller left"}})
			}
			o.end(in, CallerLeft, e.At)
			in.Took = e.At.Sub(in.At)
			s.missed(in)
		}
	}
	return effects
}

// offersRead offers what a file has.
func (s *State) offersRead(in OffersRead) []Effect {
	if in.Err != nil {
		s.Say("not offered: " + in.Err.Error())
		return nil
	}
	var effects []Effect
	taken := ""
	n := 0
	for _, p := range in.Offers {
		if why := s.NameTaken(p.Def); why != "" {
			taken = why
			continue
		}
		s.forgetKept(p.Def.Name)
		o := s.provide(p)
		o.File = in.Path
		effects = append(effects, Provide{o.ID, o.Provision})
		n++
	}
	words := Count(n, "offer") + " from " + in.Path
	switch {
	case taken != "":
		words += ".  " + taken
	case len(in.Notes) > 0:
		words += ".  " + in.Notes[0]
	}
	s.Say(words)
	s.Go(Serve)
	return effects
}
