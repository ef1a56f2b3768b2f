package ui

import (
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/client/interval/schema"
	"ioscope/model"
)

// runBindings are the keys of Interval runs and pages.
func runBindings() []binding {
	all := []place{inRun, inRunField, inRunText, inRunSlider, inRunSheet, inRunTable, inRunTree}
	typing := []place{inRunField, inRunText, inRunSlider, inRunSheet}
	calm := []place{inRun, inRunTable, inRunTree}
	return []binding{
		{id: "run.next", keys: []string{"tab", "down", "enter"}, in: []place{inRunField, inRunSlider}, does: "next field; enter on a button presses it", footer: 1, label: words("next field"), do: onRun(runFace.nextField)},
		{id: "run.prev", keys: []string{"shift+tab", "up"}, in: []place{inRunField, inRunSlider}, does: "previous field", do: onRun(runFace.prevField)},
		{id: "run.next-text", keys: []string{"tab"}, in: []place{inRunText}, does: "next field", footer: 1, do: onRun(runFace.nextField)},
		{id: "run.prev-text", keys: []string{"shift+tab"}, in: []place{inRunText}, does: "previous field", do: onRun(runFace.prevField)},
		{id: "run.next-stop", keys: []string{"tab"}, in: calm, does: "next part, or pane", do: onRun(runFace.nextField)},
		{id: "run.prev-stop", keys: []string{"shift+tab"}, in: calm, does: "previous part, or pane", do: onRun(runFace.prevField)},
		{id: "run.slide-down", keys: []string{"left"}, in: []place{inRunSlider}, does: "a step down", footer: 3, label: words("less"), do: onRun(func(f runFace, a *App) tea.Cmd { return f.slide(a, -1) })},
		{id: "run.slide-up", keys: []string{"right"}, in: []place{inRunSlider}, does: "a step up", footer: 3, label: words("more"), do: onRun(func(f runFace, a *App) tea.Cmd { return f.slide(a, 1) })},
		{id: "sheet.next", keys: []string{"tab"}, in: []place{inRunSheet}, does: "next cell, then the next field", footer: 1, label: words("next cell"), do: onRun(runFace.nextCell)},
		{id: "sheet.prev", keys: []string{"shift+tab"}, in: []place{inRunSheet}, does: "previous cell", do: onRun(runFace.prevCell)},
		{id: "sheet.down", keys: []string{"down", "enter"}, in: []place{inRunSheet}, does: "the cell below; enter in the last row adds one", do: onRun(runFace.downCell)},
		{id: "sheet.up", keys: []string{"up"}, in: []place{inRunSheet}, does: "the cell above", do: onRun(runFace.upCell)},
		{id: "sheet.add", keys: []string{"ctrl+n"}, in: []place{inRunSheet}, does: "add a row", footer: 3, do: onField((*model.RunField).AddRow)},
		{id: "sheet.drop", keys: []string{"ctrl+x"}, in: []place{inRunSheet}, does: "drop the row", footer: 4, do: onField((*model.RunField).DropRow)},
		{id: "run.submit", keys: []string{"ctrl+s", "alt+enter"}, in: all, does: "the first button", footer: 2, label: (*App).runSubmitWords, why: runNotAsking, do: onRun(func(f runFace, a *App) tea.Cmd { return a.run(f.r.Press(a.state, 0)) })},
		{id: "run.toggle", keys: []string{" "}, in: []place{inRunField}, does: "change a box or a choice", do: onRun(runFace.toggle)},
		{id: "run.leave-out", keys: []string{"ctrl+x"}, in: []place{inRunField, inRunText, inRunSlider, inRunTable}, does: "leave out", do: onRun(runFace.leaveOut)},
		{id: "run.edit", keys: []string{"f4"}, in: typing, does: "in $EDITOR", why: secretHere, do: (*App).openEditor},
		{id: "run.file", keys: []string{"alt+o"}, in: []place{inRunField}, does: "look for a file", footer: 5, label: words("look for a file"), why: noFileField, do: onRun(runFace.pickFile)},
		{id: "run.reveal", keys: []string{"alt+v"}, in: []place{inRunField}, does: "show what is typed of credentials, and hide it", footer: 5, label: revealWords, why: noCredentials, do: onRun(runFace.reveal)},

		{id: "table.choose", keys: []string{" "}, in: []place{inRunTable}, does: "choose the row", footer: 1, label: words("choose"), why: notChoosing, do: onRun(runFace.chooseRow)},
		{id: "table.choose-page", keys: []string{"A"}, in: []place{inRunTable}, does: "choose all that are shown", why: notChoosing, do: onRun(runFace.choosePage)},
		{id: "table.choose-all", keys: []string{"alt+a"}, in: []place{inRunTable}, does: "choose all that match, on every page", why: notChoosing, do: onRun(func(f runFace, a *App) tea.Cmd { return a.run(f.r.ChooseAll(a.state, f.here())) })},
		{id: "table.filter", keys: []string{"/"}, in: []place{inRunTable}, does: "filter; where not all rows are here, the host does it", footer: 2, label: words("filter"), why: notFilterable, do: do((*App).startFilter)},
		{id: "table.sort", keys: []string{"s"}, in: []place{inRunTable}, does: "sort by the next column", footer: 3, label: words("sort"), why: notSortable, do: onRun(func(f runFace, a *App) tea.Cmd { return a.run(f.r.SortTable(f.here())) })},
		{id: "table.reverse", keys: []string{"S"}, in: []place{inRunTable}, does: "other order", why: notSortable, do: onRun(func(f runFace, a *App) tea.Cmd { return a.run(f.r.ReverseTable(f.here())) })},
		{id: "table.next-page", keys: []string{"pgdown", "right", "l"}, in: []place{inRunTable}, does: "next page", footer: 6, do: onRun(func(f runFace, a *App) tea.Cmd { return f.turnPage(a, 1) })},
		{id: "table.prev-page", keys: []string{"pgup", "left", "h"}, in: []place{inRunTable}, does: "page before", do: onRun(func(f runFace, a *App) tea.Cmd { return f.turnPage(a, -1) })},
		{id: "table.row-menu", keys: []string{"enter"}, in: []place{inRunTable}, does: "menu of the row", footer: 7, label: words("row menu"), why: noRowMenu, do: onRun(runFace.rowMenu)},

		{id: "run.fold", keys: []string{"enter", " "}, in: []place{inRunTree}, does: "fold, unfold", footer: 1, do: func(a *App) tea.Cmd { return a.run(a.state.Enter()) }},
		{id: "run.open", keys: []string{"enter"}, in: []place{inRun}, does: "open the link, picture or menu", footer: 1, label: words("open"), why: nothingToOpen, do: onRun(func(f runFace, a *App) tea.Cmd { return f.enterDisplay(a, f.here()) })},
		{id: "run.menu", keys: []string{"m"}, in: calm, does: "menu of the page", footer: 8, label: words("menu"), why: noPageMenu, do: onRun(runFace.pageMenu)},
		{id: "run.follow", keys: []string{"o"}, in: []place{inRun, inRunTable}, does: "go where the action leads", footer: 3, label: words("go there"), why: noRedirect, do: onRun(runFace.follow)},
		{id: "run.close", keys: []string{"x"}, in: calm, does: "close it; what goes on is asked about", footer: 9, label: words("close"), do: (*App).closeRun},
		{id: "run.cancel", keys: []string{"alt+x"}, in: all, does: "cancel the run (asks)", footer: 5, label: words("cancel run"), why: notGoing, do: do((*App).askCancel)},
		{id: "run.button", keys: []string{"alt+1", "alt+2", "alt+3", "alt+4", "alt+5", "alt+6", "alt+7", "alt+8", "alt+9"}, sign: "alt+1..9", in: all, does: "the other buttons", footer: 3, label: words("other buttons"), why: noButton, do: onRun(runFace.otherButton)},
		{id: "run.log", keys: []string{"ctrl+g"}, in: all, does: "log, transcript", do: onRun(runFace.toggleLog)},
	}
}

