package ui

import (
	"cmp"
	"encoding/json"
	"time"

	"ioscope/client/bus"
	"ioscope/model"
	"ioscope/ui/screen"
)

// card draws what the cursor of the rail is on.
func (a *App) card(r rect) []screen.Line {
	focused := a.state.Focus == model.Workspace
	p := a.newPage(r.w)
	name, note := screen.L(plain, screen.T("Nothing chosen")), screen.Line{}
	switch s, m := a.state.CardServer(), a.state.CardMethod(); {
	case s != nil && s.Host != nil:
		name, note = screen.L(plain, clean(s.Instance.Name())), screen.L(muted, screen.T("Interval host"))
		a.hostCard(p, s)
	case m != nil && m.Action != nil:
		name, note = screen.L(lit, screen.T("◆ ")).Add(plain, clean(m.Action.Name)), screen.L(muted, clean(actionKind(m)))
		a.actionCard(p, m)
	case s != nil:
		name, note = screen.L(plain, clean(s.Instance.Name())), screen.L(muted, screen.T("server"))
		a.serverCard(p, s)
	case m != nil:
		kind := "method · "
		if m.Streaming() {
			kind = "stream · "
		}
		n := len(m.Offers)
		if m.Gone() {
			kind, n = "gone · ", len(m.Last)
		}
		name, note = screen.L(plain, clean(m.Def.Name)), screen.L(muted, clean(kind+model.Count(n, "server")))
		a.methodCard(p, m)
	case a.state.CardGroup() != nil:
		g := a.state.CardGroup()
		name, note = screen.L(plain, clean(g.Words())), screen.L(muted, clean("group by "+string(g.By)+" · "+groupCount(a.state.Rail, len(g.Members))))
		a.groupCard(p, g, r)
	case a.state.Rail == model.Open:
		p.blank()
		p.add(screen.L(plain, screen.T("Nothing is open.")))
		p.blank()
		p.add(screen.L(plain, screen.T("Calls and subscriptions stand here while they go on.")))
		p.add(a.keySign("go.methods").Muted(clean("  then " + a.keyFor("method.form") + " calls a method")))
		p.add(a.keySign("go.streams").Muted(clean("  then " + a.keyFor("stream.subscribe") + " subscribes to a stream")))
	default:
		p.blank()
		p.add(screen.L(muted, clean(a.emptyWords(a.state.Rail))))
	}
	lines := []screen.Line{a.workTitle(r.w, name, note, focused)}
	return append(lines, p.lines...)
}

func signatureWords(def bus.MethodDefinition) string {
	s := def.Accepts
	if s == "" {
		s = "not declared"
	}
	if def.Returns != "" {
		s += " → " + def.Returns
	}
	return s
}

func (a *App) methodCard(p *page, m *model.Method) {
	p.blank()
	p.few(bold, cmp.Or(m.Def.DisplayName, m.Def.Name), 3)
	if m.Def.Description != "" {
		p.few(plain, m.Def.Description, 6)
	}
	if m.Drift || m.Twins > 1 {
		p.blank()
		p.text(warn, "≠ "+m.Def.Name+" has "+model.Count(m.Twins, "signature")+"; to the bus they are "+model.Number(m.Twins)+" methods. "+a.keyFor("method.compare")+" compares")
	}
	p.blank()
	a.signatures(p, m.Def)
	if m.Streaming() {
		a.publishers(p, m)
	} else {
		a.offeredBy(p, m)
		a.lastCalls(p, m)
	}
	p.blank()
	types := screen.L(muted, screen.T("none declared"))
	if len(m.Def.ObjectTypes) > 0 {
		types = screen.Line{}
		for _, t := range m.Def.ObjectTypes {
			types = types.Fg(clean(t)).Pad(2)
		}
	}
	p.add(screen.L(muted, screen.T("Object types")).To(15).Plus(types))
	if m.Def.Version != 0 {
		p.add(screen.L(muted, screen.T("Version")).To(15).Fg(clean(itoa(int64(m.Def.Version)))))
	}
	if len(m.Def.Flags) > len("{}") {
		p.add(screen.L(muted, screen.T("Flags")).To(15).Plus(payload(m.Def.Flags, p.w-p.indent-17)))
	}
	if !m.Streaming() {
		a.callRate(p, m)
	}
}

