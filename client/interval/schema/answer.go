package schema

import (
	"fmt"
	"strings"
)

// Problem is what is wrong with the answer to one component.
type Problem struct {
	// Index is the component's place in the render.
	Index int
	Label string
	Err   error
}

// AnswerError says why an answer can't be sent.
type AnswerError struct{ Problems []Problem }

// Error implements error.
func (e *AnswerError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = fmt.Sprintf("%s: %v", clip(p.Label), p.Err)
	}
	return strings.Join(lines, "; ")
}

// CheckAll checks the answers to a whole render, one per component, and gives
// them in the form that travels. The error is an *AnswerError with every
// problem, or says that the number of answers is wrong.
func CheckAll(r *Render, values []any) ([]any, error) {
	if len(values) != len(r.Components) {
		return nil, fmt.Errorf("%d answers for %d components", len(values), len(r.Components))
	}
	out := make([]any, len(values))
	var problems []Problem
	for i := range r.Components {
		v, err := Normal(&r.Components[i], values[i])
		if err != nil {
			problems = append(problems, Problem{i, r.Components[i].Label, err})
		}
		out[i] = v
	}
	if problems != nil {
		return nil, &AnswerError{problems}
	}
	return out, nil
}

// CheckChoice gives the value that says which button was pressed: choice is the
// value or the label of one, empty for the first. Without buttons it is the
// dashboard's "Continue".
func CheckChoice(r *Render, choice string) (string, error) {
	if len(r.Buttons) == 0 {
		if choice != "" && choice != "Continue" {
			return "", fmt.Errorf("there is no button %q", choice)
		}
		return "Continue", nil
	}
	if choice == "" {
		return r.Buttons[0].Value, nil
	}
	for _, b := range r.Buttons {
		if b.Value == choice {
			return b.Value, nil
		}
	}
	for _, b := range r.Buttons {
		if b.Label == choice {
			return b.Value, nil
		}
	}
	return "", fmt.Errorf("there is no button %q", choice)
}

// Initial is the value that a form begins with: null for a display, Undefined
// where there is no default. The default of a select counts only when it is
// among the options.
func Initial(c *Component) any {
	if c.Method().Display() {
		return nil
	}
	if c.Multiple && c.MultipleDefault != nil {
		return List(c.MultipleDefault)
	}
	v, err := ValueOf(defaultOf(c.Props))
	if err != nil {
		return Undefined{}
	}
	return v
}

func defaultOf(p Props) any {
	switch p := p.(type) {
	case *InputText:
		return given(p.DefaultValue)
	case *InputEmail:
		return given(p.DefaultValue)
	case *InputNumber:
		return numberOf(p.DefaultValue)
	case *InputSlider:
		return numberOf(p.DefaultValue)
	case *InputURL:
		return given(p.DefaultValue)
	case *InputBoolean:
		return p.DefaultValue != nil && *p.DefaultValue
	case *InputRichText:
		return given(p.DefaultValue)
	case *InputDate:
		return given(p.DefaultValue)
	case *InputTime:
		return given(p.DefaultValue)
	case *InputDateTime:
		return given(p.DefaultValue)
	case *InputSpreadsheet:
		if p.DefaultValue != nil {
			return p.DefaultValue
		}
	case *Search:
		return given(p.DefaultValue)
	case *SelectSingle:
		return optionDefault(p)
	case *SelectMultiple:
		return optionsDefault(p)
	case *SelectTable:
		if len(p.SelectedKeys) > 0 {
			return rowKeys(p.SelectedKeys)
		}
	}
	return Undefined{}
}

func given[T any](v *T) any {
	if v == nil {
		return Undefined{}
	}
	return *v
}

func optionDefault(p *SelectSingle) any {
	if p.DefaultValue == nil {
		return Undefined{}
	}
	if o, ok := among(p.Options, *p.DefaultValue); ok {
		return o
	}
	return Undefined{}
}

// among finds an option by its value, as the dashboard does.
func among(options []Option, wanted Option) (Option, bool) {
	for _, o := range options {
		if equalGo(o.Value, wanted.Value) {
			return o, true
		}
	}
	return Option{}, false
}

func optionsDefault(p *SelectMultiple) any {
	if p.DefaultValue == nil {
		return Undefined{}
	}
	out := []Option{}
	for _, o := range p.DefaultValue {
		if found, ok := among(p.Options, o); ok {
			out = append(out, found)
		}
	}
	return out
}

func rowKeys(keys []string) []RowKey {
	out := make([]RowKey, len(keys))
	for i, k := range keys {
		out[i] = RowKey{k}
	}
	return out
}
