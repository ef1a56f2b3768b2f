package bus_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"ioscope/client/bus"
)

func TestErrorIsItsKind(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("invoke: %w", &bus.Error{URI: bus.ClientError, Reason: "no such client", Context: json.RawMessage(`{}`)})
	if !errors.Is(err, &bus.Error{URI: bus.ClientError}) {
		t.Error("not of its own kind")
	}
	for _, other := range []*bus.Error{
		{URI: bus.InvocationFailure},
		{URI: bus.ClientError, Reason: "something else"},
		{},
	} {
		if errors.Is(err, other) {
			t.Errorf("taken for %+v", other)
		}
	}
}

func TestReturnTellsAsOfficialClientsDo(t *testing.T) {
	t.Parallel()
	good := bus.Return{Value: json.RawMessage(`{"sum":9}`)}
	var sum struct{ Sum int }
	if err := good.Decode(&sum); err != nil || sum.Sum != 9 || good.Status() != 0 || good.Message() != "" {
		t.Errorf("success: %+v, %v, %d, %q", sum, err, good.Status(), good.Message())
	}
	bad := bus.Return{Err: &bus.Error{Reason: "no"}}
	if err := bad.Decode(&sum); !errors.Is(err, bad.Err) || bad.Status() != 1 || bad.Message() != "no" {
		t.Errorf("failure: %v, %d, %q", err, bad.Status(), bad.Message())
	}
}
