package ui

import (
	"errors"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/model"
	"ioscope/ui/screen"
)

// Disk is where what is exported goes. Its methods may be called from any goroutine.
type Disk interface {
	// Free returns a name for a file that is not there yet, made of a stem and an
	// ending such as ".csv".
	Free(stem, ending string) string
	// Path is where a file of a name will be, in full, with ~ for the home folder.
	Path(name string) string
	// Write writes a file and returns where it is, as Path has it, and how long. Unless over says
	// so, one that is there already stays, and the error is fs.ErrExist. A file
	// that could not be written to its end is not left behind.
	Write(name string, over bool, fill func(io.Writer) error) (path string, size int64, err error)
}

// sheetKinds are the endings of the two formats.
const jsonLines, commaSeparated = ".jsonl", ".csv"

// exportDialog asks for the name of the file, what goes into it, and how.
type exportDialog struct {
	title, stem string
	// parts are what can be exported: their words, and how each is copied.
	parts []exportPart
	part  int
	csv   bool
	wrong string
}

// exportPart is something that can be exported. What it counts goes on while the dialog
// is open, and what is written is what there is then.
type exportPart struct {
	words string
	// noun is what it has count of; nil where it counts nothing. more follows the count.
	noun  string
	count func() int
	more  string
	doc   func() model.Document
}

func (p *exportPart) line() string {
	if p.count == nil {
		return p.words
	}
	return p.words + ", " + model.Count(p.count(), p.noun) + p.more
}

// openExport opens the dialog of what is on the screen; of a stream with all that
// is kept chosen, where that is asked for.
func (a *App) openExport(all bool) {
	d := a.exportHere()
	if d == nil {
		return
	}
	if all && len(d.parts) > 1 {
		d.part = 1
	}
	a.openDialog(d)
	a.suggest(a.opts.Disk.Free(d.stem, d.ending()))
}

// exportHere is what can be exported where the keyboard is; nil for nothing.
func (a *App) exportHere() *exportDialog {
	switch c := a.state.Content().(type) {
	case *model.Chronicle:
		return a.exportFeed(c)
	case *model.Lens:
		return a.exportLens(c)
	}
	if a.record() != nil {
		return a.exportHistory()
	}
	t := a.state.Shown()
	if t == nil || t.Content != nil {
		return nil
	}
	d := &exportDialog{title: t.Def.Name, stem: model.FileStem(t.Def.Name + "-" + a.state.Now.Format("20060102-150405"))}
	switch {
	case t.Tail != nil:
		shown := func() int { n, _ := t.Tail.Shown(); return n }
		kept := func() int { _, n := t.Tail.Shown(); return n }
		if kept() == 0 {
			return nil
		}
		s := a.state
		columns := t.ChosenColumns()
		if (t.Tail.Filtered() || columns > 0) && shown() > 0 {
			more := ""
			if columns > 0 {
				more = ", in CSV " + model.Count(columns, "column")
			}
			d.parts = append(d.parts, exportPart{"what is shown", "event", shown, more, func() model.Document { return s.RowsDocument(t, false) }})
		}
		d.add("all that is kept", "event", kept, func() model.Document { return s.RowsDocument(t, true) })
	case t.Results.Compared != nil:
		d.add("the comparison", "", nil, func() model.Document { return t.ComparedDocument() })
		d.csv = true
	case len(t.Results.Answers) > 0:
		doc := t.ResultsDocument()
		if doc.Len() == 0 {
			return nil
		}
		d.add(model.Count(doc.Len(), "answer"), "", nil, func() model.Document { return doc })
	default:
		return nil
	}
	return d
}

func (d *exportDialog) ending() string {
	if d.csv {
		return commaSeparated
	}
	return jsonLines
}

func (d *exportDialog) width() int { return 76 }

func (d *exportDialog) draw(a *App, w, _ int) (string, []screen.Line, string) {
	lines := []screen.Line{
		{},
		screen.L(muted, screen.T("file  ")).Plus(a.inputText(w - 6).Fit(w - 6).On(screen.Sel)),
		screen.L(muted, screen.T("in    ")).Fg(clean(path.Dir(filepath.ToSlash(a.opts.Disk.Path(strings.TrimSpace(a.line.Value()))))).CutMiddle(w - 6)),
	}
	for i, p := range d.parts {
		head, sign := screen.T("      "), screen.T("( ) ")
		if i == 0 {
			head = screen.T("what  ")
		}
		if i == d.part {
			sign = screen.T("(•) ")
		}
		lines = append(lines, screen.L(muted, head).Fg(sign).Fg(clean(p.line())))
	}
	one, two := screen.T("(•) JSON lines   ( ) CSV"), screen.T("( ) JSON lines   (•) CSV")
	form := one
	if d.csv {
		form = two
	}
	lines = append(lines, screen.L(muted, screen.T("as    ")).Fg(form))
	if d.wrong != "" {
		lines = append(lines, screen.Line{}, screen.L(bad, clean("✗ "+d.wrong)))
	}
	foot := "tab JSON lines, CSV   enter writes   esc nothing"
	if len(d.parts) > 1 {
		foot = "tab JSON lines, CSV   ↓ what   enter writes   esc nothing"
	}
	return "Export " + d.title, append(lines, screen.Line{}), foot
}

