package gateway

import (
	"context"
	"errors"
	"time"

	"ioscope/client/internal/wire"
)

// drainLook is the time between two looks at whether everything is written.
const drainLook = 2 * time.Millisecond

// Close says goodbye to everybody at once, stops serving and returns when every
// goroutine has ended, at the latest after some seconds. What is queued is
// thrown away; Shutdown is kinder. It may be called twice.
func (g *Gateway) Close() error {
	err := g.stop()
	g.goodbye("gateway closed")
	g.running.Wait()
	return err
}

// Shutdown ends the gateway kindly: nobody new is let in and nothing new is
// taken from those who are there, what is queued for them is written, and each
// is told goodbye (close code 1001) with a reason of at most 123 bytes. ctx
// bounds the writing; those who have not taken all by then are told goodbye
// without the rest. It returns as Close does, with ctx's error if that ended
// first.
func (g *Gateway) Shutdown(ctx context.Context, reason string) error {
	err := g.stop()
	g.mail.deliver() // what waits for company
	err = errors.Join(err, g.drain(ctx, reason))
	g.goodbye(reason)
	g.running.Wait()
	return err
}

// stop lets nobody in any more, and nothing be handled.
func (g *Gateway) stop() error {
	g.mu.Lock()
	g.closed = true
	var servers []*Server
	for s := range g.servers {
		servers = append(servers, s)
	}
	g.mu.Unlock()
	var err error
	for _, s := range servers {
		err = errors.Join(err, s.Close())
	}
	return err
}

// drain says goodbye to each connection as soon as it has got everything, so
// that one that takes its time costs the others none.
func (g *Gateway) drain(ctx context.Context, reason string) error {
	look := time.NewTicker(drainLook)
	defer look.Stop()
	for g.unwritten(reason) > 0 {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-look.C:
		}
	}
	return nil
}

// unwritten counts the connections that still wait for something, and ends the
// others.
func (g *Gateway) unwritten(reason string) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	var waiting int
	for l := range g.links {
		if !l.gone() && l.backlog() > 0 {
			waiting++
			continue
		}
		l.end(wire.CodeGoingAway, reason)
	}
	return waiting
}

// gone reports whether the link's end has begun.
func (l *link) gone() bool {
	select {
	case <-l.leaving:
		return true
	default:
		return false
	}
}

// goodbye ends every connection that is left.
func (g *Gateway) goodbye(reason string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for l := range g.links {
		l.end(wire.CodeGoingAway, reason)
	}
}
