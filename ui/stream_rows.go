package ui

import (
	"ioscope/client/bus"
	"ioscope/model"
	"ioscope/ui/screen"
)

// streamRows draws the visible rows of the tail.
func (a *App) streamRows(t *model.Thing, r rect, focused bool) []screen.Line {
	if r.h <= 0 {
		return nil
	}
	switch t.View.Kind {
	case model.LatestView:
		return a.latestRows(t, r, focused)
	case model.ChartOver:
		return a.chartView(t, r)
	case model.RatesView:
		return a.ratesRows(t, r, focused)
	case model.RowsView, model.ColumnsView:
	}
	cols := columnsFor(r.w, t.Target.Mode != bus.Best)
	cols.letters = len(t.Tail.Sources()) > 1
	if t.Tail.Len() == 0 {
		return append([]screen.Line{cols.head(t, r.w)}, a.silentLines(t, r.w)...)
	}
	height := r.h - 1
	t.Tail.Arrange(a.state.Now)
	sorted := t.Tail.Sorted() != ""
	at := t.Tail.Index(t.Tail.Cursor())
	top := a.window("rows"+string(t.Row()), at, t.Tail.Len(), max(height, 1))
	if t.Tail.Following() && !sorted {
		top = max(t.Tail.Len()-height, 0)
		a.tops["rows"+string(t.Row())] = top
	}
	rows := t.Tail.Window(top, height)
	if t.View.Kind == model.ColumnsView {
		cols.table = a.columnsTable(t, rows, r.w, cols)
		a.sift.sorts[t.Row()] = cols.sorts()
		if len(cols.table.fields) == 0 {
			return append([]screen.Line{cols.head(t, r.w)}, a.noColumnLines(t, r.w)...)
		}
	}
	lines := []screen.Line{cols.head(t, r.w)}
	if t.View.Wrap && cols.table == nil {
		return a.wrappedRows(t, r, cols, lines, at, focused)
	}
	for i := range rows {
		k := i
		if t.NewestFirst && !sorted {
			k = len(rows) - 1 - i
		}
		line := cols.row(a, t, rows, k, r.w-1)
		n := rows[k].N
		a.click(rect{r.x, r.y + len(lines), r.w, 1}, model.Workspace, func(a *App) { a.clickEvent(t, n) })
		here := top+k == at && (focused || t.Part == model.InEvent)
		lines = append(lines, row(line, r.w, here, focused))
	}
	return lines
}

// silentLines say why there are no rows, and what helps.
func (a *App) silentLines(t *model.Thing, w int) []screen.Line {
	p := &page{w: w, indent: 2}
	p.blank()
	switch {
	case t.Tail.Filtered() && t.Tail.Counts().Total > 0:
		_, kept := t.Tail.Shown()
		if unseen := t.Tail.Unseen(); unseen > 0 && !t.Sieve.JQ.Stopped {
			p.add(screen.L(muted, clean("nothing yet; "+model.Number(unseen)+" to look at")))
			break
		}
		what := "Nothing gets through."
		if t.Sieve.JQ.Text == "" && t.Filter != "" {
			what = `Nothing matches "` + t.Filter + `".`
		}
		p.add(screen.L(plain, clean(what+"  "+model.Number(kept)+" hidden.  ")).Plus(a.keySign("nav.back")).Muted(screen.T(" clears")))
	case t.Phase == model.Asking:
		limit := t.AnswerIn
		if len(a.state.Reach(t)) == 0 {
			limit = t.WaitFor
		}
		p.add(a.progress(a.state.Now.Sub(t.Asked), limit, w-6).Pad(3).Plus(a.keySign("open.close")).Muted(screen.T(" gives up")))
	case t.Phase == model.Running:
		p.text(muted, "accepted, nothing came for "+model.Awaited(a.state.Now.Sub(t.Accepted))+". Last: never.")
	default:
		p.add(a.keySign("stream.open").Muted(screen.T(" changes the arguments   ")).Plus(a.keySign("stream.unsubscribe")).Muted(screen.T(" asks again")))
	}
	return p.lines
}

// columns says which columns of a stream's rows there is room for.
type columns struct {
	millis, server, to bool
	// letters tell publishers apart where there are several.
	letters bool
	// table has the fields that get columns; nil shows whole payloads.
	table *fieldTable
}

