package ui

import (
	"slices"
	"strings"

	"ioscope/client/interval/schema"
	"ioscope/model"
	"ioscope/ui/screen"
)

// fieldColumn is where the values of a step's fields begin.
func (w *runWriter) fieldColumn(step *model.Step) int {
	longest := 0
	for _, f := range step.Fields {
		if !f.Comp.Method().Display() && inline(f) {
			longest = max(longest, clean(f.Comp.Label).Width())
		}
	}
	return min(max(longest+w.in+4, w.in+10), 30, max(w.w/2-4, 12))
}

// inline reports a field whose value stands beside its label.
func inline(f *model.RunField) bool {
	switch p := f.Comp.Props.(type) {
	case *schema.InputText:
		return !p.Multiline
	case *schema.InputRichText, *schema.InputSpreadsheet, *schema.SelectSingle, *schema.SelectMultiple, *schema.SelectTable, *schema.Unknown:
		return false
	}
	return true
}

// field draws a component that asks for something. alone is true when nothing else
// is asked, so that the title says the label.
func (w *runWriter) field(at model.RunStop, f *model.RunField, alone bool) {
	switch p := f.Comp.Props.(type) {
	case *schema.Unknown:
		w.text(warn, "! This host asks with "+string(p.Name)+", which ioscope does not know. It can't be answered here.", 0)
		w.problem(f, w.in+3)
		return
	case *schema.Confirm:
		if p.HelpText != "" {
			w.markdown(p.HelpText, 0)
		} else if !alone {
			w.label(at, f, "")
		}
		return
	case *schema.ConfirmIdentity:
		you := "The action wants to know that it is you"
		if w.run.User != "" {
			you += ", " + w.run.User
		}
		w.text(plain, you+".", 0)
		return
	}
	if inline(f) {
		w.line(at, f)
	} else {
		if !alone {
			w.label(at, f, "")
		}
		w.block(at, f)
	}
	if help := helpOf(f.Comp.Props); help != "" {
		indent := 2
		if inline(f) {
			indent = w.column - w.in - 1
		}
		w.text(muted, help, indent)
	}
	if inline(f) {
		w.problem(f, w.column-1)
	} else {
		w.problem(f, w.in+2)
	}
	w.ended(at)
	if !inline(f) {
		w.blank()
	}
}

// ended notes the last line of what has the keyboard.
func (w *runWriter) ended(at model.RunStop) {
	if w.run.At == at {
		w.blockEnd = len(w.lines) - 1
	}
}

// problem tells what is wrong with a field, at its place.
func (w *runWriter) problem(f *model.RunField, column int) {
	if f.Problem == "" {
		return
	}
	for _, l := range screen.CleanLines("✗ " + w.hostSays(f.Problem, f.Comp.Error)) {
		for _, part := range l.Wrap(max(w.w-column-2, 8)) {
			w.add(screen.Line{}.Pad(column+1).Add(bad, part))
		}
	}
}

func (w *runWriter) star(f *model.RunField) screen.Line {
	if f.Comp.Optional || f.Comp.Disabled() {
		return screen.Line{}.Pad(1)
	}
	return screen.L(accent, screen.T("*"))
}

// label is a line of its own for the label.
func (w *runWriter) label(at model.RunStop, f *model.RunField, note string) {
	style := bold
	if w.run.At != at {
		style = plain
	}
	line := screen.Line{}.Pad(w.in).Add(style, clean(f.Comp.Label)).Pad(1).Plus(w.star(f))
	w.stop(line.Ends(screen.L(muted, clean(note)).Pad(2), w.w-1), at, -1, false)
}

// line draws label, star, value and kind in one line.
func (w *runWriter) line(at model.RunStop, f *model.RunField) {
	focused := w.run.At == at && w.active
	label := clean(f.Comp.Label)
	line := screen.Line{}.Pad(w.in)
	if label.Width() > w.column-w.in-4 {
		w.label(at, f, "")
	} else {
		line = line.Fg(label).To(w.column - 3).Plus(w.star(f))
	}
	line = line.To(w.column - 1)
	room := w.w - w.column - 3
	n := min(32, max(room-12, min(room, 10)))
	kind := screen.L(muted, clean(kindWords(f)).Cut(max(room/2, 1))).Pad(2)
	switch p := f.Comp.Props.(type) {
	case *schema.InputBoolean:
		w.stop(line.Plus(w.box(boolWords(f.On), min(n, 14), focused)).Ends(kind, w.w-1), at, -1, true)
	case *schema.InputSlider:
		w.slider(line, at, f, p, focused)
	case *schema.Search:
		w.search(line, at, f, p)
	case *schema.UploadFile:
		w.upload(line, at, f, focused, room)
	case *schema.Credentials:
		w.login(line, at, f, focused, n)
	default:
		value := w.value(f, n, focused)
		if hint := f.Hint(w.a.state.Now); hint != "" {
			n = min(n, 20)
			value = w.value(f, n, focused).Pad(2).Muted(clean("= " + hint))
		}
		if line.Width()+value.Width()+kind.Width() > w.w-2 {
			kind = screen.Line{}
		}
		w.stop(line.Plus(value).Ends(kind, w.w-1), at, -1, true)
	}
}

