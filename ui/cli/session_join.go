package cli

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/ui"
)

// subscription says in the words of the screen what comes of joining.
type subscription struct {
	*client.Subscription
	q ui.Question
}

// Join implements ui.Subscription.
func (s subscription) Join(ctx context.Context) ([]bus.Instance, error) {
	joined, err := s.Subscription.Join(ctx)
	if several := (interface{ Unwrap() []error })(nil); errors.As(err, &several) {
		var said []error
		for _, one := range several.Unwrap() {
			said = append(said, inWords(one, s.q))
		}
		err = &saidError{strings.ReplaceAll(errors.Join(said...).Error(), "\n", "; "), err}
	} else {
		err = inWords(cmp.Or(errors.Unwrap(err), err), s.q)
	}
	return joined, err
}
