package model

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"ioscope/client/bus"
)

// OfferingID names something that we offer. It is never used again.
type OfferingID int

// Standing is how an offering stands with the bus.
type Standing int

// The standings of an offering.
const (
	// Registering: the bus was asked.
	Registering Standing = iota
	// Offered: others can use it.
	Offered
	// Withdrawn: it was taken back, and can be offered again.
	Withdrawn
	// Refused: the bus said no; Err says why.
	Refused
)

// Patience is how long callers and subscribers wait when they say nothing else.
// The bus tells nobody how long: it is the default of the official clients.
const Patience = 30 * time.Second

// Provision is what makes an offering: what is announced, and what is done without
// asking.
type Provision struct {
	Def    bus.MethodDefinition
	Rules  []Rule
	Timers []Timer
	// CloseAfter ends each subscription to a stream, for CloseReason; 0 for never.
	CloseAfter  time.Duration
	CloseReason string
	// Patience is how long a caller is taken to wait.
	Patience time.Duration
	// Seed is what the numbers of random come from.
	Seed uint64
}

// Rule answers a call, or decides on a subscription, without asking. The first one
// that fits counts.
type Rule struct {
	ID int
	// When is a condition in jq over the arguments; empty fits always.
	When string
	// After is how long an answer takes.
	After time.Duration
	// Value and JQ are the answer to a call; Error refuses it, or a subscriber.
	Value json.RawMessage `json:",omitempty"`
	JQ    string
	Error *bus.Error
	// Branch makes the key of the branch, in jq; empty is the common one.
	Branch string
	// Times counts how often it answered.
	Times int
}

// Incoming is a call or a wish to subscribe that came in.
type Incoming struct {
	ID       int
	Of       *Offering
	Caller   bus.Instance
	Args     json.RawMessage
	At       time.Time
	Deadline time.Time
	// Sheet is the answer in the making; nil until it is looked at.
	Sheet *Sheet
	// Open shows all of it in the list.
	Open bool

	// How it ended, when, and with what. Rule is the number, from 1, of the rule
	// that did it.
	How    Outcome
	Over   time.Time
	Took   time.Duration
	Rule   int
	Value  json.RawMessage
	Err    string
	Branch string
	// Subscriber is the number of somebody who was subscribed and is gone, Got what was
	// pushed to it; 0 for a call or a wish. That has no ID of its own.
	Subscriber, Got int
	// sent is true once an answer is on its way.
	sent bool
}

// Awaits reports whether it waits for somebody to decide: no answer is on its way.
func (in *Incoming) Awaits() bool { return in.How == Undecided && !in.sent }

// Outcome is how an incoming call or subscription ended.
type Outcome int

// The outcomes.
const (
	// Undecided: it waits.
	Undecided Outcome = iota
	ByHand
	ByRule
	// RanOut: nobody answered in time.
	RanOut
	// CallerLeft: the other side left, or took its wish back.
	CallerLeft
	// ConnectionLost: ours was, and theirs to us with it.
	ConnectionLost
)

// Subscriber is somebody who follows a stream of ours.
type Subscriber struct {
	ID    int
	Of    *Offering
	Who   bus.Instance
	Args  json.RawMessage
	Key   string
	Since time.Time
	// Sent counts what was pushed to it, Private of those to it alone.
	Sent, Private int
}

// OwnBranch is a branch of a stream of ours. It is there as long as it has
// subscribers.
type OwnBranch struct {
	Of  *Offering
	Key string
	// Sent counts what was pushed on it.
	Sent    int
	Traffic Traffic
}

// PushTo is whom data is pushed to: nothing set is all.
type PushTo struct {
	// Branch is the one that is meant; nil is each.
	Branch *string
	// Subscriber is the one that is meant; 0 is all.
	Subscriber int
	// Each pushes to each subscriber alone.
	Each bool
}

// Timer pushes from time to time.
type Timer struct {
	ID int
	To PushTo
	// Every 0 pushes once, Times 0 without end.
	Every, After time.Duration
	Times        int
	Value        json.RawMessage `json:",omitempty"`
	JQ           string
	// Numbered gives each event its n as sequence number, Snapshot marks it as one.
	Numbered, Snapshot bool `json:",omitempty"`
	// Sent counts, Next is when the next one is due, Err is why it stopped.
	Sent int
	Next time.Time
	Err  string
}

// Beside says what is told beside its data.
func (t Timer) Beside() string {
	words := ""
	if t.Numbered {
		words += ", numbered"
	}
	if t.Snapshot {
		words += ", snapshot"
	}
	return words
}

// Offering is a method or a stream that we offer.
type Offering struct {
	ServeView
	Provision
	ID OfferingID
	// File is where it was read from; empty when it was made by hand.
	File string
	// Kept is true while it is one of the run before that was not offered since:
	// nobody sees it.
	Kept     bool
	Standing Standing
	Err      error
	Since    time.Time

	// Waiting are the calls, or wishes to subscribe, that wait, by deadline. Past are
	// those that do not, the latest last.
	Waiting, Past                []*Incoming
	Answered, Failed, RuleServed int

	Subscribers []*Subscriber
	Branches    []*OwnBranch
	// Keys are the keys of all branches that ever were.
	Keys    []string
	Pushed  int
	Traffic Traffic
	// pushed is what was pushed by hand last.
	pushed json.RawMessage
	nextID int
}

