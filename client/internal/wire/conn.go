// Package wire carries the messages of an interop bus (the gw3 protocol): what
// a connection is, how a message's fields are called, and how they are read
// and written without touching the bodies inside.
//
// # Concurrency
//
// A [Conn] takes one reader and any number of writers at a time. An [Outbox]
// gathers messages for one, so that many share a system call; it never waits.
// Frames and the functions on them are plain values.
//
// The package knows nothing of who speaks: it must not import the client, the
// gateway or anything above. Only ws.go may import the websocket package.
package wire

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// Conn carries whole messages, in order, both ways.
type Conn interface {
	// Read waits for the next message. The caller owns the bytes. When ctx ends
	// while Read waits, the connection may be broken afterwards. After the other
	// side closed, Read gives what was still under way and then a *CloseError.
	Read(ctx context.Context) ([]byte, error)
	// Write sends one message and does not keep msg. A ctx that ends in the
	// middle of a write breaks the connection.
	Write(ctx context.Context, msg []byte) error
	// Close says goodbye with a WebSocket close code and a reason of at most 123
	// bytes, and releases everything. It may wait some seconds for the other
	// side's goodbye. With CodeCut it waits for nothing and says nothing. A
	// second Close does nothing.
	Close(code int, reason string) error
}

// Pinger is what a Conn offers that can tell whether the other side is still
// there. Ping waits for the answer; it needs a Read to be under way.
type Pinger interface {
	Ping(ctx context.Context) error
}

// Close codes, as RFC 6455 section 7.4 numbers them.
const (
	// CodeCut is no code of the protocol: the connection is cut without a word.
	CodeCut       = 0
	CodeNormal    = 1000
	CodeGoingAway = 1001
	CodeNoStatus  = 1005
	CodeAbnormal  = 1006
	CodeBadText   = 1007
	CodePolicy    = 1008
	CodeTooBig    = 1009
)

// ErrClosed is the error of a Read or a Write on a connection that this side
// has closed.
var ErrClosed = errors.New("connection closed")

// CloseError says that the other side closed, and how. It is an io.EOF to
// errors.Is when the goodbye was an ordinary one.
type CloseError struct {
	Code   int
	Reason string
}

// Error implements error.
func (e *CloseError) Error() string {
	if e.Reason == "" {
		return fmt.Sprintf("connection closed by the other side: code %d", e.Code)
	}
	return fmt.Sprintf("connection closed by the other side: code %d, %s", e.Code, e.Reason)
}

// Is reports an ordinary goodbye as io.EOF.
func (e *CloseError) Is(target error) bool {
	ordinary := e.Code == CodeNormal || e.Code == CodeGoingAway || e.Code == CodeNoStatus
	return target == io.EOF && ordinary
}

// TooBigError says that the other side sends a message longer than the limit of
// this one. The rest of it is still under way: the connection is of no more use,
// and is to be closed with CodeTooBig.
type TooBigError struct {
	// Limit is in bytes.
	Limit int64
}

// Error implements error.
func (e *TooBigError) Error() string {
	return fmt.Sprintf("message longer than the limit of %d bytes", e.Limit)
}

// HandshakeError says that a server answered, but not as a bus does: no upgrade
// to a WebSocket followed.
type HandshakeError struct {
	// Status is the HTTP status it gave.
	Status int
	Err    error
}

// Error implements error.
func (e *HandshakeError) Error() string {
	return fmt.Sprintf("http status %d instead of a websocket", e.Status)
}

// Unwrap gives the cause as the websocket library tells it.
func (e *HandshakeError) Unwrap() error { return e.Err }
