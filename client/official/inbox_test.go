package official

import (
	"sync"
	"testing"
	"time"
)

// inbox keeps what was heard until a test takes it. The zero value is empty.
type inbox[T any] struct {
	mu      sync.Mutex
	changed chan struct{} // closed and forgotten when something is put in; nil while nobody waits
	items   []T
}

func (b *inbox[T]) put(item T) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.items = append(b.items, item)
	if b.changed != nil {
		close(b.changed)
		b.changed = nil
	}
}

// take takes the first item that fits, or gives a channel that closes when there
// is more.
func (b *inbox[T]) take(fits func(T) bool) (found T, ok bool, changed <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, item := range b.items {
		if fits(item) {
			b.items = append(b.items[:i:i], b.items[i+1:]...)
			return item, true, nil
		}
	}
	if b.changed == nil {
		b.changed = make(chan struct{})
	}
	return found, false, b.changed
}

// next waits for the first item that was not taken yet and that fits, and takes it.
func (b *inbox[T]) next(t testing.TB, what string, fits func(T) bool) T {
	t.Helper()
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	for {
		found, ok, changed := b.take(fits)
		if ok {
			return found
		}
		select {
		case <-changed:
		case <-timeout.C:
			t.Fatalf("our client did not hear of %s within %v", what, patience)
		}
	}
}

// first waits for the first item that was not taken yet, and takes it.
func (b *inbox[T]) first(t testing.TB, what string) T {
	t.Helper()
	return b.next(t, what, func(T) bool { return true })
}

// rest are the items that nobody took.
func (b *inbox[T]) rest() []T {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]T(nil), b.items...)
}
