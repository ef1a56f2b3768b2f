package ui

import (
	"slices"
	"strings"
	"unicode/utf8"

	"ioscope/model"
	"ioscope/ui/screen"
)

// jsonLines draws the JSON side, with line numbers and the text cursor.
func (f *formWriter) jsonLines(h int) {
	text := f.s.Form.JSON(f.a.state.Now)
	typing := f.focused(model.StopJSON)
	if f.s.Form.Reason != "" {
		for _, l := range clean(f.s.Form.Reason).Wrap(f.w - 5) {
			f.add(screen.Line{}.Pad(f.in).Add(warn, l), "")
		}
		f.blank()
	}
	lines := f.a.linesOf(text)
	large := f.s.Form.Large()
	at, column := 0, 0
	if large {
		f.add(screen.Line{}.Pad(f.in).Muted(clean(model.Bytes(len(text))+", "+model.Count(len(lines), "line"))).Pad(2).Plus(f.a.keySign("edit.field")).Muted(screen.T(" edits it in $EDITOR  ")).Plus(f.a.keySign("text.cut-end")).Muted(screen.T(" clears it")), model.StopJSON)
		at = -1
	}
	if typing && !large {
		at, column = f.a.area.Line(), f.a.area.LineInfo().StartColumn+f.a.area.LineInfo().ColumnOffset
	}
	// A text of many lines shows its part around the cursor.
	room := max(h-12, 4)
	top := f.a.window("json", at, len(lines), room)
	broken, told := f.s.Form.Broken(), false
	for i := top; i < min(top+room, len(lines)); i++ {
		number := screen.L(muted, right(itoa(int64(i+1)), 4)).Pad(2)
		width := f.w - number.Width() - 2
		line := screen.L(plain, clean(brief(lines[i], width)))
		if typing && i == at {
			line = f.a.cursorText([]rune(lines[i]), column, width)
		}
		stop := model.FieldPath("")
		if i == at {
			stop = model.StopJSON
		}
		f.texts[len(f.lines)] = i
		f.add(number.Plus(line.Fit(width)), stop)
		if stop == "" {
			f.stops[len(f.lines)-1] = model.StopJSON
		}
		if broken != nil && broken.Line == i+1 {
			f.add(f.pointer(broken, width), "")
			told = true
		}
	}
	if rest := len(lines) - top - room; rest > 0 {
		f.add(screen.Line{}.Pad(6).Muted(clean("↓ "+model.Count(rest, "more line"))), "")
	}
	if broken != nil && !told {
		f.add(screen.Line{}.Pad(f.in).Add(bad, clean("✗ "+joined("; ", broken.Error(), f.a.keyed(f.s.Form.Hint()))).Cut(max(f.w-f.in-2, 8))), "")
	}
	if way := f.a.keyed(f.s.Form.WayBack()); way != "" {
		f.blank()
		f.add(screen.Line{}.Pad(f.in).Muted(clean(way).Cut(max(f.w-f.in-2, 8))), "")
	}
	if note := f.a.keyed(f.s.Form.Note()); note != "" {
		f.blank()
		for i, l := range clean(note).Wrap(max(f.w-f.in-4, 8)) {
			sign := screen.T("  ")
			if i == 0 {
				sign = screen.T("✓ ")
			}
			f.add(screen.Line{}.Pad(f.in).Add(okay, sign).Fg(l), "")
		}
	}
}

// pointer points at the character that breaks the JSON, and says what it is and
// which key helps.
func (f *formWriter) pointer(broken *model.JSONError, width int) screen.Line {
	words := clean("↑ " + joined("; ", broken.Reason, f.a.keyed(f.s.Form.Hint()))).Cut(max(width, 8))
	return screen.Line{}.Pad(5+min(max(broken.Column-1, 0), max(width-words.Width(), 0))).Add(bad, words)
}

// joined joins the texts that are not empty.
func joined(sep string, texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(s string) bool { return s == "" }), sep)
}

// brief is the beginning of a text, as much of it as n cells may need: what is
// not seen is not worth being looked at.
func brief(s string, n int) string {
	if most := 16*max(n, 0) + 64; len(s) > most {
		for most > 0 && !utf8.RuneStart(s[most]) {
			most--
		}
		return s[:most] + "…"
	}
	return s
}

// linesOf are the lines of a text. They are kept, since a long text stays the same
// over many frames.
func (a *App) linesOf(text string) []string {
	if a.split.lines == nil || a.split.text != text {
		a.split.text, a.split.lines = text, strings.Split(text, "\n")
	}
	return a.split.lines
}
