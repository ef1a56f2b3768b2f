package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"ioscope/client/official"
)

// home is where the scripts of the vendor's gateway lie, seen from the root.
const home = "client/official"

// maker starts a gateway.
type maker func(context.Context) (*process, error)

// gateways prepares both: the vendor's is installed and ours is built. cleanUp
// removes what was built.
func gateways(ctx context.Context) (makers [2]maker, cleanUp func(), err error) {
	packages, err := official.Install(home)
	if err != nil {
		return makers, nil, err
	}
	folder, err := os.MkdirTemp("", "ioscope-compare")
	if err != nil {
		return makers, nil, err
	}
	cleanUp = func() { _ = os.RemoveAll(folder) }
	ours := filepath.Join(folder, "ioscope")
	build := exec.CommandContext(ctx, "go", "build", "-o", ours, ".")
	if text, err := build.CombinedOutput(); err != nil {
		cleanUp()
		return makers, nil, fmt.Errorf("build ioscope: %w: %s", err, text)
	}
	vendor := func(ctx context.Context) (*process, error) {
		cmd := exec.CommandContext(ctx, "node", filepath.Join(home, "gateway.cjs"))
		cmd.Env = append(os.Environ(), "IOSCOPE_OFFICIAL="+packages)
		return start(cmd)
	}
	own := func(ctx context.Context) (*process, error) {
		return start(exec.CommandContext(ctx, ours, "gateway", "--listen", "127.0.0.1:0"))
	}
	return [2]maker{vendor, own}, cleanUp, nil
}

// process is a gateway that runs.
type process struct {
	cmd   *exec.Cmd
	stdin io.Closer // the vendor's gateway ends with it
	url   string
}

var address = regexp.MustCompile(`ws://[^"\s]+`)

// start waits for the line in which a gateway tells its address.
func start(cmd *exec.Cmd) (*process, error) {
	cmd.Stderr = os.Stderr
	cmd.WaitDelay = time.Second
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &process{cmd: cmd, stdin: stdin}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if p.url = address.FindString(line); p.url == "" {
		return nil, errors.Join(fmt.Errorf("%s tells no address", cmd.Path), err, p.stop())
	}
	return p, nil
}

func (p *process) stop() error {
	_ = p.stdin.Close()
	_ = p.cmd.Process.Signal(os.Interrupt)
	err := p.cmd.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return nil // however it takes the interrupt
	}
	return err
}

// tick is the unit of /proc/PID/stat. It is 100 a second wherever Linux runs a
// program of Go's or Node's.
const tick = 10 * time.Millisecond

// cpu is the time that the process has computed, its system calls included.
func (p *process) cpu() (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	// The name in parentheses may hold spaces; utime and stime are the 12th and
	// 13th field behind it.
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	const user, system = 11, 12
	if len(fields) <= system {
		return 0, fmt.Errorf("/proc/%d/stat: too short", p.cmd.Process.Pid)
	}
	var sum time.Duration
	for _, field := range fields[user : system+1] {
		n, err := strconv.Atoi(field)
		if err != nil {
			return 0, err
		}
		sum += time.Duration(n) * tick
	}
	return sum, nil
}

// peak is the most memory that was ever resident, in bytes.
func (p *process) peak() (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kilobytes, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
			return kilobytes << 10, err
		}
	}
	return 0, fmt.Errorf("/proc/%d/status: no VmHWM", p.cmd.Process.Pid)
}
