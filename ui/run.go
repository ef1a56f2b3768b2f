package ui

import (
	"fmt"
	"slices"
	"strings"

	"ioscope/client/interval/schema"
	"ioscope/model"
	"ioscope/ui/screen"
)

// runFace draws and works a run of an Interval action, or a page.
type runFace struct{ r *model.Run }

// place implements face.
func (f runFace) place(*App) place {
	step, field := f.r.Here()
	switch {
	case f.r.ShowLog || step == nil:
		return inRun
	case field == nil:
		return inRunField
	case field.Table != nil:
		return inRunTable
	case field.Tree != nil:
		return inRunTree
	case field.Comp.Method().Display():
		return inRun
	}
	switch p := field.Comp.Props.(type) {
	case *schema.InputText:
		if p.Multiline {
			return inRunText
		}
	case *schema.InputRichText:
		return inRunText
	case *schema.InputSlider:
		return inRunSlider
	case *schema.InputSpreadsheet:
		return inRunSheet
	}
	return inRunField
}

// text implements textFace.
func (f runFace) text(a *App) (typedText, bool) {
	step, field := f.r.Here()
	if field == nil || f.r.ShowLog || !step.Open() {
		return typedText{}, false
	}
	t := typedText{id: fmt.Sprintf("%p", field), text: field.Text, set: func(s string) { f.type_(a, field, s) }}
	switch p := field.Comp.Props.(type) {
	case *schema.InputBoolean, *schema.SelectTable:
		return t, false
	case *schema.SelectSingle, *schema.SelectMultiple:
		t.noBlank = true
		return t, field.Narrows()
	case *schema.InputText:
		t.lines = p.Multiline
	case *schema.InputRichText:
		t.lines = true
	case *schema.InputSpreadsheet:
		t.id = fmt.Sprintf("%p %d %d", field, field.Row, field.Col)
		t.text, t.set = field.Cell(), func(s string) { a.touch(); field.SetCell(s) }
		t.paste = func(s string) { a.touch(); field.PasteCells(s) }
	case *schema.Credentials:
		t.secret = true
		if field.Row == 0 {
			t.id += " secret"
			t.text, t.set = field.Secret, func(s string) { a.touch(); field.SetSecret(s) }
		}
	case *schema.UploadFile:
		return t, field.Row < 0
	case *schema.Search:
		t.noBlank = field.Row >= 0
	}
	return t, !field.Comp.Method().Display()
}

// type_ takes over what was typed, and asks for hits where it is a search.
func (f runFace) type_(a *App, field *model.RunField, text string) {
	a.touch()
	if text == field.Text {
		return
	}
	field.SetText(text)
	if cmd := a.run(f.r.Search(field)); cmd != nil {
		a.queued = cmd
	}
}

// filter implements filterFace.
func (f runFace) filter(a *App) (string, func(string)) {
	_, field := f.r.Here()
	if field == nil || field.Table == nil {
		return "", func(string) {}
	}
	return field.Table.Query, func(s string) { a.queued = a.run(f.r.FilterTable(field, s)) }
}

// tree implements treeFace.
func (f runFace) tree(*App) *model.Tree {
	if _, field := f.r.Here(); field != nil && !f.r.ShowLog {
		return field.Tree
	}
	return nil
}

// copyable implements copyFace.
func (f runFace) copyable(*App) (text, what string) {
	_, field := f.r.Here()
	switch {
	case field != nil && field.Table != nil:
		if row, ok := field.Table.Row(); ok {
			var cells []string
			for i, c := range field.Table.Columns() {
				cells = append(cells, c.Cell(row, i).Label)
			}
			return strings.Join(cells, "\t"), "the row"
		}
	case field != nil:
		if t, ok := fieldTarget(field); ok && t.Address() != "" {
			return t.Address(), "the address"
		}
	}
	switch {
	case f.r.Data != nil:
		return string(f.r.Data.Raw()), "the result"
	case f.r.Result != nil && f.r.Result.Failure != nil:
		return f.r.Result.Failure.Error(), "the error"
	case f.r.Err != nil:
		return f.r.Err.Error(), "the error"
	}
	return f.r.Action.Slug, "the slug"
}

