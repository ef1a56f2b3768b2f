package ui

import (
	"math"
	"strconv"

	"ioscope/model"
	"ioscope/ui/screen"
)

// condensedLines say that the view turned by itself, what that hides, and what
// gives the rows back.
func (a *App) condensedLines(t *model.Thing, r rect) []screen.Line {
	if !t.View.Condensed {
		return nil
	}
	came := t.Tail.Viewed().Rate(a.state.Now)
	seen, _ := t.Tail.Latest().Share(t.Tail.Viewed(), a.state.Now)
	if t.View.Kind == model.RatesView {
		seen = 3
	}
	words := "  all shown."
	if n := int(math.Round(came / max(seen, 0.5))); !t.Tail.RatesKnown(a.state.Now) {
		words = "  … shown."
	} else if n > 1 {
		words = "  1 in " + model.Number(n) + " shown."
	}
	line := screen.Line{}.Pad(2).Add(screen.Style{Role: screen.MarkText, Ground: screen.MarkGround}, screen.T("condensed")).Fg(clean(words))
	if back := screen.T(" Rows return below 40/s, or with v."); line.Width()+back.Width()+1 <= r.w {
		line = line.Fg(back)
	} else if back := screen.T(" v: rows"); line.Width()+back.Width()+1 <= r.w {
		line = line.Fg(back)
	}
	lines := []screen.Line{line.Fit(r.w)}
	if r.h >= 16 {
		lines = append(lines, screen.Line{})
	}
	return lines
}

// ratesRows draws what a flood looks like: events a second, the busiest keys with
// their share, and a sample.
func (a *App) ratesRows(t *model.Thing, r rect, focused bool) []screen.Line {
	if t.Tail.Counts().Total == 0 {
		return a.silentLines(t, r.w)
	}
	lines := a.condensedLines(t, r)
	if r.h >= 12 {
		lines = append(lines, a.histogram(t, r.w, min(max(r.h/6, 3), 8))...)
		lines = append(lines, screen.Line{})
	}
	keys := t.Keys(a.state.Now)
	sample := min(max(r.h/5, 0), 8)
	if len(keys) == 0 {
		sample = r.h - len(lines) - 2
	}
	if r.h < 16 && len(keys) > 0 {
		sample = 0
	}
	height := r.h - len(lines) - 1
	if sample > 0 {
		height -= sample + 2
	}
	if len(keys) > 0 && height > 0 {
		lines = append(lines, a.busiest(t, keys, rect{r.x, r.y + len(lines), r.w, height + 1}, focused)...)
	}
	if sample > 0 {
		lines = screen.Rows(lines, r.w, max(r.h-sample-1, len(lines)))
		lines = append(lines, screen.Line{}.Pad(2).Muted(screen.T("a sample, three a second")).Fit(r.w))
		cols := columnsFor(r.w, false)
		rows := t.Tail.Latest().Sample(sample)
		for i := range rows {
			lines = append(lines, screen.Line{}.Pad(1).Plus(cols.row(a, t, rows, i, r.w-1)).Fit(r.w))
		}
	}
	return lines
}

// keyRate is the rate of a key, where it is known.
func (a *App) keyRate(t *model.Thing, rate float64) string {
	if !t.Tail.RatesKnown(a.state.Now) {
		return "…"
	}
	return trimRate(rate)
}

