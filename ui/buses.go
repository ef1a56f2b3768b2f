package ui

import (
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/client/bus"
	"ioscope/model"
	"ioscope/ui/screen"
)

// DemoChoice is the name of the bus inside this program.
const DemoChoice = "demo"

// BusChoice is a bus that has a name.
type BusChoice struct {
	Name, URL, User string
	// Seen is when it answered last; zero when it never did, as far as we know.
	Seen time.Time
}

// Joined is a bus that was gone to.
type Joined struct {
	Bus   Bus
	Inbox *Inbox
	Start model.Options
	// Runs runs the actions of Interval hosts; nil where nobody listens for them.
	Runs Runs
}

// Buses are those that have names. Its methods may be called from any goroutine.
type Buses interface {
	// List lists them.
	List() []BusChoice
	// Join goes to one of them, or to the bus inside this program.
	Join(name string) (Joined, error)
}

// joinedMsg tells that a bus was gone to.
type joinedMsg struct {
	name string
	Joined
}

// goToBus goes to a bus by its name; where it is open already, to its desk.
func (a *App) goToBus(name string) tea.Cmd {
	for _, d := range a.desks {
		if d.choice() == name {
			a.sit(d)
			return nil
		}
	}
	if a.joining {
		return nil
	}
	a.joining = true
	a.state.Say("going to " + name)
	buses := a.opts.Buses
	return func() tea.Msg {
		j, err := buses.Join(name)
		if err != nil {
			return notJoinedMsg{name, err}
		}
		return joinedMsg{name, j}
	}
}

// notJoinedMsg tells why a bus could not be gone to.
type notJoinedMsg struct {
	name string
	err  error
}

func (a *App) joined(m joinedMsg) tea.Cmd {
	a.joining = false
	d := a.newDesk(m.name, m.Joined)
	a.sit(d)
	if m.Start.Note != "" {
		a.state.Say(m.Start.Note)
	}
	return d.listen
}

// busRow is a row of the list of buses.
type busRow struct {
	BusChoice
	// desk is where it is open; nil where it is not.
	desk *desk
}

// busRows lists the buses: those with names, the one inside this program, and where
// one is besides.
func (a *App) busRows() []busRow {
	var rows []busRow
	open := map[string]*desk{}
	for _, d := range a.desks {
		if name := d.choice(); name != "" {
			open[name] = d
		} else {
			rows = append(rows, busRow{BusChoice{Name: d.state.Name, URL: d.state.URL, User: d.state.User}, d})
		}
	}
	if a.opts.Buses == nil {
		return rows
	}
	for _, c := range a.opts.Buses.List() {
		rows = append(rows, busRow{c, open[c.Name]})
	}
	demo := busRow{BusChoice{Name: DemoChoice, User: a.state.User}, open[DemoChoice]}
	if demo.desk != nil {
		demo.URL = demo.desk.state.URL
	}
	return append(rows, demo)
}

// hereRow is the row of the bus that one is at.
func (a *App) hereRow(rows []busRow) int {
	for i, r := range rows {
		if r.desk == a.desk {
			return i
		}
	}
	return 0
}

// busLine draws a row of the list.
func (a *App) busLine(r busRow, w int) screen.Line {
	name := screen.L(plain, clean(r.Name).Cut(14))
	if r.desk == a.desk {
		name = name.As(bold)
	}
	address := r.URL
	if address == "" {
		address = "in this program"
	}
	wide := max(min(w-40, 40), 16)
	state := a.busState(r)
	if w < 56 {
		return name.To(15).Muted(clean(address)).Ends(state, w)
	}
	return name.To(15).Muted(clean(address).Cut(wide-2)).To(15+wide).Muted(clean(r.User).Cut(9)).To(25+wide).Ends(state, w)
}

// busState tells how it is with a bus: of one that is open the connection, of the
// others what is remembered.
func (a *App) busState(r busRow) screen.Line {
	if r.desk == nil {
		switch {
		case r.Name == DemoChoice:
			return screen.L(muted, screen.T("not started"))
		case r.Seen.IsZero():
			return screen.L(muted, screen.T("not tried"))
		}
		return screen.L(muted, clean("answered "+dayClock(r.Seen, a.state.Now)))
	}
	c := r.desk.state.Conn
	since := clean(" " + model.Elapsed(a.state.Now.Sub(c.Since)))
	switch c.State {
	case bus.Live:
		return screen.L(okay, screen.T("●")).Fg(screen.T(" live")).Muted(since)
	case bus.Refused:
		return screen.L(bad, screen.T("✗ refused"))
	case bus.Connecting, bus.Lost:
		if c.Ever {
			return screen.L(warn, screen.T("! lost")).Muted(since)
		}
		if c.State == bus.Lost {
			return screen.L(bad, clean("✗ "+a.shortCause(c)))
		}
		return screen.L(warn, a.spinner()).Muted(screen.T(" connecting"))
	case bus.Closed:
	}
	return screen.L(muted, screen.T("† closed"))
}

