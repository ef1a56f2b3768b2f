package demo

import (
	"context"
	"time"

	"ioscope/client"
)

// attention wakes the goroutine that serves a stream when its audience changes.
type attention chan struct{}

func newAttention() attention { return make(attention, 1) }

// call never blocks; calls that were not answered yet count as one.
func (a attention) call() {
	select {
	case a <- struct{}{}:
	default:
	}
}

// wait returns at the next call, or false when the context ends.
func (a attention) wait(ctx context.Context) bool {
	select {
	case <-a:
		return true
	case <-ctx.Done():
		return false
	}
}

// options are those of a stream that calls for attention when somebody comes.
// Nobody needs to be woken when somebody goes: who serves the stream looks
// around before each step.
func (a attention) options(onRequest func(*client.Request)) *client.StreamOptions {
	return &client.StreamOptions{
		OnRequest:    onRequest,
		OnSubscribed: func(*client.Subscriber) { a.call() },
	}
}

// whileWatched takes a step each time after every() has passed, as long as the
// stream has subscribers, and sleeps when it has none.
func whileWatched(ctx context.Context, stream *client.Stream, a attention, every func() time.Duration, step func()) {
	for {
		for len(stream.Subscribers()) == 0 {
			if !a.wait(ctx) {
				return
			}
		}
		if !pause(ctx, every()) {
			return
		}
		if len(stream.Subscribers()) > 0 {
			step()
		}
	}
}
