package wire

import (
	"context"
	"errors"
	"net"
	"sync"
	"syscall"
)

// chunkSize is how many bytes gather before they become a write of their own.
const chunkSize = 16 << 10

// chunk is a piece of what waits: whole frames. Larger frames have a chunk for
// themselves, which is not pooled.
type chunk struct {
	bytes    []byte
	messages int
	home     *[chunkSize]byte // to go back to the pool; nil for a large one
}

var chunks = sync.Pool{New: func() any { return new([chunkSize]byte) }}

func newChunk(size int) chunk {
	if size > chunkSize {
		return chunk{bytes: make([]byte, 0, size)}
	}
	home := chunks.Get().(*[chunkSize]byte)
	return chunk{bytes: home[:0], home: home}
}

func (c *chunk) free() {
	if c.home != nil {
		chunks.Put(c.home)
	}
	*c = chunk{}
}

func (c *chunk) fits(size int) bool { return cap(c.bytes)-len(c.bytes) >= size }

// gatherer is where everything meets that is to be written to one socket: the
// frames of our messages, and those that the websocket library makes by itself,
// pongs and goodbyes. Frames are appended whole, so they can't get mixed up.
//
// One goroutine at a time writes, without the mutex, and takes what is appended
// meanwhile. It is whoever flushes, and writes only as much as the socket takes
// at once; when that is full, a goroutine of its own goes on and waits.
type gatherer struct {
	net.Conn
	raw syscall.RawConn // nil if a write can't be tried without waiting for it

	mu      sync.Mutex // guards all below but hand, which is the writer's
	chunks  []chunk
	first   int // chunks before it are done with
	waiting int
	sent    uint64
	writing bool
	idle    chan struct{} // closed when the writer ends; nil if nobody waits for that
	broken  error

	hand chunk
	done int // bytes of hand that are written
	try  func(fd uintptr) bool
	n    int // what try did
	err  error
}

func newGatherer(conn net.Conn) *gatherer {
	g := &gatherer{Conn: conn}
	if s, ok := conn.(syscall.Conn); ok && canTry {
		if raw, err := s.SyscallConn(); err == nil {
			g.raw = raw
		}
	}
	// Made once: a closure for every write would be garbage for every write.
	g.try = func(fd uintptr) bool {
		g.n, g.err = tryWrite(fd, g.hand.bytes[g.done:])
		return true
	}
	return g
}

// put appends a frame's parts and returns how many bytes wait.
func (g *gatherer) put(head frameHead, one, two []byte) (waiting int, err error) {
	size := head.size() + len(one) + len(two)
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.broken != nil {
		return 0, g.broken
	}
	if len(g.chunks) == g.first || !g.chunks[len(g.chunks)-1].fits(size) {
		g.chunks = append(g.chunks, newChunk(size))
	}
	last := &g.chunks[len(g.chunks)-1]
	last.bytes = append(append(head.append(last.bytes), one...), two...)
	last.messages++
	g.waiting += size
	return g.waiting, nil
}

// flush writes what the socket takes at once.
func (g *gatherer) flush() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.writing || !g.more() {
		return
	}
	g.writing = true
	if g.raw == nil {
		go g.drain()
		return
	}
	for g.more() {
		g.mu.Unlock()
		n, err := g.attempt()
		if errors.Is(err, errFull) {
			go g.drain()
			g.mu.Lock()
			return
		}
		g.wrote(n, err)
		g.mu.Lock()
	}
	g.rest()
}

// attempt is a write that never waits.
func (g *gatherer) attempt() (int, error) {
	if err := g.raw.Write(g.try); err != nil {
		return 0, err
	}
	return g.n, g.err
}

// drain goes on where the socket was full, and waits for it.
func (g *gatherer) drain() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for g.more() {
		g.mu.Unlock()
		n, err := g.Conn.Write(g.hand.bytes[g.done:])
		g.wrote(n, err)
		g.mu.Lock()
	}
	g.rest()
}

// wrote counts what the writer has written. An error is the end: the socket is
// closed, so that whoever reads knows.
func (g *gatherer) wrote(n int, err error) {
	g.done += n
	g.mu.Lock()
	if g.broken == nil {
		g.waiting -= n
		g.sent += uint64(n)
	}
	g.mu.Unlock()
	if err != nil {
		_ = g.breakOff(err)
	}
}

// breakOff closes the socket and drops everything at once: when many peers go
// together, each is told of the others, and nobody will read it. Closing may
// take its time where the connection is encrypted, so no lock is held.
func (g *gatherer) breakOff(err error) error {
	g.mu.Lock()
	if g.broken == nil {
		g.broken = err
		g.discard()
		g.waiting = 0
	}
	g.mu.Unlock()
	return g.Conn.Close()
}

// Close drops what waits, too.
func (g *gatherer) Close() error { return g.breakOff(net.ErrClosed) }

// more takes the next chunk in hand, if that is empty, and reports whether there
// is anything to write. The mutex is held, as in the following.
func (g *gatherer) more() bool {
	if g.broken != nil {
		return false
	}
	if g.done < len(g.hand.bytes) {
		return true
	}
	g.hand.free()
	g.done = 0
	if g.first == len(g.chunks) {
		return false
	}
	g.hand, g.chunks[g.first] = g.chunks[g.first], chunk{}
	if g.first++; g.first == len(g.chunks) {
		g.chunks, g.first = g.chunks[:0], 0
	}
	return true
}

// rest ends the writing.
func (g *gatherer) rest() {
	g.writing = false
	if g.broken != nil {
		g.hand.free()
		g.done = 0
	}
	if g.idle != nil {
		close(g.idle)
		g.idle = nil
	}
}

// discard frees the chunks that nobody writes and counts their messages.
func (g *gatherer) discard() (messages int) {
	for i := g.first; i < len(g.chunks); i++ {
		messages += g.chunks[i].messages
		g.waiting -= len(g.chunks[i].bytes)
		g.chunks[i].free()
	}
	g.chunks, g.first = nil, 0
	return messages
}

func (g *gatherer) drop() (messages int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.discard()
}

// settle waits until everything is written.
func (g *gatherer) settle(ctx context.Context) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	for g.writing {
		if g.idle == nil {
			g.idle = make(chan struct{})
		}
		idle := g.idle
		g.mu.Unlock()
		select {
		case <-idle:
		case <-ctx.Done():
		}
		g.mu.Lock()
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return g.broken
}

func (g *gatherer) backlog() (waiting int, sent uint64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.waiting, g.sent
}
