package ui

import (
	"strings"

	"ioscope/client/bus"
	"ioscope/model"
	"ioscope/ui/screen"
)

// workspace draws what was opened, or the card of what the cursor is on; where it is
// split, several things.
func (a *App) workspace(r rect) []screen.Line {
	a.slotAt = r
	if lines, ok := a.slots(r); ok {
		return lines
	}
	return a.alone(r)
}

// alone draws what is shown.
func (a *App) alone(r rect) []screen.Line {
	t := a.state.Shown()
	switch {
	case a.state.Welcome:
		return a.welcomePage(r)
	case a.face() != nil:
		a.click(r, model.Workspace, func(a *App) { a.focusWork() })
		return a.face().draw(a, r)
	case t == nil && a.deserted():
		return a.emptyPage(r)
	case t == nil:
		a.click(r, model.Workspace, func(a *App) { a.state.Go(model.Workspace) })
		return a.card(r)
	}
	a.click(r, model.Workspace, func(a *App) { a.state.Go(model.Workspace) })
	switch {
	case t.Phase == model.Filling:
		return a.formPage(t, r)
	case t.Stream():
		return a.streamPage(t, r)
	}
	return a.resultPage(t, r)
}

// focusWork gives the workspace the keyboard, with the page that it shows.
func (a *App) focusWork() {
	if a.state.Focus != model.Workspace {
		a.state.Go(a.state.Page)
	}
}

// working reports whether the keyboard is in this part of the thing.
func (a *App) working(t *model.Thing, part model.Part) bool {
	return a.state.Focus == model.Workspace && t.Part == part && len(a.dialogs) == 0
}

// asked is the line that a sent form folds to.
func (a *App) asked(t *model.Thing, w int) screen.Line {
	line := screen.Line{}.Pad(a.indent()).Muted(screen.T("▸ asked with  "))
	to := screen.L(muted, clean(model.TargetWord(t.Target)))
	if names := instanceNames(t.Reaches, 3); names != "" && t.Target.Mode == 0 {
		to = to.Muted(screen.T(" → ")).Fg(clean(names))
	}
	if most := w / 2; to.Width() > most {
		to = to.Fit(most)
	}
	return line.Plus(argsLine(t.Args, max(w-line.Width()-to.Width()-5, 8))).Ends(to.Pad(2), w)
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
