package ui

import (
	"cmp"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/sahilm/fuzzy"

	"ioscope/model"
	"ioscope/ui/screen"
)

// paletteDialog finds actions by their words and runs them.
type paletteDialog struct {
	// from is where the keyboard was: what can run there, runs.
	from   place
	search string
	row    int
	// all counts the actions there are.
	all int
}

func (a *App) openPalette() { a.openDialog(&paletteDialog{from: a.context()}) }

func (d *paletteDialog) width() int { return 76 }

// paletteEntry is an action, and why it can't run now.
type paletteEntry struct {
	b   binding
	why string
}

// entries lists the actions whose words fit what was typed, the best first, and
// before anything was typed those that can run now first.
func (d *paletteDialog) entries(a *App) []paletteEntry {
	var all []paletteEntry
	for _, b := range a.keymap.table {
		if b.do == nil || slices.Contains(b.in, textField) || slices.Contains(b.in, inDialog) {
			continue
		}
		why := notHere
		for _, p := range active(d.from) {
			if slices.Contains(b.in, p) {
				why = b.reason(a)
			}
		}
		all = append(all, paletteEntry{b, why})
	}
	all = onlyOnce(all)
	d.all = len(all)
	if d.search == "" {
		slices.SortStableFunc(all, func(x, y paletteEntry) int { return rank(x) - rank(y) })
		return all
	}
	var found []paletteEntry
	for _, m := range fuzzy.FindFrom(d.search, paletteWords(all)) {
		found = append(found, all[m.Index])
	}
	// What can't run is no use on top, however well its words fit; and what has the
	// very letters that were typed is meant more likely than what has them apart.
	order := func(e paletteEntry) int {
		if !strings.Contains(strings.ToLower(paletteWords{e}.String(0)), strings.ToLower(d.search)) {
			return 2*rank(e) + 1
		}
		return 2 * rank(e)
	}
	slices.SortStableFunc(found, func(x, y paletteEntry) int { return order(x) - order(y) })
	return found
}

// onlyOnce leaves of each action one entry: that which can run here, else that which
// belongs here, else the first.
func onlyOnce(all []paletteEntry) []paletteEntry {
	worth := func(e paletteEntry) int {
		switch e.why {
		case "":
			return 2
		case notHere:
			return 0
		}
		return 1
	}
	at := map[string]int{}
	var out []paletteEntry
	for _, e := range all {
		does, action := e.b.does, cmp.Or(e.b.twin, e.b.id)
		i, known := at[action]
		if !known {
			i, known = at[does]
		}
		if !known {
			at[action], at[does] = len(out), len(out)
			out = append(out, e)
			continue
		}
		at[action], at[does] = i, i
		if worth(e) > worth(out[i]) || worth(e) == worth(out[i]) && e.b.id == action && out[i].b.id != action {
			out[i] = e
		}
	}
	return out
}

// notHere is why an action can't run that belongs to another place.
const notHere = "not in this pane"

func rank(e paletteEntry) int {
	if e.why != "" {
		return 1
	}
	return 0
}

// paletteWords are the entries as the search sees them.
type paletteWords []paletteEntry

func (w paletteWords) String(i int) string { return w[i].b.does + " " + w[i].b.id }
func (w paletteWords) Len() int            { return len(w) }

func (d *paletteDialog) draw(a *App, w, h int) (string, []screen.Line, string) {
	entries := d.entries(a)
	d.row = min(d.row, max(len(entries)-1, 0))
	count := screen.L(muted, clean(model.Number(len(entries))+" of "+model.Number(d.all)))
	lines := []screen.Line{
		screen.L(accent, screen.T("› ")).Add(bold, clean(d.search)).Add(screen.Style{Reverse: true}, screen.T(" ")).Ends(count, w),
		{},
	}
	height := max(h-4, 1)
	top := a.window("palette", d.row, len(entries), height)
	for i := top; i < min(top+height, len(entries)); i++ {
		e := entries[i]
		style, note := plain, screen.L(muted, clean(e.b.id))
		if e.why != "" {
			style, note = muted, screen.L(muted, clean(e.why))
		}
		note = note.Pad(2).Add(accent, clean(firstSign(e.b))).Pad(1)
		lines = append(lines, row(screen.L(style, clean(e.b.does)).Ends(note, w-1), w, i == d.row, true))
	}
	if len(entries) == 0 {
		lines = append(lines, screen.L(muted, clean(`Nothing matches "`+d.search+`".`)))
	}
	return "Palette", lines, "enter runs   esc closes"
}

func (d *paletteDialog) press(a *App, msg tea.KeyMsg) tea.Cmd {
	switch msg.String() {
	case "up", "ctrl+p":
		d.row = max(d.row-1, 0)
	case "down", "ctrl+n", "tab":
		d.row++
	case "backspace":
		if r := []rune(d.search); len(r) > 0 {
			d.search, d.row = string(r[:len(r)-1]), 0
		}
	case "enter":
		return d.run(a)
	default:
		if msg.Type == tea.KeyRunes || msg.Type == tea.KeySpace {
			d.search += string(msg.Runes)
			d.row = 0
		}
	}
	return nil
}

func (d *paletteDialog) run(a *App) tea.Cmd {
	entries := d.entries(a)
	if len(entries) == 0 {
		return nil
	}
	e := entries[min(d.row, len(entries)-1)]
	a.closeDialog()
	if e.why != "" {
		a.state.Say(e.b.does + ": " + e.why)
		return nil
	}
	return a.perform(e.b, first(e.b.keys))
}
