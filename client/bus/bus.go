// Package bus is the vocabulary of an interop bus: ids, instances, method
// definitions, targets, results and the events that a client hears.
//
// It is shared by the client, the gateway and the explorer's model, and is
// therefore pure: standard library only, no I/O, no clock, no goroutines.
// All its types are plain values. Payloads stay raw JSON, so that every digit
// and byte survives. Strings in here came from the bus as they are and must be
// sanitized before anybody draws them.
package bus

import (
	"encoding/json"
	"strings"
	"time"
)

// PeerID names a peer of the bus, as the gateway calls it. It is opaque, and a
// peer that reconnects gets another one.
type PeerID string

// MethodID is the raw JSON scalar by which a peer calls one of its methods,
// for example `"0"` with its quotes, or `7`. The protocol compares ids by type
// and value, so `1` and `"1"` are two ids.
type MethodID string

// SubscriptionID names a subscription; the gateway makes it.
type SubscriptionID string

// DefaultTimeout is how long an invocation waits for a method to appear, and
// then for its answer, where nothing else is said. Official clients have the same.
const DefaultTimeout = 30 * time.Second

// Instance is one application on the bus, as the gateway resolved its identity.
// Unknown fields are empty.
type Instance struct {
	PeerID          PeerID
	Application     string
	ApplicationName string
	Instance        string
	Machine         string
	User            string
	Region          string
	Environment     string
	WindowID        string
	API             string
	// PID is the process id; 0 when the application gave none.
	PID int64
	// Local is true when the peer hangs on the same gateway node.
	Local bool
	// Identity is the whole resolved identity, as it came.
	Identity json.RawMessage
}

// Name is what a person calls the instance: its application name, else its
// application, else its instance id, else its peer id.
func (i Instance) Name() string {
	for _, s := range []string{i.ApplicationName, i.Application, i.Instance} {
		if s != "" {
			return s
		}
	}
	return string(i.PeerID)
}

// ParseInstance reads the identity of a peer-added or welcome message. Fields
// of an unexpected type are left empty, never an error: identities are made by
// strangers.
func ParseInstance(peer PeerID, identity json.RawMessage, local bool) Instance {
	var fields map[string]json.RawMessage
	_ = json.Unmarshal(identity, &fields)
	text := func(key string) string {
		raw, ok := fields[key]
		if !ok {
			return ""
		}
		var s string
		if json.Unmarshal(raw, &s) == nil {
			return s
		}
		var n json.Number
		if json.Unmarshal(raw, &n) == nil {
			return n.String()
		}
		return ""
	}
	var pid json.Number
	_ = json.Unmarshal(fields["process"], &pid)
	number, _ := pid.Int64()
	return Instance{
		PeerID:          peer,
		Application:     text("application"),
		ApplicationName: text("applicationName"),
		Instance:        text("instance"),
		Machine:         text("machine"),
		User:            text("user"),
		Region:          text("region"),
		Environment:     text("environment"),
		WindowID:        text("windowId"),
		API:             text("api"),
		PID:             number,
		Local:           local,
		Identity:        identity,
	}
}

// MethodDefinition is a method or a stream as its server registered it.
type MethodDefinition struct {
	// ID is the server's own name for it; empty in a definition that is to be
	// registered, where the client chooses it.
	ID          MethodID
	Name        string
	DisplayName string
	Description string
	// Accepts and Returns are signatures; see ParseSignature. Empty means not
	// declared.
	Accepts     string
	Returns     string
	ObjectTypes []string
	// Version is 0 when the server gave none.
	Version int
	// Streaming is true for a stream, on the wire flags.streaming.
	Streaming bool
	// Flags are the user's own flags, on the wire flags.metadata; nil for none.
	Flags json.RawMessage
	// Restrictions hides the method from peers that do not match.
	Restrictions string
	// Raw is the whole definition as it was announced; nil in one of our own.
	Raw json.RawMessage
}

// MethodKey is what makes two definitions the same method to the bus: name,
// accepts and returns, without regard to case.
type MethodKey string

// Key returns the method's identity.
func (m MethodDefinition) Key() MethodKey {
	// The separator keeps ("ab","c") apart from ("a","bc"); official clients
	// concatenate, which differs only for names that nobody uses.
	return MethodKey(strings.ToLower(m.Name + "\x00" + m.Accepts + "\x00" + m.Returns))
}

// Ref names one method of one server.
type Ref struct {
	Peer   PeerID
	Method MethodID
}

// Error is what the other side said: the gateway, a server or a publisher.
type Error struct {
	// URI is the reason_uri, such as "agm.errors.invocation.failure"; may be empty.
	URI string
	// Reason is the text the other side gave; may be empty.
	Reason string
	// Context is what came along with the error, raw JSON; nil for none.
	Context json.RawMessage
}

// Error returns the reason, or the URI where no reason was given.
func (e *Error) Error() string {
	switch {
	case e.Reason != "":
		return e.Reason
	case e.URI != "":
		return e.URI
	}
	return "no reason given"
}

// Is reports whether target is an *Error of the same URI that says nothing else,
// so that errors.Is(err, &Error{URI: ClientError}) tells kinds of errors apart.
func (e *Error) Is(target error) bool {
	kind, ok := target.(*Error)
	return ok && kind.URI == e.URI && kind.Reason == "" && kind.Context == nil
}

// The URIs of what goes wrong most often (gw3 9).
const (
	// ClientError: the method's handler returned an error.
	ClientError = "agm.errors.client_error"
	// InvocationFailure: the gateway could not deliver a call, or whom it was for
	// left before the answer.
	InvocationFailure = "agm.errors.invocation.failure"
	// SubscriptionRejected: the publisher refused.
	SubscriptionRejected = "com.tick42.agm.errors.subscription.failure"
	// AuthenticationFailure: the gateway refused the log-in.
	AuthenticationFailure = "global.errors.authentication.failure"
	// PeerRemoved and MethodRemoved: a subscription ended because its publisher left,
	// or took the stream back (gw3 6).
	PeerRemoved   = "agm.peer-removed"
	MethodRemoved = "agm.method-removed"
)
