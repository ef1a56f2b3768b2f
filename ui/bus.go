package ui

import (
	"context"
	"encoding/json"
	"time"

	"ioscope/client/bus"
	"ioscope/model"
)

// Question is what an invocation or a subscription asks.
type Question struct {
	Method bus.MethodFilter
	Target bus.Target
	Args   json.RawMessage
	// Wait is how long a server may take to appear, Answer how long to answer.
	Wait, Answer time.Duration
	// Aside hears what is done around it; nil for nobody.
	Aside func(model.Aside)
}

// Brancher is a [Bus] that may know the true branches of streams, because it is our
// own or has publishers of ours.
type Brancher interface {
	Branches(stream string) model.Truth
}

// Subscription is a stream that a [Bus] follows.
type Subscription interface {
	// Close ends it.
	Close() error
	// Join asks those that its target means now and that do not send, and returns
	// when they have answered, with those that accepted.
	Join(ctx context.Context) ([]bus.Instance, error)
}

// Bus is what the explorer needs of a bus. Its methods may be called from any
// goroutine; what is heard without asking goes into the Inbox.
type Bus interface {
	// Invoke asks and returns when all servers that were asked have answered,
	// or ctx ends. sent tells whom the question reaches, returned each answer.
	// The error says why nothing could be asked.
	Invoke(ctx context.Context, q Question, sent func([]bus.Instance), returned func(bus.Return)) error
	// Subscribe returns once a publisher accepted. on gets its events, in order.
	Subscribe(ctx context.Context, q Question, on func(bus.Event)) (Subscription, error)
	// Retry tries to connect now.
	Retry()
	// LogIn tries to connect now, under another name.
	LogIn(user, password string)
	// Connect leaves this bus for the one at the address.
	Connect(url string)
	// StartDemo starts the demo apps on this bus if it answers, else a bus of
	// our own with them.
	StartDemo() error
	// Serve begins what concerns our own offers, in the order of the effects, and
	// returns what of it may wait for the bus; nil for nothing. What comes of it is
	// heard.
	Serve(e model.ServeEffect) func() error
	// Complete lists the files of offers, and folders, that begin like the path.
	Complete(path string) []string
}
