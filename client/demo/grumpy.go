package demo

import (
	"context"
	"errors"

	"ioscope/client"
	"ioscope/client/bus"
)

// errMood is what Grumpy answers, whatever it is asked.
var errMood = errors.New("not in the mood to divide today")

// grumpy offers what the calculators offer, and always fails.
func grumpy(ctx context.Context, s *stage) error {
	c, err := s.connect(ctx, "Grumpy")
	if err != nil {
		return err
	}
	refuse := func(context.Context, client.Call) (any, error) { return nil, errMood }
	sulk := bus.MethodDefinition{
		Name:        "Sulk",
		DisplayName: "Sulk",
		Description: "Not even this is done.",
		Accepts:     "string? why",
		Returns:     "bool sulked",
		Version:     1,
	}
	return s.register(ctx, c, offer{addition, refuse}, offer{division, refuse}, offer{sulk, refuse})
}
