package ui

import (
	"encoding/json"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/model"
	"ioscope/ui/screen"
)

// pickDialog lets one of several be picked.
type pickDialog struct {
	name, foot string
	head       string
	picks      []pick
	at         int
}

// pick is one row of a pickDialog.
type pick struct {
	// draw draws it in w cells.
	draw func(w int) screen.Line
	do   func(*App) tea.Cmd
}

func (d *pickDialog) width() int { return 90 }

func (d *pickDialog) draw(a *App, w, h int) (string, []screen.Line, string) {
	lines := []screen.Line{screen.L(muted, clean(d.head)).Fit(w)}
	room := max(min(len(d.picks), h-1), 1)
	top := a.window("pick"+d.name, d.at, len(d.picks), room)
	for i := top; i < min(top+room, len(d.picks)); i++ {
		lines = append(lines, row(d.picks[i].draw(w-2), w, i == d.at, true))
	}
	return d.name, lines, d.foot
}

func (d *pickDialog) press(a *App, msg tea.KeyMsg) tea.Cmd {
	n := len(d.picks)
	switch msg.String() {
	case "up", "k", "ctrl+p", "shift+tab":
		d.at = (d.at - 1 + n) % n
	case "down", "j", "ctrl+n", "tab":
		d.at = (d.at + 1) % n
	case "pgup":
		d.at = max(d.at-10, 0)
	case "pgdown":
		d.at = min(d.at+10, n-1)
	case "enter":
		a.closeDialog()
		return d.picks[d.at].do(a)
	}
	return nil
}

// objectHere is the value under the cursor, and behind it what it is in, each with the
// name that it stands under.
func (a *App) objectHere() (values []json.RawMessage, keys []string) {
	if tree := a.tree(); tree != nil {
		return tree.Object()
	}
	if r := a.record(); r != nil && r.Value != nil {
		return []json.RawMessage{r.Value}, []string{""}
	}
	t := a.state.Shown()
	if t == nil || t.Content != nil {
		return nil, nil
	}
	switch {
	case t.Part == model.InRows:
		if row, ok := t.Tail.Current(); ok && row.GapKind == model.NoGap {
			return []json.RawMessage{row.Payload()}, []string{""}
		}
	case t.Part == model.InResult && t.Results.Compared != nil:
		r, ok := t.Results.Compared.Row()
		if !ok {
			return nil, nil
		}
		key := r.Path[strings.LastIndexByte(r.Path, '.')+1:]
		for _, cell := range r.Cells {
			if cell != nil {
				return []json.RawMessage{cell}, []string{key}
			}
		}
	}
	return nil, nil
}

// uses lists what takes the value under the cursor; where nothing does, what takes
// the value that it is in.
func (a *App) uses() (uses []model.Use, what string) {
	values, keys := a.objectHere()
	for i, v := range values {
		if found := a.state.UsesOf(v, keys[i]); len(found) > 0 {
			return found, keys[i]
		}
	}
	return nil, ""
}

func noObject(a *App) string {
	if values, _ := a.objectHere(); len(values) == 0 {
		return "no value here"
	}
	return ""
}

// openUses lists the methods that take the value under the cursor.
func (a *App) openUses() {
	uses, key := a.uses()
	if len(uses) == 0 {
		a.state.Say("no method takes this: none declares its type, and none has entries of its names and types")
		return
	}
	d := &pickDialog{name: "Use it in", head: "what takes this value, the best first", foot: "↑↓ move   enter opens the form   esc nothing"}
	if key != "" {
		d.name = "Use " + key + " in"
	}
	for _, u := range uses {
		d.picks = append(d.picks, pick{
			draw: func(w int) screen.Line {
				sign := screen.T("ƒ ")
				if u.Method.Streaming() {
					sign = screen.T("≈ ")
				}
				line := screen.L(muted, sign).Add(plain, clean(u.Method.Def.Name).CutMiddle(w/2)).To(min(28, w/2))
				return line.Pad(2).Muted(clean(u.Reason)).Fit(w)
			},
			do: func(a *App) tea.Cmd {
				a.state.OpenWith(u.Method, u.Args)
				return nil
			},
		})
	}
	a.openDialog(d)
}

// earlier are the calls of the method of the form whose arguments differ, the latest
// first.
func (a *App) earlier() []*model.Record {
	t := a.state.Shown()
	if t == nil || t.Content != nil {
		return nil
	}
	seen := map[string]bool{}
	var out []*model.Record
	for _, r := range a.state.Calls(t.Method, 500) {
		if text := string(r.Args); r.Args != nil && !seen[text] && len(out) < 50 {
			seen[text] = true
			out = append(out, r)
		}
	}
	return out
}

func nothingEarlier(a *App) string {
	if len(a.earlier()) == 0 {
		return "no earlier values: it was not called yet"
	}
	return ""
}

// openRecall lists the values of earlier calls.
func (a *App) openRecall() {
	t := a.state.Shown()
	d := &pickDialog{name: "Values of earlier calls", head: t.Def.Name, foot: "↑↓ move   enter takes them   esc as it was"}
	for _, r := range a.earlier() {
		d.picks = append(d.picks, pick{
			draw: func(w int) screen.Line {
				right := historyAnswer(r, max(w/3, 4))
				line := screen.L(muted, clean(model.When(r.At, a.state.Now))).To(12)
				return line.Plus(argsLine(r.Args, max(w-12-right.Width()-2, 4))).Ends(right, w)
			},
			do: func(a *App) tea.Cmd {
				t.Form.Fill(r.Args)
				t.Remembered, t.Wrong = r.At, nil
				t.Touch()
				a.lineAt, a.areaAt = "", ""
				return nil
			},
		})
	}
	a.openDialog(d)
}
