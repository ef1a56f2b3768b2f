package ui

import (
	"fmt"
	"math"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/themes"
	"ioscope/ui/screen"
)

// ThemeChoice is a theme that can be chosen.
type ThemeChoice struct {
	themes.Theme
	// Own is true for one of the person's own.
	Own bool
	// Wrong says why it can't be used; empty when it can. Then its colours may be
	// missing.
	Wrong string
}

// ThemesChanged tells the App that the person's own themes are others now.
type ThemesChanged []ThemeChoice

// wear puts a theme on.
func (a *App) wear(t themes.Theme) {
	a.opts.Theme = t
	a.repaint()
}

// repaint makes the painter anew, after theme or signs have changed.
func (a *App) repaint() {
	a.painter = screen.NewPainter(palette(a.opts.Theme), a.opts.Renderer, a.opts.ASCII)
}

// themesChanged takes in themes that were written while the program runs. The one in
// use changes at once.
func (a *App) themesChanged(choices []ThemeChoice) {
	a.opts.Themes = choices
	i := slices.IndexFunc(choices, func(c ThemeChoice) bool { return c.Own && c.Name == a.opts.Theme.Name })
	if i < 0 || a.opts.Theme == choices[i].Theme {
		return
	}
	if why := choices[i].Wrong; why != "" {
		a.state.Say("theme stays as it was: " + why)
		return
	}
	a.wear(choices[i].Theme)
	a.state.Say("theme " + choices[i].Name + " was read again")
}

// themeDialog tries themes on. What lies behind it is not dimmed: it shows them.
type themeDialog struct {
	row    int
	before themes.Theme
}

func (a *App) openThemes() {
	d := &themeDialog{before: a.opts.Theme}
	d.row = max(slices.IndexFunc(a.opts.Themes, func(c ThemeChoice) bool { return c.Name == a.opts.Theme.Name }), 0)
	a.openDialog(d)
}

func (d *themeDialog) width() int  { return 48 }
func (d *themeDialog) clear() bool { return true }

// themeWords say for whom a theme is.
func themeWords(c ThemeChoice) string {
	if c.Own {
		return "from your themes folder"
	}
	ground := "light"
	if c.Dark {
		ground = "dark"
	}
	if c.Short != "" {
		ground += ", " + c.Short
	}
	return ground
}

func (d *themeDialog) draw(a *App, w, h int) (string, []screen.Line, string) {
	choices := a.opts.Themes
	d.row = min(d.row, max(len(choices)-1, 0))
	height := min(max(h-9, 1), len(choices))
	top := a.window("themes", d.row, len(choices), height)
	lines := []screen.Line{{}}
	for i := top; i < top+height; i++ {
		c := choices[i]
		figure, mark := "   -", screen.T(" ✗")
		if least, _ := c.Least(); least > 0 {
			figure = fmt.Sprintf("%4.1f", math.Floor(least*10)/10)
		}
		if c.Wrong == "" {
			mark = screen.T("  ")
		}
		right := screen.L(muted, clean(figure)).Add(bad, mark)
		lines = append(lines, row(screen.L(plain, clean(c.Name)).To(10).Muted(clean(themeWords(c))).Ends(right, w-2), w, i == d.row, true))
	}
	if len(choices) > 0 && choices[d.row].Wrong != "" {
		for _, part := range clean("✗ " + choices[d.row].Wrong).Wrap(w - 2) {
			lines = append(lines, screen.Line{}.Pad(1).Add(bad, part).Fit(w))
		}
	}
	lines = append(lines, screen.Line{},
		screen.Line{}.Pad(1).Add(okay, screen.T("● live")).Pad(2).Add(warn, screen.T("! gap")).Pad(2).Add(bad, screen.T("✗ error")).Pad(2).Add(accent, screen.T("key")),
		screen.Line{}.Pad(1).Add(key, screen.T("name")).Pad(1).Fg(screen.T(`"text"`)).Pad(2).Add(num, screen.T("42")).Pad(2).Add(lit, screen.T("true")).Pad(2).
			Add(screen.Style{Role: screen.MarkText, Ground: screen.MarkGround}, screen.T("hit")),
		seriesLine(), screen.Line{},
		screen.Line{}.Pad(1).Muted(screen.T("right: the lowest contrast of a text role;")))
	lines = append(lines, screen.L(muted, clean(fmt.Sprintf(" %.1f is the least", themes.MinText))).Fit(w))
	lines = append(lines, screen.Line{})
	return "Theme", lines, "moves try it   enter keeps   esc back"
}

// seriesLine shows the six identities.
func seriesLine() screen.Line {
	l := screen.Line{}.Pad(1)
	for i, letter := range []screen.Text{screen.T("A"), screen.T("B"), screen.T("C"), screen.T("D"), screen.T("E"), screen.T("F")} {
		l = l.Add(screen.In(screen.Series1+screen.Role(i)), letter).Pad(1)
	}
	return l
}

func (d *themeDialog) press(a *App, msg tea.KeyMsg) tea.Cmd {
	n := len(a.opts.Themes)
	if n == 0 {
		return nil
	}
	switch msg.String() {
	case "up", "k", "ctrl+p", "shift+tab":
		d.row = (d.row - 1 + n) % n
	case "down", "j", "ctrl+n", "tab":
		d.row = (d.row + 1) % n
	case "home", "g":
		d.row = 0
	case "end", "G":
		d.row = n - 1
	case "enter", " ":
		return d.keep(a)
	}
	if c := a.opts.Themes[d.row]; c.BG != "" {
		a.wear(c.Theme)
	}
	return nil
}

// keep leaves the theme on, and remembers it.
func (d *themeDialog) keep(a *App) tea.Cmd {
	c := a.opts.Themes[d.row]
	if c.Wrong != "" {
		return nil // the row says why
	}
	d.before = c.Theme
	a.wear(c.Theme)
	a.closeDialog()
	a.state.Say("theme: " + c.Name)
	return a.keepTheme(c.Name)
}

// closed puts the theme back that was on before.
func (d *themeDialog) closed(a *App) { a.wear(d.before) }

// toggleASCII draws signs in ASCII, or as they are.
func (a *App) toggleASCII() {
	a.opts.ASCII = !a.opts.ASCII
	a.repaint()
	a.state.Say("signs: " + either(a.opts.ASCII, "ASCII", "Unicode"))
}

// toggleMotion stops what moves by itself, or lets it move.
func (a *App) toggleMotion() {
	a.opts.Still = !a.opts.Still
	a.state.Say("motion: " + either(a.opts.Still, "off", "on"))
}

// toggleMouse gives the mouse to the terminal, so that text can be selected, or takes
// it back.
func (a *App) toggleMouse() tea.Cmd {
	a.opts.NoMouse = !a.opts.NoMouse
	a.state.Say(either(a.opts.NoMouse, "mouse off: the terminal selects text; "+a.keyFor("mouse.toggle")+" takes it back", "mouse on"))
	return a.hold()
}

// hold asks the terminal for the mouse, as far as it is wanted.
func (a *App) hold() tea.Cmd {
	if a.opts.NoMouse {
		return tea.DisableMouse
	}
	return tea.EnableMouseCellMotion
}

func either(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

// noThemes says why there is nothing to choose from.
func noThemes(a *App) string {
	switch {
	case len(a.opts.Themes) == 0:
		return "no themes here"
	case a.painter.Plain():
		return "this terminal shows no colours"
	}
	return ""
}
