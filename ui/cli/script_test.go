package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/itchyny/gojq"
	"github.com/rogpeppe/go-internal/testscript"
)

// patience bounds every wait of these tests; only a failure takes that long.
const patience = time.Minute

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"ioscope": program})
}

// program is what package main does, here so that scripts run with the race
// detector when the tests do. TestProgram runs package main itself.
func program() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	signal.Ignore(syscall.SIGPIPE)
	code := Main(ctx, Env{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Getenv:     os.Getenv,
		IsTerminal: func() bool { return false },
		Now:        time.Now,
	}, os.Args[1:])
	stop()
	os.Exit(code)
}

func TestScripts(t *testing.T) {
	t.Parallel()
	example, err := filepath.Abs("../../client/stub/testdata/accounts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		Deadline:            time.Now().Add(8 * time.Minute), // for programs that hang; all scripts share it
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("HOME", filepath.Join(e.WorkDir, "home")) // what is kept there is of this run
			e.Setenv("IOSCOPE_USER", "ada")
			e.Setenv("EVIL", hostileName)
			e.Setenv("EXAMPLE", example)
			// Else the race detector makes each program wait a second before it ends.
			e.Setenv("GORACE", "atexit_sleep_ms=0")
			e.Values[processes{}] = map[string]*process{}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"gateway": cmdGateway,
			"apps":    cmdApps,
			"exits":   cmdExits,
			"start":   cmdStart,
			"await":   cmdAwait,
			"end":     cmdEnd,
			"members": cmdMembers,
			"lines":   cmdLines,
			"jq":      cmdJQ,
			"tab":     cmdTab,
			"pipe":    cmdPipe,
		},
	})
}

// processes is the key of the programs that a script has in the background.
type processes struct{}

// process is a program in the background whose words can be waited for.
type process struct {
	cmd  *exec.Cmd
	text watched
}

// gateway [flag ...] starts a gateway and sets IOSCOPE_URL and IOSCOPE_ADDR to
// where it listens.
func cmdGateway(ts *testscript.TestScript, neg bool, args []string) {
	refuse(ts, neg)
	p := start(ts, "gateway", append([]string{"ioscope", "gateway", "--listen", "127.0.0.1:0"}, args...))
	line := p.text.await(ts, "listening on ws://", "\n")
	url := strings.TrimSpace(strings.TrimPrefix(line, "listening on "))
	ts.Setenv("IOSCOPE_URL", url)
	ts.Setenv("IOSCOPE_ADDR", strings.TrimSuffix(strings.TrimPrefix(url, "ws://"), "/gw3"))
}

// start NAME TEXT program [arg ...] starts a program and waits until it has said
// the text, on stdout or stderr.
func cmdStart(ts *testscript.TestScript, neg bool, args []string) {
	refuse(ts, neg)
	if len(args) < 3 {
		ts.Fatalf("usage: start NAME TEXT program [arg ...]")
	}
	start(ts, args[0], args[2:]).text.await(ts, args[1], "")
}

// await NAME TEXT waits until a program in the background has said the text.
func cmdAwait(ts *testscript.TestScript, neg bool, args []string) {
	refuse(ts, neg)
	if len(args) != 2 {
		ts.Fatalf("usage: await NAME TEXT")
	}
	running(ts, args[0]).text.await(ts, args[1], "")
}

// end NAME SIGNAL CODE sends INT or TERM, or nothing for NONE, and wants the exit
// code; what the program said is then stdout.
func cmdEnd(ts *testscript.TestScript, neg bool, args []string) {
	refuse(ts, neg)
	if len(args) != 3 {
		ts.Fatalf("usage: end NAME SIGNAL CODE")
	}
	p := running(ts, args[0])
	delete(ts.Value(processes{}).(map[string]*process), args[0])
	if sig := map[string]os.Signal{"INT": os.Interrupt, "TERM": syscall.SIGTERM}[args[1]]; sig != nil {
		ts.Check(p.cmd.Process.Signal(sig))
	}
	if code := strconv.Itoa(p.wait(ts)); code != args[2] {
		ts.Fatalf("%s ended with %s, want %s; it said:\n%s", args[0], code, args[2], p.text.String())
	}
	_, _ = io.WriteString(ts.Stdout(), p.text.String())
}

// exits CODE program [arg ...] runs a program and wants the exit code.
func cmdExits(ts *testscript.TestScript, neg bool, args []string) {
	refuse(ts, neg)
	if len(args) < 2 {
		ts.Fatalf("usage: exits CODE program [arg ...]")
	}
	err := ts.Exec(args[1], args[2:]...)
	if code := strconv.Itoa(codeOf(ts, err)); code != args[0] {
		ts.Fatalf("exit code %s, want %s", code, args[0])
	}
}

// members NAME ... wants each line of stdout to be a JSON object with exactly
// these members, in this order.
func cmdMembers(ts *testscript.TestScript, neg bool, args []string) {
	refuse(ts, neg)
	text := strings.TrimSuffix(ts.ReadFile("stdout"), "\n")
	for line := range strings.SplitSeq(text, "\n") {
		dec := json.NewDecoder(strings.NewReader(line))
		if tok, err := dec.Token(); err != nil || tok != json.Delim('{') {
			ts.Fatalf("not an object: %s", line)
		}
		var names []string
		for dec.More() {
			name, err := dec.Token()
			ts.Check(err)
			names = append(names, name.(string))
			var value json.RawMessage
			ts.Check(dec.Decode(&value))
		}
		if got, want := strings.Join(names, " "), strings.Join(args, " "); got != want {
			ts.Fatalf("members %s, want %s, in %s", got, want, line)
		}
	}
}

