package model

import (
	"math"
	"time"
)

// Bounds of a chart's memory: so many steps, which grow wider by twice when they
// do not suffice. It reaches back to the first value, whatever the ring keeps.
const (
	chartSteps = 4096
	chartStep  = 100 * time.Millisecond
)

// Chart is a number over time.
type Chart struct {
	path, key Steps
	only      string
	next      uint64
	from      time.Time
	step      time.Duration
	steps     []chartCell
	// Digits are the most digits behind the point that came.
	Digits int
}

// chartCell is what came in one step.
type chartCell struct {
	n              int
	low, high, sum float64
	last           float64
}

// ChartView is a stretch of a chart, in columns.
type ChartView struct {
	// From and To are its ends.
	From, To time.Time
	// Values are what to draw, one a column; NaN before the first came.
	Values          []float64
	Low, High, Mean float64
	Count           int
}

func (c *Chart) reset(path, key Steps, only string) {
	*c = Chart{path: path, key: key, only: only, step: chartStep}
}

// add takes in a row.
func (c *Chart) add(row *TailRow) {
	data := row.Payload()
	if c.path == nil || c.only != "" && ValueText(c.key.In(data)) != c.only {
		return
	}
	raw := c.path.In(data)
	v, ok := Float(raw)
	if !ok || math.IsInf(v, 0) {
		return
	}
	if len(c.steps) == 0 {
		c.from = row.At.Truncate(time.Second)
		c.steps = make([]chartCell, 0, chartSteps)
	}
	if c.Digits < 12 {
		c.Digits = max(c.Digits, min(Digits(raw), 12))
	}
	i := int(row.At.Sub(c.from) / c.step)
	for i >= chartSteps {
		c.widen()
		i = int(row.At.Sub(c.from) / c.step)
	}
	i = max(i, 0)
	for len(c.steps) <= i {
		c.steps = append(c.steps, chartCell{})
	}
	c.steps[i].merge(chartCell{1, v, v, v, v})
}

// widen makes each step twice as wide.
func (c *Chart) widen() {
	for i := range c.steps {
		if i%2 == 0 {
			c.steps[i/2] = c.steps[i]
		} else {
			c.steps[i/2].merge(c.steps[i])
		}
	}
	c.steps = c.steps[:(len(c.steps)+1)/2]
	c.step *= 2
}

func (x *chartCell) merge(y chartCell) {
	switch {
	case y.n == 0:
		return
	case x.n == 0:
		*x = y
		return
	}
	x.n += y.n
	x.sum += y.sum
	x.low, x.high, x.last = min(x.low, y.low), max(x.high, y.high), y.last
}

// View returns the last stretch of the chart in so many columns; a stretch of 0
// is all of it. A column of several values shows the one that stands out most, so
// that no peak is lost. false says that nothing came yet.
func (c *Chart) View(now time.Time, stretch time.Duration, columns int) (v ChartView, ok bool) {
	if len(c.steps) == 0 || columns <= 0 {
		return v, false
	}
	v.To, v.From = now, c.from
	if stretch > 0 && now.Add(-stretch).After(c.from) {
		v.From = now.Add(-stretch)
	}
	if v.To.Sub(v.From) < time.Second {
		v.To = v.From.Add(time.Second)
	}
	width := v.To.Sub(v.From)
	cells := make([]chartCell, columns)
	var all chartCell
	for i := max(0, int(v.From.Sub(c.from)/c.step)); i < len(c.steps); i++ {
		at := c.from.Add(time.Duration(i) * c.step).Sub(v.From)
		col := min(max(int(int64(at)*int64(columns)/int64(width)), 0), columns-1)
		cells[col].merge(c.steps[i])
		all.merge(c.steps[i])
	}
	if all.n == 0 {
		return v, false
	}
	v.Low, v.High, v.Mean, v.Count = all.low, all.high, all.sum/float64(all.n), all.n
	v.Values = make([]float64, columns)
	last, held := math.NaN(), math.NaN()
	for i, cell := range cells {
		if cell.n == 0 {
			v.Values[i], last = held, held
			continue
		}
		pick := cell.last
		if mean := cell.sum / float64(cell.n); cell.n > 1 && !math.IsNaN(last) {
			if pick = cell.high; mean-cell.low > cell.high-mean {
				pick = cell.low
			}
		}
		v.Values[i], last, held = pick, pick, cell.last
	}
	return v, true
}
