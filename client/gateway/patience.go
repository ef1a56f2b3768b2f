package gateway

import (
	"fmt"
	"time"

	"ioscope/client/internal/wire"
)

// awaitHello cuts a socket off over which nobody logs in, and returns what ends
// the wait. A log-in that was refused does not count: who failed may try again,
// but not for ever.
func (g *Gateway) awaitHello(l *link) func() {
	patience := g.options.HelloPatience
	if !l.watched || patience < 0 {
		return func() {}
	}
	timer := time.AfterFunc(patience, func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		if len(l.names) == 0 {
			l.cutOff(wire.CodePolicy, fmt.Sprintf("nobody logged in within %v", patience))
		}
	})
	return func() { timer.Stop() }
}
