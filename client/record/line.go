package record

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
)

// Version is the version of the format that this package writes, and reads.
const Version = 1

// magic is what the first line says of the file.
const magic = "recording"

// Header is the first line of a recording.
type Header struct {
	Ioscope     string    `json:"ioscope"`
	Version     int       `json:"version"`
	At          time.Time `json:"at"`
	URL         string    `json:"url,omitempty"`
	User        string    `json:"user,omitempty"`
	Application string    `json:"application,omitempty"`
	Program     string    `json:"program,omitempty"`
}

// What says what a line tells of.
type What string

// The lines of a recording; the package's documentation tells what each has.
const (
	Join       What = "join"
	Leave      What = "leave"
	Offer      What = "offer"
	Withdraw   What = "withdraw"
	Called     What = "call"
	Asked      What = "asked"
	Answered   What = "answer"
	Failed     What = "failed"
	Subscribed What = "subscribe"
	Accepted   What = "accepted"
	Rejected   What = "rejected"
	Event      What = "event"
	Parted     What = "parted"
	Lost       What = "lost"
	Closed     What = "closed"
	Connection What = "connection"
	Dropped    What = "dropped"
	End        What = "end"
)

// Line is any line but the first. Only the fields of its What are set.
type Line struct {
	At time.Time `json:"at"`
	// What and ID come next, so that a reader finds them without decoding.
	What    What `json:"what"`
	ID      int  `json:"id,omitempty"`
	Already bool `json:"already,omitempty"`

	Peer     bus.PeerID      `json:"peer,omitempty"`
	Identity json.RawMessage `json:"identity,omitempty"`
	Mine     bool            `json:"mine,omitempty"`
	Local    bool            `json:"local,omitempty"`
	Reset    bool            `json:"reset,omitempty"`
	Methods  []Method        `json:"methods,omitempty"`

	Method  string          `json:"method,omitempty"`
	Accepts *string         `json:"accepts,omitempty"`
	Returns *string         `json:"returns,omitempty"`
	Args    json.RawMessage `json:"args,omitempty"`
	Target  []string        `json:"target,omitempty"`
	Peers   []bus.PeerID    `json:"peers,omitempty"`

	MethodID bus.MethodID    `json:"methodId,omitempty"`
	TookMS   float64         `json:"took_ms,omitempty"`
	Value    json.RawMessage `json:"value,omitempty"`
	Error    *Error          `json:"error,omitempty"`

	Subscription string          `json:"subscription,omitempty"`
	Restored     bool            `json:"restored,omitempty"`
	Private      bool            `json:"private,omitempty"`
	Snapshot     bool            `json:"snapshot,omitempty"`
	Sequence     json.Number     `json:"sequence,omitempty"`
	Data         json.RawMessage `json:"data,omitempty"`
	Reason       string          `json:"reason,omitempty"`
	URI          string          `json:"uri,omitempty"`
	Failed       bool            `json:"failed,omitempty"`

	State   string `json:"state,omitempty"`
	URL     string `json:"url,omitempty"`
	Attempt int    `json:"attempt,omitempty"`

	Count   int64  `json:"count,omitempty"`
	Why     string `json:"why,omitempty"`
	Events  int64  `json:"events,omitempty"`
	Lines   int64  `json:"lines,omitempty"`
	Dropped int64  `json:"dropped,omitempty"`
}

// Took is how long an answer was awaited.
func (l *Line) Took() time.Duration { return time.Duration(l.TookMS * float64(time.Millisecond)) }

// Method is a definition as a recording has it. In a withdraw only its ID is set.
type Method struct {
	ID           bus.MethodID    `json:"id"`
	Name         string          `json:"name,omitempty"`
	DisplayName  string          `json:"displayName,omitempty"`
	Description  string          `json:"description,omitempty"`
	Accepts      string          `json:"accepts,omitempty"`
	Returns      string          `json:"returns,omitempty"`
	ObjectTypes  []string        `json:"objectTypes,omitempty"`
	Version      int             `json:"version,omitempty"`
	Streaming    bool            `json:"streaming,omitempty"`
	Flags        json.RawMessage `json:"flags,omitempty"`
	Restrictions string          `json:"restrictions,omitempty"`
	Raw          json.RawMessage `json:"raw,omitempty"`
}

// Definition is the method as the client knows methods.
func (m Method) Definition() bus.MethodDefinition { return bus.MethodDefinition(m) }

// Error is what went wrong: in the words of the other side, or in our own.
type Error struct {
	URI     string          `json:"uri,omitempty"`
	Reason  string          `json:"reason,omitempty"`
	Context json.RawMessage `json:"context,omitempty"`
	// Silent is true when nobody answered in time, Own when nobody on the bus said
	// this.
	Silent bool `json:"silent,omitempty"`
	Own    bool `json:"own,omitempty"`
}

// errorOf is an error as a recording has it; nil for none.
func errorOf(err error) *Error {
	var (
		rejected *client.RejectedError
		silent   *client.NoAnswerError
		said     *bus.Error
	)
	switch {
	case err == nil:
		return nil
	case errors.As(err, &rejected):
		e := &Error{Reason: rejected.Reason}
		if rejected.Err != nil {
			e.URI, e.Context = rejected.Err.URI, rejected.Err.Context
		}
		return e
	case errors.As(err, &silent):
		return &Error{Reason: err.Error(), Silent: true, Own: true}
	case errors.As(err, &said):
		return &Error{URI: said.URI, Reason: said.Reason, Context: said.Context}
	}
	return &Error{Reason: err.Error(), Own: true}
}

// Bus is the error as a server would say it.
func (e *Error) Bus() *bus.Error {
	return &bus.Error{URI: e.URI, Reason: e.Reason, Context: e.Context}
}

func methodsOf(defs []bus.MethodDefinition) []Method {
	out := make([]Method, len(defs))
	for i, d := range defs {
		out[i] = Method(d)
	}
	return out
}

func idsOf(defs []bus.MethodDefinition) []Method {
	out := make([]Method, len(defs))
	for i, d := range defs {
		out[i] = Method{ID: d.ID}
	}
	return out
}

// ErrEmpty says that a file has nothing in it.
var ErrEmpty = errors.New("it is empty, so it is no recording")

// ErrForeign says that a file is something else.
var ErrForeign = errors.New(`it is no recording: its first line does not say {"ioscope":"recording"}`)

// VersionError says that a recording is of a version that this package can't read.
type VersionError struct{ Version int }

// Error implements error.
func (e *VersionError) Error() string {
	return fmt.Sprintf("it is a recording of version %d, and this program reads version %d", e.Version, Version)
}
