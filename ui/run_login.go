package ui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/client/interval/schema"
	"ioscope/model"
	"ioscope/ui/screen"
)

// Credentials that an action asks for: a token, and a secret below it. Who looks over
// a shoulder reads neither, also while they are typed.

// login draws the two lines, and which key shows them.
func (w *runWriter) login(line screen.Line, at model.RunStop, f *model.RunField, focused bool, n int) {
	for row, typed := range []string{f.Text, f.Secret} {
		here := focused && f.Row == row-1
		value := screen.L(plain, clean(hidden(f, typed)))
		if here {
			value = w.a.cursorText([]rune(hidden(f, w.a.line.Value())), w.a.line.Position(), n)
		}
		kind := screen.L(muted, clean([]string{"token", "secret"}[row])).Pad(2)
		w.stop(line.Plus(w.box(value, n, here)).Ends(kind, w.w-1), at, row-1, f.Row == row-1)
		line = screen.Line{}.Pad(w.column - 1)
	}
	if focused {
		w.add(screen.Line{}.Pad(w.column).Muted(clean(w.a.keyFor("run.reveal") + either(f.Bare, " hides", " shows") + " what is typed")))
	}
}

// hidden is what is drawn of a text that may be hidden.
func hidden(f *model.RunField, text string) string {
	if f.Bare {
		return text
	}
	return strings.Repeat("•", len([]rune(text)))
}

func (f runFace) reveal(*App) tea.Cmd {
	field := f.here()
	field.Bare = !field.Bare
	return nil
}

func revealWords(a *App) string {
	if f := fieldHere(a); f != nil && f.Bare {
		return "hide"
	}
	return "show"
}

func noCredentials(a *App) string {
	if f := fieldHere(a); f == nil || f.Comp.Method() != schema.CredentialsMethod {
		return "no credentials are asked for here"
	}
	return ""
}