// busiest draws the keys by their rates, with the share that each has.
func (a *App) busiest(t *model.Thing, keys []*model.Entry, r rect, focused bool) []screen.Line {
	now := a.state.Now
	total, known := t.Tail.Viewed().Rate(now), t.Tail.RatesKnown(now)
	height := r.h - 1
	at := t.KeyIndex(keys)
	more := len(keys) > height
	if more {
		height--
	}
	height = max(height, 1)
	top := a.window("busy"+string(t.Row()), at, len(keys), height)
	shown := keys[top:min(top+height, len(keys))]
	title := clean("by " + t.KeyName() + ", busiest first")
	keyW := max(title.Width()-6, 14)
	for _, e := range shown {
		keyW = max(keyW, clean(e.Key).Width())
	}
	keyW = a.steady(t, "@busy", min(keyW, max(r.w/4, 10)))
	// From the left: the key, its rate, bar and share, the number, the age. What has
	// no room is left out.
	room := r.w - 3 - keyW - 9
	take := func(n int) bool {
		if room < n {
			return false
		}
		room -= n
		return true
	}
	percents := take(8)
	ages := take(9)
	values := t.View.Number != "" && take(13)
	bar := min(max(room-4, 0), 30)
	if bar < 5 || !percents {
		bar = 0
	}
	if title.Width() > keyW+6 {
		title = clean("by " + t.KeyName()).Cut(keyW + 6)
	}
	head := screen.Line{}.Pad(2).Muted(title).To(keyW + 9).Muted(screen.T("/s   "))
	if bar > 0 {
		head = head.Muted(screen.T("share"))
	}
	var heads screen.Line
	if values {
		heads = heads.Muted(right(clean(model.PathName(t.View.Number)).Cut(12).String(), 12))
	}
	if ages {
		heads = heads.Muted(right("age", 8))
	}
	lines := []screen.Line{head.Ends(heads.Pad(2), r.w)}
	busy := 0.0
	for _, e := range shown {
		busy = max(busy, e.Rate(now))
	}
	share := func(rate float64) (screen.Line, screen.Text) {
		part, filled := 0.0, 0.0
		if !known {
			return screen.Line{}, screen.T("…")
		}
		if total > 0 && busy > 0 {
			part, filled = min(rate/total, 1), min(rate/busy, 1)
		}
		return screen.L(accent, screen.T("━").Repeat(int(math.Ceil(filled*float64(bar))))), clean(strconv.FormatFloat(part*100, 'f', 1, 64) + " %")
	}
	draw := func(name screen.Line, rate float64) screen.Line {
		b, percent := share(rate)
		line := name.To(1+keyW+2).Add(num, right(a.keyRate(t, rate), 7))
		if bar > 0 {
			line = line.Pad(3)
			line = line.Plus(b).To(line.Width() + bar)
		}
		if percents {
			line = line.Pad(1).Muted(right(percent.String(), 7))
		}
		return line
	}
	for i, e := range shown {
		line := draw(screen.Line{}.Pad(1).Add(plain, clean(e.Key).CutMiddle(keyW)), e.Rate(now))
		var rest screen.Line
		if values {
			steps, _ := model.ReadPath(t.View.Number)
			rest = rest.Add(num, right(clean(model.ValueText(steps.In(e.Data))).Cut(12).String(), 12))
		}
		if ages {
			rest = rest.Muted(right(age(now.Sub(e.At)), 8))
		}
		line = line.Ends(rest.Pad(1), r.w-1)
		k := e.Key
		a.click(rect{r.x, r.y + len(lines), r.w, 1}, model.Workspace, func(a *App) { a.clickKeyRow(t, k) })
		lines = append(lines, row(line, r.w, top+i == at && focused, focused))
	}
	if rest := len(keys) - len(shown); more && rest > 0 {
		sum := 0.0
		for i, e := range keys {
			if i < top || i >= top+len(shown) {
				sum += e.Rate(now)
			}
		}
		lines = append(lines, screen.Line{}.Pad(1).Plus(draw(screen.Line{}.Pad(1).Muted(clean("+ "+model.Number(rest)+" more")), sum)).Fit(r.w))
	}
	return lines
}

// histogram draws the events of each of the last seconds.
func (a *App) histogram(t *model.Thing, w, h int) []screen.Line {
	const axis = 8
	counts := t.Tail.Viewed().Last(min(w-axis-2, 63), a.state.Now)
	top := 1
	for _, c := range counts {
		top = max(top, c)
	}
	top = niceAbove(top)
	lines := []screen.Line{screen.Line{}.Pad(2).Muted(clean("events/s, last " + strconv.Itoa(len(counts)) + " s")).Fit(w)}
	for y := range h {
		label, sign := "", screen.T("│")
		switch {
		case y == 0:
			label, sign = shortCount(top), screen.T("┤")
		case y == h/2 && h >= 5:
			label, sign = shortCount(top*(h-y)/h), screen.T("┤")
		case y == h-1:
			label, sign = "0", screen.T("┤")
		}
		line := screen.Line{}.Muted(right(label, axis-2)).Pad(1).Add(faint, sign)
		var bars screen.Text
		for _, c := range counts {
			// Eighths of a cell that the bar has, less those of the rows below.
			eighths := c*h*8/top - (h-1-y)*8
			switch {
			case eighths <= 0 && y == h-1 && c > 0:
				bars = bars.Plus(sparks[0])
			case eighths <= 0:
				bars = bars.Plus(screen.Blank(1))
			default:
				bars = bars.Plus(sparks[min(eighths, 8)-1])
			}
		}
		lines = append(lines, line.Add(num, bars).Fit(w))
	}
	return lines
}

// niceAbove is the next round number.
func niceAbove(n int) int {
	for base := 1; ; base *= 10 {
		for _, m := range []int{1, 2, 3, 4, 6, 8} {
			if m*base >= n {
				return m * base
			}
		}
	}
}

// shortCount is a round number in at most four cells: 60k, 1.5k, 300.
func shortCount(n int) string {
	switch {
	case n >= 1_000_000:
		return strconv.FormatFloat(float64(n)/1e6, 'f', -1, 64) + "M"
	case n >= 1000:
		return strconv.FormatFloat(float64(n)/1000, 'f', -1, 64) + "k"
	}
	return strconv.Itoa(n)
}
