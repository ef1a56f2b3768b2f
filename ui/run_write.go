package ui

import (
	"strings"
	"time"

	"ioscope/client/interval/schema"
	"ioscope/model"
	"ioscope/ui/screen"
)

// runWriter lays a run out: what was, what is asked, how it ended.
type runWriter struct {
	a       *App
	run     *model.Run
	w, in   int // width; indent behind the gutter
	focused bool
	active  bool
	lines   []screen.Line
	// at is the first line of what has the keyboard, atEnd the line of the cursor
	// in it.
	at, atEnd int
	// blockEnd is the last line of the whole field that has the keyboard.
	blockEnd int
	clicks   map[int]model.RunStop
	rows     map[int]int
	column   int // of the fields
}

func (w *runWriter) write(roomy bool) {
	w.rows = map[int]int{}
	if roomy {
		w.context()
		w.blank()
	}
	r := w.run
	if r.Action.Page {
		w.page()
	}
	n := 0
	for i, step := range r.Steps {
		w.remarks(i)
		switch {
		case step.Open():
			n++
			w.question(i, step, n)
		case step.Waits:
			n++
			w.answered(i, step, n)
		default:
			w.displays(i, step)
		}
	}
	w.remarks(-1)
	w.end()
}

func (w *runWriter) blank() {
	if n := len(w.lines); n > 0 && w.lines[n-1].Plain() == "" {
		return
	}
	w.lines = append(w.lines, screen.Line{})
}

// add adds a line without a stop.
func (w *runWriter) add(line screen.Line) { w.lines = append(w.lines, line.Fit(w.w)) }

// text adds words, wrapped, behind the indent and some more.
func (w *runWriter) text(style screen.Style, s string, more int) {
	for _, line := range screen.CleanLines(s) {
		for _, part := range line.Wrap(max(w.w-w.in-more-3, 4)) {
			w.add(screen.Line{}.Pad(w.in+1+more).Add(style, part))
		}
	}
}

// stop adds a line of a stop. row is the place inside it, -1 for none; bar is true
// where the cursor is.
func (w *runWriter) stop(line screen.Line, at model.RunStop, row int, bar bool) {
	here := w.run.At == at && w.active
	n := len(w.lines)
	w.clicks[n], w.rows[n] = at, row
	if w.run.At == at {
		if w.at < 0 {
			w.at, w.atEnd = n, n
		}
		if bar {
			w.atEnd = n
		}
	}
	gutter := screen.Line{}.Pad(1)
	if here && bar {
		gutter = screen.L(accent, screen.T("▌"))
	}
	w.lines = append(w.lines, gutter.Plus(line).Fit(w.w))
}

// context tells who runs what for whom, with which parameters.
func (w *runWriter) context() {
	r := w.run
	line := screen.Line{}.Pad(w.in + 1).Muted(screen.T("host ")).Fg(clean(r.HostName))
	if r.User != "" && !r.Action.Page {
		line = line.Pad(3).Muted(screen.T("started by ")).Fg(clean(r.User))
	}
	for _, m := range r.Params {
		line = line.Pad(3).Muted(clean(m.Name + " ")).Fg(clean(schema.Text(m.Value)).Cut(40))
	}
	w.add(line)
	if r.Stage == model.RunForm && r.Action.Description != "" {
		w.text(plain, r.Action.Description, 0)
	}
}

// remarks adds what happened before a step; with -1 what happened after all.
func (w *runWriter) remarks(step int) {
	for _, m := range w.run.Remarks {
		if m.Step != step && (step >= 0 || m.Step < len(w.run.Steps)) {
			continue
		}
		line := screen.Line{}.Pad(w.in+1).Muted(clock(m.At)).Pad(2).Add(lit, screen.T("◆ "))
		at := line.Width()
		for i, part := range clean(m.Text).Wrap(max(w.w-at-1, 8)) {
			if i > 0 {
				w.add(line)
				line = screen.Line{}.Pad(at)
			}
			style := plain
			if m.Target != nil {
				style = style.ToLink(m.Target.Address())
			}
			line = line.Add(style, part)
		}
		if m.Target != nil {
			line = line.Pad(3).Add(accent, clean(w.a.keyFor("run.follow"))).Muted(screen.T(" goes there"))
		}
		w.add(line)
	}
}

// answered draws a step that has its answer: a line for each.
func (w *runWriter) answered(i int, step *model.Step, n int) {
	first := true
	for j, f := range step.Fields {
		if f.Comp.Method().Display() {
			w.display(model.RunStop{Step: i, Field: j}, f)
			continue
		}
		mark := screen.Line{}.Pad(w.in + 1).Pad(5)
		if first {
			mark = screen.Line{}.Pad(w.in+1).Add(okay, screen.T("✓ ")).Muted(clean(pad(model.Number(n), 3)))
			first = false
		}
		w.answerLine(mark, f)
	}
	if first {
		w.add(screen.Line{}.Pad(w.in+1).Add(okay, screen.T("✓ ")).Muted(clean(pad(model.Number(n), 3))).Fg(clean(choiceWords(step))))
	} else if len(step.Render.Buttons) > 1 {
		w.add(screen.Line{}.Pad(w.in + 6).Muted(screen.T("→ ")).Fg(clean(choiceWords(step))))
	}
}

