package ui

import (
	"cmp"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/client/bus"
	"ioscope/model"
	"ioscope/ui/screen"
)

// sourcesDialog shows and hides the publishers of a stream.
type sourcesDialog struct {
	t   *model.Thing
	row int
}

func (a *App) openSources() { a.openDialog(&sourcesDialog{t: a.state.Shown()}) }

func (d *sourcesDialog) width() int { return 72 }

// publisher is a publisher, and how many events it sent.
type publisher struct {
	peer   bus.PeerID
	name   string
	events int
}

func (d *sourcesDialog) sources(a *App) []publisher {
	var out []publisher
	for peer, n := range d.t.Tail.Publishers() {
		name := a.state.Dir.NameOf(peer)
		if name == "" {
			name = string(peer)
		}
		out = append(out, publisher{peer, name, n})
	}
	slices.SortFunc(out, func(x, y publisher) int { return cmp.Or(cmp.Compare(x.name, y.name), cmp.Compare(x.peer, y.peer)) })
	return out
}

func (d *sourcesDialog) draw(a *App, w, h int) (string, []screen.Line, string) {
	list := d.sources(a)
	d.row = min(max(d.row, 0), max(len(list)-1, 0))
	lines := []screen.Line{{}}
	height := max(h-3, 1)
	top := a.window("sources", d.row, len(list), height)
	for i := top; i < min(top+height, len(list)); i++ {
		box := screen.T("[x] ")
		if d.t.Sieve.Hidden[list[i].peer] {
			box = screen.T("[ ] ")
		}
		line := screen.Line{}
		if at, of := d.t.Tail.Source(list[i].peer); of > 1 {
			line = letter(max(at, 0)).Pad(1)
		}
		line = line.Add(plain, box).Fg(clean(list[i].name).CutMiddle(w - 26))
		lines = append(lines, row(line.Ends(screen.L(muted, clean(model.Count(list[i].events, "event"))), w-1), w, i == d.row, true))
	}
	return "Publishers of " + d.t.Def.Name, append(lines, screen.Line{}), "space shows, hides   enter this one alone, all   esc closes"
}

func (d *sourcesDialog) press(a *App, msg tea.KeyMsg) tea.Cmd {
	list := d.sources(a)
	if len(list) == 0 {
		return nil
	}
	d.row = min(max(d.row, 0), len(list)-1)
	here := list[d.row].peer
	switch msg.String() {
	case "up", "k", "ctrl+p", "shift+tab":
		d.row = (d.row - 1 + len(list)) % len(list)
	case "down", "j", "ctrl+n", "tab":
		d.row = (d.row + 1) % len(list)
	case " ":
		d.t.Touch()
		d.t.HidePublisher(here)
	case "enter":
		d.t.Touch()
		d.alone(here, list)
	}
	return nil
}

// alone shows one publisher alone, or all where it is alone already.
func (d *sourcesDialog) alone(peer bus.PeerID, list []publisher) {
	hidden := d.t.Sieve.Hidden
	all := len(hidden) == len(list)-1 && !hidden[peer] && len(list) > 1
	for _, s := range list {
		if hide := s.peer != peer && !all; d.t.Sieve.Hidden[s.peer] != hide {
			d.t.HidePublisher(s.peer)
		}
	}
}
