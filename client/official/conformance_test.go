package official

import (
	"context"
	"testing"

	"ioscope/client/gateway/gatewaytest"
	"ioscope/client/internal/wire"
)

// TestOfficialGatewayConforms runs the suite that our gateway passes on the
// official one, so that the suite asserts what the vendor does and not what we
// believe. What differs on purpose stands in gatewaytest.Official.
func TestOfficialGatewayConforms(t *testing.T) {
	t.Parallel()
	url := officialGateway(t)
	dial := func(ctx context.Context) (wire.Conn, error) { return wire.Dial(ctx, url) }
	gatewaytest.Run(t, dial, gatewaytest.Official...)
}
