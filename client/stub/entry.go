package stub

import (
	"encoding/json"
	"strconv"
	"time"

	"ioscope/client/bus"
)

// Happening is what an entry of the log tells.
type Happening int

const (
	// Called: a call was answered; Err is set where the answer was an error.
	Called Happening = iota
	// Accepted: a subscription was accepted, on Branch.
	Accepted
	// Rejected: a subscription was refused; Err says why.
	Rejected
	// Left: a subscription has ended.
	Left
	// Failed: a jq program failed at something that nobody waits for; Err says how.
	Failed
)

// String returns the happening's word.
func (h Happening) String() string {
	switch h {
	case Called:
		return "called"
	case Accepted:
		return "accepted"
	case Rejected:
		return "rejected"
	case Left:
		return "left"
	case Failed:
		return "failed"
	}
	return "Happening(" + strconv.Itoa(int(h)) + ")"
}

// Entry is one line of the log.
type Entry struct {
	At   time.Time
	What Happening
	// Name is the method's, or the stream's.
	Name string
	// Peer is who called or subscribed; zero in Failed.
	Peer bus.Instance
	// Branch is the key of the branch that a subscription is on; empty for the
	// common one.
	Branch string
	// Args are what came along, Value is what was returned; nil for none.
	Args, Value json.RawMessage
	Err         error
	// Took is how long a call took.
	Took time.Duration
}
