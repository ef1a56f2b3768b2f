package ui

import (
	"path"
	"path/filepath"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/client/interval/schema"
	"ioscope/model"
	"ioscope/ui/screen"
)

// lastTarget is where the run wanted the person to go last.
func lastTarget(r *model.Run) (schema.Target, bool) {
	for _, m := range slices.Backward(r.Remarks) {
		if m.Target != nil {
			return *m.Target, true
		}
	}
	return schema.Target{}, false
}

func (f runFace) follow(a *App) tea.Cmd {
	t, _ := lastTarget(f.r)
	return a.run(a.state.Follow(t))
}

// enterDisplay opens what is shown: a link, a picture, the menu of a heading, the
// links of values.
func (f runFace) enterDisplay(a *App, field *model.RunField) tea.Cmd {
	if field == nil {
		return nil
	}
	if t, ok := fieldTarget(field); ok {
		return a.run(a.state.Follow(t))
	}
	switch p := field.Comp.Props.(type) {
	case *schema.DisplayHeading:
		a.openMenu(field.Comp.Label, p.MenuItems)
	case *schema.DisplayMetadata:
		var items []schema.MenuItem
		for _, m := range p.Data {
			if m.Address() != "" || m.Slug() != "" {
				items = append(items, schema.MenuItem{Label: m.Label, Target: m.Target})
			}
		}
		a.openMenu(firstOf(field.Comp.Label, "Open"), items)
	}
	return nil
}

// rowItems are the menu of a row, and the links of its cells.
func rowItems(v *model.TableView, row schema.Row) []schema.MenuItem {
	items := slices.Clone(row.Menu)
	for i, c := range v.Columns() {
		if cell := c.Cell(row, i); cell.Address() != "" || cell.Slug() != "" {
			items = append(items, schema.MenuItem{Label: strings.TrimSpace("Open " + cell.Label), Target: cell.Target})
		}
	}
	return items
}

func (f runFace) rowMenu(a *App) tea.Cmd {
	field := f.here()
	if row, ok := field.Table.Row(); ok {
		items := rowItems(field.Table, row)
		name := field.Comp.Label
		for i, c := range field.Table.Columns() {
			if label := c.Cell(row, i).Label; label != "" {
				name = label
				break
			}
		}
		a.openMenu(name, items)
	}
	return nil
}

func (f runFace) pageMenu(a *App) tea.Cmd {
	a.openMenu(f.r.Action.Name, f.r.Layout.MenuItems)
	return nil
}

// menuDialog is the menu of a row, a heading or a page.
type menuDialog struct {
	name  string
	items []schema.MenuItem
	row   int
}

func (a *App) openMenu(name string, items []schema.MenuItem) {
	a.openDialog(&menuDialog{name: name, items: items})
}

func (d *menuDialog) width() int { return 64 }

func (d *menuDialog) draw(_ *App, w, _ int) (string, []screen.Line, string) {
	lines := []screen.Line{{}}
	for i, m := range d.items {
		style := plain
		switch {
		case m.Disabled:
			style = muted
		case m.Theme == schema.ThemeDanger:
			style = bad
		}
		to := m.Address()
		if to == "" && m.Slug() != "" {
			to = "◆ " + m.Slug()
		}
		if m.Disabled {
			to = "can't be used now"
		}
		line := screen.L(style, clean(m.Label)).Ends(screen.L(muted, clean(to).Cut(w/2)), w-1)
		lines = append(lines, row(line, w, i == d.row, true))
	}
	return d.name, append(lines, screen.Line{}), "↑↓ move   enter goes there   esc nothing"
}

func (d *menuDialog) press(a *App, msg tea.KeyMsg) tea.Cmd {
	switch msg.String() {
	case "up", "k", "ctrl+p", "shift+tab":
		d.row = (d.row - 1 + len(d.items)) % len(d.items)
	case "down", "j", "ctrl+n", "tab":
		d.row = (d.row + 1) % len(d.items)
	case "enter", " ":
		item := d.items[d.row]
		if item.Disabled {
			return nil
		}
		a.closeDialog()
		return a.run(a.state.Follow(item.Target))
	}
	return nil
}

