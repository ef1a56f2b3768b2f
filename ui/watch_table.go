package ui

import (
	"strings"

	"ioscope/model"
	"ioscope/ui/screen"
)

// watchColumns are the columns of the table of watches; those without room are 0.
type watchColumns struct {
	name, value, spark, bound, changed, trigger int
}

func (f watchFace) measure(w int) watchColumns {
	c := watchColumns{name: 10, value: 6}
	bound, trigger := 4, 9
	for _, watch := range f.l.All() {
		c.name = max(c.name, watchName(watch).Width())
		c.value = max(c.value, clean(watchValue(watch)).Width())
		trigger = max(trigger, clean(watch.Condition.Text).Width()+1)
		if watch.Numeric {
			bound = max(bound, len(model.Bound(watch.Min)), len(model.Bound(watch.Max)))
		}
	}
	c.name, c.value = min(c.name, w*2/5), min(c.value, max(w/6, 8))
	left := w - 6 - c.name - c.value
	take := func(column *int, n, gap int) {
		if left >= n+gap {
			left -= n + gap
			*column = n
		}
	}
	take(&c.spark, 8, 2)
	take(&c.bound, 2*bound+2, 2)
	take(&c.changed, 8, 1)
	take(&c.trigger, min(trigger, 20), 2)
	if extra := min(left, 16); extra > 0 && c.spark > 0 {
		c.spark += extra
	}
	return c
}

func (c watchColumns) head(w int) screen.Line {
	line := screen.Line{}.Pad(4).Muted(screen.T("watch")).To(4 + c.name).Muted(right("value", c.value+1))
	if c.spark > 0 {
		line = line.Pad(2).Muted(clean("last " + itoa(int64(c.spark)) + " s").Cut(c.spark)).To(line.Width() + 2 + c.spark)
	}
	if c.bound > 0 {
		line = line.Pad(2).Muted(right("min", c.bound/2-1)).Pad(2).Muted(right("max", c.bound/2-1))
	}
	if c.changed > 0 {
		line = line.Pad(1).Muted(right("changed", c.changed))
	}
	if c.trigger > 0 {
		line = line.Pad(2).Muted(screen.T("rings on"))
	}
	return line.Fit(w)
}

// watchName is what a watch follows: Prices AAPL .bid, or of one key of a stream
// Prices * sym AAPL .bid.
func watchName(w *model.Watch) screen.Text {
	name := w.Name()
	if key := w.KeyWords(); key != "" {
		name += " " + key
	}
	return clean(name + " " + model.JQPath(w.Path))
}

// watchValue is the value as a cell shows it.
func watchValue(w *model.Watch) string {
	if w.Count == 0 {
		return "-"
	}
	return model.ValueText([]byte(w.Value))
}

// watchSign is what a watch wants: a person, nothing, it is held, or it hears nothing
// any more.
func (a *App) watchSign(w *model.Watch) screen.Line {
	switch {
	case w.Paused:
		return screen.L(warn, screen.T("‖"))
	case w.News || w.Holds:
		return screen.L(warn, screen.T("!"))
	case w.Fault != "":
		return screen.L(bad, screen.T("✗"))
	}
	if word, _ := a.state.WatchEnd(w); word != "" {
		return screen.L(warn, screen.T("†"))
	}
	return screen.L(muted, screen.T("◎"))
}

func (c watchColumns) row(a *App, w *model.Watch) screen.Line {
	style := num
	word, end := a.state.WatchEnd(w)
	switch {
	case word != "":
		style = muted // it is what was there last
	case !w.Numeric:
		style = plain
	}
	line := screen.Line{}.Pad(1).Plus(a.watchSign(w)).Pad(1).Fg(watchName(w).CutMiddle(c.name)).To(3 + c.name)
	value := clean(watchValue(w)).Cut(c.value)
	line = line.Pad(c.value+1-value.Width()).Add(style, value)
	if clean(end).Width() > c.spark {
		end = word
	}
	switch {
	case c.spark > 0 && end != "":
		line = line.Pad(2).Add(warn, clean(end).Cut(c.spark)).To(line.Width() + 2 + c.spark)
	case c.spark > 0:
		line = line.Pad(2).Add(num, watchSpark(a, w, c.spark))
	}
	if c.bound > 0 {
		low, high := "", ""
		if w.Numeric {
			low, high = model.Bound(w.Min), model.Bound(w.Max)
		}
		line = line.Pad(2).Muted(right(low, c.bound/2-1)).Pad(2).Muted(right(high, c.bound/2-1))
	}
	if c.changed > 0 {
		words := "never"
		if w.Count > 0 {
			words = model.Awaited(a.state.Now.Sub(w.Changed))
		}
		style := muted
		if end != "" && c.spark == 0 {
			style, words = warn, word
		}
		line = line.Pad(1).Add(style, right(words, c.changed))
	}
	if c.trigger > 0 {
		style := muted
		if w.Holds {
			style = warn
		}
		line = line.Pad(2).Add(style, clean(w.Condition.Text).Cut(c.trigger))
	}
	return line
}

