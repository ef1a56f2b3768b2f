package ui

import (
	"slices"
	"strings"
	"unicode/utf8"

	"ioscope/client/bus"
	"ioscope/model"
	"ioscope/ui/screen"
)

// formPage draws a form that fills the workspace.
func (a *App) formPage(t *model.Thing, r rect) []screen.Line {
	focused := a.working(t, model.InForm)
	head := title(r.w, digits[0], screen.L(plain, clean(t.Def.Name)), a.formTabs(t, focused), focused)
	return append([]screen.Line{head}, a.formLines(t, r.w, r.h-1, r.x, r.y+1)...)
}

// formLines draws the form of a call or a subscription.
func (a *App) formLines(t *model.Thing, w, h, x, y int) []screen.Line {
	button := sheetButton{stop: model.StopSend, words: "Send", key: "ctrl+s"}
	if t.Stream() {
		button.words = "Subscribe"
	} else if n := len(a.state.Reach(t)); n > 0 {
		button.note = "sends to " + model.Count(n, "server")
	}
	if len(a.state.Reach(t)) == 0 {
		button.note = "waits for a server, at most " + t.Wait
	}
	f := &formWriter{
		a: a, s: &t.Sheet, t: t, name: "form" + t.Def.Name, active: a.working(t, model.InForm),
		here: a.state.Focus == model.Workspace, buttons: []sheetButton{button},
		unsent: "Nothing is sent until they are right.",
	}
	return f.draw(w, h, x, y)
}

// sheetLook is how a form is drawn that belongs to no call.
type sheetLook struct {
	// name tells its place of scrolling from others.
	name string
	// active is true when it has the keyboard.
	active bool
	// buttons stand below the fields; their stops are the sheet's Foot.
	buttons []sheetButton
	// none is said of a form without fields, unsent under what is wrong.
	none, unsent string
}

// sheetButton is a button of a form.
type sheetButton struct {
	stop  model.FieldPath
	words string
	// key presses it from anywhere in the form; note says what it does.
	key, note string
}

// sheetLines draws a form in h rows, scrolled so that the focused stop is seen.
func (a *App) sheetLines(s *model.Sheet, look sheetLook, r rect) []screen.Line {
	f := &formWriter{
		a: a, s: s, name: look.name, active: look.active && len(a.dialogs) == 0, here: look.active,
		buttons: look.buttons, none: look.none, unsent: look.unsent,
	}
	return f.draw(r.w, r.h, r.x, r.y)
}

// formTabs tells which side of the form is shown.
func (a *App) formTabs(t *model.Thing, focused bool) screen.Line {
	on := bold
	if focused {
		on = screen.Strong(screen.Accent)
	}
	form, json := screen.T("form"), screen.T("json")
	if a.painter.Plain() {
		// Without colours the side that is shown needs a sign.
		form, json = screen.T("[form]"), screen.T("[json]")
	}
	switch {
	case t.Form.JSONOnly:
		return screen.L(on, json)
	case t.Form.Mode() == model.JSONMode:
		return screen.L(muted, screen.T("form · ")).Add(on, json)
	}
	return screen.L(on, form).Muted(screen.T(" · json"))
}

// formWriter lays a form out: labels, stars, fields, types, reasons.
type formWriter struct {
	a *App
	s *model.Sheet
	// t is the call or subscription that it belongs to; nil for other forms.
	t            *model.Thing
	name         string
	active, here bool
	buttons      []sheetButton
	none, unsent string

	w     int
	in    int // indent, without the gutter
	field int // column of the fields
	lines []screen.Line
	stops map[int]model.FieldPath // line → stop, for clicks
	texts map[int]int             // line → line of the JSON text, for clicks
	at    int                     // line of the focused stop
}

