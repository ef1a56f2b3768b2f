package ui

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/client/bus"
	"ioscope/model"
)

// editedMsg brings back what was written in the editor.
type editedMsg struct {
	// take puts the text where it came from.
	take func(text string)
	text string
	err  error
}

// openEditor gives what is being filled in to the person's own editor: a form as
// JSON, a text as it is. The screen steps back until it is left.
func (a *App) openEditor() tea.Cmd {
	if s := a.sheet(); s != nil {
		t := a.state.Shown()
		return a.editText("ioscope-*.json", s.Form.JSON(a.state.Now)+"\n", func(text string) {
			if t != nil {
				t.Touch()
			}
			a.takeJSON(s, text)
		})
	}
	if f, ok := a.typed(); ok {
		return a.editText("ioscope-*.txt", f.text, func(text string) {
			f.set(strings.TrimSuffix(text, "\n"))
			a.lineAt, a.areaAt = "", ""
		})
	}
	return nil
}

// openExternal gives what the keyboard is at to a program of the person's own: the
// arguments of a method or stream to the editor, all else to the pager.
func (a *App) openExternal() tea.Cmd {
	if m := a.state.CardMethod(); m != nil && m.Action != nil {
		return a.run(a.state.OpenAction(m, nil)) // its parameters are few, and a form asks for them
	} else if m != nil && !m.Gone() {
		a.state.OpenForm(m, bus.Target{})
		return a.openEditor()
	}
	text, _ := a.readable()
	path, err := scratch("ioscope-*.json", text+"\n")
	if err != nil {
		a.state.Say("pager: " + err.Error())
		return nil
	}
	return tea.ExecProcess(pager(path), func(err error) tea.Msg {
		_ = os.Remove(path)
		if err != nil {
			return sayMsg("pager: " + err.Error())
		}
		return editedMsg{take: func(string) {}}
	})
}

// readable is what the pager shows: the whole value that the keyboard is in, in
// lines.
func (a *App) readable() (text, what string) {
	text, what = a.copyable()
	if tree := a.tree(); tree != nil {
		text = string(tree.Raw())
	}
	var lines bytes.Buffer
	if json.Indent(&lines, []byte(text), "", "  ") == nil {
		text = lines.String()
	}
	return text, what
}

func nothingToRead(a *App) string {
	if m := a.state.CardMethod(); m != nil {
		return notOffered(a)
	}
	if text, _ := a.copyable(); text == "" {
		return "nothing to read here"
	}
	return ""
}

// scratch writes a text to a file of its own.
func scratch(pattern, text string) (path string, err error) {
	file, err := os.CreateTemp("", pattern)
	if err != nil {
		return "", err
	}
	_, err = file.WriteString(text)
	return file.Name(), errors.Join(err, file.Close())
}

// editText opens the editor on a file with the text, and gives what was made of it
// to take.
func (a *App) editText(pattern, text string, take func(string)) tea.Cmd {
	path, err := scratch(pattern, text)
	if err != nil {
		a.state.Say("editor: " + err.Error())
		return nil
	}
	return tea.ExecProcess(editor(path), func(err error) tea.Msg {
		defer func() { _ = os.Remove(path) }()
		if err != nil {
			return editedMsg{err: fmt.Errorf("editor: %w", err)}
		}
		text, err := os.ReadFile(path)
		return editedMsg{take, string(text), err}
	})
}

// editor is the command that VISUAL or EDITOR names, which may have arguments of
// its own.
func editor(path string) *exec.Cmd {
	for _, name := range []string{"VISUAL", "EDITOR"} {
		if command := os.Getenv(name); command != "" {
			return exec.Command("sh", "-c", command+` "$1"`, "sh", path)
		}
	}
	return exec.Command("vi", path)
}

// edited takes over what was written in the editor.
func (a *App) edited(msg editedMsg) {
	if msg.err != nil {
		a.state.Say(msg.err.Error())
		return
	}
	msg.take(msg.text)
}

// takeJSON makes a text the value of a form. What is no JSON is kept as it stands,
// on the JSON side, with what is wrong with it.
func (a *App) takeJSON(s *model.Sheet, text string) {
	s.Wrong = nil
	a.lineAt, a.areaAt = "", ""
	fields := s.Form.Mode() == model.FormMode
	if fields {
		_ = s.Form.Flip(a.state.Now) // to JSON, which always works
	}
	err := s.Form.SetJSON(text)
	if err == nil && fields {
		err = s.Form.Flip(a.state.Now)
	}
	if err != nil {
		a.state.Say("not JSON yet: " + err.Error())
		s.Focus = model.StopJSON
	}
}

// pager is the command that PAGER names, or what this machine has.
func pager(path string) *exec.Cmd {
	if command := os.Getenv("PAGER"); command != "" {
		return exec.Command("sh", "-c", command+` "$1"`, "sh", path)
	}
	if less, err := exec.LookPath("less"); err == nil {
		return exec.Command(less, path)
	}
	// more would leave at once where a text fits the screen.
	return editor(path)
}
