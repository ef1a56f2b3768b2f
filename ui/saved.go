package ui

import (
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/model"
	"ioscope/ui/screen"
)

// Shelf is the folder of saved calls. Its methods may be called from any goroutine.
type Shelf interface {
	// Load reads all of it. What is wrong with a file stands in its call.
	Load() (*model.Library, error)
	// Save writes a call into its file.
	Save(c *model.SavedCall) error
	// Delete removes the file of a call.
	Delete(path string) error
}

// savedMsg brings what is in the folder, and what to say about it.
type savedMsg struct {
	library *model.Library
	say     string
	err     error
}

// shelf does something with the folder and reads it anew.
func (a *App) shelf(say string, do func(Shelf) error) tea.Cmd {
	s := a.opts.Shelf
	if s == nil {
		return nil
	}
	return func() tea.Msg {
		if do != nil {
			if err := do(s); err != nil {
				return savedMsg{err: err}
			}
		}
		library, err := s.Load()
		return savedMsg{library, say, err}
	}
}

// savedRead takes in what is in the folder.
func (a *App) savedRead(msg savedMsg) {
	why := ""
	if msg.err != nil {
		why = "saved calls: " + msg.err.Error()
	}
	if why != "" && why != a.shelved.said {
		a.state.Say(why)
	}
	a.shelved.said = why
	if msg.library == nil {
		return
	}
	a.library = msg.library
	for _, d := range a.desks {
		d.state.Apply([]model.Input{model.SavedRead{Library: msg.library}}, a.opts.Now())
	}
	if msg.say != "" {
		a.state.Say(msg.say)
	}
}

// savedFace draws the saved calls.
type savedFace struct{ p *model.SavedPage }

func (savedFace) place(*App) place { return inSaved }

func (f savedFace) copyable(a *App) (text, what string) {
	if c := f.p.Current(a.state); c != nil {
		return "ioscope call " + shellQuoted(c.Path), "the command"
	}
	return "", ""
}

func (f savedFace) draw(a *App, r rect) []screen.Line {
	l := &a.state.Lists[model.Saved]
	focused := a.state.Focus == model.Workspace && len(a.dialogs) == 0
	lines := []screen.Line{title(r.w, a.digit("go.saved"), screen.L(plain, screen.T("Saved calls")), f.note(r.w), focused)}
	typing := a.filtering && focused
	if typing || l.Filter != "" {
		lines = append(lines, a.filterLine("/ ", l.Filter, l.Hidden(), r.w, typing))
	}
	if r.h >= 10 {
		lines = append(lines, screen.Line{})
	}
	var below []screen.Line
	if c := f.p.Current(a.state); c != nil && r.h >= 10 {
		below = f.details(a, c, r)
	}
	height := max(r.h-len(lines)-len(below), 1)
	rows := l.Rows()
	top := a.window("saved", l.Index(), len(rows), height)
	calls := make([]*model.SavedCall, len(rows))
	for i, id := range rows {
		calls[i] = f.p.Library.Find(string(id))
	}
	cols := f.measure(calls, r.w)
	for i := top; i < min(top+height, len(rows)); i++ {
		c := calls[i]
		if c == nil {
			continue
		}
		line := cols.row(c, r.w)
		a.click(rect{r.x, r.y + len(lines), r.w, 1}, model.Workspace, func(a *App) {
			a.focusWork()
			a.state.Point(model.Saved, rows[i])
		})
		lines = append(lines, row(line, r.w, i == l.Index(), focused))
	}
	if len(rows) == 0 {
		lines = append(lines, a.emptyPageList(l, r.w, "No call is saved yet.",
			a.keyFor("call.save")+" saves the call of a result or of the history here, one file each, for git to keep.")...)
	}
	return append(screen.Rows(lines, r.w, max(r.h-len(below), 1)), below...)
}

// note tells where the calls are, and with which values they are asked.
func (f savedFace) note(w int) screen.Line {
	note := screen.Line{}
	if f.p.Library.Folder != "" {
		note = screen.L(muted, clean("in "+f.p.Library.Folder).CutMiddle(max(w/3, 8)))
	}
	env := "no environment"
	if f.p.Env != "" {
		env = "environment " + f.p.Env
	}
	return note.Pad(2).Fg(clean(env))
}