func (f *formWriter) draw(w, h, x, y int) []screen.Line {
	f.w, f.in = w, f.a.indent()-1
	f.stops, f.texts = map[int]model.FieldPath{}, map[int]int{}
	f.write(h)
	top := f.a.window(f.name, f.at, len(f.lines), max(h, 1))
	if f.at < h-2 {
		top = 0
	}
	f.a.tops[f.name] = top
	lines := f.lines[top:]
	for i := range min(len(lines), h) {
		if stop, ok := f.stops[top+i]; ok {
			line, ofText := f.texts[top+i]
			f.a.click(rect{x, y + i, w, 1}, model.Workspace, func(a *App) {
				a.clickStop(f.s, stop)
				if ofText {
					a.load()
					a.toLine(line)
				}
			})
		}
	}
	return lines
}

func (f *formWriter) write(h int) {
	now := f.a.state.Now
	f.blank()
	if f.t != nil {
		f.targetLine()
		f.timeoutLine()
		f.blank()
	}
	if f.s.Form.Mode() == model.JSONMode {
		f.jsonLines(h)
	} else {
		rows := f.s.Form.Rows(now)
		f.field = fieldColumn(rows, f.in, f.w)
		for _, row := range rows {
			f.row(row)
		}
		if len(rows) == 0 {
			none := f.none
			if none == "" {
				none = "takes no arguments"
			}
			f.add(screen.Line{}.Pad(f.in).Muted(clean(none)), "")
		}
	}
	f.extras()
	f.blank()
	f.faults()
	f.buttonLine()
}

func (f *formWriter) blank() { f.lines = append(f.lines, screen.Line{}) }

// add adds a line that belongs to a stop of the form, with the cursor's bar
// where the keyboard is at it.
func (f *formWriter) add(line screen.Line, stop model.FieldPath) {
	here := stop != "" && f.s.Focus == stop && f.here
	if stop != "" {
		f.stops[len(f.lines)] = stop
		if f.s.Focus == stop {
			f.at = len(f.lines)
		}
	}
	bar := screen.Line{}.Pad(1)
	if here {
		bar = screen.L(accent, screen.T("▌"))
	}
	f.lines = append(f.lines, bar.Plus(line).Fit(f.w))
}

func (f *formWriter) focused(stop model.FieldPath) bool {
	return f.s.Focus == stop && f.active
}

// box draws a value on the ground of a field, in n cells.
func (f *formWriter) box(value screen.Line, n int, focused bool) screen.Line {
	if f.a.painter.Plain() {
		open, shut := screen.T(" "), screen.T(" ")
		if focused {
			open, shut = screen.T("["), screen.T("]")
		}
		return screen.L(plain, open).Plus(value.Fit(n - 2)).Fg(shut)
	}
	ground := screen.Surface
	if focused {
		ground = screen.Sel
	}
	return value.Fit(n).On(ground)
}

func (f *formWriter) targetLine() {
	at := f.focused(model.StopTarget)
	word := screen.L(plain, clean(" "+model.TargetWord(f.t.Target)+" "))
	line := screen.Line{}.Pad(f.in).Muted(screen.T("To")).To(f.in + 7).Plus(f.box(word, min(word.Width(), 24)+2, at)).Pad(1)
	reach := f.a.state.Reach(f.t)
	if len(reach) == 0 {
		line = line.Add(warn, screen.T("reaches nobody now; it waits"))
	} else {
		names := make([]string, len(reach))
		for i, s := range reach {
			names[i] = s.Instance.Name()
		}
		line = line.Muted(screen.T("will reach ")).Fg(clean(strings.Join(names, ", ")))
	}
	if !f.t.Remembered.IsZero() {
		note := screen.L(muted, clean("remembered from "+f.t.Remembered.Format("15:04")+"  "))
		if line.Width()+note.Width()+2 < f.w {
			line = line.Ends(note, f.w-1)
		}
	}
	f.add(line, model.StopTarget)
}

