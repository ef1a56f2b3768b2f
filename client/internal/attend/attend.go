// Package attend plays the person at a runner in tests: it answers what actions ask
// from documents of answers.
package attend

import (
	"context"
	"fmt"
	"strings"

	"ioscope/client/interval"
	"ioscope/client/interval/answers"
	"ioscope/client/interval/schema"
)

// Person answers from one document.
type Person struct {
	runner *interval.Runner
	sheet  *answers.Sheet
	forms  map[string]*answers.Form // by step
}

// New makes a person who answers at a runner.
func New(runner *interval.Runner, document string) (*Person, error) {
	sheet, err := answers.Parse([]byte(document))
	return &Person{runner, sheet, map[string]*answers.Form{}}, err
}

// Hear answers what waits for it; another time what was refused.
func (p *Person) Hear(ctx context.Context, e interval.Rendered) error {
	if !e.Waits || e.Update && !e.Refused {
		return nil
	}
	key := e.Render.InputGroupKey
	if p.forms[key] == nil {
		p.forms[key] = p.sheet.Form()
	}
	gaps, err := p.forms[key].Answer(ctx, e.Render, step{p.runner, e.Transaction, key})
	if err == nil && gaps != nil {
		err = fmt.Errorf("not answered: %v", gaps)
	}
	if err != nil {
		return err
	}
	return p.runner.Respond(e.Transaction, key, p.forms[key].Values(), p.forms[key].Choice())
}

// Unused are the labels that nobody asked for.
func (p *Person) Unused() []string { return p.sheet.Unused() }

// step asks the host for what a form needs.
type step struct {
	runner  *interval.Runner
	id, key string
}

// State implements answers.Asker.
func (s step) State(ctx context.Context, index int, state any) (*schema.Render, error) {
	if err := s.runner.SetState(s.id, s.key, index, state); err != nil {
		return nil, err
	}
	return s.runner.Settled(ctx, s.id, s.key)
}

// Upload takes files that are written out as name=content.
func (s step) Upload(ctx context.Context, index int, paths []string) ([]schema.File, error) {
	files := make([]interval.LocalFile, len(paths))
	for i, p := range paths {
		name, content, _ := strings.Cut(p, "=")
		files[i] = interval.FileOf(name, "text/plain", []byte(content))
	}
	return s.runner.Upload(ctx, s.id, s.key, index, files...)
}
