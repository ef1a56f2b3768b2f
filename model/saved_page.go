package model

import (
	"encoding/json"
	"strings"

	"ioscope/client/bus"
	"ioscope/model/script"
)

// SavedRead brings what is saved.
type SavedRead struct{ Library *Library }

func (SavedRead) input() {}

// SavedPage is the page of the saved calls.
type SavedPage struct {
	Library *Library
	// Env is the environment whose variables count.
	Env string
}

// batch is a list of saved calls that runs.
type batch struct {
	name string
	left []string
	done int
	all  int
	// vars were set by the calls that returned.
	vars script.Variables
}

// Saves is the page of the saved calls.
func (s *State) Saves() *SavedPage { return s.Pages[Saved].(*SavedPage) }

// Rows lists the saved calls that pass the filter.
func (p *SavedPage) Rows(_ *State, l *List) (rows []RowID, hidden int) {
	rows = []RowID{}
	for _, c := range p.Library.Calls {
		if !l.Passes(c.Path + " " + c.Method + " " + string(c.Args) + " " + c.Note) {
			hidden++
			continue
		}
		rows = append(rows, RowID(c.Path))
	}
	return rows, hidden
}

// Move moves the cursor.
func (p *SavedPage) Move(s *State, delta int) { s.Lists[Saved].move(delta) }

// Back has nothing to go back from.
func (p *SavedPage) Back(*State) bool { return false }

// Current is the call under the cursor, or nil.
func (p *SavedPage) Current(s *State) *SavedCall {
	return p.Library.Find(string(s.Lists[Saved].Cursor()))
}

// Environment is the one whose variables count.
func (p *SavedPage) Environment() Environment {
	e, _ := p.Library.Env(p.Env)
	return e
}

// NextEnv goes to the next environment, behind the last to none.
func (p *SavedPage) NextEnv() string {
	names := []string{""}
	at := 0
	for _, e := range p.Library.Envs {
		names = append(names, e.Name)
		if e.Name == p.Env {
			at = len(names) - 1
		}
	}
	p.Env = names[(at+1)%len(names)]
	return p.Env
}

// take puts in what was read from the folder.
func (p *SavedPage) take(l *Library) {
	first := p.Library.Folder == ""
	p.Library = l
	if _, ok := l.Env(p.Env); !ok {
		p.Env = ""
	}
	if first && p.Env == "" && len(l.Envs) > 0 {
		p.Env = l.Envs[0].Name
	}
}

// Enter opens the call in a form. Variables that have no value stay in it as they are,
// and it is not sent with them.
func (p *SavedPage) Enter(s *State) []Effect {
	c := p.Current(s)
	if c == nil || c.Calls != nil {
		return nil
	}
	s.openSaved(c.With(p.Environment()))
	return nil
}

// offered finds the method that a saved call means: one of its name that its arguments
// fit, else any of its name.
func (s *State) offered(c SavedCall) *Method {
	var any *Method
	for _, id := range s.allMethods() {
		m := s.Dir.Method(id)
		if m == nil || m.Gone() || m.Streaming() || !strings.EqualFold(m.Def.Name, c.Method) {
			continue
		}
		if any == nil || m.Drift != any.Drift && any.Drift {
			any = m
		}
		if sig, err := bus.ParseSignature(m.Def.Accepts); err == nil && len(bus.Check(sig, c.Args)) == 0 {
			return m
		}
	}
	return any
}

func (s *State) allMethods() []RowID {
	var out []RowID
	for _, m := range s.Dir.Methods() {
		out = append(out, m.ID)
	}
	return out
}

// openSaved opens a saved call in a form; missing are its variables without a value.
func (s *State) openSaved(c SavedCall, missing []string) *Thing {
	m := s.offered(c)
	if m == nil {
		return nil
	}
	to, err := c.To()
	if err != nil {
		return nil
	}
	t := s.newThing(m, to)
	args := c.Args
	if args == nil {
		args = json.RawMessage("{}")
	}
	t.lacks = missing
	s.fill(t, &Record{Args: args, Wait: c.Wait, Answer: c.Answer})
	s.show(t)
	return t
}

