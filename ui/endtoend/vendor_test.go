//go:build linux

package endtoend

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"

	"ioscope/client/official"
)

// installed are the folders of the vendors' packages, installed once a test run.
var installed sync.Map // folder → func() (home string, err error)

// vendorProgram starts a program of ours on a vendor's packages, which are installed
// for the folder that it is in. A machine that can't have them skips, CI fails.
func vendorProgram(t *testing.T, folder, script string, args []string, env ...string) (*exec.Cmd, io.WriteCloser, *bufio.Scanner) {
	t.Helper()
	dir, err := filepath.Abs(folder)
	if err != nil {
		t.Fatal(err)
	}
	install, _ := installed.LoadOrStore(dir, sync.OnceValues(func() (string, error) { return official.Install(dir) }))
	home, err := install.(func() (string, error))()
	switch {
	case err != nil && os.Getenv("CI") == "true":
		t.Fatalf("the vendor's packages are needed with CI=true: %v", err)
	case err != nil:
		t.Skipf("skipped without the vendor's packages: %v", err)
	}
	cmd := exec.Command("node", append([]string{filepath.Join(dir, script)}, args...)...)
	cmd.Env = append(append(os.Environ(), "IOSCOPE_OFFICIAL="+home), env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var problem bytes.Buffer
	cmd.Stderr = &problem
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { // after whoever started it has waited for its end
		if t.Failed() && problem.Len() > 0 {
			t.Logf("%s says:\n%s", script, problem.Bytes())
		}
	})
	return cmd, in, bufio.NewScanner(out)
}
