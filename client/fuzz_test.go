package client_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/client/internal/wire"
)

// FuzzMessages is the law that nothing a gateway says breaks a client: whatever
// came before, a call of its method is answered.
func FuzzMessages(f *testing.F) {
	for _, seed := range []string{
		"no json\n{}\n[]",
		`{"domain":"agm","type":"peer-added","new_peer_id":"a","identity":{"application":7},"meta":[]}`,
		`{"domain":"agm","type":"methods-added","server_id":"me","methods":[{"id":{},"flags":5,"version":1e400}]}`,
		`{"domain":"agm","type":"methods-added","server_id":"me","methods":[{"id":"0"}]}` + "\n" +
			`{"domain":"agm","type":"methods-removed","server_id":"me","methods":["0"]}`,
		`{"domain":"agm","type":"add-interest","subscription_id":null,"method_id":"1","caller_id":[]}` + "\n" +
			`{"domain":"agm","type":"remove-interest","subscription_id":null}`,
		`{"domain":"agm","type":"peer-removed","removed_id":"me"}`,
		`{"domain":"agm","type":"subscribed","request_id":"q2","subscription_id":{}}`,
		`{"domain":"agm","type":"invoke","method_id":"0"}`,
		`{"domain":"global","type":"welcome","request_id":"q0","peer_id":"other"}`,
		`{"type":"error","request_id":-1,"reason":[]}`,
		`{"type":"context-added","context_id":{},"name":"x"}` + "\n" +
			`{"type":"context-updated","context_id":{},"delta":{"reset":[],"commands":[{"type":"set","path":"a..b"}]}}` + "\n" +
			`{"type":"context-destroyed","context_id":{}}`,
		`{"domain":"agm","type":"event","subscription_id":{},"data":"\ud800"}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, messages string) {
		synctest.Test(t, func(t *testing.T) {
			c, _, l := opened(t, client.Options{})
			_, id := offer(t, c, l, "M", echo)
			l.publishers("p")
			publish(t, c, l, nil)
			subscribing := subscribe(t, c, &client.SubscribeOptions{Target: bus.TargetPeer("p")})
			l.want(wire.Subscribe)
			for i, message := range strings.Split(messages, "\n") {
				if i < 100 { // what a pipe holds with room for the answers
					l.send("%s", message)
				}
			}
			l.invoke(id, "the last one", `{}`)
			for {
				if f := l.any(); f.Type == wire.Yield && string(f.InvocationID) == `"the last one"` {
					break
				}
			}
			_ = c.Close()
			<-subscribing
		})
	})
}
