package ui

import (
	"slices"

	"ioscope/client/interval/schema"
	"ioscope/model"
	"ioscope/ui/screen"
)

// options draws the options of a choice, around the cursor.
func (w *runWriter) options(at model.RunStop, f *model.RunField) {
	here := w.run.At == at && w.active
	_, single := f.Comp.Props.(*schema.SelectSingle)
	shown := f.Options()
	if f.Narrows() && (here || f.Text != "") {
		line := screen.Line{}.Pad(w.in).Add(accent, screen.T("/ "))
		value := screen.L(plain, clean(f.Text))
		if here {
			value = w.a.inputText(24)
		}
		line = line.Plus(w.box(value, 26, here))
		w.stop(line.Ends(screen.L(muted, clean(model.Number(len(shown))+" of "+model.Number(optionCount(f)))).Pad(2), w.w-1), at, -1, false)
	}
	most := 10
	from := min(max(f.Row-most+1, 0), max(len(shown)-most, 0))
	if from > 0 {
		w.add(screen.Line{}.Pad(w.in + 1).Muted(clean("↑ " + model.Number(from) + " more")))
	}
	for k := from; k < min(from+most, len(shown)); k++ {
		o := f.Option(shown[k])
		on := slices.Contains(f.Chosen, shown[k])
		mark := screen.T("[ ] ")
		switch {
		case single && on:
			mark = screen.T("(•) ")
		case single:
			mark = screen.T("( ) ")
		case on:
			mark = screen.T("[x] ")
		}
		style := plain
		if f.Comp.Disabled() {
			style = muted
		}
		line := screen.Line{}.Pad(w.in).Add(style, mark).Add(style, clean(valueWords(o.Label)))
		if o.Description != "" {
			line = line.To(max(line.Width()+2, min(w.column+12, w.w/2))).Muted(clean(o.Description))
		}
		w.stop(line.Fit(w.w-2), at, k, here && k == f.Row)
	}
	switch rest := len(shown) - from - most; {
	case rest > 0:
		w.add(screen.Line{}.Pad(w.in + 1).Muted(clean("↓ " + model.Number(rest) + " more")))
	case len(shown) == 0:
		w.add(screen.Line{}.Pad(w.in + 1).Muted(clean(`nothing matches "` + f.Text + `"`)))
	}
	if note := countWords(f); note != "" {
		w.add(screen.Line{}.Pad(w.in + 1).Muted(clean(note)))
	}
}

func optionCount(f *model.RunField) int {
	switch p := f.Comp.Props.(type) {
	case *schema.SelectSingle:
		return len(p.Options)
	case *schema.SelectMultiple:
		return len(p.Options)
	}
	return 0
}

// countWords tell how many options are chosen, and may be.
func countWords(f *model.RunField) string {
	p, ok := f.Comp.Props.(*schema.SelectMultiple)
	if !ok {
		return ""
	}
	text := model.Number(len(f.Chosen)) + " chosen"
	if limits := limitWords(p.MinSelections, p.MaxSelections); limits != "" {
		text += "   choose " + limits
	}
	return text
}

func limitWords(least, most *int) string {
	switch {
	case least != nil && most != nil && *least == *most:
		return model.Number(*least)
	case least != nil && most != nil:
		return model.Number(*least) + " to " + model.Number(*most)
	case least != nil:
		return model.Number(*least) + " or more"
	case most != nil:
		return "at most " + model.Number(*most)
	}
	return ""
}