func (w *runWriter) answerLine(mark screen.Line, f *model.RunField) {
	label := clean(f.Comp.Label)
	at := mark.Width() + min(max(24, w.w/3), 34)
	if label.Width() > at-mark.Width()-2 {
		w.add(mark.Fg(label.Cut(max(w.w-mark.Width()-1, 4))))
		mark, label = screen.Line{}.Pad(mark.Width()), screen.Text{}
		at = mark.Width() + 2
	}
	word, more := answerWords(w.a, f)
	line := mark.Fg(label).To(at).Add(bold, clean(word))
	if more != "" {
		line = line.Pad(2).Fg(clean(more))
	}
	w.add(line.Fit(w.w - 1))
}

func choiceWords(step *model.Step) string {
	for _, b := range step.Buttons() {
		if b.Value == step.Choice {
			return b.Label
		}
	}
	return step.Choice
}

// question draws a step that waits for the person.
func (w *runWriter) question(i int, step *model.Step, n int) {
	if n > 1 && stepTitle(step) != manyQuestions {
		w.add(screen.Line{}.Pad(w.in+1).Add(accent, screen.T("▸ ")).Muted(clean(pad(model.Number(n), 3))).Add(bold, clean(stepTitle(step))))
	}
	w.blank()
	note := ""
	if k := questions(step); k > 1 {
		note = model.Number(k) + " questions"
	}
	name := stepTitle(step)
	if w.run.Stage == model.RunForm {
		name = "Parameters"
	}
	w.add(ruled(w.w, clean(name), note))
	w.blank()
	w.column = w.fieldColumn(step)
	for j, f := range step.Fields {
		at := model.RunStop{Step: i, Field: j}
		if f.Comp.Method().Display() {
			if j > 0 && !step.Fields[j-1].Comp.Method().Display() {
				w.blank()
			}
			if !w.titleAgain(f, name) {
				w.display(at, f)
			}
			continue
		}
		w.field(at, f, questions(step) == 1 && n > 0)
	}
	w.blank()
	if step.Error != "" {
		w.text(bad, "✗ "+w.hostSays(step.Error, step.Render.Error), 0)
		w.blank()
	}
	w.buttons(i, step)
	w.blank()
}

// titleAgain reports a heading that says no more than the title above it.
func (w *runWriter) titleAgain(f *model.RunField, title string) bool {
	p, ok := f.Comp.Props.(*schema.DisplayHeading)
	return ok && f.Comp.Label == title && p.Description == "" && len(p.MenuItems) == 0
}

// hostSays tells the host's own words from ours.
func (w *runWriter) hostSays(text, hosts string) string {
	if text == hosts && hosts != "" {
		return "the host says: " + text
	}
	return text
}

// buttons draws what submits the step.
func (w *runWriter) buttons(i int, step *model.Step) {
	at := model.RunStop{Step: i, Field: len(step.Fields)}
	if step.Sending() {
		w.stop(screen.Line{}.Pad(w.in).Add(warn, w.a.spinner()).Muted(screen.T(" on its way")), at, -1, true)
		return
	}
	line := screen.Line{}.Pad(w.in)
	var shown int
	for k, b := range step.Buttons() {
		focused := w.run.At == model.RunStop{Step: i, Field: len(step.Fields) + k}
		label := w.button(b, k, focused)
		hint := screen.Line{}
		if k == 0 {
			hint = hint.Pad(1).Add(accent, clean(w.a.keyFor("run.submit")))
		} else if keys := w.a.keymap.keys("run.button"); k <= len(keys) {
			hint = hint.Pad(1).Add(accent, clean(keyName(keys[k-1])))
		}
		if line.Width()+label.Width()+hint.Width() > w.w-3 && shown > 0 {
			w.buttonRow(line, i, step, k-1)
			line, shown = screen.Line{}.Pad(w.in), 0
		}
		if shown > 0 {
			line = line.Pad(3)
		}
		line = line.Plus(label).Plus(hint)
		shown++
	}
	w.buttonRow(line, i, step, len(step.Buttons())-1)
}

func (w *runWriter) buttonRow(line screen.Line, i int, step *model.Step, last int) {
	at := model.RunStop{Step: i, Field: len(step.Fields) + last}
	here := w.run.Button()
	if w.run.At.Step == i && here >= 0 && here <= last {
		at.Field = len(step.Fields) + here
	}
	w.stop(line, at, -1, true)
}

