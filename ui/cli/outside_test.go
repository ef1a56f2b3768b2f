package cli

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// named is an environment with a program in one variable.
func named(variable, program string) outside {
	return outside{Env{Getenv: func(name string) string {
		if name == variable {
			return program
		}
		return ""
	}}}
}

// TestOutsideLendsAFile has a program change a text, and finds nothing left of it.
func TestOutsideLendsAFile(t *testing.T) {
	t.Parallel()
	notes := filepath.Join(t.TempDir(), "notes with blanks")
	program := `f() { ls -l "$1" > '` + notes + `'; ls -ld "${1%/*}" >> '` + notes + `'; echo "$1" >> '` + notes + `'; tr a-z A-Z < "$1" > "$1.2"; cat "$1.2" > "$1"; }; f`
	e := named("VISUAL", program).editor("one\ntwo", ".json")
	if err := e.Run(); err != nil || e.text != "ONE\nTWO" {
		t.Fatalf("%v: %q", err, e.text)
	}
	data, err := os.ReadFile(notes)
	lines := strings.Split(string(data), "\n")
	if err != nil || len(lines) < 3 || !strings.HasPrefix(lines[0], "-rw-------") || !strings.HasPrefix(lines[1], "drwx------") {
		t.Fatalf("others may look in: %v\n%s", err, data)
	}
	path := lines[2]
	if !strings.HasSuffix(path, ".json") {
		t.Errorf("the name of the file does not tell what it is: %s", path)
	}
	if _, err := os.Stat(filepath.Dir(path)); !os.IsNotExist(err) {
		t.Errorf("left behind: %s", filepath.Dir(path))
	}
}

// TestOutsideThatIsNotThere names the program, and who named it.
func TestOutsideThatIsNotThere(t *testing.T) {
	t.Parallel()
	e := named("EDITOR", "no-such-editor-here").editor("kept", ".txt")
	e.SetStderr(io.Discard)
	if err := e.Run(); err == nil || err.Error() != "editor: no program no-such-editor-here here; EDITOR names it" {
		t.Error(err)
	}
}

// TestOutsideThatFails leaves the text as it was, and nothing behind.
func TestOutsideThatFails(t *testing.T) {
	t.Parallel()
	notes := filepath.Join(t.TempDir(), "notes")
	e := named("EDITOR", `f() { echo changed > "$1"; echo "$1" > '`+notes+`'; exit 3; }; f`).editor("kept", ".txt")
	if err := e.Run(); err == nil || err.Error() != "editor: exit status 3" || e.text != "kept" {
		t.Errorf("%v: %q", err, e.text)
	}
	path, err := os.ReadFile(notes)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Dir(strings.TrimSpace(string(path)))); !os.IsNotExist(err) {
		t.Errorf("left behind: %s", path)
	}
}

// TestOutsideHasTheTerminal gives a program the terminal itself, not what reads
// pastes from it.
func TestOutsideHasTheTerminal(t *testing.T) {
	t.Parallel()
	in, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = in.Close() })
	var out bytes.Buffer
	e := named("PAGER", "cat").pager("text", ".json")
	e.SetStdin(&pasteInput{File: in})
	e.SetStdout(&out)
	if err := e.Run(); err != nil || out.String() != "text" {
		t.Fatalf("%v: %q", err, out.String())
	}
	if e.stdin != in {
		t.Errorf("reads from %T", e.stdin)
	}
}
