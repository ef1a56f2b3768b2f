package interval

import (
	"encoding/json"
	"errors"
	"fmt"
)

// Types of a frame.
const (
	frameMessage = "MESSAGE"
	frameAck     = "ACK"
)

// authenticated is the text that tells a host that it was accepted.
const authenticated = "authenticated"

// frame is one message of the WebSocket. A malformed one kills the process of a
// host that runs the SDK, so that none is ever written by hand.
type frame struct {
	ID   string          `json:"id"`
	Type string          `json:"type"`
	Data json.RawMessage `json:"data,omitempty"`
}

// FrameError says that the other side sent what is no frame.
type FrameError struct{ Err error }

// Error implements error.
func (e *FrameError) Error() string { return "not a frame of the protocol: " + e.Err.Error() }

// Unwrap gives the cause.
func (e *FrameError) Unwrap() error { return e.Err }

// readFrame is strict about what the protocol requires and blind to all else.
func readFrame(text []byte) (frame, error) {
	var loose struct {
		ID   *string         `json:"id"`
		Type string          `json:"type"`
		Data json.RawMessage `json:"data"`
	}
	if err := json.Unmarshal(text, &loose); err != nil {
		return frame{}, &FrameError{err}
	}
	switch {
	case loose.ID == nil:
		return frame{}, &FrameError{errors.New("no id")}
	case loose.Type != frameMessage && loose.Type != frameAck:
		return frame{}, &FrameError{fmt.Errorf("type %q", clip(loose.Type, 40))}
	}
	return frame{*loose.ID, loose.Type, loose.Data}, nil
}

// writeFrame never fails: text is text and data is made of text.
func writeFrame(id, kind string, data *string) []byte {
	f := frame{ID: id, Type: kind}
	if data != nil {
		f.Data, _ = json.Marshal(*data)
	}
	text, _ := json.Marshal(f)
	return text
}

// clip keeps the beginning of a text that goes into a message.
func clip(s string, room int) string {
	if runes := []rune(s); len(runes) > room {
		return string(runes[:room]) + "…"
	}
	return s
}
