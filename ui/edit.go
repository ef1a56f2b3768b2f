package ui

import (
	"regexp"
	"slices"
	"strconv"
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
		a.edit(msg)
		return nil
	}
	if cmd, bound := a.press(msg.String()); bound {
		return cmd
	}
	a.edit(msg)
	return nil
}

// typesBlank reports whether the space key is text here, not a switch.
func (a *App) typesBlank(msg tea.KeyMsg) bool {
	if msg.Type != tea.KeySpace || a.context() != inForm {
		return false
	}
	t := a.state.Shown()
	if t.Focus == model.StopWait || t.Focus == model.StopAnswer {
		return true
	}
	row, ok := t.FieldRow(a.state.Now)
	return ok && row.Kind == model.RowField && (row.Present || row.Required)
}

// textKey hands a key on to the text cursor under the name by which it knows it.
func textKey(k tea.KeyType) func(*App) {
	return func(a *App) { a.edit(tea.KeyMsg{Type: k}) }
}

// load puts the text that the keyboard is at into the text cursor, when it is
// another one than before.
func (a *App) load() {
	switch a.context() {
	case inForm:
		t := a.state.Shown()
		at := strconv.Itoa(int(t.ID)) + " " + string(t.Focus)
		if at != a.lineAt {
			a.lineAt = at
			a.line.SetValue(a.fieldText(t))
			a.line.CursorEnd()
		}
	case inJSON:
		t := a.state.Shown()
		at := strconv.Itoa(int(t.ID))
		if at != a.areaAt {
			a.areaAt = at
			a.area.SetValue(t.Form.JSON(a.state.Now))
			a.toLine(0)
			if a.area.Value() == "{}" {
				a.area.SetCursor(1)
			}
		}
	default:
		if !a.filtering {
			a.lineAt = ""
		}
		a.areaAt = ""
	}
}

func (a *App) fieldText(t *model.Thing) string {
	switch t.Focus {
	case model.StopWait:
		return t.Wait
	case model.StopAnswer:
		return t.Answer
	}
	if row, ok := t.FieldRow(a.state.Now); ok && row.Kind == model.RowField {
		return row.Text
	}
	return ""
}

// edit gives a key to the text cursor and takes over what it made of the text.
func (a *App) edit(msg tea.KeyMsg) {
	switch a.context() {
	case inFilter:
		a.line, _ = a.line.Update(msg)
		a.setFilter(a.line.Value())
	case inForm:
		a.editField(msg)
	case inJSON:
		t := a.state.Shown()
		before := a.area.Value()
		a.area, _ = a.area.Update(msg)
		if text := a.area.Value(); text != before {
			t.Touch()
			t.Wrong = nil
			_ = t.Form.SetJSON(text) // what is wrong with it is shown beside it
		}
	default:
	}
}

func (a *App) editField(msg tea.KeyMsg) {
	t := a.state.Shown()
	if !t.Typing(a.state.Now) {
		return
	}
	before := a.line.Value()
	a.line, _ = a.line.Update(msg)
	text := a.line.Value()
	if text == before && msg.Type != tea.KeyBackspace {
		return
	}
	t.Touch()
	t.ForgetWrong(t.Focus)
	switch t.Focus {
	case model.StopWait:
		t.Wait = text
	case model.StopAnswer:
		t.Answer = text
	default:
		t.Form.SetText(t.Focus, text)
	}
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

// moveField goes to the next stop of the form; past the ends it leaves for the
// next part or pane.
func (a *App) moveField(delta int) {
	t := a.state.Shown()
	stops := t.Stops(a.state.Now)
	i := max(slices.Index(stops, t.Focus), 0) + delta
	switch {
	case i < 0:
		a.state.Turn(-1)
	case i < len(stops):
		t.Form.Leave(t.Focus)
		t.Focus = stops[i]
	case t.Gen > 0:
		a.state.Back()
	default:
		a.state.Turn(1)
	}
}

// nextField goes on, or presses the button that the keyboard is at.
func (a *App) nextField() tea.Cmd {
	t := a.state.Shown()
	if a.pressed == "enter" {
		row, _ := t.FieldRow(a.state.Now)
		switch {
		case t.Focus == model.StopSend:
			return a.send()
		case t.Focus == model.StopTarget:
			a.openTargets()
			return nil
		case row.Kind == model.RowAdd:
			a.addItem()
			return nil
		}
	}
	a.moveField(1)
	return nil
}

func (a *App) send() tea.Cmd {
	t := a.state.Shown()
	effects := a.state.Send(t)
	if n := len(t.Wrong); n > 0 {
		a.state.Say(model.Count(n, "field") + " to fix; nothing was sent")
	} else if len(effects) > 0 {
		a.state.Notice = model.Notice{}
	}
	return a.run(effects)
}

// itemHere is the list of items that the keyboard is in.
func (a *App) itemHere() (model.FieldPath, bool) {
	t := a.state.Shown()
	if t == nil {
		return "", false
	}
	for _, row := range t.Form.Rows(a.state.Now) {
		list, ok := strings.CutSuffix(string(row.Path), "+]")
		if ok && strings.HasPrefix(string(t.Focus)+"[", list) {
			return row.Path, true
		}
	}
	return "", false
}

func (a *App) addItem() {
	t := a.state.Shown()
	if _, ok := a.itemHere(); ok {
		t.Touch()
		t.Focus = t.Form.FirstField(t.Form.AddItem(t.Focus))
	}
}

func (a *App) moveItem(delta int) {
	t := a.state.Shown()
	t.Touch()
	t.Focus = t.Form.MoveItem(t.Focus, delta)
	a.lineAt = ""
}

func (a *App) leaveOut() {
	t := a.state.Shown()
	t.Touch()
	t.ForgetWrong(t.Focus)
	at, ok := t.Form.LeaveOut(t.Focus)
	if !ok {
		a.state.Say("ctrl+x  " + t.Focus.Words() + " is required and can't be left out")
	}
	t.Focus = at
	a.lineAt = ""
}

func (a *App) toggleField() {
	t := a.state.Shown()
	switch t.Focus {
	case model.StopTarget:
		a.openTargets()
	case model.StopSend:
		a.state.Say("enter presses the button")
	default:
		t.Touch()
		t.ForgetWrong(t.Focus)
		t.Form.Toggle(t.Focus)
		a.lineAt = ""
	}
}

// flip goes from fields to JSON and back; both are one value.
func (a *App) flip() {
	t := a.state.Shown()
	if err := t.Form.Flip(a.state.Now); err != nil {
		a.state.Say("not JSON yet: " + err.Error())
		return
	}
	t.Wrong = nil
	a.lineAt, a.areaAt = "", ""
	t.Focus = a.state.FirstStop(t)
}

func (a *App) formatJSON() {
	t := a.state.Shown()
	if err := t.Form.Format(); err != nil {
		a.state.Say("not JSON yet: " + err.Error())
		return
	}
	a.areaAt = ""
}
