package ui

import (
	"context"
	"encoding/base64"
	"fmt"

	"github.com/aymanbagabas/go-osc52/v2"
	tea "github.com/charmbracelet/bubbletea"

	"ioscope/client/bus"
	"ioscope/model"
	"ioscope/ui/screen"
)

// running is what has to be ended when a thing is given up.
type running struct {
	gen  int
	stop context.CancelFunc
}

// run turns effects into commands. It is the only place that asks the bus.
func (a *App) run(effects []model.Effect) tea.Cmd {
	var cmds []tea.Cmd
	for _, e := range effects {
		switch e := e.(type) {
		case model.Invoke:
			if why := a.state.Forbids(model.ToInvoke); why != "" {
				a.state.Say(why) // whoever asked for it
				continue
			}
			cmds = append(cmds, a.invoke(e))
		case model.Subscribe:
			cmds = append(cmds, a.subscribe(e))
		case model.Stop:
			a.end(e.Thing, e.Gen)
		case model.Retry:
			cmds = append(cmds, func() tea.Msg { a.opts.Bus.Retry(); return nil })
		case model.LogIn:
			cmds = append(cmds, func() tea.Msg { a.opts.Bus.LogIn(e.User, e.Password); return nil })
		case model.Connect:
			cmds = append(cmds, func() tea.Msg { a.opts.Bus.Connect(e.URL); return nil })
		case model.StartDemo:
			if why := noDemo(a); why != "" {
				a.state.Say(why)
				continue
			}
			cmds = append(cmds, a.startDemo)
		case model.Copy:
			cmds = append(cmds, a.copy(e))
		}
	}
	return tea.Batch(cmds...)
}

func (a *App) begin(id model.ThingID, gen int) context.Context {
	ctx, stop := context.WithCancel(context.Background())
	a.running[id] = running{gen, stop}
	return ctx
}

func (a *App) invoke(e model.Invoke) tea.Cmd {
	ctx := a.begin(e.Thing, e.Gen)
	box, on := a.opts.Inbox, a.opts.Bus
	return func() tea.Msg {
		err := on.Invoke(ctx, Question{e.Method, e.Target, e.Args, e.Wait, e.Answer},
			func(s []bus.Instance) { box.Put(model.Sent{Thing: e.Thing, Gen: e.Gen, Servers: s}) },
			func(r bus.Return) { box.Put(model.Returned{Thing: e.Thing, Gen: e.Gen, Return: r}) })
		box.Put(model.Finished{Thing: e.Thing, Gen: e.Gen, Err: err})
		return endedMsg{e.Thing, e.Gen}
	}
}

func (a *App) subscribe(e model.Subscribe) tea.Cmd {
	ctx := a.begin(e.Thing, e.Gen)
	box, on := a.opts.Inbox, a.opts.Bus
	return func() tea.Msg {
		end, err := on.Subscribe(ctx, Question{e.Method, e.Target, e.Args, e.Wait, e.Answer},
			func(ev bus.Event) { box.Put(model.Streamed{Thing: e.Thing, Gen: e.Gen, Event: ev}) })
		box.Put(model.Subscribed{Thing: e.Thing, Gen: e.Gen, Err: err})
		if err != nil {
			return endedMsg{e.Thing, e.Gen}
		}
		// The subscription lives until it is given up.
		context.AfterFunc(ctx, end)
		return nil
	}
}

// endedMsg tells that nothing of this generation of a thing goes on any more.
type endedMsg struct {
	thing model.ThingID
	gen   int
}

// end stops what goes on of one generation of a thing.
func (a *App) end(id model.ThingID, gen int) {
	if r, ok := a.running[id]; ok && r.gen == gen {
		r.stop()
		delete(a.running, id)
	}
}

func (a *App) startDemo() tea.Msg {
	if err := a.opts.Bus.StartDemo(); err != nil {
		return sayMsg("demo: " + err.Error())
	}
	return nil
}

// osc52Limit is how many bytes of base64 terminals take in an OSC 52 sequence.
const osc52Limit = 74_994

func (a *App) copy(e model.Copy) tea.Cmd {
	out := a.opts.Clipboard
	return func() tea.Msg {
		size := model.Bytes(len(e.Text))
		switch {
		case out == nil:
			return sayMsg("not copied: this terminal takes no clipboard text")
		case base64.StdEncoding.EncodedLen(len(e.Text)) > osc52Limit:
			return sayMsg(fmt.Sprintf("not copied: %s is over the 74 kB that OSC 52 carries", size))
		}
		if _, err := osc52.New(e.Text).WriteTo(out); err != nil {
			return sayMsg("not copied: " + err.Error())
		}
		said := fmt.Sprintf("copied %s, %s, OSC 52", e.What, size)
		if n := screen.Controls(e.Text); n > 0 {
			said += fmt.Sprintf(", with %s", model.Count(n, "control character"))
		}
		return sayMsg(said)
	}
}
