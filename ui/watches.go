package ui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/model"
	"ioscope/ui/screen"
)

// watchFace draws what is pinned, and the form of a watch.
type watchFace struct{ l *model.WatchList }

func (f watchFace) place(*App) place {
	switch s := f.l.Sheet; {
	case s == nil:
		return inWatches
	case s.Form.Mode() == model.JSONMode && s.Focus == model.StopJSON:
		return inJSON
	}
	return inForm
}

func (f watchFace) sheet(*App) *model.Sheet { return f.l.Sheet }

func (f watchFace) press(a *App, _ model.FieldPath) tea.Cmd {
	effects := f.l.Submit(a.state)
	if s := f.l.Sheet; s != nil {
		a.state.Say(model.Count(len(s.Wrong), "field") + " to fix")
	}
	return a.run(effects)
}

// sendWords is what the footer says of the button.
func (f watchFace) sendWords() string {
	if f.l.Of != nil {
		return "keep"
	}
	return "watch"
}

func (f watchFace) copyable(a *App) (text, what string) {
	w := f.l.Current(a.state)
	if w == nil {
		return "", ""
	}
	return w.Value, "the value"
}

func (f watchFace) draw(a *App, r rect) []screen.Line {
	focused := a.state.Focus == model.Workspace && len(a.dialogs) == 0
	all := f.l.All()
	note := screen.L(muted, clean(model.Count(len(all), "watch")))
	if n := len(all); n > 1 {
		note = screen.L(muted, clean(model.Number(n)+" watches"))
	}
	lines := []screen.Line{title(r.w, screen.T("8"), screen.L(plain, screen.T("Watches")), note, focused)}
	if f.l.Sheet != nil {
		return append(lines, f.form(a, r)...)
	}
	list := &a.state.Lists[model.Watches]
	typing := a.filtering && focused
	if typing || list.Filter != "" {
		lines = append(lines, a.filterLine("/ ", list.Filter, list.Hidden(), r.w, typing))
	}
	rows := list.Rows()
	if len(rows) == 0 {
		return append(lines, f.none(a, list, r.w)...)
	}
	if r.h >= 16 {
		lines = append(lines, screen.Line{})
	}
	cols := f.measure(r.w)
	if r.h >= 8 {
		lines = append(lines, cols.head(r.w))
	}
	var below []screen.Line
	if w := f.l.Current(a.state); w != nil && r.h >= 18 {
		below = append([]screen.Line{{}}, f.details(a, w, r.w)...)
	}
	height := max(r.h-len(lines)-len(below), 1)
	at := list.Index()
	top := a.window("watches", at, len(rows), height)
	for i := top; i < min(top+height, len(rows)); i++ {
		w := f.find(rows[i])
		if w == nil {
			continue
		}
		id := rows[i]
		a.click(rect{r.x, r.y + len(lines), r.w, 1}, model.Workspace, func(a *App) { a.clickWatch(f.l, id) })
		lines = append(lines, row(cols.row(a, w), r.w, i == at, focused))
	}
	return append(lines, below...)
}

func (a *App) clickWatch(l *model.WatchList, id model.RowID) {
	again := a.state.Focus == model.Workspace && a.state.Page == model.Watches && a.state.Lists[model.Watches].Cursor() == id
	a.state.Point(model.Watches, id)
	if again {
		a.queued = a.run(l.Enter(a.state))
	}
}

func (f watchFace) find(id model.RowID) *model.Watch {
	for _, w := range f.l.All() {
		if w.Row() == id {
			return w
		}
	}
	return nil
}

// none says why nothing is here, and what helps.
func (f watchFace) none(a *App, list *model.List, w int) []screen.Line {
	p := &page{w: w, indent: a.indent()}
	p.blank()
	if list.Filter != "" {
		p.text(plain, hiddenWords(list))
		return p.lines
	}
	p.text(plain, "Nothing is watched.")
	p.blank()
	p.add(screen.L(accent, screen.T("W")).To(4).Fg(screen.T("in an event, a result or a stream pins the value there")))
	p.add(screen.L(accent, screen.T("N")).To(4).Fg(screen.T("pins a field of a stream, or of a call every few seconds")))
	p.blank()
	p.text(muted, `A watch may have a condition that rings: > 5, == "x", changes, silent 10 s.`)
	return p.lines
}

