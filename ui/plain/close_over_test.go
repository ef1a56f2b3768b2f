package plain

import (
	"testing"
	"time"

	"ioscope/client/bus"
)

// TestCloseOver: all that is over is put away by one command, and comes back by one.
func TestCloseOver(t *testing.T) {
	play(t, func(r *rig) {
		r.say("close over")
		r.expect("nothing is over")
		for _, symbol := range []string{"A", "B", "C"} {
			r.say("subscribe MarketData.Prices symbol=" + symbol)
			r.push(bus.StreamAccepted{At: time.Now(), Server: instance("PriceFeed")})
			r.pass(time.Second)
		}
		r.say("unsubscribe 1")
		r.say("unsubscribe 3")
		r.take()
		r.say("close over")
		r.expect("close: put away 2 that were over; for 5 minutes reopen brings back what was open\n")
		r.say("open")
		r.expect("subscription 2: MarketData.Prices symbol B, running")
		r.expectNot("subscription 3")
		r.say("reopen")
		r.expect("subscription 1: MarketData.Prices symbol A, over", "subscription 3: MarketData.Prices symbol C, over")
		r.say("close over")
		r.say("close over")
		r.expect("nothing is over")
	})
}
