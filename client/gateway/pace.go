package gateway

import (
	"context"
	"errors"
	"fmt"
	"time"

	"ioscope/client/internal/wire"
)

const (
	// slowShare is the part of the queue's limit at which a connection counts as
	// slow: nothing more is read from it until the queue is shorter again.
	slowShare = 4
	// slowLook is the time between two looks at the queue of a slow connection.
	slowLook = 5 * time.Millisecond
)

func (l *link) read(receive func(*link, []byte) error) {
	for {
		// Not l.ctx: one that can end costs a look for every message. Closing the
		// connection ends a Read as well.
		msg, err := l.conn.Read(context.Background())
		if big := (*wire.TooBigError)(nil); errors.As(err, &big) {
			l.cutOff(wire.CodeTooBig, err.Error())
			return
		}
		if err != nil {
			l.end(wire.CodeNormal, "")
			return
		}
		l.meter.read(len(msg))
		if err := receive(l, msg); err != nil {
			l.cutOff(wire.CodeBadText, err.Error())
			return
		}
		if l.backlog() > l.options.QueueLimit/slowShare {
			l.slowDown()
		}
	}
}

// slowDown waits until the other end has taken some of what it is owed, so that
// who asks faster than they take answers is slowed before they are cut off.
// Nobody else waits. An end that takes nothing at all for long is cut off here:
// it may be stuck in a write of its own, and pings are not answered meanwhile.
func (l *link) slowDown() {
	l.meter.waiting.Store(true)
	defer l.meter.waiting.Store(false)
	look := time.NewTicker(slowLook)
	defer look.Stop()
	l.mail.deliver() // before waiting, as always
	sent, since := l.out.Sent(), time.Now()
	for {
		select {
		case <-l.leaving:
			return
		case <-look.C:
		}
		waiting := l.backlog()
		if waiting <= l.options.QueueLimit/slowShare {
			return
		}
		if now := l.out.Sent(); now != sent {
			sent, since = now, time.Now()
		} else if time.Since(since) > l.options.SlowPatience {
			l.meter.slow.Store(true)
			l.cutOff(wire.CodePolicy, fmt.Sprintf("too slow: %d bytes were waiting and none was taken for %v",
				waiting, l.options.SlowPatience))
			return
		}
	}
}

// watch pings until the link ends. Without it a machine that vanished would
// stay on the bus until TCP gives up, and block its own return: its identity
// would be taken. The answers come through the reader, so a link that is being
// slowed down is not asked.
func (l *link) watch(pinger wire.Pinger) {
	ticker := time.NewTicker(l.options.PingEvery)
	defer ticker.Stop()
	for {
		select {
		case <-l.leaving:
			return
		case <-ticker.C:
		}
		if l.meter.waiting.Load() {
			continue
		}
		ctx, cancel := context.WithTimeout(l.ctx, l.options.PingPatience)
		err := pinger.Ping(ctx)
		cancel()
		if err != nil && !l.meter.waiting.Load() {
			l.cutOff(wire.CodeCut, "no answer to ping: "+err.Error())
			l.cancel()
			return
		}
	}
}
