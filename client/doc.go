// Package client joins an interop bus: it discovers the applications and their
// methods, calls methods, offers some, follows streams and publishes some. It
// speaks the gw3 protocol to a Glue42 or io.Connect gateway, or to the one in
// ioscope/client/gateway.
//
//	c, err := client.Dial(ctx, "ws://127.0.0.1:8385/gw3", &client.Options{Application: "Desk"})
//	...
//	defer c.Close()
//	result, err := c.Invoke(ctx, bus.MethodFilter{Name: "Prices.Get"}, map[string]any{"symbol": "VOD"}, nil)
//
// # Connection
//
// A [Client] keeps itself connected. When the connection is lost it tries again,
// at once and then with growing pauses, logs in with the access token that the
// gateway gave or else as at first, registers its methods and streams again and
// asks again for the subscriptions that were live.
// Invocations that were under way fail with a [LostError]: whether the other
// side did the work can't be known. [Options.OnEvent] hears of all this, and of
// everything that joins, leaves, registers and unregisters. So do the On methods,
// such as [Client.OnMethodAdded], each about one thing alone.
//
// # Concurrency
//
// All methods of all types may be called from any goroutine. One goroutine reads
// the connection and calls [Options.OnEvent] and [SubscribeOptions.OnEvent];
// these must return quickly and must not call what waits for the bus (Invoke,
// Subscribe, Register, Close of a client), for nothing arrives meanwhile.
// Handlers run in goroutines of their own. The callbacks of one [Stream] run one
// at a time, in order, beside the reading goroutine, and may do what they like.
//
// # Values
//
// Arguments, results and stream data are JSON objects. What arrives is given as
// the bytes that came; what is sent is marshalled by encoding/json, but for a
// json.RawMessage, whose bytes go untouched. Points in time have a form of their
// own on this bus: see [Date].
//
// # Cost
//
// Of what a busy stream of small events costs its subscriber, the least is spent
// on the events. Most goes into waking up: the reading goroutine by the socket,
// the subscriber by the reading goroutine, and in both cases perhaps a thread by
// another. So a subscriber is woken only when it waits for something, and
// [Subscription.Batches] and [Options.ReadPause] let it wait for more than one
// event. What remains is the WebSocket library, which changes goroutines four
// times a message. An event itself is scanned once, allocates its bytes and the
// value that is handed over, and is never decoded.
//
// The package must not import anything of ioscope but what lies below it: the
// vocabulary and the wire.
package client
