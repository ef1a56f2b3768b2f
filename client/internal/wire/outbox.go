package wire

import (
	"context"
	"sync"
)

// Outbox is what waits to be written to one connection. Messages gather there
// until somebody flushes, so that many of them share one system call. Nothing
// here ever waits, and everything may be called from any goroutine.
type Outbox interface {
	// Put appends a message, which is given in two parts so that what many
	// receivers share need not be copied together first. Neither is kept. It
	// returns how many bytes wait now.
	Put(head, tail []byte) (waiting int)
	// Flush has everything written that waits: at once as far as the other side
	// takes it, and the rest on a goroutine that ends when all is written. When
	// writing fails, the connection is cut and what waits is dropped.
	Flush()
	// Drop throws away what waits, except a message of which a part is written,
	// and returns how many messages that were.
	Drop() (messages int)
	// Waiting is how many bytes wait, and Sent how many have been written in all.
	Waiting() int
	Sent() uint64
}

// OutboxOf is the outbox of a connection: its own, if it has one, as those that
// Accept returns do; else one of whole messages, each its own Write.
func OutboxOf(c Conn) Outbox {
	if own, ok := c.(Outbox); ok {
		return own
	}
	q := &queue{conn: c}
	q.quick, _ = c.(quickWriter)
	return q
}

// Waiter is what a Conn offers that tells when its Read is about to wait for the
// other side. Whoever reads many messages that came together can put off until
// then what has to be done before waiting.
type Waiter interface {
	// BeforeWait has f called by Read, on its goroutine. It is to be set before
	// the first Read.
	BeforeWait(f func())
}

// quickWriter is a Conn that can tell when a Write would wait. It then takes
// nothing; else it keeps msg.
type quickWriter interface {
	tryWrite(msg []byte) (taken bool)
}

// queue is the outbox of a connection that takes whole messages.
type queue struct {
	conn  Conn
	quick quickWriter // nil if there is no such thing

	mu       sync.Mutex // guards all below
	messages [][]byte
	bytes    int // of messages, and of the one that is being written
	sent     uint64
	writing  bool // somebody writes, and takes what comes meanwhile
	broken   bool
}

func (q *queue) Put(head, tail []byte) int {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.broken {
		return 0
	}
	msg := make([]byte, 0, len(head)+len(tail))
	q.messages = append(q.messages, append(append(msg, head...), tail...))
	q.bytes += len(head) + len(tail)
	return q.bytes
}

func (q *queue) Flush() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.writing {
		return
	}
	for q.quick != nil && len(q.messages) > 0 && q.quick.tryWrite(q.messages[0]) {
		q.wrote(q.take())
	}
	if len(q.messages) > 0 {
		q.writing = true
		go q.drain()
	}
}

// take removes the first message. The mutex is held, as in wrote.
func (q *queue) take() []byte {
	msg := q.messages[0]
	q.messages[0] = nil
	if q.messages = q.messages[1:]; len(q.messages) == 0 {
		q.messages = nil
	}
	return msg
}

func (q *queue) wrote(msg []byte) {
	q.bytes -= len(msg)
	q.sent += uint64(len(msg))
}

// drain writes until nothing is left. A Write that waits ends when the
// connection is closed.
func (q *queue) drain() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.messages) > 0 {
		msg := q.take()
		q.mu.Unlock()
		err := q.conn.Write(context.Background(), msg)
		if err != nil {
			_ = q.conn.Close(CodeCut, "")
		}
		q.mu.Lock()
		if err != nil {
			q.messages, q.bytes, q.broken = nil, 0, true
			break
		}
		q.wrote(msg)
	}
	q.writing = false
}

func (q *queue) Drop() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	dropped := len(q.messages)
	for len(q.messages) > 0 {
		q.bytes -= len(q.take())
	}
	return dropped
}

func (q *queue) Waiting() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.bytes
}

func (q *queue) Sent() uint64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.sent
}
