package wire

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
)

// pipeDepth is how many messages may be under way in each direction of a Pipe
// before its writer waits.
const pipeDepth = 256

// Pipe returns the two ends of a connection in memory. Each direction holds a
// bounded number of messages; then Write waits for the reader. It needs no
// goroutine and no clock, and may be used inside a testing/synctest bubble.
func Pipe() (Conn, Conn) {
	ab, ba := newLane(), newLane()
	return &pipeEnd{in: ba, out: ab}, &pipeEnd{in: ab, out: ba}
}

// lane is one direction of a pipe. The channel of messages is never closed, so
// that a late Write can't panic; closed tells the end instead, and cause why.
type lane struct {
	messages chan []byte
	closed   chan struct{}
	once     sync.Once
	cause    *CloseError // set before closed is closed
}

func newLane() *lane {
	return &lane{messages: make(chan []byte, pipeDepth), closed: make(chan struct{})}
}

func (l *lane) close(cause *CloseError) {
	l.once.Do(func() {
		l.cause = cause
		close(l.closed)
	})
}

// pipeEnd is one side. Closing it closes both lanes; closed tells the closer's
// own calls from those of the other side.
type pipeEnd struct {
	in, out *lane
	closed  atomic.Bool
}

func (p *pipeEnd) Read(ctx context.Context) ([]byte, error) {
	if p.closed.Load() {
		return nil, ErrClosed
	}
	select {
	case m := <-p.in.messages:
		return m, nil
	default:
	}
	select {
	case m := <-p.in.messages:
		return m, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-p.in.closed:
		return p.drain()
	}
}

// drain gives what the other side wrote before it closed.
func (p *pipeEnd) drain() ([]byte, error) {
	if p.closed.Load() {
		return nil, ErrClosed
	}
	select {
	case m := <-p.in.messages:
		return m, nil
	default:
		return nil, p.in.cause
	}
}

func (p *pipeEnd) Write(ctx context.Context, msg []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case <-p.out.closed:
		return p.writeError()
	default:
	}
	select {
	case p.out.messages <- slices.Clone(msg):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-p.out.closed:
		return p.writeError()
	}
}

// tryWrite implements quickWriter.
func (p *pipeEnd) tryWrite(msg []byte) bool {
	select {
	case <-p.out.closed:
		return false // Write has the words for it
	default:
	}
	select {
	case p.out.messages <- msg:
		return true
	default:
		return false
	}
}

func (p *pipeEnd) writeError() error {
	if p.closed.Load() {
		return ErrClosed
	}
	return p.out.cause
}

func (p *pipeEnd) Close(code int, reason string) error {
	if p.closed.Swap(true) {
		return nil
	}
	if code == CodeCut {
		code = CodeAbnormal
	}
	cause := &CloseError{Code: code, Reason: reason}
	p.out.close(cause)
	p.in.close(cause)
	return nil
}

// Ping answers at once while the other side is open.
func (p *pipeEnd) Ping(ctx context.Context) error {
	select {
	case <-p.out.closed:
		return p.writeError()
	default:
		return ctx.Err()
	}
}