// value draws the text of a field in its box, with the text cursor where the
// keyboard is.
func (w *runWriter) value(f *model.RunField, n int, focused bool) screen.Line {
	value := screen.L(plain, clean(f.Text))
	switch {
	case f.Comp.Disabled():
		return screen.L(muted, clean(f.Text).Cut(n)).Muted(screen.T("  can't be changed"))
	case focused:
		value = w.a.inputText(n)
	case f.Text == "" && placeholder(f.Comp.Props) != "":
		value = screen.L(muted, clean(placeholder(f.Comp.Props)))
	case f.Text == "" && f.Comp.Optional:
		value = screen.L(muted, screen.T("left out"))
	}
	if p, ok := f.Comp.Props.(*schema.InputNumber); ok && p.Symbol() != "" {
		sign := clean(p.Symbol() + " ")
		return screen.L(muted, sign).Plus(w.box(value, max(n-sign.Width(), 4), focused))
	}
	return w.box(value, n, focused)
}

// box draws a value on the ground of a field, in n cells.
func (w *runWriter) box(value screen.Line, n int, focused bool) screen.Line {
	f := formWriter{a: w.a}
	return f.box(value, n, focused && w.focused)
}

func boolWords(on bool) screen.Line {
	if on {
		return screen.L(plain, screen.T("[x] yes"))
	}
	return screen.L(plain, screen.T("[ ] no"))
}

func (w *runWriter) slider(line screen.Line, at model.RunStop, f *model.RunField, p *schema.InputSlider, focused bool) {
	line = line.Plus(w.value(f, 10, focused)).Pad(2)
	n := min(24, w.w-line.Width()-16)
	if v, err := f.Value(w.a.state.Now); err == nil && n > 4 && p.Max > p.Min {
		share := 0.0
		if x, ok := v.(interface{ Float64() (float64, error) }); ok {
			number, _ := x.Float64()
			share = min(max((number-p.Min)/(p.Max-p.Min), 0), 1)
		}
		done := int(share * float64(n))
		line = line.Add(num, screen.T("━").Repeat(done)).Add(faint, screen.T("─").Repeat(n-done))
	}
	w.stop(line.Ends(screen.L(muted, clean(kindWords(f))).Pad(2), w.w-1), at, -1, true)
}

// search draws the line of a query, what was chosen, and the hits.
func (w *runWriter) search(line screen.Line, at model.RunStop, f *model.RunField, p *schema.Search) {
	here := w.run.At == at && w.active
	n := min(32, max(w.w-w.column-14, 10))
	value := screen.L(plain, clean(f.Text))
	switch {
	case here && f.Row < 0:
		value = w.a.inputText(n)
	case f.Text == "" && len(f.Hits) == 0:
		value = screen.L(muted, clean(firstOf(p.Placeholder, "type to search")))
	case f.Text == "":
		value = screen.L(muted, screen.T("type to search again"))
	}
	w.stop(line.Plus(w.box(value, n, here && f.Row < 0)).Ends(screen.L(muted, screen.T("search")).Pad(2), w.w-1), at, -1, f.Row < 0)
	for _, h := range f.Hits {
		text := screen.Line{}.Pad(w.column).Add(okay, screen.T("✓ ")).Add(bold, clean(valueWords(h.Label)))
		if h.Description != "" {
			text = text.Pad(2).Muted(clean(h.Description))
		}
		w.add(text.Fit(w.w - 1))
	}
	if !here {
		return
	}
	most := 6
	from := min(max(f.Row-most+1, 0), max(len(p.Results)-most, 0))
	for i := from; i < min(from+most, len(p.Results)); i++ {
		h := p.Results[i]
		chosen := slices.ContainsFunc(f.Hits, func(c schema.SearchResult) bool { return c.Value == h.Value })
		mark := screen.T("( ) ")
		switch {
		case f.Comp.Multiple && chosen:
			mark = screen.T("[x] ")
		case f.Comp.Multiple:
			mark = screen.T("[ ] ")
		case chosen:
			mark = screen.T("(•) ")
		}
		text := screen.Line{}.Pad(w.column - 1).Fg(mark).Fg(clean(valueWords(h.Label)))
		if h.Description != "" {
			text = text.Pad(2).Muted(clean(h.Description))
		}
		w.stop(text.Fit(w.w-2), at, i, f.Row == i)
	}
	switch rest := len(p.Results) - from - most; {
	case rest > 0:
		w.add(screen.Line{}.Pad(w.column).Muted(clean("↓ " + model.Number(rest) + " more")))
	case len(p.Results) == 0 && f.Text != "":
		w.add(screen.Line{}.Pad(w.column).Muted(clean(`nothing found for "` + f.Text + `"`)))
	}
}

