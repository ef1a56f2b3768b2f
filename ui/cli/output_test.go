package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/client/stub"
)

func TestExitCode(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  error
		want int
	}{
		{nil, exitFine},
		{errors.New("anything"), exitFailed},
		{&bus.Error{Reason: "no"}, exitFailed},
		{&client.RejectedError{}, exitFailed},
		{withHint(usagef("x"), "y"), exitUsage},
		{fmt.Errorf("a: %w", &client.NoMethodError{}), exitNone},
		{withHint(&noOffer{}, "y"), exitNone},
		{told{&client.NoAnswerError{}}, exitNoAnswer},
		{withHint(fmt.Errorf("silent%w", quiet{&client.NoAnswerError{}}), "y"), exitNoAnswer},
		{context.DeadlineExceeded, exitFailed},
	} {
		if got := exitCode(c.err); got != c.want {
			t.Errorf("exitCode(%v) = %d, want %d", c.err, got, c.want)
		}
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  error
		want string
	}{
		{nil, ""},
		{errors.New("one\ntwo\x1b[2J"), "error: one\n       two␛[2J\n"},
		{fmt.Errorf("first: %w", withHint(errors.New("second"), "third")), "error: first: second\nhint: third\n"},
		{told{errors.New("said already")}, ""},
	} {
		var b bytes.Buffer
		report(&b, c.err)
		if b.String() != c.want {
			t.Errorf("report(%v) = %q, want %q", c.err, b.String(), c.want)
		}
	}
}

func TestReaderGone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  error
		want bool
	}{
		{fmt.Errorf("print: %w", syscall.EPIPE), true},
		{io.ErrClosedPipe, true},
		{io.EOF, false},
		{nil, false},
	} {
		if got := readerGone(c.err); got != c.want {
			t.Errorf("readerGone(%v) = %t, want %t", c.err, got, c.want)
		}
	}
}

func TestPretty(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ raw, want string }{
		{
			`{"n":9007199254740993.10,"l":[1,{}],"s":"<\u202e` + "\u202e\u009b" + `>"}`,
			"  {\n    \"n\": 9007199254740993.10,\n    \"l\": [\n      1,\n      {}\n    ],\n    \"s\": \"<\\u202e\\u202e\\u009b>\"\n  }",
		},
		{`{}`, "  {}"},
		{`not json` + "\x1b", "  not json␛"},
	} {
		if got := pretty(json.RawMessage(c.raw), "  "); got != c.want {
			t.Errorf("pretty(%q) = %q, want %q", c.raw, got, c.want)
		}
	}
}

// TestObject: our own members are JSON, what came from the bus keeps its bytes.
func TestObject(t *testing.T) {
	t.Parallel()
	o := &object{}
	o.set("a<b", "x&y").set("n", 1.5).raw("data", json.RawMessage("{ \"x\":1.10,\r\n\"y\":\"\u2028<\" }")).raw("none", nil)
	want := "{\"a<b\":\"x&y\",\"n\":1.5,\"data\":{ \"x\":1.10,  \"y\":\"\u2028<\" },\"none\":null}\n"
	if got := string(o.line()); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if got := string((&object{}).bytes()); got != "{}" {
		t.Errorf("empty object: %q", got)
	}
}

// TestAppendEvent: the line is what an object with these members is.
func TestAppendEvent(t *testing.T) {
	t.Parallel()
	n := newNames(func() []bus.Instance { return nil })
	server := bus.Instance{PeerID: "p-1", Application: `A"<`, Instance: "i"}
	n.know(server)
	at := time.Date(2026, 11, 21, 9, 0, 0, 120_000_000, time.UTC)
	for _, e := range []bus.StreamData{
		{At: at, Server: "p-1", Private: true, Sequence: "12345678901234567890", Data: json.RawMessage("{ \"a\":\n1.10 }")},
		{At: at, Server: "p-2", Snapshot: true},
	} {
		o := (&object{}).set("time", e.At.Format(time.RFC3339Nano))
		serverRef(o, n.of(e.Server).Instance).set("private", e.Private).set("snapshot", e.Snapshot)
		want := string(o.raw("sequence", []byte(e.Sequence)).raw("data", e.Data).line())
		if got := string(appendEvent([]byte("before"), e, n.of(e.Server))); got != "before"+want {
			t.Errorf("got  %swant %s", got, want)
		}
	}
}

// TestTable: columns stay aligned with wide characters and hostile ones.
func TestTable(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	err := printTable(&b, []string{"name", "pid", "servers"}, [][]string{
		{"株式", "7", "a"},
		{"x\x1b[31my", "12345", "b\nc"},
		{strings.Repeat("long", 11), "1", "d"},
	}, 1)
	if err != nil {
		t.Fatal(err)
	}
	want := "name       pid  servers\n" +
		"株式         7  a\n" +
		"x␛[31my  12345  b␊c\n" +
		strings.Repeat("long", 11) + "      1  d\n"
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
}

func TestDuration(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		400 * time.Microsecond:  "0.4 ms",
		12 * time.Millisecond:   "12 ms",
		4100 * time.Millisecond: "4.1 s",
		30 * time.Second:        "30 s",
		2 * time.Minute:         "2 min",
		90 * time.Second:        "1m30s",
	} {
		if got := duration(d); got != want {
			t.Errorf("duration(%v) = %q, want %q", d, got, want)
		}
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		info debug.BuildInfo
		want string
	}{
		{debug.BuildInfo{GoVersion: "go1.26", Main: debug.Module{Version: "v1.2.3"}}, "v1.2.3 go1.26"},
		{debug.BuildInfo{GoVersion: "go1.26", Main: debug.Module{Version: "(devel)"}}, "devel go1.26"},
		{debug.BuildInfo{GoVersion: "go1.26", Settings: []debug.BuildSetting{
			{Key: "vcs.revision", Value: "0123456789abcdef"}, {Key: "vcs.modified", Value: "true"},
		}}, "devel 0123456789ab modified go1.26"},
	} {
		if got := versionOf(&c.info); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

// TestServeSample: what the help shows is a file that works.
func TestServeSample(t *testing.T) {
	t.Parallel()
	app, err := stub.Parse("sample.yaml", []byte(serveSample))
	if err != nil || len(app.Notes) > 0 || app.Methods() != 1 || app.Streams() != 1 {
		t.Errorf("%+v, %v", app, err)
	}
}

func TestCompletions(t *testing.T) {
	t.Parallel()
	names := []string{"Prices.Get", "Prices.Get", "prices.List", "Evil\x1b[0m", "Prices\tTab", "Orders"}
	if got := strings.Join(completions(names, "pri"), " "); got != "Prices.Get prices.List" {
		t.Errorf("got %q", got)
	}
}

// TestProgram runs package main itself: it serves, and SIGTERM ends it cleanly.
func TestProgram(t *testing.T) {
	t.Parallel()
	binary := filepath.Join(t.TempDir(), "ioscope")
	if out, err := exec.Command("go", "build", "-o", binary, "ioscope").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	cmd := exec.Command(binary, "gateway", "--listen", "127.0.0.1:0")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() })
	defer kill.Stop()
	line := make([]byte, 100)
	n, err := out.Read(line)
	if err != nil || !strings.HasPrefix(string(line[:n]), "listening on ws://127.0.0.1:") {
		t.Errorf("said %q, %v", line[:n], err)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Error(err)
	}
	if err := cmd.Wait(); err != nil || stderr.Len() > 0 {
		t.Errorf("ended with %v, stderr %q", err, stderr.String())
	}
}
