package ui

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/charmbracelet/bubbles/textarea"
	tea "github.com/charmbracelet/bubbletea"

	"ioscope/model"
)

// debris is what a mouse sequence leaves when the terminal delivers it in two
// pieces: it must not become text.
var debris = regexp.MustCompile(`^(\[?<)?\d*(;\d+)+;?\d*[Mm]?$|^\[<\d*[;\d]*[Mm]?$`)

// keys takes what came from the keyboard at once. Letters that were typed or held
// faster than the screen turns come together, and each is a key of its own.
func (a *App) keys(msg tea.KeyMsg) tea.Cmd {
	switch {
	case msg.Type == tea.KeyEsc && msg.Alt:
		// Two escapes that came together.
		once := tea.KeyMsg{Type: tea.KeyEsc}
		return tea.Batch(a.key(once), a.key(once))
	case msg.Type != tea.KeyRunes || msg.Paste || len(msg.Runes) < 2:
		return a.key(msg)
	case len(msg.Runes) > 2 && debris.MatchString(string(msg.Runes)):
		return nil
	}
	var cmds []tea.Cmd
	for _, r := range msg.Runes {
		single := tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}, Alt: msg.Alt}
		if r == ' ' {
			single.Type = tea.KeySpace
		}
		cmds = append(cmds, a.key(single))
	}
	return tea.Batch(cmds...)
}

// key takes one key: a dialog first, then what is bound, then the text cursor.
func (a *App) key(msg tea.KeyMsg) tea.Cmd {
	if n := len(a.dialogs); n > 0 {
		return a.dialogKey(a.dialogs[n-1], msg)
	}
	a.load()
	if msg.Paste || a.typesBlank(msg) {
		return a.typing(msg)
	}
	if cmd, bound := a.press(msg.String()); bound {
		return cmd
	}
	return a.typing(msg)
}

// typing gives a key to the text cursor. What comes of the text, such as other hits
// of a search, is queued by whoever takes it.
func (a *App) typing(msg tea.KeyMsg) tea.Cmd {
	a.queued = nil
	a.edit(msg)
	cmd := a.queued
	a.queued = nil
	return cmd
}

// typesBlank reports whether the space key is text here, not a switch.
func (a *App) typesBlank(msg tea.KeyMsg) bool {
	if msg.Type != tea.KeySpace || len(a.dialogs) > 0 || a.filtering {
		return false
	}
	s := a.sheet()
	if s == nil {
		f, ok := a.typed()
		return ok && !f.noBlank
	}
	if s.Focus == model.StopJSON {
		return false
	}
	if _, ok := s.Texts[s.Focus]; ok {
		return true
	}
	row, ok := s.FieldRow(a.state.Now)
	return ok && row.Kind == model.RowField && (row.Present || row.Required)
}

// textKey hands a key on to the text cursor under the name by which it knows it.
func textKey(k tea.KeyType) func(*App) {
	return func(a *App) { a.edit(tea.KeyMsg{Type: k}) }
}

// sheet is the form that has the keyboard, or nil.
func (a *App) sheet() *model.Sheet {
	if a.state.Focus != model.Workspace {
		return nil
	}
	if f := a.face(); f != nil {
		if f, ok := f.(sheetFace); ok {
			return f.sheet(a)
		}
		return nil
	}
	if t := a.state.Shown(); t != nil && t.Part == model.InForm && t.FormShown() {
		return &t.Sheet
	}
	return nil
}

// typed is the text of the face that has the keyboard, when a text cursor is in it.
func (a *App) typed() (typedText, bool) {
	if f, ok := a.face().(textFace); ok && a.state.Focus == model.Workspace {
		return f.text(a)
	}
	return typedText{}, false
}

// touch remembers that a person did something with what is shown, so that it stays.
func (a *App) touch() {
	if t := a.state.Shown(); t != nil {
		t.Touch()
	}
}

// load puts the text that the keyboard is at into the text cursor, when it is
// another one than before.
func (a *App) load() {
	if a.filtering {
		a.areaAt = ""
		return
	}
	if s := a.sheet(); s != nil {
		a.loadSheet(s)
		return
	}
	f, ok := a.typed()
	if !ok {
		a.lineAt, a.areaAt = "", ""
		return
	}
	if f.lines {
		a.loadArea(f.id, f.text)
	} else {
		a.loadLine(f.id, f.text)
	}
}

