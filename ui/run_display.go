package ui

import (
	"ioscope/client/interval/schema"
	"ioscope/model"
	"ioscope/ui/screen"
)

// displays draws a step that only shows something.
func (w *runWriter) displays(i int, step *model.Step) {
	if w.outdated(i, step) {
		return
	}
	for j, f := range step.Fields {
		if f.Comp.Method().Display() {
			w.display(model.RunStop{Step: i, Field: j}, f)
		} else {
			w.unanswered(f)
		}
	}
}

// unanswered is the line of a question that the end of the run took away.
func (w *runWriter) unanswered(f *model.RunField) {
	line := screen.Line{}.Pad(w.in + 1).Muted(screen.T("· "))
	at := min(max(29, w.w/3), 39)
	label := clean(f.Comp.Label)
	w.add(line.Muted(label.Cut(max(min(at, w.w-16)-line.Width()-2, 4))).To(min(at, w.w-14)).Muted(screen.T("not answered")))
}

// outdated reports a progress that a later one has taken the place of.
func (w *runWriter) outdated(i int, step *model.Step) bool {
	if len(step.Fields) != 1 || step.Fields[0].Comp.Method() != schema.DisplayProgressStepsMethod {
		return false
	}
	for _, later := range w.run.Steps[i+1:] {
		if f := later.Fields[0]; len(later.Fields) == 1 && f.Comp.Method() == schema.DisplayProgressStepsMethod && f.Comp.Label == step.Fields[0].Comp.Label {
			return true
		}
	}
	return false
}

// display draws a component that shows something.
func (w *runWriter) display(at model.RunStop, f *model.RunField) {
	switch p := f.Comp.Props.(type) {
	case *schema.DisplayHeading:
		w.heading(at, f, p)
	case *schema.DisplayMarkdown:
		w.markdown(f.Comp.Label, 0)
		w.blank()
	case *schema.DisplayHTML:
		w.caption(f)
		w.markdown(model.HTMLToMarkdown(p.HTML), 0)
		w.blank()
	case *schema.DisplayCode:
		w.caption(f)
		w.code(p.Code, p.Language, 0)
		w.blank()
	case *schema.DisplayImage:
		w.picture(at, f, p)
	case *schema.DisplayVideo:
		line := screen.Line{}.Pad(w.in).Muted(screen.T("video  ")).Fg(clean(f.Comp.Label)).Pad(2).Add(muted.ToLink(p.URL), clean(p.URL))
		w.openable(line, at)
	case *schema.DisplayLink:
		w.link(at, f, p)
	case *schema.DisplayObject:
		w.caption(f)
		if f.Tree != nil {
			w.tree(f.Tree, at, 16)
		} else {
			w.add(screen.Line{}.Pad(w.in + 3).Muted(screen.T("nothing")))
		}
		w.blank()
	case *schema.DisplayMetadata:
		w.metadata(at, f, p)
	case *schema.DisplayTable, *schema.DisplayGrid:
		w.caption(f)
		if help := helpOf(p); help != "" {
			w.text(muted, help, 0)
		}
		w.table(at, f)
		w.blank()
	case *schema.DisplayProgressSteps:
		w.steps(f, p)
	case *schema.DisplayProgressIndeterminate:
		if over := w.run.Stage == model.RunEnded || at.Step < len(w.run.Steps)-1; over {
			w.add(screen.Line{}.Pad(w.in + 1).Muted(screen.T("· ")).Muted(clean(f.Comp.Label)))
		} else {
			w.add(screen.Line{}.Pad(w.in+1).Add(warn, w.a.spinner()).Pad(1).Fg(clean(f.Comp.Label)))
		}
	case *schema.DisplayProgressThroughList:
		w.through(f, p)
	default:
		w.text(warn, "! This host shows "+string(f.Comp.Method())+", which ioscope does not know.", 0)
	}
	w.problem(f, w.in+1)
	w.ended(at)
}

