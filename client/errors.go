package client

import (
	"errors"
	"fmt"
	"time"

	"ioscope/client/bus"
)

// ErrClosed is the error of everything that is asked of a closed client, or of
// a closed stream.
var ErrClosed = errors.New("client is closed")

// ErrFull is why a subscription ended whose buffer was full and whose policy is
// EndWhenFull.
var ErrFull = errors.New("buffer is full")

// NoMethodError says that no server offered what was wanted, within the time
// that was allowed.
type NoMethodError struct {
	Filter bus.MethodFilter
	Target bus.Target
	// Waited is how long the client looked out for it; 0 when it was not to wait.
	Waited time.Duration
	// Offered is true when some server offers the method, but none that the
	// target means.
	Offered bool
}

// Error implements error.
func (e *NoMethodError) Error() string {
	what := "method"
	if e.Filter.Streaming != nil && *e.Filter.Streaming {
		what = "stream"
	}
	text := fmt.Sprintf("no %s %q on the bus", what, e.Filter.Name)
	if e.Offered {
		text = fmt.Sprintf("no server of %s %q fits the target %s", what, e.Filter.Name, e.Target.Mode)
	}
	if e.Waited > 0 {
		text += fmt.Sprintf(" after %s", e.Waited)
	}
	return text
}

// NoAnswerError says that a server, or a publisher, kept silent for too long. A
// later answer is ignored.
type NoAnswerError struct {
	// Server is the one that was asked last; others may have kept silent too.
	Server bus.Instance
	// Waited is the response timeout.
	Waited time.Duration
}

// Error implements error.
func (e *NoAnswerError) Error() string {
	return fmt.Sprintf("no answer from %s within %s", e.Server.Name(), e.Waited)
}

// Timeout is true, as with the errors of package net.
func (e *NoAnswerError) Timeout() bool { return true }

// RejectedError says that every publisher that was asked refused the
// subscription.
type RejectedError struct {
	// Server is the publisher that refused last.
	Server bus.Instance
	// Reason is the publisher's own text, without the prefix that official
	// publishers put before it; may be empty.
	Reason string
	// Err is what came over the wire.
	Err *bus.Error
}

// Error implements error.
func (e *RejectedError) Error() string {
	if e.Reason == "" {
		return fmt.Sprintf("subscription rejected by %s", e.Server.Name())
	}
	return fmt.Sprintf("subscription rejected by %s: %s", e.Server.Name(), e.Reason)
}

// Unwrap gives what came over the wire.
func (e *RejectedError) Unwrap() error { return e.Err }

// RefusedError says that the gateway refused the log-in. The client does not
// try again by itself; see [Client.Retry].
type RefusedError struct {
	// Err is what the gateway said.
	Err *bus.Error
}

// Error implements error.
func (e *RefusedError) Error() string { return "log-in refused: " + e.Err.Error() }

// Unwrap gives what the gateway said.
func (e *RefusedError) Unwrap() error { return e.Err }

// LostError says that the connection ended before an answer came. Whether the
// other side acted on the question can't be known.
type LostError struct {
	// Err is why it ended.
	Err error
}

// Error implements error.
func (e *LostError) Error() string { return fmt.Sprintf("connection lost: %v", e.Err) }

// Unwrap gives the cause.
func (e *LostError) Unwrap() error { return e.Err }

// NameTakenError says that this client has a method or a stream of that name.
type NameTakenError struct{ Name string }

// Error implements error.
func (e *NameTakenError) Error() string {
	return fmt.Sprintf("this client has a method or stream %q already", e.Name)
}