func (a *App) loadSheet(s *model.Sheet) {
	if s.Form.Mode() == model.JSONMode && s.Focus == model.StopJSON {
		text := s.Form.JSON(a.state.Now)
		if s.Form.Large() {
			text = ""
		}
		if a.loadArea(fmt.Sprintf("%p", s), text) && text == "{}" {
			a.area.SetCursor(1)
		}
		return
	}
	text := s.Text(a.state.Now)
	if model.Large(text) {
		text = ""
	}
	id := fmt.Sprintf("%p %s", s, s.Focus)
	fresh := id != a.lineAt
	a.loadLine(id, text)
	if fresh {
		a.suggested = text != "" && s.Texts[s.Focus] == nil && s.Form.Suggested(s.Focus)
	}
}

// typeLine gives a key to the text cursor. What is typed takes the place of a text
// that was only suggested; any other key makes it one's own.
func (a *App) typeLine(msg tea.KeyMsg) {
	if a.suggested && (msg.Type == tea.KeyRunes || msg.Type == tea.KeySpace) && !msg.Alt {
		a.line.SetValue("")
	}
	a.suggested = false
	a.line, _ = a.line.Update(msg)
}

// suggest puts a text into the line that what is typed replaces.
func (a *App) suggest(text string) {
	a.setLine(text)
	a.suggested = text != ""
}

// setLine puts a text into the line, with the cursor behind it.
func (a *App) setLine(text string) {
	a.line.SetValue(text)
	a.line.CursorEnd()
	a.suggested, a.sift.candidates = false, nil
}

// loadLine and loadArea put a text into the cursor unless it is there already.
func (a *App) loadLine(id, text string) {
	a.areaAt = ""
	if id != a.lineAt {
		a.lineAt = id
		a.setLine(text)
	}
}

func (a *App) loadArea(id, text string) bool {
	a.lineAt = ""
	if id == a.areaAt {
		return false
	}
	a.areaAt = id
	a.area.SetValue(text)
	a.toLine(0)
	return true
}

// edit gives a key to the text cursor and takes over what it made of the text.
func (a *App) edit(msg tea.KeyMsg) {
	if a.context() == inFilter {
		a.typeLine(msg)
		a.setFilter(a.line.Value())
		return
	}
	if s := a.sheet(); s != nil {
		a.editSheet(s, msg)
		return
	}
	f, ok := a.typed()
	if !ok {
		return
	}
	if msg.Paste && f.paste != nil && strings.ContainsAny(string(msg.Runes), "\t\n\r") {
		f.paste(string(msg.Runes))
		a.lineAt = ""
		return
	}
	if f.lines {
		a.area, _ = a.area.Update(msg)
		if text := a.area.Value(); text != f.text {
			f.set(text)
		}
		return
	}
	a.typeLine(msg)
	if text := a.line.Value(); text != f.text || msg.Type == tea.KeyBackspace {
		f.set(text)
	}
}

func (a *App) editSheet(s *model.Sheet, msg tea.KeyMsg) {
	if s.Form.Mode() == model.JSONMode && s.Focus == model.StopJSON {
		a.editJSON(s, msg)
		return
	}
	if !s.Typing(a.state.Now) {
		a.noText(s, msg)
		return
	}
	if a.editLong(s, msg) {
		return
	}
	before := a.line.Value()
	a.typeLine(msg)
	text := a.line.Value()
	if text == before && msg.Type != tea.KeyBackspace {
		return
	}
	a.touch()
	s.SetText(text)
}

// toLine puts the text cursor of the JSON editor on a line, at its start.
func (a *App) toLine(line int) {
	for a.area.Line() > line {
		a.area.CursorUp()
	}
	for a.area.Line() < line && a.area.Line() < a.area.LineCount()-1 {
		a.area.CursorDown()
	}
	a.area.CursorStart()
}

func newArea() textarea.Model {
	area := textarea.New()
	area.ShowLineNumbers = false
	area.Prompt = ""
	area.CharLimit = 0
	area.MaxHeight = 0
	area.SetHeight(10)
	area.Focus()
	return area
}
