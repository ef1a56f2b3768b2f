package ui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/ui/screen"
)

// entryDialog asks for a text, and offers what it could be.
type entryDialog struct {
	title, foot string
	// none is said where nothing that is offered fits.
	none string
	// options lists what fits a text, now or by a command that brings a
	// completedMsg.
	options func(a *App, text string) ([]string, tea.Cmd)
	// note says something of an option; nil for nothing.
	note   func(option string) string
	accept func(a *App, text string) tea.Cmd

	offered []string
	row     int // -1 is the text as it was typed
}

// completedMsg brings what fits a text.
type completedMsg struct {
	d     *entryDialog
	text  string
	names []string
}

func (a *App) openEntry(d *entryDialog) tea.Cmd {
	a.setLine("")
	a.openDialog(d)
	return d.look(a)
}

// look asks anew what fits.
func (d *entryDialog) look(a *App) tea.Cmd {
	d.row = -1
	names, cmd := d.options(a, a.line.Value())
	if cmd == nil {
		d.offered = names
	}
	return cmd
}

// completed takes in what fits, unless the text is another one by now.
func (a *App) completed(msg completedMsg) {
	if a.topDialog() == dialog(msg.d) && a.line.Value() == msg.text {
		msg.d.offered = msg.names
	}
}

func (d *entryDialog) width() int { return 76 }

func (d *entryDialog) draw(a *App, w, h int) (string, []screen.Line, string) {
	lines := []screen.Line{{}, a.inputText(w).Fit(w).On(screen.Sel), {}}
	height := min(max(h-len(lines)-1, 1), 12)
	top := a.window("entry", max(d.row, 0), len(d.offered), height)
	for i := top; i < min(top+height, len(d.offered)); i++ {
		line := screen.L(plain, clean(d.offered[i]).CutMiddle(w-24))
		if d.note != nil {
			line = line.Ends(screen.L(muted, clean(d.note(d.offered[i]))).Pad(1), w-1)
		}
		lines = append(lines, row(line, w, i == d.row, true))
	}
	if len(d.offered) == 0 {
		lines = append(lines, screen.L(muted, clean(d.none)))
	}
	return d.title, append(lines, screen.Line{}), d.foot
}

func (d *entryDialog) press(a *App, msg tea.KeyMsg) tea.Cmd {
	switch msg.String() {
	case "up", "ctrl+p":
		d.row = max(d.row-1, -1)
	case "down", "ctrl+n":
		d.row = min(d.row+1, len(d.offered)-1)
	case "tab":
		text := ""
		if len(d.offered) > 0 {
			text = commonStart(d.offered)
		}
		if d.row >= 0 {
			text = d.offered[d.row]
		}
		if len(text) > len(a.line.Value()) || d.row >= 0 {
			a.setLine(text)
			return d.look(a)
		}
	case "enter":
		text := a.line.Value()
		if d.row >= 0 {
			text = d.offered[d.row]
		}
		if strings.HasSuffix(text, "/") && d.row >= 0 {
			a.setLine(text)
			return d.look(a)
		}
		if text == "" {
			a.state.Say("nothing was entered")
			return nil
		}
		a.closeDialog()
		return d.accept(a, text)
	default:
		a.typeLine(msg)
		return d.look(a)
	}
	return nil
}