// savedColumns are the widths of the names of calls and of their methods.
type savedColumns struct{ path, method int }

func (f savedFace) measure(calls []*model.SavedCall, w int) savedColumns {
	cols := savedColumns{12, 8}
	for _, c := range calls {
		if c != nil {
			cols.path, cols.method = max(cols.path, clean(c.Path).Width()), max(cols.method, clean(c.Method).Width())
		}
	}
	return savedColumns{min(cols.path, max(w*2/5, 10)), min(cols.method, max(w/4, 8))}
}

// row is a saved call in a line.
func (cols savedColumns) row(c *model.SavedCall, w int) screen.Line {
	line := screen.Line{}.Pad(1).Plus(screen.L(plain, clean(c.Path).CutMiddle(cols.path)).Fit(cols.path)).Pad(2)
	switch {
	case c.Fault != "":
		return line.Add(bad, clean("✗ "+c.Fault))
	case c.Calls != nil:
		return line.Muted(clean(model.Count(len(c.Calls), "call") + ", in order"))
	case w < 60:
		return line.Fg(clean(c.Method))
	}
	return line.Plus(screen.L(plain, clean(c.Method).CutMiddle(cols.method)).Fit(cols.method)).Pad(2).Plus(argsLine(c.Args, max(w-line.Width()-cols.method-5, 4)))
}

// details tell the note, the variables and what hinders.
func (f savedFace) details(a *App, c *model.SavedCall, r rect) []screen.Line {
	p := a.newPage(r.w)
	p.indent = 2
	p.blank()
	if c.Note != "" {
		p.few(plain, c.Note, 2)
	}
	env := f.p.Environment()
	for _, name := range c.Variables() {
		line := screen.L(muted, clean("{{"+name+"}} = "))
		if value, ok := env.Vars[name]; ok {
			line = line.Plus(payload(value, max(r.w-line.Width()-30, 8))).Muted(clean(", from env/" + env.Name + ".json"))
		} else {
			line = line.Add(warn, screen.T("! no value"))
		}
		p.add(line.Fit(r.w - 4))
	}
	for i, step := range c.Calls {
		if len(p.lines) > r.h/3 {
			p.add(screen.L(muted, clean("… "+model.Number(len(c.Calls)-i)+" more")))
			break
		}
		p.add(screen.L(muted, clean(itoa(int64(i+1)))).Pad(2).Fg(clean(step)).Fit(r.w - 4))
	}
	if env.Fault != "" {
		p.text(bad, "✗ env/"+env.Name+".json: "+env.Fault)
	}
	if why := a.state.CantRun(c, false); why != "" {
		p.text(warn, "! "+a.keyed(why))
	}
	return p.lines
}

// savedHere is the saved call under the cursor, or nil.
func (a *App) savedHere() *model.SavedCall {
	if f, ok := a.face().(savedFace); ok {
		return f.p.Current(a.state)
	}
	return nil
}

func noSaved(a *App) string {
	if a.savedHere() == nil {
		return "no saved call here"
	}
	return ""
}

func cantRunSaved(open bool) func(*App) string {
	return func(a *App) string {
		if c := a.savedHere(); c != nil {
			return a.state.CantRun(c, open)
		}
		return "no saved call here"
	}
}

// runSaved runs the call or the list under the cursor. For each of the calls that
// reaches several servers it is asked first, before any of them goes out.
func (a *App) runSaved() tea.Cmd {
	c := a.savedHere()
	run := func(a *App) tea.Cmd { return a.run(a.state.RunSaved(c)) }
	steps := []*model.SavedCall{c}
	for _, path := range c.Calls {
		steps = append(steps, a.state.Saves().Library.Find(path))
	}
	for _, step := range slices.Backward(steps) {
		if step == nil || step.Calls != nil {
			continue
		}
		if id, target, args, ok := a.state.Reaches(step); ok {
			next := run
			run = func(a *App) tea.Cmd { return a.severally(id, target, args, next) }
		}
	}
	return run(a)
}

// lookEvery is how often the folder of saved calls is read while its page is shown.
const lookEvery = 3 * time.Second

