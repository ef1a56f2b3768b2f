package ui

import (
	"encoding/json"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/client/bus"
	"ioscope/model"
	"ioscope/ui/screen"
)

// Before a call goes to several servers: each of them acts, so whom it reaches is said
// first.

// severally does what sends a call, after asking where the call reaches several servers.
func (a *App) severally(method model.RowID, target bus.Target, args json.RawMessage, send func(*App) tea.Cmd) tea.Cmd {
	m := a.state.Dir.Method(method)
	if m == nil || !a.state.AsksFirst(method, target) {
		return send(a)
	}
	a.openDialog(&severalDialog{method: m, target: target, args: args, send: send})
	return nil
}

// severalDialog asks whether a call may go to several servers. The safe button is
// marked.
type severalDialog struct {
	method *model.Method
	target bus.Target
	args   json.RawMessage
	send   func(*App) tea.Cmd
	// yes is true when the other button is marked, never when the question is not to
	// be asked again today.
	yes, never bool
}

func (d *severalDialog) width() int { return 64 }

func (d *severalDialog) names(a *App) []string {
	var out []string
	for _, s := range a.state.Means(d.method.ID, d.target) {
		out = append(out, s.Instance.Name())
	}
	return out
}

func (d *severalDialog) draw(a *App, w, h int) (string, []screen.Line, string) {
	names := d.names(a)
	page := &page{w: w, indent: 1}
	page.blank()
	page.text(plain, "It reaches "+model.Count(len(names), "server")+", and each one acts:")
	page.blank()
	line := screen.Line{}
	for i, name := range names {
		item := screen.L(bold, clean(name))
		if line.Width() > 0 && line.Width()+3+item.Width() > w-6 {
			page.add(screen.Line{}.Pad(2).Plus(line))
			line = screen.Line{}
			if len(page.lines) > max(h-9, 4) {
				page.add(screen.Line{}.Pad(2).Muted(clean("and " + model.Number(len(names)-i) + " more")))
				break
			}
		}
		if line.Width() > 0 {
			line = line.Pad(3)
		}
		line = line.Plus(item)
	}
	if line.Width() > 0 {
		page.add(screen.Line{}.Pad(2).Plus(line))
	}
	page.blank()
	page.add(argsLine(d.args, w-3))
	page.blank()
	body := page.lines
	page.lines = nil
	page.add(choice("Cancel", "Send to "+model.Number(len(names)), d.yes))
	box := "[ ]"
	if d.never {
		box = "[x]"
	}
	page.add(screen.L(muted, clean(box+" and not asked again for "+d.method.Def.Name+" today: ")).Plus(a.keySign("dialog.choose")).Fit(w - 2))
	tail := append(page.lines, screen.Line{})
	if len(body)+len(tail) > h {
		// What is to be pressed goes before what is told.
		tail = tail[:2]
		body = slices.DeleteFunc(body, func(l screen.Line) bool { return l.Width() == 0 })
		body = body[:min(len(body), max(h-len(tail), 0))]
	}
	page.lines = append(body, tail...)
	return "Send " + d.method.Def.Name + " to " + model.TargetWord(d.target) + "?", page.lines, "enter the marked one   ←→ choose   esc cancel"
}

func (d *severalDialog) choose(second bool) { d.yes = second }

func (d *severalDialog) press(a *App, msg tea.KeyMsg) tea.Cmd {
	switch msg.String() {
	case "left", "right", "h", "l", "tab", "shift+tab":
		d.yes = !d.yes
	case " ":
		d.never = !d.never
	case "enter":
		a.closeDialog()
		if !d.yes {
			a.state.Say("not sent")
			return nil
		}
		if d.never {
			a.state.AskNoMore(d.method.ID)
		}
		return d.send(a)
	}
	return nil
}
