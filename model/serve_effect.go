package model

import (
	"encoding/json"
	"time"

	"ioscope/client/bus"
)

// ServeEffect is an effect that concerns what we offer. The set is closed.
type ServeEffect interface {
	Effect
	// Deed is what read-only forbids of it.
	Deed() Deed
}

// Provide offers a method or a stream.
type Provide struct {
	ID OfferingID
	Provision
}

// Withdraw takes an offering back. What waits is refused, subscriptions end.
type Withdraw struct{ ID OfferingID }

// Govern gives an offering other rules. What waits and fits one is answered by it.
type Govern struct {
	ID    OfferingID
	Rules []Rule
}

// AnswerTo answers a call, with a value or an error.
type AnswerTo struct {
	ID    OfferingID
	Call  int
	Value json.RawMessage
	Err   *bus.Error
}

// Admit accepts a subscriber on a branch, or rejects it with a reason.
type Admit struct {
	ID      OfferingID
	Request int
	Branch  string
	Reject  *string
}

// Push sends data once.
type Push struct {
	ID   OfferingID
	To   PushTo
	Data json.RawMessage
}

// Pace starts a timer, or starts it anew as it is now.
type Pace struct {
	ID    OfferingID
	Timer Timer
}

// Unpace stops a timer.
type Unpace struct {
	ID    OfferingID
	Timer int
}

// Dismiss ends subscriptions: that of one subscriber, or those of a branch.
type Dismiss struct {
	ID OfferingID
	To PushTo
}

// LoadOffers reads a file of offers.
type LoadOffers struct{ Path string }

func (Provide) effect()    {}
func (Withdraw) effect()   {}
func (Govern) effect()     {}
func (AnswerTo) effect()   {}
func (Admit) effect()      {}
func (Push) effect()       {}
func (Pace) effect()       {}
func (Unpace) effect()     {}
func (Dismiss) effect()    {}
func (LoadOffers) effect() {}

// Deed implements ServeEffect.
func (Provide) Deed() Deed { return ToOffer }

// Deed implements ServeEffect.
func (Withdraw) Deed() Deed { return ToOffer }

// Deed implements ServeEffect.
func (Govern) Deed() Deed { return ToAnswer }

// Deed implements ServeEffect.
func (AnswerTo) Deed() Deed { return ToAnswer }

// Deed implements ServeEffect.
func (Admit) Deed() Deed { return ToAnswer }

// Deed implements ServeEffect.
func (Push) Deed() Deed { return ToPush }

// Deed implements ServeEffect.
func (Pace) Deed() Deed { return ToPush }

// Deed implements ServeEffect.
func (Unpace) Deed() Deed { return ToPush }

// Deed implements ServeEffect.
func (Dismiss) Deed() Deed { return ToOffer }

// Deed implements ServeEffect.
func (LoadOffers) Deed() Deed { return ToOffer }

// Provided tells that an offering stands, or why it does not.
type Provided struct {
	ID  OfferingID
	Err error
}

// Came tells of a call, or a wish to subscribe, that waits for a person.
type Came struct {
	ID           OfferingID
	Call         int
	Caller       bus.Instance
	Args         json.RawMessage
	At, Deadline time.Time
}

// Over tells how a call or a wish ended. It may not have been told of before: a
// rule decides at once.
type Over struct {
	Came
	How  Outcome
	Over time.Time
	// Rule is the id of the rule that did it.
	Rule   int
	Value  json.RawMessage
	Err    string
	Branch string
}

// Joined tells of a subscriber that was accepted.
type Joined struct {
	ID         OfferingID
	Subscriber int
	Who        bus.Instance
	Args       json.RawMessage
	Branch     string
	At         time.Time
}

// Parted tells of a subscriber that is gone. How is who ended it: CallerLeft, ByHand
// where we did, ByRule where its time was over, or ConnectionLost.
type Parted struct {
	ID         OfferingID
	Subscriber int
	At         time.Time
	How        Outcome
}

// Sown tells of data that was pushed: by hand, or by a timer, whose next is due
// then. Err says why a timer stopped.
type Sown struct {
	ID    OfferingID
	Timer int
	To    PushTo
	At    time.Time
	Next  time.Time
	Err   error
}

// OffersRead tells what is in a file of offers, or what is wrong with it. Notes are
// what is odd about it.
type OffersRead struct {
	Path   string
	Offers []Provision
	Notes  []string
	Err    error
}

func (Provided) input()   {}
func (Came) input()       {}
func (Over) input()       {}
func (Joined) input()     {}
func (Parted) input()     {}
func (Sown) input()       {}
func (OffersRead) input() {}
