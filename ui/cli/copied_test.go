package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ioscope/client/bus"
	"ioscope/client/demo"
	"ioscope/client/gateway"
	vendors "ioscope/client/official"
	"ioscope/model"
	"ioscope/ui"
)

// demoBus is a gateway of its own with the demo apps, and what is known of a
// connection to it.
func demoBus(t *testing.T) model.Connection {
	t.Helper()
	gw := gateway.New(nil)
	server, err := gw.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := model.Connection{URL: server.URL(), Self: bus.Instance{User: "ada"}}
	apps, err := demo.Start(t.Context(), at.URL, &demo.Options{User: "ada"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = errors.Join(apps.Close(), gw.Close()) })
	return at
}

// bothAsked are a call to three servers, one of which refuses, and a subscription.
func bothAsked() (call, stream ui.Question) {
	call = ui.Question{
		Method: bus.MethodFilter{Name: "Addition"}, Target: bus.Target{Mode: bus.All},
		Args: json.RawMessage(`{"a":2,"b":3}`), Wait: bus.DefaultTimeout, Answer: bus.DefaultTimeout,
	}
	stream = call
	stream.Method.Name, stream.Args, stream.Target = "MarketData.Prices", json.RawMessage(`{"symbol":"AAPL"}`), bus.Target{}
	return call, stream
}

// saysOf runs a program until it ends or has said the words.
func saysOf(t *testing.T, cmd *exec.Cmd, words ...string) {
	t.Helper()
	var said, errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	has := func() bool {
		for _, w := range words {
			if !strings.Contains(said.String(), w) {
				return false
			}
		}
		return true
	}
	stuck := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() })
	defer stuck.Stop()
	part := make([]byte, 4096)
	for !has() {
		n, err := out.Read(part)
		said.Write(part[:n])
		if err != nil {
			break
		}
	}
	good := has()
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	if !good {
		t.Errorf("no %q in what it said:\n%s\n%s", words, said.String(), errs.String())
	}
}

// TestCopiedJavaScriptRuns pastes what is copied into an empty file, for both of the
// vendor's clients.
func TestCopiedJavaScriptRuns(t *testing.T) {
	t.Parallel()
	home, err := vendors.Install("../../client/official")
	switch {
	case err != nil && os.Getenv("CI") == "true":
		t.Fatalf("the vendor's clients are needed with CI=true: %v", err)
	case err != nil:
		t.Skipf("skipped without the vendor's clients: %v", err)
	}
	at := demoBus(t)
	folder := t.TempDir()
	if err := os.Symlink(filepath.Join(home, "node_modules"), filepath.Join(folder, "node_modules")); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	node := func(library, text string) *exec.Cmd {
		file := filepath.Join(folder, library[1:5]+".mjs")
		if err := os.WriteFile(file, []byte(strings.Replace(text, `from "@interopio/core"`, `from "`+library+`"`, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), "node", file)
		cmd.Dir, cmd.Env = folder, append(os.Environ(), "IOSCOPE_PASSWORD=")
		return cmd
	}
	call, stream := bothAsked()
	for _, library := range []string{"@interopio/core", "@glue42/core"} {
		saysOf(t, node(library, ui.AsJavaScript(call, false, at)), "CalcPrecise { sum: 5 }", "CalcClassic { sum: 5 }")
		saysOf(t, node(library, ui.AsJavaScript(stream, true, at)), "sym: 'AAPL'")
	}
}

// TestCopiedGoRuns compiles what is copied as a package of this module, and runs it.
func TestCopiedGoRuns(t *testing.T) {
	t.Parallel()
	at := demoBus(t)
	folder := t.TempDir()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	call, stream := bothAsked()
	over := struct{ Replace map[string]string }{map[string]string{}}
	for name, text := range map[string]string{"copiedcall": ui.AsGo(call, false, at), "copiedstream": ui.AsGo(stream, true, at)} {
		if tidy, err := format.Source([]byte(text)); err != nil || string(tidy) != text {
			t.Errorf("not as gofmt has it (%v):\n%s", err, text)
		}
		file := filepath.Join(folder, name+".go")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		over.Replace[filepath.Join(root, name, "main.go")] = file
	}
	raw, err := json.Marshal(over)
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, "overlay.json"), raw, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	build := exec.CommandContext(t.Context(), "go", "build", "-overlay", filepath.Join(folder, "overlay.json"), "-o", folder+string(filepath.Separator), "ioscope/copiedcall", "ioscope/copiedstream")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	run := func(ctx context.Context, name string) *exec.Cmd {
		return exec.CommandContext(ctx, filepath.Join(folder, name))
	}
	saysOf(t, run(t.Context(), "copiedcall"), `CalcPrecise {"sum":5} <nil>`, "Grumpy  not in the mood")
	saysOf(t, run(t.Context(), "copiedstream"), `"sym":"AAPL"`)
}
