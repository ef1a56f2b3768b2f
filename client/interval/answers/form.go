package answers

import (
	"context"
	"errors"

	"ioscope/client/interval/schema"
)

// Asker is what answering needs of the host, for one form.
type Asker interface {
	// State asks a component for other props, and gives the render that came of it.
	State(ctx context.Context, index int, state any) (*schema.Render, error)
	// Upload brings the files at the paths to where the host finds them.
	Upload(ctx context.Context, index int, paths []string) ([]schema.File, error)
}

// Gap is a question that has no answer.
type Gap struct {
	// Index is the component's place in the render, ChoiceIndex for the button.
	Index int
	Label string
	Why   error
}

// ChoiceIndex stands for the button of a form.
const ChoiceIndex = -1

// Why a question has no answer, where none was refused.
var (
	ErrNone   = errors.New("nothing answers it, and it has no default")
	ErrUsedUp = errors.New("its answers are used up")
)

// Form is a form that is being answered, over all its renders.
type Form struct {
	sheet  *Sheet
	begun  bool
	values []any
	choice string
}

// Form begins to answer a form.
func (s *Sheet) Form() *Form { return &Form{sheet: s} }

// Answer finds answers to a form, and when it is called again, to its next render:
// the one that says what the host refused. Each answer is checked; one that is
// refused makes room for the next to the same label. The gaps are what could not
// be answered, see Try and Choose. An error ends the whole, as when ctx ends.
func (f *Form) Answer(ctx context.Context, r *schema.Render, host Asker) ([]Gap, error) {
	var gaps []Gap
	first := !f.begun
	if first {
		f.begun, f.values = true, make([]any, len(r.Components))
		gaps = append(gaps, f.pickButton(r)...)
	}
	if len(f.values) != len(r.Components) {
		return nil, errors.New("the form has another number of components now")
	}
	whole := !first && wholeRefused(r)
	fresh := false
	for i := range r.Components {
		c := &r.Components[i]
		if c.Method().Display() || !first && c.Error == "" && !whole {
			continue
		}
		why := errorOf(c.Error)
		if whole {
			why = errorOf(r.Error)
		}
		found, err := f.fill(ctx, r, i, host, why)
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case found:
			fresh = true
		default:
			gaps = append(gaps, Gap{i, c.Label, err})
		}
	}
	if whole && fresh {
		return nil, nil // those without another answer keep theirs
	}
	return gaps, nil
}

func errorOf(message string) error {
	if message == "" {
		return nil
	}
	return errors.New(message)
}

// wholeRefused reports a refusal that blames no component alone.
func wholeRefused(r *schema.Render) bool {
	for i := range r.Components {
		if r.Components[i].Error != "" {
			return false
		}
	}
	return r.Error != ""
}

// fill takes answers from the document until one is good. Why is what was wrong
// with the one before, nil for none.
func (f *Form) fill(ctx context.Context, r *schema.Render, i int, host Asker, why error) (bool, error) {
	c := &r.Components[i]
	for ctx.Err() == nil {
		raw, ok := f.sheet.take(c.Label, takesList(c))
		if !ok {
			break
		}
		if why = f.Try(ctx, r, i, raw, host); why == nil {
			return true, nil
		}
	}
	switch {
	case why != nil:
		return false, why
	case f.sheet.has(c.Label):
		return false, ErrUsedUp
	}
	initial := schema.Initial(c)
	if schema.Missing(initial) && !c.Disabled() {
		return false, ErrNone
	}
	value, err := schema.Normal(c, initial)
	if err != nil {
		return false, err
	}
	f.values[i] = value
	return true, nil
}

// Try answers a component with a value as a document would have it. The error says
// why it is refused.
func (f *Form) Try(ctx context.Context, r *schema.Render, index int, raw any, host Asker) error {
	c := &r.Components[index]
	value, err := resolve(ctx, c, index, raw, host)
	if err != nil {
		return err
	}
	if value, err = schema.Normal(c, value); err != nil {
		return err
	}
	f.values[index] = value
	return nil
}

// pickButton takes the next button that the document names.
func (f *Form) pickButton(r *schema.Render) []Gap {
	if len(r.Buttons) == 0 {
		return nil
	}
	var why error
	for {
		raw, ok := f.sheet.take(ChoiceLabel, false)
		if !ok || schema.Missing(raw) {
			break
		}
		if why = f.Choose(r, schema.Text(raw)); why == nil {
			return nil
		}
	}
	if why != nil {
		return []Gap{{ChoiceIndex, ChoiceLabel, why}}
	}
	return nil
}

// Choose names the button, by value or label; empty is the first.
func (f *Form) Choose(r *schema.Render, button string) error {
	value, err := schema.CheckChoice(r, button)
	if err == nil {
		f.choice = value
	}
	return err
}

// Values are the answers, one for each component.
func (f *Form) Values() []any { return f.values }

// Choice is the button, empty for the first.
func (f *Form) Choice() string { return f.choice }
