package official

import (
	"os"
	"sync"
	"testing"
)

// install is done once a test run; every later caller gets the same answer.
var install = sync.OnceValues(func() (string, error) { return Install(".") })

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