// columnsFor chooses the columns for a width. Who published is told in each row
// where several may, or where there is room.
func columnsFor(w int, several bool) columns {
	return columns{millis: w >= 44, to: w >= 50, server: w >= 110 || several && w >= 60}
}

func (c columns) timeWidth() int {
	if c.millis {
		return len("15:04:05.000")
	}
	return len("15:04:05")
}

func (c columns) head(t *model.Thing, w int) screen.Line {
	order := screen.T("newest last")
	if t.NewestFirst {
		order = screen.T("newest first")
	}
	line := screen.Line{}.Pad(2).Muted(screen.T("time").Plus(c.sign(t, ""))).To(2 + c.timeWidth() + 2)
	if c.to {
		line = line.Muted(screen.T("to")).Pad(2)
	}
	if c.letters {
		line = line.Pad(3)
	}
	if c.server {
		line = line.Muted(screen.T("publisher").Plus(c.sign(t, model.SortPublisher))).To(line.Width() + 16)
	}
	if c.table != nil {
		return c.table.head(t, line, w)
	}
	return line.Muted(screen.T("payload")).Ends(screen.L(muted, order).Pad(1), w)
}

// row draws the k-th of the rows that are visible.
func (c columns) row(a *App, t *model.Thing, rows []model.TailRow, k, w int) screen.Line {
	r := rows[k]
	if r.GapKind != model.NoGap {
		style := warn
		if r.GapKind == model.GapLost {
			style = bad
		}
		line := screen.Line{}.Pad(1).Add(style, screen.T("╌╌ ")).Add(style, clean(r.Gap)).Pad(1)
		return line.Add(style, screen.T("╌").Repeat(w-line.Width()-1))
	}
	line := c.start(a, t, rows, k)
	switch {
	case c.table != nil && (len(t.View.Columns) > 0 || c.table.has(&r)):
		line = c.table.row(line, &r)
	case c.table != nil:
		// Of another shape than the columns: an empty row would tell nothing.
		line = line.Plus(payload(r.Payload(), w-line.Width()-1).As(muted))
	default:
		line = line.Plus(payload(r.Payload(), w-line.Width()-1))
	}
	if t.Hit(&r) {
		line = marked(line, t.Sought())
	}
	return line
}

// start is what each row has before its payload: when it came, for whom, and from
// whom.
func (c columns) start(a *App, t *model.Thing, rows []model.TailRow, k int) screen.Line {
	r := rows[k]
	line := screen.Line{}.Pad(1)
	if t.View.Marked(r.N) {
		line = screen.L(accent, screen.T("•"))
	}
	line = line.Muted(c.time(a, t, rows, k)).Pad(2)
	if c.to {
		to := screen.Blank(2)
		if r.Private {
			to = screen.T("me")
		}
		line = line.Add(lit, to).Pad(2)
	}
	style := muted
	if c.letters {
		at := max(t.Tail.Place(r.Server), 0)
		line = line.Plus(letter(at)).Pad(2)
		style = screen.In(series[at%len(series)])
	}
	if c.server {
		name := a.state.Dir.NameOf(r.Server)
		line = line.Add(style, clean(name).CutMiddle(14)).To(line.Width() + 16)
	}
	if r.Snapshot {
		line = line.Add(lit, screen.T("snapshot ")).Pad(1)
	}
	return line
}

// time tells when a row came, in the way that was chosen.
func (c columns) time(a *App, t *model.Thing, rows []model.TailRow, k int) screen.Text {
	at := rows[k].At
	switch t.Times {
	case model.Ago:
		return right(model.Awaited(a.state.Now.Sub(at)), c.timeWidth())
	case model.SinceBefore:
		if k == 0 {
			return screen.Blank(c.timeWidth())
		}
		return right("+"+model.Duration(at.Sub(rows[k-1].At)), c.timeWidth())
	case model.ByClock:
	}
	layout := "15:04:05"
	if c.millis {
		layout = "15:04:05.000"
	}
	return clean(at.Format(layout))
}

// marked marks where the words of a search stand in a line.
func marked(line screen.Line, find *model.Filter) screen.Line {
	text := line.Plain()
	for _, at := range find.Hits(text) {
		from := clean(text[:at[0]]).Width()
		hit := line.Cells(from, from+clean(text[at[0]:at[1]]).Width())
		line = line.Over(hit.As(screen.Style{Role: screen.MarkText, Ground: screen.MarkGround}), from)
	}
	return line
}
