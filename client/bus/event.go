package bus

import (
	"encoding/json"
	"strings"
	"time"
)

// Event is something that a client heard. The set is closed; the order in which
// a client reports events is the order on its connection.
type Event interface{ event() }

// ConnState is what a connection is doing.
type ConnState int

const (
	// Connecting: the first attempt, or the next one, is under way.
	Connecting ConnState = iota
	// Live: logged in and joined.
	Live
	// Lost: the connection is gone or could not be made; another try follows at RetryAt.
	Lost
	// Refused: the gateway answered and refused the log-in; nothing is tried again by itself.
	Refused
	// Closed: closed by us, for good.
	Closed
)

// String returns the state's word.
func (s ConnState) String() string {
	return [...]string{"connecting", "live", "lost", "refused", "closed"}[s]
}

// ConnChanged tells of the connection itself.
type ConnChanged struct {
	State ConnState
	At    time.Time
	URL   string
	// Attempt counts the tries since the connection was last live, from 1.
	Attempt int
	// RetryAt is when the next try starts; zero unless State is Lost.
	RetryAt time.Time
	// Err is why, in Lost and Refused.
	Err error
	// Self is who we are on the bus; set in Live.
	Self Instance
	// Registrations and Subscriptions count what was restored; set in Live after a loss.
	Registrations, Subscriptions int
}

// ServerAdded tells of an application that joined. The client itself is
// reported too, first of all.
type ServerAdded struct {
	At     time.Time
	Server Instance
	// Mine is true for the client itself.
	Mine bool
}

// ServerRemoved tells of an application that left.
type ServerRemoved struct {
	At     time.Time
	Server Instance
	// Reason is what the gateway said, may be empty.
	Reason string
	// Reset is true when it was our own connection that ended, and the server
	// may well still be there.
	Reset bool
}

// MethodsAdded tells what a server registered.
type MethodsAdded struct {
	At      time.Time
	Peer    PeerID
	Methods []MethodDefinition
}

// MethodsRemoved tells what a server unregistered, or took with it.
type MethodsRemoved struct {
	At      time.Time
	Peer    PeerID
	Methods []MethodDefinition
	// Reset is as in ServerRemoved.
	Reset bool
}

// StreamAccepted tells that a publisher accepted a subscription.
type StreamAccepted struct {
	At     time.Time
	Server Instance
	// Subscription is its id at this publisher, as gateway and publisher know it.
	Subscription string
	// Restored is true after a reconnect, Joined when it was asked into a subscription
	// that ran already.
	Restored, Joined bool
}

// StreamData is one event of a stream.
type StreamData struct {
	At     time.Time
	Server PeerID
	// Private is true for a unicast to this subscriber alone, on the wire oob.
	Private bool
	// Snapshot and Sequence are the publisher's; Sequence is empty when it gave none.
	Snapshot bool
	Sequence json.Number
	// Data is the payload, as it came.
	Data json.RawMessage
}

// StreamLost tells that our own connection ended under a subscription; it is
// asked for again when the connection is back.
type StreamLost struct{ At time.Time }

// StreamLeft tells that one of several publishers ended its part in a subscription,
// which goes on with the others.
type StreamLeft struct {
	At     time.Time
	Server Instance
	// Reason and URI are what the publisher or the gateway said; may be empty.
	Reason, URI string
}

// StreamClosed is the last event of a subscription.
type StreamClosed struct {
	At time.Time
	// Server is the last publisher that ended it.
	Server Instance
	// Reason and URI are what the publisher or the gateway said; may be empty.
	Reason, URI string
	// Mine is true when we closed it.
	Mine bool
	// Failed is true when nobody closed it: it could not be restored after our own
	// connection was lost, or its buffer was full and it was not to lose events.
	Failed bool
}

// Why is the reason in a person's words: empty where the publisher only said that it
// ends the subscription, as official ones and ours do when they are given no reason.
func (e StreamClosed) Why() string { return closingWhy(e.Reason) }

// Why is as [StreamClosed.Why].
func (e StreamLeft) Why() string { return closingWhy(e.Reason) }

func closingWhy(reason string) string {
	if reason == "Server dropping a single subscription" || strings.HasPrefix(reason, "Server dropping all subscriptions on stream_id: ") {
		return ""
	}
	return reason
}

// Decode reads the payload into v as encoding/json does.
func (d StreamData) Decode(v any) error { return json.Unmarshal(d.Data, v) }

func (ConnChanged) event()    {}
func (ServerAdded) event()    {}
func (ServerRemoved) event()  {}
func (MethodsAdded) event()   {}
func (MethodsRemoved) event() {}
func (StreamAccepted) event() {}
func (StreamData) event()     {}
func (StreamLost) event()     {}
func (StreamLeft) event()     {}
func (StreamClosed) event()   {}

// Return is the answer of one server to an invocation.
type Return struct {
	// Server is who executed it.
	Server Instance
	// Method is what was called there, Args what with: the object as it was sent.
	Method MethodDefinition
	Args   json.RawMessage
	// Value is what it returned, as it came; nil when Err is set.
	Value json.RawMessage
	// Err is an *Error when the server or the gateway said no, and an error of the
	// client's own when nobody said anything.
	Err error
	// At is when the answer came, Took how long it was awaited.
	At   time.Time
	Took time.Duration
}

// Status is 0 for success and 1 for failure, as official clients number them.
func (r Return) Status() int {
	if r.Err != nil {
		return 1
	}
	return 0
}

// Message is what is wrong, in words; empty for success.
func (r Return) Message() string {
	if r.Err != nil {
		return r.Err.Error()
	}
	return ""
}

// Decode reads the value into v as encoding/json does, or returns Err.
func (r Return) Decode(v any) error {
	if r.Err != nil {
		return r.Err
	}
	return json.Unmarshal(r.Value, v)
}
