package cli

import (
	"cmp"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/client/gateway"
	"ioscope/model"
)

// branchSubscribers is how many subscribers of one stream are told.
const branchSubscribers = 1000

// Branches implements ui.Brancher. A gateway of our own knows who is on which
// branch, and publishers of ours know the keys besides.
func (s *session) Branches(stream string) model.Truth {
	s.mu.Lock()
	c, own, apps := s.client, s.own, s.apps
	if s.url != s.home {
		own = nil
	}
	s.mu.Unlock()
	clients := []*client.Client{c}
	if apps != nil {
		clients = append(clients, apps.Clients()...)
	}
	ours := publishedBranches(clients, stream)
	if own == nil {
		return model.Truth{Known: len(ours) > 0, Source: "the publisher is ours, so it knows", Branches: ours}
	}
	truth := model.Truth{Known: true, Source: "this bus is ours, so it knows"}
	keys := map[model.RowID]model.TrueBranch{}
	for _, b := range ours {
		keys[b.Row()] = b
	}
	for _, b := range own.Branches(stream, branchSubscribers) {
		truth.Branches = append(truth.Branches, gatewayBranch(b, keys))
	}
	return truth
}

// gatewayBranch tells a branch as the gateway knows it, with its key where the
// publisher is ours.
func gatewayBranch(b gateway.Branch, keys map[model.RowID]model.TrueBranch) model.TrueBranch {
	out := model.TrueBranch{ID: b.ID, Publisher: bus.PeerID(b.Publisher), Events: b.Published}
	if known, ok := keys[out.Row()]; ok {
		out.Key, out.KeyKnown = known.Key, true
	}
	for _, sub := range b.Subscribers {
		who := bus.ParseInstance(bus.PeerID(sub.Peer), sub.Identity, true)
		out.Subscribers = append(out.Subscribers, model.TrueSubscriber{Name: cmp.Or(who.Name(), sub.Peer), Subscription: sub.Subscription})
	}
	return out
}

// publishedBranches are the branches of the streams of a name that these clients
// publish.
func publishedBranches(clients []*client.Client, name string) []model.TrueBranch {
	var out []model.TrueBranch
	left := branchSubscribers
	for _, c := range clients {
		if c == nil {
			continue
		}
		for _, s := range c.Streams() {
			if s.Definition().Name != name {
				continue
			}
			for _, b := range s.Branches() {
				branch := model.TrueBranch{Key: b.Key(), KeyKnown: true, Publisher: c.Self().PeerID}
				branch.ID, branch.Events = b.ID()
				for _, sub := range b.Subscribers() {
					if left--; left < 0 {
						break
					}
					who := sub.Instance()
					branch.Subscribers = append(branch.Subscribers, model.TrueSubscriber{Name: cmp.Or(who.Name(), string(who.PeerID)), Subscription: sub.ID()})
				}
				out = append(out, branch)
			}
		}
	}
	return out
}
