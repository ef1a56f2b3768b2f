package ui

import (
	"ioscope/model"
	"ioscope/ui/screen"
)

// fieldColumn is where the fields of a form begin.
func fieldColumn(rows []model.FormRow, indent, w int) int {
	longest := 0
	for _, r := range rows {
		if r.Kind != model.RowAdd {
			longest = max(longest, 2*r.Depth+clean(r.Label).Width())
		}
	}
	return min(max(longest+indent+6, indent+10), 26, max(w/2, 10))
}

func (f *formWriter) row(r model.FormRow) {
	line := screen.Line{}.Pad(f.in + 2*r.Depth)
	if r.Kind == model.RowGroup || r.Kind == model.RowItem {
		fold := screen.T("▾ ")
		if r.Folded {
			fold = screen.T("▸ ")
		}
		line = line.Muted(fold)
	}
	label := plain
	if r.Kind == model.RowItem || r.Kind == model.RowAdd {
		label = muted
	}
	if r.Kind == model.RowAdd {
		f.add(line.Muted(screen.T("+ ")).Add(label, clean(r.Label)).Pad(3).Muted(clean(f.a.keyFor("form.add"))), r.Path)
		return
	}
	star := screen.T(" ")
	if r.Required && r.Kind != model.RowItem {
		star = screen.T("*")
	}
	line = line.Add(label, clean(r.Label).CutMiddle(max(f.field-3-line.Width(), 4))).To(f.field-3).Add(accent, star).To(f.field - 1)
	line = line.Plus(f.value(r))
	f.describe(r, line)
	kind := screen.L(muted, clean(r.Type)).Pad(2)
	if r.CanMoveUp || r.CanMoveDown {
		kind = screen.L(muted, clean(f.a.keyPair("form.item-up", "form.item-down")+" moves")).Pad(2)
	}
	f.add(line.Ends(kind, f.w-1), r.Path)
	if r.Err == "" && f.t == nil {
		r.Err = f.s.WrongAt(r.Path) // what only who asks can tell
	}
	if why := f.s.LacksAt(r.Path); why != "" {
		r.Err, r.At = f.a.keyed(why), 0
	}
	if r.Err == "needed" && r.Kind == model.RowBool {
		r.Err += "; " + f.a.keyFor("form.toggle") + " sets it"
	}
	if r.Err != "" {
		f.reason(r)
	}
}

// reason says below a field what is wrong with it, at the character where that is
// known.
func (f *formWriter) reason(r model.FormRow) {
	words, at := clean("✗ "+r.Err), f.field-1
	if before := []rune(r.Text); r.At > 0 && r.At <= len(before)+1 {
		words = clean("↑ " + r.Err)
		n := f.fieldWidth(r)
		seen := clean(string(before[:r.At-1])).Width() - f.scrolled(r, n)
		at = max(min(at+min(max(seen, 0), n-1), f.w-words.Width()-2), f.in)
	}
	f.add(screen.Line{}.Pad(at).Add(bad, words.Cut(max(f.w-at-2, 8))), "")
	f.ended(r.Path)
	f.tell(r.Path, bad, "✗ "+r.Err, f.w-at-2)
}

// fieldWidth is how wide the field of a row is.
func (f *formWriter) fieldWidth(r model.FormRow) int {
	n := min(32, max(f.w-f.field-12, 8))
	if r.Hint != "" && r.Kind == model.RowField {
		n = min(n, 20)
	}
	return n
}

// scrolled is how many cells of a text are off the left end of its field, because
// its cursor is farther right than the field is wide.
func (f *formWriter) scrolled(r model.FormRow, n int) int {
	if !f.focused(r.Path) {
		return 0
	}
	runes := []rune(f.a.line.Value())
	return max(clean(string(runes[:min(f.a.line.Position(), len(runes))])).Width()-n+1, 0)
}

// value draws what stands in the field's column of a row.
func (f *formWriter) value(r model.FormRow) screen.Line {
	focused := f.focused(r.Path)
	n := f.fieldWidth(r)
	switch r.Kind {
	case model.RowBool:
		return f.box(f.boolValue(r), n, focused)
	case model.RowGroup, model.RowItem:
		return f.groupValue(r)
	case model.RowField, model.RowAdd:
	}
	value := screen.L(plain, clean(brief(r.Text, n)))
	switch {
	case model.Large(r.Text):
		value = screen.L(muted, clean(model.Bytes(len(r.Text))+"  "+f.a.keyFor("edit.field")+" edits")).Pad(2).Fg(clean(brief(r.Text, n)))
	case focused && (r.Present || r.Required || f.a.line.Value() != ""):
		value = f.a.inputText(n)
	case !r.Present:
		value = screen.L(muted, clean(r.Placeholder))
	}
	line := f.box(value, n, focused)
	if r.Hint != "" {
		line = line.Pad(2).Muted(clean(r.Hint))
	}
	return line
}

func (f *formWriter) boolValue(r model.FormRow) screen.Line {
	switch {
	case !r.Present:
		return screen.L(muted, clean(r.Placeholder))
	case r.On:
		return screen.L(plain, screen.T("[x] true"))
	}
	return screen.L(plain, screen.T("[ ] false"))
}

func (f *formWriter) groupValue(r model.FormRow) screen.Line {
	switch {
	case !r.Present && r.Placeholder != "":
		return screen.L(muted, clean(r.Placeholder))
	case r.Count != "":
		return screen.L(plain, clean(r.Count))
	case r.Folded:
		return screen.L(muted, clean(brief(r.Text, f.w)).Cut(max(f.w-f.field-14, 8)))
	}
	return screen.Line{}
}
