package ui

import (
	"slices"

	"ioscope/client/interval/schema"
	"ioscope/model"
	"ioscope/ui/screen"
)

// table draws the page of a table or a grid: filter, columns, rows, and what more
// there is.
func (w *runWriter) table(at model.RunStop, f *model.RunField) {
	v := f.Table
	here := w.run.At == at && w.active
	_, choosing := f.Comp.Props.(*schema.SelectTable)
	typing := here && w.a.filtering
	if typing || v.Query != "" || choosing {
		w.tableFilter(at, f, typing)
	}
	if p, ok := f.Comp.Props.(*schema.DisplayTable); ok && p.Vertical() {
		w.blocks(at, f, here)
	} else {
		w.columns(at, f, here, choosing)
	}
	if v.Waiting && len(v.Rows()) == 0 {
		w.add(screen.Line{}.Pad(w.in+1).Add(warn, w.a.spinner()).Muted(screen.T(" the host is asked for the rows")))
	} else if len(v.Rows()) == 0 {
		words := "no rows"
		if v.Query != "" {
			words = `nothing matches "` + v.Query + `"`
		}
		w.stop(screen.Line{}.Pad(w.in).Muted(clean(words)), at, -1, here)
	}
	if here {
		w.whither(v)
	}
	w.tableFoot(f, choosing, here)
}

// whither tells the addresses behind the labels of the row under the cursor, which
// have no room beside them.
func (w *runWriter) whither(v *model.TableView) {
	row, ok := v.Row()
	if !ok {
		return
	}
	for i, c := range v.Columns() {
		if cell := c.Cell(row, i); cell.Address() != "" && cellWords(cell) != cell.Address() {
			w.add(screen.Line{}.Pad(w.in + 1).Plus(leads(muted, cellWords(cell), cell.Address())).Fit(w.w - 2))
		}
	}
}

func (w *runWriter) tableFilter(at model.RunStop, f *model.RunField, typing bool) {
	v := f.Table
	line := screen.Line{}.Pad(w.in).Add(accent, screen.T("/ "))
	switch {
	case typing:
		line = line.Plus(w.a.inputText(max(w.w/2, 10)))
	case v.Query != "":
		line = line.Add(bold, clean(v.Query))
	case v.Filterable():
		line = line.Muted(screen.T("filters"))
	default:
		line = screen.Line{}.Pad(w.in)
	}
	right := screen.Line{}
	if total, ok := v.Total(); ok {
		right = right.Muted(clean(model.Number(len(v.Rows())) + " of " + model.Number(total) + " on this page")).Pad(1)
	}
	line = line.Ends(right, w.w-1)
	if typing {
		line = line.On(screen.Sel)
	}
	w.stop(line, at, -1, false)
}

// columnWidths share the room among the columns: wide ones give first, then those at
// the right have none, and are counted.
func columnWidths(v *model.TableView, rows []schema.Row, room int) (widths []int, hidden int) {
	const least = 8
	used := 0
	for i, c := range v.Columns() {
		n := clean(c.Label).Width() + 2
		for _, r := range rows {
			n = max(n, clean(cellWords(c.Cell(r, i))).Width())
		}
		n = min(max(n, 3), 40)
		widths = append(widths, n)
		used += n + 2
	}
	for used > room {
		widest := 0
		for i, n := range widths {
			if n > widths[widest] {
				widest = i
			}
		}
		switch last := len(widths) - 1; {
		case widths[widest] > least:
			widths[widest]--
			used--
		case last > 0:
			used -= widths[last] + 2
			widths = widths[:last]
			hidden++
		default:
			widths[0] = max(room, 3)
			return widths, hidden
		}
	}
	return widths, hidden
}

func numericColumn(c schema.Column, i int, rows []schema.Row) bool {
	some := false
	for _, r := range rows {
		cell := c.Cell(r, i)
		if cell.Label == "" {
			continue
		}
		if _, ok := cell.Value.(interface{ Float64() (float64, error) }); !ok {
			return false
		}
		some = true
	}
	return some
}

