package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"ioscope/client/bus"
	"ioscope/model"
	"ioscope/ui/screen"
)

// leftOutLine names those that a subscription to several would ask now and that do not
// send to it, and the key that asks them; nothing where there is nobody.
func (a *App) leftOutLine(t *model.Thing, w int) []screen.Line {
	out := a.state.LeftOut(t)
	if len(out) == 0 {
		return nil
	}
	words := "! not by " + instanceNames(instances(out), 2)
	if len(out) == 1 {
		words += leftOutWhy(t, out[0])
	}
	asks := a.keySign("stream.join").Muted(clean(" asks " + it(len(out))))
	line := screen.L(warn, clean(words))
	if most := w - asks.Width() - 6; line.Width() > most {
		line = screen.L(warn, clean("! not by "+instanceNames(instances(out), 1)).Cut(max(most, 1)))
	}
	return []screen.Line{screen.Line{}.Pad(2).Plus(line).Pad(3).Plus(asks).Fit(w)}
}

// leftOutWhy is why one publisher does not send, where that can be told.
func leftOutWhy(t *model.Thing, srv *model.Server) string {
	switch {
	case t.CameBack(srv):
		return ", which is back and was not asked again"
	case t.Came(srv):
		return ", which came later and was not asked"
	}
	return ""
}

func it(n int) string {
	if n == 1 {
		return "it"
	}
	return "them"
}

// joinLeftOut asks those that are left out.
func (a *App) joinLeftOut() tea.Cmd {
	t := a.state.Shown()
	t.Touch()
	a.state.Say("asked " + instanceNames(instances(a.state.LeftOut(t)), 3))
	return a.run(a.state.Join(t))
}

func nobodyLeftOut(a *App) string {
	switch t := a.state.Shown(); {
	case t.Phase != model.Running:
		return "it does not run; {stream.unsubscribe} subscribes again"
	case t.Target.Mode == bus.Best:
		return "it asks one publisher, the best; {stream.form} changes whom it asks"
	case !t.Interrupted.IsZero():
		return "the connection is lost; all are asked again when it is back"
	case len(a.state.LeftOut(t)) == 0:
		return "all that offer it send to it"
	}
	return ""
}

func (a *App) joinWords() string {
	return "ask " + instanceNames(instances(a.state.LeftOut(a.state.Shown())), 1)
}
