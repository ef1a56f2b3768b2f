//go:build linux

package endtoend

import (
	"bufio"
	"bytes"
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"ioscope/client"
)

// program is the built binary, and races the beginning of the names of the files
// in which it says that its goroutines raced.
var program, races string

// roleVariable makes the test binary another program, see [TestMain].
const roleVariable = "ENDTOEND_ROLE"

// TestMain builds the program once. Under roleVariable it is what the tests need
// as a process of its own.
func TestMain(m *testing.M) {
	if os.Getenv(roleVariable) == "shell" {
		os.Exit(shell(os.Args[1:]))
	}
	flag.Parse()
	// The tests wait much more than they work.
	if f := flag.Lookup("test.parallel"); f != nil && f.Value.String() == f.DefValue {
		_ = flag.Set("test.parallel", "8")
	}
	code, err := buildAndRun(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func buildAndRun(m *testing.M) (code int, err error) {
	dir, err := os.MkdirTemp("", "endtoend")
	if err != nil {
		return 1, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	program, races = filepath.Join(dir, "ioscope"), filepath.Join(dir, "race")
	args := []string{"build", "-o", program}
	if raceEnabled {
		args = append(args, "-race")
	}
	if out, err := exec.Command("go", append(args, "ioscope")...).CombinedOutput(); err != nil {
		return 1, fmt.Errorf("build the program: %w\n%s", err, out)
	}
	code = m.Run()
	return code, raced()
}

// raced tells of the races that the programs found in themselves.
func raced() error {
	files, err := filepath.Glob(races + ".*")
	if err != nil || len(files) == 0 {
		return err
	}
	report, err := os.ReadFile(files[0])
	if err != nil {
		return err
	}
	return fmt.Errorf("goroutines of the program raced:\n%s", report)
}

// command makes the program ready to run, as on a machine where it never ran.
func command(t *testing.T, env []string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Dir = t.TempDir()
	cmd.Env = append([]string{
		"TERM=xterm-256color", "COLORTERM=truecolor", "LANG=C.UTF-8", "LC_ALL=C.UTF-8",
		"HOME=" + cmd.Dir, "PATH=" + os.Getenv("PATH"), "GORACE=log_path=" + races,
	}, env...)
	return cmd
}

// start opens the explorer in a terminal.
func start(t *testing.T, cols, rows int, env []string, args ...string) *terminal {
	t.Helper()
	return open(t, cols, rows, command(t, env, args...))
}

// explore opens the explorer on a bus and waits until it is live.
func explore(t *testing.T, cols, rows int, url string) *terminal {
	t.Helper()
	e := start(t, cols, rows, nil, "--url", url)
	e.until("the bus", func(s screen) bool {
		return strings.Contains(s.header(), "● live") && !s.paneHas("1", "none yet") && s.pane("1") != nil
	})
	return e
}

// run runs a command to its end and returns what it printed.
func run(t *testing.T, args ...string) (stdout string, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	ready := command(t, nil, args...)
	cmd := exec.CommandContext(ctx, ready.Path, ready.Args[1:]...)
	cmd.Dir, cmd.Env = ready.Dir, ready.Env
	var out, problem bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problem
	if err := cmd.Run(); err != nil {
		return out.String(), fmt.Errorf("%w: %s", err, problem.Bytes())
	}
	return out.String(), nil
}

// process is a gateway that runs beside the explorer.
type process struct {
	cmd *exec.Cmd
	url string
}

// serve starts a gateway at an address and waits until it is ready; it ends with
// the test.
func serve(t *testing.T, address string, args ...string) *process {
	t.Helper()
	p := &process{cmd: command(t, nil, append([]string{"gateway", "--listen", address}, args...)...)}
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	var problem bytes.Buffer
	p.cmd.Stderr = &problem
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatalf("start a gateway: %v", err)
	}
	t.Cleanup(func() { p.stop(t) })
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatalf("the gateway is not ready: %v %s", err, problem.Bytes())
	}
	p.url = strings.TrimSpace(strings.TrimPrefix(line, "listening on "))
	return p
}

// demo starts a gateway with the demo apps and returns its address.
func demo(t *testing.T) string {
	t.Helper()
	return serve(t, "127.0.0.1:0", "--demo").url
}

// stop ends the gateway, as a person does with ctrl+c; twice is as good as once.
func (p *process) stop(t *testing.T) {
	t.Helper()
	if p.cmd.ProcessState != nil {
		return
	}
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	timer := time.AfterFunc(patience, func() { _ = p.cmd.Process.Kill() })
	defer timer.Stop()
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("the gateway ends badly: %v", err)
	}
}

// kill ends the gateway without a goodbye to anybody.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
}

// join puts an app on the bus.
func join(t *testing.T, url, name string) *client.Client {
	t.Helper()
	c, err := client.Dial(t.Context(), url, &client.Options{Application: name})
	if err != nil {
		t.Fatalf("join as %s: %v", name, err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// freeAddress is one on which nobody listens, and that nobody gets by chance: the
// kernel hands out ports from 32768 on.
func freeAddress(t *testing.T) string {
	t.Helper()
	for range 100 {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 20_000+rand.N(10_000)))
		if err != nil {
			continue
		}
		defer func() { _ = l.Close() }()
		return l.Addr().String()
	}
	t.Fatal("no port is free")
	return ""
}
