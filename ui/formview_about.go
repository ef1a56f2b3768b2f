package ui

import (
	"ioscope/model"
	"ioscope/ui/screen"
)

// What is said of the field that the keyboard is at stands below the form: what it
// is for, how it is written, and in full what the row had to cut. There it moves
// nothing, and a narrow screen has room for it.

// aboutRows is how many rows are taken from the form for that, where it has no rows
// to spare.
func aboutRows(h int) int {
	switch {
	case h < 5:
		return 0
	case h < 12:
		return 2
	}
	return 3
}

// aboutMost is how many rows it takes at most.
const aboutMost = 3

// about are the lines below the form, of which h fit. What fits decides, not h: a form
// is measured with much room and drawn with as much as it took.
func (f *formWriter) about(h int) []screen.Line {
	spare := h - len(f.lines)
	most := min(max(spare, aboutRows(h)), aboutMost)
	if !f.active || len(f.tells) == 0 || most == 0 {
		return nil
	}
	lines := f.tells
	if len(lines) > most {
		lines = append(lines[:most-1:most-1], lines[most-1].Fit(f.w-3).Muted(screen.T("…")))
	}
	if len(lines) < max(spare, aboutRows(h)) && h >= 12 || len(lines) < spare {
		lines = append([]screen.Line{{}}, lines...)
	}
	for i, l := range lines {
		lines[i] = l.Fit(f.w)
	}
	return lines
}

// ended notes that the last line belongs to a stop.
func (f *formWriter) ended(stop model.FieldPath) {
	if f.s.Focus == stop {
		f.until = len(f.lines) - 1
	}
}

// tell says something of a stop below the form, where the room that it had was too
// little; 0 for none. It comes before what was told already.
func (f *formWriter) tell(stop model.FieldPath, style screen.Style, words string, room int) {
	text := clean(words)
	if f.s.Focus != stop || text.Width() <= room {
		return
	}
	var lines []screen.Line
	for _, l := range text.Wrap(max(f.w-f.in-2, 8)) {
		lines = append(lines, screen.Line{}.Pad(f.in+1).Add(style, l))
	}
	f.tells = append(lines, f.tells...)
}

// describe tells of a row what it is for and how it is written. line is the row as
// far as it goes before its type.
func (f *formWriter) describe(r model.FormRow, line screen.Line) {
	words := r.Description
	if r.Example != "" && (r.Text == "" || r.Err != "") {
		words = joined("; ", words, "like "+r.Example)
	}
	if words != "" {
		f.tell(r.Path, muted, words, 0)
	}
	if room := f.w - 2 - clean(r.Type).Width(); r.Hint != "" && line.Width() > room {
		f.tell(r.Path, muted, r.Hint, 0)
	}
	if name := clean(r.Label); name.Width() > max(f.field-3-f.in-2*r.Depth, 4) {
		f.tell(r.Path, plain, r.Label, 0)
	}
}
