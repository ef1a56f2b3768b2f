package ui

import (
	"slices"
	"strings"

	"ioscope/model"
)

// sifting is what works on the rows of streams, and the lines for that.
type sifting struct {
	// judging are the streams whose expression is at work.
	judging map[model.ThingID]bool
	// expressing is true while the line takes an expression.
	expressing bool
	// candidates are what tab could complete, as the line says.
	candidates []string
	// filters, finds and expressions are the terms used before, the latest last.
	filters, finds, expressions []string
	// widths are how wide the columns of tables have been.
	widths map[string]int
	// sorts are what the columns of a stream can be ordered by, as they were drawn.
	sorts map[model.RowID][]string
	// charts tells where there was room for the chart below the latest by key.
	charts map[model.RowID]bool
}

func newSifting() sifting {
	return sifting{judging: map[model.ThingID]bool{}, widths: map[string]int{}, sorts: map[model.RowID][]string{}, charts: map[model.RowID]bool{}}
}

// startFind gives the line in which is typed what to look for the keyboard.
func (a *App) startFind() {
	a.finding = true
	a.startFilter()
}

// startJQ gives the line of the expression the keyboard.
func (a *App) startJQ() {
	a.sift.expressing = true
	a.startFilter()
}

// findNext goes to the next hit, or says that there is none.
func (a *App) findNext(delta int) {
	t := a.state.Shown()
	switch {
	case !t.Stream():
		a.findInResult(t, delta)
		return
	case t.Part == model.InEvent:
		if at, _ := t.Event.Seek(t.Sought(), delta, true); at == 0 {
			a.state.Say(`no value here has "` + t.Find + `"`)
		}
		return
	}
	if !t.FindNext(delta, a.state) {
		a.state.Say(`nothing kept has "` + t.Find + `"`)
	}
}

// startFilter gives the filter line of the focused pane the keyboard.
func (a *App) startFilter() {
	a.filtering = true
	a.filterOld = a.filterText()
	a.lineAt = "filter"
	a.setLine(a.filterOld)
}

// endLine takes the keyboard from the line.
func (a *App) endLine() {
	a.filtering, a.finding, a.sift.expressing = false, false, false
	a.sift.candidates = nil
}

// filterText is the filter of the focused pane.
func (a *App) filterText() string {
	if a.state.Focus == model.Workspace && a.state.Page == model.Workspace {
		t := a.state.Shown()
		switch f, ok := a.face().(filterFace); {
		case ok:
			text, _ := f.filter(a)
			return text
		case t == nil || t.Content != nil:
			return ""
		case a.sift.expressing:
			return t.Sieve.JQ.Text
		case a.finding:
			return t.Find
		}
		return t.Filter
	}
	return a.state.List().Filter
}

func (a *App) setFilter(text string) {
	a.sift.candidates = nil
	if a.state.Focus == model.Workspace && a.state.Page == model.Workspace {
		f, ok := a.face().(filterFace)
		switch t := a.state.Shown(); {
		case ok:
			_, set := f.filter(a)
			set(text)
		case t == nil:
		case !t.Stream():
			t.Find = text
		case a.sift.expressing:
			a.setJQ(t, text)
		case a.finding:
			t.SetFind(text)
		default:
			t.SetFilter(text)
		}
		return
	}
	a.state.SetFilter(a.state.ListPane(), text)
}

func (a *App) keepFilter() {
	if t := a.lineStream(); t != nil && a.sift.expressing && t.Sieve.JQ.Wrong != "" && strings.TrimSpace(a.line.Value()) != t.Sieve.JQ.Text {
		// It would be lost: what counts is the last one that could be read.
		a.state.Say("enter  it can't be read yet: " + t.Sieve.JQ.Wrong)
		return
	}
	text := a.filterText()
	if terms := a.terms(); text != "" && !slices.Contains(*terms, text) {
		*terms = append(*terms, text)
	}
	finding := a.finding
	a.endLine()
	if t := a.lineStream(); t != nil {
		t.Sieve.Settle()
	}
	if finding && text != "" {
		if t := a.lineStream(); t != nil && t.Part != model.InEvent {
			a.findNext(-1)
		} else {
			a.findNext(1)
		}
	}
}

func (a *App) clearFilter() {
	a.setFilter("")
	a.endLine()
}

// lineStream is the stream whose rows the line is about, or nil.
func (a *App) lineStream() *model.Thing {
	if a.state.Focus != model.Workspace || a.state.Page != model.Workspace || a.face() != nil {
		return nil
	}
	if t := a.state.Shown(); t != nil && t.Tail != nil {
		return t
	}
	return nil
}

// terms are the filters that were used here before.
func (a *App) terms() *[]string {
	switch {
	case a.lineStream() == nil:
		return &a.state.List().Terms
	case a.sift.expressing:
		return &a.sift.expressions
	case a.finding:
		return &a.sift.finds
	}
	return &a.sift.filters
}

// earlierTerm puts the term before the one shown into the line.
func (a *App) earlierTerm() { a.turnTerm(-1) }

// laterTerm puts the term after the one shown into the line; after the last it
// is empty.
func (a *App) laterTerm() {
	if a.lineStream() == nil {
		a.keepFilter()
		return
	}
	a.turnTerm(1)
}

func (a *App) turnTerm(delta int) {
	terms := *a.terms()
	i := slices.Index(terms, a.line.Value())
	if i < 0 {
		i = len(terms)
	}
	text := ""
	if i = max(i+delta, 0); i < len(terms) {
		text = terms[i]
	}
	a.setLine(text)
	a.setFilter(text)
}

// complete completes the name of a field before the cursor as far as it is
// clear, and says what it could be. In the rail, where there are no fields, it
// keeps the filter.
func (a *App) complete() {
	t := a.lineStream()
	if t == nil {
		a.keepFilter()
		return
	}
	runes := []rune(a.line.Value())
	at := min(a.line.Position(), len(runes))
	before, after := string(runes[:at]), string(runes[at:])
	start := nameStart(before)
	typed := before[start:]
	var found []string
	if a.sift.expressing {
		if typed == "" {
			typed = "."
		}
		found = t.Tail.Fields().Complete(typed)
	} else {
		for _, name := range t.Tail.Fields().Names() {
			if strings.HasPrefix(strings.ToLower(name), strings.ToLower(typed)) {
				found = append(found, name)
			}
		}
	}
	if len(found) == 0 {
		a.state.Say("tab  no field begins with " + typed)
		return
	}
	whole := before[:start] + commonStart(found)
	a.setLine(whole + after)
	a.line.SetCursor(len([]rune(whole)))
	a.setFilter(a.line.Value())
	if len(found) > 1 {
		a.sift.candidates = found
	}
}

// nameStart is where the path or the word before the cursor begins.
func nameStart(before string) int {
	i := len(before)
	for i > 0 && (before[i-1] == '.' || before[i-1] == '_' || before[i-1] >= '0' && before[i-1] <= '9' ||
		before[i-1] >= 'a' && before[i-1] <= 'z' || before[i-1] >= 'A' && before[i-1] <= 'Z' || before[i-1] >= 0x80) {
		i--
	}
	return i
}

func commonStart(list []string) string {
	start := list[0]
	for _, s := range list[1:] {
		for !strings.HasPrefix(s, start) {
			start = start[:len(start)-1]
		}
	}
	return start
}