// watchSpark draws the values of the last seconds.
func watchSpark(a *App, w *model.Watch, n int) screen.Text {
	var out screen.Text
	for _, v := range w.Spark(a.state.Now, n) {
		if v == 0 {
			out = out.Plus(screen.T(" "))
		} else {
			out = out.Plus(sparks[v])
		}
	}
	return out
}

// details say all of the watch under the cursor.
func (f watchFace) details(a *App, w *model.Watch, width int) []screen.Line {
	note := "call every " + model.Duration(w.Every)
	if w.Stream() {
		note = "stream"
	}
	lines := []screen.Line{subtitle(screen.L(plain, watchName(w)), screen.L(muted, clean(note)), width)}
	fact := func(name string, line screen.Line) {
		lines = append(lines, screen.Line{}.Pad(3).Muted(clean(name)).To(15).Plus(line).Fit(width-1))
	}
	if key := w.KeyWords(); key != "" {
		fact("follows", screen.L(plain, clean("events with "+key+" alone")))
	}
	fact("value", payload([]byte(w.Value), width-20))
	if w.Numeric {
		fact("seen", screen.L(plain, clean("from "+model.Bound(w.Min)+" to "+model.Bound(w.Max)+" in "+model.Count(w.Count, "value"))))
	} else {
		fact("seen", screen.L(plain, clean(model.Count(w.Count, "value"))))
	}
	if w.Absent > 0 {
		fact("absent", screen.L(warn, clean("in "+model.Count(w.Absent, "event")+": "+w.Path+" is not there")))
	}
	switch w.Condition.Text {
	case "":
		fact("rings on", screen.L(muted, screen.T("nothing; ")).Plus(a.keySign("watch.condition")).Muted(screen.T(" adds a condition")))
	default:
		line := screen.L(plain, clean(w.Condition.Text))
		if w.Holds {
			line = line.Add(warn, screen.T("  it is so now"))
		}
		if w.Quiet {
			line = line.Muted(screen.T("  without a bell"))
		}
		fact("rings on", line)
		words := "not yet"
		if w.Rings > 0 {
			words = model.Count(w.Rings, "time") + ", last " + w.Rang.Format("15:04:05")
		}
		fact("rang", screen.L(plain, clean(words)))
	}
	fact("heard of", a.watchSource(w))
	if w.Fault != "" {
		fact("fault", screen.L(bad, clean("✗ "+strings.TrimPrefix(w.Fault, "✗ "))))
	}
	return lines
}

// watchSource says where a watch hears its values from.
func (a *App) watchSource(w *model.Watch) screen.Line {
	if !w.Stream() {
		return screen.L(plain, clean("the first answer of a call to "+model.TargetWord(w.Target)))
	}
	t, hidden := a.state.Heard(w)
	if t == nil {
		return screen.L(warn, screen.T("nothing: its subscription is gone"))
	}
	whose := "the subscription that is open, "
	switch {
	case hidden && t.Phase == model.Ended:
		whose = "a subscription of its own that is over, "
	case t.Phase == model.Ended:
		whose = "a subscription that is over, "
	case hidden:
		whose = "a subscription of its own, "
	}
	line := screen.L(plain, clean(whose))
	if _, end := a.state.WatchEnd(w); end != "" {
		return line.Add(warn, clean("† "+end))
	}
	return line.Plus(a.thingState(t))
}