// signatures draws accepts and returns side by side.
func (a *App) signatures(p *page, def bus.MethodDefinition) {
	half := (p.w - 2*p.indent) / 2
	left := signature(def.Accepts, "accepts", half-2)
	right := signature(def.Returns, "returns", p.w-p.indent-half-2)
	p.add(screen.L(muted, screen.T("Accepts")).To(half).Muted(screen.T("Returns")))
	for i := range max(len(left), len(right)) {
		var line screen.Line
		if i < len(left) {
			line = left[i].Fit(half - 1)
		}
		line = line.To(half)
		if i < len(right) {
			line = line.Plus(right[i])
		}
		p.add(line)
	}
}

// signature draws the parameters of a signature, one a line.
func signature(text, which string, w int) []screen.Line {
	if text == "" {
		return []screen.Line{screen.L(muted, screen.T("not declared"))}
	}
	sig, err := bus.ParseSignature(text)
	if err != nil {
		var out []screen.Line
		for _, t := range clean(model.SignatureFault(which, text, err)).Wrap(max(w, 10)) {
			out = append(out, screen.L(warn, t))
		}
		return out
	}
	if len(sig) == 0 {
		return []screen.Line{screen.L(muted, screen.T("nothing"))}
	}
	return params(sig, 0)
}

func params(list []bus.Param, depth int) []screen.Line {
	width := 0
	for _, p := range list {
		width = max(width, clean(p.Name).Width())
	}
	width = min(width, 20)
	var out []screen.Line
	for _, p := range list {
		line := screen.Line{}.Pad(2*depth).Add(key, clean(p.Name).Cut(24))
		line = line.To(2*depth + width + 3).Pad(1).Fg(clean(p.TypeString()))
		if p.Optional {
			line = line.Pad(2).Muted(screen.T("optional"))
		}
		if p.Description != "" {
			line = line.Pad(2).Muted(clean(p.Description))
		}
		out = append(out, line)
		out = append(out, params(p.Fields, depth+1)...)
	}
	return out
}

func (a *App) offeredBy(p *page, m *model.Method) {
	p.blank()
	if m.Gone() {
		p.text(muted, "Nobody offers it any more, since "+m.GoneAt.Format("15:04:05"))
		return
	}
	p.ends(screen.L(muted, screen.T("Offered by")), screen.L(muted, screen.T("answers   median ")))
	best := a.best(m)
	for _, o := range m.Offers {
		line := a.serverWords(o.Server, p.w)
		if o.Server == best && len(m.Offers) > 1 {
			line = line.Pad(3).Add(accent, screen.T("best"))
			if why := screen.T(" first here"); line.Width()+why.Width()+p.indent+22 < p.w {
				line = line.Muted(why)
			}
		}
		var stats screen.Line
		if st := m.Stats[o.Server.ID]; st != nil {
			count := screen.L(num, right(model.Number(st.Answers), 7))
			if st.Errors > 0 {
				count = screen.L(bad, right("✗ "+model.Number(st.Errors)+" of "+model.Number(st.Answers), 7))
			}
			stats = count.Pad(2).Add(num, right(model.Duration(st.Median()), 8)).Pad(1)
		}
		p.ends(line, stats)
	}
}

// best is the server that target best would ask.
func (a *App) best(m *model.Method) *model.Server { return BestOf(m) }