func (w *runWriter) upload(line screen.Line, at model.RunStop, f *model.RunField, focused bool, room int) {
	n := max(room-8, 8)
	value := screen.L(plain, clean(f.Text))
	switch {
	case focused && f.Row < 0:
		value = w.a.inputText(n)
	case f.Text == "" && len(f.Paths) > 0:
		value = screen.L(muted, screen.T("another path"))
	case f.Text == "":
		value = screen.L(muted, clean("a path; "+w.a.keyFor("run.file")+" looks for it"))
	}
	w.stop(line.Plus(w.box(value, n, focused && f.Row < 0)).Ends(screen.L(muted, screen.T("file")).Pad(1), w.w-1), at, -1, f.Row < 0)
	for i, p := range f.Paths {
		w.stop(screen.Line{}.Pad(w.column-1).Add(okay, screen.T("✓ ")).Fg(clean(p).CutMiddle(max(room-14, 8))).Pad(2).Muted(clean(w.a.keyFor("run.toggle")+" drops it")), at, i, f.Row == i)
	}
	if p, ok := f.Comp.Props.(*schema.UploadFile); ok && len(p.AllowedExtensions) > 0 {
		w.add(screen.Line{}.Pad(w.column).Muted(clean("ends with " + strings.Join(p.AllowedExtensions, ", "))))
	}
	switch {
	case focused && f.Comp.Multiple:
		w.add(screen.Line{}.Pad(w.column).Muted(clean("type a path, or " + w.a.keyFor("run.file") + " looks for it; " + w.a.enterOr("run.next", "run.file") + " adds it, several may be given")))
	case focused:
		w.add(screen.Line{}.Pad(w.column).Muted(clean("type a path, or " + w.a.keyFor("run.file") + " looks for it")))
	}
}

// block draws a field that needs lines of its own.
func (w *runWriter) block(at model.RunStop, f *model.RunField) {
	switch p := f.Comp.Props.(type) {
	case *schema.SelectSingle, *schema.SelectMultiple:
		w.options(at, f)
	case *schema.SelectTable:
		w.table(at, f)
	case *schema.InputSpreadsheet:
		w.sheet(at, f, p)
	case *schema.InputText:
		w.area(at, f, max(p.Lines, 3))
	case *schema.InputRichText:
		w.area(at, f, 5)
	}
}

// area draws a text of several lines.
func (w *runWriter) area(at model.RunStop, f *model.RunField, height int) {
	here := w.run.At == at && w.active
	n := max(w.w-w.in-5, 8)
	lines := strings.Split(f.Text, "\n")
	row, column := 0, 0
	if here {
		row, column = w.a.area.Line(), w.a.area.LineInfo().StartColumn+w.a.area.LineInfo().ColumnOffset
	}
	height = min(max(height, 3), 12)
	top := min(max(row-height+1, 0), max(len(lines)-height, 0))
	for i := top; i < top+height; i++ {
		value := screen.Line{}
		switch {
		case here && i == row && i < len(lines):
			value = w.a.cursorText([]rune(lines[i]), column, n)
		case i < len(lines):
			value = screen.L(plain, clean(lines[i]))
		}
		if i == 0 && f.Text == "" && !here {
			value = screen.L(muted, clean(firstOf(placeholder(f.Comp.Props), "empty")))
		}
		w.stop(screen.Line{}.Pad(w.in).Plus(w.box(value, n, here)), at, -1, here && i == row)
	}
	if rest := len(lines) - top - height; rest > 0 {
		w.add(screen.Line{}.Pad(w.in + 1).Muted(clean("↓ " + model.Count(rest, "more line"))))
	}
}
