// Package rest waits, unless what waits is ended.
package rest

import (
	"context"
	"time"
)

// For waits, and reports whether it could until the end.
func For(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
