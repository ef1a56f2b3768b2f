package ui

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/model"
	"ioscope/ui/screen"
)

// dialog is what lies over the screen and gets keys first.
type dialog interface {
	// draw returns the title, the lines, and the words of the lower edge, for at
	// most w times h cells inside.
	draw(a *App, w, h int) (name string, lines []screen.Line, foot string)
	// press takes a key that is neither esc nor one that works everywhere.
	press(a *App, msg tea.KeyMsg) tea.Cmd
	// width is how wide it would like to be, with its box.
	width() int
}

// dialogKey gives a key to the dialog on top.
func (a *App) dialogKey(d dialog, msg tea.KeyMsg) tea.Cmd {
	usual, ok := a.keymap.inDialogs(msg)
	if !ok {
		return nil
	}
	return a.dialogUsual(d, msg, usual)
}

// dialogUsual gives a dialog the usual key for the one that was pressed.
func (a *App) dialogUsual(d dialog, msg, usual tea.KeyMsg) tea.Cmd {
	switch {
	case usual.String() == "esc":
		a.closeDialog()
		return nil
	case usual.String() == "ctrl+c", usual.String() == "ctrl+z":
		cmd, _ := a.press(msg.String())
		return cmd
	}
	return d.press(a, usual)
}

func (a *App) openDialog(d dialog) { a.dialogs = append(a.dialogs, d) }

func (a *App) closeDialog() {
	if n := len(a.dialogs); n > 0 {
		d := a.dialogs[n-1]
		a.dialogs = a.dialogs[:n-1]
		if d, ok := d.(interface{ closed(*App) }); ok {
			d.closed(a)
		}
	}
	a.lineAt = ""
}

// overlay lays the dialog on top over the screen, which steps behind it.
func (a *App) overlay(lines []screen.Line) []screen.Line {
	if len(a.dialogs) == 0 {
		return lines
	}
	a.hits = a.hits[:0]
	d := a.dialogs[len(a.dialogs)-1]
	w, top, most := min(d.width(), a.lay.w-4, 100), a.lay.h/8, a.lay.h*8/10
	if a.lay.w < 72 {
		w, top, most = a.lay.w, a.lay.body.y, a.lay.body.h
	}
	name, inside, foot := d.draw(a, w-4, max(most-2, 1))
	inside = inside[:min(len(inside), max(most-2, 1))]
	x := (a.lay.w - w) / 2
	if seen, ok := d.(interface{ clear() bool }); !ok || !seen.clear() {
		for i := range lines {
			lines[i] = lines[i].As(screen.In(screen.Behind))
		}
	}
	said := a.keymap.footSaid(foot)
	box := boxed(name, inside, footFit(said, w-6), w)
	if menu, ok := d.(interface{ low() bool }); ok && menu.low() {
		// A menu of one key lies above the footer, not over what is copied.
		top = max(a.lay.h-1-len(box), 0)
	}
	a.dialogPress = dialogButtons(d, inside, x+2, top+1)
	a.dialogAt, _ = dialogRows(inside, x+2, top+1, w-4)
	a.dialogPress = append(a.dialogPress, footButtons(d, box[len(box)-1], foot, said, x, top+len(box)-1)...)
	for i, l := range box {
		if y := top + i; y < len(lines) {
			lines[y] = lines[y].Over(l, x).Fit(a.lay.w)
		}
	}
	return lines
}

// footFit leaves out of the keys in a dialog's lower edge those for which there is no
// room, from the right; what does it and what closes it go last. None is cut.
func footFit(said string, w int) string {
	items := strings.Split(said, "   ")
	words := func() string { return strings.Join(items, "   ") }
	for _, last := range []bool{false, true} {
		for i := len(items) - 1; i > 0 && clean(words()).Width() > w; i-- {
			if key, _, _ := strings.Cut(items[i], " "); last || key != "enter" && key != "esc" {
				items = slices.Delete(items, i, i+1)
			}
		}
		if key, _, _ := strings.Cut(items[0], " "); len(items) > 1 && key != "enter" && key != "esc" && clean(words()).Width() > w {
			items = items[1:]
		}
	}
	return words()
}

// boxed draws lines in a box, with a name in its upper edge and keys in its lower.
func boxed(name string, inside []screen.Line, foot string, w int) []screen.Line {
	edge := func(left, right screen.Text, words string, style screen.Style) screen.Line {
		line := screen.L(muted, left)
		if words != "" {
			line = line.Muted(screen.T("─ ")).Add(style, clean(words).Cut(w-6)).Pad(1)
		}
		return line.Add(muted, screen.T("─").Repeat(w-1-line.Width())).Add(muted, right).On(screen.Surface)
	}
	out := []screen.Line{edge(screen.T("╭"), screen.T("╮"), name, bold)}
	for _, l := range inside {
		out = append(out, screen.L(muted, screen.T("│ ")).Plus(l.Fit(w-4)).Muted(screen.T(" │")).On(screen.Surface))
	}
	return append(out, edge(screen.T("╰"), screen.T("╯"), foot, muted))
}

