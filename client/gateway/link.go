package gateway

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"ioscope/client/internal/wire"
)

// messageCost is what a waiting message counts beside its bytes.
const messageCost = 64

// link is one connection: its reader, its writer and the queue between the
// router and the writer. Several peers may log in over one.
type link struct {
	conn    wire.Conn
	host    string // address of the other end, for the identities of its peers
	service bool   // its peers see everybody
	watched bool   // to be pinged
	options *Options

	ctx      context.Context // ends when the connection is to break off at once
	cancel   context.CancelFunc
	wake     chan struct{} // one slot: the queue has something
	leaving  chan struct{} // closed by end
	finished chan struct{} // closed when all is over

	meter     meter // what went through, for Stats
	handshake any   // of a log-in in several steps; the reader's own

	peers []*peer  // guarded by the gateway's mutex
	names []string // of all that ever logged in here, for the log; guarded likewise

	mu     sync.Mutex // guards all below
	queue  [][]byte
	queued int // bytes not yet written, including those the writer has in hand
	ended  bool
	cut    bool // ended for a fault of the other end
	code   int  // the goodbye; set before leaving is closed
	reason string
	grace  *time.Timer
}

func newLink(conn wire.Conn, host string, o *Options) *link {
	ctx, cancel := context.WithCancel(context.Background())
	return &link{
		conn: conn, host: host, options: o, ctx: ctx, cancel: cancel,
		wake: make(chan struct{}, 1), leaving: make(chan struct{}), finished: make(chan struct{}),
	}
}

// enqueue hands a message to the writer; it never waits. A link that does not
// keep up is cut off rather than letting its queue grow or holding up others.
func (l *link) enqueue(msg []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		return
	}
	cost := len(msg) + messageCost
	if l.queued > 0 && l.queued+cost > l.options.QueueLimit {
		l.meter.slow.Store(true)
		l.cutLocked(wire.CodePolicy, fmt.Sprintf("too slow: %d bytes were waiting", l.queued))
		l.cancel() // the writer is stuck in the socket
		return
	}
	l.queue = append(l.queue, msg)
	l.queued += cost
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

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
	l.cut = l.cut || !l.ended
	l.endLocked(code, reason)
}

func (l *link) endLocked(code int, reason string) {
	if l.ended {
		return
	}
	l.ended, l.code, l.reason = true, code, reason
	l.meter.dropped.Add(uint64(len(l.queue)))
	l.queue = nil
	l.grace = time.AfterFunc(closeGrace, l.cancel)
	close(l.leaving)
}

// run reads until the connection ends, and returns when nothing of it is left.
func (l *link) run(receive func(*link, []byte) error, forget func(*link)) {
	defer close(l.finished)
	l.options.Logger.Debug("connection opened", "remote", l.host)
	var others sync.WaitGroup
	others.Go(l.write)
	if pinger, ok := l.conn.(wire.Pinger); ok && l.watched && l.options.PingEvery > 0 {
		others.Go(func() { l.watch(pinger) })
	}
	l.read(receive)
	forget(l)
	others.Wait()
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

// write writes what is queued until the link ends, and then says goodbye.
func (l *link) write() {
	for {
		select {
		case <-l.leaving:
			l.farewell()
			return
		case <-l.wake:
		}
		for _, msg := range l.take() {
			if err := l.conn.Write(l.ctx, msg); err != nil {
				l.end(wire.CodeCut, "")
				break
			}
			l.meter.wrote(len(msg))
			l.wrote(len(msg) + messageCost)
		}
	}
}

func (l *link) take() [][]byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	batch := l.queue
	l.queue = nil
	return batch
}

func (l *link) wrote(cost int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.queued -= cost
}

func (l *link) farewell() {
	_ = l.conn.Close(l.code, l.reason)
	l.grace.Stop()
	l.cancel()
}
