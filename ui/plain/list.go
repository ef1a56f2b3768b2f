package plain

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ioscope/client/bus"
	"ioscope/model"
)

// lister lists what a pane of the screen's rail shows, by the same filter.
func lister(p model.Pane) func(*explorer, []string) error {
	return func(x *explorer, words []string) error {
		narrow := model.RowID("")
		var rest []string
		for _, w := range words {
			name, of := strings.CutPrefix(w, "server=")
			if !of || p == model.Servers {
				rest = append(rest, w)
				continue
			}
			srv, err := x.server(name)
			if err != nil {
				return err
			}
			narrow = srv.ID
		}
		how, err := readArrangement(p, rest)
		if err != nil {
			return err
		}
		old := x.state.Narrow
		x.state.Narrow = narrow
		defer func() { x.state.Narrow = old }()
		return x.tellListed(p, how, func(id model.RowID) {
			switch s, m := x.state.Dir.Server(id), x.state.Dir.Method(id); {
			case p == model.Servers && s != nil:
				x.say(x.serverLine(s))
			case p != model.Servers && m != nil:
				x.say(x.methodLine(m))
			}
		})
	}
}

// serverLine tells an application in one line.
func (x *explorer) serverLine(s *model.Server) string {
	i := s.Instance
	line := i.Name() + ": "
	switch {
	case s.Gone():
		return line + leaving(s) + ", " + since(x.state.Now, s.Left)
	case s.Mine:
		line += "this is you, "
	}
	line += "offers " + offering(s)
	for _, f := range []struct{ word, value string }{{"user ", i.User}, {"machine ", i.Machine}} {
		if f.value != "" {
			line += ", " + f.word + f.value
		}
	}
	if s.Stale {
		line += ", as it was when the connection was lost"
	}
	return line
}

// methodLine tells a method or a stream in one line.
func (x *explorer) methodLine(m *model.Method) string {
	line := m.Def.Name + ": "
	switch names := offerNames(m.Offers); {
	case m.Gone():
		return line + "gone, nobody offers it since " + clock(m.GoneAt)
	case len(names) > namesTold:
		line += model.Count(len(names), "server")
	default:
		line += "offered by " + strings.Join(names, ", ")
	}
	if m.Drift {
		line += ", second signature of this name"
	}
	if m.Def.Accepts == "" {
		line += ", accepts not declared"
	} else {
		line += ", accepts " + m.Def.Accepts
	}
	if m.Def.Returns != "" {
		line += ", returns " + m.Def.Returns
	}
	return line
}

func offerNames(offers []model.Offer) []string {
	var names []string
	for _, o := range offers {
		names = append(names, o.Server.Instance.Name())
	}
	return names
}

// server finds an application by its name.
func (x *explorer) server(name string) (*model.Server, error) {
	var names []string
	var gone *model.Server
	for _, s := range x.state.Dir.Servers() {
		if strings.EqualFold(s.Instance.Name(), name) {
			if !s.Gone() {
				return s, nil
			}
			gone = s
		}
		names = append(names, s.Instance.Name())
	}
	if gone != nil {
		return gone, nil
	}
	return nil, problemf(near(name, names, "servers lists the apps"), "no app %q on the bus", name)
}

// methods finds what has a name, the plain signature first. Those that nobody
// offers come last.
func (x *explorer) methods(name string) []*model.Method {
	var out []*model.Method
	for _, m := range x.state.Dir.Methods() {
		if strings.EqualFold(m.Def.Name, name) {
			out = append(out, m)
		}
	}
	rank := func(m *model.Method) int {
		switch {
		case m.Gone():
			return 2
		case m.Drift:
			return 1
		}
		return 0
	}
	slices.SortStableFunc(out, func(a, b *model.Method) int { return cmp.Compare(rank(a), rank(b)) })
	return out
}