func onRun(f func(runFace, *App) tea.Cmd) func(*App) tea.Cmd {
	return func(a *App) tea.Cmd {
		if r, ok := a.face().(runFace); ok {
			a.touch()
			before := r.here()
			cmd := f(r, a)
			if before != nil && before != r.here() {
				before.Left(a.state.Now)
			}
			return cmd
		}
		return nil
	}
}

func onField(f func(*model.RunField)) func(*App) tea.Cmd {
	return onRun(func(r runFace, a *App) tea.Cmd {
		if field := r.here(); field != nil {
			f(field)
			a.lineAt, a.areaAt = "", ""
		}
		return nil
	})
}

// here is the field that has the keyboard, or nil.
func (f runFace) here() *model.RunField {
	_, field := f.r.Here()
	return field
}

func (f runFace) move(a *App, delta int) tea.Cmd {
	if !f.r.Next(delta) {
		a.state.Turn(delta)
	}
	return nil
}

// nextField goes on. enter works what the keyboard is at, down goes on inside a
// field first.
func (f runFace) nextField(a *App) tea.Cmd {
	step, field := f.r.Here()
	switch {
	case a.pressed == "enter" && step != nil && field == nil:
		return a.run(f.r.Press(a.state, f.r.Button()))
	case a.pressed == "enter" && field != nil && f.enterField(a, field):
		return nil
	case a.pressed == "down" && f.r.StepRow(1), a.pressed == "down":
		return nil
	case login(field) && field.Row < 0:
		f.r.StepRow(1)
		return nil
	}
	return f.move(a, 1)
}

