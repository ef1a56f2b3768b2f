package ui

import (
	"slices"
	"strings"

	"ioscope/model"
	"ioscope/ui/screen"
)

// extras names members that the signature does not know.
func (f *formWriter) extras() {
	switch {
	case f.s.Form.JSONOnly:
		return
	case f.s.Form.Mode() == model.JSONMode && f.s.Form.Broken() == nil && !f.s.Form.Large():
		f.marks()
		return
	}
	for i, path := range f.s.Form.Extras() {
		if i == 0 {
			f.blank()
		}
		f.add(screen.Line{}.Pad(f.in).Add(warn, screen.T("! ")).Fg(clean(path.Words())).Muted(screen.T(" is not in the signature; it will be sent as it is")), "")
	}
}

// marksMost is how many marks of the JSON side are told at once.
const marksMost = 5

// marks tells which lines of the JSON side do not fit the signature.
func (f *formWriter) marks() {
	marks := f.s.Form.Marks()
	for i, m := range marks {
		if i == 0 {
			f.blank()
		}
		if i == marksMost && len(marks) > marksMost+1 {
			f.add(screen.Line{}.Pad(f.in+2).Muted(clean(model.Number(len(marks)-i)+" more")), "")
			return
		}
		sign := screen.L(bad, screen.T("✗ "))
		what := screen.L(bad, clean(m.Reason))
		if m.Reason == "" {
			sign = screen.L(warn, screen.T("! "))
			what = screen.L(muted, screen.T("is not in the signature; it will be sent as it is"))
		}
		line := screen.Line{}.Pad(f.in).Plus(sign).Muted(clean("line " + model.Number(m.Line))).Pad(2).Fg(clean(m.Path.Words())).Pad(1)
		f.add(line.Plus(what), "")
	}
}

func (f *formWriter) faults() {
	if len(f.s.Wrong) == 0 {
		return
	}
	names := make([]string, len(f.s.Wrong))
	for i, w := range f.s.Wrong {
		names[i] = stopName(w.Path)
	}
	line := screen.Line{}.Pad(f.in).Add(bad, clean(model.Count(len(names), "field")+" to fix")).Pad(2).Muted(clean(strings.Join(names, ", ")))
	f.add(line, "")
	f.missing()
	f.add(screen.Line{}.Pad(f.in).Muted(clean(f.unsent)), "")
	f.blank()
}

// missing tells what the JSON side lacks, which has no line to be marked at, and which
// variables have no value in members that have no field.
func (f *formWriter) missing() {
	inJSON := f.s.Form.Mode() == model.JSONMode
	marked := map[model.FieldPath]bool{model.StopJSON: true}
	for _, m := range f.s.Form.Marks() {
		marked[m.Path] = true
	}
	told := f.s.Stops(f.a.state.Now)
	n := 0
	for _, w := range f.s.Wrong {
		if w.Lacks == "" && (!inJSON || marked[w.Path]) || w.Lacks != "" && slices.Contains(told, w.Path) {
			continue
		}
		if w.Lacks != "" {
			w.Reason = f.a.keyed(w.Reason)
		}
		if n++; n <= marksMost {
			f.add(screen.Line{}.Pad(f.in).Add(bad, screen.T("✗ ")).Fg(clean(stopName(w.Path))).Pad(1).Add(bad, clean(w.Reason)), "")
		}
	}
}

func stopName(p model.FieldPath) string {
	switch p {
	case model.StopTarget:
		return "target"
	case model.StopWait:
		return "wait"
	case model.StopAnswer:
		return "answer within"
	case model.StopJSON:
		return "JSON"
	}
	return p.Words()
}

func (f *formWriter) buttonLine() {
	line := screen.Line{}.Pad(f.in)
	here := f.buttons[0].stop
	for i, b := range f.buttons {
		label := screen.L(plain, clean("[ "+b.words+" ]"))
		if f.focused(b.stop) {
			label = screen.L(screen.Style{Role: screen.Ink, Ground: screen.Button, Bold: true}, clean("[> "+b.words+" <]"))
		}
		if f.s.Focus == b.stop {
			here = b.stop
		}
		if i > 0 {
			line = line.Pad(3)
		}
		line = line.Plus(label)
		if b.key != "" {
			line = line.Pad(1+2/len(f.buttons)).Add(accent, clean(b.key))
		}
		if b.note != "" {
			line = line.Pad(3).Muted(clean(b.note))
		}
	}
	f.add(line, here)
}