// row implements rowFace.
func (f runFace) row(a *App) (screen.Text, screen.Line) { return screen.T("◆"), f.state(a, true) }

// state says in a few words how the run stands.
func (f runFace) state(a *App, short bool) screen.Line {
	r := f.r
	switch r.Stage {
	case model.RunForm:
		if len(r.Remarks) > 0 {
			return screen.L(warn, screen.T("asked for"))
		}
		return screen.L(muted, screen.T("form"))
	case model.RunLost:
		return screen.L(warn, screen.T("host lost"))
	case model.RunAsking:
		if a.lay.class == narrow && short {
			return screen.L(warn, screen.T("asks"))
		}
		return screen.L(warn, screen.T("asks you"))
	case model.RunEnded:
		return runEnd(r)
	case model.RunStarting, model.RunWorking:
	}
	if r.Action.Page {
		if r.Stage == model.RunStarting {
			return screen.L(warn, a.spinner()).Muted(screen.T(" opens"))
		}
		return screen.L(muted, screen.T("page"))
	}
	if p := r.Loading; p != nil {
		if share, ok := p.Share(); ok {
			return screen.L(num, clean(shareWords(share)))
		}
	}
	return screen.L(warn, a.spinner()).Pad(1).Add(num, clean(model.Elapsed(r.Since(a.state.Now))))
}

func shareWords(share float64) string { return itoa(int64(share*100)) + " %" }

func runEnd(r *model.Run) screen.Line {
	switch {
	case r.Err != nil:
		return screen.L(bad, screen.T("✗"))
	case r.Result == nil:
		return screen.L(muted, screen.T("over"))
	case r.Result.Status == schema.StatusCanceled:
		return screen.L(muted, screen.T("canceled"))
	case r.Result.Status == schema.StatusFailure:
		return screen.L(bad, screen.T("✗ failed"))
	}
	return screen.L(okay, screen.T("✓ ")).Fg(clean(model.Duration(r.Over.Sub(r.Started))))
}

// runAwaited reports whether a run shows a time that runs fast.
func runAwaited(t *model.Thing) bool {
	r, ok := t.Content.(*model.Run)
	return ok && (r.Stage == model.RunStarting || r.Stage == model.RunWorking && !r.Action.Page)
}

// draw implements face.
func (f runFace) draw(a *App, r rect) []screen.Line {
	focused := a.state.Focus == model.Workspace && len(a.dialogs) == 0
	head := screen.L(lit, screen.T("◆ ")).Add(plain, clean(f.r.Action.Name))
	lines := []screen.Line{a.workTitle(r.w, head, f.note(a), focused)}
	if f.r.ShowLog {
		return append(lines, f.logLines(a, r.w, r.h-1)...)
	}
	foot := f.foot(a, r.w, r.h)
	w := &runWriter{a: a, run: f.r, w: r.w, in: a.indent() - 1, focused: focused, active: a.state.Focus == model.Workspace, at: -1, clicks: map[int]model.RunStop{}}
	w.write(r.h >= 16)
	height := max(r.h-1-len(foot), 1)
	top := f.top(w, height)
	for i, line := range w.lines[top:min(top+height, len(w.lines))] {
		if stop, ok := w.clicks[top+i]; ok {
			inner := w.rows[top+i]
			a.click(rect{r.x, r.y + len(lines), r.w, 1}, model.Workspace, func(a *App) { f.click(a, stop, inner) })
		}
		lines = append(lines, line)
	}
	if len(foot) > 0 {
		lines = screen.Rows(lines, r.w, r.h-len(foot))
	}
	return append(lines, foot...)
}

