package plain

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"ioscope/model"
)

// chartSteps is in how many values a course is told.
const chartSteps = 8

// chart tells a number over time.
func (x *explorer) chart(words []string) error {
	k, rest, err := x.stream(words)
	if err != nil {
		return err
	}
	x.now()
	x.settle()
	t := k.thing
	stretch := t.View.Range
	for _, w := range rest {
		key, value, given := strings.Cut(w, "=")
		switch {
		case !given:
			path, err := field(t, w)
			if err != nil {
				return err
			}
			t.SetNumber(path)
			x.settle()
		case key == "last" && value == "all":
			stretch = 0
		case key == "last":
			if stretch, err = model.ParseTimeout(value); err != nil {
				return problemf("last=5m and last=all are examples", "%v", err)
			}
		case key == "of":
			if t.Tail.Latest().Entry(value) == nil {
				return problemf("latest lists the keys", "no key %s", value)
			}
			t.PointKey(value)
		default:
			return problemf("chart 1 bid last=5m of=AAPL is an example", "not understood: %q", w)
		}
	}
	if t.View.Number == "" {
		return problemf("fields lists them", "no field of these events is a number")
	}
	t.View.Range = stretch
	kind := t.View.Kind
	t.Show(model.ChartOver)
	x.settle()
	x.chartWords(k, stretch)
	t.Show(kind)
	return nil
}

func (x *explorer) chartWords(k *talk, stretch time.Duration) {
	t, c := k.thing, k.thing.Tail.Chart()
	what := model.PathName(t.View.Number)
	if t.Tail.Latest().Len() > 1 {
		what += " of " + t.CursorKey()
	}
	v, ok := c.View(x.state.Now, stretch, 120)
	if !ok {
		x.sayf("%s: no %s in that time", k.name(), what)
		return
	}
	number := func(n float64) string { return strconv.FormatFloat(n, 'f', c.Digits, 64) }
	var values []float64
	for _, n := range v.Values {
		if n == n { // NaN is before the first
			values = append(values, n)
		}
	}
	x.sayf("%s: %s from %s to %s, %s", what, model.Count(v.Count, "value"), clock(v.From), clock(v.To), cmp.Or(courseWords(values), "one value alone"))
	x.sayf("  least %s, most %s, mean %s, first %s, last %s", number(v.Low), number(v.High), number(v.Mean), number(values[0]), number(values[len(values)-1]))
	few, _ := c.View(x.state.Now, stretch, chartSteps)
	step := few.To.Sub(few.From) / chartSteps
	for i, n := range few.Values {
		if n == n {
			x.sayf("  %s: %s", clock(few.From.Add(time.Duration(i+1)*step)), number(n))
		}
	}
}