// lookAtShelf reads the folder of saved calls when its page opens, and now and then
// while it is shown: a team changes the files from outside.
func (a *App) lookAtShelf() tea.Cmd {
	_, shown := a.face().(savedFace)
	opened := shown && !a.shelved.shown
	a.shelved.shown = shown
	if now := a.opts.Now(); opened || shown && now.Sub(a.shelved.at) >= lookEvery {
		a.shelved.at = now
		return a.shelf("", nil)
	}
	return nil
}

func (a *App) nextEnv() {
	p := a.state.Saves()
	name := p.NextEnv()
	a.state.FillVariables()
	a.lineAt, a.areaAt = "", ""
	if name != "" {
		a.state.Say("environment " + name)
	} else {
		a.state.Say("no environment")
	}
}

func noEnv(a *App) string {
	if len(a.state.Saves().Library.Envs) == 0 {
		return "no environment: env/NAME.json in the folder makes one"
	}
	return ""
}

// callHere is the call that S would save: of the history, of what is shown, or of the
// form that was open last.
func (a *App) callHere() (q Question, ok bool) {
	if q, streaming, ok := a.questionHere(); ok && !streaming && (a.record() != nil || a.state.Shown() != nil) {
		return q, true
	}
	for i := len(a.state.Things) - 1; i >= 0; i-- {
		if t := a.state.Things[i]; t.Content == nil && !t.Stream() {
			args, wrong := t.Form.Args(a.state.Now) // its variables are saved as they are
			if len(wrong) > 0 {
				args = t.Args
			}
			return Question{t.Def.Exactly(), t.Target, args, t.WaitFor, t.AnswerIn, nil}, true
		}
	}
	return Question{}, false
}

func nothingToSave(a *App) string {
	if _, ok := a.callHere(); !ok {
		return "open a call first"
	}
	if a.opts.Shelf == nil {
		return "no folder for saved calls here"
	}
	return ""
}

// saveDialog asks under which name a call is to be saved.
type saveDialog struct {
	q     Question
	wrong string
	sure  bool
}

func (a *App) openSave() {
	q, _ := a.callHere()
	a.suggest(model.SavedPath(q.Method.Name))
	a.openDialog(&saveDialog{q: q})
}

func (d *saveDialog) width() int { return 76 }

func (d *saveDialog) draw(a *App, w, _ int) (string, []screen.Line, string) {
	lines := []screen.Line{{}, a.inputText(w).Fit(w).On(screen.Sel), screen.L(muted, screen.T("a file in the folder of saved calls; / makes a subfolder")).Fit(w)}
	if d.wrong != "" {
		lines = append(lines, screen.L(warn, clean("! "+d.wrong)).Fit(w))
	}
	return "Save the call as", append(lines, screen.Line{}), "enter saves   esc as it was"
}

func (d *saveDialog) press(a *App, msg tea.KeyMsg) tea.Cmd {
	if msg.String() != "enter" {
		a.typeLine(msg)
		d.wrong, d.sure = "", false
		return nil
	}
	path := model.SavedPath(a.line.Value())
	switch {
	case path == "":
		d.wrong = "it needs a name"
		return nil
	case strings.HasPrefix(path, "env/") || path == "env":
		d.wrong = "env/ is for environments"
		return nil
	case a.state.Saves().Library.Find(path) != nil && !d.sure:
		d.wrong, d.sure = path+" is there already; "+a.keyFor("dialog.do")+" again replaces it", true
		return nil
	}
	a.closeDialog()
	target := d.q.Target
	for _, m := range a.state.Dir.Methods() {
		if d.q.Method.Matches(m.Def) {
			target = a.state.Lasting(m.ID, target)
			break
		}
	}
	c := model.SavedOf(path, d.q.Method.Name, target, d.q.Args, d.q.Wait, d.q.Answer)
	c.Over(a.state.Saves().Library.Find(path))
	return a.shelf("saved as "+path, func(s Shelf) error { return s.Save(c) })
}

// askDelete deletes a saved call; it asks first.
func (a *App) askDelete() {
	path := a.savedHere().Path
	a.confirm("Delete "+path+"?", "Its file is removed from the folder.", "Keep it", "Delete", func() tea.Cmd {
		return a.shelf("deleted "+path, func(s Shelf) error { return s.Delete(path) })
	})
}
