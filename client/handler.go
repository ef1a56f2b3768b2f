package client

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
)

// Silent is the handler of a method that returns nothing but perhaps an error.
func Silent(f func(ctx context.Context, call Call) error) Handler {
	return func(ctx context.Context, call Call) (any, error) { return nil, f(ctx, call) }
}

// Typed is a handler that gets its arguments as an A, read by encoding/json, and
// returns an R. Arguments that are no A are answered by an error.
func Typed[A, R any](f func(ctx context.Context, args A) (R, error)) Handler {
	return func(ctx context.Context, call Call) (any, error) {
		var args A
		if err := call.Decode(&args); err != nil {
			return nil, err
		}
		return f(ctx, args)
	}
}

// Async is the handler of a method whose answer comes later, from wherever: f
// keeps the Answer and may return before it is settled. While nobody settles it
// the caller waits, until its own patience or the connection ends; ctx tells of
// the latter, and goes on after f has returned.
func Async(f func(ctx context.Context, call Call, answer *Answer)) Handler {
	return func(ctx context.Context, call Call) (any, error) {
		a := &Answer{settled: make(chan struct{})}
		f(ctx, call, a)
		select {
		case <-a.settled:
			return a.value, a.err
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// Answer is the answer to one invocation of an Async handler. The first of
// Return and Fail settles it, from any goroutine; further ones do nothing.
type Answer struct {
	once    sync.Once
	settled chan struct{}
	value   any
	err     error
}

// Return answers with a value, by the rules of Handler.
func (a *Answer) Return(value any) { a.settle(value, nil) }

// Fail answers with an error, by the rules of Handler. nil is no error: it
// answers with nothing.
func (a *Answer) Fail(err error) { a.settle(nil, err) }

func (a *Answer) settle(value any, err error) {
	a.once.Do(func() {
		a.value, a.err = value, err
		close(a.settled)
	})
}

// Decode reads the arguments into v as encoding/json does.
func (c Call) Decode(v any) error {
	if err := json.Unmarshal(c.Args, v); err != nil {
		return fmt.Errorf("arguments: %w", err)
	}
	return nil
}
