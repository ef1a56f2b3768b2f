package ui

import (
	"fmt"
	"os"
	"os/exec"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/model"
)

// editedMsg brings back what was written in the editor.
type editedMsg struct {
	thing model.ThingID
	text  string
	err   error
}

// openEditor gives the arguments to the person's own editor, as JSON. The screen
// steps back until it is left.
func (a *App) openEditor() tea.Cmd {
	t := a.state.Shown()
	file, err := os.CreateTemp("", "ioscope-*.json")
	if err == nil {
		_, err = file.WriteString(t.Form.JSON(a.state.Now) + "\n")
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
			return editedMsg{thing: t.ID, err: fmt.Errorf("editor: %w", err)}
		}
		text, err := os.ReadFile(path)
		return editedMsg{t.ID, string(text), err}
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

// edited takes over what was written in the editor. What is no JSON is kept as
// it stands, on the JSON side, with what is wrong with it.
func (a *App) edited(msg editedMsg) {
	t := a.state.Thing(msg.thing)
	switch {
	case t == nil:
		return
	case msg.err != nil:
		a.state.Say(msg.err.Error())
		return
	}
	t.Touch()
	t.Wrong = nil
	a.lineAt, a.areaAt = "", ""
	fields := t.Form.Mode() == model.FormMode
	if fields {
		_ = t.Form.Flip(a.state.Now) // to JSON, which always works
	}
	err := t.Form.SetJSON(msg.text)
	if err == nil && fields {
		err = t.Form.Flip(a.state.Now)
	}
	if err != nil {
		a.state.Say("not JSON yet: " + err.Error())
		t.Focus = model.StopJSON
	}
}
