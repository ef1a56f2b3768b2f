package ui

import (
	"fmt"
	"regexp"
	"slices"
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
	if !s.Typing(a.state.Now) || a.editLong(s, msg) {
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

// moveField goes to the next stop of the form; past the ends it leaves for the
// next part or pane.
func (a *App) moveField(delta int) {
	s := a.sheet()
	stops := s.Stops(a.state.Now)
	i := max(slices.Index(stops, s.Focus), 0) + delta
	t := a.state.Shown()
	switch {
	case i >= 0 && i < len(stops):
		if delta > 0 {
			s.Form.Leave(s.Focus)
		}
		s.Focus = stops[i]
	case a.face() != nil:
		s.Focus = stops[(i+len(stops))%len(stops)]
	case i < 0:
		a.state.Turn(-1)
	case t != nil && t.Gen > 0:
		a.state.Back()
	default:
		a.state.Turn(1)
	}
}

// nextField goes on, or presses the button that the keyboard is at.
func (a *App) nextField() tea.Cmd {
	s := a.sheet()
	if a.pressed == "enter" {
		row, _ := s.FieldRow(a.state.Now)
		switch {
		case slices.Contains(s.Foot, s.Focus):
			return a.pressStop(s.Focus)
		case s.Focus == model.StopTarget:
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

// pressStop presses a button of the form that has the keyboard.
func (a *App) pressStop(stop model.FieldPath) tea.Cmd {
	if f, ok := a.face().(sheetFace); ok {
		return f.press(a, stop)
	}
	return a.send()
}

// send presses the first button of the form.
func (a *App) send() tea.Cmd {
	if f, ok := a.face().(sheetFace); ok {
		stop := model.StopSend
		if foot := f.sheet(a).Foot; len(foot) > 0 {
			stop = foot[0]
		}
		return f.press(a, stop)
	}
	t := a.state.Shown()
	if args, ready := a.state.Ready(t); ready {
		return a.severally(t.Method, t.Target, args, func(a *App) tea.Cmd { return a.sendNow(t) })
	}
	return a.sendNow(t)
}

// sendNow sends a form, or shows what is wrong with it.
func (a *App) sendNow(t *model.Thing) tea.Cmd {
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
	s := a.sheet()
	if s == nil {
		return "", false
	}
	for _, row := range s.Form.Rows(a.state.Now) {
		list, ok := strings.CutSuffix(string(row.Path), "+]")
		if ok && strings.HasPrefix(string(s.Focus)+"[", list) {
			return row.Path, true
		}
	}
	return "", false
}

func (a *App) addItem() {
	s := a.sheet()
	if _, ok := a.itemHere(); ok {
		a.touch()
		s.Focus = s.Form.FirstField(s.Form.AddItem(s.Focus))
	}
}

func (a *App) moveItem(delta int) {
	s := a.sheet()
	a.touch()
	s.Focus = s.Form.MoveItem(s.Focus, delta)
	a.lineAt = ""
}

func (a *App) leaveOut() {
	s := a.sheet()
	a.touch()
	s.ForgetWrong(s.Focus)
	at, ok := s.Form.LeaveOut(s.Focus)
	if !ok {
		a.state.Say("ctrl+x  " + s.Focus.Words() + " is required and can't be left out")
	}
	s.Focus = at
	a.lineAt = ""
}

func (a *App) toggleField() {
	s := a.sheet()
	switch {
	case s.Focus == model.StopTarget:
		a.openTargets()
	case slices.Contains(s.Foot, s.Focus):
		a.state.Say("enter presses the button")
	default:
		a.touch()
		s.ForgetWrong(s.Focus)
		s.Form.Toggle(s.Focus)
		a.lineAt = ""
	}
}

// flip goes from fields to JSON and back; both are one value.
func (a *App) flip() {
	s := a.sheet()
	if err := s.Form.Flip(a.state.Now); err != nil {
		a.state.Say("not JSON yet: " + err.Error())
		return
	}
	s.Wrong = nil
	a.lineAt, a.areaAt = "", ""
	s.Focus = s.FirstStop(a.state.Now)
}