// serverWords names a server, with what tells it from others where there is room.
func (a *App) serverWords(s *model.Server, w int) screen.Line {
	line := screen.L(okay, screen.T("● "))
	if s.Gone() {
		line = screen.L(muted, screen.T("† "))
	}
	line = line.Fg(clean(s.Instance.Name()))
	if w < 70 {
		return line
	}
	line = line.To(max(line.Width()+2, 16))
	if s.Instance.Machine != "" {
		line = line.Muted(clean(s.Instance.Machine).CutMiddle(16)).Pad(2)
	}
	if s.Instance.User != "" {
		line = line.Muted(clean(s.Instance.User).Cut(12)).Pad(2)
	}
	if s.Instance.PID != 0 {
		line = line.Muted(clean("pid " + itoa(s.Instance.PID)))
	}
	return line
}

func (a *App) lastCalls(p *page, m *model.Method) {
	calls := a.state.Calls(m.ID, 5)
	if len(calls) == 0 {
		return
	}
	p.heading(screen.T("Last calls"))
	for _, r := range calls {
		w := p.w - p.indent - 2
		line := screen.L(muted, clock(r.At)).Pad(2).Muted(clean(model.TargetWord(r.Target)).Cut(9)).To(17)
		args := max((w-17-12)*45/100, 8)
		line = line.Plus(payload(r.Args, args)).To(17 + args + 2)
		line = line.Plus(outcome(r, max(w-line.Width()-10, 4)))
		p.ends(line, screen.L(num, clean(model.Duration(r.Took))))
	}
}

// outcome says in a few words how a call went.
func outcome(r *model.Record, w int) screen.Line {
	all := r.OK + r.Failed
	switch {
	case r.Failed == 0 && r.Marks > 0:
		line := screen.L(warn, clean("! "+model.Count(r.Marks, "mark"))).Pad(2)
		if all > 1 {
			return line.Muted(clean(model.Number(r.OK) + " of " + model.Number(all))).Fit(w)
		}
		return line.Plus(payload(r.Value, max(w-line.Width(), 0))).Fit(w)
	case r.Failed == 0 && all == 1:
		return screen.L(okay, screen.T("✓ ")).Plus(payload(r.Value, w-2))
	case r.Failed == 0:
		return screen.L(okay, clean("✓ "+model.Number(r.OK)+" of "+model.Number(all)))
	case all > 1:
		return screen.L(bad, clean("✗ "+model.Number(r.Failed)+" of "+model.Number(all))).Pad(2).Fg(clean(r.Who + ": " + r.Err)).Fit(w)
	}
	return screen.L(bad, screen.T("✗ ")).Fg(clean(r.Err)).Fit(w)
}

// callRate draws the calls of the last ten minutes.
func (a *App) callRate(p *page, m *model.Method) {
	const cells, cell = 40, 15 * time.Second
	counts := make([]int, cells)
	total := 0
	for _, r := range a.state.Calls(m.ID, 500) {
		if i := cells - 1 - int(a.state.Now.Sub(r.At)/cell); i >= 0 {
			counts[i]++
			total++
		}
	}
	if total == 0 {
		return
	}
	p.heading(screen.T("Your calls, last 10 min"))
	p.add(screen.L(num, spark(counts, 4).Cut(p.w-p.indent-12)).Pad(3).Muted(clean(model.Number(total))))
}

func (a *App) publishers(p *page, m *model.Method) {
	p.blank()
	if m.Gone() {
		p.text(muted, "Nobody publishes it any more, since "+m.GoneAt.Format("15:04:05"))
	} else {
		p.add(screen.L(muted, screen.T("Published by")))
		for _, o := range m.Offers {
			p.add(a.serverWords(o.Server, p.w))
		}
	}
	var subs []*model.Thing
	for _, t := range a.state.Things {
		if t.Method == m.ID && t.Gen > 0 {
			subs = append(subs, t)
		}
	}
	if len(subs) == 0 {
		return
	}
	p.heading(screen.T("Your subscriptions"))
	for _, t := range subs {
		p.ends(screen.L(muted, screen.T("≈ ")).Plus(argsLine(t.Args, p.w-20)), a.thingState(t))
	}
}

// argsLine draws arguments, or says that there are none.
func argsLine(raw json.RawMessage, w int) screen.Line {
	if hasMembers(raw) {
		return payload(raw, w)
	}
	return screen.L(muted, screen.T("no arguments"))
}
