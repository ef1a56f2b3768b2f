package ui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/model"
)

// desk is one bus, with all that is known and was done there. The App sits at one of
// them; the others go on.
type desk struct {
	// name is what the bus is called in the config, and url where it is; empty when
	// it was gone to by its address.
	name, url string
	inbox     *Inbox
	state     *model.State
	asker     *Asker
	// tops are the first visible rows of what scrolls, by name.
	tops map[string]int
	// shape is how the screen is laid out for this bus.
	shape shape
	// trail are the places where one has been.
	trail
	// kept is what was remembered last, keptAs by which key.
	kept   Kept
	keptAs string
	order  KeepOrder
	// seeking is a replay that is on its way to a moment.
	seeking seeking
}

// thingsADesk is how many things a desk can number, so that no number is of two.
const thingsADesk = 1 << 20

func (a *App) newDesk(name string, j Joined) *desk {
	d := &desk{
		name: name, url: j.Start.URL, inbox: j.Inbox,
		state: model.New(j.Start, a.opts.Now()),
		asker: NewAsker(j.Bus, j.Inbox),
		tops:  map[string]int{},
	}
	d.asker.runs = j.Runs
	d.state.CountFrom(model.ThingID(len(a.desks) * thingsADesk))
	if a.past != nil {
		d.state.Apply([]model.Input{model.Recalled{Records: a.past}}, a.opts.Now())
	}
	if a.library != nil {
		d.state.Apply([]model.Input{model.SavedRead{Library: a.library}}, a.opts.Now())
	}
	a.desks = append(a.desks, d)
	a.recall(d)
	return d
}

// choice is the name of the bus that the desk is at now: it may have been sent to
// another address since. It is empty where no name leads there.
func (d *desk) choice() string {
	switch {
	case d.state.Demo:
		return DemoChoice
	case d.state.URL == d.url:
		return d.name
	}
	return ""
}

// heardMsg is all that a desk has heard since the last frame.
type heardMsg struct {
	desk   *desk
	inputs batchMsg
}

// listen waits for what a desk hears.
func (d *desk) listen() tea.Msg {
	if m, ok := d.inbox.wait().(batchMsg); ok {
		return heardMsg{d, m}
	}
	return nil
}

// heard takes in what a desk has heard. What it does about it, it does on its bus,
// whether somebody sits there or not.
func (a *App) heard(m heardMsg) tea.Cmd {
	a.woke(false)
	sits := a.desk
	a.desk = m.desk
	cmd := a.run(a.state.Apply(m.inputs, a.opts.Now()))
	a.desk = sits
	if m.desk.key() != m.desk.keptAs {
		a.recall(m.desk) // it went to another bus
	}
	return tea.Batch(cmd, m.desk.listen)
}

// suspend gives the terminal to the shell until it brings us back.
func (a *App) suspend() tea.Cmd {
	a.stopped = a.opts.Now()
	return tea.Suspend
}

// woke tells every stream of a time in which the program stood still, before what came
// then is read; back is true when the terminal is ours again.
func (a *App) woke(back bool) {
	a.slept()
	since, now := a.stopped, a.opts.Now()
	if long := !since.IsZero() && now.Sub(since) > time.Second; long {
		for _, d := range a.desks {
			d.state.Woke(since, now)
		}
		back = true
	}
	if back {
		a.stopped = time.Time{}
	}
}

// sit goes to a desk. What was being typed or asked at the other one is over; all else
// stays there as it is.
func (a *App) sit(d *desk) {
	if d == a.desk {
		return
	}
	a.filtering, a.dialogs = false, nil
	a.lineAt, a.areaAt = "", ""
	a.desk, a.chosen = d, -1
	a.state.Tick(a.opts.Now())
}
