package gateway

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"testing"
	"time"

	"ioscope/client/internal/wire"
)

// client speaks raw frames to a gateway in the same process.
type client struct {
	testing.TB
	conn wire.Conn
	id   string
}

func join(t testing.TB, g *Gateway, app string) *client {
	t.Helper()
	c := &client{TB: t, conn: g.Connect(false)}
	c.send(`{"type":"hello","identity":{"application":%q},"authentication":{"method":"secret","login":"u","secret":""}}`, app)
	c.id = c.until("welcome")["peer_id"].(string)
	c.send(`{"domain":"global","type":"join","destination":"agm","peer_id":%q}`, c.id)
	c.until("success")
	return c
}

func (c *client) send(format string, args ...any) {
	c.Helper()
	if err := c.conn.Write(c.Context(), fmt.Appendf(nil, format, args...)); err != nil {
		c.Fatal(err)
	}
}

// until reads up to a message of a type.
func (c *client) until(kind string) map[string]any {
	c.Helper()
	return c.first(func(m map[string]any) bool { return m["type"] == kind })
}

// first reads up to the message that is wanted.
func (c *client) first(wanted func(map[string]any) bool) map[string]any {
	c.Helper()
	ctx, cancel := context.WithTimeout(c.Context(), time.Minute)
	defer cancel()
	for {
		text, err := c.conn.Read(ctx)
		if err != nil {
			c.Fatalf("waiting in vain: %v", err)
		}
		var got map[string]any
		if err := json.Unmarshal(text, &got); err != nil {
			c.Fatal(err)
		}
		if wanted(got) {
			return got
		}
	}
}

// drained waits until no connection is left.
func drained(t testing.TB, g *Gateway) {
	t.Helper()
	g.mu.Lock()
	var open []*link
	for l := range g.links {
		open = append(open, l)
	}
	g.mu.Unlock()
	for _, l := range open {
		select {
		case <-l.finished:
		case <-time.After(time.Minute):
			t.Fatal("a connection does not end")
		}
	}
}

// leftovers names the tables of a gateway that are not empty.
func leftovers(g *Gateway) []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	var left []string
	tables := reflect.ValueOf(g.router.tables)
	for i := range tables.NumField() {
		field := tables.Field(i)
		switch field.Kind() {
		case reflect.Map, reflect.Slice:
			if field.Len() > 0 {
				left = append(left, fmt.Sprintf("%s: %d", tables.Type().Field(i).Name, field.Len()))
			}
		}
	}
	return left
}

func TestTablesAreEmptyInTheEnd(t *testing.T) {
	t.Parallel()
	g := New(nil)
	defer g.Close()
	a, b := join(t, g, "a"), join(t, g, "b")
	a.send(`{"domain":"agm","type":"register","peer_id":%q,"methods":[{"id":0,"name":"M"},{"id":1,"name":"R","restrictions":"$application=='b'"}]}`, a.id)
	a.until("success")
	for _, c := range []*client{a, b} {
		for _, method := range []int{0, 0, 1} {
			c.send(`{"domain":"agm","type":"subscribe","peer_id":%q,"server_id":%q,"method_id":%d}`, c.id, a.id, method)
			interest := a.until("add-interest")
			a.send(`{"domain":"agm","type":"accepted","peer_id":%q,"subscription_id":%q,"stream_id":%d}`, a.id, interest["subscription_id"], method)
			c.until("subscribed")
			c.send(`{"domain":"agm","type":"subscribe","peer_id":%q,"server_id":%q,"method_id":%d}`, c.id, a.id, method)
			c.send(`{"domain":"agm","type":"call","peer_id":%q,"server_id":%q,"method_id":%d}`, c.id, a.id, method)
			a.until("invoke")
		}
		c.send(`{"domain":"global","type":"join","destination":"bus","peer_id":%q}`, c.id)
		c.until("success")
		c.send(`{"domain":"bus","type":"subscribe","topic":"t","peer_id":%q}`, c.id)
		c.until("subscribed")
		c.send(`{"domain":"global","type":"create-context","name":%q,"lifetime":"ownership","peer_id":%q}`, c.id, c.id)
		c.until("context-created")
	}
	b.send(`{"domain":"global","type":"create-context","name":"both","lifetime":"ref-counted","peer_id":%q}`, b.id)
	b.until("context-created")

	ended := b.conn.Close(wire.CodeNormal, "")
	a.until("peer-removed")
	g.mu.Lock()
	if n := len(g.router.subs); n != 6 || ended != nil {
		t.Errorf("%d subscriptions are left of the publisher's own six (%v)", n, ended)
	}
	for _, c := range g.router.calls {
		if c.caller == nil && c.callee.id != a.id {
			t.Errorf("call %s hangs in the air", c.id)
		}
	}
	g.mu.Unlock()
	_ = a.conn.Close(wire.CodeNormal, "")
	drained(t, g)
	if left := leftovers(g); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
}

// TestSubscriptionEnds checks that each way for a subscription to end clears the
// subscription, the interest and the stream.
func TestSubscriptionEnds(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(pub, sub *client, id any){
		"unsubscribe": func(_, sub *client, id any) {
			sub.send(`{"domain":"agm","type":"unsubscribe","peer_id":%q,"subscription_id":%q}`, sub.id, id)
		},
		"drop": func(pub, _ *client, id any) {
			pub.send(`{"domain":"agm","type":"drop-subscription","peer_id":%q,"subscription_id":%q}`, pub.id, id)
		},
		"error": func(pub, _ *client, id any) {
			pub.send(`{"domain":"agm","type":"error","peer_id":%q,"request_id":%q}`, pub.id, id)
		},
		"unregister": func(pub, _ *client, _ any) {
			pub.send(`{"domain":"agm","type":"unregister","peer_id":%q,"methods":["0"]}`, pub.id)
		},
		"publisher leaves": func(pub, _ *client, _ any) {
			pub.send(`{"domain":"global","type":"leave","destination":"agm","peer_id":%q}`, pub.id)
		},
		"subscriber leaves": func(_, sub *client, _ any) {
			sub.send(`{"domain":"global","type":"leave","destination":"agm","peer_id":%q}`, sub.id)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := New(nil)
			defer g.Close()
			pub, sub := join(t, g, "pub"), join(t, g, "sub")
			pub.send(`{"domain":"agm","type":"register","peer_id":%q,"methods":[{"id":"0","name":"S"}]}`, pub.id)
			sub.until("methods-added")
			sub.send(`{"domain":"agm","type":"subscribe","peer_id":%q,"server_id":%q,"method_id":"0"}`, sub.id, pub.id)
			id := pub.until("add-interest")["subscription_id"]
			for _, stream := range []string{"S", "T"} {
				pub.send(`{"domain":"agm","type":"accepted","peer_id":%q,"subscription_id":%q,"stream_id":%q}`, pub.id, id, stream)
				sub.until("subscribed")
			}
			g.mu.Lock()
			members := append([]*member(nil), g.router.members...)
			g.mu.Unlock()
			end(pub, sub, id)
			for _, c := range []*client{pub, sub} {
				c.send(`{"domain":"agm","type":"fence","request_id":"fence"}`)
				for c.until("error")["request_id"] != "fence" {
				}
			}
			g.mu.Lock()
			defer g.mu.Unlock()
			left := len(g.router.subs)
			for _, m := range members {
				left += len(m.made) + len(m.interests) + len(m.streams)
			}
			if left > 0 {
				t.Errorf("%d entries are left", left)
			}
		})
	}
}
