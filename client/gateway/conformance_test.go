package gateway_test

import (
	"cmp"
	"context"
	"os"
	"testing"

	"ioscope/client/gateway"
	"ioscope/client/gateway/gatewaytest"
	"ioscope/client/internal/wire"
)

// foreignURL are the environment variables that may hold the address of a gateway
// that the conformance suite is to be run against too, such as the vendor's own.
// The first one that is set counts.
var foreignURL = []string{"GATEWAY_URL", "IOSCOPE_GATEWAY_URL"}

func TestConformanceInMemory(t *testing.T) {
	t.Parallel()
	g := gateway.New(nil)
	defer g.Close()
	gatewaytest.Run(t, func(context.Context) (wire.Conn, error) { return g.Connect(false), nil })
}

func TestConformanceOverWebSocket(t *testing.T) {
	t.Parallel()
	g := gateway.New(nil)
	defer g.Close()
	s, err := g.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gatewaytest.Run(t, func(ctx context.Context) (wire.Conn, error) { return wire.Dial(ctx, s.URL()) })
}

func TestConformanceOfForeignGateway(t *testing.T) {
	t.Parallel()
	var url string
	for _, name := range foreignURL {
		url = cmp.Or(url, os.Getenv(name))
	}
	if url == "" {
		t.Skip(foreignURL[0] + " names no gateway")
	}
	gatewaytest.Run(t, func(ctx context.Context) (wire.Conn, error) { return wire.Dial(ctx, url) }, gatewaytest.Official...)
}
