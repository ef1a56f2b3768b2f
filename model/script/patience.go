package script

import (
	"context"
	"time"
)

// Patience is how long one program may take on a machine that has time for it.
const Patience = 250 * time.Millisecond

// On a machine that is busy elsewhere a short program may stand still for longer than
// that. So what has done fewer steps than fewSteps, some milliseconds of work, is given
// up only after longPatience.
const (
	fewSteps     = 100_000
	longPatience = 20 * Patience
)

// Within gives a context that stops a program which takes longer than Patience: what
// runs it looks at the context at each step. It is for one program on one goroutine.
func Within(ctx context.Context) (context.Context, context.CancelFunc) {
	long, stopLong := context.WithTimeout(ctx, longPatience)
	short, stopShort := context.WithTimeout(long, Patience)
	return &patient{Context: long, short: short}, func() { stopShort(); stopLong() }
}

// patient counts the steps of a program by how often it is asked.
type patient struct {
	context.Context
	short context.Context
	steps int
}

// Done is closed when the program took too long for what it has done.
func (p *patient) Done() <-chan struct{} {
	if p.steps++; p.steps > fewSteps {
		return p.short.Done()
	}
	return p.Context.Done()
}

// Err says why it is stopped.
func (p *patient) Err() error {
	if p.steps > fewSteps {
		return p.short.Err()
	}
	return p.Context.Err()
}