func (f runFace) prevField(a *App) tea.Cmd {
	_, field := f.r.Here()
	if a.pressed == "up" || login(field) && field.Row == 0 {
		f.r.StepRow(-1)
		return nil
	}
	return f.move(a, -1)
}

// login reports whether a field is a token and a secret, one below the other.
func login(field *model.RunField) bool {
	return field != nil && field.Comp.Method() == schema.CredentialsMethod
}

// enterField does what enter means in a field. It reports whether the keyboard is
// to stay.
func (f runFace) enterField(a *App, field *model.RunField) bool {
	switch p := field.Comp.Props.(type) {
	case *schema.SelectSingle:
		if options := field.Options(); field.Row < len(options) && (len(field.Chosen) == 0 || field.Chosen[0] != options[field.Row]) {
			field.Toggle()
		}
	case *schema.Search:
		if field.Row >= 0 || field.Text != "" && len(p.Results) > 0 && len(field.Hits) == 0 {
			field.Toggle()
			a.lineAt = ""
			return field.Comp.Multiple
		}
	case *schema.UploadFile:
		if field.AddPath() {
			a.lineAt = ""
			return true
		}
	case *schema.Credentials:
		if field.Row < 0 {
			field.Row = 0
			return true
		}
	}
	return false
}

func (f runFace) toggle(a *App) tea.Cmd {
	step, field := f.r.Here()
	switch {
	case step != nil && field == nil:
		a.state.Say(a.enterOr("run.next", "run.submit") + " presses the button")
	case field != nil && !field.Toggle():
		a.state.Say(a.keyFor("run.toggle") + "  nothing to change here")
	}
	a.lineAt = ""
	return nil
}

func (f runFace) leaveOut(a *App) tea.Cmd {
	field := f.here()
	switch {
	case field == nil:
	case !field.Comp.Optional:
		a.state.Say(a.keyFor("run.leave-out") + "  " + field.Comp.Label + " is required and can't be left out")
	default:
		field.LeaveOut()
		a.lineAt, a.areaAt = "", ""
	}
	return nil
}

func (f runFace) slide(a *App, delta int) tea.Cmd {
	if field := f.here(); field != nil {
		field.Slide(delta, a.state.Now)
		a.lineAt = ""
	}
	return nil
}

func (f runFace) nextCell(a *App) tea.Cmd {
	if field := f.here(); field.MoveCell(0, 1) {
		return nil
	}
	return f.move(a, 1)
}

func (f runFace) prevCell(a *App) tea.Cmd {
	if field := f.here(); field.MoveCell(0, -1) {
		return nil
	}
	return f.move(a, -1)
}

func (f runFace) downCell(a *App) tea.Cmd {
	field := f.here()
	col := field.Col
	switch {
	case field.MoveCell(1, 0):
	case a.pressed == "enter":
		field.AddRow()
		field.Col = col
	default:
		return f.move(a, 1)
	}
	return nil
}

func (f runFace) upCell(a *App) tea.Cmd {
	if f.here().MoveCell(-1, 0) {
		return nil
	}
	return f.move(a, -1)
}

func (f runFace) chooseRow(a *App) tea.Cmd {
	if field := f.here(); field != nil && notChoosing(a) == "" {
		if why := field.Table.Choose(); why != "" {
			a.state.Say("space  " + why)
		}
		field.Problem = ""
	}
	return nil
}

