// Package gatewaytest is a conformance suite for gateways of the gw3 protocol.
// It speaks raw frames, so it shares no code with a client, and asserts what
// messages follow from which, in which order. The same suite runs on our
// gateway and, given its address, on any other.
package gatewaytest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"ioscope/client/internal/wire"
)

// Dial opens a connection to the gateway under test.
type Dial = func(ctx context.Context) (wire.Conn, error)

// Deviation is a case in which a gateway is known to differ, and why that is
// no fault of ours.
type Deviation struct{ Case, Reason string }

// Official are the deviations of the vendor's gateway, version 3.0.19: the
// points in which we chose to serve clients better.
var Official = []Deviation{
	{"join/order", "announces peers in the order of a hash set"},
	{"hello/replaces", "keeps the peer of an earlier hello as a ghost"},
	{"hello/nulls", "leaves unknown environment and region out"},
	{"methods/null flags", "passes null flags on, which makes clients lose the method"},
	{"methods/register before join", "announces methods of a peer that has not joined"},
	{"methods/register nothing", "announces an empty list"},
	{"streams/error after accept", "sends an error that clients ignore, and no cancellation"},
	{"ends/pending subscription, publisher gone", "cancels a subscription whose id the subscriber does not know"},
	{"ends/pending subscription, method gone", "cancels a subscription whose id the subscriber does not know"},
	{"ends/own subscription, method gone", "says nothing to a subscriber of its own method"},
	{"ends/leave twice", "sends a second peer-removed"},
	{"malformed/not json", "answers with text that is not JSON"},
	{"malformed/not an object", "answers some of it with text that is not JSON"},
	{"malformed/foreign peer", "answers in domain null, which settles no request"},
	{"contexts/other user", "checks no user once somebody knows the id"},
}

// testCase is one law of the protocol.
type testCase struct {
	name string
	run  func(*bench)
}

// Run runs the suite against the gateway that dial connects to. Cases that a
// deviation names are skipped with its reason.
func Run(t *testing.T, dial Dial, known ...Deviation) {
	reasons := map[string]string{}
	for _, d := range known {
		reasons[d.Case] = d.Reason
	}
	groups := []struct {
		name  string
		cases []testCase
	}{
		{"hello", helloCases},
		{"join", joinCases},
		{"methods", methodCases},
		{"calls", callCases},
		{"streams", streamCases},
		{"ends", endCases},
		{"visibility", visibilityCases},
		{"malformed", malformedCases},
		{"contexts", contextCases},
		{"others", otherCases},
	}
	for _, group := range groups {
		for _, c := range group.cases {
			name := group.name + "/" + c.name
			t.Run(name, func(t *testing.T) {
				if reason, ok := reasons[name]; ok {
					delete(reasons, name)
					t.Skip("known to differ: " + reason)
				}
				user := fmt.Sprintf("user-%08x", rand.Uint32())
				c.run(&bench{T: t, dial: dial, user: user})
			})
		}
	}
	for name := range reasons {
		t.Errorf("there is no case %q to deviate in", name)
	}
}
