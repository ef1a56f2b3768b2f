package ui

import (
	"ioscope/client/interval/schema"
	"ioscope/model"
	"ioscope/ui/screen"
)

// sheet draws a spreadsheet around its cursor.
func (w *runWriter) sheet(at model.RunStop, f *model.RunField, p *schema.InputSpreadsheet) {
	here := w.run.At == at && w.active
	if len(p.Columns) == 0 {
		return
	}
	number := len(model.Number(len(f.Cells))) + 2
	widths := sheetWidths(f, p, w.w-w.in-number-2)
	first, count := shownColumns(widths, f.Col, w.w-w.in-number-3)
	// What a column takes stands below its name, so that names stand as wide as values.
	names, kinds := screen.Line{}.Pad(w.in+number), screen.Line{}.Pad(w.in+number)
	for j := first; j < first+count; j++ {
		names = names.Plus(screen.L(bold, clean(p.Columns[j].Name)).Fit(widths[j])).Pad(sheetGap)
		kinds = kinds.Plus(screen.L(muted, clean(p.Columns[j].Type)).Fit(widths[j])).Pad(sheetGap)
	}
	if rest := len(p.Columns) - first - count; rest > 0 {
		names = names.Muted(clean("+" + model.Number(rest) + " →"))
	}
	w.stop(names, at, -1, false)
	w.stop(kinds, at, -1, false)
	most := 10
	top := min(max(f.Row-most+1, 0), max(len(f.Cells)-most, 0))
	for i := top; i < min(top+most, len(f.Cells)); i++ {
		line := screen.Line{}.Pad(w.in).Muted(right(model.Number(i+1), number-1)).Pad(1)
		for j := first; j < first+count; j++ {
			focused := here && i == f.Row && j == f.Col
			value := screen.L(plain, clean(f.Cells[i][j]))
			if focused {
				value = w.a.inputText(widths[j])
			}
			line = line.Plus(w.box(value, widths[j], focused)).Pad(sheetGap)
		}
		w.stop(line, at, i, here && i == f.Row)
	}
	if rest := len(f.Cells) - top - most; rest > 0 {
		w.add(screen.Line{}.Pad(w.in + number).Muted(clean("↓ " + model.Count(rest, "more row"))))
	}
	w.add(screen.Line{}.Pad(w.in + 1).Muted(clean(w.a.keyed("{sheet.add} adds a row   {sheet.drop} drops it   {sheet.next} next cell   a paste fills cells"))))
}

// sheetGap is how many blanks part the columns, as in tables.
const sheetGap = 2

func sheetWidths(f *model.RunField, p *schema.InputSpreadsheet, room int) []int {
	widths := make([]int, len(p.Columns))
	for j, c := range p.Columns {
		widths[j] = max(clean(c.Name).Width(), clean(c.Type).Width())
		for _, row := range f.Cells[:min(len(f.Cells), 200)] {
			widths[j] = max(widths[j], clean(row[j]).Width()+1)
		}
		widths[j] = min(max(widths[j], 8), 30, max(room, 4))
	}
	return widths
}

// shownColumns are those that have room, the one with the keyboard among them.
func shownColumns(widths []int, at, room int) (first, count int) {
	fits := func(first int) int {
		n, used := 0, 0
		for _, width := range widths[first:] {
			if used += width + sheetGap; used > room && n > 0 {
				break
			}
			n++
		}
		return n
	}
	for count = fits(0); first < len(widths)-1 && at >= first+count; count = fits(first) {
		first++
	}
	return first, count
}
