//go:build linux

package endtoend

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ioscope/client/bus"
)

// again opens the explorer as the same person on the same machine.
func again(t *testing.T, home, url string, args ...string) *terminal {
	t.Helper()
	cmd := command(t, []string{"HOME=" + home}, append([]string{"--url", url}, args...)...)
	cmd.Dir = home
	e := open(t, 120, 40, cmd)
	e.until("the bus", func(s screen) bool {
		return strings.Contains(s.header(), "● live") && !s.paneHas("1", "none yet") && s.pane("1") != nil
	})
	return e
}

// TestPasteIsRepaired pastes what a person scribbled, and sends what became of it.
func TestPasteIsRepaired(t *testing.T) {
	t.Parallel()
	url := demo(t)
	asked := recorder(t, url, bus.MethodDefinition{Name: "Recorder.Take", Accepts: "string name, long id"})
	e := explore(t, 120, 40, url)
	e.form("2", "Recorder.Take")
	e.press("ctrl+g")
	e.work("Answer within")
	e.paste("{name: 'North', id: 9007199254740993,}")
	e.work(`"id": 9007199254740993`, "repaired while pasting: 2 unquoted keys, 2 single quotes, 1 trailing comma")
	e.press("ctrl+s")
	e.work("✓ 1 of 1")
	if got := <-asked; got != `{"name":"North","id":9007199254740993}` {
		t.Errorf("asked %s", got)
	}
}

// TestLargePaste pastes 1 MB: keys are taken as before.
func TestLargePaste(t *testing.T) {
	t.Parallel()
	url := demo(t)
	asked := recorder(t, url, bus.MethodDefinition{Name: "Recorder.Take"})
	e := explore(t, 120, 40, url)
	e.form("2", "Recorder.Take")
	text := `{"text": "` + strings.Repeat("all work and no play ", 50_000) + `"}`
	e.paste(text)
	e.work("1.1 MB", "F4 edits it in $EDITOR")
	start := time.Now()
	e.press("ctrl+s")
	e.work("✓ 1 of 1")
	t.Logf("sent and answered after %v", time.Since(start))
	if got := <-asked; len(got) != len(`{"text":"`)+21*50_000+len(`"}`) {
		t.Errorf("%d bytes were sent", len(got))
	}
}

// TestMarksAgainstReturns goes to what does not fit the method's returns.
func TestMarksAgainstReturns(t *testing.T) {
	t.Parallel()
	url := demo(t)
	recorder(t, url, bus.MethodDefinition{Name: "Recorder.Take", Accepts: "string name, int more", Returns: "int name, datetime since"})
	e := explore(t, 120, 40, url)
	e.form("2", "Recorder.Take")
	e.write("North")
	e.press("tab")
	e.write("5")
	e.press("ctrl+s")
	e.work("3 marks against returns", "✗ string, wants int", "! extra: not in returns", "✗ missing, wants datetime")
	e.press("n", "n")
	e.work("$.since")
}

// TestHistoryAfterRestart quits, starts again, and repeats what was asked before.
func TestHistoryAfterRestart(t *testing.T) {
	t.Parallel()
	url, home := demo(t), t.TempDir()
	e := again(t, home, url)
	e.form("2", "Multiply")
	e.write("6")
	e.press("tab")
	e.write("7")
	e.press("ctrl+s")
	e.work("✓ 1 of 1", "42")
	e.press("q")
	if code := e.ended(); code != 0 {
		t.Fatalf("ended with %d", code)
	}
	file := filepath.Join(home, ".local", "state", "ioscope", "history.jsonl")
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the history: %v, %v", info, err)
	}
	e = again(t, home, url)
	e.press("6")
	e.work("6 History", "Multiply", "a 6  b 7", "✓ product 42")
	e.press("r")
	e.work("✓ 1 of 1", "42")
	e.press("6")
	// A call is in the history once it is over, which is a moment after its answer.
	e.until("both calls", func(s screen) bool { return strings.Count(s.String(), "a 6  b 7                ✓ product 42") == 2 })
	e.press("x", "x")
	e.work("No call was made yet.")
}

// TestSavedCall runs a call from a file, with the values of an environment.
func TestSavedCall(t *testing.T) {
	t.Parallel()
	url, home := demo(t), t.TempDir()
	for name, text := range map[string]string{
		"calls/calc/six.yaml": "method: Multiply\nargs:\n  a: 6\n  b: \"{{factor}}\"\n",
		"calls/env/demo.json": `{"factor": 7}`,
	} {
		path := filepath.Join(home, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	e := again(t, home, url)
	e.press("7")
	e.work("7 Saved calls", "environment demo", "calc/six", "{{factor}} = 7, from env/demo.json")
	e.press("r")
	e.work("✓ 1 of 1", "42")
	e.press("S")
	e.see("Save the call as")
	e.press("ctrl+u")
	e.write("calc/fixed")
	e.press("enter")
	e.see("saved as calc/fixed")
	if text, err := os.ReadFile(filepath.Join(home, "calls", "calc", "fixed.yaml")); err != nil || !strings.Contains(string(text), "b: 7") {
		t.Errorf("the file: %s, %v", text, err)
	}
}

// TestUseObject goes from a value of a result to a method that takes it.
func TestUseObject(t *testing.T) {
	t.Parallel()
	url := demo(t)
	recorder(t, url, bus.MethodDefinition{Name: "Recorder.Show", Accepts: "string payload, int more"})
	recorder(t, url, bus.MethodDefinition{Name: "Recorder.Take", Accepts: "string payload"})
	e := explore(t, 120, 40, url)
	e.form("2", "Recorder.Take")
	e.write("North")
	e.press("ctrl+s")
	e.work("✓ 1 of 1", "payload")
	e.press("a")
	e.see("Use payload in", "Recorder.Show", "payload fits; still needs more")
	e.press("down", "enter")
	e.work("Recorder.Show", "North", "will reach Recorder")
}