// askCancel asks whether the run is to be cancelled.
func (a *App) askCancel() {
	r := runHere(a)
	a.confirm(`Cancel "`+r.Action.Name+`"?`, "The host stops at its next question.", "Keep it", "Cancel it", func() tea.Cmd { return a.run(r.Cancel(a.state)) })
}

// closeRun takes the run off Open; what goes on is asked about first.
func (a *App) closeRun() tea.Cmd {
	t := a.state.Shown()
	r, ok := t.Content.(*model.Run)
	if !ok || !r.Going() {
		return a.run(a.state.Close(t))
	}
	a.confirm(`Cancel "`+r.Action.Name+`"?`, "It goes on. The host stops at its next question.", "Keep it", "Cancel it", func() tea.Cmd { return a.run(a.state.Close(t)) })
	return nil
}

// showAddress shows an address outside, or copies it where nothing can.
func (a *App) showAddress(address string) tea.Cmd {
	runs := a.asker.runs
	return func() tea.Msg {
		if runs != nil && runs.Open(address) == nil {
			return sayMsg("opened " + address)
		}
		return doMsg(func(a *App) tea.Cmd {
			return a.run([]model.Effect{model.Copy{Text: address, What: "the address"}})
		})
	}
}

// fileDialog looks for a file.
type fileDialog struct {
	field   *model.RunField
	dir     string
	entries []Entry
	wrong   string
	row     int
}

func (f runFace) pickFile(a *App) tea.Cmd {
	field := f.here()
	dir := "."
	if text := strings.TrimSpace(field.Text); text != "" {
		dir = filepath.Dir(text)
		if strings.HasSuffix(text, "/") {
			dir = text
		}
	}
	d := &fileDialog{field: field}
	a.setLine("")
	a.openDialog(d)
	return d.list(a, dir)
}

// list asks for the entries of a folder.
func (d *fileDialog) list(a *App, dir string) tea.Cmd {
	runs := a.asker.runs
	if runs == nil {
		d.wrong = errNoRuns.Error()
		return nil
	}
	return func() tea.Msg {
		full, entries, err := runs.List(dir)
		return doMsg(func(a *App) tea.Cmd {
			if err != nil {
				d.wrong = err.Error()
				return nil
			}
			slices.SortFunc(entries, func(x, y Entry) int {
				if x.Dir != y.Dir {
					if x.Dir {
						return -1
					}
					return 1
				}
				return strings.Compare(strings.ToLower(x.Name), strings.ToLower(y.Name))
			})
			d.dir, d.entries, d.row, d.wrong = full, append([]Entry{{Name: "..", Dir: true}}, entries...), 0, ""
			a.setLine("")
			return nil
		})
	}
}

// shown are the entries that fit what was typed.
func (d *fileDialog) shown(a *App) []Entry {
	typed := strings.ToLower(a.line.Value())
	var out []Entry
	for _, e := range d.entries {
		hidden := strings.HasPrefix(e.Name, ".") && e.Name != ".." && !strings.HasPrefix(typed, ".")
		if !hidden && strings.Contains(strings.ToLower(e.Name), typed) {
			out = append(out, e)
		}
	}
	return out
}

func (d *fileDialog) width() int { return 90 }

