package ui

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/ui/screen"
)

// FilterKind is what a filter is for.
type FilterKind string

// The kinds of filters: of lists, of the rows of a stream by words, and by a jq
// expression.
const (
	ListFilter   FilterKind = "list"
	StreamFilter FilterKind = "stream"
	JQFilter     FilterKind = "jq"
)

// FilterKinds are all kinds, in the order in which they are told.
var FilterKinds = []FilterKind{ListFilter, StreamFilter, JQFilter}

// NamedFilter is a filter that was given a name.
type NamedFilter struct {
	Kind       FilterKind
	Name, Text string
}

// Filters keeps filters by their names. Its methods may be called from any goroutine.
type Filters interface {
	// Load reads all of them, by kind and name.
	Load() ([]NamedFilter, error)
	// Save keeps one; one of its kind and name is replaced.
	Save(one NamedFilter) error
	// Delete forgets one.
	Delete(kind FilterKind, name string) error
}

// namedMsg brings the filters that have names, and what to say about it.
type namedMsg struct {
	all []NamedFilter
	say string
	err error
}

// nameFilter does something with the named filters and reads them anew.
func (a *App) nameFilter(say string, do func(Filters) error) tea.Cmd {
	f := a.opts.Filters
	if f == nil {
		return nil
	}
	return func() tea.Msg {
		if do != nil {
			if err := do(f); err != nil {
				return namedMsg{err: err}
			}
		}
		all, err := f.Load()
		return namedMsg{all, say, err}
	}
}

func (a *App) namedRead(msg namedMsg) {
	switch {
	case msg.err != nil:
		a.state.Say("named filters: " + msg.err.Error())
		return
	case msg.say != "":
		a.state.Say(msg.say)
	}
	a.named = msg.all
}

// filterKinds are the kinds of filters that the keyboard's place has, and what each is
// now.
func (a *App) filterKinds() (kinds []FilterKind, now map[FilterKind]string) {
	t := a.lineStream()
	if t == nil {
		return []FilterKind{ListFilter}, map[FilterKind]string{ListFilter: a.filterText()}
	}
	return []FilterKind{StreamFilter, JQFilter}, map[FilterKind]string{StreamFilter: t.Filter, JQFilter: t.Sieve.JQ.Text}
}

// noNames says why no filter has a name here.
func noNames(a *App) string {
	if a.opts.Filters == nil {
		return "filters are not kept here"
	}
	return ""
}

// noNamesHere is noNames for the line in which a filter is typed.
func noNamesHere(a *App) string {
	if a.finding {
		return "what is looked for has no names; {stream.filter} filters"
	}
	return noNames(a)
}

// namedDialog picks a filter by its name, names the one that stands, and deletes.
type namedDialog struct {
	kinds []FilterKind
	now   map[FilterKind]string
	row   int
}

// openNamed opens the dialog. A filter that is being typed is kept as it is.
func (a *App) openNamed() tea.Cmd {
	if a.filtering {
		one := StreamFilter
		switch {
		case a.lineStream() == nil:
			one = ListFilter
		case a.sift.expressing:
			one = JQFilter
		}
		_, now := a.filterKinds()
		a.keepFilter()
		a.openDialog(&namedDialog{kinds: []FilterKind{one}, now: now})
		return a.nameFilter("", nil)
	}
	kinds, now := a.filterKinds()
	a.openDialog(&namedDialog{kinds: kinds, now: now})
	return a.nameFilter("", nil)
}

func (d *namedDialog) width() int { return 76 }

// list are the filters of the kinds that are asked for.
func (d *namedDialog) list(a *App) []NamedFilter {
	var out []NamedFilter
	for _, one := range a.named {
		if slices.Contains(d.kinds, one.Kind) {
			out = append(out, one)
		}
	}
	return out
}

// unnamed is the filter that stands now and has no name; the one that was made last
// counts: the expression before the words.
func (d *namedDialog) unnamed(a *App) (NamedFilter, bool) {
	for _, kind := range slices.Backward(d.kinds) {
		text := d.now[kind]
		if text != "" && !slices.ContainsFunc(a.named, func(n NamedFilter) bool { return n.Kind == kind && n.Text == text }) {
			return NamedFilter{Kind: kind, Text: text}, true
		}
	}
	return NamedFilter{}, false
}

