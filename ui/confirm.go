package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"ioscope/model"
	"ioscope/ui/screen"
)

// confirmDialog asks before something is done that can't be undone. The first
// button keeps all as it is.
type confirmDialog struct {
	title, words, no, yes string
	// list are the things that it is about.
	list []string
	sure bool
	// quits is true for the one that asks before the end.
	quits bool
	do    func() tea.Cmd
}

func (a *App) confirm(title, words, no, yes string, do func() tea.Cmd) {
	a.openDialog(&confirmDialog{title: title, words: words, no: no, yes: yes, do: do})
}

func (d *confirmDialog) width() int { return 64 }

// choice are the two buttons of a question; second is true when the other one is
// marked.
func choice(first, other string, second bool) screen.Line {
	button := func(words string, on bool) screen.Line {
		if on {
			return screen.L(screen.Style{Role: screen.Ink, Ground: screen.Button, Bold: true}, clean("[> "+words+" <]"))
		}
		return screen.L(plain, clean("[ "+words+" ]"))
	}
	return button(first, !second).Pad(3).Plus(button(other, second))
}

func (d *confirmDialog) draw(_ *App, w, h int) (string, []screen.Line, string) {
	var lines []screen.Line
	for _, l := range clean(d.words).Wrap(w) {
		lines = append(lines, screen.L(plain, l))
	}
	buttons := choice(d.no, d.yes, d.sure)
	tight := len(lines)+len(d.list)+5 > h
	if len(d.list) > 0 && !tight {
		lines = append(lines, screen.Line{})
	}
	room := max(h-len(lines)-4, 0)
	if tight {
		room = max(h-len(lines)-1, 0)
	}
	lines = append(lines, d.items(w, room)...)
	if tight { // what is to be pressed goes before what is told
		lines = append(lines[:min(len(lines), max(h-1, 0))], buttons)
	} else {
		lines = append(append([]screen.Line{{}}, lines...), screen.Line{}, buttons, screen.Line{})
	}
	return d.title, lines, "tab chooses   enter does it   esc keeps it"
}

// items are the things that it is about, in at most so many rows.
func (d *confirmDialog) items(w, room int) []screen.Line {
	var lines []screen.Line
	for i, item := range d.list {
		parts := clean(item).Wrap(max(w-2, 1))
		if last := i == len(d.list)-1; len(lines)+len(parts) > room || !last && len(lines)+len(parts) == room {
			if room > 0 {
				lines = append(lines, screen.Line{}.Pad(2).Muted(clean("and "+model.Number(len(d.list)-i)+" more")))
			}
			return lines
		}
		for _, part := range parts {
			lines = append(lines, screen.Line{}.Pad(2).Add(muted, part))
		}
	}
	return lines
}

func (d *confirmDialog) choose(second bool) { d.sure = second }

func (d *confirmDialog) press(a *App, msg tea.KeyMsg) tea.Cmd {
	switch msg.String() {
	case "tab", "shift+tab", "left", "right", "up", "down", "h", "l", " ":
		d.sure = !d.sure
	case "y":
		d.sure = true
		fallthrough
	case "enter":
		a.closeDialog()
		if d.sure {
			return d.do()
		}
		a.state.Say("nothing was changed")
	case "n":
		a.closeDialog()
	}
	return nil
}

// askQuit ends the program. What others would lose by it, runs and what waits for
// us or hears of us, is told first, all in one question.
func (a *App) askQuit() tea.Cmd {
	runs, offers := a.state.Ending()
	files := a.recordings()
	if d, asked := a.topDialog().(*confirmDialog); len(runs)+len(offers)+len(files) == 0 || asked && d.quits {
		return a.quit() // a second time is an answer
	}
	var list []string
	for _, r := range runs {
		list = append(list, "◆ "+r.Action.Name+" on "+r.HostName)
	}
	for _, o := range offers {
		list = append(list, o.Def.Name+": "+o.Hurts())
	}
	list = append(list, files...)
	a.openDialog(&confirmDialog{title: "Quit?", words: quitWords(len(runs), len(offers), len(files)), list: list, no: "Stay", yes: "Quit", quits: true, do: a.quit})
	return nil
}

// quitWords say what ends with the program.
func quitWords(runs, offers, files int) string {
	switch {
	case files == 0:
		return stopWords(runs, offers)
	case runs+offers == 0:
		return "A recording goes on; it ends whole."
	}
	return stopWords(runs, offers) + " A recording goes on; it ends whole."
}

func stopWords(runs, offers int) string {
	switch {
	case offers == 0 && runs == 1:
		return "1 run goes on and stops with ioscope."
	case offers == 0:
		return model.Count(runs, "run") + " go on and stop with ioscope."
	case runs == 0 && offers == 1:
		return "1 offer of yours ends with ioscope."
	case runs == 0:
		return model.Count(offers, "offer") + " of yours end with ioscope."
	}
	return model.Count(runs, "run") + " and " + model.Count(offers, "offer") + " of yours end with ioscope."
}
