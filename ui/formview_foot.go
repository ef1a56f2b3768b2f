package ui

import (
	"strings"

	"ioscope/model"
	"ioscope/ui/screen"
)

// extras names members that the signature does not know.
func (f *formWriter) extras() {
	if f.s.Form.JSONOnly {
		return
	}
	for i, path := range f.s.Form.Extras() {
		if i == 0 {
			f.blank()
		}
		f.add(screen.Line{}.Pad(f.in).Add(warn, screen.T("! ")).Fg(clean(path.Words())).Muted(screen.T(" is not in the signature; it will be sent as it is")), "")
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
	f.add(screen.Line{}.Pad(f.in).Muted(clean(f.unsent)), "")
	f.blank()
}

func stopName(p model.FieldPath) string {
	switch p {
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
