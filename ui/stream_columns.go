package ui

import (
	"slices"

	"ioscope/model"
	"ioscope/ui/screen"
)

// fieldTable says which fields of the payloads get columns, and how wide they are.
type fieldTable struct {
	fields []*model.Field
	widths []int
	hidden int
}

// columnsTable chooses the fields that there is room for beside what each row has.
func (a *App) columnsTable(t *model.Thing, rows []model.TailRow, w int, c columns) *fieldTable {
	room := w - 2 - c.timeWidth() - 2
	if c.to {
		room -= 4
	}
	if c.server {
		room -= 16
	}
	if c.letters {
		room -= 3
	}
	fields := t.ColumnFields()
	widths := make([]int, len(fields))
	for i, f := range fields {
		width := clean(model.PathName(f.Path)).Width()
		if t.View.RowSort == f.Path {
			width += 2
		}
		for k := range rows {
			if rows[k].GapKind == model.NoGap {
				width = max(width, clean(cellText(f.Steps.In(rows[k].Payload()))).Width())
			}
		}
		widths[i] = a.steady(t, "#"+f.Path, min(width, cellMost))
	}
	n := fitting(widths, room)
	if n < len(fields) {
		n = fitting(widths, room-moreW)
	}
	n = min(max(n, 1), len(fields))
	return &fieldTable{fields: fields[:n], widths: widths[:n], hidden: len(fields) - n}
}

// noColumnLines say why there are no columns, and what helps.
func (a *App) noColumnLines(t *model.Thing, w int) []screen.Line {
	p := &page{w: w, indent: 2}
	p.blank()
	if t.View.Columns != nil {
		p.text(plain, "No columns are chosen.")
		p.add(a.keySign("stream.columns").Muted(screen.T(" chooses them   ")).Plus(a.keySign("stream.view")).Muted(screen.T(" goes on to the next view")))
		return p.lines
	}
	p.text(plain, "No field of these events fits a column: they hold nothing, or lists alone.")
	p.add(a.keySign("stream.view").Muted(screen.T(" goes on to the next view   ")).Plus(a.keySign("stream.columns")).Muted(screen.T(" chooses columns when there are fields")))
	return p.lines
}

// has reports whether a row has something in one of the columns.
func (tb *fieldTable) has(r *model.TailRow) bool {
	return slices.ContainsFunc(tb.fields, func(f *model.Field) bool { return f.Steps.In(r.Payload()) != nil })
}

// moreW is the room of what tells that there are more columns.
const moreW = 8

// fitting is how many columns fit.
func fitting(widths []int, room int) int {
	for i, width := range widths {
		if room -= width + 2; room < -2 {
			return i
		}
	}
	return len(widths)
}

// cellText is a value in a cell: what is nested is told, not shown.
func cellText(raw []byte) string {
	if len(raw) > 0 && (raw[0] == '{' || raw[0] == '[') {
		text := ""
		tokens, short := oneLine(raw, cellMost)
		for _, token := range tokens {
			text += token.Text
		}
		if short {
			text += "…"
		}
		return text
	}
	return dated(model.ValueText(raw))
}

// sorts are what the rows can be ordered by: time, and what has a column.
func (c columns) sorts() []string {
	out := []string{""}
	if c.server {
		out = append(out, model.SortPublisher)
	}
	for _, f := range c.table.fields {
		out = append(out, f.Path)
	}
	return out
}

// sign tells in the head of a column that the rows are ordered by it.
func (c columns) sign(t *model.Thing, sort string) screen.Text {
	v := &t.View
	switch {
	case c.table == nil || v.RowSort != sort:
		return screen.Text{}
	case sort == "" && t.NewestFirst || sort != "" && v.RowReverse:
		return screen.T(" ↓")
	}
	return screen.T(" ↑")
}

func (tb *fieldTable) head(t *model.Thing, line screen.Line, w int) screen.Line {
	for i, f := range tb.fields {
		name := clean(model.PathName(f.Path)).CutMiddle(tb.widths[i])
		if sign := (columns{table: tb}).sign(t, f.Path); !sign.Empty() {
			name = clean(model.PathName(f.Path)).CutMiddle(max(tb.widths[i]-2, 1)).Plus(sign)
		}
		if f.Number() {
			line = line.Pad(tb.widths[i] - name.Width())
		}
		line = line.Muted(name)
		if !f.Number() {
			line = line.Pad(tb.widths[i] - name.Width())
		}
		line = line.Pad(2)
	}
	if tb.hidden > 0 {
		return line.Ends(screen.L(muted, clean("+"+model.Number(tb.hidden)+" →")).Pad(1), w)
	}
	return line.Fit(w)
}

func (tb *fieldTable) row(line screen.Line, r *model.TailRow) screen.Line {
	for i, f := range tb.fields {
		raw := f.Steps.In(r.Payload())
		text := clean(cellText(raw)).Cut(tb.widths[i])
		if f.Number() {
			line = line.Pad(tb.widths[i] - text.Width())
		}
		line = line.Add(scalarStyle(raw), text)
		if !f.Number() {
			line = line.Pad(tb.widths[i] - text.Width())
		}
		line = line.Pad(2)
	}
	return line
}
