package ui

import (
	"encoding/json"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/client/bus"
	"ioscope/model"
	"ioscope/ui/screen"
)

// What y copies: the thing under the cursor in several shapes, and a call as text
// that does the same elsewhere.

// copying is one entry of the menu.
type copying struct {
	key, word, text string
}

// copies lists what can be copied here.
func (a *App) copies() []copying {
	var out []copying
	add := func(key, word, text string) {
		if text != "" {
			out = append(out, copying{key, word, text})
		}
	}
	value, what := a.copyable()
	add("y", what, value)
	if tree := a.tree(); tree != nil {
		row := tree.Row(tree.Cursor())
		add("k", "key", row.Key)
		add("p", "path", row.Path)
		add("a", "all", string(tree.Raw()))
	}
	q, streaming, ok := a.questionHere()
	if ok {
		add("c", "as a command", asCommand(q, streaming, a.state.Conn.URL))
		add("j", "JavaScript", asJavaScript(q, streaming, a.state.Conn))
		add("g", "Go", asGo(q, streaming, a.state.Conn))
	}
	return out
}

// questionHere is the call or the subscription that the cursor is on.
func (a *App) questionHere() (q Question, streaming, ok bool) {
	if f, is := a.face().(questionFace); is {
		q, ok = f.question(a)
		return q, false, ok
	}
	if a.face() != nil {
		return q, false, false
	}
	if t := a.state.Shown(); t != nil {
		args := t.Args
		if t.FormShown() {
			var wrong []model.FieldError
			if args, wrong = t.Form.Args(a.state.Now); len(wrong) > 0 {
				args = json.RawMessage("{}")
			}
		}
		wait, err := model.ParseTimeout(t.Wait)
		answer, err2 := model.ParseTimeout(t.Answer)
		if err != nil || err2 != nil {
			wait, answer = bus.DefaultTimeout, bus.DefaultTimeout
		}
		return Question{t.Def.Exactly(), t.Target, args, wait, answer, nil}, t.Stream(), true
	}
	m := a.state.CardMethod()
	if m == nil || m.Action != nil {
		return q, false, false
	}
	q = Question{Method: m.Def.Exactly(), Args: json.RawMessage("{}"), Wait: bus.DefaultTimeout, Answer: bus.DefaultTimeout}
	if m.Call != nil {
		q.Args, q.Target = m.Call.Args, m.Call.Target
	}
	return q, m.Streaming(), true
}

// asCommand writes the command of ours that asks the same.
func asCommand(q Question, streaming bool, url string) string {
	words := []string{"ioscope", "invoke", shellQuoted(q.Method.Name)}
	if streaming {
		words[1] = "subscribe"
	}
	if string(q.Args) != "{}" && len(q.Args) > 0 {
		words = append(words, "--args", shellQuoted(string(q.Args)))
	}
	if q.Target.Mode != bus.Best {
		for _, text := range q.Target.Texts() {
			words = append(words, "--target", shellQuoted(text))
		}
	}
	timeout := func(flag string, d time.Duration) {
		if d != bus.DefaultTimeout {
			words = append(words, flag, d.String())
		}
	}
	timeout("--wait-timeout", q.Wait)
	timeout("--response-timeout", q.Answer)
	return strings.Join(append(words, "--url", shellQuoted(url)), " ")
}

// shellQuoted quotes a word for a POSIX shell.
func shellQuoted(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-/:@,+", r)
	}
	if s != "" && strings.TrimFunc(s, plain) == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// copyDialog is the menu above the footer: one key copies.
type copyDialog struct{ entries []copying }

func (a *App) openCopy() { a.openDialog(&copyDialog{a.copies()}) }

func (d *copyDialog) width() int { return 66 }

func (d *copyDialog) low() bool { return true }

func (d *copyDialog) draw(_ *App, w, _ int) (string, []screen.Line, string) {
	var lines []screen.Line
	line := screen.Line{}
	for _, e := range d.entries {
		item := screen.L(accent, clean(e.key)).Pad(1).Fg(clean(e.word))
		if line.Width()+item.Width()+3 > w {
			lines, line = append(lines, line), screen.Line{}
		}
		line = line.Plus(item).Pad(3)
	}
	return "Copy", append(lines, line), "esc nothing"
}

func (d *copyDialog) press(a *App, msg tea.KeyMsg) tea.Cmd {
	for _, e := range d.entries {
		if e.key == msg.String() {
			a.closeDialog()
			return a.run([]model.Effect{model.Copy{Text: e.text, What: e.word}})
		}
	}
	return nil
}
