package official

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// binary builds the command once for all tests.
var binary = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "ioscope-official-")
	if err != nil {
		return "", err
	}
	atEnd(func() error { return os.RemoveAll(folder) })
	if err := lookAtSources("../.."); err != nil {
		return "", err
	}
	path := filepath.Join(folder, "ioscope.exe") // Windows wants the suffix, others don't mind
	if out, err := exec.Command("go", "build", "-o", path, "ioscope").CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the command: %w: %s", err, out)
	}
	return path, nil
})

// lookAtSources reads the folders of the module. Go's test cache remembers what a
// test has looked at; without this, it would not know that a change of the
// command is a reason to run these tests again.
func lookAtSources(root string) error {
	return filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("look at sources: %w", err)
		}
		hidden := strings.HasPrefix(entry.Name(), ".") && path != root
		if entry.IsDir() && (hidden || entry.Name() == "node_modules") {
			return fs.SkipDir
		}
		return nil
	})
}

// command is a run of the built binary.
type command struct {
	t      testing.TB
	cmd    *exec.Cmd
	out    *bufio.Reader
	stderr *tail
}

// start runs the binary with the log-in of the test. No command ends after the
// test.
func start(t testing.TB, url string, arguments ...string) *command {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	c := &command{t: t, cmd: exec.CommandContext(t.Context(), path, arguments...), stderr: &tail{}}
	c.cmd.Env = append(os.Environ(), "IOSCOPE_URL="+url, "IOSCOPE_USER="+userOf(t), "IOSCOPE_PASSWORD=secret")
	c.cmd.Stderr = c.stderr
	stdout, err := c.cmd.StdoutPipe()
	if err == nil {
		err = c.cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	c.out = bufio.NewReader(stdout)
	return c
}

// line reads the next line of stdout.
func (c *command) line() []byte {
	c.t.Helper()
	line, err := c.out.ReadBytes('\n')
	if err != nil {
		c.t.Fatalf("%v: no line: %v; stderr: %s", c.cmd.Args, err, c.stderr)
	}
	return line
}

// end reads the rest of stdout and checks the exit code.
func (c *command) end(code int) string {
	c.t.Helper()
	rest, err := io.ReadAll(c.out)
	if err != nil {
		c.t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := c.cmd.Wait(); err != nil && !errors.As(err, &exit) {
		c.t.Fatal(err)
	}
	if got := c.cmd.ProcessState.ExitCode(); got != code {
		c.t.Errorf("%v: exit code %d; want %d; stdout: %s; stderr: %s", c.cmd.Args, got, code, rest, c.stderr)
	}
	return string(rest)
}

// fails ends a command that must print nothing and say why on stderr.
func (c *command) fails(code int, why string) {
	c.t.Helper()
	if out := c.end(code); out != "" {
		c.t.Errorf("%v: stdout is %q; want nothing", c.cmd.Args, out)
	}
	if said := c.stderr.String(); !strings.HasPrefix(said, "error: ") || !strings.Contains(said, why) {
		c.t.Errorf("%v: stderr is %q; want an error with %q", c.cmd.Args, said, why)
	}
}

// row is a line of --json; each command sets some of the fields.
type row struct {
	Name, Accepts, Returns string
	PeerID, Application    string
	Methods, Streams       int
	OK, Private            bool
	Value, Data            json.RawMessage
	Error                  struct{ URI, Reason string }
	Servers                []struct{ PeerID string }
}

func (c *command) row(line []byte) row {
	c.t.Helper()
	var r row
	if err := json.Unmarshal(line, &r); err != nil {
		c.t.Fatalf("%v prints %q: %v", c.cmd.Args, line, err)
	}
	return r
}

// rows ends a command that must succeed.
func (c *command) rows() []row {
	c.t.Helper()
	var rows []row
	for line := range bytes.Lines([]byte(c.end(0))) {
		rows = append(rows, c.row(line))
	}
	return rows
}

// TestCommandsList lists what official clients offer.
func TestCommandsList(t *testing.T) {
	t.Parallel()
	onEachGateway(t, func(t *testing.T, url, library string) {
		server, second := startPair(t, url, library)
		server.do("register", args{"definition": args{"name": "Sum", "accepts": "int a, int b", "returns": "int sum"}})
		second.do("register", args{"definition": args{"name": "Sum", "accepts": "int a, int b", "returns": "int sum"}})
		server.do("createStream", args{"definition": args{"name": "Prices", "accepts": "string symbol"}})

		servers := map[string]row{}
		for _, r := range start(t, url, "servers", "--json").rows() {
			servers[r.PeerID] = r
		}
		if s := servers[server.self.PeerID]; len(servers) != 2 || s.Application != server.self.Application || s.Methods != 1 || s.Streams != 1 {
			t.Errorf("servers --json lists %+v", servers)
		}
		methods := start(t, url, "methods", "--json").rows()
		if len(methods) != 1 || methods[0].Name != "Sum" || methods[0].Accepts != "int a, int b" || len(methods[0].Servers) != 2 {
			t.Errorf("methods --json lists %+v", methods)
		}
		streams := start(t, url, "streams", "--json").rows()
		if len(streams) != 1 || streams[0].Name != "Prices" || len(streams[0].Servers) != 1 || streams[0].Servers[0].PeerID != server.self.PeerID {
			t.Errorf("streams --json lists %+v", streams)
		}
		if table := start(t, url, "methods").end(0); !strings.Contains(table, "Sum") || !strings.Contains(table, "int a, int b") {
			t.Errorf("methods prints %q", table)
		}
	})
}

// TestCommandsInvoke invokes what official clients offer, with every outcome.
func TestCommandsInvoke(t *testing.T) {
	t.Parallel()
	onEachGateway(t, func(t *testing.T, url, library string) {
		server, second := startPair(t, url, library)
		definition := args{"definition": args{"name": "Sum", "accepts": "int a, double b, string? note", "returns": "double sum"}}
		server.do("register", definition)

		c := start(t, url, "invoke", "Sum", "a=1", "b=2.5", "note=7", "--json")
		call := server.answer("Sum", args{"value": args{"sum": 3.5}})
		wantJSON(t, "arguments", call.Args, `{"a":1,"b":2.5,"note":"7"}`)
		rows := c.rows()
		if len(rows) != 1 || !rows[0].OK || rows[0].PeerID != server.self.PeerID {
			t.Fatalf("invoke --json prints %+v", rows)
		}
		wantJSON(t, "value", rows[0].Value, `{"sum":3.5}`)

		c = start(t, url, "invoke", "Sum", "--args", `{"a":1}`, "b=2")
		call = server.answer("Sum", args{"value": args{"sum": 12345}})
		wantJSON(t, "arguments of --args and a pair", call.Args, `{"a":1,"b":2}`)
		if text := c.end(0); !strings.Contains(text, "12345") {
			t.Errorf("invoke prints %q", text)
		}

		c = start(t, url, "invoke", "Sum", "a=1", "b=2")
		server.answer("Sum", args{"error": "cannot add today"})
		if c.end(1); !strings.Contains(c.stderr.String(), "cannot add today") {
			t.Errorf("stderr of a server's error is %q", c.stderr)
		}
		c = start(t, url, "invoke", "Sum", "a=1", "b=2", "--json")
		server.answer("Sum", args{"error": "cannot add today"})
		if r := c.row([]byte(c.end(1))); r.OK || r.Error.Reason != "cannot add today" || r.Error.URI != "agm.errors.client_error" {
			t.Errorf("--json of a server's error is %+v", r)
		}

		start(t, url, "invoke", "Sum", "a=one", "b=2").fails(2, "a")
		start(t, url, "invoke", "Nobody", "--wait-timeout", "10ms").fails(3, "Nobody")
		c = start(t, url, "invoke", "Sum", "a=1", "b=2", "--response-timeout", "50ms")
		if c.end(4); !strings.Contains(c.stderr.String(), "50ms") && !strings.Contains(c.stderr.String(), "50 ms") {
			t.Errorf("stderr without an answer is %q", c.stderr)
		}
		// The unanswered call is the first that arrives after the refused input, so
		// nothing had been sent for that.
		server.answer("Sum", args{"value": args{}})

		second.do("register", definition)
		c = start(t, url, "invoke", "Sum", "a=1", "b=2", "--target", "all", "--json")
		server.answer("Sum", args{"value": args{"sum": 1}})
		second.answer("Sum", args{"value": args{"sum": 2}})
		if rows := c.rows(); len(rows) != 2 || !rows[0].OK || !rows[1].OK {
			t.Errorf("invoke --target all prints %+v", rows)
		}
		c = start(t, url, "invoke", "Sum", "a=1", "b=2", "--target", second.self.Application, "--json")
		second.answer("Sum", args{"value": args{"sum": 2}})
		if rows := c.rows(); len(rows) != 1 || rows[0].PeerID != second.self.PeerID {
			t.Errorf("invoke --target APPLICATION prints %+v", rows)
		}
	})
}

// TestCommandsSubscribe follows what official clients publish, with every end.
func TestCommandsSubscribe(t *testing.T) {
	t.Parallel()
	onEachGateway(t, func(t *testing.T, url, library string) {
		publisher := startApp(t, library, url, userOf(t), nil)
		publisher.do("createStream", args{"definition": args{"name": "Prices", "accepts": "string symbol"}, "asks": true})
		subscribe := func(flags ...string) (*command, int) {
			t.Helper()
			c := start(t, url, append([]string{"subscribe", "Prices", "symbol=VOD"}, flags...)...)
			request := publisher.next("request")
			wantJSON(t, "subscription arguments", request.Args, `{"symbol":"VOD"}`)
			publisher.do("accept", args{"request": request.Request, "branch": "VOD"})
			return c, publisher.next("subscribed").Subscriber
		}

		c, number := subscribe("--count", "2", "--json")
		publisher.do("push", args{"stream": "Prices", "data": args{"n": 1}})
		first := c.row(c.line()) // events come while the command runs
		publisher.do("pushOne", args{"subscriber": number, "data": args{"n": 2}})
		second := c.row(c.line())
		c.end(0)
		wantJSON(t, "first event", first.Data, `{"n":1}`)
		wantJSON(t, "second event", second.Data, `{"n":2}`)
		if first.Private || !second.Private || first.PeerID != publisher.self.PeerID {
			t.Errorf("events read %+v and %+v", first, second)
		}
		publisher.next("unsubscribed")

		c, _ = subscribe()
		publisher.do("push", args{"stream": "Prices", "data": args{"n": 98765}})
		if line := c.line(); !bytes.Contains(line, []byte("98765")) {
			t.Errorf("subscribe prints %q", line)
		}
		publisher.do("closeBranch", args{"stream": "Prices", "branch": "VOD"})
		c.end(0)

		c = start(t, url, "subscribe", "Prices", "symbol=NO")
		publisher.do("reject", args{"request": publisher.next("request").Request, "reason": "no such symbol"})
		c.fails(1, "no such symbol")
		start(t, url, "subscribe", "Nothing", "--wait-timeout", "10ms").fails(3, "Nothing")
		start(t, url, "subscribe", "Prices", "symbol=SLOW", "--response-timeout", "50ms").fails(4, "50")
	})
}
