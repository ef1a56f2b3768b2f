package gateway

import (
	"fmt"
	"reflect"
	"testing"
	"testing/synctest"

	"ioscope/client/internal/wire"
)

// TestBranches puts three subscriptions on two streams of a publisher.
func TestBranches(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := New(nil)
		server, caller := callTwo(t, g)
		var ids []any
		for i, stream := range []string{`"one"`, `7`, `"one"`} {
			caller.ask("subscribe", fmt.Sprint("s", i), server)
			id := server.until("add-interest")["subscription_id"]
			ids = append(ids, id)
			server.send(`{"domain":"agm","type":"accepted","peer_id":%q,"subscription_id":%q,"stream_id":%s}`, server.id, id, stream)
			caller.until("subscribed")
		}
		publish := func(stream string) {
			server.send(`{"domain":"agm","type":"publish","peer_id":%q,"stream_id":%s,"data":1}`, server.id, stream)
		}
		publish(`"one"`)
		publish(`"one"`)
		publish(`7`)
		publish(`"none"`)
		synctest.Wait()
		list := g.Branches("M", 100)
		told := func() (got []string) {
			for _, b := range list {
				var subs []string
				for _, s := range b.Subscribers {
					if s.Peer != caller.id || len(s.Identity) == 0 {
						t.Errorf("subscriber %+v is not the caller", s)
					}
					subs = append(subs, s.Subscription)
				}
				got = append(got, fmt.Sprint(b.Publisher == server.id, " ", b.ID, " ", b.Published, " ", subs))
			}
			return got
		}
		want := []string{fmt.Sprint("true one 2 ", []any{ids[0], ids[2]}), fmt.Sprint("true 7 1 ", []any{ids[1]})}
		if got := told(); !reflect.DeepEqual(got, want) {
			t.Errorf("got  %q\nwant %q", got, want)
		}
		if list = g.Branches("another", 100); len(list) != 0 {
			t.Errorf("another stream has %q", told())
		}
		if list = g.Branches("M", 1); len(list) != 2 || len(list[0].Subscribers) != 1 || len(list[1].Subscribers) != 0 {
			t.Errorf("at most one subscriber: %q", told())
		}
		// A branch ends with its last subscriber.
		caller.send(`{"domain":"agm","type":"unsubscribe","request_id":"u","peer_id":%q,"subscription_id":%q}`, caller.id, ids[1])
		caller.answer("u")
		if list = g.Branches("M", 100); len(list) != 1 {
			t.Errorf("after its last subscriber left: %q", told())
		}
		_ = caller.conn.Close(wire.CodeNormal, "")
		_ = server.conn.Close(wire.CodeNormal, "")
		drained(t, g)
		if list = g.Branches("M", 100); len(list) != 0 {
			t.Errorf("after all left: %q", told())
		}
		_ = g.Close()
	})
}
