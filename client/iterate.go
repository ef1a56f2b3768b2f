package client

import (
	"context"
	"errors"
	"io"
	"iter"
	"time"

	"ioscope/client/bus"
)

// Events iterates over the events of the subscription, and ends after
// StreamClosed. An error, ctx's, comes last. A loop that is left does not close
// the subscription, and another may go on where it stopped. Without OnEvent only.
//
//	for event, err := range subscription.Events(ctx) {
func (s *Subscription) Events(ctx context.Context) iter.Seq2[bus.Event, error] {
	return func(yield func(bus.Event, error) bool) {
		for {
			e, err := s.Next(ctx)
			if errors.Is(err, io.EOF) || !yield(e, err) || err != nil {
				return
			}
		}
	}
}

// Data is Events for the data alone. It ends without an error when the publisher
// or we close the subscription, and with Err's where it failed.
func (s *Subscription) Data(ctx context.Context) iter.Seq2[bus.StreamData, error] {
	return func(yield func(bus.StreamData, error) bool) {
		for e, err := range s.Events(ctx) {
			switch e := e.(type) {
			case bus.StreamData:
				if !yield(e, nil) {
					return
				}
				continue
			case bus.StreamClosed:
				if e.Failed {
					err = s.Err()
				}
			}
			if err != nil {
				yield(bus.StreamData{}, err)
				return
			}
		}
	}
}

// Batches iterates over the events as Events does, but gives all that have come
// at once, and lets at least pause go by between two batches: 0 for none. Who
// writes many events somewhere is woken once a batch, which with many small
// events is most of what they cost. The slice is used again after the loop's body.
func (s *Subscription) Batches(ctx context.Context, pause time.Duration) iter.Seq2[[]bus.Event, error] {
	return func(yield func([]bus.Event, error) bool) {
		if s.opts.OnEvent != nil {
			return
		}
		timer := time.NewTimer(0)
		defer timer.Stop()
		var spare []bus.Event
		for {
			batch, err := s.events.batch(ctx, spare)
			if errors.Is(err, io.EOF) || !yield(batch, err) || err != nil {
				return
			}
			clear(batch)
			spare = batch
			if pause > 0 && !s.events.over() {
				timer.Reset(pause)
				select {
				case <-timer.C:
				case <-ctx.Done(): // which the next turn tells
				}
			}
		}
	}
}
