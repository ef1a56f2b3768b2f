package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"

	tea "github.com/charmbracelet/bubbletea"
)

// outside opens texts in the person's own editor and pager.
type outside struct{ env Env }

// Edit implements ui.Outside.
func (o outside) Edit(text, ending string, then func(string, error) tea.Msg) tea.Cmd {
	e := o.editor(text, ending)
	return tea.Exec(e, func(err error) tea.Msg { return then(e.text, err) })
}

// Read implements ui.Outside.
func (o outside) Read(text, ending string, then func(error) tea.Msg) tea.Cmd {
	return tea.Exec(o.pager(text, ending), then)
}

func (o outside) editor(text, ending string) *outing {
	return &outing{env: o.env, what: "editor", names: []string{"VISUAL", "EDITOR"}, usual: []string{"vi", "nano"}, text: text, ending: ending}
}

// pager is less where nothing else is named, or else the editor: more would leave at
// once where a text fits the screen.
func (o outside) pager(text, ending string) *outing {
	return &outing{env: o.env, what: "pager", names: []string{"PAGER"}, usual: []string{"less", "vi", "nano"}, text: text, ending: ending}
}

// outing is a text on its way through a program that has the terminal meanwhile. The
// text is in a file for that time alone, in a folder that nobody else can open.
type outing struct {
	env  Env
	what string
	// names are the variables that name the program, usual is what is looked for
	// where none does.
	names, usual []string
	text, ending string

	stdin          io.Reader
	stdout, stderr io.Writer
}

// SetStdin implements tea.ExecCommand. The program gets the terminal itself: with
// anything else it would not find one to read keys from.
func (o *outing) SetStdin(r io.Reader) {
	if in, ok := r.(*pasteInput); ok {
		r = in.File
	}
	o.stdin = r
}

// SetStdout implements tea.ExecCommand.
func (o *outing) SetStdout(w io.Writer) {
	if out, ok := w.(*frames); ok {
		w = out.File
	}
	o.stdout = w
}

// SetStderr implements tea.ExecCommand.
func (o *outing) SetStderr(w io.Writer) { o.stderr = w }

// Run implements tea.ExecCommand.
func (o *outing) Run() (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("%s: %w", o.what, err)
		}
	}()
	folder, err := os.MkdirTemp("", "ioscope-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	path := filepath.Join(folder, "text"+o.ending)
	if err := os.WriteFile(path, []byte(o.text), 0o600); err != nil {
		return err
	}
	cmd, err := o.command(path)
	if err != nil {
		return err
	}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = o.stdin, o.stdout, o.stderr
	if err := cmd.Run(); err != nil {
		return o.why(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	o.text = string(text)
	return nil
}

// notFound is what a shell ends with that finds no such program.
const notFound = 127

// why tells why the program failed: a shell says of one that is not there no more
// than its number.
func (o *outing) why(err error) error {
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != notFound {
		return err
	}
	for _, name := range o.names {
		if words := o.env.Getenv(name); words != "" {
			return fmt.Errorf("no program %s here; %s names it", words, name)
		}
	}
	return err
}

// command is the program that the environment names, which may have arguments of its
// own, or one that most machines have.
func (o *outing) command(path string) (*exec.Cmd, error) {
	for _, name := range o.names {
		words := o.env.Getenv(name)
		switch {
		case words == "":
		case runtime.GOOS == "windows":
			return exec.Command("cmd", "/c", words, path), nil
		default:
			return exec.Command("sh", "-c", words+` "$1"`, "sh", path), nil
		}
	}
	usual := o.usual
	if runtime.GOOS == "windows" {
		usual = []string{"notepad"}
	}
	for _, program := range usual {
		if found, err := exec.LookPath(program); err == nil {
			return exec.Command(found, path), nil
		}
	}
	last := o.names[len(o.names)-1]
	return nil, fmt.Errorf("none found; set %s to the one you like", last)
}