func (w *runWriter) button(b schema.ChoiceButton, k int, focused bool) screen.Line {
	style := plain
	switch {
	case b.Theme == schema.ThemeDanger:
		style = bad
	case b.Theme == schema.ThemePrimary:
		style = bold
	case k == 0 && b.Theme == "":
		style = bold
	}
	words := clean(b.Label).Cut(max(w.w-12, 4)).String()
	if focused && w.focused {
		return screen.L(screen.Style{Role: screen.Ink, Ground: screen.Button, Bold: true}, clean("[> "+words+" <]"))
	}
	return screen.L(style, clean("[ "+words+" ]"))
}

// hostReacts is how long a run may begin in silence before that is said: a host
// confirms nothing, also where it does not know the action.
const hostReacts = 5 * time.Second

// end draws the progress, and how it ended.
func (w *runWriter) end() {
	r := w.run
	if p := r.Loading; p != nil && r.Stage != model.RunEnded {
		w.blank()
		name := screen.L(bold, clean(firstOf(p.Label, "working")))
		for _, l := range progressLines(w.a, p, w.w, name) {
			w.add(l)
		}
		if p.Description != "" {
			w.text(muted, p.Description, 0)
		}
	} else if (r.Stage == model.RunStarting || r.Stage == model.RunWorking) && !r.Action.Page {
		w.blank()
		since := r.Since(w.a.state.Now)
		w.add(screen.Line{}.Pad(w.in+1).Add(warn, w.a.spinner()).Pad(1).Fg(clean("works  ")).Add(num, clean(model.Elapsed(since))))
		if r.Stage == model.RunStarting && since >= hostReacts {
			w.text(muted, "Nothing came from "+r.HostName+" yet: it works in silence, or it hangs.", 0)
		}
	}
	if r.Stage != model.RunEnded {
		return
	}
	w.blank()
	switch {
	case r.Err != nil:
		w.text(bad, "✗ "+r.Err.Error(), 0)
		return
	case r.Result == nil:
		return
	}
	w.result(r.Result)
	if r.Late != nil {
		w.text(muted, "It gave an answer after it was canceled: "+resultWords(r.Late), 0)
	}
}

func (w *runWriter) result(res *schema.Result) {
	r := w.run
	took := model.Duration(r.Over.Sub(r.Started))
	switch {
	case res.Status == schema.StatusCanceled:
		w.text(muted, "canceled after "+took, 0)
	case res.Failure != nil:
		w.text(bad, "✗ "+res.Failure.Message, 0)
		w.text(muted, firstOf(res.Failure.Kind, "failed")+" after "+took, 2)
		if res.Failure.Cause != "" {
			w.text(muted, "because of "+res.Failure.Cause, 2)
		}
	case res.Status == schema.StatusFailure:
		w.text(bad, "✗ failed after "+took+": "+resultWords(res), 0)
	default:
		w.add(screen.Line{}.Pad(w.in+1).Add(okay, screen.T("✓ ")).Fg(clean("done after " + took)))
	}
	if text, ok := res.Data.(string); ok {
		w.blank()
		w.text(plain, text, 2)
	} else if r.Data != nil && res.Status != schema.StatusFailure {
		w.blank()
		w.tree(r.Data, model.RunStop{Step: -1}, 400)
	}
	w.blank()
	w.add(screen.Line{}.Pad(w.in+1).Add(accent, clean(w.a.keyFor("run.repeat"))).Muted(screen.T(" runs it again with the same answers   ")).Add(accent, clean(w.a.keyFor("run.close"))).Muted(screen.T(" closes it")))
}

func resultWords(res *schema.Result) string {
	if res.Failure != nil {
		return res.Failure.Error()
	}
	return strings.TrimSpace(string(res.Status) + " " + schema.Text(res.Data))
}

// tree draws the rows of a value. A stop with a step below 0 is none.
func (w *runWriter) tree(t *model.Tree, at model.RunStop, most int) {
	from, n := 0, t.Len()
	if at.Step >= 0 && n > most {
		from = min(max(t.Cursor()-most/2, 0), n-most)
	}
	rows := t.Rows(from, most)
	width := nameWidth(rows)
	for k, row := range rows {
		line := screen.Line{}.Pad(w.in).Plus(treeLine(row, width, max(w.w-w.in-3, 4)))
		if at.Step < 0 {
			w.add(screen.Line{}.Pad(1).Plus(line))
			continue
		}
		w.stop(line, at, from+k, from+k == t.Cursor())
	}
	if rest := n - from - len(rows); rest > 0 {
		w.add(screen.Line{}.Pad(w.in + 3).Muted(clean("↓ " + model.Count(rest, "more row"))))
	}
}

func pad(s string, n int) string { return s + strings.Repeat(" ", max(n-len(s), 0)) }

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
