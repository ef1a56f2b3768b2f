package gateway_test

import (
	"context"
	"os"
	"testing"

	"ioscope/client/gateway"
	"ioscope/client/gateway/gatewaytest"
	"ioscope/client/internal/wire"
)

// foreignURL names the environment variable with the address of a gateway that
// the conformance suite is to be run against too, such as the vendor's own.
const foreignURL = "IOSCOPE_GATEWAY_URL"

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
	url := os.Getenv(foreignURL)
	if url == "" {
		t.Skip(foreignURL + " names no gateway")
	}
	gatewaytest.Run(t, func(ctx context.Context) (wire.Conn, error) { return wire.Dial(ctx, url) }, gatewaytest.Official...)
}
