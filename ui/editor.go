package ui

import (
	"fmt"
	"os"
	"os/exec"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

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

// editText opens the editor on a file with the text, and gives what was made of it
// to take.
func (a *App) editText(pattern, text string, take func(string)) tea.Cmd {
	file, err := os.CreateTemp("", pattern)
	if err == nil {
		_, err = file.WriteString(text)
	}
	if err != nil {
		a.state.Say("editor: " + err.Error())
		return nil
	}
	path := file.Name()
	_ = file.Close()
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
