package client

import (
	"context"
	"errors"
	"time"

	"ioscope/client/bus"
	"ioscope/client/internal/wire"
)

// session is one connection of a client, from its hello to its end. The reading
// goroutine owns it; others send through it.
type session struct {
	c    *Client
	conn Conn
	out  *outbox
	// ctx ends with the connection; its cause says why it was cut by us.
	ctx  context.Context
	stop context.CancelCauseFunc
	// parts is closed when the writing and the pinging goroutine have ended.
	parts chan struct{}
	// restored counts registrations; of the reading goroutine.
	restored int

	// Guarded by c.mu.
	peer      wire.Raw // our peer id, nil before the welcome
	gone      bool     // the connection has ended
	pending   map[string]*question
	methods   map[string]*registration // by our own method id
	members   map[string]*member       // subscriptions of ours, by subscription id
	interests map[string]*Request      // subscriptions to us, by subscription id
}

// question is a request that waits for its answer.
type question struct {
	// server is who shall answer beyond the gateway, method the one that must
	// stay registered for it; empty where it does not matter.
	server bus.PeerID
	method bus.MethodID
	// answer is called by the reading goroutine, or by whoever finds the session
	// gone, without c.mu. It must not block: a channel of capacity one takes it.
	answer func(reply)
	// standing questions hear every answer, not only the first.
	standing bool
}

// reply is the answer to a question: a frame, or an error, which is a *bus.Error
// when it was said and a *LostError when nothing was.
type reply struct {
	frame wire.Frame
	err   error
}

func newSession(c *Client, conn Conn) *session {
	s := &session{
		c: c, conn: conn, out: newOutbox(), parts: make(chan struct{}),
		pending:   make(map[string]*question),
		methods:   make(map[string]*registration),
		members:   make(map[string]*member),
		interests: make(map[string]*Request),
	}
	s.ctx, s.stop = context.WithCancelCause(c.ctx)
	go func() {
		defer close(s.parts)
		pinging := make(chan struct{})
		go func() {
			defer close(pinging)
			s.keepAlive(c.opts.PingEvery)
		}()
		s.write()
		<-pinging
	}()
	return s
}

// cut ends the connection for a reason of our own.
func (s *session) cut(why error) { s.stop(why) }

// cause prefers the reason of our own to the error that came of it, but not to
// what the other side said as it closed.
func (s *session) cause(err error) error {
	if closed := (*wire.CloseError)(nil); errors.As(err, &closed) {
		return err
	}
	if why := context.Cause(s.ctx); why != nil && !errors.Is(why, context.Canceled) {
		return why
	}
	return err
}

// close releases the connection and waits for its goroutines.
func (s *session) close() {
	s.stop(nil)
	s.out.close()
	_ = s.conn.Close(wire.CodeCut, "")
	<-s.parts
}

// leave says goodbye: it leaves agm, so that others hear of it in order, and
// closes. A gateway that does not answer gets no more than goodbye's time.
func (s *session) leave() {
	guard := time.AfterFunc(goodbye, func() { s.cut(ErrClosed) })
	defer guard.Stop()
	left := s.ask(wire.Frame{Domain: wire.Global, Type: wire.Leave, Destination: wire.Quote(wire.AGM)})
	select {
	case <-left:
	case <-s.ctx.Done():
	}
	_ = s.conn.Close(wire.CodeNormal, "")
}

// ask sends a request and gives the channel on which its answer comes.
func (s *session) ask(f wire.Frame) <-chan reply {
	done := make(chan reply, 1)
	s.c.mu.Lock()
	defer s.c.mu.Unlock()
	s.send(f, &question{answer: func(r reply) { done <- r }})
	return done
}

// send sends a request under a new id, which it returns. c.mu is held. On a
// session that is gone the answer is a *LostError, on a goroutine of its own.
func (s *session) send(f wire.Frame, q *question) string {
	f.RequestID = s.c.nextRequest()
	id := string(f.RequestID)
	if s.gone {
		go q.answer(reply{err: &LostError{Err: errors.New("before it was asked")}})
		return id
	}
	s.pending[id] = q
	s.put(f)
	return id
}

// put sends a message that nobody answers. c.mu is held.
func (s *session) put(f wire.Frame) {
	if s.gone {
		return
	}
	f.PeerID = s.peer
	if f.Domain == "" {
		f.Domain = wire.AGM
	}
	if err := s.out.put(f.Bytes()); err != nil {
		s.cut(err)
	}
}

// read handles messages until the connection ends.
func (s *session) read() error {
	for {
		if err := s.step(); err != nil {
			return err
		}
	}
}

// until handles messages until an answer is there.
func (s *session) until(answer <-chan reply) (reply, error) {
	for {
		select {
		case r := <-answer:
			return r, nil
		default:
		}
		if err := s.step(); err != nil {
			return reply{}, err
		}
	}
}

// pause lets time pass, in which messages wait.
func (s *session) pause(d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-s.ctx.Done():
		return s.ctx.Err()
	}
}

// step handles one message. What is no message is logged and passed over, as
// official clients do (gw3 8).
func (s *session) step() error {
	msg, err := s.conn.Read(s.ctx)
	if err != nil {
		return err
	}
	if d := (wire.Delivery{}); wire.PeekEvent(msg, &d) {
		s.event(&d)
		return nil
	}
	frame, err := wire.Peek(msg)
	if err != nil {
		s.c.log.Warn("message can't be read", "err", err, "bytes", len(msg))
		return nil
	}
	s.dispatch(frame)
	return nil
}

// settle hands an answer to who asked.
func (s *session) settle(f wire.Frame) {
	s.c.mu.Lock()
	id := string(f.RequestID)
	q, known := s.pending[id]
	if known && (!q.standing || f.Type == wire.Error) {
		delete(s.pending, id)
	}
	s.c.mu.Unlock()
	switch {
	case known:
		r := reply{frame: f}
		if f.Type == wire.Error {
			r.err = said(f)
		}
		q.answer(r)
	case f.Type == wire.Error:
		s.c.log.Debug("error that answers nothing", "request", id, "err", said(f))
	}
}

// abandon answers questions to a server that went, or to methods of it that
// went. Gateways answer calls in time, but not subscriptions that wait for their
// acceptance (gw3 6.1), nor those to one's own method (6.2). An empty list of
// methods stands for all.
func (s *session) abandon(server bus.PeerID, methods []bus.MethodDefinition, why *bus.Error) {
	var left []*question
	s.c.mu.Lock()
	for id, q := range s.pending {
		if q.server != server {
			continue
		}
		if len(methods) > 0 && !contains(methods, q.method) {
			continue
		}
		left = append(left, q)
		delete(s.pending, id)
	}
	s.c.mu.Unlock()
	for _, q := range left {
		q.answer(reply{err: why})
	}
}

func contains(methods []bus.MethodDefinition, id bus.MethodID) bool {
	for _, m := range methods {
		if m.ID == id {
			return true
		}
	}
	return false
}

// said reads what an error message says. Any of its parts may be missing, or of
// any type.
func said(f wire.Frame) *bus.Error {
	e := &bus.Error{URI: words(f.ReasonURI), Reason: words(f.Reason)}
	if !wire.IsNull(f.Context) {
		e.Context = f.Context
	}
	return e
}

// words is a text, or the JSON of what should have been one.
func words(raw wire.Raw) string {
	if text, ok := wire.Text(raw); ok {
		return text
	}
	if wire.IsNull(raw) {
		return ""
	}
	return string(raw)
}
