package interval

import (
	"errors"
	"fmt"
	"net/url"

	"ioscope/client/interval/schema"
)

// Inputs ask for values.
type Inputs struct{ io *IO }

// Text asks for text.
func (in Inputs) Text(label string, props schema.InputText) *Promise[string] {
	return promise[string](in.io, label, &props)
}

// Email asks for an address.
func (in Inputs) Email(label string, props schema.InputEmail) *Promise[string] {
	return promise[string](in.io, label, &props)
}

// Number asks for a number.
func (in Inputs) Number(label string, props schema.InputNumber) *Promise[float64] {
	return promise[float64](in.io, label, &props)
}

// Slider asks for a number in a range.
func (in Inputs) Slider(label string, props schema.InputSlider) *Promise[float64] {
	return promise[float64](in.io, label, &props)
}

// URL asks for an address of the web.
func (in Inputs) URL(label string, props schema.InputURL) *Promise[string] {
	props.AllowedProtocols = props.Protocols()
	p := promise[string](in.io, label, &props)
	text := p.f.take
	p.f.take = func(v any) error {
		if err := text(v); err != nil {
			return err
		}
		if address, err := url.Parse(p.value); err != nil || address.Scheme == "" {
			return errors.New("want an address")
		}
		return nil
	}
	return p
}

// Boolean asks for yes or no.
func (in Inputs) Boolean(label string, props schema.InputBoolean) *Promise[bool] {
	if props.DefaultValue == nil {
		props.DefaultValue = new(bool)
	}
	return promise[bool](in.io, label, &props)
}

// RichText asks for formatted text, as HTML.
func (in Inputs) RichText(label string, props schema.InputRichText) *Promise[string] {
	return promise[string](in.io, label, &props)
}

// Date asks for a day.
func (in Inputs) Date(label string, props schema.InputDate) *Promise[schema.Date] {
	return promise[schema.Date](in.io, label, &props)
}

// Time asks for a time of day.
func (in Inputs) Time(label string, props schema.InputTime) *Promise[schema.Clock] {
	return promise[schema.Clock](in.io, label, &props)
}

// DateTime asks for a day and a time.
func (in Inputs) DateTime(label string, props schema.InputDateTime) *Promise[schema.DateTime] {
	return promise[schema.DateTime](in.io, label, &props)
}

// Experimental are components that the SDK calls so.
type Experimental struct{ io *IO }

// Spreadsheet asks for records.
func (e Experimental) Spreadsheet(label string, props schema.InputSpreadsheet) *Promise[[]schema.Record] {
	p := promise[[]schema.Record](e.io, label, &props)
	rows := p.f.take
	p.f.take = func(v any) error {
		if err := rows(v); err != nil {
			return err
		}
		for i, row := range p.value {
			if _, err := props.Columns.Check(row); err != nil {
				return fmt.Errorf("row %d: %w", i+1, err)
			}
		}
		return nil
	}
	return p
}

// Credentials asks for the login of a service, whose name is the label. Most
// runners refuse.
func (e Experimental) Credentials(label string, props schema.Credentials) *Promise[schema.Login] {
	return promise[schema.Login](e.io, label, &props)
}

// Selects ask for choices. See SelectTable for rows.
type Selects struct{ io *IO }

// Options makes options of plain values, which are their own labels.
func Options(values ...any) []schema.Option {
	out := make([]schema.Option, len(values))
	for i, v := range values {
		out[i] = schema.Option{Label: v, Value: v}
	}
	return out
}

// errOption is the answer with something that was not among the options.
var errOption = errors.New("no such option")

// Single asks for one of the options.
func (s Selects) Single(label string, props schema.SelectSingle) *Promise[schema.Option] {
	p := promise[schema.Option](s.io, label, &props)
	p.f.take = func(v any) error {
		var answer schema.Option
		if err := schema.Into(v, &answer); err != nil {
			return err
		}
		chosen, ok := schema.Chosen(props.Options, answer)
		if !ok {
			return errOption
		}
		p.value = chosen
		return nil
	}
	return p
}

// Multiple asks for some of the options.
func (s Selects) Multiple(label string, props schema.SelectMultiple) *Promise[[]schema.Option] {
	p := promise[[]schema.Option](s.io, label, &props)
	p.f.take = func(v any) error {
		var answers []schema.Option
		if err := schema.Into(v, &answers); err != nil {
			return err
		}
		all := make([]schema.Option, len(answers))
		for i, answer := range answers {
			chosen, ok := schema.Chosen(props.Options, answer)
			if !ok {
				return errOption
			}
			all[i] = chosen
		}
		p.value = all
		return nil
	}
	return p
}
