package ui

import (
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/model"
)

// nextView turns the view of the stream.
func (a *App) nextView() {
	t := a.state.Shown()
	t.Touch()
	t.NextView()
	a.state.Say("view: " + t.View.Kind.String())
}

// nextNumber charts another number.
func (a *App) nextNumber(delta int) {
	t := a.state.Shown()
	if !t.NextNumber(delta) {
		a.state.Say("no field of these events is a number")
		return
	}
	a.state.Say("number: " + model.PathName(t.View.Number))
}

// sortRows orders the rows in columns, or the latest by key, by the next column.
func (a *App) sortRows() {
	t := a.state.Shown()
	if t.View.Kind == model.ColumnsView {
		sorts := a.sift.sorts[t.Row()]
		if len(sorts) == 0 {
			return
		}
		t.SortRows(sorts[(slices.Index(sorts, t.View.RowSort)+1)%len(sorts)], t.View.RowReverse, a.state.Now)
		return
	}
	a.sortKeys(t)
}

// reverseRows turns their order.
func (a *App) reverseRows() {
	t := a.state.Shown()
	switch v := &t.View; {
	case v.Kind != model.ColumnsView:
		v.Reverse = !v.Reverse
	case v.RowSort == "":
		t.NewestFirst = !t.NewestFirst
	default:
		t.SortRows(v.RowSort, !v.RowReverse, a.state.Now)
	}
}

// sortKeys orders the latest by key by the next of its columns.
func (a *App) sortKeys(t *model.Thing) {
	table := a.latestTable(t, t.Keys(a.state.Now), a.lay.work.w)
	sorts := []string{model.SortKey}
	for _, f := range table.fields {
		sorts = append(sorts, f.Path)
	}
	for _, more := range []struct {
		on   bool
		sort string
	}{{table.change, model.SortChange}, {table.rate, model.SortRate}, {table.age, model.SortAge}} {
		if more.on {
			sorts = append(sorts, more.sort)
		}
	}
	t.View.Sort = sorts[(slices.Index(sorts, t.View.Sort)+1)%len(sorts)]
}

// nextRange turns the stretch of time of the chart, and says what it is not for.
func (a *App) nextRange() {
	t := a.state.Shown()
	t.NextRange()
	words := "the chart shows the " + t.View.RangeWords()
	if t.View.Range == 0 {
		words = "the chart shows all"
	}
	if t.View.Kind == model.LatestView {
		words += "; sparklines stay at 2 min, rates at 2 s"
	}
	a.state.Say(words)
}

func chartRangeWords(a *App) string { return "chart: " + a.state.Shown().View.RangeWords() }

func noChart(a *App) string {
	switch t := a.state.Shown(); {
	case t.View.Kind == model.RatesView:
		return "the rates are of the last minute; {stream.view} turns to the chart, which has a stretch of time"
	case t.View.Kind != model.ChartOver && t.View.Kind != model.LatestView:
		return "only charts have a stretch of time; {stream.view} turns the view"
	case t.View.Number == "":
		return "no field of these events is a number"
	case t.View.Kind == model.LatestView && !a.sift.charts[t.Row()]:
		return "no room for the chart here; {stream.view} turns to it"
	}
	return ""
}

func notSorted(a *App) string {
	switch t := a.state.Shown(); {
	case t.View.Kind == model.ColumnsView && t.Tail.Counts().Total > 0:
	case t.View.Kind != model.LatestView && t.View.Kind != model.ColumnsView:
		return "only columns and the latest by key are sorted; {stream.view} turns the view"
	case t.Tail.Latest().Len() == 0:
		return "nothing to sort yet"
	}
	return ""
}

// openRow opens the event under the cursor, or shows the rows of the key.
func (a *App) openRow() tea.Cmd {
	if t := a.state.Shown(); t.KeyEntry(a.state.Now) != nil {
		a.keyHistory()
		return nil
	}
	return a.run(a.state.Enter())
}

func noFields(a *App) string {
	if len(a.state.Shown().Tail.Fields().List()) == 0 {
		return "no fields were seen yet"
	}
	return ""
}

func nothingCame(a *App) string {
	if a.state.Shown().Tail.Counts().Total == 0 {
		return "nothing came yet"
	}
	return ""
}

func noEvent(a *App) string {
	t := a.state.Shown()
	switch row, ok := t.Tail.Current(); {
	case t.Part == model.InEvent:
		return ""
	case t.ByKeys():
		return "{stream.open} shows the rows of the key first"
	case !ok || row.GapKind != model.NoGap:
		return "no event here"
	}
	return ""
}

func followWords(a *App) string {
	if a.state.Shown().Follows {
		return "hold"
	}
	return "follow"
}

func (a *App) diffWords() string {
	if a.state.Shown().Diffing() {
		return "as it is"
	}
	return "diff"
}

// wrapRows shows payloads over as many lines as they need, or cut.
func (a *App) wrapRows() {
	v := &a.state.Shown().View
	v.Wrap = !v.Wrap
	words := "long payloads are cut"
	if v.Wrap {
		words = "long payloads are wrapped"
	}
	a.state.Say(words)
}

// markRow marks the row under the cursor, or takes the mark away.
func (a *App) markRow() {
	t := a.state.Shown()
	t.Touch()
	switch marked := t.ToggleMark(); {
	case !marked:
		a.state.Say("no longer marked")
	case t.Part == model.InEvent:
		a.state.Say("marked; {stream.diff-marked} on another event shows the difference")
	default:
		a.state.Say("marked; {mark.go} comes back here")
	}
}

func (a *App) goMark() {
	if t := a.state.Shown(); !t.NextMark(a.state.Now) {
		a.state.Say(a.keyFor("mark.go") + "  the marked rows have fallen out, or are hidden")
	}
}

func noMarks(a *App) string {
	switch t := a.state.Shown(); {
	case len(t.View.Marks) == 0:
		return "nothing is marked; {mark.set} marks a row"
	case t.ByKeys():
		return "rows are marked; {stream.view} turns the view"
	}
	return ""
}
