package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"

	"ioscope/client/bus"
	"ioscope/client/internal/wire"
)

// invoked starts the handler that a call is for. Any number of them may run: as
// with HTTP, who offers a costly method must bound it.
func (s *session) invoked(f wire.Frame) {
	c := s.c
	c.mu.Lock()
	defer c.mu.Unlock()
	reg := s.methods[string(methodID(f.MethodID))]
	switch {
	case c.closed:
	case reg == nil:
		s.deny(f.InvocationID, bus.InvocationFailure, fmt.Sprintf("No method with id %s on this server.", words(f.MethodID)))
	case reg.handler == nil:
		s.deny(f.InvocationID, bus.InvocationFailure, fmt.Sprintf("%s is a stream. Subscribe to it.", reg.def.Name))
	default:
		caller, _ := wire.Text(f.CallerID)
		call := Call{Caller: c.dir.instance(bus.PeerID(caller)), Method: reg.def, Args: arguments(f)}
		call.Method.ID = bus.MethodID(reg.id)
		c.workers.Go(func() { s.answer(f.InvocationID, reg.handler, call) })
	}
}

// arguments are those by name; without any there are none.
func arguments(f wire.Frame) json.RawMessage {
	if wire.IsNull(f.ArgumentsKV) {
		return json.RawMessage("{}")
	}
	return f.ArgumentsKV
}

// deny answers an invocation, or an interest in a stream, by an error, which
// names either in its request_id. c.mu is held.
func (s *session) deny(id wire.Raw, uri, reason string) {
	s.put(wire.Frame{
		Type: wire.Error, RequestID: id,
		ReasonURI: wire.Quote(uri), Reason: wire.Quote(reason), Context: wire.Raw("{}"),
	})
}

// answer runs a handler and sends what came of it. After the end of the session
// it goes nowhere.
func (s *session) answer(invocation wire.Raw, h Handler, call Call) {
	value, err := s.c.guarded(s.ctx, h, call)
	var result wire.Raw
	if err == nil {
		if result, err = returned(value); err != nil {
			err = fmt.Errorf("result: %w", err)
		}
	}
	f := wire.Frame{Type: wire.Yield, InvocationID: invocation, Result: result}
	if err != nil {
		f = failed(invocation, err)
	}
	if s.out.wait(s.ctx) != nil {
		return
	}
	s.c.mu.Lock()
	defer s.c.mu.Unlock()
	if f.RequestID == nil {
		f.RequestID = s.c.nextRequest()
	}
	s.put(f)
}

// guarded runs a handler and turns a panic into an error.
func (c *Client) guarded(ctx context.Context, h Handler, call Call) (value any, err error) {
	defer func() {
		if p := recover(); p != nil {
			c.log.Error("handler panicked", "method", call.Method.Name, "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return h(ctx, call)
}

// failed is the message for a handler's error.
func failed(invocation wire.Raw, err error) wire.Frame {
	said := bus.Error{URI: bus.ClientError, Reason: err.Error(), Context: json.RawMessage("{}")}
	var own *bus.Error
	if errors.As(err, &own) {
		if own.URI != "" {
			said.URI = own.URI
		}
		if json.Valid(own.Context) {
			said.Context = own.Context
		}
		if err.Error() == own.Error() { // nothing was added around it
			said.Reason = own.Reason
		}
	}
	return wire.Frame{
		Type: wire.Error, RequestID: invocation,
		ReasonURI: wire.Quote(said.URI), Reason: wire.Quote(said.Reason), Context: said.Context,
	}
}
