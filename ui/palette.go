package ui

import (
	"cmp"
	"slices"
	"strconv"
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
		why := belongs(b)
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
	return paletteFound(all, d.search)
}

// paletteFound leaves the actions that fit what was typed, the best first. What has
// each word as it was typed is meant, and stands before what has the letters apart,
// even if it can't run now: enter on another action would be a surprise, and the
// entry says why. Of each kind that which can run stands first.
func paletteFound(all []paletteEntry, search string) []paletteEntry {
	words := strings.Fields(strings.ToLower(search))
	meant := func(e paletteEntry) bool {
		text := strings.ToLower(paletteWords{e}.String(0))
		return !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(text, word) })
	}
	var found []paletteEntry
	seen := map[int]bool{}
	for _, m := range fuzzy.FindFrom(search, paletteWords(all)) {
		found, seen[m.Index] = append(found, all[m.Index]), true
	}
	for i, e := range all {
		if !seen[i] && meant(e) { // the words in another order
			found = append(found, e)
		}
	}
	order := func(e paletteEntry) int {
		if meant(e) {
			return rank(e)
		}
		return 2 + rank(e)
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
		case belongs(e.b):
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

// belongs is why an action can't run that belongs to other places: it names them.
func belongs(b binding) string {
	switch titles := contexts[b.in[0]].title; len(b.in) {
	case 1:
		return "only in " + titles
	case 2:
		return "only in " + titles + " and " + contexts[b.in[1]].title
	default:
		return "only in " + titles + " and " + strconv.Itoa(len(b.in)-1) + " more places"
	}
}

func rank(e paletteEntry) int {
	if e.why != "" {
		return 1
	}
	return 0
}

// paletteWords are the entries as the search sees them.
type paletteWords []paletteEntry

func (w paletteWords) String(i int) string { return w[i].b.does + " " + w[i].b.id + " " + w[i].b.twin }
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
		lines = append(lines, row(e.line(w-1), w, i == d.row, true))
	}
	if len(entries) == 0 {
		lines = append(lines, screen.L(muted, clean(`Nothing matches "`+d.search+`".`)))
	}
	return "Palette", lines, "enter runs   esc closes"
}

// line has what the action does, why it can't run now or its id, and its key. The words
// come first: of the rest stands what they leave room for.
func (e paletteEntry) line(w int) screen.Line {
	style, note := plain, clean(e.b.id)
	if e.why != "" {
		style, note = muted, clean(e.why)
	}
	does, sign := clean(e.b.does), screen.L(accent, clean(firstSign(e.b))).Pad(1)
	room := w - sign.Width() - 4
	if words := min(does.Width(), room*2/3); note.Width() > room-words {
		note = note.Cut(max(room-words, 0))
	}
	return screen.L(style, does).Ends(screen.L(muted, note).Pad(2).Plus(sign), w)
}

func (d *paletteDialog) press(a *App, msg tea.KeyMsg) tea.Cmd {
	switch msg.String() {
	case "up", "ctrl+p":
		d.row = max(d.row-1, 0)
	case "down", "ctrl+n", "tab":
		d.row++
	case "pgup":
		d.row = max(d.row-10, 0)
	case "pgdown":
		d.row += 10
	case "home":
		d.row = 0
	case "end":
		d.row = len(bindings)
	case "enter":
		return d.run(a)
	default:
		if typedSearch(&d.search, msg) {
			d.row = 0
		}
	}
	return nil
}

// typedSearch changes what is searched for in a dialog by a key that writes or cuts,
// and reports whether it did.
func typedSearch(search *string, msg tea.KeyMsg) bool {
	switch msg.String() {
	case "backspace":
		if r := []rune(*search); len(r) > 0 {
			*search = string(r[:len(r)-1])
		}
	case "ctrl+u":
		*search = ""
	case "ctrl+w":
		rest := strings.TrimRight(*search, " ")
		*search = rest[:strings.LastIndex(rest, " ")+1]
	default:
		if msg.Type != tea.KeyRunes && msg.Type != tea.KeySpace || msg.Alt {
			return false
		}
		*search += string(msg.Runes)
	}
	return true
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