func (d *namedDialog) draw(a *App, w, h int) (string, []screen.Line, string) {
	list := d.list(a)
	d.row = min(max(d.row, 0), max(len(list)-1, 0))
	lines := []screen.Line{{}}
	if len(list) == 0 {
		lines = append(lines, screen.Line{}.Pad(1).Muted(screen.T("No filter has a name yet.")))
	}
	nameW := 0
	for _, one := range list {
		nameW = max(nameW, min(clean(one.Name).Width(), w/3))
	}
	fresh, new := d.unnamed(a)
	height := max(h-5, 1)
	top := a.window("named", d.row, len(list), height)
	for i := top; i < min(top+height, len(list)); i++ {
		one := list[i]
		line := screen.L(plain, clean(one.Name).CutMiddle(w/3)).To(nameW + 2)
		if len(d.kinds) > 1 {
			line = line.Muted(clean(string(one.Kind))).To(nameW + 10)
		}
		var note screen.Line
		if d.now[one.Kind] == one.Text {
			note = screen.L(okay, screen.T("● on")).Pad(1)
		}
		line = line.Fg(clean(one.Text).Cut(max(w-1-line.Width()-note.Width()-1, 1)))
		lines = append(lines, row(line.Ends(note, w-1), w, i == d.row, true))
	}
	foot := "enter uses it   x deletes   esc as it was"
	if len(list) == 0 {
		foot = "esc as it was"
	}
	if new {
		lines = append(lines, screen.Line{}, screen.Line{}.Pad(1).Add(accent, screen.T("S")).Muted(screen.T("  name the present one: ")).Fg(clean(fresh.Text).Cut(max(w-28, 1))))
		foot = "S names the present one   " + foot
	}
	return "Named filters", append(lines, screen.Line{}), foot
}

func (d *namedDialog) press(a *App, msg tea.KeyMsg) tea.Cmd {
	list := d.list(a)
	n := max(len(list), 1)
	switch msg.String() {
	case "up", "k", "ctrl+p", "shift+tab":
		d.row = (d.row - 1 + n) % n
	case "down", "j", "ctrl+n", "tab":
		d.row = (d.row + 1) % n
	case "S":
		if one, ok := d.unnamed(a); ok {
			return d.name(a, one)
		}
	case "x":
		if len(list) > 0 {
			d.forget(a, list[d.row])
		}
	case "enter":
		if len(list) > 0 {
			a.closeDialog()
			a.useFilter(list[d.row])
		}
	}
	return nil
}

// useFilter narrows by a filter that has a name.
func (a *App) useFilter(one NamedFilter) {
	a.sift.expressing = one.Kind == JQFilter
	a.setFilter(one.Text)
	a.keepFilter()
	a.state.Say(`filter "` + one.Name + `"`)
}

// name asks how the filter is to be called.
func (d *namedDialog) name(a *App, one NamedFilter) tea.Cmd {
	a.closeDialog()
	return a.openEntry(&entryDialog{
		title: "Name the filter " + one.Text, foot: "enter keeps it   tab completes   esc as it was", none: "a new name",
		options: func(a *App, text string) ([]string, tea.Cmd) {
			var names []string
			for _, other := range a.named {
				if other.Kind == one.Kind && strings.HasPrefix(strings.ToLower(other.Name), strings.ToLower(text)) {
					names = append(names, other.Name)
				}
			}
			return names, nil
		},
		note: func(option string) string {
			for _, other := range a.named {
				if other.Kind == one.Kind && other.Name == option {
					return "now: " + other.Text
				}
			}
			return ""
		},
		accept: func(a *App, text string) tea.Cmd {
			one.Name = strings.TrimSpace(text)
			if one.Name == "" {
				return nil
			}
			return a.nameFilter(`kept as "`+one.Name+`"`, func(f Filters) error { return f.Save(one) })
		},
	})
}

// forget deletes a filter, after asking.
func (d *namedDialog) forget(a *App, one NamedFilter) {
	a.confirm("Delete a named filter", `Delete "`+one.Name+`": `+one.Text+` ?`, "Keep it", "Delete it", func() tea.Cmd {
		return a.nameFilter(`deleted "`+one.Name+`"`, func(f Filters) error { return f.Delete(one.Kind, one.Name) })
	})
}

// namedBindings are the keys of filters that have names.
func namedBindings() []binding {
	in := []place{inServers, inMethods, inStreams, inOpen, inHistory, inSaved, inServe, inFeed, inWatches, inRows}
	return []binding{
		{id: "filter.named", keys: []string{"F"}, in: in, does: "filters with names: use one, name this one, delete", why: noNames, do: (*App).openNamed},
		{id: "filter.name", keys: []string{"ctrl+r"}, in: []place{inFilter}, does: "filters with names", footer: 4, label: words("named"), why: noNamesHere, do: (*App).openNamed},
	}
}