// CantRun says why a saved call can't be run now; empty when it can. Opening it in a
// form asks for less: open is true then.
func (s *State) CantRun(c *SavedCall, open bool) string { return s.cantRun(c, open, nil) }

// cantRun is CantRun where calls before it set variables.
func (s *State) cantRun(c *SavedCall, open bool, set []string) string {
	switch {
	case c.Fault != "":
		return c.Fault
	case c.Calls != nil && open:
		return "a list has no form; {saved.run} runs it"
	case c.Calls != nil:
		for _, path := range c.Calls {
			step := s.Saves().Library.Find(path)
			if step == nil {
				return "no saved call " + path
			}
			if why := s.cantRun(step, false, set); why != "" {
				return path + ": " + why
			}
			set = append(set, step.Script.Sets()...)
		}
		return ""
	}
	filled, _ := c.With(s.Saves().Environment())
	missing := c.Lacking(s.Saves().Environment(), set)
	if _, err := filled.To(); err != nil {
		return err.Error()
	}
	switch {
	case s.offered(filled) == nil:
		return "nobody offers " + filled.Method + " now"
	case len(missing) > 0 && !open:
		return "no value for {{" + missing[0] + "}}; {saved.env} chooses an environment"
	}
	return ""
}

// RunSaved asks what is saved: a call, or the calls of a list, one after another as
// long as they return.
func (s *State) RunSaved(c *SavedCall) []Effect {
	if s.refuse(ToInvoke) {
		return nil
	}
	if c.Calls == nil {
		return s.runOne(c, nil)
	}
	b := &batch{name: c.Path, left: c.Calls, all: len(c.Calls)}
	return s.runNext(b)
}

func (s *State) runOne(c *SavedCall, b *batch) []Effect {
	env := s.Saves().Environment()
	if b != nil {
		env = env.And(b.vars)
	}
	filled, missing := c.With(env)
	args, err := filled.Script.Arguments(filled.Args, env.Vars)
	if err != nil {
		s.Say(c.Path + ": " + err.Error())
		return nil
	}
	filled.Args = args
	t := s.openSaved(filled, missing)
	if t == nil {
		s.Say("nobody offers " + filled.Method + " now")
		return nil
	}
	t.batch, t.scripted = b, &scripted{c.Path, filled.Script, env.Vars}
	effects := s.Send(t)
	if len(effects) == 0 && b != nil {
		s.Say(b.name + " stopped at " + c.Path + ": its values are wrong")
	}
	return effects
}

func (s *State) runNext(b *batch) []Effect {
	if len(b.left) == 0 {
		s.Say(b.name + ": " + Count(b.done, "call") + " returned")
		return nil
	}
	c := s.Saves().Library.Find(b.left[0])
	if c == nil {
		s.Say(b.name + " stopped: no saved call " + b.left[0])
		return nil
	}
	b.left = b.left[1:]
	b.done++
	return s.runOne(c, b)
}

// goOn runs the next call of a list when one has returned.
func (s *State) goOn(t *Thing) []Effect {
	v := t.judge()
	b := t.batch
	if b == nil {
		return nil
	}
	t.batch = nil
	b.vars = v.vars
	if _, failed, pending := t.Results.Counts(); t.Err != nil || pending > 0 || t.GivenUp || failed > 0 && !v.awaited {
		s.Say(b.name + " stopped at " + Number(b.done) + " of " + Number(b.all) + ": " + t.Def.Name + " failed")
		return nil
	}
	if !v.held {
		s.Say(b.name + " stopped at " + Number(b.done) + " of " + Number(b.all) + ": " + t.Def.Name + " did not return what is expected")
		return nil
	}
	return s.runNext(b)
}

// Reaches is the question that a saved call would ask now.
func (s *State) Reaches(c *SavedCall) (method RowID, to bus.Target, args json.RawMessage, ok bool) {
	filled, _ := c.With(s.Saves().Environment())
	m := s.offered(filled)
	to, err := filled.To()
	if m == nil || err != nil {
		return "", to, nil, false
	}
	return m.ID, to, filled.Args, true
}