// helpDialog lists the keys of one context, with all that it includes.
type helpDialog struct {
	at     place
	top    int
	search string
}

func (a *App) openHelp() {
	if _, open := a.topDialog().(*helpDialog); open {
		return
	}
	a.openDialog(&helpDialog{at: a.context()})
}

func (a *App) topDialog() dialog {
	if len(a.dialogs) == 0 {
		return nil
	}
	return a.dialogs[len(a.dialogs)-1]
}

func (d *helpDialog) width() int { return 100 }

func (d *helpDialog) draw(a *App, w, h int) (string, []screen.Line, string) {
	lines := []screen.Line{{}}
	groups := active(d.at)
	if d.search != "" {
		groups = nil
		for c := range contextCount {
			groups = append(groups, c)
		}
	}
	for _, g := range groups {
		lines = append(lines, d.group(a, g, w)...)
	}
	if d.search != "" && len(lines) == 1 {
		lines = append(lines, screen.L(muted, clean(`Nothing matches "`+d.search+`".`)))
	}
	body := max(h-2, 0)
	d.top = min(d.top, max(len(lines)-body, 0))
	more := ""
	if d.top+body < len(lines) {
		more = "↓ " + model.Number(len(lines)-d.top-body) + " more"
	}
	shown := screen.Rows(lines[d.top:], w, min(body, len(lines)))
	search := screen.L(muted, screen.T("type to search keys and words"))
	if d.search != "" {
		search = screen.L(accent, screen.T("/ ")).Add(bold, clean(d.search)).Add(screen.Style{Reverse: true}, screen.T(" "))
	}
	shown = append(shown, screen.Line{}, search.Ends(screen.L(muted, clean(more)), w))
	return "Keys: " + contexts[d.at].title, shown, "↑↓ scroll   esc closes"
}

func (d *helpDialog) group(a *App, g place, w int) []screen.Line {
	var rows []screen.Line
	for _, b := range a.keymap.table {
		if !slices.Contains(b.in, g) || len(b.keys) == 0 {
			continue
		}
		if d.search != "" && !strings.Contains(strings.ToLower(b.does+" "+b.id+" "+keySigns(b)), strings.ToLower(d.search)) {
			continue
		}
		rows = append(rows, screen.Line{}.Pad(2).Add(accent, clean(keySigns(b))).To(26).Fg(clean(b.does)).Fit(w))
	}
	if len(rows) == 0 {
		return nil
	}
	head := screen.L(muted, clean(contexts[g].title))
	return append(append([]screen.Line{head}, rows...), screen.Line{})
}

// scrolled moves the first visible line of a dialog by the keys that scroll. The
// dialog holds it at its end when it is drawn.
func scrolled(top *int, msg tea.KeyMsg) bool {
	switch msg.String() {
	case "up", "ctrl+p":
		*top = max(*top-1, 0)
	case "down", "ctrl+n":
		*top++
	case "pgup":
		*top = max(*top-10, 0)
	case "pgdown":
		*top += 10
	case "home":
		*top = 0
	case "end":
		*top = farAway
	default:
		return false
	}
	return true
}

func (d *helpDialog) press(a *App, msg tea.KeyMsg) tea.Cmd {
	if scrolled(&d.top, msg) {
		return nil
	}
	switch msg.String() {
	case "enter", "f1":
		a.closeDialog()
		return nil
	case "?":
		if d.search == "" {
			a.closeDialog()
			return nil
		}
	}
	if typedSearch(&d.search, msg) {
		d.top = 0
		if len(d.search) > 1 {
			// Who searches everywhere with / begins with it here, too.
			d.search = strings.TrimPrefix(d.search, "/")
		}
	}
	return nil
}

// addressDialog asks for another address.
type addressDialog struct{ wrong string }

func (a *App) openAddress() {
	a.suggest(a.state.Conn.URL)
	a.openDialog(&addressDialog{})
}

func (d *addressDialog) width() int { return 76 }

func (d *addressDialog) draw(a *App, w, _ int) (string, []screen.Line, string) {
	lines := []screen.Line{{}, a.inputText(w).Fit(w).On(screen.Sel)}
	if d.wrong != "" {
		lines = append(lines, screen.L(bad, clean("✗ "+d.wrong)))
	}
	return "Address of the gateway", append(lines, screen.Line{}), "enter connects   esc as it was"
}

func (d *addressDialog) press(a *App, msg tea.KeyMsg) tea.Cmd {
	if msg.String() != "enter" {
		a.typeLine(msg)
		d.wrong = ""
		return nil
	}
	url := strings.TrimSpace(a.line.Value())
	if !strings.HasPrefix(url, "ws://") && !strings.HasPrefix(url, "wss://") {
		d.wrong = "an address begins with ws:// or wss://"
		return nil
	}
	a.closeDialog()
	return a.run([]model.Effect{model.Connect{URL: url}})
}
