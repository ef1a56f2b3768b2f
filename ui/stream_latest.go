package ui

import (
	"math"
	"time"

	"ioscope/model"
	"ioscope/ui/screen"
)

// flash is how long a cell that changed is marked.
const flash = 500 * time.Millisecond

// cellMost is how wide a column of values may get.
const cellMost = 24

// latestRows draws the latest event of each key as a table, and below it, where
// there is room, the chart of the key under the cursor.
func (a *App) latestRows(t *model.Thing, r rect, focused bool) []screen.Line {
	keys := t.Keys(a.state.Now)
	lines := a.condensedLines(t, r)
	if len(keys) == 0 {
		return append(lines, a.noKeyLines(t, r.w)...)
	}
	chart := 0
	if rest := r.h - len(lines) - min(len(keys), 12) - 3; rest >= 9 && t.View.Number != "" {
		chart = min(max(rest, r.h*2/5), 18)
	}
	a.sift.charts[t.Row()] = chart > 0
	height := max(r.h-len(lines)-chart-1, 1)
	legend := height > len(keys)+1 && r.h >= 20
	at := t.KeyIndex(keys)
	top := a.window("keys"+string(t.Row()), at, len(keys), height)
	shown := keys[top:min(top+height, len(keys))]
	table := a.latestTable(t, shown, r.w)
	lines = append(lines, table.head(t, r.w))
	for i, e := range shown {
		k := e.Key
		a.click(rect{r.x, r.y + len(lines), r.w, 1}, model.Workspace, func(a *App) { a.clickKeyRow(t, k) })
		lines = append(lines, row(table.row(a, t, e, r.w-1), r.w, top+i == at && focused, focused))
	}
	if legend {
		mark := screen.Style{Role: screen.MarkText, Ground: screen.MarkGround}
		lines = append(lines, screen.Line{}, screen.Line{}.Pad(2).Muted(screen.T("▁▂▃▅ each scaled to its own 2 minutes.   ")).
			Add(mark, screen.T("changed")).Muted(screen.T("  for half a second.")).Fit(r.w))
	}
	if chart > 0 {
		lines = screen.Rows(lines, r.w, r.h-chart)
		lines = append(lines, a.chartPane(t, rect{r.x, r.y + len(lines), r.w, chart - 1}, false)...)
		lines = append(screen.Rows(lines, r.w, r.h-1), a.chartFoot(t, len(keys), r.w))
	}
	return lines
}

// noKeyLines say why there is nothing by key, and what helps.
func (a *App) noKeyLines(t *model.Thing, w int) []screen.Line {
	if t.Tail.Counts().Total == 0 {
		return a.silentLines(t, w)
	}
	p := &page{w: w, indent: 2}
	p.blank()
	if t.View.Key == "" {
		p.text(plain, "No field tells these events apart, as far as can be seen.")
		p.add(a.keySign("stream.key").Muted(screen.T(" chooses a key field   ")).Plus(a.keySign("stream.view")).Muted(screen.T(" goes on to the next view")))
		return p.lines
	}
	p.text(plain, "Nothing that is shown has "+t.KeyName()+".")
	p.add(a.keySign("stream.key").Muted(screen.T(" chooses another key field")))
	return p.lines
}

// latestTable says which columns there is room for, and how wide they are.
type latestTable struct {
	key                      int
	fields                   []*model.Field
	widths                   []int
	change, spark, rate, age bool
	changeW, hidden          int
}

const rateW, ageW = 6, 6

func (a *App) latestTable(t *model.Thing, shown []*model.Entry, w int) latestTable {
	var tb latestTable
	tb.key = clean(t.KeyName()).Width() + 2
	tb.changeW = len("change")
	for _, e := range shown {
		tb.key = max(tb.key, clean(e.Key).Width())
		if d, ok := t.Tail.Latest().Change(e); ok {
			tb.changeW = max(tb.changeW, len(d))
		}
	}
	tb.key = a.steady(t, "@key", min(tb.key, max(w/4, 6)))
	tb.changeW = a.steady(t, model.SortChange, min(tb.changeW, 12))
	room := w - 3 - tb.key
	var fields []*model.Field
	for _, f := range t.ColumnFields() {
		if f.Path != t.View.Key {
			fields = append(fields, f)
		}
	}
	take := func(n int) bool {
		if room < n+2 {
			return false
		}
		room -= n + 2
		return true
	}
	usual := 2
	if t.View.Columns != nil {
		usual = len(fields)
	}
	add := func() bool {
		f := fields[len(tb.fields)]
		width := a.cellWidth(t, f, shown)
		if !take(width) {
			return false
		}
		tb.fields, tb.widths = append(tb.fields, f), append(tb.widths, width)
		return true
	}
	whole := true
	for whole && len(tb.fields) < min(usual, len(fields)) {
		whole = add()
	}
	numeric := t.View.Number != ""
	tb.change = whole && numeric && take(tb.changeW)
	tb.spark = tb.change && take(model.SparkCells)
	tb.rate = (tb.spark || !numeric && whole) && take(rateW)
	tb.age = tb.rate && take(ageW)
	for tb.age && len(tb.fields) < len(fields) && add() {
	}
	tb.hidden = len(fields) - len(tb.fields)
	return tb
}

// cellWidth is how wide a column is: what it has shown so far needs, so that
// nothing moves when values change.
func (a *App) cellWidth(t *model.Thing, f *model.Field, shown []*model.Entry) int {
	width := clean(model.PathName(f.Path)).Width()
	for _, e := range shown {
		width = max(width, clean(dated(model.ValueText(f.Steps.In(e.Data)))).Width())
	}
	return a.steady(t, f.Path, min(width, cellMost))
}

