package cli

import (
	"context"
	"errors"

	"github.com/itchyny/gojq"

	"ioscope/client/bus"
)

// where chooses events by a jq program. nil lets every event pass. It belongs to
// one goroutine.
type where struct {
	code *gojq.Code
	// failed counts the events at which the program failed; they don't pass.
	failed int
}

// whereVariables are what a program knows beside the payload.
var whereVariables = []string{"$server", "$application", "$instance", "$peerId", "$private"}

// newWhere reads the program; an empty text gives nil.
func newWhere(text string) (*where, error) {
	if text == "" {
		return nil, nil
	}
	query, err := gojq.Parse(text)
	var syntax *gojq.ParseError
	if errors.As(err, &syntax) {
		at := max(0, min(len(text), syntax.Offset)-len(syntax.Token))
		return nil, withHint(usagef("--where: %w at character %d", err, 1+len([]rune(text[:at]))),
			"it is jq over the payload, such as '.price > 100'")
	}
	if err != nil {
		return nil, usagef("--where: %w", err)
	}
	code, err := gojq.Compile(query, gojq.WithVariables(whereVariables))
	if err != nil {
		return nil, usagef("--where: %w", err)
	}
	return &where{code: code}, nil
}

// fits reports whether the first thing that the program gives is neither false
// nor null, so that conditions work, and select() too. Of the first event at
// which it fails the error is returned, for people to be told.
func (w *where) fits(ctx context.Context, e bus.StreamData, s bus.Instance) (bool, error) {
	if w == nil {
		return true, nil
	}
	v, ok := w.code.RunWithContext(ctx, bus.Decode(e.Data), s.Name(), s.Application, s.Instance, string(s.PeerID), e.Private).Next()
	if err, failed := v.(error); failed {
		if ctx.Err() != nil {
			return false, nil
		}
		if w.failed++; w.failed > 1 {
			err = nil
		}
		return false, err
	}
	return ok && v != nil && v != false, nil
}

// count is how many events the program failed at.
func (w *where) count() int {
	if w == nil {
		return 0
	}
	return w.failed
}
