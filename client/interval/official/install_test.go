package official

import (
	"os"
	"sync"
	"testing"

	vendors "ioscope/client/official"
)

// install is done once a test run.
var install = sync.OnceValues(func() (string, error) { return vendors.Install(".") })

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
