package gateway

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
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
	"activity/add-types", "activity/remove-types", "activity/add-peer-factories", "activity/remove-peer-factories", "activity/subscribe",
	"activity/create", "activity/create-peer", "activity/destroy", "activity/destroy-peer", "activity/join-activity", "activity/leave-activity",
	"activity/ready", "activity/reload", "activity/update-context",
}

// fuzzValues are what fields get: ids that often exist, and nonsense.
var fuzzValues = []string{
	`"p-n-2"`, `"p-n-4"`, `"r-n-5"`, `"r-n-6"`, `"r-n-7"`, `"c-n-5"`, `"c-n-6"`, `"0"`, `0`, `null`, `{}`, `[]`, `["0",0]`, `[{"id":"0","name":"M"}]`,
	`[{"id":0,"flags":null,"restrictions":"$application=='a'"}]`, `"agm"`, `"bus"`, `"context"`, `"retained"`, `"ref-counted"`, `"ownership"`,
	`{"commands":[{"type":"set","path":"a.b","value":1}]}`, `{"added":{"a":{}},"updated":{"a":{"b":1}},"removed":["a"]}`, `"*"`, `true`,
	`{"method":"secret","login":"u","secret":""}`, `{"application":"a","instance":"i"}`, `"$user==#user"`,
	`"activity"`, `"a-n-6"`, `[{"id":"f","peer_type":"T"}]`, `[{"name":"T","owner_type":{"type":"T"},"helper_types":[{"type":"T"}]}]`, `"T"`, `["T"]`, `["f"]`,
}

// fuzzFields are the keys that a recipe can name.
var fuzzFields = []string{
	"peer_id", "server_id", "method_id", "methods", "invocation_id", "subscription_id", "stream_id", "request_id", "destination",
	"restrictions", "identity", "authentication", "name", "lifetime", "context_id", "delta", "data", "topic", "read_permissions",
	"types", "factories", "factory_ids", "activity_types", "activity_type", "activity_id", "peer_type", "target_id", "destroy_peer_id", "initial_context",
}

// frame makes a message of a recipe: a byte for the type, then one for each
// field and its value.
func frame(recipe []byte) []byte {
	domain, kind, _ := strings.Cut(fuzzTypes[int(recipe[0])%len(fuzzTypes)], "/")
	text := fmt.Sprintf(`{"domain":%q,"type":%q`, domain, kind)
	for i := 1; i+1 < len(recipe); i += 2 {
		text += fmt.Sprintf(`,%q:%s`, fuzzFields[int(recipe[i])%len(fuzzFields)], fuzzValues[int(recipe[i+1])%len(fuzzValues)])
	}
	return []byte(text + "}")
}

// recipe is the inverse of frame for the seeds. Both peers of the fuzz test send
// in turns, p-n-2 first. No byte is a newline, which parts the frames.
func recipe(t testing.TB, kind string, pairs ...string) string {
	code := func(list []string, entry string) byte {
		i := slices.Index(list, entry)
		if i < 0 {
			t.Fatalf("nothing is called %s", entry)
		}
		return byte(i + 2*len(list))
	}
	out := []byte{code(fuzzTypes, kind)}
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, code(fuzzFields, pairs[i]), code(fuzzValues, pairs[i+1]))
	}
	return string(out)
}

// FuzzFrames is the law that no sequence of frames panics or wedges the gateway,
// and that nothing is left when everybody has gone. Input is cut at newlines;
// odd pieces are sent as they are, even ones are recipes for frames.
func FuzzFrames(f *testing.F) {
	first, second := `"p-n-2"`, `"p-n-4"`
	def := `[{"id":"0","name":"M"}]`
	f.Add([]byte("{bad\n{}\n[]\n\xff"))
	for _, recipes := range [][]string{
		{
			recipe(f, "agm/register", "peer_id", first, "methods", def),
			recipe(f, "agm/subscribe", "peer_id", second, "server_id", first, "method_id", `"0"`),
			recipe(f, "agm/accepted", "peer_id", first, "subscription_id", `"r-n-5"`, "stream_id", `0`),
			recipe(f, "agm/call", "peer_id", second, "server_id", first, "method_id", `"0"`),
			recipe(f, "agm/publish", "peer_id", first, "stream_id", `0`, "data", `{}`),
			recipe(f, "agm/unsubscribe", "peer_id", second, "subscription_id", `"r-n-5"`),
			recipe(f, "agm/yield", "peer_id", first, "invocation_id", `"r-n-6"`),
			recipe(f, "agm/subscribe", "peer_id", second, "server_id", first, "method_id", `"0"`),
			recipe(f, "agm/unregister", "peer_id", first, "methods", `["0",0]`),
			recipe(f, "global/leave", "peer_id", second, "destination", `"agm"`),
		},
		{
			recipe(f, "global/create-context", "peer_id", first, "name", `"0"`, "lifetime", `"ownership"`),
			recipe(f, "global/subscribe-context", "peer_id", second, "context_id", `"c-n-5"`),
			recipe(f, "global/join", "peer_id", first, "destination", `"context"`),
			recipe(f, "context/update-context", "peer_id", second, "context_id", `"c-n-5"`, "delta", `{"commands":[{"type":"set","path":"a.b","value":1}]}`),
			recipe(f, "global/leave", "peer_id", first, "destination", `"context"`),
		},
		{
			recipe(f, "global/join", "peer_id", first, "destination", `"bus"`),
			recipe(f, "global/hello", "identity", `{"application":"a","instance":"i"}`, "authentication", `{"method":"secret","login":"u","secret":""}`),
			recipe(f, "bus/subscribe", "peer_id", first, "topic", `"*"`),
			recipe(f, "bus/publish", "peer_id", second, "topic", `"0"`, "data", `{}`),
		},
		{
			recipe(f, "global/join", "peer_id", first, "destination", `"activity"`),
			recipe(f, "global/join", "peer_id", second, "destination", `"activity"`),
			recipe(f, "activity/add-types", "peer_id", first, "types", `[{"name":"T","owner_type":{"type":"T"},"helper_types":[{"type":"T"}]}]`),
			recipe(f, "activity/subscribe", "peer_id", second),
			recipe(f, "activity/add-peer-factories", "peer_id", first, "factories", `[{"id":"f","peer_type":"T"}]`),
			recipe(f, "activity/create", "peer_id", second, "activity_type", `"T"`),
			recipe(f, "activity/ready", "peer_id", first),
			recipe(f, "activity/join-activity", "peer_id", second, "activity_id", `"a-n-6"`, "target_id", first),
			recipe(f, "activity/create-peer", "peer_id", first, "peer_type", `"T"`),
			recipe(f, "activity/leave-activity", "peer_id", second, "activity_id", `"a-n-6"`),
			recipe(f, "activity/destroy", "peer_id", first, "activity_id", `"a-n-6"`),
		},
	} {
		var input string
		for _, r := range recipes {
			input += "{}\n" + r + "\n"
		}
		f.Add([]byte(input))
	}
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
			who := peers[i/2%2] // each sends two pieces in a row
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
	ctx, cancel := context.WithTimeout(c.Context(), time.Minute)
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
