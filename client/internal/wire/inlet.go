package wire

import (
	"context"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// Pacer is what a Conn offers that can read its socket less often, and more at a
// time. For a stream of many small messages, being woken for each is most of
// what receiving costs.
type Pacer interface {
	// Pace lets at least pause go by between two reads of the socket, 0 for none:
	// what comes after silence is read at once, what follows it may wait so long.
	Pace(pause time.Duration)
}

// inletSize is how many bytes of a socket are read at a time: what a few
// milliseconds of a busy stream are.
const inletSize = 64 << 10

// inlet is a socket whose input is read in large pieces, perhaps with pauses.
type inlet struct {
	net.Conn
	pause atomic.Int64 // in nanoseconds

	// Of the one reader.
	buffer   []byte
	rest     []byte // of the buffer, not yet taken
	more     bool   // the last read filled the buffer
	lastRead time.Time
}

// inletOf makes an inlet of what dial gives, and keeps the last one in place.
func inletOf(dial dialFunc, place **inlet) dialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		*place = newInlet(c)
		return *place, nil
	}
}

type dialFunc = func(ctx context.Context, network, address string) (net.Conn, error)

func newInlet(c net.Conn) *inlet { return &inlet{Conn: c, buffer: make([]byte, inletSize)} }

// Read gives what is there, and reads the socket only when nothing is.
func (i *inlet) Read(p []byte) (int, error) {
	if len(i.rest) == 0 {
		i.wait()
		n, err := i.Conn.Read(i.buffer)
		if n == 0 {
			return 0, err
		}
		i.rest = i.buffer[:n] // an error comes again with the next read
		i.more = n == len(i.buffer)
	}
	n := copy(p, i.rest)
	i.rest = i.rest[n:]
	return n, nil
}

// wait passes what is left of the pause, unless more is waiting already: pauses
// save work and must not bound what passes. A Close meanwhile shows right after.
func (i *inlet) wait() {
	pause := time.Duration(i.pause.Load())
	if pause <= 0 || i.more {
		return
	}
	if left := pause - time.Since(i.lastRead); left > 0 {
		time.Sleep(left)
	}
	i.lastRead = time.Now()
}

// dialled is a WebSocket that Dial made.
type dialled struct {
	*socket
	in *inlet

	mu      sync.Mutex
	reading bool
	bound   context.Context // whose end cuts the connection while reading
	unbind  func() bool
	closed  bool
}

// Read gives the library a context that can't end: it hands it to a goroutine of
// its own four times a message, which is cheaper so. The end of ctx cuts the
// connection instead.
func (d *dialled) Read(ctx context.Context) ([]byte, error) {
	if err := d.begin(ctx); err != nil {
		return nil, err
	}
	msg, err := d.socket.Read(context.Background())
	d.mu.Lock()
	d.reading = false
	d.mu.Unlock()
	if err != nil && ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return msg, err
}

// begin binds ctx until a read with another one, or Close: most readers use one
// and the same for all.
func (d *dialled) begin(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.reading = true
	if ctx == d.bound || d.closed {
		return nil
	}
	d.release()
	d.bound = ctx
	d.unbind = context.AfterFunc(ctx, func() { d.cut(ctx) })
	return nil
}

// cut ends the read that goes by ctx.
func (d *dialled) cut(ctx context.Context) {
	d.mu.Lock()
	meant := d.reading && d.bound == ctx
	d.mu.Unlock()
	if meant {
		_ = d.socket.Close(CodeCut, "")
	}
}

// release forgets the context that is bound. d.mu is held.
func (d *dialled) release() {
	if d.unbind != nil {
		d.unbind()
		d.unbind = nil
	}
}

// Close lets a context that is bound go.
func (d *dialled) Close(code int, reason string) error {
	d.mu.Lock()
	d.closed = true
	d.release()
	d.mu.Unlock()
	return d.socket.Close(code, reason)
}

// Pace implements Pacer.
func (d *dialled) Pace(pause time.Duration) { d.in.pause.Store(int64(pause)) }