// caption is the label of a display that has lines of its own.
func (w *runWriter) caption(f *model.RunField) {
	if f.Comp.Label != "" {
		w.text(muted, f.Comp.Label, 0)
	}
}

func (w *runWriter) heading(at model.RunStop, f *model.RunField, p *schema.DisplayHeading) {
	w.blank()
	line := screen.Line{}.Pad(w.in).Add(bold, clean(f.Comp.Label))
	if len(p.MenuItems) > 0 {
		line = w.menuHint(line, at, p.MenuItems)
		w.stop(line, at, -1, true)
	} else {
		for _, part := range clean(f.Comp.Label).Wrap(max(w.w-w.in-3, 4)) {
			w.add(screen.Line{}.Pad(w.in+1).Add(bold, part))
		}
	}
	if p.Description != "" {
		w.text(muted, p.Description, 0)
	}
}

// menuHint names the items of a menu behind a heading.
func (w *runWriter) menuHint(line screen.Line, at model.RunStop, items []schema.MenuItem) screen.Line {
	for _, m := range items {
		style := accent
		switch {
		case m.Disabled:
			style = muted
		case m.Theme == schema.ThemeDanger:
			style = bad
		}
		line = line.Pad(3).Add(style, clean("[ "+m.Label+" ]"))
	}
	if w.run.At == at && w.active {
		line = line.Pad(2).Plus(w.a.keySign("run.open"))
	}
	return line
}

func (w *runWriter) openable(line screen.Line, at model.RunStop) {
	if w.run.At == at && w.active {
		hint := w.a.keySign("run.open").Muted(screen.T(" opens")).Pad(2)
		w.stop(line.Ends(hint, w.w-1), at, -1, true)
		return
	}
	w.stop(line.Fit(w.w-2), at, -1, true)
}

func (w *runWriter) link(at model.RunStop, f *model.RunField, p *schema.DisplayLink) {
	style := accent
	if p.Theme == schema.ThemeDanger {
		style = bad
	}
	to := p.Address()
	line := screen.Line{}.Pad(w.in).Muted(screen.T("→ ")).Add(style.ToLink(to), clean(f.Comp.Label)).Pad(2)
	if to != "" {
		line = line.Add(muted.ToLink(to), clean(to))
	} else {
		line = line.Muted(clean("◆ " + p.Slug()))
	}
	w.openable(line, at)
}

// metadata draws labelled values below each other, or two in a row where there is
// room and the host wants a grid.
func (w *runWriter) metadata(at model.RunStop, f *model.RunField, p *schema.DisplayMetadata) {
	w.caption(f)
	wide := 0
	for _, m := range p.Data {
		wide = max(wide, clean(m.Label).Width())
	}
	wide = min(wide, w.w/3)
	cells := make([]screen.Line, len(p.Data))
	links := false
	for i, m := range p.Data {
		cell := screen.L(muted, clean(m.Label).Cut(wide)).To(wide + 2)
		switch {
		case m.Error != "":
			cell = cell.Add(bad, clean("✗ "+m.Error))
		case m.Loading():
			cell = cell.Add(warn, w.a.spinner())
		case m.Address() != "" || m.Slug() != "":
			links = true
			cell = cell.Plus(leads(accent, firstOf(valueWords(m.Value.Value), firstOf(m.Address(), m.Slug())), m.Address()))
		case m.Image != nil && schema.Missing(m.Value.Value):
			cell = cell.Muted(screen.T("image ")).Fg(clean(firstOf(m.Image.Alt, m.Image.URL)))
		default:
			cell = cell.Plus(screen.L(plain, clean(firstOf(valueWords(m.Value.Value), "–"))))
		}
		cells[i] = cell
	}
	per := 1
	if room := (w.w - w.in - 4) / 2; p.Layout != schema.LayoutList && room > 30 && len(cells) > 3 {
		per = 2
	}
	for i := 0; i < len(cells); i += per {
		line := screen.Line{}.Pad(w.in).Plus(cells[i])
		if per == 2 && i+1 < len(cells) {
			half := w.in + (w.w-w.in-4)/2
			line = line.Fit(half).Pad(2).Plus(cells[i+1])
		}
		if links {
			w.stop(line.Fit(w.w-2), at, -1, i == 0)
		} else {
			w.add(screen.Line{}.Pad(1).Plus(line.Fit(w.w - 2)))
		}
	}
	w.blank()
}

