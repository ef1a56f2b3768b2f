package ui

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/client/bus"
	"ioscope/model"
	"ioscope/ui/screen"
)

// targetDialog chooses who is asked: a mode, a partial instance that is typed, or
// servers of the list below.
type targetDialog struct {
	t   *model.Thing
	row int
	// picked are the servers that were chosen with space.
	picked map[model.RowID]bool
	// typed is what stands behind matching, and given the target that it stands for
	// as long as nobody changed it: it may be more than can be spelled.
	typed string
	given *bus.Target
	wrong string
}

// option is one row of the picker.
type option struct {
	name, note string
	mode       bus.TargetMode
	// these and typed mark the two rows that are no modes of the protocol.
	these, typed bool
	offer        *model.Offer
}

func (a *App) openTargets() {
	t := a.state.Shown()
	d := &targetDialog{t: t, picked: map[model.RowID]bool{}}
	d.start(a)
	a.openDialog(d)
	a.line.SetValue(d.typed)
	a.line.CursorEnd()
}

// start puts the cursor on what is chosen already.
func (d *targetDialog) start(a *App) {
	options, now := d.options(a), d.t.Target
	for i, o := range options {
		if o.offer == nil && !o.these && !o.typed && o.mode == now.Mode {
			d.row = i
		}
	}
	if now.Mode != bus.Matching {
		return
	}
	offers := d.offers(a)
	for _, f := range now.Filters {
		for _, o := range offers {
			if f == filterOf(o.Server.Instance, offers) {
				d.picked[o.Server.ID] = true
			}
		}
	}
	if len(d.picked) == len(now.Filters) && len(d.picked) > 0 {
		d.row = slices.IndexFunc(options, func(o option) bool { return o.offer != nil && d.picked[o.offer.Server.ID] })
		return
	}
	d.picked = map[model.RowID]bool{}
	d.typed, d.given = strings.Join(now.Texts(), " ; "), &now
	d.row = slices.IndexFunc(options, func(o option) bool { return o.typed })
}

func (d *targetDialog) width() int { return 76 }

func (d *targetDialog) offers(a *App) []model.Offer {
	if m := a.state.Dir.Method(d.t.Method); m != nil {
		return m.Offers
	}
	return nil
}

func (d *targetDialog) options(a *App) []option {
	offers := d.offers(a)
	n, mine := len(offers), 0
	picked := 0
	for _, o := range offers {
		if o.Server.Mine {
			mine++
		}
		if d.picked[o.Server.ID] {
			picked++
		}
	}
	out := []option{
		{name: "best", note: "the first on this machine", mode: bus.Best},
		{name: "all", note: model.Count(n, "server"), mode: bus.All},
	}
	if !d.t.Stream() {
		note := model.Count(n-mine, "server") + "; not ioscope itself"
		if mine == 0 {
			note = model.Count(n, "server") + "; ioscope offers none"
		}
		out = append(out, option{name: "skipMine", note: note, mode: bus.SkipMine})
	}
	out = append(out,
		option{name: "these", note: model.Number(picked) + " chosen below", mode: bus.Matching, these: true},
		option{name: "matching", note: "a partial instance; values may be /regex/", mode: bus.Matching, typed: true},
	)
	for i := range offers {
		out = append(out, option{offer: &offers[i], mode: bus.Matching})
	}
	return out
}

// filterOf means one server and no other that offers the same. A peer id is the
// last resort: it is gone when the server, or the gateway, starts again.
func filterOf(i bus.Instance, offers []model.Offer) bus.InstanceFilter {
	filter := bus.InstanceFilter{Application: i.Application, Machine: i.Machine, User: i.User, PID: i.PID}
	others := 0
	for _, o := range offers {
		if filter.Matches(o.Server.Instance) {
			others++
		}
	}
	if i.Application == "" || others != 1 {
		filter = bus.InstanceFilter{Application: i.Application, PeerID: i.PeerID}
	}
	return filter
}

// chosen is what enter would choose: the mode under the cursor, the servers that are
// chosen, or without any the one under the cursor.
func (d *targetDialog) chosen(a *App) (bus.Target, string) {
	options := d.options(a)
	o := options[min(d.row, len(options)-1)]
	switch {
	case o.typed && d.given != nil && d.typed == a.line.Value():
		return *d.given, ""
	case o.typed:
		var texts []string
		for text := range strings.SplitSeq(a.line.Value(), ";") {
			if text = strings.TrimSpace(text); text != "" {
				texts = append(texts, text)
			}
		}
		if len(texts) == 0 {
			return bus.Target{Mode: bus.Matching}, "type a name, or such as application=/^Calc/,user=ada"
		}
		to, err := bus.ParseTargets(texts...)
		if err != nil {
			return bus.Target{Mode: bus.Matching}, strings.TrimPrefix(err.Error(), "target: ")
		}
		return to, ""
	case !o.these && o.offer == nil:
		return bus.Target{Mode: o.mode}, ""
	}
	to := bus.Target{Mode: bus.Matching}
	offers := d.offers(a)
	for _, x := range offers {
		if d.picked[x.Server.ID] {
			to.Filters = append(to.Filters, filterOf(x.Server.Instance, offers))
		}
	}
	switch {
	case len(to.Filters) > 0:
		return to, ""
	case o.offer != nil:
		to.Filters = []bus.InstanceFilter{filterOf(o.offer.Server.Instance, offers)}
		return to, ""
	}
	return to, "choose servers below with " + a.keyFor("dialog.choose")
}

