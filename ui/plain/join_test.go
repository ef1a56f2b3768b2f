package plain

import (
	"slices"
	"testing"
	"time"

	"ioscope/client/bus"
)

// TestJoin: who left a subscription to several and came back is asked by join alone.
func TestJoin(t *testing.T) {
	play(t, func(r *rig) {
		prices := bus.MethodDefinition{ID: "9", Name: "Dup", Streaming: true}
		first, second := instance("FeedA"), instance("FeedB")
		for _, feed := range []bus.Instance{first, second} {
			r.hear(bus.ServerAdded{At: time.Now(), Server: feed})
			r.hear(bus.MethodsAdded{At: time.Now(), Peer: feed.PeerID, Methods: []bus.MethodDefinition{prices}})
		}
		r.say("subscribe Dup target=all")
		r.push(bus.StreamAccepted{At: time.Now(), Server: first})
		r.push(bus.StreamAccepted{At: time.Now(), Server: second})
		r.pass(time.Second)
		r.say("join")
		r.expect("nobody is left out")
		r.push(bus.StreamLeft{At: time.Now(), Server: second, Reason: "end of day"})
		r.pass(time.Second)
		r.expect("FeedB ended its part: end of day; 1 publisher still here")
		r.say("join")
		r.expect(": asked FeedB\n")
		if !slices.Contains(r.bus.did, "join") {
			t.Errorf("did %v", r.bus.did)
		}
		r.push(bus.StreamAccepted{At: time.Now(), Server: second, Joined: true})
		r.pass(time.Second)
		r.expect("FeedB joined; what it sent before is not here")

		third := instance("FeedC")
		r.hear(bus.ServerAdded{At: time.Now(), Server: third})
		r.hear(bus.MethodsAdded{At: time.Now(), Peer: third.PeerID, Methods: []bus.MethodDefinition{prices}})
		r.pass(time.Second)
		r.expect(": FeedC came and was not asked; join ")
		r.pass(10 * time.Second)
		r.expectNot("FeedC")
	})
}
