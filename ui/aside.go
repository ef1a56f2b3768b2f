package ui

import (
	"ioscope/model"
	"ioscope/ui/screen"
)

// asideLines tell what was done around a call: a third of the pane at most.
func asideLines(t *model.Thing, r rect) []screen.Line {
	var lines []screen.Line
	most := max(r.h/3, 1)
	for i, said := range t.Asides {
		if len(lines) == most-1 && i < len(t.Asides)-1 {
			return append(lines, screen.Line{}.Pad(2).Muted(clean("and "+model.Number(len(t.Asides)-i)+" more")))
		}
		style, sign := okay, screen.T("✓ ")
		switch said.Kind {
		case model.AsideNote:
			style, sign = warn, screen.T("! ")
		case model.AsideBad:
			style, sign = bad, screen.T("✗ ")
		}
		lines = append(lines, screen.Line{}.Pad(2).Add(style, sign).Fg(clean(said.Text).Cut(max(r.w-5, 1))))
	}
	return lines
}
