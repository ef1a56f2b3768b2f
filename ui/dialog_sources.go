package ui

import (
	"cmp"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

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

// publisher is a publisher of the stream, by its name.
type publisher struct {
	*model.Source
	name string
}

func (d *sourcesDialog) sources(a *App) []publisher {
	var out []publisher
	for _, s := range d.t.Tail.Sources() {
		out = append(out, publisher{s, a.sourceName(s)})
	}
	slices.SortStableFunc(out, func(x, y publisher) int { return cmp.Compare(x.name, y.name) })
	return out
}

// sourceName is what a publisher is called, its peer id where that is not known.
func (a *App) sourceName(s *model.Source) string {
	return cmp.Or(a.state.Dir.NameOf(s.Latest()), string(s.Latest()))
}

func (d *sourcesDialog) draw(a *App, w, h int) (string, []screen.Line, string) {
	list := d.sources(a)
	d.row = min(max(d.row, 0), max(len(list)-1, 0))
	lines := []screen.Line{{}}
	height := max(h-3, 1)
	top := a.window("sources", d.row, len(list), height)
	for i := top; i < min(top+height, len(list)); i++ {
		box := screen.T("[x] ")
		if d.t.Hides(list[i].Source) {
			box = screen.T("[ ] ")
		}
		line := screen.Line{}
		if len(list) > 1 {
			line = letter(d.t.Tail.Place(list[i].Latest())).Pad(1)
		}
		line = line.Add(plain, box).Fg(clean(list[i].name).CutMiddle(w - 26))
		lines = append(lines, row(line.Ends(screen.L(muted, clean(model.Count(list[i].Events, "event"))), w-1), w, i == d.row, true))
	}
	return "Publishers of " + d.t.Def.Name, append(lines, screen.Line{}), "space shows, hides   enter this one alone, all   esc closes"
}

func (d *sourcesDialog) press(a *App, msg tea.KeyMsg) tea.Cmd {
	list := d.sources(a)
	if len(list) == 0 {
		return nil
	}
	d.row = min(max(d.row, 0), len(list)-1)
	here := list[d.row].Source
	switch msg.String() {
	case "up", "k", "ctrl+p", "shift+tab":
		d.row = (d.row - 1 + len(list)) % len(list)
	case "down", "j", "ctrl+n", "tab":
		d.row = (d.row + 1) % len(list)
	case " ":
		d.t.Touch()
		d.t.HideSource(here)
	case "enter":
		d.t.Touch()
		d.alone(here, list)
	}
	return nil
}

// alone shows one publisher alone, or all where it is alone already.
func (d *sourcesDialog) alone(one *model.Source, list []publisher) {
	all := len(list) > 1 && d.t.HiddenSources() == len(list)-1 && !d.t.Hides(one)
	for _, s := range list {
		if hide := s.Source != one && !all; d.t.Hides(s.Source) != hide {
			d.t.HideSource(s.Source)
		}
	}
}