func (w *runWriter) columns(at model.RunStop, f *model.RunField, here, choosing bool) {
	v := f.Table
	rows := v.Rows()
	mark := 0
	if choosing {
		mark = 4
	}
	widths, hidden := columnWidths(v, rows, w.w-w.in-mark-6)
	columns := v.Columns()
	head := screen.Line{}.Pad(w.in + mark)
	numeric := make([]bool, len(widths))
	labelled := false
	for i, n := range widths {
		c := columns[i]
		label := c.Label
		if label == "" && v.Sortable() {
			label = c.AccessorKey
		}
		labelled = labelled || label != ""
		numeric[i] = numericColumn(c, i, rows)
		sign := ""
		if v.Sort != "" && v.Sort == c.Key(i) {
			if sign = " ↑"; v.Desc {
				sign = " ↓"
			}
		}
		text := screen.L(muted, clean(label).Cut(max(n-len([]rune(sign)), 1))).Add(accent, clean(sign))
		if numeric[i] {
			text = screen.Line{}.Pad(n - text.Width()).Plus(text)
		}
		head = head.Plus(text.Fit(n)).Pad(2)
	}
	if hidden > 0 {
		head = head.Muted(clean("+" + model.Count(hidden, "column") + " →"))
	}
	if labelled {
		w.stop(head, at, -1, false)
	}
	for k, r := range rows {
		line := screen.Line{}.Pad(w.in)
		if choosing {
			box := screen.T("[ ] ")
			if slices.Contains(v.Chosen, r.Key) {
				box = screen.T("[x] ")
			}
			line = line.Fg(box)
		}
		for i, n := range widths {
			cell := columns[i].Cell(r, i)
			text := screen.L(cellStyle(cell), clean(cellWords(cell)).Cut(n))
			if numeric[i] {
				text = screen.Line{}.Pad(n - text.Width()).Plus(text)
			}
			line = line.Plus(text.Fit(n)).Pad(2)
		}
		if len(r.Menu) > 0 && here && k == v.Cursor {
			line = line.Fit(w.w-4).Add(accent, screen.T("▸"))
		}
		bar := here && k == v.Cursor
		if bar && w.focused {
			line = line.Fit(w.w - 1).On(screen.Sel)
		}
		w.stop(line, at, k, bar)
	}
}

// cellStyle gives the colours of a highlight the roles that come near them. The
// word in the cell says what is meant.
func cellStyle(c schema.TableCell) screen.Style {
	switch c.HighlightColor {
	case schema.Red, schema.Pink:
		return bad
	case schema.Orange, schema.Yellow:
		return warn
	case schema.Green:
		return okay
	case schema.Blue:
		return key
	case schema.Purple:
		return lit
	case schema.Gray:
		return muted
	}
	if c.Address() != "" || c.Slug() != "" {
		return screen.Style{Underline: false, Role: screen.Accent}
	}
	return plain
}

// blocks draws a block for each row.
func (w *runWriter) blocks(at model.RunStop, f *model.RunField, here bool) {
	v := f.Table
	wide := 0
	for _, c := range v.Columns() {
		wide = max(wide, clean(c.Label).Width())
	}
	wide = min(wide, w.w/3)
	for k, r := range v.Rows() {
		if k > 0 {
			w.add(screen.Line{})
		}
		for i, c := range v.Columns() {
			cell := c.Cell(r, i)
			line := screen.Line{}.Pad(w.in).Muted(clean(c.Label).Cut(wide)).To(w.in + wide + 2).Plus(leads(cellStyle(cell), cellWords(cell), cell.Address()))
			w.stop(line.Fit(w.w-2), at, k, here && k == v.Cursor && i == 0)
		}
	}
}

// tableFoot tells what was chosen, and which page this is.
func (w *runWriter) tableFoot(f *model.RunField, choosing, here bool) {
	v := f.Table
	if choosing {
		w.add(screen.Line{})
		line := screen.Line{}.Pad(w.in+1).Add(bold, clean(model.Number(len(v.Chosen))+" chosen"))
		if names := v.Names(); len(names) > 0 {
			text, _ := listWords(names, 0)
			if len(names) > 1 {
				_, text = listWords(names, 0)
			}
			line = line.Pad(3).Fg(clean(text))
		}
		w.add(line.Fit(w.w - 1))
		if words := chosenWords(v); words != "" {
			w.add(screen.Line{}.Pad(w.in + 1).Muted(clean(words)))
		}
	}
	pages := v.Pages()
	if pages == 1 && !v.Waiting {
		return
	}
	words := "page " + model.Number(v.Page+1)
	if pages > 0 {
		words += " of " + model.Number(pages)
	}
	if here {
		words += ", " + w.a.keyFor("table.next-page") + " next, " + w.a.keyFor("table.prev-page") + " before"
	}
	if v.Remote() && len(words) < w.w-30 {
		words += ", the host sends it"
	}
	line := screen.Line{}.Pad(w.in + 1)
	if v.Waiting {
		line = line.Add(warn, w.a.spinner()).Pad(1)
	}
	w.add(line.Muted(clean(words)))
}

func chosenWords(v *model.TableView) string {
	least, most := v.Limits()
	n := len(v.Chosen)
	words := ""
	switch {
	case n < least:
		words = model.Number(least-n) + " more needed"
	case most >= 0 && n >= most:
		words = "no more allowed"
	case most >= 0:
		words = model.Number(most-n) + " more allowed"
	}
	if v.Pages() != 1 {
		if words != "" {
			words += "; "
		}
		words += "those on other pages stay chosen"
	}
	return words
}
