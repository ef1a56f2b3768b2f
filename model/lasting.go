package model

import (
	"slices"

	"ioscope/client/bus"
)

// Lasting is the target without processes, which are others tomorrow, where it means
// the same servers without them.
func (s *State) Lasting(method RowID, target bus.Target) bus.Target {
	out := bus.Target{Mode: target.Mode}
	for _, f := range target.Filters {
		if f.Application != "" {
			f.PID = 0
		}
		out.Filters = append(out.Filters, f)
	}
	if now := s.Means(method, target); len(now) == 0 || !slices.Equal(now, s.Means(method, out)) {
		return target
	}
	return out
}