// show tells all of what has a name or a number.
func (x *explorer) show(words []string) error {
	if len(words) == 0 {
		return problemf("show Addition, show 1 and show 1 events 20 are examples", "show what?")
	}
	if n, err := strconv.Atoi(words[0]); err == nil {
		return x.showThing(n, words[1:])
	}
	name := strings.Join(words, " ")
	found := x.methods(name)
	for _, m := range found {
		x.showMethod(m)
	}
	if len(found) > 0 {
		return nil
	}
	s, err := x.server(name)
	if err != nil {
		var names []string
		for _, m := range x.state.Dir.Methods() {
			names = append(names, m.Def.Name)
		}
		return problemf(near(name, names, "servers, methods and streams list what there is"), "nothing on the bus is called %q", name)
	}
	x.showServer(s)
	return nil
}

func (x *explorer) showServer(s *model.Server) {
	x.say(x.serverLine(s))
	i := s.Instance
	if !s.Gone() && !s.Mine {
		x.sayf("  here since: %s", clock(s.Since))
	}
	for _, f := range []struct{ word, value string }{
		{"application", i.Application},
		{"instance", i.Instance},
		{"environment", i.Environment},
		{"region", i.Region},
		{"window", i.WindowID},
		{"library", i.API},
		{"peer", string(i.PeerID)},
	} {
		if f.value != "" {
			x.sayf("  %s: %s", f.word, f.value)
		}
	}
	if i.PID != 0 {
		x.sayf("  process: %d", i.PID)
	}
	for _, m := range x.state.Dir.Methods() {
		if m.OfferedBy(s.ID) {
			x.sayf("  %s: %s", kind(m), m.Def.Name)
		}
	}
}

func (x *explorer) showMethod(m *model.Method) {
	d := m.Def
	head := fmt.Sprintf("%s: %s, offered by %s", d.Name, kind(m), model.Count(len(m.Offers), "server"))
	if m.Gone() {
		head = fmt.Sprintf("%s: %s, gone, nobody offers it since %s", d.Name, kind(m), clock(m.GoneAt))
	}
	if m.Twins > 1 {
		head += fmt.Sprintf(", one of %d signatures of this name", m.Twins)
	}
	x.say(head)
	for _, f := range []struct{ word, value string }{{"called", d.DisplayName}, {"says", d.Description}} {
		if f.value != "" {
			x.sayf("  %s: %s", f.word, f.value)
		}
	}
	x.signature("accepts", d.Accepts)
	if !m.Streaming() || d.Returns != "" {
		x.signature("returns", d.Returns)
	}
	if len(d.ObjectTypes) > 0 {
		x.sayf("  object types: %s", strings.Join(d.ObjectTypes, ", "))
	}
	if d.Version != 0 {
		x.sayf("  version: %d", d.Version)
	}
	for _, o := range m.Offers {
		line := "  offered by: " + o.Server.Instance.Name()
		if st := m.Stats[o.Server.ID]; st != nil {
			line += fmt.Sprintf(", answered %d, failed %d, median %s", st.Answers, st.Errors, took(st.Median()))
		}
		x.say(line)
	}
	for _, r := range x.state.Calls(m.ID, 5) {
		x.say("  " + recordLine(r))
	}
}

// signature tells the entries of a signature, one a line.
func (x *explorer) signature(which, text string) {
	if text == "" {
		x.sayf("  %s: not declared", which)
		return
	}
	sig, err := bus.ParseSignature(text)
	switch {
	case err != nil:
		x.say("  " + inPlainWords(model.SignatureFault(which, text, err)))
	case len(sig) == 0:
		x.sayf("  %s: nothing", which)
	default:
		x.params("  "+which+": ", "  ", sig)
	}
}

func (x *explorer) params(lead, indent string, list []bus.Param) {
	for _, p := range list {
		line := p.Name + ", " + p.Kind.String()
		if p.Array {
			line = p.Name + ", list of " + p.Kind.String()
		}
		if p.Optional {
			line += ", optional"
		}
		if p.Description != "" {
			line += ", " + p.Description
		}
		x.say(lead + line)
		x.params(indent+"  in "+p.Name+": ", indent+"  ", p.Fields)
	}
}
