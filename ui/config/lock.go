package config

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// lockPatience is how long a lock is waited for. Whoever has one writes a small file.
const lockPatience = 5 * time.Second

// Locked does something while nobody else does something under the same name, in this
// program or another one of the same person. The lock is a file of the state folder.
// Where the file system knows no locks it is done without.
func (p Paths) Locked(name string, do func() error) error {
	if err := os.MkdirAll(p.State, 0o700); err != nil {
		return err
	}
	// A lock of its own for each: one that is shared would let all of this program in.
	lock := flock.New(filepath.Join(p.State, name+".lock"), flock.SetPermissions(0o600))
	ctx, cancel := context.WithTimeout(context.Background(), lockPatience)
	defer cancel()
	switch _, err := lock.TryLockContext(ctx, 10*time.Millisecond); {
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("another ioscope holds %s", lock.Path())
	case errors.Is(err, os.ErrPermission):
		return fmt.Errorf("lock: %w", err)
	case err == nil:
		defer func() { _ = lock.Unlock() }()
	}
	return do()
}