func (d *fileDialog) draw(a *App, w, h int) (string, []screen.Line, string) {
	lines := []screen.Line{screen.L(muted, clean(d.dir).CutMiddle(w)), screen.L(accent, screen.T("/ ")).Plus(a.inputText(w - 2)).Fit(w).On(screen.Sel)}
	if d.wrong != "" {
		lines = append(lines, screen.L(bad, clean("✗ "+d.wrong).Cut(w)))
	}
	entries := d.shown(a)
	d.row = min(d.row, max(len(entries)-1, 0))
	height := min(max(h-len(lines)-1, 1), 16)
	top := min(max(d.row-height+1, 0), max(len(entries)-height, 0))
	for i := top; i < min(top+height, len(entries)); i++ {
		e := entries[i]
		name := screen.L(plain, clean(e.Name))
		size := screen.L(muted, clean(model.Bytes(int(e.Size))))
		if e.Dir {
			name, size = screen.L(bold, clean(e.Name+"/")), screen.Line{}
		} else if p, ok := d.field.Comp.Props.(*schema.UploadFile); ok && schema.CheckFileName(p, e.Name) != nil {
			name = screen.L(muted, clean(e.Name))
			size = screen.L(muted, screen.T("not taken"))
		}
		lines = append(lines, row(name.Ends(size, w-2), w, i == d.row, true))
	}
	switch {
	case len(entries) > 0:
	case d.typedPath(a) != "":
		lines = append(lines, screen.L(muted, clean(a.keyFor("dialog.do")+" goes to "+d.typedPath(a)).CutMiddle(w)))
	default:
		lines = append(lines, screen.L(muted, clean(`nothing matches "`+a.line.Value()+`"`)))
	}
	return d.field.Comp.Label, append(lines, screen.Line{}), "type narrows   tab completes   enter takes it   esc nothing"
}

func (d *fileDialog) press(a *App, msg tea.KeyMsg) tea.Cmd {
	entries := d.shown(a)
	switch msg.String() {
	case "up", "ctrl+p", "shift+tab":
		d.row = max(d.row-1, 0)
	case "down", "ctrl+n":
		d.row = min(d.row+1, max(len(entries)-1, 0))
	case "pgup":
		d.row = max(d.row-10, 0)
	case "pgdown":
		d.row = min(d.row+10, max(len(entries)-1, 0))
	case "tab":
		d.complete(a, entries)
	case "enter":
		return d.take(a, entries)
	default:
		if msg.Type == tea.KeyBackspace && a.line.Value() == "" {
			return d.list(a, filepath.Dir(d.dir))
		}
		a.typeLine(msg)
		d.row, d.wrong = 0, ""
	}
	return nil
}

// typedPath is the place that is typed instead of a part of a name, or nothing.
func (d *fileDialog) typedPath(a *App) string {
	typed := a.line.Value()
	switch {
	case strings.HasPrefix(typed, "/"), strings.HasPrefix(typed, "~"):
		return typed
	case strings.Contains(typed, "/"):
		return path.Join(d.dir, typed)
	}
	return ""
}

// visit takes the file at a place, or lists the folder there.
func (d *fileDialog) visit(a *App, to string) tea.Cmd {
	runs, list := a.asker.runs, d.list(a, to)
	if runs == nil || strings.HasSuffix(to, "/") {
		return list
	}
	return func() tea.Msg {
		dir, entries, err := runs.List(filepath.Dir(to))
		isFile := func(e Entry) bool { return !e.Dir && e.Name == filepath.Base(to) }
		if err != nil || !slices.ContainsFunc(entries, isFile) {
			return list()
		}
		return doMsg(func(a *App) tea.Cmd {
			d.choose(a, path.Join(dir, filepath.Base(to)))
			return nil
		})
	}
}

// choose puts a file into the field.
func (d *fileDialog) choose(a *App, full string) {
	a.closeDialog()
	d.field.SetText(full)
	d.field.AddPath()
	a.lineAt = ""
}

// complete types what all entries that fit begin with.
func (d *fileDialog) complete(a *App, entries []Entry) {
	typed := a.line.Value()
	var common string
	for _, e := range entries {
		if !strings.HasPrefix(strings.ToLower(e.Name), strings.ToLower(typed)) {
			continue
		}
		if common == "" {
			common = e.Name
		}
		for !strings.HasPrefix(e.Name, common) {
			common = common[:len(common)-1]
		}
	}
	if len(common) > len(typed) {
		a.setLine(common)
	}
}

func (d *fileDialog) take(a *App, entries []Entry) tea.Cmd {
	if to := d.typedPath(a); to != "" {
		return d.visit(a, to)
	}
	if d.row >= len(entries) {
		return nil
	}
	e := entries[d.row]
	full := path.Join(d.dir, e.Name)
	if e.Dir {
		return d.list(a, full)
	}
	d.choose(a, full)
	return nil
}
