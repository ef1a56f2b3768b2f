package ui

import (
	"ioscope/model"
	"ioscope/ui/screen"
)

// The rows of a returned value: what stands at their right, what is sought in them,
// and how long ones wrap.

// valueLine draws a row of a tree with its type at the right, or with what is wrong
// with it, which goes before the value where there is no room for both.
func valueLine(r model.TreeRow, names, w int, find *model.Filter) screen.Line {
	note := rowNote(r)
	if r.Mark == model.NoMark && treeWidth(r, names, w)+2+note.Width() > w {
		note = screen.Line{}
	}
	room := w
	if note.Width() > 0 {
		note = note.Fit(min(note.Width(), max(w*2/3, 1)))
		room = max(w-note.Width()-2, 0)
	}
	line := treeLineOf(r, names, room, w)
	if r.Sought(find) {
		line = marked(line, find)
	}
	if note.Width() > 0 {
		line = line.Pad(2).Plus(note)
	}
	return line.Fit(w)
}

// rowNote is what the signature says of a row.
func rowNote(r model.TreeRow) screen.Line {
	switch {
	case r.Says == "":
		return screen.Line{}
	case r.Mark == model.WrongMark:
		return screen.L(bad, clean("✗ "+r.Says))
	case r.Mark == model.ExtraMark:
		return screen.L(warn, clean("! "+r.Says))
	}
	return screen.L(muted, clean(r.Says))
}

// treeWidth is how many cells a row takes where nothing is cut, in a tree of w cells.
func treeWidth(r model.TreeRow, names, w int) int {
	n := treeIndent(r.Depth, w) + 2
	if name := memberName(r); name != "" {
		n = max(n+names, n+clean(name).Width()) + 2
	}
	if len(r.Summary) > 1000 {
		return n + len(r.Summary)
	}
	n += clean(r.Summary).Width()
	if when, ok := dateIn(r); ok {
		n += clean(when).Width() + 4
	}
	return n
}

// wrappedBytes is how much of a value shows when it wraps.
const wrappedBytes = 16 << 10

// wrapped draws a row on as many lines as its value needs, at most the given number.
func wrapped(r model.TreeRow, names, w, most int, find *model.Filter) []screen.Line {
	if r.Foldable || r.Kind >= model.MoreValue || treeWidth(r, names, w) <= w {
		return []screen.Line{valueLine(r, names, w, find)}
	}
	head := r
	head.Summary = ""
	start := screen.Line{}.Plus(treeLine(head, names, w))
	indent := treeIndent(r.Depth, w) + 2
	if name := memberName(r); name != "" {
		indent = max(indent+names, indent+min(clean(name).Width(), max(w/2, 8))) + 2
	}
	if indent > w/2 {
		// The name takes the room: the value begins below it.
		indent = min(treeIndent(r.Depth, w)+4, w/2)
	} else {
		start = start.Cells(0, indent)
	}
	text := string(r.Raw[:min(len(r.Raw), wrappedBytes)])
	if len(r.Raw) > wrappedBytes {
		text += "…"
	}
	parts := clean(text).Wrap(max(w-indent, 1))
	style := valueStyle(r.Kind, false)
	var lines []screen.Line
	if start.Width() > indent {
		lines = append(lines, start.Fit(w))
		start = screen.Line{}.Pad(indent)
	}
	for i, p := range parts {
		line := start.Fit(indent).Add(style, p).Fit(w)
		if !find.Empty() {
			line = marked(line, find)
		}
		lines = append(lines, line)
		start = screen.Line{}.Pad(indent)
		if len(lines) == most && i+1 < len(parts) {
			lines[len(lines)-1] = line.Fit(max(w-1, 0)).Muted(screen.T("…")).Fit(w)
			break
		}
	}
	if note := rowNote(r); r.Mark != model.NoMark {
		lines = append(lines, screen.Line{}.Pad(indent).Plus(note).Fit(w))
	}
	return lines
}