// top is the first line that is seen: the end of all, unless the keyboard is
// above it or the person scrolled.
func (f runFace) top(w *runWriter, height int) int {
	most := max(len(w.lines)-height, 0)
	if f.r.Scroll > 0 {
		f.r.Scroll = min(f.r.Scroll, most)
		return most - f.r.Scroll
	}
	end := w.atEnd
	if w.blockEnd-w.at < height-2 {
		end = max(end, w.blockEnd) // all of it has room
	}
	if f.r.Action.Page { // is read from its top
		return min(max(min(end-height+2, w.at), 0), most)
	}
	top := most
	if w.at >= 0 {
		above := min(2, height/4)
		top = min(top, max(w.at-above, 0))
		top = max(top, min(end-height+1, w.at))
	}
	return top
}

// note is what stands at the right of the title.
func (f runFace) note(a *App) screen.Line {
	r := f.r
	line := f.state(a, false)
	if r.Action.Page || r.Stage == model.RunForm {
		return line
	}
	if n := r.Asks(); n > 0 && r.Stage == model.RunAsking {
		line = line.Pad(2).Muted(clean("step " + model.Number(n)))
	}
	if r.Stage == model.RunAsking || r.Stage == model.RunLost || r.Loading != nil {
		line = line.Pad(2).Muted(clean(model.Elapsed(r.Since(a.state.Now))))
	}
	if r.Scroll > 0 {
		line = screen.L(muted, screen.T("↓ ")).Plus(line)
	}
	return line
}

// click goes to a stop; a click on a box, an option or a button works it.
func (f runFace) click(a *App, stop model.RunStop, inner int) {
	a.focusWork()
	a.touch()
	same := f.r.At == stop
	f.r.At, f.r.Scroll = stop, 0
	step, field := f.r.Here()
	switch {
	case step == nil:
	case field == nil && inner >= 0:
		f.r.At.Field = len(step.Fields) + inner
		a.queued = a.run(f.r.Press(a.state, inner))
	case field == nil:
	case field.Table != nil && inner >= 0:
		if same && field.Table.Cursor == inner {
			a.queued = f.chooseRow(a)
		}
		field.Table.Cursor = inner
	case field.Tree != nil && inner >= 0:
		if same && field.Tree.Cursor() == inner {
			field.Tree.Toggle(inner)
		}
		field.Tree.SetCursor(inner)
	case field.Comp.Method().Display():
		if same {
			a.queued = f.enterDisplay(a, field)
		}
	default:
		f.clickField(field, inner)
	}
	a.lineAt, a.areaAt = "", ""
}

func (f runFace) clickField(field *model.RunField, inner int) {
	switch field.Comp.Props.(type) {
	case *schema.InputBoolean:
		field.Toggle()
	case *schema.SelectSingle, *schema.SelectMultiple, *schema.Search:
		if inner >= 0 {
			field.Row = inner
			field.Toggle()
		}
	case *schema.InputSpreadsheet:
		if inner >= 0 {
			field.Row = min(inner, len(field.Cells)-1)
		}
	}
}

// fieldTarget is where a link, a picture or a film leads.
func fieldTarget(f *model.RunField) (schema.Target, bool) {
	switch p := f.Comp.Props.(type) {
	case *schema.DisplayLink:
		return p.Target, true
	case *schema.DisplayImage:
		return schema.Target{URL: p.URL}, true
	case *schema.DisplayVideo:
		return schema.Target{URL: p.URL}, true
	}
	return schema.Target{}, false
}

// questions counts the fields of a step that ask something.
func questions(step *model.Step) int {
	n := 0
	for _, f := range step.Fields {
		if !f.Comp.Method().Display() {
			n++
		}
	}
	return n
}

// manyQuestions is the title of several questions without a heading.
const manyQuestions = "What it wants to know"

// stepTitle is what a step asks, in one line.
func stepTitle(step *model.Step) string {
	at := slices.IndexFunc(step.Fields, func(f *model.RunField) bool { return !f.Comp.Method().Display() })
	for _, f := range step.Fields {
		if _, ok := f.Comp.Props.(*schema.DisplayHeading); ok && questions(step) != 1 {
			return f.Comp.Label
		}
	}
	switch {
	case at < 0:
		return "Go on?"
	case questions(step) > 1:
		return manyQuestions
	}
	return step.Fields[at].Comp.Label
}