// leads draws words that lead to an address: it stands beside a label that hides it.
func leads(style screen.Style, words, address string) screen.Line {
	switch address {
	case "":
		return screen.L(style, clean(words))
	case words:
		return screen.L(style.ToLink(address), clean(words))
	}
	return screen.L(style, clean(words)).Muted(screen.T("  → ")).Add(muted.ToLink(address), clean(address))
}

// steps draw how far something is.
func (w *runWriter) steps(f *model.RunField, p *schema.DisplayProgressSteps) {
	label := screen.L(bold, clean(f.Comp.Label)).Pad(2).Fg(clean(p.CurrentStep))
	progress := &model.Progress{Queue: &p.Steps.Total, Done: &p.Steps.Completed, Since: w.a.state.Now}
	for _, l := range progressLines(w.a, progress, w.w, label) {
		w.add(l)
	}
	if p.SubTitle != "" {
		w.text(muted, p.SubTitle, 0)
	}
}

// through draws which things are done.
func (w *runWriter) through(f *model.RunField, p *schema.DisplayProgressThroughList) {
	w.caption(f)
	for _, item := range p.Items {
		line := screen.Line{}.Pad(w.in + 1)
		if item.IsComplete {
			line = line.Add(okay, screen.T("✓ "))
		} else {
			line = line.Muted(screen.T("○ "))
		}
		line = line.Fg(clean(item.Label))
		if item.ResultDescription != nil && *item.ResultDescription != "" {
			line = line.Pad(2).Muted(clean(*item.ResultDescription))
		}
		w.add(line.Fit(w.w - 1))
	}
	w.blank()
}

// page draws what a page has beside its children.
func (w *runWriter) page() {
	r := w.run
	l := r.Layout
	if !r.Drawn {
		if r.Err == nil {
			w.add(screen.Line{}.Pad(w.in+1).Add(warn, w.a.spinner()).Muted(clean(" the host is asked for the page, " + model.Awaited(r.Since(w.a.state.Now)))))
		}
		return
	}
	if l == nil {
		words := "This page has nothing of its own, and nothing below it."
		if len(r.Steps) > 0 {
			words = "This page has nothing of its own. Below it:"
		}
		w.text(muted, words, 0)
		w.blank()
		return
	}
	w.late(l.Title, r.Action.Name, bold)
	w.late(l.Description, "", muted)
	if len(l.MenuItems) > 0 {
		line := screen.Line{}.Pad(w.in - 2)
		line = w.menuHint(line, model.RunStop{Step: -9}, l.MenuItems)
		w.add(screen.Line{}.Pad(1).Plus(line).Pad(2).Add(accent, clean(w.a.keyFor("run.menu"))).Muted(screen.T(" menu")))
	}
	for _, e := range l.Errors {
		w.text(bad, "✗ "+firstOf(e.LayoutKey, "page")+": "+e.Error(), 0)
	}
	w.blank()
}

// late draws a text of a page that may still be computed.
func (w *runWriter) late(t schema.Late[string], otherwise string, style screen.Style) {
	switch {
	case !t.Given:
		if otherwise != "" {
			w.text(style, otherwise, 0)
		}
	case t.Null:
		w.add(screen.Line{}.Pad(w.in+1).Add(warn, w.a.spinner()))
	default:
		w.text(style, t.Value, 0)
	}
}
