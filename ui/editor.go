package ui

import (
	"bytes"
	"encoding/json"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/client/bus"
	"ioscope/model"
)

// Outside opens texts in programs of the person's own, which have the terminal until
// they end. A text is somewhere else than in memory for that time alone.
type Outside interface {
	// Edit opens a text to be changed, Read one to be read. The ending, such as
	// ".json", lets the program colour it. Once the program has ended, then makes
	// the message of the text as it was left.
	Edit(text, ending string, then func(text string, err error) tea.Msg) tea.Cmd
	Read(text, ending string, then func(err error) tea.Msg) tea.Cmd
}

// editedMsg brings back what was written in the editor.
type editedMsg struct {
	// take puts the text where it came from.
	take func(text string)
	text string
	err  error
}

const noOutside = "no other program can be opened here"

// secretHere is why what is typed can't be lent to an editor.
func secretHere(a *App) string {
	if f, ok := a.typed(); ok && f.secret {
		return "a secret is not written into a file"
	}
	return ""
}

// openEditor gives what is being filled in to the person's own editor: the text of
// the field that the cursor is in, and elsewhere in a form all of it as JSON. The
// screen steps back until it is left.
func (a *App) openEditor() tea.Cmd {
	s := a.sheet()
	if s == nil {
		f, ok := a.typed()
		if !ok {
			return nil
		}
		return a.editText(f.text, ".txt", func(text string) {
			f.set(strings.TrimSuffix(text, "\n"))
			a.lineAt, a.areaAt = "", ""
		})
	}
	if !a.inTextField() {
		return a.editAll()
	}
	t, at := a.state.Shown(), s.Focus
	before, ending := s.Form.FileText(at, a.state.Now)
	return a.editText(before, ending, func(text string) {
		if text == before {
			return
		}
		if t != nil {
			t.Touch()
		}
		s.ForgetWrong(at)
		s.Form.SetFileText(at, text, a.state.Now)
		a.lineAt, a.areaAt = "", ""
	})
}

// editAll gives a form as JSON to the person's own editor.
func (a *App) editAll() tea.Cmd {
	s, t := a.sheet(), a.state.Shown()
	if s == nil {
		return nil
	}
	return a.editText(s.Form.JSON(a.state.Now)+"\n", ".json", func(text string) {
		if t != nil {
			t.Touch()
		}
		a.takeJSON(s, text)
	})
}

// inTextField reports whether the keyboard is at a field of a form whose value is a
// text.
func (a *App) inTextField() bool {
	s := a.sheet()
	if s == nil || s.Form.Mode() == model.JSONMode {
		return false
	}
	row, ok := s.FieldRow(a.state.Now)
	return ok && row.Kind == model.RowField
}

// openExternal gives what the keyboard is at to a program of the person's own: the
// arguments of a method or stream to the editor, all else to the pager.
func (a *App) openExternal() tea.Cmd {
	if m := a.state.CardMethod(); m != nil && m.Action != nil {
		return a.run(a.state.OpenAction(m, nil)) // its parameters are few, and a form asks for them
	} else if m != nil && !m.Gone() {
		a.state.OpenForm(m, bus.Target{})
		return a.editAll()
	}
	if a.opts.Outside == nil {
		a.state.Say(noOutside)
		return nil
	}
	text, _ := a.readable()
	return a.opts.Outside.Read(text+"\n", ".json", func(err error) tea.Msg {
		return editedMsg{take: func(string) {}, err: err}
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

// editText opens the editor on a text, and gives what was made of it to take.
func (a *App) editText(text, ending string, take func(string)) tea.Cmd {
	if a.opts.Outside == nil {
		a.state.Say(noOutside)
		return nil
	}
	return a.opts.Outside.Edit(text, ending, func(text string, err error) tea.Msg { return editedMsg{take, text, err} })
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
// on the JSON side, with what is wrong with it and the way back.
func (a *App) takeJSON(s *model.Sheet, text string) {
	s.Wrong = nil
	a.lineAt, a.areaAt = "", ""
	if err := s.Form.SetWhole(text, a.state.Now); err != nil {
		a.state.Say(joined("; ", "not JSON yet: "+err.Error(), s.Form.WayBack()))
		s.Focus = model.StopJSON
	}
}
