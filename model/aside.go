package model

import (
	"ioscope/client/bus"
	"ioscope/model/script"
)

// Aside is what was done around a call, and what came of it, beside its answers.
type Aside struct {
	Kind AsideKind
	Text string
}

// AsideKind says how an aside is meant.
type AsideKind int

// The kinds.
const (
	AsideGood AsideKind = iota
	AsideNote
	AsideBad
)

// AsideSaid adds an aside to a call that was asked.
type AsideSaid struct {
	Thing ThingID
	Gen   int
	Aside
}

func (AsideSaid) input() {}

func (s *State) aside(in AsideSaid) {
	if t := s.current(in.Thing, in.Gen); t != nil {
		t.Asides = append(t.Asides, in.Aside)
	}
}

// scripted is a saved call that runs: what is expected of it, and its variables.
type scripted struct {
	path string
	script.Step
	vars script.Variables
}

// verdict is what a saved call that ran is worth, by what its file expects.
type verdict struct {
	vars script.Variables // for the calls after it
	// held means that all is as expected, awaited that it was expected to fail.
	held, awaited bool
}

// judge holds what came of a call against what its file expects.
func (t *Thing) judge() verdict {
	run := t.scripted
	t.scripted = nil
	if run == nil || !run.Any() {
		return verdict{held: true}
	}
	o := script.Outcome{Args: t.Args}
	for _, a := range t.Results.Answers {
		o.Returns = append(o.Returns, bus.Return{Server: a.Server, Value: a.Value, Err: a.Err, Took: a.Took})
	}
	failures := run.Check(o, run.vars)
	for _, f := range failures {
		t.Asides = append(t.Asides, Aside{AsideBad, f.Error()})
	}
	if len(failures) > 0 {
		return verdict{}
	}
	out := verdict{held: true, awaited: run.Awaits(o, run.vars)}
	if n := len(run.Expect); n > 0 {
		words := "all is as expected: "
		if out.awaited {
			words = "it failed, as expected: "
		}
		t.Asides = append(t.Asides, Aside{AsideGood, words + Count(n, "condition")})
	}
	vars, err := run.Take(o, run.vars)
	if err != nil {
		t.Asides = append(t.Asides, Aside{AsideBad, err.Error()})
		return verdict{}
	}
	out.vars = vars
	return out
}
