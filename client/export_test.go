package client

import "time"

// Pauses gives the pauses that follow connections of those lives, 0 for a try
// that failed.
func Pauses(o *Options, lives ...time.Duration) []time.Duration {
	opts := o.withDefaults()
	var p pace
	var out []time.Duration
	for _, life := range lives {
		p.attempt++
		out = append(out, p.next(life, &opts))
	}
	return out
}