func (f runFace) choosePage(a *App) tea.Cmd {
	if why := f.here().Table.ChoosePage(); why != "" {
		a.state.Say("A  " + why)
	}
	f.here().Problem = ""
	return nil
}

func (f runFace) turnPage(a *App, delta int) tea.Cmd {
	effects, ok := f.r.PageTable(f.here(), delta)
	if !ok {
		if a.pressed == "left" || a.pressed == "h" {
			a.back()
		} else {
			a.state.Say("no more pages")
		}
		return nil
	}
	return a.run(effects)
}

func (f runFace) toggleLog(*App) tea.Cmd {
	f.r.ShowLog, f.r.Scroll = !f.r.ShowLog, 0
	return nil
}

// What the footer says, and why something can't be done now.

func (a *App) runSubmitWords() string {
	f, ok := a.face().(runFace)
	if !ok {
		return "send"
	}
	for i := len(f.r.Steps) - 1; i >= 0; i-- {
		if s := f.r.Steps[i]; s.Open() {
			return s.Buttons()[0].Label
		}
	}
	return "send"
}

func runHere(a *App) *model.Run {
	if f, ok := a.face().(runFace); ok {
		return f.r
	}
	return &model.Run{}
}

func fieldHere(a *App) *model.RunField {
	_, field := runHere(a).Here()
	return field
}

func openStep(a *App) *model.Step {
	r := runHere(a)
	for i := len(r.Steps) - 1; i >= 0; i-- {
		if r.Steps[i].Open() {
			return r.Steps[i]
		}
	}
	return nil
}

func runNotAsking(a *App) string {
	switch r := runHere(a); {
	case openStep(a) == nil && r.Stage == model.RunEnded:
		return "it is over; {run.repeat} runs it again"
	case openStep(a) == nil:
		return "nothing is asked now"
	}
	return a.state.Forbids(model.ToRun)
}

func noButton(a *App) string {
	if step := openStep(a); step == nil || len(step.Buttons()) < 2 {
		return "there is no other button"
	}
	return ""
}

// otherButton presses a button but the first, by its number among those.
func (f runFace) otherButton(a *App) tea.Cmd {
	return a.run(f.r.Press(a.state, slices.Index(a.keymap.keys("run.button"), a.pressed)+1))
}

func noFileField(a *App) string {
	if f := fieldHere(a); f != nil {
		if _, ok := f.Comp.Props.(*schema.UploadFile); ok {
			return ""
		}
	}
	return "no file is asked for here"
}

func notChoosing(a *App) string {
	f := fieldHere(a)
	if f != nil {
		if _, ok := f.Comp.Props.(*schema.SelectTable); ok {
			return ""
		}
	}
	return "nothing is chosen here"
}

func notFilterable(a *App) string {
	if f := fieldHere(a); f == nil || f.Table == nil || !f.Table.Filterable() {
		return "the host does not let it be filtered"
	}
	return ""
}

func notSortable(a *App) string {
	if f := fieldHere(a); f == nil || f.Table == nil || !f.Table.Sortable() {
		return "the host does not let it be sorted"
	}
	return ""
}

func noRowMenu(a *App) string {
	f := fieldHere(a)
	if f == nil || f.Table == nil {
		return "no row here"
	}
	if row, ok := f.Table.Row(); !ok || len(rowItems(f.Table, row)) == 0 {
		return "this row has no menu"
	}
	return ""
}

func nothingToOpen(a *App) string {
	f := fieldHere(a)
	if f == nil || runHere(a).ShowLog {
		return "nothing to open here; {run.next-stop} goes to links and tables"
	}
	return ""
}

func noPageMenu(a *App) string {
	if l := runHere(a).Layout; l == nil || len(l.MenuItems) == 0 {
		return "no menu here"
	}
	return ""
}

func noRedirect(a *App) string {
	if _, ok := lastTarget(runHere(a)); !ok {
		return "it leads nowhere"
	}
	return ""
}

func notRepeatable(a *App) string {
	switch r := runHere(a); {
	case r.Action.Page:
		return "a page is not run"
	case r.Stage != model.RunEnded:
		return "it is not over yet"
	}
	return a.state.Forbids(model.ToRun)
}

func notGoing(a *App) string {
	if !runHere(a).Going() {
		return "nothing goes on here"
	}
	return ""
}