func (f *formWriter) timeoutLine() {
	field := func(stop model.FieldPath, text string) screen.Line {
		value := screen.L(plain, clean(text))
		if f.focused(stop) {
			value = f.a.inputText(8)
		}
		return f.box(screen.Line{}.Pad(1).Plus(value), 9, f.focused(stop))
	}
	line := screen.Line{}.Pad(f.in).Muted(screen.T("Wait")).To(f.in + 7).Plus(field(model.StopWait, f.t.Wait)).
		Pad(3).Muted(screen.T("Answer within ")).Plus(field(model.StopAnswer, f.t.Answer))
	f.stops[len(f.lines)] = model.StopWait
	if f.s.Focus == model.StopWait || f.s.Focus == model.StopAnswer {
		f.add(line, f.s.Focus)
	} else {
		f.add(line, model.StopWait)
	}
	for _, stop := range []model.FieldPath{model.StopWait, model.StopAnswer} {
		if why := f.s.WrongAt(stop); why != "" {
			f.add(screen.Line{}.Pad(f.in+6).Add(bad, clean("✗ "+why)), "")
		}
	}
}

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
		f.add(line.Muted(screen.T("+ ")).Add(label, clean(r.Label)).Pad(3).Muted(screen.T("ctrl+n")), r.Path)
		return
	}
	star := screen.T(" ")
	if r.Required && r.Kind != model.RowItem {
		star = screen.T("*")
	}
	line = line.Add(label, clean(r.Label).CutMiddle(max(f.field-3-line.Width(), 4))).To(f.field-3).Add(accent, star).To(f.field - 1)
	line = line.Plus(f.value(r))
	kind := screen.L(muted, clean(r.Type)).Pad(2)
	if r.CanMoveUp || r.CanMoveDown {
		kind = screen.L(muted, screen.T("alt+↑↓ moves")).Pad(2)
	}
	f.add(line.Ends(kind, f.w-1), r.Path)
	if r.Err == "" && f.t == nil {
		r.Err = f.s.WrongAt(r.Path) // what only who asks can tell
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
		at = max(min(at+clean(string(before[:r.At-1])).Width(), f.w-words.Width()-2), f.in)
	}
	f.add(screen.Line{}.Pad(at).Add(bad, words.Cut(max(f.w-at-2, 8))), "")
}

// value draws what stands in the field's column of a row.
func (f *formWriter) value(r model.FormRow) screen.Line {
	focused := f.focused(r.Path)
	n := min(32, max(f.w-f.field-12, 8))
	switch r.Kind {
	case model.RowBool:
		return f.box(f.boolValue(r), n, focused)
	case model.RowGroup, model.RowItem:
		return f.groupValue(r)
	case model.RowField, model.RowAdd:
	}
	if r.Hint != "" {
		n = min(n, 20)
	}
	value := screen.L(plain, clean(brief(r.Text, n)))
	switch {
	case model.Large(r.Text):
		value = screen.L(muted, clean(model.Bytes(len(r.Text))+"  F4 edits")).Pad(2).Fg(clean(brief(r.Text, n)))
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
		f.add(screen.Line{}.Pad(f.in).Muted(clean(model.Bytes(len(text))+", "+model.Count(len(lines), "line"))).Pad(2).Add(accent, screen.T("F4")).Muted(screen.T(" edits it in $EDITOR  ")).Add(accent, screen.T("ctrl+k")).Muted(screen.T(" clears it")), model.StopJSON)
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
		f.add(screen.Line{}.Pad(f.in).Add(bad, clean("✗ "+joined("; ", broken.Error(), f.s.Form.Hint())).Cut(max(f.w-f.in-2, 8))), "")
	}
	if note := f.s.Form.Note(); note != "" {
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
	words := clean("↑ " + joined("; ", broken.Reason, f.s.Form.Hint())).Cut(max(width, 8))
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

// instanceNames writes names, the first few of many.
func instanceNames(list []bus.Instance, most int) string {
	var names []string
	for i, s := range list {
		if i == most {
			names = append(names, model.Number(len(list)-most)+" more")
			break
		}
		names = append(names, s.Name())
	}
	return strings.Join(names, ", ")
}
