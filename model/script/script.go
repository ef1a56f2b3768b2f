// Package script is what a saved call does around its question, as jq programs:
// it reshapes the arguments before, says what must hold of the result, and takes
// values out of it for the calls after it. A program reaches nothing but the
// values that it is given, and is stopped when it takes too long, so a file with
// such programs is safe to share.
package script

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/itchyny/gojq"

	"ioscope/client/bus"
)

// Step is what one call does around its question. The zero value does nothing.
type Step struct {
	// Before makes the arguments of the arguments.
	Before *Program
	// Expect must hold, each of the outcome; Set are variables made of it.
	Expect, Set []Named
}

// Any reports whether it does anything.
func (s Step) Any() bool { return s.Before != nil || len(s.Expect)+len(s.Set) > 0 }

// Named is a program with a name: of what is expected, or of a variable.
type Named struct {
	Name string
	*Program
}

// Program is a jq program that was read. It gets the variables as $vars.
type Program struct {
	Text string
	code *gojq.Code
}

// Read reads a program.
func Read(text string) (*Program, error) {
	query, err := gojq.Parse(text)
	var syntax *gojq.ParseError
	if errors.As(err, &syntax) {
		if syntax.Token == "" {
			return nil, fmt.Errorf("jq: goes on after its end: %s", text)
		}
		at := max(0, min(len(text), syntax.Offset)-len(syntax.Token))
		return nil, fmt.Errorf("jq: unexpected %q at character %d of %s", syntax.Token, 1+len([]rune(text[:at])), text)
	}
	if err != nil {
		return nil, fmt.Errorf("jq: %w", err)
	}
	code, err := gojq.Compile(query, gojq.WithVariables([]string{"$vars"}))
	if err != nil {
		return nil, fmt.Errorf("jq: %w", err)
	}
	return &Program{text, code}, nil
}

// Variables have values.
type Variables map[string]json.RawMessage

// run gives the first output; nil where there is none.
func (p *Program) run(input any, vars Variables) (any, error) {
	given := make(map[string]any, len(vars))
	for name, raw := range vars {
		given[name] = bus.Decode(raw)
	}
	ctx, cancel := Within(context.Background())
	defer cancel()
	v, ok := p.code.RunWithContext(ctx, input, given).Next()
	if !ok {
		return nil, nil
	}
	if err, failed := v.(error); failed {
		if errors.Is(err, context.DeadlineExceeded) {
			err = fmt.Errorf("it takes longer than %s", Patience)
		}
		return nil, err
	}
	return v, nil
}

// Arguments are what is asked with in place of args.
func (s Step) Arguments(args json.RawMessage, vars Variables) (json.RawMessage, error) {
	if s.Before == nil {
		return args, nil
	}
	if len(args) == 0 {
		args = json.RawMessage("{}")
	}
	v, err := s.Before.run(bus.Decode(args), vars)
	if err != nil {
		return nil, fmt.Errorf("before: %w", err)
	}
	raw, err := gojq.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("before: %w", err)
	}
	if bus.JSONType(raw) != "object" {
		return nil, fmt.Errorf("before: gives %s, and arguments are an object", raw)
	}
	return raw, nil
}

// Failure says which expectation does not hold.
type Failure struct{ Name, Why string }

// Error implements error.
func (f *Failure) Error() string {
	text := fmt.Sprintf("expected, and not so: %s", f.Name)
	if f.Why != "" {
		text += " (" + f.Why + ")"
	}
	return text
}

// Outcome is what came of a call, as the programs see it.
type Outcome struct {
	Args    json.RawMessage
	Returns []bus.Return
}

// input is {args, result, error, results}: the result of the first server that
// returned, the error of the first that failed, and of each what it said.
func (o Outcome) input() any {
	in := map[string]any{"args": bus.Decode(o.Args), "result": nil, "error": nil}
	all := []any{}
	for _, r := range o.Returns {
		one := map[string]any{"server": r.Server.Name(), "ok": r.Err == nil, "took_ms": float64(r.Took.Microseconds()) / 1000}
		if r.Err == nil {
			one["result"] = bus.Decode(r.Value)
			if in["result"] == nil {
				in["result"] = one["result"]
			}
		} else {
			one["error"] = r.Err.Error()
			if in["error"] == nil {
				in["error"] = one["error"]
			}
		}
		all = append(all, one)
	}
	in["results"] = all
	return in
}

// failed reports whether a server did.
func (o Outcome) failed() bool {
	return slices.ContainsFunc(o.Returns, func(r bus.Return) bool { return r.Err != nil })
}

// mended is the same outcome if those that failed had returned nothing instead.
func (o Outcome) mended() Outcome {
	o.Returns = slices.Clone(o.Returns)
	for i, r := range o.Returns {
		if r.Err != nil {
			o.Returns[i].Err, o.Returns[i].Value = nil, json.RawMessage("null")
		}
	}
	return o
}

// Awaits reports whether it was expected that a server fails: all expectations hold,
// and would not if none had failed.
func (s Step) Awaits(o Outcome, vars Variables) bool {
	return o.failed() && len(s.Check(o, vars)) == 0 && len(s.Check(o.mended(), vars)) > 0
}

// Check gives the expectations that do not hold, in order.
func (s Step) Check(o Outcome, vars Variables) []*Failure {
	var out []*Failure
	for _, e := range s.Expect {
		v, err := e.run(o.input(), vars)
		switch {
		case err != nil:
			out = append(out, &Failure{e.Name, err.Error()})
		case v == nil || v == false:
			out = append(out, &Failure{Name: e.Name})
		}
	}
	return out
}

// Take gives the variables with those that the step sets.
func (s Step) Take(o Outcome, vars Variables) (Variables, error) {
	out := maps.Clone(vars)
	if out == nil {
		out = Variables{}
	}
	for _, set := range s.Set {
		v, err := set.run(o.input(), out)
		if err == nil && v == nil {
			err = errors.New("it gives nothing")
		}
		if err != nil {
			return out, fmt.Errorf("set: %s: %w", set.Name, err)
		}
		raw, err := gojq.Marshal(v)
		if err != nil {
			return out, fmt.Errorf("set: %s: %w", set.Name, err)
		}
		out[set.Name] = raw
	}
	return out, nil
}

// Sets lists the names of the variables that it sets.
func (s Step) Sets() []string {
	var out []string
	for _, n := range s.Set {
		if !slices.Contains(out, n.Name) {
			out = append(out, n.Name)
		}
	}
	return out
}