func (f watchFace) form(a *App, r rect) []screen.Line {
	button := "Watch"
	if w := f.l.Of; w != nil {
		button = "Keep"
		head := screen.Line{}.Pad(a.indent()).Fg(clean(w.Name())).Pad(2).Muted(clean(model.PathName(w.Path)))
		rest := a.sheetLines(f.l.Sheet, f.look(a, button), rect{r.x, r.y + 2, r.w, r.h - 2})
		return append([]screen.Line{head}, rest...)
	}
	return a.sheetLines(f.l.Sheet, f.look(a, button), rect{r.x, r.y + 1, r.w, r.h - 1})
}

func (f watchFace) look(a *App, button string) sheetLook {
	return sheetLook{
		name: "watch form", active: a.state.Focus == model.Workspace, unsent: "Nothing is watched until they are right.",
		buttons: []sheetButton{{stop: model.StopSend, words: button, key: "ctrl+s", note: `rings on > 5, == "x", changes, silent 10 s or a jq expression`}},
	}
}

// watchColumns are the columns of the table of watches; those without room are 0.
type watchColumns struct {
	name, value, spark, bound, changed, trigger int
}

func (f watchFace) measure(w int) watchColumns {
	c := watchColumns{name: 10, value: 6}
	bound, trigger := 4, 9
	for _, watch := range f.l.All() {
		c.name = max(c.name, watchName(watch).Width())
		c.value = max(c.value, clean(watchValue(watch)).Width())
		trigger = max(trigger, clean(watch.Condition.Text).Width()+1)
		if watch.Numeric {
			bound = max(bound, len(model.Bound(watch.Min)), len(model.Bound(watch.Max)))
		}
	}
	c.name, c.value = min(c.name, w*2/5), min(c.value, max(w/6, 8))
	left := w - 6 - c.name - c.value
	take := func(column *int, n, gap int) {
		if left >= n+gap {
			left -= n + gap
			*column = n
		}
	}
	take(&c.spark, 8, 2)
	take(&c.bound, 2*bound+2, 2)
	take(&c.changed, 8, 1)
	take(&c.trigger, min(trigger, 20), 2)
	if extra := min(left, 16); extra > 0 && c.spark > 0 {
		c.spark += extra
	}
	return c
}

func (c watchColumns) head(w int) screen.Line {
	line := screen.Line{}.Pad(4).Muted(screen.T("watch")).To(4 + c.name).Muted(right("value", c.value+1))
	if c.spark > 0 {
		line = line.Pad(2).Muted(clean("last " + itoa(int64(c.spark)) + " s").Cut(c.spark)).To(line.Width() + 2 + c.spark)
	}
	if c.bound > 0 {
		line = line.Pad(2).Muted(right("min", c.bound/2-1)).Pad(2).Muted(right("max", c.bound/2-1))
	}
	if c.changed > 0 {
		line = line.Pad(1).Muted(right("changed", c.changed))
	}
	if c.trigger > 0 {
		line = line.Pad(2).Muted(screen.T("rings on"))
	}
	return line.Fit(w)
}

// watchName is what a watch follows: Prices AAPL .bid.
func watchName(w *model.Watch) screen.Text {
	return clean(w.Name() + " " + model.JQPath(w.Path))
}

// watchValue is the value as a cell shows it.
func watchValue(w *model.Watch) string {
	if w.Count == 0 {
		return "-"
	}
	return model.ValueText([]byte(w.Value))
}

// watchSign is what a watch wants: a person, nothing, or it is held.
func watchSign(w *model.Watch) screen.Line {
	switch {
	case w.Paused:
		return screen.L(warn, screen.T("‖"))
	case w.News || w.Holds:
		return screen.L(warn, screen.T("!"))
	case w.Fault != "":
		return screen.L(bad, screen.T("✗"))
	}
	return screen.L(muted, screen.T("◎"))
}

