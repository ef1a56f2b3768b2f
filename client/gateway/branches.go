package gateway

import (
	"encoding/json"

	"ioscope/client/internal/wire"
)

// Branch is one branch of a stream: those whom the publisher tells the same. The
// gateway knows who is on it; the key by which its publisher chooses it never
// leaves the publisher.
type Branch struct {
	// Publisher is its peer id.
	Publisher string
	// ID is the publisher's own id of the branch, as text.
	ID string
	// Subscribers are on it, in the order in which they were accepted.
	Subscribers []BranchSubscriber
	// Published counts what was published on it since it came to be.
	Published uint64
}

// BranchSubscriber is a subscription on a branch.
type BranchSubscriber struct {
	// Subscription is its id, Peer whose it is, Identity who that is.
	Subscription, Peer string
	Identity           json.RawMessage
}

// Branches lists the branches of the streams of this name, those of a publisher
// together and in the order in which they came to be. At most limit subscribers
// of all are told. It holds up the bus while it looks, as Stats does.
func (g *Gateway) Branches(stream string, limit int) []Branch {
	g.mu.Lock()
	defer g.mu.Unlock()
	var out []Branch
	for _, m := range g.router.members {
		for _, f := range ordered(m.streams) {
			if f.subs[0].method.name() != stream {
				continue
			}
			b := Branch{Publisher: m.id, ID: f.id[1:], Published: f.published}
			for _, s := range f.subs {
				if limit--; limit < 0 {
					break
				}
				b.Subscribers = append(b.Subscribers, BranchSubscriber{Subscription: s.id, Peer: s.subscriber.id, Identity: s.subscriber.identity})
			}
			out = append(out, b)
		}
	}
	return out
}

// name reads the method's name.
func (m *method) name() string {
	var def struct {
		Name wire.Raw `json:"name"`
	}
	_ = json.Unmarshal(m.raw, &def)
	return text(def.Name)
}
