package gateway

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"ioscope/client/internal/wire"
)

// link is one connection: its reader, and the outbox in which the router leaves
// what is to be written. Several peers may log in over one.
type link struct {
	conn    wire.Conn
	out     wire.Outbox
	mail    *mail
	host    string // address of the other end, for the identities of its peers
	service bool   // its peers see everybody
	watched bool   // to be pinged
	options *Options

	ctx      context.Context // ends when the connection is to break off at once
	cancel   context.CancelFunc
	leaving  chan struct{} // closed by end
	finished chan struct{} // closed when all is over

	others    sync.WaitGroup // goroutines beside the reader
	postage   postage        // guarded by the mail's mutex
	tells     bool           // its reader delivers the mail before it waits
	meter     meter          // what went through, for Stats
	handshake any            // of a log-in in several steps; the reader's own

	peers []*peer  // guarded by the gateway's mutex
	names []string // of all that ever logged in here, for the log; guarded likewise

	ended atomic.Bool // set with mu held

	mu     sync.Mutex // guards all below
	cut    bool       // ended for a fault of the other end
	code   int        // the goodbye; set before leaving is closed
	reason string
	grace  *time.Timer
}

func newLink(conn wire.Conn, host string, o *Options) *link {
	ctx, cancel := context.WithCancel(context.Background())
	return &link{
		conn: conn, out: wire.OutboxOf(conn), mail: &mail{}, host: host, options: o, ctx: ctx, cancel: cancel,
		leaving: make(chan struct{}), finished: make(chan struct{}),
	}
}

// enqueue leaves a message in the outbox; it never waits. The message comes in
// two parts, and neither is kept. A link that does not keep up is cut off rather
// than letting its outbox grow or holding up others.
func (l *link) enqueue(head, tail []byte, p postage) {
	if l.ended.Load() {
		return
	}
	size := len(head) + len(tail)
	waiting := l.out.Put(head, tail)
	l.meter.wrote(size)
	if waiting > l.options.QueueLimit && waiting-size > roomForHead {
		l.meter.slow.Store(true)
		l.cutOff(wire.CodePolicy, fmt.Sprintf("too slow: %d bytes were waiting", waiting))
		return
	}
	if !l.tells {
		p = express // no system call to share
	}
	l.mail.post(l, p)
}

// roomForHead is more than a frame adds to its message. One message always fits,
// however large.
const roomForHead = 16

// backlog is how many bytes are not yet written.
func (l *link) backlog() int { return l.out.Waiting() }

// end starts the goodbye; the first call counts.
func (l *link) end(code int, reason string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.endLocked(code, reason)
}

// cutOff ends the link for a fault of the other end.
func (l *link) cutOff(code int, reason string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cutLocked(code, reason)
}

func (l *link) cutLocked(code int, reason string) {
	l.cut = l.cut || !l.ended.Load()
	l.endLocked(code, reason)
}

// endLocked has written what the other end takes at once, and drops the rest.
func (l *link) endLocked(code int, reason string) {
	if l.ended.Load() {
		return
	}
	l.ended.Store(true)
	l.code, l.reason = code, reason
	l.out.Flush()
	l.meter.dropped.Add(uint64(l.out.Drop()))
	l.grace = time.AfterFunc(closeGrace, l.sever)
	l.others.Go(l.farewell)
	close(l.leaving)
}

// run reads until the connection ends, and returns when nothing of it is left.
func (l *link) run(receive func(*link, []byte) error, forget func(*link)) {
	defer close(l.finished)
	l.options.Logger.Debug("connection opened", "remote", l.host)
	if pinger, ok := l.conn.(wire.Pinger); ok && l.watched && l.options.PingEvery > 0 {
		l.others.Go(func() { l.watch(pinger) })
	}
	l.read(receive)
	forget(l)
	l.others.Wait()
	l.cancel()
	l.report()
}

// report logs the end. It comes last, because a log handler may do anything, and
// no lock is held here.
func (l *link) report() {
	level, text := slog.LevelDebug, "connection closed"
	if l.cut {
		level, text = slog.LevelWarn, "connection cut off"
	}
	l.options.Logger.Log(context.Background(), level, text, "remote", l.host, "peers", l.names, "reason", l.reason)
}

// farewell says goodbye, and releases the connection. It may wait for the other
// end, for as long as the grace lasts.
func (l *link) farewell() {
	_ = l.conn.Close(l.code, l.reason)
	l.grace.Stop()
	l.cancel()
}

// sever ends whatever waits for the other end.
func (l *link) sever() {
	l.cancel()
	_ = l.conn.Close(wire.CodeCut, "")
}
