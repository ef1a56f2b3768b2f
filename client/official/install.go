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
	"time"

	"github.com/rogpeppe/go-internal/lockedfile"
)

// manifest is what decides which packages are installed, and how.
var manifest = []string{".npmrc", "package.json", "package-lock.json"}

// Install returns a folder that holds node_modules exactly as the lock file in
// dir says; dir has the manifest: .npmrc, package.json and the lock file. The first call fetches the
// packages. Its name is made from the manifest, so a changed manifest is another
// folder, and the mark inside tells a whole installation from a broken one.
func Install(dir string) (string, error) {
	for _, tool := range []string{"node", "npm"} {
		if _, err := exec.LookPath(tool); err != nil {
			return "", fmt.Errorf("find %s: %w", tool, err)
		}
	}
	home, err := homeFor(dir)
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
	if err := npmCI(dir, home); err != nil {
		return "", err
	}
	return home, os.WriteFile(mark, nil, 0o644)
}

func homeFor(dir string) (string, error) {
	sum := sha256.New()
	for _, name := range manifest {
		text, err := os.ReadFile(filepath.Join(dir, name))
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
func npmCI(dir, home string) error {
	if err := errors.Join(os.RemoveAll(home), os.MkdirAll(home, 0o755)); err != nil {
		return fmt.Errorf("clear cache folder: %w", err)
	}
	for _, name := range manifest {
		text, err := os.ReadFile(filepath.Join(dir, name))
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
