package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"ioscope/client/bus"
	"ioscope/client/internal/wire"
)

// Handler answers invocations. Each runs in a goroutine of its own; ctx ends
// with the connection over which the question came, and with the client.
//
// The value is marshalled by the rules of official servers: an object goes as it
// is, as does a Date; what is nothing (nil, false, 0, "") goes as {}; other
// scalars and arrays go as {"_value": v}. The bytes of a json.RawMessage that is
// an object are not touched. An error goes as agm.errors.client_error with its
// text, a *bus.Error with its own URI, reason and context. A panic is answered
// as an error and logged.
type Handler func(ctx context.Context, call Call) (any, error)

// Call is one invocation as its handler gets it.
type Call struct {
	// Caller is who asks; where it is unknown, only its PeerID is set.
	Caller bus.Instance
	Method bus.MethodDefinition
	// Args is an object; {} when the caller gave none, or gave them by position,
	// as only clients do that are no official ones.
	Args json.RawMessage
}

// Method is a method that this client offers.
type Method struct {
	c   *Client
	reg *registration
}

// registration is a method or a stream of ours. It outlives connections.
type registration struct {
	def     bus.MethodDefinition
	handler Handler // nil for a stream
	stream  *Stream // nil for a method
	id      string  // its method id on the present session; guarded by c.mu
}

// Register offers a method until Unregister or Close, over reconnects too. The
// definition needs a name that this client has not taken, else the error is a
// *NameTakenError; its ID and Raw are ignored. Register waits until the client is
// live and returns when the gateway has agreed.
func (c *Client) Register(ctx context.Context, def bus.MethodDefinition, h Handler) (*Method, error) {
	switch {
	case h == nil:
		return nil, fmt.Errorf("register %q: no handler", def.Name)
	case def.Streaming:
		return nil, fmt.Errorf("register %q: it is a stream: CreateStream makes those", def.Name)
	}
	reg := &registration{def: def, handler: h}
	if err := c.register(ctx, reg); err != nil {
		return nil, fmt.Errorf("register %q: %w", def.Name, err)
	}
	return &Method{c: c, reg: reg}, nil
}

// Definition is what was registered.
func (m *Method) Definition() bus.MethodDefinition { return m.reg.def }

// Unregister takes the method back. Invocations under way are still answered.
// It returns when the gateway has agreed, at once while there is no connection,
// and nil when it is called again.
func (m *Method) Unregister(ctx context.Context) error {
	if err := m.c.unregister(ctx, m.reg); err != nil {
		return fmt.Errorf("unregister %q: %w", m.reg.def.Name, err)
	}
	return nil
}

// register takes the name, and asks the gateway on one connection after the
// other until it has answered.
func (c *Client) register(ctx context.Context, reg *registration) error {
	reg.def.ID, reg.def.Raw = "", nil
	if reg.def.Name == "" {
		return errors.New("a method needs a name")
	}
	if _, err := encodeDefinition(reg.def, wire.Null); err != nil {
		return fmt.Errorf("definition: %w", err)
	}
	if err := c.takeName(reg.def.Name); err != nil {
		return err
	}
	for {
		err := c.tryRegister(ctx, reg)
		var lost *LostError
		if errors.As(err, &lost) {
			continue
		}
		if err != nil {
			c.mu.Lock()
			delete(c.names, reg.def.Name)
			c.mu.Unlock()
		}
		return err
	}
}

func (c *Client) takeName(name string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.closed:
		return ErrClosed
	case c.names[name]:
		return &NameTakenError{Name: name}
	}
	c.names[name] = true
	return nil
}

func (c *Client) tryRegister(ctx context.Context, reg *registration) error {
	s, err := c.live(ctx)
	if err != nil {
		return err
	}
	done := make(chan reply, 1)
	c.mu.Lock()
	s.register(reg, func(r reply) {
		c.mu.Lock()
		// The answer and a loss are seen in one order by the reading goroutine, so
		// what is kept here is what the next connection restores.
		if _, wanted := s.methods[reg.id]; wanted && r.err == nil {
			c.regs = append(c.regs, reg)
		} else {
			delete(s.methods, reg.id)
		}
		c.mu.Unlock()
		done <- r
	})
	c.mu.Unlock()
	select {
	case r := <-done:
		return r.err
	case <-ctx.Done():
		if c.takeBack(s, reg) {
			return nil
		}
		return ctx.Err()
	}
}

// takeBack undoes a register that is not answered yet. It reports true if it is
// after all.
func (c *Client) takeBack(s *session, reg *registration) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if slices.Contains(c.regs, reg) {
		return true
	}
	delete(s.methods, reg.id)
	s.put(wire.Frame{Type: wire.Unregister, RequestID: c.nextRequest(), Methods: wire.Raw("[" + reg.id + "]")})
	return false
}

// register sends a registration under a new method id. c.mu is held.
func (s *session) register(reg *registration, answer func(reply)) {
	id := s.c.nextID()
	reg.id = string(id)
	if s.gone {
		s.send(wire.Frame{}, &question{answer: answer})
		return
	}
	s.methods[reg.id] = reg
	def, _ := encodeDefinition(reg.def, id) // it was tried before
	s.send(wire.Frame{
		Type: wire.Register, Methods: wire.Raw("[" + string(def) + "]"),
	}, &question{answer: answer})
}

// unregister forgets a registration, and asks the gateway to.
func (c *Client) unregister(ctx context.Context, reg *registration) error {
	c.mu.Lock()
	at := slices.Index(c.regs, reg)
	if at < 0 {
		c.mu.Unlock()
		return nil
	}
	c.regs = slices.Delete(slices.Clone(c.regs), at, at+1)
	delete(c.names, reg.def.Name)
	s := c.session
	if s == nil {
		c.mu.Unlock()
		return nil
	}
	delete(s.methods, reg.id)
	done := make(chan reply, 1)
	s.send(wire.Frame{
		Type: wire.Unregister, Methods: wire.Raw("[" + reg.id + "]"),
	}, &question{answer: func(r reply) { done <- r }})
	c.mu.Unlock()
	select {
	case r := <-done:
		if lost := (*LostError)(nil); errors.As(r.err, &lost) {
			return nil // and so is the registration
		}
		return r.err
	case <-ctx.Done():
		return ctx.Err()
	}
}