func (d *exportDialog) press(a *App, msg tea.KeyMsg) tea.Cmd {
	switch msg.String() {
	case "tab", "shift+tab":
		before := d.ending()
		d.csv = !d.csv
		if name, ok := strings.CutSuffix(a.line.Value(), before); ok {
			a.setLine(name + d.ending())
		}
	case "down", "ctrl+n":
		d.part = (d.part + 1) % len(d.parts)
	case "up", "ctrl+p":
		d.part = (d.part + len(d.parts) - 1) % len(d.parts)
	case "enter":
		name := strings.TrimSpace(a.line.Value())
		if name == "" {
			d.wrong = "the file needs a name"
			return nil
		}
		a.closeDialog()
		return a.run([]model.Effect{model.Export{File: name, CSV: d.csv, Doc: d.parts[d.part].doc()}})
	default:
		a.typeLine(msg)
		d.wrong = ""
	}
	return nil
}

// existsMsg tells that a file is there already.
type existsMsg model.Export

// export writes a document beside the screen, and tells how far it has come.
func (a *App) export(e model.Export) tea.Cmd {
	disk, box := a.opts.Disk, a.inbox
	if disk == nil {
		return func() tea.Msg { return sayMsg("not exported: nothing can be written here") }
	}
	total := e.Doc.Len()
	if total > 5000 {
		a.state.Say("exporting " + e.Doc.Title() + " …")
	}
	return func() tea.Msg {
		said, err := WriteExport(disk, e, func(text string) { box.Put(model.Told{Text: text}) })
		switch {
		case errors.Is(err, fs.ErrExist):
			return existsMsg(e)
		case err != nil:
			return sayMsg(err.Error())
		}
		// The same way as how far it came, so that this is said last.
		box.Put(model.Told{Text: said})
		return nil
	}
}

// overDialog asks whether a file is written over.
type overDialog struct {
	e     model.Export
	where string
	over  bool
}

func (d *overDialog) width() int { return 64 }

func (d *overDialog) draw(_ *App, w, _ int) (string, []screen.Line, string) {
	keep, over := screen.T("[> Keep it <]"), screen.T("[ Write over it ]")
	styles := [2]screen.Style{{Role: screen.Ink, Ground: screen.Button}, plain}
	if d.over {
		keep, over = screen.T("[ Keep it ]"), screen.T("[> Write over it <]")
		styles[0], styles[1] = styles[1], styles[0]
	}
	buttons := screen.L(styles[0], keep).Pad(2).Add(styles[1], over)
	return "The file is there already", []screen.Line{{}, screen.L(plain, clean(d.where).CutMiddle(w)), {}, buttons, {}}, "tab the other button   enter presses it   esc keeps it"
}

func (d *overDialog) choose(second bool) { d.over = second }

func (d *overDialog) press(a *App, msg tea.KeyMsg) tea.Cmd {
	switch msg.String() {
	case "tab", "shift+tab", "left", "right", "h", "l":
		d.over = !d.over
	case "enter":
		a.closeDialog()
		if !d.over {
			a.state.Say("not exported: " + d.where + " stays as it is")
			return nil
		}
		d.e.Over = true
		return a.run([]model.Effect{d.e})
	}
	return nil
}

func noExport(a *App) string {
	switch {
	case a.opts.Disk == nil:
		return "nothing can be written here"
	case a.exportHere() == nil:
		return "nothing to export yet"
	}
	return ""
}

// exportBindings write what is on the screen to a file.
func exportBindings() []binding {
	return []binding{
		{id: "data.export", keys: []string{"E"}, in: []place{inRows, inEvent, inResult, inCompare, inFeed, inLens, inHistory}, does: "export shown or all kept, as JSON lines or CSV", why: noExport, do: do(func(a *App) { a.openExport(false) })},
		{id: "stream.export-all", in: []place{inRows, inEvent}, does: "export all that is kept of the stream", why: noExport, do: do(func(a *App) { a.openExport(true) })},
	}
}
