package ui

import (
	"ioscope/model"
	"ioscope/ui/screen"
)

// diffSigns stand before what differs.
var diffSigns = [...]screen.Text{model.Same: screen.T(" "), model.Changed: screen.T("~"), model.Added: screen.T("+"), model.Removed: screen.T("-")}

// diffLines draws the difference of the opened event to the one before.
func (a *App) diffLines(t *model.Thing, r rect, focused bool) []screen.Line {
	d := t.Diff
	top := a.window("diff"+string(t.Row()), d.Cursor(), len(d.Rows), r.h)
	rows := d.Rows[top:min(top+r.h, len(d.Rows))]
	nameW, valueW := 0, 0
	for _, dr := range rows {
		nameW = max(nameW, treeIndent(dr.Depth, r.w-1)+clean(dr.Key).Width())
		if dr.Sign != model.Same || len(rows) == 1 {
			valueW = max(valueW, clean(diffValue(dr.Raw)).Width())
		}
	}
	nameW = min(nameW, max(r.w/3, 8))
	valueW = min(valueW, max(r.w-nameW-40, r.w/3))
	var lines []screen.Line
	if len(d.Rows) == 0 {
		lines = append(lines, screen.Line{}.Pad(3).Muted(screen.T("both are empty")).Fit(r.w))
	}
	for i, dr := range rows {
		at := top + i
		a.click(rect{r.x, r.y + len(lines), r.w, 1}, model.Workspace, func(a *App) { a.clickDiff(t, at) })
		lines = append(lines, row(diffLine(dr, nameW, valueW, r.w-1), r.w, at == d.Cursor(), focused))
	}
	if d.More > 0 && top+r.h >= len(d.Rows) {
		lines = append(lines, screen.Line{}.Pad(3).Muted(clean("… "+model.Number(d.More)+" more rows")).Fit(r.w))
	}
	return lines
}

// diffLine draws one row: ~ bid  142.20  was 142.41  -0.21
func diffLine(dr model.DiffRow, nameW, valueW, w int) screen.Line {
	sign, style := diffSigns[dr.Sign], warn
	if dr.Sign == model.Added {
		style = okay
	}
	indent := treeIndent(dr.Depth, w)
	line := screen.Line{}.Pad(2).Add(style, sign).Pad(1).Plus(indentLine(dr.Depth, w))
	room := max(nameW-indent, 4)
	if indent < 2*dr.Depth {
		room = max(room, w/4) // so deep that its level stands there as a number
	} else if dr.Open {
		line = line.Cells(0, 4+max(indent-1, 0))
	}
	if dr.Open {
		line = line.Muted(screen.T("▾ "))
	}
	name := key
	if dr.IsIndex {
		name = muted
	}
	if dr.Key != "" {
		line = line.Add(name, clean(dr.Key).CutMiddle(room))
		line = line.To(max(4+nameW+2, line.Width()+1))
	}
	if dr.Open {
		return line.Fit(w)
	}
	raw := dr.Raw
	if dr.Sign == model.Removed {
		line = line.Muted(clean(diffValue(raw)).Cut(valueW)).To(line.Width() + 1)
		return line.To(max(4+nameW+2+valueW+2, line.Width())).Add(warn, screen.T("gone")).Fit(w)
	}
	from := line.Width()
	valueOf := scalarStyle(raw)
	if len(raw) > 0 && (raw[0] == '{' || raw[0] == '[') {
		valueOf = muted
	}
	if dr.Sign == model.Same && valueOf == plain {
		valueOf = muted
	}
	line = line.Add(valueOf, clean(diffValue(raw)).Cut(max(valueW, w-line.Width()-20, 8)))
	if dr.Sign == model.Same {
		return line.Fit(w)
	}
	line = line.To(max(from+valueW+2, line.Width()+1))
	switch dr.Sign {
	case model.Added:
		line = line.Add(okay, screen.T("new key"))
	case model.Changed:
		line = line.Muted(screen.T("was ")).Add(scalarStyle(dr.Was), clean(diffValue(dr.Was)).Cut(max(valueW, 12)))
		if dr.Delta != "" {
			line = line.To(max(from+valueW+2+4+min(valueW, 20), line.Width())).Pad(3).Add(num, clean(dr.Delta))
		}
	case model.Same, model.Removed:
	}
	return line.Fit(w)
}

// diffValue is a value in one line: as it came, dates as people write them,
// containers told.
func diffValue(raw []byte) string {
	if len(raw) == 0 || raw[0] != '{' && raw[0] != '[' {
		return dated(string(raw))
	}
	text := ""
	tokens, _ := oneLine(raw, 60)
	for _, token := range tokens {
		text += token.Text
	}
	if raw[0] == '{' && text != "{}" {
		return "{ " + text + " }"
	}
	return text
}

func (a *App) clickDiff(t *model.Thing, i int) {
	a.state.Go(model.Workspace)
	t.Part = model.InEvent
	t.Diff.SetCursor(i)
}

// diff shows the event as its difference to the one before, or as it is; among
// the rows it opens the event under the cursor.
func (a *App) diff() {
	t := a.state.Shown()
	if t.Part == model.InRows {
		a.state.ShowEvent(t)
		if t.Part != model.InEvent || t.Diffing() || t.Wanting() {
			return
		}
	}
	t.ToggleDiff()
}

// diffMarked shows the difference to the row that was marked last.
func (a *App) diffMarked() {
	t := a.state.Shown()
	if t.Part == model.InRows {
		if a.state.ShowEvent(t); t.Part != model.InEvent || t.DiffMarked() {
			return
		}
	}
	t.ToggleDiffMarked()
}

func noMarkedEvent(a *App) string {
	if why := noEvent(a); why != "" {
		return why
	}
	t := a.state.Shown()
	if _, ok := t.MarkedRow(); !ok && !t.DiffMarked() {
		return "no other event is marked; {mark.set} marks one"
	}
	return ""
}

// diffNote tells with what an event is compared.
func diffNote(t *model.Thing) screen.Line {
	switch {
	case t.Wanting() && t.DiffMarked():
		return screen.L(warn, screen.T("the marked event is gone"))
	case t.Wanting() && t.View.Key != "":
		return screen.L(warn, clean("no event before it, same "+t.KeyName()))
	case t.Wanting():
		return screen.L(warn, screen.T("no event before it"))
	}
	words := "diff to " + eventName(&t.DiffTo)
	if t.DiffMarked() {
		words += ", marked, " + t.DiffTo.At.Format("15:04:05")
	} else if t.DiffSame {
		words += ", same " + t.KeyName()
	}
	if t.Diff.Changes == 0 {
		words = "no difference to " + eventName(&t.DiffTo)
	}
	return screen.L(muted, clean(words))
}

// eventName is what an event is called: by its number in the sequence where it
// has one.
func eventName(e *model.TailRow) string {
	if e.Sequence != "" {
		return "seq " + e.Sequence.String()
	}
	return "event " + model.Number(int(e.N))
}
