package gateway_test

import (
	"context"
	"fmt"

	"ioscope/client/gateway"
)

// A program serves a bus on a port of this machine; clients of the protocol
// connect to the address that URL gives.
func ExampleGateway_Listen() {
	g := gateway.New(nil)
	defer g.Close()
	server, err := g.Listen(context.Background(), "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(server.URL()[:len("ws://127.0.0.1:")])
	// Output: ws://127.0.0.1:
}
