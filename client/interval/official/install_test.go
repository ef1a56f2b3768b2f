package official

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/lockedfile"
)

// manifest decides what is installed, and how.
var manifest = []string{".npmrc", "package.json", "package-lock.json"}

// install is done once a test run.
var install = sync.OnceValues(installed)

// sdk returns the folder with the SDK. A machine that can't have it skips, CI
// fails.
func sdk(t testing.TB) string {
	t.Helper()
	home, err := install()
	if err == nil {
		return home
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("the Interval SDK is needed with CI=true: %v", err)
	}
	t.Skipf("skipped without the Interval SDK: %v", err)
	return ""
}

// installed fills a folder whose name is made from the manifest; a mark inside
// tells a whole installation from a broken one.
func installed() (string, error) {
	for _, tool := range []string{"node", "npm"} {
		if _, err := exec.LookPath(tool); err != nil {
			return "", fmt.Errorf("find %s: %w", tool, err)
		}
	}
	home, err := homeFor(manifest)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(home), 0o755); err != nil {
		return "", fmt.Errorf("make cache folder: %w", err)
	}
	unlock, err := lockedfile.MutexAt(home + ".lock").Lock()
	if err != nil {
		return "", fmt.Errorf("lock %s: %w", home, err)
	}
	defer unlock()
	mark := filepath.Join(home, "installed")
	if _, err := os.Stat(mark); err == nil {
		return home, nil
	}
	if err := fill(home); err != nil {
		return "", err
	}
	return home, os.WriteFile(mark, nil, 0o644)
}

func homeFor(files []string) (string, error) {
	sum := sha256.New()
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			return "", fmt.Errorf("read manifest: %w", err)
		}
		fmt.Fprintf(sum, "%s %d\n%s", name, len(text), text)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	return filepath.Join(cache, "ioscope", "interval-"+hex.EncodeToString(sum.Sum(nil))[:16]), nil
}

func fill(home string) error {
	if err := errors.Join(os.RemoveAll(home), os.MkdirAll(home, 0o755)); err != nil {
		return fmt.Errorf("clear cache folder: %w", err)
	}
	for _, name := range manifest {
		text, err := os.ReadFile(name)
		if err == nil {
			err = os.WriteFile(filepath.Join(home, name), text, 0o644)
		}
		if err != nil {
			return fmt.Errorf("copy manifest: %w", err)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts")
	cmd.Dir, cmd.WaitDelay = home, time.Second
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("npm ci: %w: %s", err, out)
	}
	return nil
}