// steady keeps the widest that a column was.
func (a *App) steady(t *model.Thing, column string, width int) int {
	name := string(t.Row()) + column
	width = max(width, a.sift.widths[name])
	a.sift.widths[name] = width
	return width
}

func (tb latestTable) head(t *model.Thing, w int) screen.Line {
	v := &t.View
	sign := func(name, sort string) screen.Text {
		text := clean(name)
		if v.Sort != sort || v.Kind == model.RatesView {
			return text
		}
		if v.Reverse {
			return text.Plus(screen.T(" ↓"))
		}
		return text.Plus(screen.T(" ↑"))
	}
	line := screen.Line{}.Pad(2).Muted(sign(t.KeyName(), model.SortKey).Cut(tb.key)).To(2 + tb.key)
	cell := func(text screen.Text, width int, left bool) {
		text = text.Cut(width + 2)
		line = line.Pad(2)
		if !left {
			line = line.Pad(width - text.Width())
		}
		from := line.Width()
		line = line.Muted(text)
		if left {
			line = line.To(from + width)
		}
	}
	for i, f := range tb.fields {
		cell(sign(model.PathName(f.Path), f.Path).Cut(tb.widths[i]+1), tb.widths[i], !f.Number())
	}
	if tb.change {
		cell(sign("change", model.SortChange), tb.changeW, false)
	}
	if tb.spark {
		cell(clean(model.PathName(v.Number)+", last 2 min").Cut(model.SparkCells), model.SparkCells, true)
	}
	if tb.rate {
		cell(sign("/s", model.SortRate), rateW, false)
	}
	if tb.age {
		cell(sign("age", model.SortAge), ageW, false)
	}
	if tb.hidden > 0 {
		if more := clean(" +" + model.Number(tb.hidden) + " columns →"); line.Width()+more.Width()+1 < w {
			return line.Ends(screen.L(muted, more).Pad(1), w)
		}
	}
	return line.Fit(w)
}

func (tb latestTable) row(a *App, t *model.Thing, e *model.Entry, w int) screen.Line {
	young := a.state.Now.Sub(e.At) < flash && !a.opts.Still
	line := screen.Line{}.Pad(1).Add(plain, clean(e.Key).CutMiddle(tb.key)).To(1 + tb.key)
	cell := func(style screen.Style, text screen.Text, width int, left, changed bool) {
		if changed {
			style = screen.Style{Role: screen.MarkText, Ground: screen.MarkGround}
		}
		text = text.Cut(width)
		line = line.Pad(2)
		if left {
			from := line.Width()
			line = line.Add(style, text).To(from + width)
			return
		}
		line = line.Pad(width-text.Width()).Add(style, text)
	}
	for i, f := range tb.fields {
		raw := f.Steps.In(e.Data)
		changed := young && e.Before != nil && string(raw) != string(f.Steps.In(e.Before))
		cell(scalarStyle(raw), clean(dated(model.ValueText(raw))), tb.widths[i], !f.Number(), changed)
	}
	if tb.change {
		d, _ := t.Tail.Latest().Change(e)
		cell(num, clean(d), tb.changeW, false, false)
	}
	if tb.spark {
		line = line.Pad(2).Add(num, sparkLine(e.Spark(a.state.Now)))
	}
	if tb.rate {
		cell(num, clean(a.keyRate(t, e.Rate(a.state.Now))), rateW, false, false)
	}
	if tb.age {
		cell(muted, clean(age(a.state.Now.Sub(e.At))), ageW, false, false)
	}
	return line.Fit(w)
}

// age is how old a row is: 0.4s, 41s, 12m.
func age(d time.Duration) string {
	switch d = max(d, 0); {
	case d < 10*time.Second:
		return itoa(d.Milliseconds()/1000) + "." + itoa(d.Milliseconds()/100%10) + "s"
	case d < 100*time.Second:
		return itoa(int64(d.Seconds())) + "s"
	case d < 100*time.Minute:
		return itoa(int64(d.Minutes())) + "m"
	}
	return itoa(int64(d.Hours())) + "h"
}

// trimRate is a rate without its unit, which the heading has.
func trimRate(r float64) string {
	text := model.PerSecond(r)
	return text[:len(text)-len("/s")]
}

func scalarStyle(raw []byte) screen.Style {
	switch {
	case len(raw) == 0:
		return muted
	case raw[0] == '-' || raw[0] >= '0' && raw[0] <= '9':
		return num
	case raw[0] == 't' || raw[0] == 'f' || raw[0] == 'n':
		return lit
	}
	return plain
}

// sparkLine draws values as bars between their least and their most; blanks where
// nothing is known.
func sparkLine(values []float64) screen.Text {
	low, high := math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if !math.IsNaN(v) {
			low, high = min(low, v), max(high, v)
		}
	}
	var out screen.Text
	for _, v := range values {
		switch {
		case math.IsNaN(v):
			out = out.Plus(screen.Blank(1))
		case high == low:
			out = out.Plus(sparks[3])
		default:
			out = out.Plus(sparks[min(int((v-low)/(high-low)*float64(len(sparks))), len(sparks)-1)])
		}
	}
	return out
}

// clickKeyRow puts the cursor on a key; a click on the key that has it shows its rows.
func (a *App) clickKeyRow(t *model.Thing, k string) {
	a.state.Go(model.Workspace)
	t.Touch()
	t.Part = model.InRows
	if t.CursorKey() == k {
		a.keyHistory()
		return
	}
	t.PointKey(k)
}

// keyHistory shows the rows of the key under the cursor alone.
func (a *App) keyHistory() {
	t := a.state.Shown()
	k := t.CursorKey()
	if k == "" {
		return
	}
	t.Touch()
	t.View.ByHand, t.View.Condensed = true, false
	t.SetOnly(k)
	t.Show(model.RowsView)
}
