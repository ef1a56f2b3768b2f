package ui

import (
	"strings"

	"ioscope/model"
	"ioscope/ui/screen"
)

// formPage draws a form that fills the workspace.
func (a *App) formPage(t *model.Thing, r rect) []screen.Line {
	focused := a.working(t, model.InForm)
	head := a.workTitle(r.w, screen.L(plain, clean(t.Def.Name)), a.formTabs(t, focused), focused)
	return append([]screen.Line{head}, a.formLines(t, r.w, r.h-1, r.x, r.y+1)...)
}

// formLines draws the form of a call or a subscription.
func (a *App) formLines(t *model.Thing, w, h, x, y int) []screen.Line {
	button := sheetButton{stop: model.StopSend, words: "Send", key: a.keyFor("form.send")}
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
	until int                     // the last line that belongs to it
	// tells is what is to be said of the focused stop in full.
	tells []screen.Line
}

func (f *formWriter) draw(w, h, x, y int) []screen.Line {
	f.w, f.in = w, f.a.indent()-1
	f.stops, f.texts = map[int]model.FieldPath{}, map[int]int{}
	f.write(h)
	about := f.about(h)
	h -= len(about)
	// The reason below a field is part of what the cursor is on.
	at := f.at
	if f.until-f.at < h {
		at = max(f.at, f.until)
	}
	top := f.a.window(f.name, at, len(f.lines), max(h, 1))
	if at < h-2 {
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
	return append(lines[:min(len(lines), max(h, 1)):min(len(lines), max(h, 1))], about...)
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
			f.until = f.at
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
	if why := f.a.keyed(f.s.LacksAt(model.StopTarget)); why != "" {
		f.add(screen.Line{}.Pad(f.in+6).Add(bad, clean("✗ "+why).Cut(max(f.w-f.in-7, 8))), "")
		f.ended(model.StopTarget)
		f.tell(model.StopTarget, bad, "✗ "+why, f.w-f.in-7)
	}
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
		why := f.s.WrongAt(stop)
		if why == "" {
			why = f.t.TimeoutFault(stop, f.s.Focus == stop)
		}
		if why != "" {
			f.add(screen.Line{}.Pad(f.in+6).Add(bad, clean("✗ "+why).Cut(max(f.w-f.in-7, 8))), "")
			f.ended(stop)
			f.tell(stop, bad, "✗ "+why, f.w-f.in-7)
		}
	}
}
