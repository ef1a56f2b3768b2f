package gateway

import (
	"os"
	"testing"

	"ioscope/client/internal/leak"
)

// TestMain fails the run when goroutines of this module outlive the tests.
func TestMain(m *testing.M) { os.Exit(leak.Run(m)) }
