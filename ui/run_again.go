package ui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/client/interval/schema"
	"ioscope/model"
	"ioscope/ui/screen"
)

// runAgainBindings are the keys of what was run before.
func runAgainBindings() []binding {
	return []binding{
		{id: "run.repeat", keys: []string{"r"}, in: []place{inRun, inRunTable, inRunTree}, does: "run it again with the same answers; asks when it ended well", footer: 4, label: words("repeat"), why: notRepeatable, do: onRun(runFace.repeat)},
		{id: "run.recall", keys: []string{"ctrl+r"}, in: []place{inRunField, inRunText}, does: "parameters that were typed before", footer: 4, label: words("earlier parameters"), why: noEarlierParams, do: onRun(runFace.openRecall)},
	}
}

// repeat runs it again. Where it ended well it has done its work, so that again may
// hurt: that is asked first.
func (f runFace) repeat(a *App) tea.Cmd {
	again := func() tea.Cmd { return a.run(f.r.Repeat(a.state)) }
	if !f.r.Fine() {
		return again()
	}
	a.openDialog(&confirmDialog{
		title: `Run "` + f.r.Action.Name + `" again?`, words: againWords(f.r), list: givenWords(a, f.r), no: "Leave it", yes: "Run it again", do: again,
	})
	return nil
}

// againWords say what running it again means.
func againWords(r *model.Run) string {
	words := "It ended well. What it did is done once more"
	given := r.Given()
	if len(r.Params)+len(given) == 0 {
		return words + "."
	}
	words += ", with the same answers"
	var logins []string
	for _, f := range given {
		if login(f) {
			logins = append(logins, f.Comp.Label)
		}
	}
	if len(logins) > 0 {
		words += " and the same credentials: " + strings.Join(logins, ", ")
	}
	return words + "."
}

// givenWords are the parameters and the answers, each in a line. Secrets stay hidden.
func givenWords(a *App, r *model.Run) []string {
	var out []string
	for _, m := range r.Params {
		out = append(out, m.Name+": "+schema.Text(m.Value))
	}
	for _, f := range r.Given() {
		word, more := answerWords(a, f)
		if more != "" {
			word += ", " + more
		}
		out = append(out, asked(f.Comp.Label)+word)
	}
	return out
}

// asked is a label before its answer; a question has its own mark.
func asked(label string) string {
	if strings.HasSuffix(label, "?") || strings.HasSuffix(label, ":") {
		return label + " "
	}
	return label + ": "
}

func noEarlierParams(a *App) string {
	if len(a.state.EarlierParams(runHere(a))) == 0 {
		return "no parameters were typed for it yet"
	}
	return ""
}

// openRecall lists the parameters that were typed before.
func (f runFace) openRecall(a *App) tea.Cmd {
	d := &pickDialog{name: "Parameters typed before", head: f.r.Action.Name, foot: "↑↓ move   enter takes them   esc as it was"}
	for _, p := range a.state.EarlierParams(f.r) {
		d.picks = append(d.picks, pick{
			draw: func(w int) screen.Line {
				text := strings.Join(strings.Fields(p.Text), " ")
				return screen.L(muted, clean(model.When(p.At, a.state.Now))).To(12).Add(plain, clean(text).Cut(max(w-12, 4)))
			},
			do: func(a *App) tea.Cmd {
				f.r.Recall(p)
				a.touch()
				a.lineAt, a.areaAt = "", ""
				return nil
			},
		})
	}
	a.openDialog(d)
	return nil
}