// lines N wants stdout to have as many lines.
func cmdLines(ts *testscript.TestScript, neg bool, args []string) {
	refuse(ts, neg)
	if n := strconv.Itoa(strings.Count(ts.ReadFile("stdout"), "\n")); len(args) != 1 || n != args[0] {
		ts.Fatalf("%s lines, want %v", n, args)
	}
}

// jq PROGRAM WANT reads each line of stdout as JSON and wants the program, which
// gets all of them as a list, to give this JSON.
func cmdJQ(ts *testscript.TestScript, neg bool, args []string) {
	refuse(ts, neg)
	if len(args) != 2 {
		ts.Fatalf("usage: jq PROGRAM WANT")
	}
	dec := json.NewDecoder(strings.NewReader(ts.ReadFile("stdout")))
	dec.UseNumber()
	lines := []any{}
	for {
		var line any
		err := dec.Decode(&line)
		if errors.Is(err, io.EOF) {
			break
		}
		ts.Check(err)
		lines = append(lines, line)
	}
	query, err := gojq.Parse(args[0])
	ts.Check(err)
	var got []string
	for it := query.Run(lines); ; {
		v, more := it.Next()
		if !more {
			break
		}
		if err, failed := v.(error); failed {
			ts.Fatalf("jq %s: %v, of\n%s", args[0], err, ts.ReadFile("stdout"))
		}
		text, err := gojq.Marshal(v)
		ts.Check(err)
		got = append(got, string(text))
	}
	if text := strings.Join(got, " "); text != args[1] {
		ts.Fatalf("jq %s gives\n%s\nwant\n%s\nof\n%s", args[0], text, args[1], ts.ReadFile("stdout"))
	}
}

// pipe CODE program [arg ...] runs a program whose reader goes away after the
// first line, as head does, and wants the exit code and not a word on stderr.
func cmdPipe(ts *testscript.TestScript, neg bool, args []string) {
	refuse(ts, neg)
	var errors bytes.Buffer
	cmd := command(ts, args[1:])
	cmd.Stderr = &errors
	out, err := cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	p := &process{cmd: cmd}
	kill := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() })
	defer kill.Stop()
	line, err := bufio.NewReader(out).ReadString('\n')
	ts.Check(err)
	ts.Check(out.Close())
	if code := strconv.Itoa(p.wait(ts)); code != args[0] {
		ts.Fatalf("exit code %s, want %s; stderr:\n%s", code, args[0], errors.String())
	}
	_, _ = io.WriteString(ts.Stdout(), line)
	_, _ = io.WriteString(ts.Stderr(), errors.String())
}

func refuse(ts *testscript.TestScript, neg bool) {
	if neg {
		ts.Fatalf("this command can't be negated")
	}
}

func command(ts *testscript.TestScript, args []string) *exec.Cmd {
	path, err := exec.LookPath(args[0])
	ts.Check(err)
	cmd := exec.Command(path, args[1:]...)
	cmd.Dir = ts.MkAbs(".")
	for _, key := range []string{"PATH", "HOME", "TMPDIR", "GORACE", "IOSCOPE_URL", "IOSCOPE_USER", "IOSCOPE_PASSWORD"} {
		cmd.Env = append(cmd.Env, key+"="+ts.Getenv(key))
	}
	return cmd
}

// start runs a program in the background; it is ended with the script.
func start(ts *testscript.TestScript, name string, args []string) *process {
	p := &process{cmd: command(ts, args)}
	p.text.changed = make(chan struct{}, 1)
	p.cmd.Stdout, p.cmd.Stderr = &p.text, &p.text
	ts.Check(p.cmd.Start())
	all := ts.Value(processes{}).(map[string]*process)
	all[name] = p
	ts.Defer(func() {
		// Its name may have gone to another one meanwhile.
		if p.cmd.ProcessState == nil {
			_ = p.cmd.Process.Kill()
			_ = p.cmd.Wait()
		}
	})
	return p
}

func running(ts *testscript.TestScript, name string) *process {
	p := ts.Value(processes{}).(map[string]*process)[name]
	if p == nil {
		ts.Fatalf("nothing called %s runs", name)
	}
	return p
}

// wait waits for the end, not for ever, and returns the exit code.
func (p *process) wait(ts *testscript.TestScript) int {
	kill := time.AfterFunc(patience, func() { _ = p.cmd.Process.Kill() })
	defer kill.Stop()
	return codeOf(ts, p.cmd.Wait())
}

func codeOf(ts *testscript.TestScript, err error) int {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	ts.Check(err)
	return 0
}

// watched is output in which a text can be waited for.
type watched struct {
	mu      sync.Mutex
	b       bytes.Buffer
	changed chan struct{}
}

func (w *watched) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	select {
	case w.changed <- struct{}{}:
	default:
	}
	return w.b.Write(p)
}

func (w *watched) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.String()
}

// await waits until a text is there, and the end after it, and returns both with
// what stands between them.
func (w *watched) await(ts *testscript.TestScript, text, end string) string {
	late := time.After(patience)
	for {
		s := w.String()
		if i := strings.Index(s, text); i >= 0 {
			if j := strings.Index(s[i:], end); j >= 0 {
				return s[i : i+j+len(end)]
			}
		}
		select {
		case <-w.changed:
		case <-late:
			ts.Fatalf("never said %q, but:\n%s", text, s)
		}
	}
}
