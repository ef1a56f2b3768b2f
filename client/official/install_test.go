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

// manifest is what decides which packages are installed, and how.
var manifest = []string{".npmrc", "package.json", "package-lock.json"}

// install is done once a test run; every later caller gets the same answer.
var install = sync.OnceValues(installed)

// officialHome returns the folder with the vendor's packages. Without them
// there is nothing to test: a machine without Node.js skips, CI fails.
func officialHome(t testing.TB) string {
	t.Helper()
	home, err := install()
	if err == nil {
		return home
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("the vendor's gateway and clients are needed with CI=true: %v", err)
	}
	t.Skipf("skipped without the vendor's gateway and clients: %v", err)
	return ""
}

// installed returns a folder that holds node_modules exactly as the lock file
// says. Its name is made from the manifest, so a changed manifest is another
// folder, and the mark inside tells a whole installation from a broken one.
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
	// Two test runs at once must not install into the same folder.
	unlock, err := lockedfile.MutexAt(home + ".lock").Lock()
	if err != nil {
		return "", fmt.Errorf("lock %s: %w", home, err)
	}
	defer unlock()
	mark := filepath.Join(home, "installed")
	if _, err := os.Stat(mark); err == nil {
		return home, nil
	}
	if err := npmCI(home); err != nil {
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
	return filepath.Join(cache, "ioscope", "official-"+hex.EncodeToString(sum.Sum(nil))[:16]), nil
}

// npmCI fills home afresh. The packages need no install scripts.
func npmCI(home string) error {
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
	cmd.Dir = home
	cmd.WaitDelay = time.Second
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("npm ci: %w: %s", err, out)
	}
	return nil
}
