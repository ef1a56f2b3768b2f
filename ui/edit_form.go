package ui

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/model"
)

// moveField goes to the next stop of the form. It never leaves the form, since in a
// list the next letter that is typed would be a command: tab goes on at the other
// end, arrows stay, and esc leaves.
func (a *App) moveField(delta int) {
	s := a.sheet()
	stops := s.Stops(a.state.Now)
	i := max(slices.Index(stops, s.Focus), 0) + delta
	if (i < 0 || i >= len(stops)) && (a.pressed == "up" || a.pressed == "down") {
		return
	}
	if delta > 0 {
		s.Form.Leave(s.Focus)
	}
	s.Focus = stops[(i+len(stops))%len(stops)]
}

// nextWords says where tab goes.
func (a *App) nextWords() string {
	s := a.sheet()
	stops := s.Stops(a.state.Now)
	if i := slices.Index(stops, s.Focus); i == len(stops)-1 {
		return "to the top"
	}
	return "next field"
}

// noText takes a key at a stop where nothing can be typed, and says what can be done
// there. A box takes the letters that its values begin with.
func (a *App) noText(s *model.Sheet, msg tea.KeyMsg) {
	if msg.Type != tea.KeyRunes && msg.Type != tea.KeySpace {
		return
	}
	row, _ := s.FieldRow(a.state.Now)
	words := "nothing can be typed here; "
	switch {
	case slices.Contains(s.Foot, s.Focus):
		words += a.enterOr("form.next", "form.send") + " presses the button, " + a.keyFor("form.prev") + " goes back to the fields, " + a.keyFor("nav.back") + " leaves"
	case s.Focus == model.StopTarget:
		words += a.enterOr("form.next", "form.target") + " chooses who answers"
	case row.Kind == model.RowBool:
		if to := slices.Index([]string{"t", "y", "1", "f", "n", "0"}, strings.ToLower(string(msg.Runes))); to >= 0 {
			a.setBox(s, to < 3)
			return
		}
		words = "true or false: " + a.keyFor("form.toggle") + " changes it, t and f set it"
	case row.Kind == model.RowAdd:
		words += a.enterOr("form.next", "form.add") + " adds an item"
	case !row.Present:
		words += a.keyFor("form.toggle") + " brings it in"
	default:
		words += a.keyFor("form.toggle") + " folds it, " + a.keyFor("form.next") + " goes into it"
	}
	a.state.Say(words)
}

// setBox makes a box true or false.
func (a *App) setBox(s *model.Sheet, on bool) {
	if row, _ := s.FieldRow(a.state.Now); !row.Present || row.On != on || row.Fault != "" {
		a.toggleField()
	}
	if row, _ := s.FieldRow(a.state.Now); row.On != on {
		a.toggleField()
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
		a.state.Say(a.keyFor("form.leave-out") + "  " + s.Focus.Words() + " is required and can't be left out")
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
		a.state.Say(a.enterOr("form.next", "form.send") + " presses the button")
	case strings.HasSuffix(string(s.Focus), "[+]"):
		a.addItem()
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
