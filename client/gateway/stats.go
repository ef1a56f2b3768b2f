package gateway

// Stats are numbers about a gateway, all from one moment. Those that count only
// grow while it lives.
type Stats struct {
	// Connections are open, whoever has logged in over them.
	Connections int
	// Peers have logged in, Members of them joined agm.
	Peers, Members int
	// Methods are registered, streams among them.
	Methods int
	// PendingCalls wait for their answers.
	PendingCalls int
	// Subscriptions are held, those not yet accepted included.
	Subscriptions int
	// Contexts exist.
	Contexts int
	// SlowPeers are connections from which nothing is read now, because too much
	// waits to be written to them.
	SlowPeers int
	// QueuedBytes wait to be written, over all connections.
	QueuedBytes int

	// Calls were passed on to who serves them.
	Calls uint64
	// Published counts the publish and post messages of publishers, Events what
	// was queued for subscribers because of them.
	Published, Events uint64
	// Logins got in. RefusedLogins did not, for whatever reason.
	Logins, RefusedLogins uint64
	// CutOff counts the connections that were closed because they were too slow.
	CutOff uint64
	// Dropped counts messages that were queued and never written, because the
	// connection ended first.
	Dropped uint64
	// MessagesIn and BytesIn were received, MessagesOut and BytesOut sent, those
	// included that were dropped later: texts, without what frames and encryption
	// add.
	MessagesIn, BytesIn, MessagesOut, BytesOut uint64
}

// traffic is the sum of meters.
type traffic struct {
	messagesIn, bytesIn, messagesOut, bytesOut, dropped, slow uint64
}

func (t *traffic) add(m *meter) {
	t.messagesIn += m.messagesIn.Load()
	t.bytesIn += m.bytesIn.Load()
	t.messagesOut += m.messagesOut.Load()
	t.bytesOut += m.bytesOut.Load()
	t.dropped += m.dropped.Load()
	if m.slow.Load() {
		t.slow++
	}
}

// Stats counts. It walks over all connections and holds up the bus meanwhile:
// some microseconds for a hundred peers.
func (g *Gateway) Stats() Stats {
	g.mu.Lock()
	defer g.mu.Unlock()
	s := g.router.stats()
	s.Connections = len(g.links)
	sum := g.past
	for l := range g.links {
		sum.add(&l.meter)
		s.QueuedBytes += l.backlog()
		if l.meter.waiting.Load() {
			s.SlowPeers++
		}
	}
	s.MessagesIn, s.BytesIn = sum.messagesIn, sum.bytesIn
	s.MessagesOut, s.BytesOut = sum.messagesOut, sum.bytesOut
	s.Dropped, s.CutOff = sum.dropped, sum.slow
	return s
}

// counters are what the router counts. It handles one message at a time, so
// plain numbers do.
type counters struct{ calls, published, events, logins, refused uint64 }

// stats tells the tables' sizes and the counters.
func (r *router) stats() Stats {
	s := Stats{
		Peers: len(r.peers), Members: len(r.members),
		PendingCalls: len(r.calls), Subscriptions: len(r.subs), Contexts: len(r.contexts),
		Calls: r.count.calls, Published: r.count.published, Events: r.count.events, Logins: r.count.logins, RefusedLogins: r.count.refused,
	}
	for _, m := range r.members {
		s.Methods += len(m.methods)
	}
	return s
}
