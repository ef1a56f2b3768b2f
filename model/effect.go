package model

import (
	"encoding/json"
	"time"

	"ioscope/client/bus"
)

// Effect is something that the world must do. The set is closed.
type Effect interface{ effect() }

// Invoke asks servers. Every answer names the thing and its generation.
type Invoke struct {
	Thing  ThingID
	Gen    int
	Method bus.MethodFilter
	Target bus.Target
	Args   json.RawMessage
	// Wait is how long a server may take to appear, Answer how long to answer.
	Wait, Answer time.Duration
}

// Subscribe asks publishers.
type Subscribe struct {
	Thing        ThingID
	Gen          int
	Method       bus.MethodFilter
	Target       bus.Target
	Args         json.RawMessage
	Wait, Answer time.Duration
}

// Join asks those that a subscription to several means now and that do not send to it.
type Join struct {
	Thing ThingID
	Gen   int
}

// Stop gives up the invocation or ends the subscription of this generation.
type Stop struct {
	Thing ThingID
	Gen   int
}

// Retry tries to connect now.
type Retry struct{}

// LogIn tries again under another name.
type LogIn struct{ User, Password string }

// Connect goes to another address.
type Connect struct{ URL string }

// StartDemo starts a bus of our own, or the demo apps on the one there is.
type StartDemo struct{}

// Copy puts a text on the clipboard. What says what was copied.
type Copy struct{ Text, What string }

func (Invoke) effect()    {}
func (Subscribe) effect() {}
func (Join) effect()      {}
func (Stop) effect()      {}
func (Retry) effect()     {}
func (LogIn) effect()     {}
func (Connect) effect()   {}
func (StartDemo) effect() {}
func (Copy) effect()      {}