func (c watchColumns) row(a *App, w *model.Watch) screen.Line {
	style := num
	if !w.Numeric {
		style = plain
	}
	line := screen.Line{}.Pad(1).Plus(watchSign(w)).Pad(1).Fg(watchName(w).CutMiddle(c.name)).To(3 + c.name)
	value := clean(watchValue(w)).Cut(c.value)
	line = line.Pad(c.value+1-value.Width()).Add(style, value)
	if c.spark > 0 {
		line = line.Pad(2).Add(num, watchSpark(a, w, c.spark))
	}
	if c.bound > 0 {
		low, high := "", ""
		if w.Numeric {
			low, high = model.Bound(w.Min), model.Bound(w.Max)
		}
		line = line.Pad(2).Muted(right(low, c.bound/2-1)).Pad(2).Muted(right(high, c.bound/2-1))
	}
	if c.changed > 0 {
		words := "never"
		if w.Count > 0 {
			words = model.Awaited(a.state.Now.Sub(w.Changed))
		}
		line = line.Pad(1).Muted(right(words, c.changed))
	}
	if c.trigger > 0 {
		style := muted
		if w.Holds {
			style = warn
		}
		line = line.Pad(2).Add(style, clean(w.Condition.Text).Cut(c.trigger))
	}
	return line
}

// watchSpark draws the values of the last seconds.
func watchSpark(a *App, w *model.Watch, n int) screen.Text {
	var out screen.Text
	for _, v := range w.Spark(a.state.Now, n) {
		if v == 0 {
			out = out.Plus(screen.T(" "))
		} else {
			out = out.Plus(sparks[v])
		}
	}
	return out
}

// details say all of the watch under the cursor.
func (f watchFace) details(a *App, w *model.Watch, width int) []screen.Line {
	note := "call every " + model.Duration(w.Every)
	if w.Stream() {
		note = "stream"
	}
	lines := []screen.Line{subtitle(screen.L(plain, watchName(w)), screen.L(muted, clean(note)), width)}
	fact := func(name string, line screen.Line) {
		lines = append(lines, screen.Line{}.Pad(3).Muted(clean(name)).To(15).Plus(line).Fit(width-1))
	}
	fact("value", payload([]byte(w.Value), width-20))
	if w.Numeric {
		fact("seen", screen.L(plain, clean("from "+model.Bound(w.Min)+" to "+model.Bound(w.Max)+" in "+model.Count(w.Count, "value"))))
	} else {
		fact("seen", screen.L(plain, clean(model.Count(w.Count, "value"))))
	}
	if w.Absent > 0 {
		fact("absent", screen.L(warn, clean("in "+model.Count(w.Absent, "event")+": "+w.Path+" is not there")))
	}
	switch w.Condition.Text {
	case "":
		fact("rings on", screen.L(muted, screen.T("nothing; ")).Add(accent, screen.T("c")).Muted(screen.T(" adds a condition")))
	default:
		line := screen.L(plain, clean(w.Condition.Text))
		if w.Holds {
			line = line.Add(warn, screen.T("  it is so now"))
		}
		if w.Quiet {
			line = line.Muted(screen.T("  without a bell"))
		}
		fact("rings on", line)
		words := "not yet"
		if w.Rings > 0 {
			words = model.Count(w.Rings, "time") + ", last " + w.Rang.Format("15:04:05")
		}
		fact("rang", screen.L(plain, clean(words)))
	}
	fact("heard of", a.watchSource(w))
	if w.Fault != "" {
		fact("fault", screen.L(bad, clean("✗ "+strings.TrimPrefix(w.Fault, "✗ "))))
	}
	return lines
}

// watchSource says where a watch hears its values from.
func (a *App) watchSource(w *model.Watch) screen.Line {
	if !w.Stream() {
		return screen.L(plain, clean("the first answer of a call to "+model.TargetWord(w.Target)))
	}
	t, hidden := a.state.Heard(w)
	if t == nil {
		return screen.L(warn, screen.T("nothing: its subscription is gone"))
	}
	line := screen.L(plain, screen.T("the subscription that is open, "))
	if hidden {
		line = screen.L(plain, screen.T("a subscription of its own, "))
	}
	return line.Plus(a.thingState(t))
}

