package gateway

import (
	"testing"
	"testing/synctest"

	"ioscope/client/internal/wire"
)

// TestStats lets a known amount of everything happen.
func TestStats(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := New(nil)
		server, caller := callTwo(t, g)
		caller.ask("call", "c1", server)
		server.until("invoke")
		caller.ask("subscribe", "s1", server)
		id := server.until("add-interest")["subscription_id"]
		server.send(`{"domain":"agm","type":"accepted","peer_id":%q,"subscription_id":%q,"stream_id":"S"}`, server.id, id)
		caller.until("subscribed")
		server.send(`{"domain":"agm","type":"publish","peer_id":%q,"stream_id":"S","data":1}`, server.id)
		server.send(`{"domain":"agm","type":"publish","peer_id":%q,"stream_id":"nobody's","data":1}`, server.id)
		server.send(`{"domain":"agm","type":"post","peer_id":%q,"subscription_id":%q,"data":2}`, server.id, id)
		server.send(`{"domain":"agm","type":"post","peer_id":%q,"subscription_id":"none","data":3}`, server.id)
		caller.send(`{"type":"create-context","request_id":"x","peer_id":%q,"name":"n","lifetime":"retained","data":{}}`, caller.id)
		caller.answer("x")
		synctest.Wait()
		s := g.Stats()
		in, out := s.BytesIn, s.BytesOut
		s.BytesIn, s.BytesOut, s.MessagesOut = 0, 0, 0
		want := Stats{
			Connections: 2, Peers: 2, Members: 2, Methods: 1, PendingCalls: 1, Subscriptions: 1, Contexts: 1,
			Calls: 1, Published: 4, Events: 2, Logins: 2, MessagesIn: 2*2 + 1 + 3 + 4 + 1,
		}
		if s != want {
			t.Errorf("got  %+v\nwant %+v", s, want)
		}
		// Both know to the byte what they have sent: once more is as much more.
		const ping = `{"type":"ping"}`
		caller.send("%s", ping)
		synctest.Wait()
		if now := g.Stats(); now.BytesIn != in+uint64(len(ping)) || now.BytesOut != out {
			t.Errorf("after a ping: in %d to %d, out %d to %d", in, now.BytesIn, out, now.BytesOut)
		}
		// What has ended stays counted.
		before := g.Stats()
		_ = caller.conn.Close(wire.CodeNormal, "")
		_ = server.conn.Close(wire.CodeNormal, "")
		drained(t, g)
		now := g.Stats()
		if now.BytesIn != before.BytesIn || now.BytesOut < before.BytesOut || now.Connections != 0 || now.Peers != 0 || now.Methods != 0 {
			t.Errorf("before %+v\nafter  %+v", before, now)
		}
		_ = g.Close()
	})
}