// dayClock tells a time of these days: 13:58, Fri 17:22, 2 Nov.
func dayClock(at, now time.Time) string {
	at = at.In(now.Location())
	switch days := now.Sub(at).Hours() / 24; {
	case at.YearDay() == now.YearDay() && at.Year() == now.Year():
		return at.Format("15:04")
	case days < 6:
		return at.Format("Mon 15:04")
	}
	return at.Format("2 Jan")
}

// shortCause is why there is no connection, in a word or two.
func (a *App) shortCause(c model.Connection) string {
	if c.Err != nil && strings.Contains(c.Err.Error(), "refused") {
		return "refused"
	}
	return "offline"
}

// busDialog chooses where to go.
type busDialog struct{ row int }

func (a *App) openBuses() { a.openDialog(&busDialog{row: a.hereRow(a.busRows())}) }

func (d *busDialog) width() int { return 84 }

func (d *busDialog) draw(a *App, w, h int) (string, []screen.Line, string) {
	rows := a.busRows()
	d.row = min(d.row, len(rows)-1)
	lines := []screen.Line{{}}
	height := max(min(len(rows), h-4), 1)
	top := a.window("buses", d.row, len(rows), height)
	for i := top; i < min(top+height, len(rows)); i++ {
		lines = append(lines, row(a.busLine(rows[i], w-2).Pad(1), w, i == d.row, true))
	}
	return "Bus", append(lines, screen.Line{}, screen.L(muted, screen.T(" Where you leave stays as it is, and goes on.")), screen.Line{}), "enter goes there   esc stays"
}

func (d *busDialog) press(a *App, msg tea.KeyMsg) tea.Cmd {
	rows := a.busRows()
	switch msg.String() {
	case "up", "k", "ctrl+p", "shift+tab":
		d.row = (d.row - 1 + len(rows)) % len(rows)
	case "down", "j", "ctrl+n", "tab":
		d.row = (d.row + 1) % len(rows)
	case "enter", " ":
		a.closeDialog()
		return a.enterBus(rows[d.row])
	}
	return nil
}

// busTable is the list of buses on the page that says that nobody answers, in at most
// h rows; nothing where there is nothing to choose from.
func (a *App) busTable(w, h int) []screen.Line {
	rows := a.busRows()
	if len(rows) < 2 || a.opts.Buses == nil || h < 4 {
		return nil
	}
	at := a.busCursor(rows)
	from := "from your config"
	if h-2 < len(rows) {
		from += "  ↕ " + model.Number(len(rows))
	}
	lines := []screen.Line{title(w, screen.Text{}, screen.L(plain, screen.T("Buses")), screen.L(muted, clean(from)), true)}
	if w >= 56 {
		wide := max(min(w-46, 40), 16)
		lines = append(lines, screen.Line{}.Pad(5).Muted(screen.T("name")).To(20).Muted(screen.T("address")).To(20+wide).Muted(screen.T("user")).Fit(w))
	}
	height := min(len(rows), h-len(lines))
	top := a.window("buses", at, len(rows), height)
	for i := top; i < top+height; i++ {
		y := len(lines)
		lines = append(lines, row(screen.Line{}.Pad(4).Plus(a.busLine(rows[i], w-6)).Pad(1), w, i == at, true))
		a.click(rect{0, a.lay.body.y + a.lay.body.h - h + y, w, 1}, model.Workspace, func(a *App) { a.chosen = i })
	}
	return lines
}

// busCursor is the row of that list that has the cursor: where one is, until one moves.
func (a *App) busCursor(rows []busRow) int {
	if a.chosen < 0 || a.chosen >= len(rows) {
		return a.hereRow(rows)
	}
	return a.chosen
}

// moveBus moves the cursor of that list.
func (a *App) moveBus(delta int) {
	rows := a.busRows()
	a.chosen = min(max(a.busCursor(rows)+delta, 0), len(rows)-1)
}

// otherBus is the bus under the cursor, where that is not the one that one is at.
func (a *App) otherBus() (busRow, bool) {
	rows := a.busRows()
	if len(rows) == 0 || a.opts.Buses == nil {
		return busRow{}, false
	}
	r := rows[a.busCursor(rows)]
	return r, r.desk != a.desk
}

func aloneHere(a *App) string {
	if a.opts.Buses == nil || len(a.busRows()) < 2 {
		return "no other bus is named in the config"
	}
	return ""
}

// enterBus goes to a row of the list.
func (a *App) enterBus(r busRow) tea.Cmd {
	if r.desk != nil {
		a.sit(r.desk)
		return nil
	}
	return a.goToBus(r.Name)
}

// startDemo starts the demo apps on this bus. Where nobody answers it goes to the bus
// inside this program, and this one is tried on.
func (a *App) startDemo() tea.Cmd {
	if a.nobody() && a.opts.Buses != nil {
		return a.goToBus(DemoChoice)
	}
	return a.run([]model.Effect{model.StartDemo{}})
}

func noBuses(a *App) string {
	switch {
	case a.joining:
		return "one is being gone to"
	case len(a.busRows()) < 2:
		return "no other bus; ioscope config tells where to name some"
	}
	return ""
}
