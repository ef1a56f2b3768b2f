package ui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/model"
	"ioscope/model/lint"
	"ioscope/ui/screen"
)

// signatureBindings are the keys of what has a second signature.
func signatureBindings() []binding {
	return []binding{{
		id: "method.compare", keys: []string{"c"}, in: []place{inMethods, inStreams, inCard}, does: "compare the signatures of this name",
		label: words("compare"), why: oneSignature, do: do((*App).openSignatures),
	}}
}

// twins are the methods, or the streams, of one name: the one that most servers
// offer first. Those that nobody offers any more are left out where others are.
func (a *App) twins(m *model.Method) []*model.Method {
	var out []*model.Method
	for _, o := range a.state.Dir.Methods() {
		if !strings.EqualFold(o.Def.Name, m.Def.Name) || o.Streaming() != m.Streaming() || o.Gone() && o != m {
			continue
		}
		if o.Drift {
			out = append(out, o)
		} else {
			out = append([]*model.Method{o}, out...)
		}
	}
	return out
}

func oneSignature(a *App) string {
	m := a.state.CardMethod()
	switch {
	case m == nil:
		return "nothing here"
	case len(a.twins(m)) < 2:
		return m.Def.Name + " has one signature"
	}
	return ""
}

// signaturesDialog lays two signatures of one name side by side.
type signaturesDialog struct {
	methods []*model.Method
	// at is the one that is held against the first, top the first row that shows.
	at, top int
}

func (a *App) openSignatures() {
	m := a.state.CardMethod()
	d := &signaturesDialog{methods: a.twins(m), at: 1}
	for i, o := range d.methods {
		if o == m && i > 0 {
			d.at = i
		}
	}
	a.openDialog(d)
}

func (d *signaturesDialog) width() int { return 100 }

// howWidth is how wide the words of a difference are.
const howWidth = 26

func (d *signaturesDialog) draw(_ *App, w, h int) (string, []screen.Line, string) {
	first, second := d.methods[0], d.methods[d.at]
	rows := lint.Compare(first.Def, second.Def)
	cell := (w - 3) / 2
	wide := w >= 90
	if wide {
		cell = (w - 3 - howWidth) / 2
	}
	both := func(l, r screen.Line) screen.Line {
		return screen.Line{}.Pad(2).Plus(l.Fit(cell - 1)).To(2 + cell).Plus(r.Fit(cell - 1)).To(2 + 2*cell)
	}
	lines := []screen.Line{{}, both(screen.L(bold, clean(offeredNames(first))), screen.L(bold, clean(offeredNames(second))))}
	side := ""
	for _, r := range rows {
		if r.Side != side {
			side = r.Side
			lines = append(lines, screen.Line{}, screen.Line{}.Pad(2).Muted(clean(strings.ToUpper(side[:1])+side[1:])))
		}
		style, mark := plain, screen.Blank(2)
		if r.How != lint.Same {
			style, mark = screen.Style{Role: screen.Warn, Underline: true}, screen.T("≠ ")
		}
		indent := 2 * r.Depth
		line := both(signatureCell(r.First, style, indent), signatureCell(r.Second, style, indent))
		line = line.Over(screen.L(warn, mark), 0)
		how := clean(differs(r.How))
		switch {
		case r.How == lint.Same:
		case wide:
			line = line.Muted(how)
		default:
			lines = append(lines, line.Fit(w))
			line = screen.Line{}.Pad(4 + indent).Muted(how)
		}
		lines = append(lines, line.Fit(w))
	}
	if len(rows) == 0 {
		lines = append(lines, screen.Line{}, screen.Line{}.Pad(2).Muted(screen.T("Neither declares anything.")))
	}
	lines = append(lines, screen.Line{})
	d.top = max(min(d.top, len(lines)-h), 0)
	foot := "↑↓ scroll   esc closes"
	if n := len(d.methods); n > 2 {
		foot = "tab next of " + model.Number(n) + "   " + foot
	}
	return "≠ " + first.Def.Name + ": " + model.Count(len(d.methods), "signature"), lines[d.top:min(d.top+h, len(lines))], foot
}

// signatureCell is one entry of a signature, or that there is none.
func signatureCell(text string, style screen.Style, indent int) screen.Line {
	if text == "" {
		return screen.Line{}.Pad(indent).Muted(screen.T("none"))
	}
	return screen.Line{}.Pad(indent).Add(style, clean(text))
}

// differs says how two entries differ that stand side by side.
func differs(h lint.How) string {
	switch h {
	case lint.OnlyFirst:
		return "only at the left"
	case lint.OnlySecond:
		return "only at the right"
	case lint.OtherNeed:
		return "optional in one"
	}
	return h.String()
}

// offeredNames names who offers a method, or did last.
func offeredNames(m *model.Method) string {
	offers := m.Offers
	if m.Gone() {
		offers = m.Last
	}
	var names []string
	for _, o := range offers {
		names = append(names, o.Server.Instance.Name())
	}
	return strings.Join(names, ", ")
}

func (d *signaturesDialog) press(a *App, msg tea.KeyMsg) tea.Cmd {
	if scrolled(&d.top, msg) {
		return nil
	}
	switch msg.String() {
	case "tab", "shift+tab":
		// The first is what the others are held against.
		step := 1
		if msg.String() == "shift+tab" {
			step = len(d.methods) - 2
		}
		d.at = 1 + (d.at-1+step)%(len(d.methods)-1)
		d.top = 0
	case "enter", "c":
		a.closeDialog()
	}
	return nil
}
