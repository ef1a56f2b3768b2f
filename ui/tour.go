package ui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/client/bus"
	"ioscope/model"
	"ioscope/ui/screen"
)

// tour leads somebody through the program, one thing to do after the other. Nothing is
// done for them: the caption says what to press, and goes on when it was done.
type tour struct {
	name, about string
	steps       []tourStep
}

// tourStep is one thing to do.
type tourStep struct {
	// say tells what to do, in 60 cells or so; {ACTION} stands for its key.
	say string
	// done reports whether it was done.
	done func(a *App) bool
}

// touring is a tour that is under way.
type touring struct {
	*tour
	at int
}

// tours are those that there are.
var tours = []tour{
	{"call a method", "find one, fill in its form, read what it answers", []tourStep{
		{"{go.methods} goes to Methods.", func(a *App) bool { return a.state.Focus == model.Methods }},
		{"{nav.down} {nav.up} choose; the card is at the right. {method.form} opens its form.", func(a *App) bool { return a.tourCall() != nil }},
		{"Type the values; {form.next} goes to the next field. {form.send} sends it.", func(a *App) bool { t := a.tourCall(); return t != nil && t.Gen > 0 }},
		{"It is asked; the answer comes below.", func(a *App) bool { t := a.tourCall(); return t == nil || t.Phase == model.Ended }},
		{"{open.repeat} asks again, {copy.menu} copies it. {nav.back} goes back, twice or more.", func(a *App) bool { return a.state.Focus != model.Workspace }},
		{"That is a call. Last, {app.help-key} tells all keys that work here.", helpSeen},
	}},
	{"watch a stream", "subscribe, hold it, look into an event", []tourStep{
		{"{go.streams} goes to Streams.", func(a *App) bool { return a.state.Focus == model.Streams }},
		{"{nav.down} and {nav.up} choose one. {stream.subscribe} asks for it.", func(a *App) bool { return a.tourStream() != nil }},
		{"Fill it in, {form.send} subscribes. Prices wants a symbol: AAPL.", func(a *App) bool { t := a.tourStream(); return t != nil && t.Gen > 0 && t.Tail.Len() > 0 }},
		{"It flows. {stream.pause} holds the rows; nothing is lost.", func(a *App) bool { t := a.tourStream(); return t != nil && !t.Tail.Following() }},
		{"{nav.up} and {nav.down} choose an event, {stream.open} looks into it.", func(a *App) bool { t := a.tourStream(); return t != nil && t.Part == model.InEvent }},
		{"{nav.back} closes it, {nav.last} follows the stream again.", func(a *App) bool {
			t := a.tourStream()
			return t != nil && t.Part == model.InRows && t.Tail.Following()
		}},
		{"That is a stream: {stream.filter} filters, {open.close} ends it. Last, {app.help-key} tells the rest.", helpSeen},
	}},
}

func helpSeen(a *App) bool {
	_, open := a.topDialog().(*helpDialog)
	return open
}

// tourCall is the call that is shown, or nil.
func (a *App) tourCall() *model.Thing {
	if t := a.state.Shown(); t != nil && t.Content == nil && !t.Stream() {
		return t
	}
	return nil
}

// tourStream is the subscription that is shown, or nil.
func (a *App) tourStream() *model.Thing {
	if t := a.state.Shown(); t != nil && t.Content == nil && t.Stream() {
		return t
	}
	return nil
}

// goOn goes to the next step of the tour where this one was done.
func (a *App) goOn() {
	if a.tour.tour == nil || a.nobody() {
		return
	}
	for a.tour.at < len(a.tour.steps) && a.tour.steps[a.tour.at].done(a) {
		a.tour.at++
	}
	if a.tour.at == len(a.tour.steps) {
		a.state.Say("the tour is over; " + a.keyFor("app.palette-key") + " tour has the other one")
		a.tour = touring{}
	}
}

// caption is the row above the footer that says what to do next.
func (a *App) caption(w int) screen.Line {
	step := a.tour.steps[a.tour.at]
	count := model.Number(a.tour.at+1) + " of " + model.Number(len(a.tour.steps))
	line := screen.L(accent, screen.T(" ▸ tour ")).Muted(clean(count)).Pad(2)
	rest := step.say
	for rest != "" {
		before, after, found := strings.Cut(rest, "{")
		line = line.Add(bold, clean(before))
		if !found {
			break
		}
		var action string
		action, rest, _ = strings.Cut(after, "}")
		line = line.Add(screen.Strong(screen.Accent), clean(a.keyFor(action)))
	}
	if end := screen.L(muted, clean(a.keyFor("app.palette-key")+" tour ends it ")); line.Width()+end.Width()+2 <= w {
		line = line.Ends(end, w)
	}
	return line.Fit(w).On(screen.Surface)
}

// tourDialog chooses a tour, or ends the one that is under way.
type tourDialog struct{ row int }

func (d *tourDialog) width() int { return 72 }

func (a *App) tourRows() []string {
	var rows []string
	for _, t := range tours {
		rows = append(rows, t.name)
	}
	if a.tour.tour != nil {
		rows = append(rows, "end the tour")
	}
	return rows
}

func (d *tourDialog) draw(a *App, w, _ int) (string, []screen.Line, string) {
	lines := []screen.Line{{}}
	for i, name := range a.tourRows() {
		about := ""
		if i < len(tours) {
			about = tours[i].about
		}
		lines = append(lines, row(screen.L(plain, clean(name)).To(16).Muted(clean(about)), w, i == d.row, true))
	}
	return "Tour", append(lines, screen.Line{}), "enter begins   esc closes"
}

func (d *tourDialog) press(a *App, msg tea.KeyMsg) tea.Cmd {
	n := len(a.tourRows())
	switch msg.String() {
	case "up", "k", "ctrl+p", "shift+tab":
		d.row = (d.row - 1 + n) % n
	case "down", "j", "ctrl+n", "tab":
		d.row = (d.row + 1) % n
	case "enter", " ":
		a.closeDialog()
		a.state.Welcome = false
		if d.row >= len(tours) {
			a.tour = touring{}
			return nil
		}
		a.tour = touring{tour: &tours[d.row]}
		a.state.Go(model.Servers)
	}
	return nil
}

func noTour(a *App) string {
	switch {
	case a.state.Conn.State != bus.Live:
		return "a tour wants a bus that answers"
	case a.lay.h < 12:
		return "this screen is too low for a tour"
	}
	return ""
}
