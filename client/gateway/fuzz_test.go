package gateway

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"ioscope/client/internal/wire"
)

// fuzzTypes are the message types that FuzzFrames chooses from, with domains.
var fuzzTypes = []string{
	"global/hello", "global/join", "global/leave", "global/create-token", "agm/register", "agm/unregister", "agm/call", "agm/yield",
	"agm/error", "agm/subscribe", "agm/accepted", "agm/publish", "agm/post", "agm/unsubscribe", "agm/drop-subscription",
	"global/create-context", "global/subscribe-context", "context/update-context", "context/unsubscribe-context", "global/destroy-context",
	"bus/subscribe", "bus/publish", "bus/unsubscribe", "metrics/define", "global/ping", "nosuch/x",
}

// fuzzValues are what fields get: ids that often exist, and nonsense.
var fuzzValues = []string{
	`"p-n-2"`, `"p-n-4"`, `"r-n-5"`, `"r-n-6"`, `"r-n-7"`, `"c-n-5"`, `"c-n-6"`, `"0"`, `0`, `null`, `{}`, `[]`, `["0",0]`, `[{"id":"0","name":"M"}]`,
	`[{"id":0,"flags":null,"restrictions":"$application=='a'"}]`, `"agm"`, `"bus"`, `"context"`, `"retained"`, `"ref-counted"`, `"ownership"`,
	`{"commands":[{"type":"set","path":"a.b","value":1}]}`, `{"added":{"a":{}},"updated":{"a":{"b":1}},"removed":["a"]}`, `"*"`, `true`,
	`{"method":"secret","login":"u","secret":""}`, `{"application":"a","instance":"i"}`, `"$user==#user"`,
}

// frame makes a message of four or more bytes: the type, then pairs of a field
// and a value.
func frame(recipe []byte) []byte {
	domain, kind, _ := strings.Cut(fuzzTypes[int(recipe[0])%len(fuzzTypes)], "/")
	names := []string{
		"peer_id", "server_id", "method_id", "methods", "invocation_id", "subscription_id", "stream_id", "request_id", "destination",
		"restrictions", "identity", "authentication", "name", "lifetime", "context_id", "delta", "data", "topic", "read_permissions",
	}
	text := fmt.Sprintf(`{"domain":%q,"type":%q`, domain, kind)
	for i := 1; i+1 < len(recipe); i += 2 {
		text += fmt.Sprintf(`,%q:%s`, names[int(recipe[i])%len(names)], fuzzValues[int(recipe[i+1])%len(fuzzValues)])
	}
	return []byte(text + "}")
}

// FuzzFrames is the law that no sequence of frames panics or wedges the gateway,
// and that nothing is left when everybody has gone. Input is cut at newlines;
// odd pieces are sent as they are, even ones are recipes for frames.
func FuzzFrames(f *testing.F) {
	f.Add([]byte("{bad\n\x04\x00\x00\x03\x0d\n{}"))
	f.Add([]byte("x\n\x06\x00\x01\x01\x00\x02\x07\nx\n\x07\x00\x00\x04\x02\nx\n\x02\x00\x00\x08\x0f"))
	f.Add([]byte("\n\x04\x00\x00\x03\x0d\n\n\x09\x00\x01\x01\x00\x02\x07\n\n\x0a\x00\x00\x05\x02\x06\x07\n\n\x0b\x00\x00\x06\x07\n\n\x05\x00\x00\x03\x0c"))
	f.Add([]byte("\n\x0f\x00\x00\x0c\x07\x0d\x14\n\n\x10\x00\x01\x0e\x05\n\n\x11\x00\x01\x0e\x05\x0f\x15\n\n\x12\x00\x00\x0e\x05"))
	f.Add([]byte(`{"type":"hello","identity":{"application":"a"},"authentication":{"method":"secret","login":"u","secret":""}}` + "\n\x01\x00\x00\x08\x0f"))
	f.Fuzz(func(t *testing.T, input []byte) {
		g := New(nil)
		g.router.node = "n" // so that recipes can guess ids
		defer g.Close()
		peers := []*client{join(t, g, "a"), join(t, g, "b")}
		for i, piece := range strings.Split(string(input), "\n") {
			msg := []byte(piece)
			if i%2 == 1 && len(piece) > 2 {
				msg = frame(msg)
			}
			who := peers[i/2%2]
			if who.conn.Write(t.Context(), msg) != nil {
				break // it was cut off for text that is none
			}
		}
		for _, p := range peers {
			p.stillServed()
			_ = p.conn.Close(wire.CodeNormal, "")
		}
		drained(t, g)
		g.mu.Lock()
		for id, c := range g.router.contexts { // retained ones may stay
			if c.lifetime == retained && len(c.members) == 0 {
				delete(g.router.contexts, id)
			}
		}
		g.mu.Unlock()
		if left := leftovers(g); len(left) > 0 {
			t.Fatalf("left over: %v", left)
		}
	})
}

// stillServed fails unless the gateway answers, or has closed the connection.
// Everything that it sends must be JSON.
func (c *client) stillServed() {
	c.Helper()
	ctx, cancel := context.WithTimeout(c.Context(), 10*time.Second)
	defer cancel()
	_ = c.conn.Write(ctx, []byte(`{"domain":"agm","type":"fence","request_id":"the fence"}`))
	for {
		text, err := c.conn.Read(ctx)
		if ctx.Err() != nil {
			c.Fatal("the gateway does not answer any more")
		}
		if err != nil {
			return
		}
		if !json.Valid(text) {
			c.Fatalf("not json: %s", text)
		}
		if strings.Contains(string(text), `"the fence"`) {
			return
		}
	}
}
