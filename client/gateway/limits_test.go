package gateway

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// hello logs a further peer in and returns the answer.
func (c *client) hello(app, user string) map[string]any {
	c.Helper()
	c.send(`{"type":"hello","request_id":%q,"identity":{"application":%q},"authentication":{"method":"secret","login":%q,"secret":""}}`, app, app, user)
	return c.answer(app)
}

// answer reads up to the answer to a request.
func (c *client) answer(request string) map[string]any {
	c.Helper()
	return c.first(func(m map[string]any) bool { return m["request_id"] == request })
}

// refused fails unless an answer is this error.
func refused(t *testing.T, got map[string]any, uri, reason string) {
	t.Helper()
	if got["type"] != "error" || got["reason_uri"] != uri || !strings.Contains(fmt.Sprint(got["reason"]), reason) {
		t.Errorf("got %v, want %s, %s", got, uri, reason)
	}
}

func TestMaxPeers(t *testing.T) {
	t.Parallel()
	g := New(&Options{MaxPeers: 4, MaxUserPeers: 2})
	defer g.Close()
	c := &client{TB: t, conn: g.Connect(false)}
	for app, user := range map[string]string{"a1": "a", "a2": "a", "b1": "b"} {
		if got := c.hello(app, user); got["type"] != "welcome" {
			t.Fatalf("%s is told %v", app, got)
		}
	}
	refused(t, c.hello("a3", "a"), "global.errors.limits_exceeded", "Maximum number of peers per user have been reached")
	if got := c.hello("b2", "b"); got["type"] != "welcome" {
		t.Errorf("the last place: %v", got)
	}
	refused(t, c.hello("c1", "c"), "global.errors.limits_exceeded", "Maximum number of peers have been reached")
	// Who comes again over the same connection takes their own place.
	if got := c.hello("a1", "a"); got["type"] != "welcome" {
		t.Errorf("the same once more: %v", got)
	}
	if s := g.Stats(); s.Peers != 4 || s.Logins != 5 || s.RefusedLogins != 2 {
		t.Errorf("stats: %+v", s)
	}
	// A place that became free is given away again.
	_ = c.conn.Close(1000, "")
	drained(t, g)
	join(t, g, "later")
}

func TestMaxMethods(t *testing.T) {
	t.Parallel()
	g := New(&Options{MaxMethods: 3})
	defer g.Close()
	c := join(t, g, "a")
	register := func(request string, ids ...string) map[string]any {
		var defs []string
		for _, id := range ids {
			defs = append(defs, fmt.Sprintf(`{"id":%q,"name":"M%s"}`, id, id))
		}
		c.send(`{"domain":"agm","type":"register","request_id":%q,"peer_id":%q,"methods":[%s]}`, request, c.id, strings.Join(defs, ","))
		return c.answer(request)
	}
	if got := register("r1", "0", "1"); got["type"] != "success" {
		t.Fatalf("two: %v", got)
	}
	refused(t, register("r2", "2", "3"), "agm.errors.registration.failure", "methods per peer (3)")
	if s := g.Stats(); s.Methods != 2 {
		t.Errorf("%d methods after a refusal, which is of all or none", s.Methods)
	}
	if got := register("r3", "0", "1", "2", "2"); got["type"] != "success" {
		t.Errorf("replacing two and adding one: %v", got)
	}
	c.send(`{"domain":"agm","type":"unregister","request_id":"u","peer_id":%q,"methods":["0"]}`, c.id)
	c.answer("u")
	if got := register("r4", "9"); got["type"] != "success" {
		t.Errorf("in place of one that is gone: %v", got)
	}
}

// callTwo is a bus with a server that answers nothing by itself.
func callTwo(t *testing.T, g *Gateway) (server, caller *client) {
	t.Helper()
	server, caller = join(t, g, "server"), join(t, g, "caller")
	server.send(`{"domain":"agm","type":"register","peer_id":%q,"methods":[{"id":"0","name":"M"}]}`, server.id)
	caller.until("methods-added")
	return server, caller
}

func (c *client) ask(kind, request string, server *client) {
	c.Helper()
	c.send(`{"domain":"agm","type":%q,"request_id":%q,"peer_id":%q,"server_id":%q,"method_id":"0"}`, kind, request, c.id, server.id)
}

func TestMaxCalls(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := New(&Options{MaxCalls: 2})
		server, caller := callTwo(t, g)
		other := join(t, g, "other")
		caller.ask("call", "c1", server)
		caller.ask("call", "c2", server)
		caller.ask("call", "c3", server)
		refused(t, caller.answer("c3"), "agm.errors.invocation.failure", "calls in flight per peer (2)")
		other.ask("call", "o1", server) // has calls of its own
		first := server.until("invoke")["invocation_id"]
		server.send(`{"domain":"agm","type":"yield","peer_id":%q,"invocation_id":%q,"result":{}}`, server.id, first)
		caller.answer("c1")
		caller.ask("call", "c4", server)
		caller.ask("call", "c5", server)
		refused(t, caller.answer("c5"), "agm.errors.invocation.failure", "calls in flight per peer (2)")
		// Calls that will hardly be answered any more do not count for ever.
		time.Sleep(callLife) // of the bubble's clock
		caller.ask("call", "c6", server)
		caller.ask("call", "c7", server)
		caller.ask("call", "c8", server)
		refused(t, caller.answer("c8"), "agm.errors.invocation.failure", "calls in flight per peer (2)")
		synctest.Wait()
		if s := g.Stats(); s.PendingCalls != 3 || s.Calls != 6 {
			t.Errorf("stats: %+v", s)
		}
		_ = g.Close()
	})
}

func TestMaxSubscriptions(t *testing.T) {
	t.Parallel()
	g := New(&Options{MaxSubscriptions: 1})
	defer g.Close()
	server, caller := callTwo(t, g)
	caller.ask("subscribe", "s1", server)
	id := server.until("add-interest")["subscription_id"]
	caller.ask("subscribe", "s2", server)
	refused(t, caller.answer("s2"), "agm.errors.invocation.failure", "subscriptions per peer (1)")
	server.send(`{"domain":"agm","type":"error","peer_id":%q,"request_id":%q}`, server.id, id)
	caller.answer("s1")
	caller.ask("subscribe", "s3", server)
	server.until("add-interest")
}

func TestNoLimits(t *testing.T) {
	t.Parallel()
	g := New(&Options{MaxPeers: -1, MaxMethods: -1, MaxCalls: -1, MaxSubscriptions: -1})
	defer g.Close()
	server, caller := callTwo(t, g)
	caller.ask("subscribe", "s1", server)
	server.until("add-interest")
	caller.ask("call", "c1", server)
	server.until("invoke")
}
