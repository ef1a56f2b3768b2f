package ui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/model"
	"ioscope/ui/screen"
)

// loginDialog asks who to log in as, after the gateway refused.
type loginDialog struct {
	user, password string
	// secret is true while the password has the keyboard.
	secret bool
}

func (a *App) openLogin() {
	d := &loginDialog{user: a.state.User, secret: a.state.User != ""}
	a.setLine("")
	if !d.secret {
		a.setLine(d.user)
	}
	a.openDialog(d)
}

func (d *loginDialog) width() int { return 60 }

func (d *loginDialog) draw(a *App, w, _ int) (string, []screen.Line, string) {
	field := func(label string, text string, focused bool) screen.Line {
		line := screen.L(muted, clean(label)).To(12)
		value := screen.L(plain, clean(text))
		if focused {
			value = a.cursorText([]rune(text), a.line.Position(), w-14)
		}
		ground := screen.Surface
		if focused {
			ground = screen.Sel
		}
		if a.painter.Plain() && focused {
			return line.Fg(screen.T("[")).Plus(value.Fit(w - 14)).Fg(screen.T("]"))
		}
		return line.Plus(value.Fit(w - 12).On(ground))
	}
	user, password := d.user, strings.Repeat("•", len([]rune(d.password)))
	if d.secret {
		password = strings.Repeat("•", len([]rune(a.line.Value())))
	} else {
		user = a.line.Value()
	}
	lines := []screen.Line{{}, field("user", user, !d.secret), field("password", password, d.secret), {}}
	return "Log in again", lines, "tab the other   enter logs in   esc as it was"
}

func (d *loginDialog) press(a *App, msg tea.KeyMsg) tea.Cmd {
	switch msg.String() {
	case "tab", "shift+tab", "up", "down":
		d.turn(a)
	case "enter":
		if !d.secret {
			d.turn(a)
			return nil
		}
		d.keep(a)
		a.closeDialog()
		a.state.User = d.user
		return a.run([]model.Effect{model.LogIn{User: d.user, Password: d.password}})
	default:
		a.typeLine(msg)
	}
	return nil
}

// keep takes over what was typed.
func (d *loginDialog) keep(a *App) {
	if d.secret {
		d.password = a.line.Value()
	} else {
		d.user = strings.TrimSpace(a.line.Value())
	}
}

// turn gives the other field the keyboard.
func (d *loginDialog) turn(a *App) {
	d.keep(a)
	d.secret = !d.secret
	a.setLine(d.user)
	if d.secret {
		a.setLine(d.password)
	}
}