// pastKept bounds what an offering remembers.
const pastKept = 200

// Title is the name.
func (o *Offering) Title() string { return o.Def.Name }

// Streaming reports whether it is a stream.
func (o *Offering) Streaming() bool { return o.Def.Streaming }

// AutoAccept is the rule that accepts everybody, or nil.
func (o *Offering) AutoAccept() *Rule {
	for i := range o.Rules {
		if r := &o.Rules[i]; o.Streaming() && r.When == "" && r.Error == nil && r.Branch == "" {
			return r
		}
	}
	return nil
}

// RuleNumber is the place of a rule, from 1; 0 where it is gone.
func (o *Offering) RuleNumber(id int) int {
	return slices.IndexFunc(o.Rules, func(r Rule) bool { return r.ID == id }) + 1
}

// Reach says whom a push goes to; alone says it of one subscriber.
func (o *Offering) Reach(to PushTo, alone func(*Subscriber) string) string {
	each := ""
	if to.Each {
		each = "each on "
	}
	switch {
	case to.Subscriber != 0:
		for _, s := range o.Subscribers {
			if s.ID == to.Subscriber {
				return alone(s)
			}
		}
		return "one who has left"
	case to.Branch != nil && *to.Branch == "":
		return each + "the common branch"
	case to.Branch != nil:
		return each + "branch " + *to.Branch
	case to.Each:
		return "each alone"
	}
	return "all"
}

// On lists the subscribers of a branch.
func (o *Offering) On(key string) []*Subscriber {
	var out []*Subscriber
	for _, s := range o.Subscribers {
		if s.Key == key {
			out = append(out, s)
		}
	}
	return out
}

// Reached lists the subscribers that a push reaches.
func (o *Offering) Reached(to PushTo) []*Subscriber {
	var out []*Subscriber
	for _, s := range o.Subscribers {
		if to.Subscriber != 0 && s.ID != to.Subscriber || to.Branch != nil && s.Key != *to.Branch {
			continue
		}
		out = append(out, s)
	}
	return out
}

func (o *Offering) subscriber(id int) *Subscriber {
	for _, s := range o.Subscribers {
		if s.ID == id {
			return s
		}
	}
	return nil
}

func (o *Offering) branch(key string) *OwnBranch {
	for _, b := range o.Branches {
		if b.Key == key {
			return b
		}
	}
	return nil
}

func (o *Offering) timer(id int) *Timer {
	for i := range o.Timers {
		if o.Timers[i].ID == id {
			return &o.Timers[i]
		}
	}
	return nil
}

func (o *Offering) rule(id int) *Rule {
	for i := range o.Rules {
		if o.Rules[i].ID == id {
			return &o.Rules[i]
		}
	}
	return nil
}

// id is a number that names a rule or a timer of the offering.
func (o *Offering) id() int {
	o.nextID++
	return o.nextID
}

// wait puts something that came in among what waits.
func (o *Offering) wait(in *Incoming) {
	o.Waiting = append(o.Waiting, in)
	slices.SortStableFunc(o.Waiting, func(a, b *Incoming) int { return a.Deadline.Compare(b.Deadline) })
}

func (o *Offering) waiting(id int) *Incoming {
	for _, in := range o.Waiting {
		if in.ID == id {
			return in
		}
	}
	return nil
}

// remember puts something among what is over.
func (o *Offering) remember(in *Incoming) {
	o.Past = append(o.Past, in)
	if n := len(o.Past) - pastKept; n > 0 {
		o.Past = slices.Delete(o.Past, 0, n)
	}
}

// end moves something that came in to the past.
func (o *Offering) end(in *Incoming, how Outcome, at time.Time) {
	in.How, in.Over = how, at
	o.Waiting = slices.DeleteFunc(o.Waiting, func(x *Incoming) bool { return x == in })
	o.remember(in)
	switch {
	case how == ByRule:
		o.RuleServed++
	case how != ByHand:
		return
	}
	if in.Err != "" {
		o.Failed++
	} else {
		o.Answered++
	}
}

// Hurts says what would be lost if the offering were closed; empty for nothing.
func (o *Offering) Hurts() string {
	var parts []string
	if n := len(o.Subscribers); n > 0 {
		parts = append(parts, Count(n, "subscriber")+" lose"+map[bool]string{true: "s"}[n == 1]+" it")
	}
	if n := len(o.Waiting); n > 0 {
		noun := "call"
		if o.Streaming() {
			noun = "request"
		}
		parts = append(parts, Count(n, noun)+" wait"+map[bool]string{true: "s"}[n == 1]+" for an answer")
	}
	if len(parts) == 2 {
		return parts[0] + ", " + parts[1]
	}
	return cmp.Or(append(parts, "")...)
}

// Kind is the word for what it is.
func (o *Offering) Kind() string {
	if o.Streaming() {
		return "stream"
	}
	return "method"
}