// railWatches draws the watches at the foot of the rail, where there is room for
// all of them.
func (a *App) railWatches(above int) []screen.Line {
	all := a.state.WatchList().All()
	w := a.lay.rail.w
	gap := 0
	if a.lay.h >= 36 {
		gap = 1
	}
	if len(all) == 0 || len(a.lay.sections) < 2 || above+gap+1+len(all) > a.lay.rail.h {
		return nil
	}
	lines := make([]screen.Line, gap, gap+1+len(all))
	y := a.lay.rail.y + above + gap
	a.click(rect{a.lay.rail.x, y, w, 1 + len(all)}, model.Workspace, func(a *App) { a.state.Go(model.Watches) })
	lines = append(lines, title(w, screen.T("8"), screen.L(plain, screen.T("Watches")), screen.L(plain, clean(model.Number(len(all)))), false))
	for _, watch := range all {
		line := screen.Line{}.Pad(2)
		if watch.News || watch.Holds || watch.Paused {
			line = screen.Line{}.Pad(1).Plus(watchSign(watch))
		}
		style := num
		if !watch.Numeric {
			style = plain
		}
		state := screen.L(style, clean(watchValue(watch)).Cut(max(w/3, 6)))
		if watch.Holds && watch.Condition.Silence() > 0 {
			state = screen.L(warn, clean("silent "+model.Awaited(watch.Silent(a.state.Now))))
		}
		if w >= roomy {
			state = state.Pad(1).Add(num, watchSpark(a, watch, 7))
		}
		state = state.Pad(1)
		line = line.Pad(1).Fg(watchName(watch).CutMiddle(w - line.Width() - state.Width() - 2))
		lines = append(lines, line.To(w-state.Width()).Plus(state))
	}
	return lines
}

// judgeWatch asks a watch's expression, beside the screen.
func (a *App) judgeWatch(e model.JudgeWatch) tea.Cmd {
	inbox := a.inbox
	return func() tea.Msg {
		said := model.WatchJudged{Watch: e.Watch, Gen: e.Gen}
		code, wrong := readJQ(e.Expr)
		if code == nil {
			said.Fault = wrong
		} else {
			var out model.Judged
			said.Holds = ask(code, e.Value, &out).Keep
			if said.Fault = out.Stopped; said.Fault == "" && out.Failure != "" {
				said.Fault = "jq: " + out.Failure
			}
		}
		inbox.Put(said)
		return nil
	}
}

// ring sounds the terminal's bell.
func (a *App) ring() tea.Cmd {
	out := a.opts.Bell
	if out == nil {
		return nil
	}
	return func() tea.Msg {
		_, _ = out.Write([]byte{'\a'})
		return nil
	}
}

// pinnable is what W would watch here, or why it can't; form is true where it has
// to be asked which value is meant.
func (a *App) pinnable() (w *model.Watch, form bool, why string) {
	t := a.state.Shown()
	if a.face() != nil || t == nil || t.Gen == 0 {
		return nil, false, "no value to watch here"
	}
	if !t.Stream() {
		if why := a.state.Forbids(model.ToInvoke); why != "" {
			return nil, false, why
		}
	}
	if tree := a.tree(); tree != nil {
		return t.Subject(tree.Row(tree.Cursor()).Path), false, ""
	}
	switch {
	case t.Stream() && t.View.Number != "" && t.View.Kind != model.RowsView:
		return t.Subject(t.View.Number), true, ""
	case t.Stream():
		row, ok := t.Tail.Current()
		if !ok || row.GapKind != model.NoGap {
			return nil, false, "nothing came yet"
		}
		return t.Subject(model.NumberPath(row.Data)), true, ""
	}
	if ans := t.Results.Current(); ans != nil && ans.Err == nil && !ans.Pending {
		return t.Subject(model.NumberPath(ans.Value)), true, ""
	}
	return nil, false, "no value to watch here"
}

func (a *App) addWatch() tea.Cmd {
	w, form, _ := a.pinnable()
	a.touch()
	if form {
		a.state.WatchList().New(a.state, w)
		return nil
	}
	return a.run(a.state.Pin(w))
}
