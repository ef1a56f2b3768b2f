package ui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/model"
)

// Editing the JSON side: what is typed, what is pasted, and texts that are too
// long for either.

func (a *App) editJSON(s *model.Sheet, msg tea.KeyMsg) {
	switch {
	case msg.Paste:
		a.pasteJSON(s, unixLines(string(msg.Runes)))
		return
	case s.Form.Large():
		a.largeKey(s, msg)
		return
	}
	before := a.area.Value()
	a.area, _ = a.area.Update(msg)
	if text := a.area.Value(); text != before {
		a.touch()
		s.Wrong = nil
		_ = s.Form.SetJSON(text) // what is wrong with it is shown beside it
	}
}

// unixLines is a text with line ends of one kind; terminals paste others.
func unixLines(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
}

// pasteJSON puts a text in where the cursor is, as one insertion.
func (a *App) pasteJSON(s *model.Sheet, pasted string) {
	before := s.Form.JSON(a.state.Now)
	if s.Form.Large() {
		a.state.Say("the text is " + model.Bytes(len(before)) + " long already; " + a.keyFor("text.cut-end") + " clears it first")
		return
	}
	a.touch()
	s.Wrong = nil
	if !model.Large(before + pasted) {
		a.area.InsertString(pasted)
		text := a.area.Value()
		s.Form.Pasted(before, pasted, text)
		if s.Form.JSON(a.state.Now) != text {
			a.areaAt = ""
		}
		return
	}
	lines := strings.Split(before, "\n")
	at := min(a.area.Line(), len(lines)-1)
	column := min(a.area.LineInfo().StartColumn+a.area.LineInfo().ColumnOffset, len([]rune(lines[at])))
	line := []rune(lines[at])
	lines[at] = string(line[:column]) + pasted + string(line[column:])
	s.Form.Pasted(before, pasted, strings.Join(lines, "\n"))
	a.areaAt = ""
}

// largeKey takes a key where the text is too long to be typed in: it can be
// looked at and cleared.
func (a *App) largeKey(s *model.Sheet, msg tea.KeyMsg) {
	page := max(1, a.pageRows()/2)
	switch msg.Type {
	case tea.KeyUp:
		a.tops["json"]--
	case tea.KeyDown:
		a.tops["json"]++
	case tea.KeyPgUp:
		a.tops["json"] -= page
	case tea.KeyPgDown:
		a.tops["json"] += page
	case tea.KeyCtrlK, tea.KeyCtrlU:
		a.state.Say("cleared " + model.Bytes(len(s.Form.JSON(a.state.Now))))
		_ = s.Form.SetJSON("{}") // which is JSON
		a.touch()
		a.areaAt = ""
	default:
		a.state.Say(a.largeWords(s.Form.JSON(a.state.Now)))
	}
}

func (a *App) largeWords(text string) string {
	return model.Bytes(len(text)) + " are too much to type in: " + a.keyFor("edit.field") + " edits them in $EDITOR, " + a.keyFor("text.cut-end") + " clears them"
}

// editLong takes a key in a field whose text is too long to be typed in, or gets
// so by a paste. It reports whether it is one.
func (a *App) editLong(s *model.Sheet, msg tea.KeyMsg) bool {
	if _, own := s.Texts[s.Focus]; own {
		return false
	}
	text := s.Form.Text(s.Focus)
	switch {
	case msg.Paste && model.Large(text+string(msg.Runes)):
		a.touch()
		s.ForgetWrong(s.Focus)
		s.Form.SetText(s.Focus, text+string(msg.Runes))
		a.lineAt = ""
	case !model.Large(text):
		return false
	case msg.Type == tea.KeyCtrlK, msg.Type == tea.KeyCtrlU:
		s.Form.SetText(s.Focus, "")
		a.lineAt = ""
	default:
		a.state.Say(a.largeWords(text))
	}
	return true
}

// repairJSON repairs the text, or says where it can't.
func (a *App) repairJSON() {
	s := a.sheet()
	said, err := s.Form.Repair()
	if err != nil {
		a.state.Say("can't be repaired: " + err.Error())
		return
	}
	a.touch()
	s.Wrong = nil
	a.areaAt = ""
	a.state.Say(said)
}

// revertJSON brings back the form as it was before a broken text.
func (a *App) revertJSON() {
	s := a.sheet()
	s.Form.Revert()
	a.touch()
	s.Wrong = nil
	a.lineAt, a.areaAt = "", ""
	s.Focus = s.FirstStop(a.state.Now)
	a.state.Say("as it was before")
}

func notRevertible(a *App) string {
	if !a.sheet().Form.CanRevert() {
		return "it is JSON already"
	}
	return ""
}

func (a *App) formatJSON()  { a.layOutJSON((*model.Form).Format) }
func (a *App) compactJSON() { a.layOutJSON((*model.Form).Compact) }

// layOutJSON writes the same value in another way.
func (a *App) layOutJSON(how func(*model.Form) error) {
	s := a.sheet()
	if err := how(s.Form); err != nil {
		a.state.Say("not JSON yet: " + err.Error())
		return
	}
	a.areaAt = ""
}

func (a *App) repairWords() string {
	if s := a.sheet(); s != nil && s.Form.Repaired() {
		return "as it was before"
	}
	return "repair"
}