func (d *targetDialog) draw(a *App, w, h int) (string, []screen.Line, string) {
	options := d.options(a)
	d.row = min(d.row, len(options)-1)
	to, why := d.chosen(a)
	var foot []screen.Line
	if d.wrong != "" && why != "" {
		foot = append(foot, screen.L(bad, clean("✗ "+d.wrong)).Fit(w))
	}
	foot = append(foot, d.reaches(a, to))
	name := "Send " + d.t.Def.Name + " to"
	// Blank lines and headings go before what can be chosen, and whom it reaches is
	// seen however few rows there are.
	full := len(options)+len(foot)+6 <= h
	var lines []screen.Line
	if full {
		lines = append(lines, screen.Line{}, screen.L(muted, screen.T("who answers")))
	}
	at := 0
	for i, o := range options {
		if full && o.offer != nil && options[i-1].offer == nil {
			head := screen.L(muted, clean("servers that offer "+d.t.Def.Name).CutMiddle(max(w-20, 8)))
			lines = append(lines, screen.Line{}, head.Ends(screen.L(muted, screen.T("median   last")), w))
		}
		if i == d.row {
			at = len(lines)
		}
		lines = append(lines, row(d.line(a, o, i, w-2), w, i == d.row, true))
	}
	if full {
		lines = append(append(append(lines, screen.Line{}), foot...), screen.Line{})
		return name, lines, "↑↓ move   space choose   enter done   esc as it was"
	}
	room := max(min(h-len(foot), len(lines)), 1)
	top := a.window("target", at, len(lines), room)
	return name, append(screen.Rows(lines[top:], w, room), foot...), "space choose   enter done"
}

// line draws one row in w cells.
func (d *targetDialog) line(a *App, o option, i, w int) screen.Line {
	if o.offer == nil {
		mark := screen.T("( ) ")
		if i == d.row || o.these && d.below(a) {
			mark = screen.T("(•) ")
		}
		line := screen.L(plain, mark).Fg(clean(o.name))
		if o.typed && (i == d.row || a.line.Value() != "") {
			line = line.Pad(2)
			if i != d.row {
				return line.Muted(clean(a.line.Value()).Cut(w - line.Width())).Fit(w)
			}
			room := max(w-line.Width(), 1)
			if a.line.Value() == "" {
				return line.Plus(a.inputText(2)).Muted(clean(o.note).Cut(max(room-2, 0))).Fit(w)
			}
			return line.Plus(a.inputText(room)).Fit(w)
		}
		return line.Ends(screen.L(muted, clean(o.note).Cut(max(w-line.Width()-2, 0))), w)
	}
	mark := screen.T("[ ] ")
	if d.picked[o.offer.Server.ID] {
		mark = screen.T("[x] ")
	}
	line := screen.L(plain, mark).Plus(a.serverWords(o.offer.Server, w))
	m := a.state.Dir.Method(d.t.Method)
	if m == nil {
		return line.Fit(w)
	}
	if a.best(m) == o.offer.Server && len(m.Offers) > 1 {
		line = line.Pad(2).Add(accent, screen.T("best"))
	}
	st := m.Stats[o.offer.Server.ID]
	if st == nil || st.Answers == 0 {
		return line.Fit(w)
	}
	last := screen.L(okay, screen.T("✓"))
	if !st.LastOK {
		last = screen.L(bad, screen.T("✗"))
	}
	return line.Ends(screen.L(num, right(model.Duration(st.Median()), 8)).Pad(4).Plus(last).Pad(3), w)
}

// below reports whether the cursor is among the servers.
func (d *targetDialog) below(a *App) bool { return d.options(a)[d.row].offer != nil }

// reaches names the servers that a target means now.
func (d *targetDialog) reaches(a *App, to bus.Target) screen.Line {
	var names []string
	for _, s := range a.state.Means(d.t.Method, to) {
		names = append(names, s.Instance.Name())
	}
	line := screen.L(muted, screen.T("reaches now   "))
	if len(names) == 0 {
		return line.Add(warn, screen.T("nobody"))
	}
	return line.Fg(clean(strings.Join(names, ", ")))
}

func (d *targetDialog) press(a *App, msg tea.KeyMsg) tea.Cmd {
	options := d.options(a)
	d.row = min(d.row, len(options)-1)
	o := options[d.row]
	key := msg.String()
	if o.typed && !slices.Contains([]string{"up", "down", "ctrl+p", "ctrl+n", "tab", "shift+tab", "enter"}, key) {
		a.line, _ = a.line.Update(msg)
		d.wrong = ""
		return nil
	}
	switch key {
	case "up", "k", "ctrl+p", "shift+tab":
		d.row = (d.row - 1 + len(options)) % len(options)
	case "down", "j", "ctrl+n", "tab":
		d.row = (d.row + 1) % len(options)
	case " ":
		if o.offer == nil {
			return d.done(a)
		}
		d.picked[o.offer.Server.ID] = !d.picked[o.offer.Server.ID]
	case "enter":
		return d.done(a)
	default:
		return nil
	}
	d.wrong = ""
	return nil
}

// done takes what is chosen, unless it means nothing.
func (d *targetDialog) done(a *App) tea.Cmd {
	to, why := d.chosen(a)
	if d.wrong = why; why != "" {
		return nil
	}
	d.t.Target = to
	d.t.Touch()
	a.closeDialog()
	return nil
}
