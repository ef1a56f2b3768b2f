package ui

import (
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/model"
	"ioscope/ui/screen"
)

// fieldsDialog chooses fields of a stream: those that get columns, in their
// order, or the one that is the key.
type fieldsDialog struct {
	t   *model.Thing
	key bool
	row int
	// chosen are the columns as they will be, nil as long as they are chosen by
	// what fits.
	chosen []string
}

func (a *App) openColumns() {
	t := a.state.Shown()
	d := &fieldsDialog{t: t}
	for _, f := range t.ColumnFields() {
		d.chosen = append(d.chosen, f.Path)
	}
	a.openDialog(d)
}

func (a *App) openKeyField() {
	t := a.state.Shown()
	d := &fieldsDialog{t: t, key: true}
	d.row = max(slices.Index(d.paths(), t.View.Key), 0)
	a.openDialog(d)
}

func (d *fieldsDialog) width() int { return 76 }

// paths are the fields in the order of the dialog: the chosen columns first.
func (d *fieldsDialog) paths() []string {
	var out []string
	if d.key {
		out = append(out, "")
	} else {
		out = append(out, d.chosen...)
	}
	for _, f := range d.t.Tail.Fields().List() {
		if f.Scalar() && !slices.Contains(out, f.Path) {
			out = append(out, f.Path)
		}
	}
	return out
}

func (d *fieldsDialog) draw(a *App, w, h int) (string, []screen.Line, string) {
	paths := d.paths()
	d.row = min(max(d.row, 0), len(paths)-1)
	fields := d.t.Tail.Fields()
	lines := []screen.Line{{}}
	height := max(h-3, 1)
	top := a.window("fields", d.row, len(paths), height)
	sample, _ := d.t.Tail.Current()
	nameW := 0
	for _, path := range paths {
		nameW = max(nameW, min(clean(model.PathName(path)).Width(), w/2))
	}
	for i := top; i < min(top+height, len(paths)); i++ {
		path := paths[i]
		var line, note screen.Line
		switch {
		case d.key && path == d.t.View.Key:
			line = line.Add(accent, screen.T("(•) "))
		case d.key:
			line = line.Add(plain, screen.T("( ) "))
		case slices.Contains(d.chosen, path):
			line = line.Add(accent, screen.T("[x] "))
		default:
			line = line.Add(plain, screen.T("[ ] "))
		}
		if path == "" {
			line = line.Muted(screen.T("none"))
		} else {
			line = line.Fg(clean(model.PathName(path)).CutMiddle(w / 2)).To(4 + nameW + 2)
			steps, _ := model.ReadPath(path)
			raw := steps.In(sample.Payload())
			line = line.Add(scalarStyle(raw), clean(cellText(raw)).Cut(max(w-line.Width()-24, 0)))
			note = fieldNote(fields, path)
		}
		lines = append(lines, row(line.Ends(note, w-1), w, i == d.row, true))
	}
	if d.key {
		return "Key field of " + d.t.Def.Name, append(lines, screen.Line{}), "↑↓ move   enter choose   esc as it was"
	}
	return "Columns of " + d.t.Def.Name, append(lines, screen.Line{}), "space on, off   J K move   r what fits   enter keep   esc as it was"
}

// fieldNote tells how often a field is there, and how many different texts it had.
func fieldNote(fields *model.Fields, path string) screen.Line {
	f := fields.Find(path)
	if f == nil || fields.Seen() == 0 {
		return screen.L(muted, screen.T("not seen"))
	}
	words := "number"
	if f.Text() {
		words = "text"
		if n, few := f.Distinct(); few && n > 0 {
			words = model.Number(n) + " different"
			if n == 1 {
				words = "always the same"
			}
		}
	} else if !f.Number() {
		words = "true, false"
	}
	if f.Seen < fields.Seen() {
		words += ", in " + model.Number(max(f.Seen*100/fields.Seen(), 1)) + " %"
	}
	return screen.L(muted, clean(words))
}

func (d *fieldsDialog) press(a *App, msg tea.KeyMsg) tea.Cmd {
	paths := d.paths()
	d.row = min(max(d.row, 0), len(paths)-1)
	switch msg.String() {
	case "up", "k", "ctrl+p", "shift+tab":
		d.row = (d.row - 1 + len(paths)) % len(paths)
	case "down", "j", "ctrl+n", "tab":
		d.row = (d.row + 1) % len(paths)
	case "pgup", "ctrl+u":
		d.row = max(d.row-10, 0)
	case "pgdown", "ctrl+d":
		d.row = min(d.row+10, len(paths)-1)
	case "enter":
		d.keep(a, paths)
	case " ":
		if d.key {
			d.keep(a, paths)
			return nil
		}
		d.toggle(paths[d.row])
	case "J", "shift+down", "alt+down":
		d.move(1)
	case "K", "shift+up", "alt+up":
		d.move(-1)
	case "r":
		if !d.key {
			d.t.View.Columns = nil
			d.t.Touch()
			a.closeDialog()
		}
	}
	return nil
}

// toggle takes a field in at the end, or out.
func (d *fieldsDialog) toggle(path string) {
	if i := slices.Index(d.chosen, path); i >= 0 {
		d.chosen = slices.Delete(d.chosen, i, i+1)
	} else {
		d.chosen = append(d.chosen, path)
	}
	d.row = max(slices.Index(d.paths(), path), 0)
}

// move moves a chosen column.
func (d *fieldsDialog) move(delta int) {
	to := d.row + delta
	if d.key || d.row >= len(d.chosen) || to < 0 || to >= len(d.chosen) {
		return
	}
	d.chosen[d.row], d.chosen[to] = d.chosen[to], d.chosen[d.row]
	d.row = to
}

func (d *fieldsDialog) keep(a *App, paths []string) {
	t := d.t
	t.Touch()
	a.closeDialog()
	if d.key {
		t.SetKey(paths[d.row])
		return
	}
	t.View.Columns = append([]string{}, d.chosen...)
	if t.View.Kind == model.RowsView {
		t.View.ByHand = true
		t.Show(model.ColumnsView)
	}
}
