package ui

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/guptarohit/asciigraph"

	"ioscope/model"
	"ioscope/ui/screen"
)

// chartView draws the chart over the whole pane.
func (a *App) chartView(t *model.Thing, r rect) []screen.Line {
	if t.View.Number == "" {
		p := &page{w: r.w, indent: 2}
		p.blank()
		if t.Tail.Counts().Total == 0 {
			return a.silentLines(t, r.w)
		}
		p.text(plain, "No field of these events is a number.")
		p.add(a.keySign("stream.view").Muted(screen.T(" goes on to the next view")))
		return p.lines
	}
	t.Keys(a.state.Now)
	lines := a.chartPane(t, rect{r.x, r.y, r.w, max(r.h-1, 1)}, true)
	lines = screen.Rows(lines, r.w, max(r.h-1, 0))
	return append(lines, a.chartFoot(t, t.Tail.Latest().Len(), r.w))
}

// chartFoot tells what is drawn, and where the cursor is among the keys.
func (a *App) chartFoot(t *model.Thing, keys, w int) screen.Line {
	line := screen.Line{}.Pad(1).Fg(clean(t.View.Number)).Pad(3).Muted(clean(t.View.RangeWords()))
	var right screen.Line
	if keys > 1 {
		right = screen.L(muted, clean("row "+model.Number(t.KeyIndex(t.Keys(a.state.Now))+1)+" of "+model.Number(keys))).Pad(1)
	}
	return line.Ends(right, w)
}

// chartPane draws a number over time, with its least, most and mean above.
func (a *App) chartPane(t *model.Thing, r rect, alone bool) []screen.Line {
	c := t.Tail.Chart()
	name := model.PathName(t.View.Number)
	if t.Tail.Latest().Len() > 1 {
		name = strings.TrimSpace(t.CursorKey() + " " + name)
	}
	digits := c.Digits
	number := func(v float64) string { return strconv.FormatFloat(v, 'f', digits, 64) }
	now := a.state.Now
	if !t.Tail.Following() {
		now = t.Tail.Paused()
	} else if t.Phase == model.Ended {
		now = t.Over
	}
	axis := 12
	v, ok := c.View(now, t.View.Range, max(r.w-axis-3, 1))
	note := screen.Line{}
	if ok {
		note = screen.L(muted, screen.T("min ")).Add(num, clean(number(v.Low))).Muted(screen.T("  max ")).Add(num, clean(number(v.High))).
			Muted(screen.T("  mean ")).Add(num, clean(number(v.Mean)))
	}
	var lines []screen.Line
	if alone {
		lines = append(lines, screen.Line{}.Pad(2).Add(bold, clean(name)).Ends(note.Pad(1), r.w))
	} else {
		lines = append(lines, title(r.w, screen.Text{}, screen.L(plain, clean(name)), note, false))
	}
	if r.h > 6 {
		lines = append(lines, screen.Line{})
	}
	if !ok {
		words := "no number there yet"
		if t.View.Range > 0 {
			words = "no number came in the " + t.View.RangeWords() + ".  " + a.keyFor("stream.range") + " reaches further back"
		}
		return append(lines, screen.Line{}.Pad(3).Muted(clean(words)).Fit(r.w))
	}
	return append(lines, a.plot(v, r.w, max(r.h-len(lines)-2, 2), axis, number)...)
}

// plot draws the line with its axes.
func (a *App) plot(v model.ChartView, w, h, axis int, number func(float64) string) []screen.Line {
	low, high := v.Low, v.High
	if low == high {
		span := math.Abs(low) / 100
		if span == 0 {
			span = 1
		}
		low, high = low-span, high+span
	}
	h = max(h, 2)
	drawn := strings.Split(asciigraph.Plot(flat(v.Values), asciigraph.Height(h-1), asciigraph.LowerBound(low), asciigraph.UpperBound(high), asciigraph.Precision(0)), "\n")
	var lines []screen.Line
	labels := map[int]float64{0: high, h - 1: low}
	if h >= 5 {
		labels[(h-1)/2] = high - (high-low)*float64((h-1)/2)/float64(h-1)
	}
	for i := range h {
		line := screen.Line{}.Pad(axis)
		sign := screen.T("│")
		if v, ok := labels[i]; ok {
			sign = screen.T("┤")
			line = screen.Line{}.Muted(right(clean(number(v)).Cut(axis-1).String(), axis-1)).Pad(1)
		}
		line = line.Add(faint, sign)
		if i < len(drawn) {
			if at := strings.IndexAny(drawn[i], "┤┼"); at >= 0 {
				line = line.Add(num, clean(drawn[i][at+len("┤"):]))
			}
		}
		lines = append(lines, line.Fit(w))
	}
	return append(lines, timeAxis(v, w, axis))
}

// flat gives the graph at least two points, the first of which is a number: what
// comes before stays empty.
func flat(values []float64) []float64 {
	out := append([]float64{}, values...)
	if len(out) == 1 {
		out = append(out, out[0])
	}
	return out
}

// timeAxis is the line of times below a chart.
func timeAxis(v model.ChartView, w, axis int) screen.Line {
	span := v.To.Sub(v.From)
	columns := len(v.Values)
	line := screen.Line{}.Pad(axis - 2)
	n := max(min(columns/18, 4), 1)
	for i := range n {
		at := axis + 1 + i*columns/n
		line = line.To(max(at-3, line.Width()+1)).Muted(clock(v.From.Add(time.Duration(int64(span) * int64(i) / int64(n)))))
	}
	end := screen.L(muted, clock(v.To)).Pad(1)
	if line.Width()+end.Width()+2 > w {
		return line.Fit(w)
	}
	return line.Ends(end, w)
}
