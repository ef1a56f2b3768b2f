package model

import "ioscope/client/bus"

// Input is something that was heard. The set is closed. Those that belong to a
// thing name its generation, and are dropped when that is over.
type Input interface{ input() }

// Heard is a discovery event or a change of the connection.
type Heard struct{ Event bus.Event }

// Sent tells whom an invocation reached, just before it was sent.
type Sent struct {
	Thing   ThingID
	Gen     int
	Servers []bus.Instance
}

// Returned is the answer of one server.
type Returned struct {
	Thing  ThingID
	Gen    int
	Return bus.Return
}

// Finished is the end of an invocation. Err says why nothing could be asked;
// nil when all that were asked have been heard of.
type Finished struct {
	Thing ThingID
	Gen   int
	Err   error
}

// Streamed is an event of a subscription.
type Streamed struct {
	Thing ThingID
	Gen   int
	Event bus.Event
}

// Subscribed is the outcome of asking for a subscription: nil once a publisher
// accepted, else why there is none.
type Subscribed struct {
	Thing ThingID
	Gen   int
	Err   error
}

// Overrun tells that events of a subscription were thrown away before the
// screen could take them.
type Overrun struct {
	Thing ThingID
	Gen   int
	Count int
}

func (Heard) input()      {}
func (Sent) input()       {}
func (Returned) input()   {}
func (Finished) input()   {}
func (Streamed) input()   {}
func (Subscribed) input() {}
func (Overrun) input()    {}

// Moved tells that we went to another bus.
type Moved struct{ Options }

func (Moved) input() {}

// Told is a sentence for the person.
type Told struct{ Text string }

func (Told) input() {}
